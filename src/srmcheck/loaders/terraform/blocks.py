"""Which of the nested blocks in the configuration an instance of a block may come from.

A plan lists the blocks of one type in the order of the values' hashes, `configuration` in that of the file, and blocks
that `dynamic` makes are not in `configuration` at all. So blocks are matched by what they say, never by position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from srmcheck.loaders.terraform.configuration import Expressions, is_expression

_MOST_PAIRS = 4096


def match(
    values: Sequence[Any], marks: Sequence[Any], statics: Sequence[Expressions]
) -> list[tuple[tuple[Expressions, ...], bool]]:
    """For each block instance the static blocks that it may come from, and whether it may come from a dynamic one too.

    `marks` says what is unknown in each instance. No static block at all means that it is a dynamic one's.
    """
    open_ended = len(values) > len(statics)
    if len(values) == 1 and len(statics) == 1:
        return [((statics[0],), False)]
    if len(values) * len(statics) > _MOST_PAIRS:
        return [(tuple(statics), open_ended)] * len(values)
    fits = [
        [number for number, static in enumerate(statics) if _fits(static, value, mark)]
        for value, mark in zip(values, marks, strict=True)
    ]
    _settle(fits, statics)
    takers = [0] * len(statics)
    for numbers in fits:
        for number in numbers:
            takers[number] += 1
    found: list[tuple[tuple[Expressions, ...], bool]] = []
    for numbers in fits:
        if not numbers:
            found.append(((), True) if open_ended else (tuple(statics), False))
        else:
            sure = not open_ended or (len(numbers) == 1 and takers[numbers[0]] == 1)
            found.append((tuple(statics[number] for number in numbers), not sure))
    return found


def _settle(fits: list[list[int]], statics: Sequence[Expressions]) -> None:
    """Leave a static block to the instance that can come from no other one."""
    for _ in range(len(statics)):
        single = [numbers[0] for numbers in fits if len(numbers) == 1]
        taken = {number for number in single if single.count(number) == 1}
        changed = False
        for numbers in fits:
            if len(numbers) > 1 and taken.intersection(numbers):
                rest = [number for number in numbers if number not in taken]
                if rest:
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
