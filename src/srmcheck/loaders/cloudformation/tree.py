"""A template's text as a tree whose every part knows where it is written."""

from __future__ import annotations

import re
from bisect import bisect_right

from srmcheck.source import Location
from srmcheck.values import Scalar

MOST_DEPTH = 128
"""Objects and lists in each other. CloudFormation's own templates stay far below; evaluation recurses on the tree."""


class Leaf:
    """A scalar, written at `text[start:end]`."""

    __slots__ = ("end", "start", "value")

    def __init__(self, value: Scalar, start: int, end: int) -> None:
        self.value = value
        self.start = start
        self.end = end


class Array:
    """A list."""

    __slots__ = ("end", "items", "start")

    def __init__(self, items: list[Tree], start: int, end: int) -> None:
        self.items = items
        self.start = start
        self.end = end


class Object:
    """A mapping. Keys are always text; `keys` has the span of each."""

    __slots__ = ("end", "items", "keys", "start")

    def __init__(self, items: dict[str, Tree], keys: dict[str, tuple[int, int]], start: int, end: int) -> None:
        self.items = items
        self.keys = keys
        self.start = start
        self.end = end


class Broken:
    """What stands here cannot be used; `reason` is a short phrase. A diagnostic of the reader says more."""

    __slots__ = ("end", "reason", "start")

    def __init__(self, reason: str, start: int, end: int) -> None:
        self.reason = reason
        self.start = start
        self.end = end


Tree = Leaf | Array | Object | Broken


class Fault(Exception):
    """The text cannot be read at all. `offset` is where, `expected` says in a full sentence what is wrong."""

    def __init__(self, offset: int, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.offset = offset
        self.expected = expected
        self.hint = hint


class OpenString(Fault):
    """JSON with a string that runs over the end of its line, as YAML allows."""


class TooDeep(Fault):
    """A text with more than MOST_DEPTH levels."""

    def __init__(self, offset: int) -> None:
        super().__init__(
            offset,
            f"Lists and mappings stand in each other more than {MOST_DEPTH} levels deep.",
            "no template that CloudFormation takes is that deep",
        )


class Problem:
    """Something in the text that is wrong, and beside which the rest can be read. `detail` may hold `{line}`, which is
    the line of the offset `other`."""

    __slots__ = ("detail", "hint", "offset", "other", "summary")

    def __init__(self, summary: str, offset: int, detail: str, hint: str = "", other: int = 0) -> None:
        self.summary = summary
        self.offset = offset
        self.detail = detail
        self.hint = hint
        self.other = other


def duplicate_key(offset: int, first: int) -> Problem:
    """The problem of a key at `offset` that stands at `first` already."""
    return Problem(
        "Duplicate key",
        offset,
        "The same key stands in line {line}; which of the two counts is not defined.",
        "remove one of the two",
        first,
    )


WRITTEN_TWICE = "key written twice"


class Lines:
    """Offsets of a text as lines and columns, which count from 1; columns are in characters."""

    __slots__ = ("_starts", "file")

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Location:
        """The location of `text[start:end]`."""
        line, column = self.at(start)
        end_line, end_column = self.at(end)
        return Location(self.file, line, column, end_line, end_column)


def text_at(tree: Tree | None) -> str | None:
    """The text of a leaf that holds one, else None."""
    return tree.value if isinstance(tree, Leaf) and isinstance(tree.value, str) else None


def entry(tree: Tree | None, key: str) -> Tree | None:
    """What an object holds under `key`; None where the tree is no object, lacks the key, or has a null there."""
    if not isinstance(tree, Object):
        return None
    found = tree.items.get(key)
    if isinstance(found, Leaf) and found.value is None:
        return None
    return found


def plain(tree: Tree) -> object:
    """The tree as plain Python values; None for what is broken."""
    if isinstance(tree, Leaf):
        return tree.value
    if isinstance(tree, Array):
        return [plain(item) for item in tree.items]
    if isinstance(tree, Object):
        return {key: plain(item) for key, item in tree.items.items()}
    return None
