"""Diagnostics that loading a template gives, each with its place."""

from __future__ import annotations

import re
from collections import Counter

from srmcheck.diagnostics import Diagnostic, Level
from srmcheck.loaders.cloudformation.tree import Lines, Tree

MOST_OF_A_KIND = 100
"""Diagnostics with the same summary; what is beyond is counted in one more."""

_NAME = re.compile(r"[A-Za-z0-9_:.-]{1,255}")


def safe_name(text: str) -> str | None:
    """A name as it may stand in a message: what looks like no identifier could be anything, a secret too."""
    return text if _NAME.fullmatch(text) else None


class Notes:
    """Collects diagnostics and counts what was not evaluated."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.unread: Counter[str] = Counter()
        self._found: dict[Diagnostic, None] = {}
        self._counts: Counter[tuple[str, Level]] = Counter()

    def add(self, summary: str, at: Tree | int | None, detail: str = "", hint: str = "", level: Level = "note") -> None:
        """A diagnostic at the start of a tree, at an offset, or about the file as a whole."""
        line = column = None
        if at is not None:
            line, column = self.lines.at(at if isinstance(at, int) else at.start)
        diagnostic = Diagnostic(summary, self.lines.file, line, column, detail, hint, level)
        if diagnostic in self._found:
            return
        self._counts[summary, level] += 1
        if self._counts[summary, level] <= MOST_OF_A_KIND:
            self._found[diagnostic] = None

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All of them, in the order in which they were added."""
        more = tuple(
            Diagnostic(summary, self.lines.file, detail=f"and {count - MOST_OF_A_KIND} more in this file", level=level)
            for (summary, level), count in self._counts.items()
            if count > MOST_OF_A_KIND
        )
        return (*self._found, *more)
