"""What a report format may be told: how it looks, never what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

ReadLine = Callable[[str, int], "str | None"]

COMMENT_BYTES = 65_536
"""What GitHub takes for one comment."""
SUMMARY_BYTES = 1_000_000
"""What GitHub takes for the summary of one step is 1 MiB; other commands of the step may write to it too."""


def no_lines(_file: str, _line: int) -> str | None:
    """A `read_line` for reports without code frames."""
    return None


@dataclass(frozen=True, slots=True)
class Options:
    """`colour`: ANSI colours; `width`: columns to wrap prose at; `read_line` gives a line of a source file (counted
    from 1, without its end), None where there is none; code frames are made of it. `show_passed`: passes that the report
    holds are listed by every format, not only by those that are made of them. `most_bytes` bounds `markdown`."""

    colour: bool = False
    width: int = 80
    read_line: ReadLine = no_lines
    show_passed: bool = True
    most_bytes: int = COMMENT_BYTES
