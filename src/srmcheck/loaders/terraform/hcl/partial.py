"""Values while expressions are evaluated: what is unknown and why, and values that hang on open conditions.

Unknown spreads and never guesses. An unknown keeps the reason and the name of what it comes from, and a text that says
how it was computed, so that equal computations are one condition. Errors of an expression are exceptions; under an open
condition they are `Failure` values, since only some worlds meet them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from srmcheck.conditions import (
    FALSE,
    TRUE,
    Condition,
    TooManyWorlds,
    World,
    atoms,
    conjoin,
    disjoin,
    negate,
    worlds,
)
from srmcheck.values import ABSENT, Choice, Json, Node, Origin, Reference, Spread, Text, Unknown, Value, strongest

NO_VALUE = "variable without a value"
NO_WORKSPACE = "workspace that is not named"
AFTER_APPLY = "known after apply"
AT_PLAN = "read from the account at plan time"
OPEN_REASONS = frozenset({NO_VALUE, NO_WORKSPACE})

MAX_BRANCHES = 16
MAX_TEXT = 160
MAX_LENGTH = 4 * 1024 * 1024
MAX_ITEMS = 65536
MAX_ORIGINS = 256
MAX_SIZE = 200_000
MAX_NESTING = 200


@dataclass(frozen=True, slots=True)
class Derived(Unknown):
    """Computed from something unknown. `text` says how, the same for the same computation ("" if too long); `open` if
    it hangs on nothing but variables without a value."""

    text: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class Failure(Unknown):
    """An error that only some worlds meet."""


class EvalError(Exception):
    """An expression that Terraform would refuse. The words never quote a value. `span` is filled in on the way up."""

    def __init__(self, summary: str, detail: str, hint: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail
        self.hint = hint
        self.place: Any = None


def is_variable(value: Value) -> bool:
    """Whether the value is a variable without a value, or a part of one, as it is."""
    return type(value) is Unknown and value.reason in OPEN_REASONS and value.name is not None


def is_open(value: Unknown) -> bool:
    """Whether the unknown hangs on nothing but variables without a value."""
    return value.open if isinstance(value, Derived) else is_variable(value)


def describe(node: Node) -> str:
    """A text that is the same for the same value or computation; "" where that is too long or must not be shown."""
    text = _describe(node, 0)
    return "" if text is None or len(text) > MAX_TEXT else text


def _describe(node: Node, depth: int) -> str | None:
    value = node.value
    if isinstance(value, Derived):
        return value.text or None
    if isinstance(value, Unknown):
        return value.name
    if isinstance(value, Reference):
        return f"{value.address}.{value.attribute}"
    if node.secret or depth > 3:
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) or len(value) < MAX_TEXT else None
    if isinstance(value, Text):
        parts = [
            part if isinstance(part, str) else f"${{{_describe(Node(part), depth + 1) or ''}}}" for part in value.parts
        ]
        return None if "${}" in parts else '"' + "".join(parts) + '"'
    if isinstance(value, (list, dict)) and len(value) <= 8:
        items = []
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            text = _describe(item, depth + 1)
            if text is None:
                return None
            items.append(f"{key} = {text}" if isinstance(value, dict) else text)
        joined = ", ".join(items)
        return f"{{{joined}}}" if isinstance(value, dict) else f"[{joined}]"
    return None


def causes(nodes: Iterable[Node]) -> list[Unknown]:
    """The unknowns inside, references as what they stand for, in order."""
    found: list[Unknown] = []
    stack = list(nodes)[::-1]
    seen = 0
    while stack and seen < MAX_ITEMS:
        value = stack.pop().value
        seen += 1
        if isinstance(value, Unknown):
            found.append(value)
        elif isinstance(value, Reference):
            found.append(referred(value))
        elif isinstance(value, Text):
            stack.extend(Node(part) for part in reversed(value.parts) if not isinstance(part, str))
        elif isinstance(value, dict):
            stack.extend(reversed(value.values()))
        elif isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, Choice):
            stack.extend(branch for _, branch in reversed(value.branches))
        elif isinstance(value, (Json, Spread)):
            stack.append(value.of)
    return found


def referred(reference: Reference) -> Unknown:
    """What a reference is where its value would be needed."""
    name = f"{reference.address}.{reference.attribute}"
    if reference.address.startswith("AWS::"):
        return Derived("decided by where it is deployed", reference.address, text=reference.address, open=True)
    return Derived(AFTER_APPLY, name, (reference.address,), True, text=name)


def derive(text: str, *nodes: Node, reason: str | None = None) -> Node:
    """The unknown result of a computation: `text` says which, if it can be told ("")."""
    found = causes(nodes)
    first = found[0] if found else None
    candidates: dict[str, None] = {}
    for cause in found[:MAX_BRANCHES]:
        candidates.update(dict.fromkeys(cause.candidates))
    value = Derived(
        reason or (first.reason if first else "not evaluated"),
        first.name if first else None,
        tuple(candidates)[:MAX_BRANCHES],
        text=text if len(text) <= MAX_TEXT else "",
        open=bool(found) and all(is_open(cause) for cause in found),
    )
    return Node(value, None, origin_of(nodes), any(node.secret for node in nodes))


def origin_of(nodes: Iterable[Node]) -> Origin | None:
    """Where what is computed from these nodes comes from. What only says where it is deployed does not count."""
    found: list[Origin | None] = []
    stack = list(nodes)[::-1]
    seen = 0
    while stack and seen < MAX_ORIGINS:
        node = stack.pop()
        value = node.value
        seen += 1
        if isinstance(value, Reference) and value.address.startswith("AWS::"):
            continue
        if node.origin is not None:
            found.append(node.origin)
        elif isinstance(value, dict) and not isinstance(value, Whole):
            stack.extend(reversed(value.values()))
        elif isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, Choice):
            stack.extend(branch for _, branch in reversed(value.branches))
        elif isinstance(value, (Json, Spread)):
            stack.append(value.of)
    return strongest(found)


def call_text(name: str, args: Sequence[Node]) -> str:
    """`name(args)`, "" if an argument cannot be told."""
    texts = [describe(arg) for arg in args]
    return f"{name}({', '.join(texts)})" if all(texts) else ""


def fail(error: EvalError) -> Node:
    """The error as a value."""
    return Node(Failure(f"cannot be evaluated ({error.summary.lower()})"))


def consistent(condition: Condition) -> bool:
    """Whether the condition can hold (True if that is too costly to tell)."""
    if condition == FALSE:
        return False
    if condition == TRUE or len(atoms([condition])) > 8:
        return True
    try:
        return any(world.truth(condition) for world in worlds([condition], 2))
    except TooManyWorlds:
        return True


def assume(node: Node, condition: Condition) -> Node:
    """The node without the branches that cannot be while `condition` holds."""
    if not isinstance(node.value, Choice):
        return node
    kept = [
        (guard, assume(branch, conjoin(condition, guard)))
        for guard, branch in node.value.branches
        if consistent(conjoin(condition, guard))
    ]
    if len(kept) == 1:
        return kept[0][1]
    return node.with_value(Choice(tuple(kept))) if kept else node


def guards(nodes: Iterable[Node], deep: bool) -> list[Condition]:
    """The guards of the choices at the top of the nodes, or (`deep`) anywhere in them."""
    found: dict[Condition, None] = {}
    stack = list(nodes)[::-1]
    while stack:
        value = stack.pop().value
        if isinstance(value, Choice):
            found.update(dict.fromkeys(guard for guard, _ in value.branches))
            stack.extend(branch for _, branch in reversed(value.branches))
        elif deep:
            if isinstance(value, dict):
                stack.extend(value.values())
            elif isinstance(value, list):
                stack.extend(value)
            elif isinstance(value, (Json, Spread)):
                stack.append(value.of)
    return list(found)


def pick(node: Node, world: World, taken: dict[Condition, None], deep: bool) -> Node:
    """The node in one world; the guards that decide it are added to `taken`."""
    value = node.value
    if isinstance(value, Choice):
        for guard, branch in value.branches:
            if world.truth(guard):
                taken.setdefault(guard)
                return pick(branch, world, taken, deep)
        return Node(ABSENT)
    if not deep:
        return node
    if isinstance(value, dict):
        return _same_kind(node, {key: pick(item, world, taken, deep) for key, item in value.items()})
    if isinstance(value, list):
        items: list[Node] = []
        for item in value:
            picked = pick(item, world, taken, deep)
            inner = picked.value
            if isinstance(inner, Spread) and isinstance(inner.of.value, list):
                items.extend(inner.of.value)
            else:
                items.append(picked)
        return _same_kind(node, items)
    if isinstance(value, Spread):
        return node.with_value(Spread(pick(value.of, world, taken, deep)))
    if isinstance(value, Json):
        return node.with_value(Json(pick(value.of, world, taken, deep)))
    return node


def _same_kind(node: Node, content: dict[str, Node] | list[Node]) -> Node:
    kind = type(node.value)
    if kind in (dict, list):
        return node.with_value(content)
    if isinstance(node.value, Whole):
        return node
    rebuilt: Value = kind(content)  # type: ignore[arg-type,call-arg,misc,call-overload]
    return node.with_value(rebuilt)


class Sizes:
    """How many nodes values hold, text counted by its length, shared parts as often as they occur.

    Names let values share parts, so that a few lines can mean more nodes than there is memory; this is found before
    anything walks them. Measured values are kept, so that an identity means one value for good.
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, int]] = {}

    def check(self, node: Node) -> None:
        """Raise EvalError for a value that is too large to go on with."""
        if self._of(node.value, 0) > MAX_SIZE:
            raise EvalError("Value too large", f"A value of more than {MAX_SIZE} parts is not evaluated.")

    def _of(self, value: object, depth: int) -> int:
        if isinstance(value, str):
            return 1 + len(value) // 64
        if not isinstance(value, (dict, list, Choice, Json, Spread)):
            return 1
        known = self._known.get(id(value))
        if known is not None:
            return known[1]
        if depth > MAX_NESTING:
            raise EvalError("Nesting too deep", "The value is nested too deep to be evaluated.")
        if isinstance(value, dict):
            inner = list(value.values())
        elif isinstance(value, list):
            inner = value
        elif isinstance(value, Choice):
            inner = [branch for _, branch in value.branches]
        else:
            inner = [value.of]
        size = min(1 + sum(self._of(item.value, depth + 1) for item in inner), MAX_SIZE + 1)
        self._known[id(value)] = (value, size)
        return size


class Whole:
    """Marks dicts that stand for a whole resource or module: their attributes are asked for, never listed."""

    __slots__ = ()


def each_world(
    nodes: Sequence[Node], apply: Callable[[list[Node]], Node], *, deep: bool = False, text: str = ""
) -> Node:
    """`apply` to the nodes as they are in each consistent combination of the open conditions on which they hang.

    Too many combinations give an unknown. An error in all of them is raised, in some of them a Failure.
    """
    found = guards(nodes, deep)
    if not found:
        return apply(list(nodes))
    try:
        all_worlds = worlds(found, MAX_BRANCHES)
    except TooManyWorlds:
        return derive(text, *nodes, reason="too many combinations of open conditions")
    results: dict[Condition, Node] = {}
    error: EvalError | None = None
    fine = False
    for world in all_worlds:
        taken: dict[Condition, None] = {}
        picked = [pick(node, world, taken, deep) for node in nodes]
        guard = conjoin(*taken)
        if guard in results:
            continue
        try:
            results[guard] = apply(picked)
            fine = True
        except EvalError as raised:
            error = raised
            results[guard] = fail(raised)
    if error is not None and not fine:
        raise error
    return combine(list(results.items()))


def combine(results: Sequence[tuple[Condition, Node]]) -> Node:
    """One node for guarded results, the equal ones joined."""
    joined: list[tuple[Condition, Node]] = []
    for guard, node in results:
        for index, (other, known) in enumerate(joined):
            if known == node and type(known.value) is type(node.value):
                joined[index] = (disjoin(other, guard), known)
                break
        else:
            joined.append((guard, node))
    if len(joined) == 1:
        return joined[0][1]
    if len(joined) > MAX_BRANCHES:
        return derive("", *(node for _, node in results), reason="too many combinations of open conditions")
    secret = any(node.secret for _, node in joined)
    if len(joined) == 2 and isinstance(joined[0][1].value, bool) and isinstance(joined[1][1].value, bool):
        return choice_of(joined[0][0] if joined[0][1].value else joined[1][0], secret)
    return Node(Choice(tuple(joined)), secret=secret)


def choice_of(condition: Condition, secret: bool = False) -> Node:
    """The truth of a condition as a value."""
    if condition in (TRUE, FALSE):
        return Node(condition == TRUE, secret=secret)
    return Node(Choice(((condition, Node(True)), (negate(condition), Node(False)))), secret=secret)
