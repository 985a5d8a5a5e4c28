"""The nodes at the end of a read path in a canonical resource, with the open conditions on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from srmcheck.conditions import Condition, World
from srmcheck.values import ABSENT, NOTHING, Choice, Json, Node, Spread, Unknown, walk

ReadPath = tuple[str, ...]


def leaves(
    node: Node, path: ReadPath, where: Mapping[str, str], world: World | None
) -> Iterator[tuple[Node, tuple[Condition, ...]]]:
    """The nodes at `path` below `node`, with the conditions on the way: in one world, or, with None, in all branches (and
    NOTHING for each branch, so that the conditions of dead ends are told too).
    An unknown above the end stands for the end. `where` limits lists of objects: each key must have its text."""
    stack: list[tuple[Node, ReadPath, tuple[Condition, ...]]] = [(node, path, ())]
    while stack:
        current, rest, conditions = stack.pop()
        value = current.value
        if isinstance(value, Choice):
            for guard, branch in reversed(value.branches):
                if world is None:
                    stack.append((branch, rest, (*conditions, guard)))
                    yield NOTHING, (*conditions, guard)
                elif world.truth(guard):
                    stack.append((branch, rest, conditions))
        elif value is ABSENT or value is None:
            continue
        elif isinstance(value, Spread):
            stack.append((value.of, rest, conditions))
        elif isinstance(value, (Unknown, Json)) or not rest:
            yield current, conditions
        elif rest[0] == "**":
            if isinstance(value, dict):
                stack.extend((child, rest, conditions) for child in reversed(value.values()))
            elif isinstance(value, list):
                stack.extend((child, rest, conditions) for child in reversed(value))
            else:
                yield current, conditions
        elif isinstance(value, list):
            after = rest[1:] if rest[0] == "[]" else rest
            for element in reversed(value):
                if where and rest[0] == "[]":
                    for found in _where(element, after, conditions, where, world):
                        if found[0] is NOTHING:
                            yield NOTHING, found[2]
                        else:
                            stack.append(found)
                else:
                    stack.append((element, after, conditions))
        elif isinstance(value, dict):
            child = value.get(rest[0])
            if child is None:
                child = value.get("*")
            if child is not None:
                stack.append((child, rest[1:], conditions))


def _where(
    element: Node,
    rest: ReadPath,
    conditions: tuple[Condition, ...],
    where: Mapping[str, str],
    world: World | None,
) -> Iterator[tuple[Node, ReadPath, tuple[Condition, ...]]]:
    """The element, if its keys have their texts; as an unknown if they may have."""
    value = element.value
    if isinstance(value, Spread):
        value = value.of.value
        if isinstance(value, list):
            for inner in value:
                yield from _where(inner, rest, conditions, where, world)
            return
    if isinstance(value, Choice):
        for guard, branch in value.branches:
            if world is None:
                yield NOTHING, (), (*conditions, guard)
                yield from _where(branch, rest, (*conditions, guard), where, world)
            elif world.truth(guard):
                yield from _where(branch, rest, conditions, where, world)
        return
    if isinstance(value, Unknown):
        yield Node(value, element.place), (), conditions
        return
    if not isinstance(value, dict):
        return
    for key, text in where.items():
        found = value.get(key)
        known = found.value if found is not None else ABSENT
        if isinstance(known, (Unknown, Choice)):
            yield Node(known if isinstance(known, Unknown) else Unknown("depends on a condition")), (), conditions
            return
        if known != text:
            return
    yield element, rest, conditions


def conditions_on(node: Node, path: ReadPath) -> Iterator[Condition]:
    """The conditions that the values at `path`, and everything on the way to them, hang on."""
    for leaf, conditions in leaves(node, path, {}, None):
        yield from conditions
        yield from conditions_below(leaf)


def conditions_below(node: Node) -> Iterator[Condition]:
    """The conditions inside a value (not of elements of a container whose contents are not read; all of a JSON text)."""
    if isinstance(node.value, Json):
        for one in walk(node.value.of):
            if isinstance(one.value, Choice):
                yield from (guard for guard, _ in one.value.branches)
    elif isinstance(node.value, Choice):
        for guard, branch in node.value.branches:
            yield guard
            yield from conditions_below(branch)
