"""Ignores in the comments of a `.tf` file, and the block, argument or element that each stands at (docs: suppressions).

A comment on lines of its own stands at what begins on the line below it; a comment behind something stands at what
begins on its line, or, behind a closing bracket, at what ends there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from srmcheck.diagnostics import Diagnostic
from srmcheck.loaders.terraform.comments import Comments, comments
from srmcheck.loaders.terraform.outline import end_of_expression
from srmcheck.suppress.directive import MARK, Fault, directive_text, parse_directive
from srmcheck.suppress.marks import NO_IGNORES, Ignores, Mark, Position, fault_at, ignores

_MODULE = re.compile(r'module[ \t]+(?:"((?:[^"\\\n]|\\.)*)"|([^\W\d][\w-]*))')
_BLANK = " \t\r"


def terraform_ignores(text: str, file: str) -> Ignores:
    """The ignores of a `.tf` file, which is called `file` in findings."""
    if MARK not in text:
        return NO_IGNORES
    return ignores(_Scan(text.removeprefix("\ufeff"), file).marks())


class _Scan:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.comments: Comments = comments(text)
        self.order = list(self.comments.ends)
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def marks(self) -> Iterator[Mark | Diagnostic]:
        for start, end in self.comments.ends.items():
            if MARK not in self.text[start:end]:
                continue
            for offset, content in _lines(self.text, start, end):
                said = directive_text(content)
                if said is None:
                    continue
                line, column = self.at(offset)
                found = parse_directive(said) if isinstance(said, str) else said
                if isinstance(found, Fault):
                    yield fault_at(found, self.file, line, column)
                    continue
                target = self.target(start, end)
                if target is None:
                    yield Mark(self.file, line, column, found)
                    continue
                module = _MODULE.match(self.text, target)
                yield Mark(
                    self.file,
                    line,
                    column,
                    found,
                    self.at(target),
                    self.at(end_of_expression(self.text, target)),
                    (module[1] or module[2]) if module is not None else None,
                )

    def at(self, offset: int) -> Position:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def target(self, start: int, end: int) -> int | None:
        """Where what a comment stands at begins; None if it stands at nothing."""
        line = self.line_start(start)
        code = self.code(line, start)
        if code is not None:
            return self.behind(line, start)
        position, fresh = end, False
        while True:
            stop = self.line_end(position)
            code = self.code(position, stop)
            if code is not None:
                return None if self.text[code] in "}])" else code
            if stop >= len(self.text) or (fresh and not self.text[position:stop].strip()):
                return None
            position = self.after_comments(position, stop)
            fresh = position == stop + 1

    def behind(self, line: int, start: int) -> int | None:
        """What a comment at `start` stands at that has code before it on its line, which begins at `line`."""
        for _ in range(1000):
            code = self.code(line, start)
            closed = None
            while code is not None and self.text[code] in "}]),":
                if self.text[code] != ",":
                    closed = code
                code = self.code(code + 1, start)
            if code is not None:
                return code
            opener = self.comments.openers.get(closed) if closed is not None else None
            if opener is None:
                return None
            line, start = self.line_start(opener), opener + 1
        return None

    def code(self, position: int, stop: int) -> int | None:
        """The first offset from `position` up to `stop` that is neither blank nor in a comment."""
        ends = self.comments.ends
        while position < stop:
            if position in ends:
                position = ends[position]
            elif self.text[position] in _BLANK:
                position += 1
            else:
                return position
        return None

    def after_comments(self, position: int, stop: int) -> int:
        """The start of the line below the one that ends at `stop`, or the end of a comment that goes on there."""
        ends = self.comments.ends
        while position < stop:
            position = ends.get(position, position + 1)
        return position + 1 if position == stop else position

    def line_start(self, position: int) -> int:
        """Where the line of `position` begins, or the comment ends that goes on from the line above."""
        start = self.text.rfind("\n", 0, position) + 1
        index = bisect_right(self.order, start) - 1
        if index >= 0 and self.order[index] < start:
            return max(start, self.comments.ends[self.order[index]])
        return start

    def line_end(self, position: int) -> int:
        found = self.text.find("\n", position)
        return len(self.text) if found < 0 else found


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The lines of a comment without its marks, each with the offset at which the comment or the line begins."""
    if not text.startswith("/*", start):
        yield start, text[start + (1 if text[start] == "#" else 2) : end]
        return
    stop = end - 2 if text.endswith("*/", start + 2, end) else end
    position = start + 2
    for line in text[position:stop].split("\n"):
        stripped = line.lstrip(" \t*")
        offset = start if position == start + 2 else position + len(line) - len(stripped)
        yield offset, stripped
        position += len(line) + 1
