"""When a finding holds, in the user's words: which conditions of the template tell its worlds from the others."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from srmcheck.conditions import All, AnyOf, Condition, Const, Equals, Named, Not, Opaque, Variable, World, atoms

MOST_COMBINED = 2_000
"""Sets of facts of one size that are looked at."""


def labels(conditions: Sequence[Condition], world: World) -> dict[str, bool | str]:
    """What a user would call the state of this world: named conditions by their name, a parameter with allowed values by its
    value, other tests by their text."""
    found: dict[str, bool | str] = {}
    stack = list(conditions)[::-1]
    while stack:
        condition = stack.pop()
        match condition:
            case Named(name, _):
                found.setdefault(name, world.truth(condition))
            case Not(of):
                stack.append(of)
            case All(of) | AnyOf(of):
                stack.extend(reversed(of))
            case Opaque(text):
                found.setdefault(text, world.truth(condition))
            case Equals(left, right):
                value = world.assignment[left.name]
                if isinstance(right, Variable):
                    found.setdefault(f"{left.name} == {right.name}", world.truth(condition))
                elif left.domain is not None and isinstance(value, str):
                    found.setdefault(left.name, value)
                else:
                    found.setdefault(f'{left.name} == "{right}"', world.truth(condition))
            case Const():
                pass
    return found


def facts(conditions: Sequence[Condition], world: World) -> dict[str, bool | str]:
    """The same as far as the truth of the conditions tells it: a world stands for all others in which they are as true."""
    found: dict[str, bool | str] = {}
    stack = [(condition, world.truth(condition)) for condition in conditions][::-1]
    while stack:
        condition, truth = stack.pop()
        match condition:
            case Named(name, _):
                found.setdefault(name, truth)
            case Not(of):
                stack.append((of, not truth))
            case All(of) | AnyOf(of):
                if truth is isinstance(condition, All):
                    stack.extend((part, truth) for part in reversed(of))
            case Opaque(text):
                found.setdefault(text, truth)
            case Equals(left, Variable(name)):
                found.setdefault(f"{left.name} == {name}", truth)
            case Equals(left, right):
                values = [value for value in left.domain or () if (value == right) is truth]
                if len(values) == 1:
                    found.setdefault(left.name, values[0])
                found.setdefault(f'{left.name} == "{right}"', truth)
            case Const():
                pass
    return found


def smallest_when(
    conditions: Sequence[Condition], failing: Sequence[World], others: Sequence[World]
) -> dict[str, bool | str]:
    """The smallest set of facts that holds in all failing worlds and cannot hold in another, as far as it is small enough
    to be looked for; else the first failing world. Empty if it fails in every world."""
    if not others or not failing:
        return {}
    bad = [facts(conditions, world) for world in failing]
    good = [facts(conditions, world) for world in others]
    common = [(key, value) for key, value in bad[0].items() if all(world.get(key) == value for world in bad)]
    for size in range(1, min(4, len(common)) + 1):
        if math.comb(len(common), size) > MOST_COMBINED:
            break
        for chosen in itertools.combinations(common, size):
            if not any(all(world.get(key, value) == value for key, value in chosen) for world in good):
                values = _values(conditions)
                return dict(values.get(key, (key, value)) if value is True else (key, value) for key, value in chosen)
    return labels(conditions, failing[0])


def _values(conditions: Sequence[Condition]) -> dict[str, tuple[str, bool | str]]:
    """The facts that give a parameter with allowed values one of them, with that value."""
    return {
        f'{one.left.name} == "{one.right}"': (one.left.name, one.right)
        for one in atoms(conditions)
        if isinstance(one, Equals) and isinstance(one.right, str) and one.left.domain is not None
    }


def likely_when(
    conditions: Sequence[Condition], failing: Sequence[World], others: Sequence[World]
) -> dict[str, bool | str]:
    """The same where the worlds are but some of all: only if they tell each variable apart from the others, else the whole
    first failing world."""
    seen = [world.assignment for world in (*failing, *others)]
    for name in seen[0] if others else ():
        rest = [tuple(value for other, value in one.items() if other != name) for one in seen]
        if len(set(rest)) == len(rest):
            return labels(conditions, failing[0])
    return smallest_when(conditions, failing, others)
