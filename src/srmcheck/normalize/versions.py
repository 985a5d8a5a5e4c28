"""Which versions of the AWS provider a configuration may run with, held against the ranges of the tables' defaults.

Source: developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Version = tuple[int, int, int]

_START: Version = (0, 0, 0)
_END: Version = (1 << 62, 0, 0)
_PART = re.compile(r"(~>|>=|<=|!=|[<>=]?)\s*v?(\d{1,9}(?:\.\d{1,9}){0,2})(?:[-+][\w.+-]*)?")


def in_range(version: str | None, constraints: Iterable[str], wanted: str) -> bool | None:
    """Whether the provider's version lies in the range `wanted` (">= 4.0, < 6"): the `version` of the lock file, else one that
    fulfils all `constraints`. None where that leaves it open."""
    first, end = _interval((version,) if version is not None else constraints)
    low, high = _interval((wanted,))
    if first >= end:
        return None
    if low <= first and end <= high:
        return True
    return False if end <= low or high <= first else None


def _interval(constraints: Iterable[str]) -> tuple[Version, Version]:
    """The first version that fulfils all of them, and the first behind the last. What is no constraint is left out."""
    first, end = _START, _END
    for part in (part for text in constraints for part in text.split(",")):
        found = _PART.fullmatch(part.strip())
        if found is None:
            continue
        operator, numbers = found.group(1), [int(number) for number in found.group(2).split(".")]
        major, minor, patch = [*numbers, 0, 0][:3]
        version, behind = (major, minor, patch), (major, minor, patch + 1)
        if operator in ("", "=", ">=", "~>"):
            first = max(first, version)
        if operator in ("", "=", "<="):
            end = min(end, behind)
        if operator == ">":
            first = max(first, behind)
        if operator == "<":
            end = min(end, version)
        if operator == "~>":
            end = min(end, (major, minor + 1, 0) if len(numbers) == 3 else (major + 1, 0, 0))
    return first, end
