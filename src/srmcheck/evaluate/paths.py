"""How paths relate: which unknown path touches what a policy reads, and what a finding rests on.

Source of the rules: docs: verdicts ("A path is unknown if an unknown path equals it, lies above it or lies below it").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from srmcheck.values import Path

ReadPath = tuple[str, ...]


def touches_read(unknown: Path, read: ReadPath, document: Any) -> bool:
    """Whether an unknown path equals, lies above or lies below a read path. An unknown path that ends in "*" stands for
    every key that is not written in `document` there."""
    here = document
    for step, wanted in zip(unknown, read, strict=False):
        if wanted == "**":
            return True
        if step == "*":
            return not (isinstance(here, dict) and wanted in here)
        if wanted == "[]":
            if not isinstance(step, int):
                return False
        elif step != wanted:
            return False
        here = below(here, step)
    return True


def is_below(path: Path, above: Sequence[Any]) -> bool:
    """Whether `path` equals or lies below `above`."""
    return len(path) >= len(above) and all(step == other for step, other in zip(path, above, strict=False))


def clash(unknown: Path, path: Sequence[Any], document: Any) -> bool:
    """Whether an unknown path equals, lies above or lies below a path that a finding rests on. `[]` is the resource
    itself and always known."""
    if not path:
        return False
    here = document
    for step, other in zip(unknown, path, strict=False):
        if step == "*":
            return not (isinstance(here, dict) and other in here)
        if step != other:
            return False
        here = below(here, step)
    return True


def below(value: Any, step: str | int) -> Any:
    """The value one step below in plain JSON, None where there is none."""
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return None


def rooted(body: Mapping[str, Any]) -> dict[str, Any]:
    """The document as one tree for paths: the resource's properties with `@name` keys for its relations (or types)
    whose elements are the members' properties."""
    if "template" in body:
        return {f"@{name}": [row["properties"] for row in rows] for name, rows in body["template"].items()}
    tree = dict(body["resource"]["properties"])
    for name, rows in body["related"].items():
        tree[f"@{name}"] = [row["properties"] for row in rows]
    return tree
