"""Places in source files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One module call on the way from the root to a place: `module.data` called at `file:line`."""

    file: str
    line: int
    call: str


@dataclass(frozen=True, slots=True)
class Location:
    """A span in a file. Lines and columns count from 1, columns in characters; the end is inclusive of the last line
    and exclusive of `end_column`. `file` is written as the user named it, relative to where srmcheck was started.
    `via` is the chain of module calls that led there, outermost first."""

    file: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0
    via: tuple[Call, ...] = ()
