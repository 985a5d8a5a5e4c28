"""How functions are written: over plain values, or over nodes where parts may be unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from srmcheck.loaders.terraform.hcl.convert import (
    NotKnown,
    TfSet,
    nodes,
    plain,
    to_bool,
    to_number,
    to_string,
    type_name,
)
from srmcheck.loaders.terraform.hcl.partial import (
    MAX_LENGTH,
    EvalError,
    Whole,
    call_text,
    derive,
    each_world,
    origin_of,
)
from srmcheck.values import ABSENT, Choice, Json, Node, Reference, Spread, Unknown

if TYPE_CHECKING:
    from srmcheck.loaders.terraform.hcl.evaluate import Evaluator
    from srmcheck.loaders.terraform.hcl.scope import Scope
    from srmcheck.loaders.terraform.hcl.syntax import FunctionCall

Lazy = Callable[["Evaluator", "FunctionCall", "Scope"], Node]
"""A function that evaluates its arguments itself."""

OverNodes = Callable[["Context", list[Node]], Node]
"""A function over nodes; it may raise NotKnown for "unknown" and EvalError."""


class Context:
    """What a function over nodes may need of the place where it is called."""

    __slots__ = ("evaluator", "expr", "scope")

    def __init__(self, evaluator: Evaluator, expr: FunctionCall, scope: Scope) -> None:
        self.evaluator = evaluator
        self.expr = expr
        self.scope = scope

    def resolved(self, node: Node) -> Node:
        """References, also in collections, as the values that their targets set."""
        return resolve(node, self.scope)

    def text(self) -> str:
        """A text of its own for a truth that cannot be described."""
        return self.evaluator.own_text(self.expr, self.scope)


def resolve(node: Node, scope: Scope) -> Node:
    """The node with references replaced by what their targets set, where they set it."""
    value = node.value
    if isinstance(value, Reference):
        return scope.dereference(node)
    if isinstance(value, Whole):
        return node
    if isinstance(value, dict) and any(_may_refer(item) for item in value.values()):
        return node.with_value({key: resolve(item, scope) for key, item in value.items()})
    if isinstance(value, list) and any(_may_refer(item) for item in value):
        items = [resolve(item, scope) for item in value]
        return node.with_value(TfSet(items) if isinstance(value, TfSet) else items)
    return node


def _may_refer(node: Node) -> bool:
    return isinstance(node.value, (Reference, dict, list))


class Pure:
    """A function over plain values. `params` are type names, the last `optional` of them may be left out; `rest` is the
    type of any further arguments. Types: string, number, bool, any (null too), list, map, strings, numbers."""

    __slots__ = ("apply", "optional", "params", "rest")

    def __init__(self, apply: Callable[..., Any], *params: str, rest: str | None = None, optional: int = 0) -> None:
        self.apply = apply
        self.params = params
        self.rest = rest
        self.optional = optional

    def call(self, name: str, context: Context, args: list[Node]) -> Node:
        """The result for evaluated arguments. Raises EvalError."""
        self._check(args)
        args = [context.resolved(arg) for arg in args]
        secret = any(is_secret(arg) for arg in args)

        def one(picked: list[Node]) -> Node:
            try:
                result = nodes(self.apply(*(self._value(plain(arg), at) for at, arg in enumerate(picked))))
            except NotKnown:
                return derive(call_text(name, picked), *picked)
            if isinstance(result.value, str) and len(result.value) > MAX_LENGTH:
                raise EvalError("Value too large", "The text is longer than srmcheck keeps.")
            origin = origin_of(picked)
            return result if origin is None and not secret else Node(result.value, None, origin, secret)

        return each_world(args, one, deep=True, text=call_text(name, args))

    def _check(self, args: Sequence[Node]) -> None:
        least, most = len(self.params) - self.optional, len(self.params)
        if len(args) < least or (self.rest is None and len(args) > most):
            raise wrong_number()

    def _value(self, value: Any, at: int) -> Any:
        wanted = self.params[at] if at < len(self.params) else self.rest
        if value is None and wanted != "any":
            raise EvalError("Null argument", "A function's argument must not be null.")
        match wanted:
            case "string":
                return to_string(value if not isinstance(value, (list, dict)) else nodes(value).value)
            case "number":
                return to_number(value if not isinstance(value, (list, dict)) else nodes(value).value)
            case "bool":
                return to_bool(value if not isinstance(value, (list, dict)) else nodes(value).value)
            case "list" | "strings" | "numbers":
                if not isinstance(value, list):
                    raise EvalError(
                        "Unsuitable value", f"A list is required here, not {type_name(nodes(value).value)}."
                    )
                if wanted == "list":
                    return value
                return [self._item(item, wanted) for item in value]
            case "map":
                if not isinstance(value, dict):
                    raise EvalError("Unsuitable value", f"A map is required here, not {type_name(nodes(value).value)}.")
        return value

    @staticmethod
    def _item(value: Any, wanted: str) -> Any:
        if value is None:
            raise EvalError("Null element", "An element of this list must not be null.")
        kept = nodes(value).value
        return to_string(kept) if wanted == "strings" else to_number(kept)


def wrong_number() -> EvalError:
    """The error for too few or too many arguments."""
    return EvalError("Wrong number of arguments", "The function takes another number of arguments.")


def take(args: Sequence[Node], least: int, most: int | None = None) -> None:
    """Raise EvalError unless there are as many arguments."""
    if len(args) < least or (most is not None and len(args) > most):
        raise wrong_number()


def is_secret(node: Node) -> bool:
    """Whether the node or anything in it is marked."""
    stack = [node]
    while stack:
        current = stack.pop()
        if current.secret:
            return True
        value = current.value
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, Choice):
            stack.extend(branch for _, branch in value.branches)
        elif isinstance(value, (Json, Spread)):
            stack.append(value.of)
    return False


def elements(node: Node, what: str = "A list") -> list[Node]:
    """The elements of a list or set, Spreads among them. Raises NotKnown, or EvalError for what is none."""
    value = node.value
    if isinstance(value, list):
        return value
    if isinstance(value, (Unknown, Reference, Choice)):
        raise NotKnown
    raise EvalError("Unsuitable value", f"{what} is required here, not {type_name(value)}.")


def entries(node: Node) -> dict[str, Node]:
    """The entries of a map or object. Raises NotKnown, or EvalError for what is none."""
    value = node.value
    if isinstance(value, (Unknown, Reference, Whole, Choice)):
        raise NotKnown
    if isinstance(value, dict):
        return value
    raise EvalError("Unsuitable value", f"A map is required here, not {type_name(value)}.")


def fixed(items: list[Node]) -> list[Node]:
    """The items if their number is known. Raises NotKnown."""
    if any(isinstance(item.value, Spread) for item in items):
        raise NotKnown
    return items


def open_members(*args: Node) -> bool:
    """Whether there are elements or entries whose presence hangs on open conditions."""
    for arg in args:
        value = arg.value
        if isinstance(value, Whole):
            continue
        items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for item in items:
            inner = item.value
            if isinstance(inner, Spread) and isinstance(inner.of.value, Choice):
                return True
            if isinstance(inner, Choice) and any(branch.value is ABSENT for _, branch in inner.branches):
                return True
    return False


Table = Mapping[str, "Pure | OverNodes"]
