"""Faults of srmcheck itself, as messages."""

from __future__ import annotations

from pathlib import Path

from srmcheck.diagnostics import Diagnostic

_PACKAGE = Path(__file__).parents[1]


def internal_error(error: BaseException, file: str | None = None) -> Diagnostic:
    """What a user is told of an unexpected exception: its type and the innermost place in srmcheck, never its text, which
    may quote the input. `file` is the template that was being checked, if one was."""
    what = "nothing of it was checked" if file else "nothing was checked"
    return Diagnostic(
        "Internal error",
        file,
        detail=f"{type(error).__name__}{_where(error)}. This is a fault of srmcheck, and {what}.",
        hint="please report it, with the output of the same command under SRMCHECK_DEBUG=1 (it may quote the input)",
    )


def _where(error: BaseException) -> str:
    """` in loaders/text.py, line 12`, or nothing."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE):
            place = f" in {file.relative_to(_PACKAGE).as_posix()}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place
