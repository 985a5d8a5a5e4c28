"""Open conditions in values: building choices, and functions of several values that may be choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from srmcheck.conditions import (
    TRUE,
    All,
    Condition,
    Const,
    Equals,
    Named,
    Not,
    conjoin,
    disjoin,
    negate,
)
from srmcheck.values import ABSENT, Choice, Node, Place, Reference, Text, Unknown, walk

MOST_BRANCHES = 64
"""Branches of one value. What is decided by more is unknown: no verdict looks at so many."""

TOO_MANY = Unknown("too many branches")

Branches = list[tuple[Condition, tuple[Node, ...]]]


def is_impossible(condition: Condition) -> bool:
    """Whether a conjunction contradicts itself, as far as comparisons of one variable with texts tell."""
    equal: dict[str, str] = {}
    unequal: dict[str, set[str]] = {}
    domains: dict[str, tuple[str, ...]] = {}
    stack = [condition]
    while stack:
        part = stack.pop()
        match part:
            case Const(value):
                if not value:
                    return True
            case All(of):
                stack.extend(of)
            case Named(_, inner):
                stack.append(inner)
            case Equals(left, str(right)):
                if equal.setdefault(left.name, right) != right:
                    return True
            case Not(of):
                while isinstance(of, Named):
                    of = of.of
                if isinstance(of, Equals) and isinstance(of.right, str):
                    unequal.setdefault(of.left.name, set()).add(of.right)
                    if of.left.domain is not None:
                        domains[of.left.name] = of.left.domain
                elif isinstance(of, Not):
                    stack.append(of.of)
            case _:
                pass
    for name, texts in unequal.items():
        if equal.get(name) in texts or (name in domains and texts.issuperset(domains[name])):
            return True
    return False


def choose(branches: Sequence[tuple[Condition, Node]], place: Place | None, *, is_open: bool = False) -> Node:
    """The value that is one of `branches`, of which exactly one guard holds in each world. Branches that cannot be
    reached go, equal scalars become one branch, and a single branch is the value itself. With `is_open` there are worlds
    in which no guard holds, and which cannot be deployed: the last branch stands for them too."""
    kept: list[tuple[Condition, Node]] = []
    merged: dict[object, int] = {}
    for guard, node in branches:
        if is_impossible(guard):
            continue
        key = _merge_key(node)
        if key is not None and key in merged:
            first = merged[key]
            kept[first] = (disjoin(kept[first][0], guard), kept[first][1])
            continue
        if key is not None:
            merged[key] = len(kept)
        kept.append((guard, node))
    if not kept:
        return Node(Unknown("no branch can be reached"), place)
    if len(kept) == 1:
        return kept[0][1]
    if is_open:
        kept[-1] = (conjoin(*(negate(guard) for guard, _ in kept[:-1])), kept[-1][1])
    if len(kept) > MOST_BRANCHES:
        return Node(TOO_MANY, place, secret=any(holds_secret(node) for _, node in kept))
    return Node(Choice(tuple(kept)), place)


def _merge_key(node: Node) -> object:
    value = node.value
    if value is ABSENT or isinstance(value, (bool, int, float, str, Reference, Text, Unknown)):
        return type(value), value, node.origin, node.secret
    return None


def leaves(node: Node, guard: Condition = TRUE) -> list[tuple[Condition, Node]]:
    """The branches of a choice, and of choices in it; the node itself if it is none."""
    if not isinstance(node.value, Choice):
        return [(guard, node)]
    found: list[tuple[Condition, Node]] = []
    for own, branch in node.value.branches:
        together = conjoin(guard, own)
        if not is_impossible(together):
            found.extend(leaves(branch, together))
    return found


def combinations(nodes: Sequence[Node]) -> Branches | None:
    """The nodes without choices, once for each combination of their branches that can be reached; None if there are
    too many."""
    return _product(nodes, [index for index, node in enumerate(nodes) if isinstance(node.value, Choice)])


def list_branches(node: Node) -> Branches | None:
    """The elements of a list whose entries may be absent under a condition, once for each combination that can be
    reached, without the absent ones; other choices stay. None if there are too many."""
    assert isinstance(node.value, list)
    found = _product(node.value, [index for index, item in enumerate(node.value) if _may_be_absent(item)])
    if found is None:
        return None
    return [(guard, tuple(item for item in items if item.value is not ABSENT)) for guard, items in found]


def _product(nodes: Sequence[Node], open_ones: Sequence[int]) -> Branches | None:
    found: Branches = [(TRUE, ())]
    for index in open_ones:
        options = leaves(nodes[index])
        further: Branches = []
        for guard, picked in found:
            for own, leaf in options:
                together = conjoin(guard, own)
                if not is_impossible(together):
                    further.append((together, (*picked, leaf)))
            if len(further) > MOST_BRANCHES:
                return None
        found = further
    result: Branches = []
    for guard, picked in found:
        whole = list(nodes)
        for index, leaf in zip(open_ones, picked, strict=True):
            whole[index] = leaf
        result.append((guard, tuple(whole)))
    return result


def _may_be_absent(node: Node) -> bool:
    return isinstance(node.value, Choice) and any(leaf.value is ABSENT for _, leaf in leaves(node))


def distribute(nodes: Sequence[Node], place: Place | None, apply: Callable[[Sequence[Node]], Node]) -> Node:
    """`apply` to the nodes, in each combination of their branches. Too many combinations are unknown."""
    if not any(isinstance(node.value, Choice) for node in nodes):
        return apply(nodes)
    found = combinations(nodes)
    if found is None:
        return Node(TOO_MANY, place, secret=any(holds_secret(node) for node in nodes))
    return choose([(guard, apply(picked)) for guard, picked in found], place)


def holds_secret(node: Node) -> bool:
    """Whether the value, or something in it, is marked."""
    return any(below.secret for below in walk(node))


def placed(node: Node, place: Place | None) -> Node:
    """A value that comes from elsewhere (a parameter, a map), as it stands at `place`."""
    value = node.value
    if isinstance(value, list):
        value = [placed(item, _below(place, index)) for index, item in enumerate(value)]
    elif isinstance(value, dict):
        value = {key: placed(item, _below(place, key)) for key, item in value.items()}
    elif isinstance(value, Choice):
        value = Choice(tuple((guard, placed(branch, place)) for guard, branch in value.branches))
    return Node(value, place, node.origin, node.secret)


def _below(place: Place | None, step: str | int) -> Place | None:
    return None if place is None else Place(place.address, (*place.path, step), place.location)
