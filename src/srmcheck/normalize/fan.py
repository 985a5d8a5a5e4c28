"""One block or resource as several, one for each value of some of its attributes (docs: normalization, `fan`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from srmcheck.conditions import Condition, conjoin
from srmcheck.normalize import scalars
from srmcheck.normalize.merge import branches
from srmcheck.values import ABSENT, Choice, Node, Spread, lift

Make = Callable[[Node], Node]


def fan(node: Node, names: tuple[str, ...], opened: Make) -> list[Node]:
    """A block as several, one for each value of the attributes `names`; one without any of them if there are none. `opened`
    resolves a reference that stands for the values."""
    body = node.value
    assert isinstance(body, dict)
    rest = {name: inner for name, inner in body.items() if name not in names}

    def with_one(name: str, value: Node) -> Node:
        return Node({**rest, name: value}, node.place, None, node.secret)

    made: list[Node] = []
    for name in names:
        values = body.get(name)
        if values is not None:
            made.extend(fanned(name, opened(values), with_one))
    return made or [Node(rest, node.place, None, node.secret)]


def fanned(name: str, values: Node, with_one: Callable[[str, Node], Node]) -> Iterator[Node]:
    """The blocks that the values of one fanned attribute give."""
    value = values.value
    if value is ABSENT or value is None or (isinstance(value, (str, bool)) and scalars.boolean(value) is False):
        return
    if isinstance(value, Choice):
        lists = tuple((guard, Node(list(fanned(name, branch, with_one)))) for guard, branch in value.branches)
        if any(inner.value for _, inner in lists):
            yield Node(Spread(Node(Choice(lists), values.place)), values.place)
    elif isinstance(value, list):
        for element in value:
            inner = element.value
            if isinstance(inner, Spread):
                yield from fanned(name, inner.of, with_one)
            elif isinstance(inner, Choice):
                yield lift(element, lambda one: one if one.value is ABSENT else with_one(name, one))
            elif inner is not ABSENT:
                yield with_one(name, element)
    else:
        yield with_one(name, values)


def spread(node: Node, make: Make) -> Node:
    """`make` of an element that a fan gave, whatever stands around it."""
    value = node.value
    if isinstance(value, Spread):
        return node.with_value(Spread(lift(value.of, lambda one: _spread_all(one, make))))
    made: Node = lift(node, lambda one: one if one.value is ABSENT else make(one))
    return made


def _spread_all(node: Node, make: Make) -> Node:
    value = node.value
    return node.with_value([spread(inner, make) for inner in value]) if isinstance(value, list) else node


def flattened(node: Node) -> Iterator[tuple[Condition, Node]]:
    """The bodies in an element that a fan gave, with their conditions."""
    value = node.value
    if isinstance(value, Spread):
        for guard, one in branches(value.of):
            for inner in one.value if isinstance(one.value, list) else []:
                for more, body in flattened(inner):
                    yield conjoin(guard, more), body
        return
    yield from branches(node)
