"""Open conditions: what a template's values and resources hang on while parameters and variables have no value.

A condition is a formula over atoms. Conditions are compared by meaning: `env == "dev"` and `env == "prod"` exclude each
other, `IsPrivate` defined as `Not IsPublic` is its negation. `worlds` lists the consistent assignments.

Sources: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html,
developer.hashicorp.com/terraform/language/expressions/conditionals
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """A parameter or variable without a value. `name` is how a user writes it (`Stage`, `var.env`); `domain` holds the
    allowed values as text, None where any text is allowed."""

    name: str
    domain: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Const:
    """A known truth."""

    value: bool


@dataclass(frozen=True, slots=True)
class Equals:
    """`left` equals `right`: a variable against a text, or against another variable."""

    left: Variable
    right: Variable | str


@dataclass(frozen=True, slots=True)
class Opaque:
    """A truth of its own that is not looked into, named by its text as the user wrote it."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    of: Condition


@dataclass(frozen=True, slots=True)
class All:
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A condition that the template gives a name (`IsProd`); reports speak of it by that name."""

    name: str
    of: Condition


Condition = Const | Equals | Opaque | Not | All | AnyOf | Named

TRUE = Const(True)
FALSE = Const(False)


def negate(condition: Condition) -> Condition:
    """The opposite, with constants and double negations folded."""
    match condition:
        case Const(value):
            return FALSE if value else TRUE
        case Not(of):
            return of
        case _:
            return Not(condition)


def conjoin(*conditions: Condition) -> Condition:
    """All of them, with constants folded and duplicates dropped."""
    kept: list[Condition] = []
    for condition in conditions:
        parts = condition.of if isinstance(condition, All) else (condition,)
        for part in parts:
            if isinstance(part, Const):
                if not part.value:
                    return FALSE
            elif negate(part) in kept:
                return FALSE
            elif part not in kept:
                kept.append(part)
    if not kept:
        return TRUE
    return kept[0] if len(kept) == 1 else All(tuple(kept))


def disjoin(*conditions: Condition) -> Condition:
    """Any of them, with constants folded and duplicates dropped."""
    return negate(conjoin(*(negate(condition) for condition in conditions)))


def equals(variable: Variable, other: Variable | str) -> Condition:
    """`variable` equals `other`, folded where the domain decides it."""
    if isinstance(other, Variable):
        if variable.name == other.name:
            return TRUE
        first, second = sorted((variable, other), key=lambda v: v.name)
        if first.domain is not None and second.domain is not None and not set(first.domain) & set(second.domain):
            return FALSE
        return Equals(first, second)
    if variable.domain is not None:
        if other not in variable.domain:
            return FALSE
        if set(variable.domain) == {other}:
            return TRUE
    return Equals(variable, other)


Assignment = Mapping[str, str | bool]


class World:
    """One consistent assignment of variables (by name) and opaque truths (by text)."""

    __slots__ = ("assignment",)

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment

    def truth(self, condition: Condition) -> bool:
        """Whether `condition` holds here. Raises KeyError for an atom that the world does not assign."""
        match condition:
            case Const(value):
                return value
            case Named(_, of):
                return self.truth(of)
            case Not(of):
                return not self.truth(of)
            case All(of):
                return all(self.truth(part) for part in of)
            case AnyOf(of):
                return any(self.truth(part) for part in of)
            case Opaque(text):
                return bool(self.assignment[text])
            case Equals(left, right):
                other = self.assignment[right.name] if isinstance(right, Variable) else right
                return self.assignment[left.name] == other


ONLY_WORLD = World({})


class TooManyWorlds(Exception):
    """More consistent assignments than the caller allows."""


def atoms(conditions: Iterable[Condition]) -> list[Equals | Opaque]:
    """The atoms of the formulas, each once, in order of first appearance."""
    found: dict[Equals | Opaque, None] = {}
    stack = list(conditions)[::-1]
    while stack:
        condition = stack.pop()
        match condition:
            case Equals() | Opaque():
                found.setdefault(condition)
            case Not(of) | Named(_, of):
                stack.append(of)
            case All(of) | AnyOf(of):
                stack.extend(reversed(of))
            case Const():
                pass
    return list(found)


def worlds(conditions: Sequence[Condition], most: int = 16) -> list[World]:
    """The consistent assignments of `conditions`, one for each distinct combination of their truths, in a fixed order.

    Raises TooManyWorlds if there are more than `most` combinations.
    """
    parts = atoms(conditions)
    if not parts:
        return [ONLY_WORLD]
    names, choices = _domains(parts)
    size = 1
    for values in choices:
        size *= len(values)
        if size > 65536:
            raise TooManyWorlds
    seen: dict[tuple[bool, ...], World] = {}
    for picks in itertools.product(*choices):
        world = World(dict(zip(names, picks, strict=True)))
        truths = tuple(world.truth(condition) for condition in conditions)
        if truths not in seen:
            if len(seen) == most:
                raise TooManyWorlds
            seen[truths] = world
    return list(seen.values())


def some_worlds(conditions: Sequence[Condition], most: int = 16) -> list[World]:
    """At most `most` consistent assignments of `conditions`, where there are too many for all, in a fixed order: two that
    differ in every variable, and those that differ from one of the two in one variable."""
    names, choices = _domains(atoms(conditions))
    bases = ([values[0] for values in choices], [values[-1] for values in choices])
    others = (
        [*base[:number], value, *base[number + 1 :]]
        for number, values in enumerate(choices)
        for base in bases
        for value in values
    )
    found: dict[tuple[bool, ...], World] = {}
    for picks in (*bases, *others):
        world = World(dict(zip(names, picks, strict=True)))
        found.setdefault(tuple(world.truth(condition) for condition in conditions), world)
    return list(found.values())[:most]


def _domains(parts: Sequence[Equals | Opaque]) -> tuple[list[str], list[list[str | bool]]]:
    """For each variable and opaque truth the values worth trying.

    A variable takes each text that it, or a variable it is compared with, is compared with, and one value for each
    variable of that group that equals none of them (as far as its domain allows).
    """
    variables: dict[str, Variable] = {}
    literals: dict[str, dict[str, None]] = {}
    group: dict[str, str] = {}
    opaque: list[str] = []

    def root(name: str) -> str:
        while group[name] != name:
            name = group[name]
        return name

    for part in parts:
        if isinstance(part, Opaque):
            opaque.append(part.text)
            continue
        sides = [part.left] + ([part.right] if isinstance(part.right, Variable) else [])
        for side in sides:
            known = variables.get(side.name)
            if known is None or known.domain is None:
                variables[side.name] = side
            group.setdefault(side.name, side.name)
            literals.setdefault(side.name, {})
        if isinstance(part.right, Variable):
            group[root(part.right.name)] = root(part.left.name)
        else:
            literals[part.left.name].setdefault(part.right)
    names: list[str] = []
    choices: list[list[str | bool]] = []
    for name, variable in variables.items():
        members = [other for other in variables if root(other) == root(name)]
        texts: dict[str, None] = {}
        for member in members:
            texts.update(literals[member])
            domain = variables[member].domain
            if domain is not None and len(members) > 1:
                texts.update(dict.fromkeys(domain))
        values: list[str | bool] = [text for text in texts if variable.domain is None or text in variable.domain]
        if variable.domain is None:
            values.extend(f"\0{number}" for number in range(len(members)))
        else:
            rest = [text for text in variable.domain if text not in texts]
            values.extend(rest[: len(members)])
        names.append(name)
        choices.append(values)
    for text in opaque:
        names.append(text)
        choices.append([True, False])
    return names, choices
