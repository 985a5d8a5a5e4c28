"""Which of the nested blocks in the configuration an instance of a block may come from.

A plan lists the blocks of one type in the order of the values' hashes, `configuration` in that of the file, and blocks
that `dynamic` makes are not in `configuration` at all. So blocks are matched by what they say, never by position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from srmcheck.loaders.terraform.configuration import Expressions, is_expression

_MOST_PAIRS = 4096
_MOST_ALIKE = 64
_MOST_ROUNDS = 8


def match(
    values: Sequence[Any], marks: Sequence[Any], statics: Sequence[Expressions]
) -> list[tuple[tuple[Expressions, ...], bool]]:
    """For each block instance the static blocks that it may come from, and whether it may come from a dynamic one too.

    `marks` says what is unknown in each instance. No static block at all means that nothing is known of where it comes
    from: a dynamic block's, or one of too many.
    """
    open_ended = len(values) > len(statics)
    if len(values) == 1 and len(statics) == 1:
        return [((statics[0],), False)]
    pools = _pools(values, statics)
    if sum(map(len, pools)) > _MOST_PAIRS:
        return [((), True)] * len(values)
    fits = [
        [number for number in pool if _fits(statics[number], value, mark)]
        for pool, value, mark in zip(pools, values, marks, strict=True)
    ]
    _settle(fits)
    takers = Counter(number for numbers in fits for number in numbers)
    found: list[tuple[tuple[Expressions, ...], bool]] = []
    for numbers in fits:
        if not numbers:
            found.append(((), True) if open_ended else (tuple(statics[:_MOST_ALIKE]), len(statics) > _MOST_ALIKE))
        else:
            sure = not open_ended or (len(numbers) == 1 and takers[numbers[0]] == 1)
            found.append((tuple(statics[number] for number in numbers), not sure))
    return found


def _pools(values: Sequence[Any], statics: Sequence[Expressions]) -> list[Sequence[int]]:
    """For each instance the static blocks that are worth a look: those with its value of the argument that tells most
    of them apart, or all."""
    every: Sequence[int] = range(len(statics))
    best: tuple[str, dict[str, list[int]]] | None = None
    for key in statics[0] if statics else ():
        groups: dict[str, list[int]] = {}
        for number, static in enumerate(statics):
            item = static.get(key)
            constant = item.get("constant_value") if isinstance(item, dict) else None
            if constant is None or isinstance(constant, (dict, list)):
                break
            groups.setdefault(_text(constant), []).append(number)
        else:
            if len(groups) > 1 and (best is None or len(groups) > len(best[1])):
                best = key, groups
    if best is None:
        return [every] * len(values)
    key, groups = best
    return [
        groups.get(_text(value[key]), ()) if isinstance(value, dict) and value.get(key) is not None else every
        for value in values
    ]


def _settle(fits: list[list[int]]) -> None:
    """Leave a static block to the instance that can come from no other one."""
    for _ in range(_MOST_ROUNDS):
        single = Counter(numbers[0] for numbers in fits if len(numbers) == 1)
        changed = False
        for numbers in fits:
            if len(numbers) > 1:
                rest = [number for number in numbers if single[number] != 1]
                if rest and len(rest) < len(numbers):
                    numbers[:] = rest
                    changed = True
        if not changed:
            return


def _fits(static: Expressions, value: Any, mark: Any) -> bool:
    if not isinstance(value, dict):
        return True
    marks: Mapping[str, Any] = mark if isinstance(mark, dict) else {}
    for key, item in static.items():
        if isinstance(item, list):
            if value.get(key) == [] and marks.get(key) is not True:
                return False
        elif is_expression(item) and item.get("constant_value") is not None:
            if marks.get(key) is True:
                return False
            if key in value and not alike(value[key], item["constant_value"]):
                return False
    return True


def alike(value: object, constant: object) -> bool:
    """Whether a planned value can be what a constant in the configuration became: numbers and booleans may be text,
    a list may be a set."""
    if isinstance(value, (dict, list)) or isinstance(constant, (dict, list)):
        if not isinstance(value, list) or not isinstance(constant, list):
            return isinstance(value, dict) and isinstance(constant, dict)
        plain = [item for item in constant if not isinstance(item, (dict, list))]
        if len(plain) < len(constant) or any(isinstance(item, (dict, list)) for item in value):
            return True
        return {_text(item) for item in value} == {_text(item) for item in plain}
    return _text(value) == _text(constant)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
