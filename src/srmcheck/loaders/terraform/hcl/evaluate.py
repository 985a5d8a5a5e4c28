"""Expressions to values, in a scope.

Sources: github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md, developer.hashicorp.com/terraform/language/expressions
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from srmcheck.conditions import FALSE, TRUE, Condition, negate
from srmcheck.loaders.terraform.hcl import access, arithmetic, logic, texts
from srmcheck.loaders.terraform.hcl import syntax as s
from srmcheck.loaders.terraform.hcl.convert import NotKnown, TfSet, check_items, to_string, type_name
from srmcheck.loaders.terraform.hcl.partial import (
    Derived,
    EvalError,
    Sizes,
    Whole,
    choice_of,
    derive,
    each_world,
)
from srmcheck.values import ABSENT, Choice, Json, Node, Reference, Spread, Unknown, lift

if TYPE_CHECKING:
    from srmcheck.loaders.terraform.hcl.scope import Scope

MAX_LEVELS = 600
_COMPOUND = (dict, list, Choice, Json, Spread)


class Evaluator:
    """Evaluates the expressions of one configuration.

    `domains` holds the allowed values of variables without a value, by name; `unread` counts what is not evaluated.
    """

    def __init__(self, call: Callable[[Evaluator, s.FunctionCall, Scope], Node]) -> None:
        self.domains: dict[str, tuple[str, ...]] = {}
        self.unread: Counter[str] = Counter()
        self._call = call
        self._level = 0
        self._texts = 0
        self._sizes = Sizes()
        self._kinds: dict[type, Callable[[Any, Scope], Node]] = {
            s.Literal: lambda expr, scope: Node(expr.value),
            s.Name: lambda expr, scope: scope.resolve(expr.name, [])[0],
            s.Wrapped: lambda expr, scope: self.evaluate(expr.of, scope),
            s.Traversal: self._traversal,
            s.FunctionCall: lambda expr, scope: self._call(self, expr, scope),
            s.Unary: self._unary,
            s.Binary: self._binary,
            s.Conditional: self._conditional,
            s.TupleCons: lambda expr, scope: Node([self.evaluate(item, scope) for item in expr.items]),
            s.ObjectCons: self._object,
            s.For: self._for,
            s.Template: self._template,
            s.TemplateFor: self._template_for,
        }

    def evaluate(self, expr: s.Expr, scope: Scope) -> Node:
        """The value of an expression. Raises EvalError, with the place of the innermost expression that it is about."""
        self._level += 1
        try:
            if self._level > MAX_LEVELS:
                raise EvalError("Nesting too deep", "The expression leads through too many others to be evaluated.")
            node = self._kinds[type(expr)](expr, scope)
            if isinstance(node.value, _COMPOUND) and not isinstance(expr, s.Traversal):
                self._sizes.check(node)
            return node
        except EvalError as error:
            if error.place is None:
                error.place = (scope, expr)
            raise
        finally:
            self._level -= 1

    def own_text(self, expr: s.Expr, scope: Scope) -> str:
        """A text for a truth that has no description: the expression as written, its place, and a number."""
        self._texts += 1
        text = " ".join(scope.source.text[expr.start : expr.end].split())
        line, _ = scope.source.position(expr.start)
        return f"{text[:80]}{'…' if len(text) > 80 else ''} ({scope.source.name}:{line}, {self._texts})"

    def resolved(self, node: Node, scope: Scope) -> Node:
        """The node, a reference as the value that its target sets; unknown if it sets none."""
        return lift(node, lambda branch: scope.dereference(branch) if isinstance(branch.value, Reference) else branch)

    def condition(self, expr: s.Expr, node: Node, scope: Scope) -> Condition | None:
        """The condition under which a value is true, None if that is unknown."""
        return logic.condition_of(self.resolved(node, scope), self.domains, lambda: self.own_text(expr, scope))

    def _traversal(self, expr: s.Traversal, scope: Scope) -> Node:
        steps = expr.steps
        if isinstance(expr.root, s.Name):
            node, taken = scope.resolve(expr.root.name, steps)
            steps = steps[taken:]
        else:
            node = self.evaluate(expr.root, scope)
        return self._steps(node, steps, scope, expr.legacy)

    def _steps(self, node: Node, steps: list[s.Step], scope: Scope, legacy: bool = False) -> Node:
        for position, step in enumerate(steps):
            if isinstance(step, s.GetAttr):
                if isinstance(node.value, Reference):
                    node = self._inside(node, scope)
                node = access.attribute(node, step.name)
            elif isinstance(step, s.GetIndex):
                if isinstance(node.value, Reference):
                    node = self._inside(node, scope)
                key = self.resolved(self.evaluate(step.key, scope), scope)
                node = access.index(node, key, self.domains)
            else:
                if isinstance(node.value, Reference):
                    node = self._inside(node, scope)
                return self._splat(node, steps[position + 1 :], scope)
        return node

    def _splat(self, node: Node, rest: list[s.Step], scope: Scope) -> Node:
        return access.splat(node, lambda element: self._steps(element, rest, scope))

    def _inside(self, node: Node, scope: Scope) -> Node:
        """A reference whose parts are wanted: what its target sets, else itself."""
        found = scope.dereference(node)
        return node if isinstance(found.value, Unknown) else found

    def _unary(self, expr: s.Unary, scope: Scope) -> Node:
        node = self.resolved(self.evaluate(expr.of, scope), scope)
        if expr.operator == "!":
            return logic.negation(node, self.domains, lambda: self.own_text(expr.of, scope))
        return arithmetic.negative(node)

    def _binary(self, expr: s.Binary, scope: Scope) -> Node:
        operator = expr.operator
        if operator in ("==", "!="):
            return self._equality(expr, scope)
        left = self.resolved(self.evaluate(expr.left, scope), scope)

        def right() -> Node:
            return self.resolved(self.evaluate(expr.right, scope), scope)

        def own_text() -> str:
            return self.own_text(expr, scope)

        if operator in ("&&", "||"):
            return logic.both(operator, left, right, self.domains, own_text)
        result = arithmetic.binary(operator, left, right())
        if operator in arithmetic.COMPARISONS:
            return self.truth(expr, result, scope)
        return result

    def _equality(self, expr: s.Binary, scope: Scope) -> Node:
        """A reference that is compared stays one if its target does not set it: it may be known not to be null."""

        def own_text() -> str:
            return self.own_text(expr, scope)

        def side(written: s.Expr) -> Node:
            node = self.evaluate(written, scope)
            return lift(node, lambda branch: self._inside(branch, scope) if _refers(branch) else branch)

        result = logic.equal(side(expr.left), side(expr.right), self.domains, own_text)
        return result if expr.operator == "==" else logic.negation(result, self.domains, own_text)

    def truth(self, expr: s.Expr, node: Node, scope: Scope) -> Node:
        """An unknown boolean that hangs on variables only, as the truth of an open condition."""

        def one(branch: Node) -> Node:
            value = branch.value
            if isinstance(value, Derived) and value.open:
                condition = self.condition(expr, branch, scope)
                return choice_of(condition, branch.secret) if condition is not None else branch
            return branch

        return lift(node, one)

    def _conditional(self, expr: s.Conditional, scope: Scope) -> Node:
        test = self.resolved(self.evaluate(expr.condition, scope), scope)
        condition = logic.condition_of(test, self.domains, lambda: self.own_text(expr.condition, scope))
        node = logic.choose(
            condition,
            test,
            lambda: self.evaluate(expr.true, scope),
            lambda: self.evaluate(expr.false, scope),
        )
        if _is_text(expr.true) or _is_text(expr.false):
            return lift(node, _as_text)
        return node

    def _object(self, expr: s.ObjectCons, scope: Scope) -> Node:
        content: dict[str, Node] = {}
        open_keys: list[Node] = []
        for item in expr.items:
            if isinstance(item.key, s.Name):
                content[item.key.name] = self.evaluate(item.value, scope)
                continue
            if isinstance(item.key, s.Literal) and not isinstance(item.key.value, str):
                text = scope.source.text[item.key.start : item.key.end]
                content[text] = self.evaluate(item.value, scope)
                continue
            key = self.resolved(self.evaluate(item.key, scope), scope)
            try:
                name = to_string(key.value)
            except NotKnown:
                open_keys.append(key)
                continue
            if name is None:
                raise EvalError("Null key", "A key of an object must not be null.")
            content[name] = self.evaluate(item.value, scope)
        if open_keys:
            return derive("", *open_keys, reason="object with an unknown key")
        return Node(content)

    def _for(self, expr: s.For, scope: Scope) -> Node:
        collection = self.resolved(self.evaluate(expr.collection, scope), scope)
        if expr.key is None:
            return access.lift_errors(collection, lambda branch: self._for_list(expr, branch, scope))
        return access.lift_errors(collection, lambda branch: self._for_object(expr, branch, scope))

    def _pairs(self, node: Node) -> list[tuple[Node, Node, Node | None]]:
        """Key, value and (for what is only a part of an unknown or open number of elements) the spread element."""
        value = node.value
        if isinstance(value, Whole):
            raise NotKnown
        if isinstance(value, dict):
            return [(Node(key), value[key], None) for key in sorted(value)]
        if isinstance(value, TfSet):
            return [(item, item, item if isinstance(item.value, Spread) else None) for item in value]
        if isinstance(value, list):
            return [(Node(i), item, item if isinstance(item.value, Spread) else None) for i, item in enumerate(value)]
        if isinstance(value, (Unknown, Reference)):
            raise NotKnown
        raise EvalError("Not a collection", f"A for expression needs a list, set or map, not {type_name(value)}.")

    def _for_list(self, expr: s.For, collection: Node, scope: Scope) -> Node:
        try:
            pairs = self._pairs(collection)
        except NotKnown:
            return derive("", collection)
        items: list[Node] = []
        shifted = False
        for key, value, spread in pairs:
            if spread is not None:
                assert isinstance(spread.value, Spread)
                items.append(Node(Spread(self._spread(expr, spread.value.of, scope))))
                shifted = True
                continue
            if shifted and expr.key_name and not isinstance(collection.value, TfSet):
                key = derive("", collection)
            items.extend(self._one(expr, key, value, scope))
            check_items(len(items))
        return Node(items, secret=collection.secret)

    def _one(self, expr: s.For, key: Node, value: Node, scope: Scope) -> list[Node]:
        """What one element gives: nothing, one element, or one that is there under an open condition."""
        inner = scope.with_names(expr.key_name, key, expr.value_name, value)
        there = self._included(expr, inner)
        if there == FALSE:
            return []
        result = self.evaluate(expr.value, inner)
        if there is None:
            return [Node(Spread(derive("", result)))]
        if there == TRUE:
            return [result]
        return [Node(Spread(Node(Choice(((there, Node([result])), (negate(there), Node([])))))))]

    def _spread(self, expr: s.For, of: Node, scope: Scope) -> Node:
        def one(branch: Node) -> Node:
            if isinstance(branch.value, list):
                return branch.with_value(
                    [
                        made
                        for item in branch.value
                        for made in (
                            [Node(Spread(self._spread(expr, item.value.of, scope)))]
                            if isinstance(item.value, Spread)
                            else self._one(expr, derive("", branch, reason="index not known"), item, scope)
                        )
                    ]
                )
            return derive("", branch)

        return lift(of, one)

    def _included(self, expr: s.For, scope: Scope) -> Condition | None:
        if expr.condition is None:
            return TRUE
        return self.condition(expr.condition, self.evaluate(expr.condition, scope), scope)

    def _for_object(self, expr: s.For, collection: Node, scope: Scope) -> Node:
        try:
            pairs = self._pairs(collection)
        except NotKnown:
            return derive("", collection)
        content: dict[str, Node] = {}
        groups: dict[str, list[Node]] = {}
        for key, value, spread in pairs:
            if spread is not None:
                return derive("", collection)
            there: Condition | None = TRUE
            if isinstance(value.value, Choice) and any(branch.value is ABSENT for _, branch in value.value.branches):
                return each_world(
                    [collection], lambda picked: self._for_object(expr, _present(picked[0]), scope), deep=True
                )
            inner = scope.with_names(expr.key_name, key, expr.value_name, value)
            there = self._included(expr, inner)
            if there == FALSE:
                continue
            assert expr.key is not None
            name_node = self.resolved(self.evaluate(expr.key, inner), inner)
            if there is None or isinstance(name_node.value, (Choice, Unknown, Reference)):
                return self._open_keys(expr, collection, name_node, scope)
            try:
                name = to_string(name_node.value)
            except NotKnown:
                return derive("", name_node, reason="object with an unknown key")
            if name is None:
                raise EvalError("Null key", "A key of an object must not be null.")
            result = self.evaluate(expr.value, inner)
            if there != TRUE:
                result = Node(Choice(((there, result), (negate(there), Node(ABSENT)))))
            if expr.group:
                groups.setdefault(name, []).append(result if there == TRUE else _maybe(result))
            elif name in content:
                raise EvalError(
                    "Duplicate object key",
                    "Two elements give the same key in this for expression.",
                    "Write ... behind the value to group them.",
                )
            else:
                content[name] = result
            check_items(len(content))
        if expr.group:
            content = {name: Node(items) for name, items in groups.items()}
        return Node(content, secret=collection.secret)

    def _open_keys(self, expr: s.For, collection: Node, name: Node, scope: Scope) -> Node:
        if isinstance(name.value, Choice) and _deep_choices(collection):
            return each_world([collection], lambda picked: self._for_object(expr, picked[0], scope), deep=True)
        return derive("", name, collection, reason="object with an unknown key")

    def _template(self, expr: s.Template, scope: Scope) -> Node:
        parts = [Node(part.value) if isinstance(part, s.Literal) else self.evaluate(part, scope) for part in expr.parts]
        return texts.template(parts)

    def _template_for(self, expr: s.TemplateFor, scope: Scope) -> Node:
        loop = s.For(
            expr.start, expr.end, (expr.key_name, expr.value_name), expr.collection, None, expr.body, False, None
        )
        items = self._for(loop, scope)
        return access.lift_errors(items, self._joined)

    @staticmethod
    def _joined(node: Node) -> Node:
        if not isinstance(node.value, list) or any(isinstance(item.value, Spread) for item in node.value):
            return derive("", node)
        return texts.template(node.value)


def _refers(node: Node) -> bool:
    return isinstance(node.value, Reference)


def _present(node: Node) -> Node:
    """A map without the entries that are not there."""
    if isinstance(node.value, dict):
        return node.with_value({key: item for key, item in node.value.items() if item.value is not ABSENT})
    return node


def _maybe(result: Node) -> Node:
    """A group's element that may not be there, as elements in its place."""
    assert isinstance(result.value, Choice)
    return Node(
        Spread(
            result.with_value(
                Choice(
                    tuple(
                        (guard, Node([] if branch.value is ABSENT else [branch]))
                        for guard, branch in result.value.branches
                    )
                )
            )
        )
    )


def _deep_choices(node: Node) -> bool:
    from srmcheck.loaders.terraform.hcl.partial import guards

    return bool(guards([node], True))


def _is_text(expr: s.Expr) -> bool:
    return isinstance(expr, s.Template) or (isinstance(expr, s.Literal) and isinstance(expr.value, str))


def _as_text(node: Node) -> Node:
    """A number or boolean as the string that the other arm of its conditional makes of it."""
    if isinstance(node.value, (bool, int, float)):
        return node.with_value(to_string(node.value))
    return node
