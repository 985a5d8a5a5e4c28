"""Files of named JSON records with an index, so that only the records asked for are decoded.

The first line is `{"header": ..., "records": {name: [offset, length]}}`, offsets counted from the second line; each further
line is one record. Made by the build steps, read by the running program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson


class IndexedFile:
    """Reads such a file. Raises OSError if it is not there."""

    __slots__ = ("_base", "_data", "_spans", "header")

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        end = self._data.index(b"\n")
        first = orjson.loads(self._data[:end])
        self.header: dict[str, Any] = first["header"]
        self._spans: dict[str, list[int]] = first["records"]
        self._base = end + 1

    def __contains__(self, name: object) -> bool:
        return name in self._spans

    def __iter__(self) -> Iterator[str]:
        return iter(self._spans)

    def read(self, name: str) -> Any:
        """The record of that name. Raises KeyError if there is none."""
        offset, length = self._spans[name]
        start = self._base + offset
        return orjson.loads(self._data[start : start + length])


def indexed(header: Mapping[str, Any], records: Mapping[str, Any]) -> bytes:
    """The bytes of such a file, the same for the same input: records in the order of their names."""
    spans: dict[str, list[int]] = {}
    lines: list[bytes] = []
    offset = 0
    for name in sorted(records):
        line = orjson.dumps(records[name])
        spans[name] = [offset, len(line)]
        lines.append(line + b"\n")
        offset += len(line) + 1
    return orjson.dumps({"header": dict(header), "records": spans}) + b"\n" + b"".join(lines)
