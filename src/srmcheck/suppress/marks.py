"""Ignores as they stand in a file, and what each of them covers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from srmcheck.diagnostics import Diagnostic
from srmcheck.source import Call, Location
from srmcheck.suppress.directive import Directive, Fault

Position = tuple[int, int]
"""Line and column, from 1."""

ANY_CALL = "*"


@dataclass(frozen=True, slots=True)
class Mark:
    """An ignore at `file:line:column`.

    It covers what starts from `start` up to `end` (exclusive) of its file, nothing if `start` is None. `module` is the
    module call that it stands at, ANY_CALL where it covers a whole file; `whole` says that it is about the template.
    """

    file: str
    line: int
    column: int
    directive: Directive
    start: Position | None = None
    end: Position = (0, 0)
    module: str | None = None
    whole: bool = False

    def covers(self, location: Location) -> bool:
        """Whether what is written there lies in what this ignore covers."""
        if self.start is None or location.file != self.file:
            return False
        return self.start <= (location.line, location.column) < self.end

    def covers_call(self, call: Call) -> bool:
        """Whether it stands at this module call."""
        if self.module is None or self.start is None or call.file != self.file:
            return False
        if not self.start[0] <= call.line <= self.end[0]:
            return False
        return self.module == ANY_CALL or _ends_in(call.call, self.module)

    @property
    def size(self) -> tuple[int, int, int]:
        """Orders marks that cover the same: the narrowest first."""
        if self.whole or self.start is None:
            return (1, 0, 0)
        return (0, self.end[0] - self.start[0], self.end[1] - self.start[1])


@dataclass(frozen=True, slots=True)
class Ignores:
    """The ignores of one file, and what is wrong with others."""

    marks: tuple[Mark, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


NO_IGNORES = Ignores()


def fault_at(fault: Fault, file: str, line: int, column: int) -> Diagnostic:
    """What the user is told of an ignore that cannot be used."""
    return Diagnostic(fault.summary, file, line, column, f"{fault.detail} So nothing is ignored here.", fault.hint)


def ignores(found: Iterable[Mark | Diagnostic]) -> Ignores:
    """Marks and diagnostics, told apart."""
    items = list(found)
    return Ignores(
        tuple(item for item in items if isinstance(item, Mark)),
        tuple(item for item in items if isinstance(item, Diagnostic)),
    )


def _ends_in(call: str, name: str) -> bool:
    """Whether the last module of a call's address (`module.a["x"].module.b[0]`) is `name`."""
    return re.search(rf"(?:^|\.)module\.{re.escape(name)}(?:\[[^\n]*\])?$", call) is not None
