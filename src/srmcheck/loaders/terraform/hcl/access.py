"""Attributes, indexes and splats of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from srmcheck import conditions
from srmcheck.conditions import Condition, Variable, conjoin, disjoin, negate
from srmcheck.loaders.terraform.hcl.convert import NotKnown, TfSet, number_text, to_number, type_name
from srmcheck.loaders.terraform.hcl.logic import variable_of
from srmcheck.loaders.terraform.hcl.partial import (
    MAX_BRANCHES,
    Derived,
    EvalError,
    Failure,
    Whole,
    combine,
    derive,
    describe,
    each_world,
    fail,
    is_variable,
)
from srmcheck.values import ABSENT, Choice, Node, Origin, Reference, Spread, Unknown, lift


class Handle(dict[str, Node], Whole):
    """A whole resource instance or module instance. Its attributes are worked out when asked for."""

    __slots__ = ("address", "ask")

    def __init__(self, address: str, ask: Callable[[str], Node]) -> None:
        super().__init__()
        self.address = address
        self.ask = ask

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handle) and other.address == self.address

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]


class Many(Derived):
    """All instances of a resource or module whose number is not known. `one` stands for any of them, reached by the
    key that `key` describes."""

    __slots__ = ("key", "one")

    key: str
    one: Handle

    def __init__(self, address: str, one: Handle, key: str, cause: Unknown) -> None:
        Derived.__init__(
            self, cause.reason, cause.name, (f"{address}[*]",), True, None, address, getattr(cause, "open", False)
        )
        object.__setattr__(self, "one", one)
        object.__setattr__(self, "key", key)


def attribute(node: Node, name: str) -> Node:
    """`node.name`"""
    return lift_errors(node, lambda branch: _attribute(branch, name))


def lift_errors(node: Node, apply: Callable[[Node], Node]) -> Node:
    """`apply` to the node or to each branch of a choice; an error in some branches only is a Failure there."""
    if not isinstance(node.value, Choice):
        return apply(node)
    return each_world([node], lambda picked: apply(picked[0]))


def _attribute(node: Node, name: str) -> Node:
    value = node.value
    if isinstance(value, Handle):
        return value.ask(name)
    if isinstance(value, dict):
        found = value.get(name)
        if found is None or found.value is ABSENT:
            raise EvalError("Unsupported attribute", "This object does not have an attribute of that name.")
        return _inherit(found, node, f".{name}")
    if isinstance(value, Reference):
        return node.with_value(Reference(value.address, f"{value.attribute}.{name}"))
    if isinstance(value, Unknown):
        return _below(node, value, f".{name}")
    if value is None or value is ABSENT:
        raise EvalError("Attribute of null", "This value is null, so it does not have any attributes.")
    raise EvalError("Unsupported attribute", f"This value is {type_name(value)} and has no attributes.")


def _inherit(found: Node, parent: Node, step: str) -> Node:
    """A part of a value that comes whole from a variable comes from it too; what is below a secret is secret."""
    origin = found.origin
    if origin is None and parent.origin is not None and parent.origin.kind == "parameter":
        up = parent.origin
        origin = Origin(up.kind, up.name + step, up.secret, up.has_default)
    if origin is found.origin and found.secret >= parent.secret:
        return found
    return Node(found.value, found.place, origin, found.secret or parent.secret)


def _below(node: Node, value: Unknown, step: str) -> Node:
    """A part of an unknown value."""
    if isinstance(value, Failure):
        return node
    if isinstance(value, Derived):
        text = value.text + step if value.text else ""
        deeper: Unknown = Derived(value.reason, value.name, value.candidates, value.exact, None, text, value.open)
        return Node(deeper, None, node.origin, node.secret)
    name = f"{value.name}{step}" if value.name else None
    origin = node.origin
    if origin is not None:
        origin = Origin(origin.kind, origin.name + step, origin.secret, origin.has_default)
    if is_variable(value):
        return Node(Unknown(value.reason, name), None, origin, node.secret)
    return Node(Derived(value.reason, name, value.candidates, value.exact, text=name or ""), None, origin, node.secret)


def index(node: Node, key: Node, domains: Mapping[str, tuple[str, ...]]) -> Node:
    """`node[key]`"""
    return each_world([node, key], lambda pair: _index(pair[0], pair[1], domains))


def _index(node: Node, key: Node, domains: Mapping[str, tuple[str, ...]]) -> Node:
    value = node.value
    if isinstance(value, Many) and describe(key) == value.key:
        return Node(value.one)
    if isinstance(key.value, (Unknown, Reference)) or not isinstance(key.value, (str, int, float, bool, type(None))):
        return _open_index(node, key, domains)
    if isinstance(value, (list, dict)):
        return _marked(_known_index(node, key), key)
    step = f'["{key.value}"]' if isinstance(key.value, str) else f"[{_number(key)}]"
    if isinstance(value, Reference):
        return node.with_value(Reference(value.address, f"{value.attribute}.{key.value}"))
    if isinstance(value, Unknown):
        return _below(node, value, step)
    if value is None or value is ABSENT:
        raise EvalError("Index of null", "This value is null, so it cannot be indexed.")
    raise EvalError("Invalid index", f"This value is {type_name(value)} and has no elements.")


def _number(key: Node) -> str:
    value = key.value
    return number_text(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _marked(node: Node, key: Node) -> Node:
    return node if not key.secret or node.secret else Node(node.value, node.place, node.origin, True)


def _known_index(node: Node, key: Node) -> Node:
    value = node.value
    if isinstance(value, Handle):
        return value.ask(str(key.value))
    if isinstance(value, dict):
        name = key.value if isinstance(key.value, str) else _number(key)
        found = value.get(name)
        if found is None or found.value is ABSENT:
            raise EvalError("Invalid index", "The given key does not identify an element of this collection.")
        return _inherit(found, node, f'["{name}"]')
    assert isinstance(value, list)
    if isinstance(value, TfSet):
        raise EvalError("Invalid index", "Elements of a set have no index.")
    try:
        at = to_number(key.value)
    except NotKnown:
        return derive("", node, key)
    if at is None or at != int(at):
        raise EvalError("Invalid index", "The index of a list must be a whole number.")
    for position, item in enumerate(value):
        if isinstance(item.value, Spread):
            return derive("", node)
        if position == at:
            return _inherit(item, node, f"[{position}]")
    raise EvalError("Invalid index", "The given index is not in the list.")


def _open_index(node: Node, key: Node, domains: Mapping[str, tuple[str, ...]]) -> Node:
    """An index that is not known: a choice among the elements if it is an open variable."""
    value = node.value
    variable = variable_of(key, domains)
    items = _items(value)
    if variable is not None and items and len(items) <= MAX_BRANCHES:
        return among(variable, items, None)
    if items:
        handles = [item.value.address for _, item in items if isinstance(item.value, Handle)]
        if len(handles) == len(items):
            return _any_of(handles, key)
    if isinstance(value, Unknown):
        inner = describe(key)
        found = derive(f"{describe(node)}[{inner}]" if inner and describe(node) else "", node, key)
        if isinstance(value, Derived) and isinstance(found.value, Derived):
            result = found.value
            return found.with_value(
                Derived(value.reason, value.name, value.candidates, value.exact, None, result.text, result.open)
            )
        return found
    return derive("", key, node)


def _items(value: object) -> list[tuple[str, Node]]:
    if isinstance(value, Handle):
        return []
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted(value)]
    if isinstance(value, list) and not any(isinstance(item.value, Spread) for item in value):
        return [(str(position), item) for position, item in enumerate(value)]
    return []


def _any_of(addresses: list[str], key: Node) -> Node:
    found = derive("", key)
    assert isinstance(found.value, Derived)
    cause = found.value
    return found.with_value(
        Derived(cause.reason, cause.name, tuple(addresses[:MAX_BRANCHES]), len(addresses) <= MAX_BRANCHES)
    )


def among(variable: Variable, items: list[tuple[str, Node]], default: Node | None) -> Node:
    """The element whose key the variable equals; `default` for other values, None if they would be an error (which
    nobody deploys, so the last element stands for it)."""
    branches: list[tuple[Condition, Node]] = []
    taken: list[Condition] = []
    for key, item in items:
        guard = conditions.equals(variable, key)
        if guard != conditions.FALSE:
            branches.append((guard, item))
            taken.append(guard)
    if default is not None:
        rest = negate(disjoin(*taken))
        if rest != conditions.FALSE:
            branches.append((rest, default))
    elif branches:
        branches[-1] = (conjoin(*(negate(guard) for guard in taken[:-1])), branches[-1][1])
    if not branches:
        raise EvalError("Invalid index", "No allowed value of the variable is a key of this collection.")
    return combine(branches)


def splat(node: Node, rest: Callable[[Node], Node]) -> Node:
    """`node[*]` followed by `rest`: a list of what `rest` gives for each element; one value is a list of it, null none."""
    return lift_errors(node, lambda branch: _splat(branch, rest))


def _splat(node: Node, rest: Callable[[Node], Node]) -> Node:
    value = node.value
    if value is None or value is ABSENT:
        return Node([])
    if isinstance(value, Many):
        return Node([Node(Spread(_tail(rest(Node(value)))))])
    if isinstance(value, Unknown):
        return Node([Node(Spread(_tail(rest(node))))])
    if isinstance(value, list):
        return node.with_value([_each(item, rest) for item in value])
    return Node([rest(node)], secret=node.secret)


def _tail(node: Node) -> Node:
    """An unknown as the rest of a list."""
    return node if isinstance(node.value, Unknown) else derive("", node)


def _each(item: Node, rest: Callable[[Node], Node]) -> Node:
    if not isinstance(item.value, Spread):
        return rest(item)
    inner = item.value.of

    def spread(branch: Node) -> Node:
        if isinstance(branch.value, list):
            return branch.with_value([_each(element, rest) for element in branch.value])
        try:
            return _tail(rest(branch))
        except EvalError as error:
            return fail(error)

    return item.with_value(Spread(lift(inner, spread)))
