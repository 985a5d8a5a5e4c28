"""Open conditions in values: building choices, and functions of several values that may be choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from srmcheck.conditions import (
    TRUE,
    All,
    AnyOf,
    Condition,
    Const,
    Equals,
    Named,
    Not,
    Opaque,
    conjoin,
    negate,
)
from srmcheck.values import ABSENT, Choice, Node, Place, Reference, Text, Unknown, walk

MOST_BRANCHES = 64
"""Branches of one value. What is decided by more is unknown: no verdict looks at so many."""
PER_PAIR = 100
"""What a pair of branches that is looked at counts as, in the characters that a template may make."""

TOO_MANY = Unknown("too many branches")

Branches = list[tuple[Condition, tuple[Node, ...]]]
Spend = Callable[[int], bool]


# --- conditions --------------------------------------------------------------------------------------------------------


class _Facts:
    """What a conjunction says of single variables."""

    __slots__ = ("equal", "opaque", "unequal")

    def __init__(self) -> None:
        self.opaque: dict[str, bool] = {}
        self.equal: dict[str, str] = {}
        self.unequal: dict[str, set[str]] = {}

    def truth(self, condition: Condition) -> bool | None:
        """Whether the facts decide a condition."""
        match condition:
            case Const(value):
                return value
            case Named(_, of):
                return self.truth(of)
            case Not(of):
                inner = self.truth(of)
                return None if inner is None else not inner
            case All(parts):
                return self._together(parts, False)
            case AnyOf(parts):
                return self._together(parts, True)
            case Equals(left, str(right)):
                if left.name in self.equal:
                    return self.equal[left.name] == right
                excluded = self.unequal.get(left.name, set())
                if right in excluded:
                    return False
                if left.domain is not None and excluded.issuperset(text for text in left.domain if text != right):
                    return True
                return None
            case Opaque(text):
                return self.opaque.get(text)
            case _:
                return None

    def _together(self, parts: Sequence[Condition], decides: bool) -> bool | None:
        is_open = False
        for part in parts:
            found = self.truth(part)
            if found is decides:
                return decides
            is_open = is_open or found is None
        return None if is_open else not decides


def is_impossible(condition: Condition) -> bool:
    """Whether a conjunction contradicts itself, as far as comparisons of single variables with texts tell."""
    facts = _Facts()
    others: list[Condition] = []
    stack = [condition]
    while stack:
        part = stack.pop()
        wanted = True
        while isinstance(part, (Named, Not)):
            wanted = wanted if isinstance(part, Named) else not wanted
            part = part.of
        match part:
            case Const(value):
                if value is not wanted:
                    return True
            case All(of) if wanted:
                stack.extend(of)
            case AnyOf(of) if not wanted:
                stack.extend(Not(one) for one in of)
            case Equals(left, str(right)):
                if wanted and facts.equal.setdefault(left.name, right) != right:
                    return True
                if not wanted:
                    excluded = facts.unequal.setdefault(left.name, set())
                    excluded.add(right)
                    if left.domain is not None and excluded.issuperset(left.domain):
                        return True
            case Opaque(text):
                if facts.opaque.setdefault(text, wanted) is not wanted:
                    return True
            case _:
                others.append(part if wanted else Not(part))
    if any(text in facts.unequal.get(name, ()) for name, text in facts.equal.items()):
        return True
    return any(facts.truth(other) is False for other in others)


def any_of(guards: Sequence[Condition]) -> Condition:
    """Any of guards that exclude each other."""
    return guards[0] if len(guards) == 1 else AnyOf(tuple(guards))


# --- choices -----------------------------------------------------------------------------------------------------------


def choose(branches: Sequence[tuple[Condition, Node]], place: Place | None, *, is_open: bool = False) -> Node:
    """The value that is one of `branches`, of which exactly one guard holds in each world, each in some world. Equal
    scalars become one branch, and a single branch is the value itself. With `is_open` there are worlds in which no guard
    holds, and which cannot be deployed: the branch with the most guards, which comes last then, stands for them too."""
    guards: list[list[Condition]] = []
    nodes: list[Node] = []
    merged: dict[object, int] = {}
    for guard, node in branches:
        key = _merge_key(node)
        first = merged.setdefault(key, len(nodes)) if key is not None else len(nodes)
        if first < len(nodes):
            guards[first].append(guard)
        else:
            guards.append([guard])
            nodes.append(node)
    if not nodes:
        return Node(Unknown("no branch can be reached"), place)
    if len(nodes) == 1:
        return nodes[0]
    if len(nodes) > MOST_BRANCHES:
        return Node(TOO_MANY, place, secret=any(holds_secret(node) for node in nodes))
    if is_open:
        most = max(reversed(range(len(nodes))), key=lambda index: len(guards[index]))
        guards.append(guards.pop(most))
        nodes.append(nodes.pop(most))
    made = [any_of(found) for found in guards]
    if is_open:
        others = tuple(negate(guard) for guard in made[:-1])
        made[-1] = others[0] if len(others) == 1 else All(others)
    return Node(Choice(tuple(zip(made, nodes, strict=True))), place)


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
        if guard == TRUE or not is_impossible(together):
            found.extend(leaves(branch, together))
    return found


def combinations(nodes: Sequence[Node], spend: Spend) -> Branches | None:
    """The nodes without choices, once for each combination of their branches that can be reached; None if there are
    too many, or if `spend` does not allow to look."""
    return _product(nodes, [index for index, node in enumerate(nodes) if isinstance(node.value, Choice)], spend)


def list_branches(node: Node, spend: Spend) -> Branches | None:
    """The elements of a list whose entries may be absent under a condition, once for each combination that can be
    reached, without the absent ones; other choices stay. None if there are too many, or if `spend` does not allow it."""
    assert isinstance(node.value, list)
    found = _product(node.value, [index for index, item in enumerate(node.value) if _may_be_absent(item)], spend)
    if found is None:
        return None
    return [(guard, tuple(item for item in items if item.value is not ABSENT)) for guard, items in found]


def _product(nodes: Sequence[Node], open_ones: Sequence[int], spend: Spend) -> Branches | None:
    # What hangs on the same guards in the same order, as two uses of one parameter do, is decided together.
    decided: dict[tuple[Condition, ...], int] = {}
    options: list[list[tuple[Condition, Node]]] = []
    groups: list[int] = []
    for index in open_ones:
        own = leaves(nodes[index])
        groups.append(decided.setdefault(tuple(guard for guard, _ in own), len(decided)))
        options.append(own)
    found: list[tuple[Condition, tuple[int, ...]]] = [(TRUE, ())]
    for guards in decided:
        if not spend(PER_PAIR * len(found) * len(guards)):
            return None
        further: list[tuple[Condition, tuple[int, ...]]] = []
        for guard, picked in found:
            for number, own_guard in enumerate(guards):
                together = conjoin(guard, own_guard)
                if guard == TRUE or not is_impossible(together):
                    further.append((together, (*picked, number)))
            if len(further) > MOST_BRANCHES:
                return None
        found = further
    result: Branches = []
    for guard, picked in found:
        whole = list(nodes)
        for index, own, group in zip(open_ones, options, groups, strict=True):
            whole[index] = own[picked[group]][1]
        result.append((guard, tuple(whole)))
    return result


def _may_be_absent(node: Node) -> bool:
    return isinstance(node.value, Choice) and any(leaf.value is ABSENT for _, leaf in leaves(node))


def distribute(
    nodes: Sequence[Node], place: Place | None, apply: Callable[[Sequence[Node]], Node], spend: Spend
) -> Node:
    """`apply` to the nodes, in each combination of their branches. Too many combinations are unknown."""
    if not any(isinstance(node.value, Choice) for node in nodes):
        return apply(nodes)
    found = combinations(nodes, spend)
    if found is None:
        return Node(TOO_MANY, place, secret=any(holds_secret(node) for node in nodes))
    return choose([(guard, apply(picked)) for guard, picked in found], place)


# --- nodes -------------------------------------------------------------------------------------------------------------


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
