"""What the command line reads and writes: standard streams, files, and what the terminal can show."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def colour(refused: bool) -> bool:
    """Whether to colour what is printed: on a terminal, unless NO_COLOR or an option says no."""
    if refused or os.environ.get("NO_COLOR"):
        return False
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """80 columns, or fewer on a narrow terminal: the same bytes for every reader of a file."""
    if not sys.stdout.isatty():
        return 80
    import shutil

    return max(40, min(shutil.get_terminal_size().columns, 100))


def plain() -> Any:
    """The options of a rendering without colour."""
    from srmcheck.report import Options

    return Options()


def read_stdin() -> bytes:
    """All of standard input. Raises InputError where it is larger than srmcheck reads."""
    from srmcheck.loaders.text import MOST_BYTES, too_large

    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise too_large("stdin")
    return data


def say(text: str) -> None:
    """To standard output; what its encoding lacks is escaped. JSON and CSV are UTF-8 wherever they can be."""
    sys.stdout.buffer.write(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace"))
    sys.stdout.flush()


def complain(text: str) -> None:
    """To standard error, as `say`."""
    sys.stderr.buffer.write(f"{text}\n".encode(sys.stderr.encoding or "utf-8", "backslashreplace"))
    sys.stderr.flush()


def write(file: Path, text: str) -> None:
    """To a file, as UTF-8. Raises SrmcheckError where it cannot be written."""
    from srmcheck.diagnostics import Diagnostic, SrmcheckError

    try:
        file.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        detail = f"{error.strerror or 'Output error'}."
        raise SrmcheckError(Diagnostic("Report cannot be written", file.as_posix(), detail=detail)) from None


def write_all(files: Iterable[tuple[Path, str]]) -> Exception | None:
    """Before anything is printed, whose reader may have left; gives the first fault."""
    from srmcheck.diagnostics import SrmcheckError

    first = None
    for file, text in files:
        try:
            write(file, text)
        except SrmcheckError as error:
            first = first or error
    return first


def append(file: Path, text: str) -> None:
    """To the step summary, which other commands of the step may write too. Without it the verdicts are the same."""
    try:
        with file.open("ab") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        complain(f"note: the step summary cannot be written: {error.strerror or 'output error'}")
