"""A fixture in pieces, and which of them belong to one resource."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

_MARK = re.compile(r"\s*# (only: |differs: |example$)")
EXAMPLE = "# example"
"""Right above a resource: it is taken for the page, whatever others there are."""


@dataclass(frozen=True)
class Piece:
    """One resource, data source, parameter ... of a fixture: its text with the comment above it, the keys that it is known
        by, and the keys that it refers to. `about` is what its name says (`fail_absent`), "" for what is no resource; `marked`
    whether it is said to be the example."""

    keys: tuple[str, ...]
    about: str
    text: str
    refers: frozenset[str]
    marked: bool = False

    @property
    def key(self) -> str:
        return self.keys[0]

    @property
    def is_helper(self) -> bool:
        return self.about.split("_", 1)[0] in ("aux", "none")


@dataclass(frozen=True)
class Parts:
    """The pieces of a fixture in the order of its text, by key; `join` makes a template of some of them."""

    pieces: Mapping[str, Piece]
    join: Callable[[Iterable[Piece]], str]

    def resources(self, verdict: str) -> Iterator[Piece]:
        """The resources whose name promises this verdict."""
        for key, piece in self.pieces.items():
            if key == piece.key and piece.about.split("_", 1)[0] == verdict:
                yield piece

    def template(self, keys: set[str]) -> str:
        """The pieces with these keys as a template of their own."""
        chosen = {self.pieces[key].key for key in keys}
        return self.join(piece for key, piece in self.pieces.items() if key in chosen)

    def around(self, piece: Piece) -> Iterator[set[str]]:
        """Growing sets of pieces that belong to one: with what it refers to and the helpers that refer to it; with the
        helpers of these; with every helper; with every resource that refers to it."""
        near = self._refer_to({piece.key}, helpers=True)
        yield self._closed({piece.key} | near)
        wide = self._closed({piece.key} | near)
        while True:
            wider = self._closed(wide | self._refer_to(wide, helpers=True))
            if wider == wide:
                break
            wide = wider
        yield wide
        yield self._closed(wide | {other.key for other in self.pieces.values() if other.is_helper})
        yield self._closed(wide | self._refer_to({piece.key}, helpers=False))

    def _refer_to(self, keys: set[str], *, helpers: bool) -> set[str]:
        return {piece.key for piece in self.pieces.values() if piece.refers & keys and (piece.is_helper or not helpers)}

    def _closed(self, keys: set[str]) -> set[str]:
        """These pieces and all that they refer to."""
        found: set[str] = set()
        pending = list(keys)
        while pending:
            piece = self.pieces.get(pending.pop())
            if piece is not None and piece.key not in found:
                found.add(piece.key)
                pending.extend(piece.refers)
        return found


def comment_above(lines: list[str], line: int) -> tuple[list[str], bool]:
    """The comment right above a line (from 0), without the marks that are for tests and this program; and whether it marks
    an example."""
    found: list[str] = []
    marked = False
    while line > 0 and lines[line - 1].lstrip().startswith("#"):
        line -= 1
        marked = marked or lines[line].strip() == EXAMPLE
        if line > 0 and not _MARK.match(lines[line]):  # the first line of a fixture explains its names
            found.insert(0, lines[line].strip())
    return found, marked
