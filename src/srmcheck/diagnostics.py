"""What srmcheck says about input, policies and settings that it cannot use as they are.

A diagnostic has a fixed summary (the same words for the same fault), the place, a detail in full sentences and a hint
to act on. It never quotes a value of the input, which may be a secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "outside", "note"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message.

    `level` is "error" (something could not be checked: exit code 4), "outside" (what rightly lies outside, such as a
    module that is not downloaded: counted and shown, and an error under `--strict`) or "note" (worth saying, changes
    nothing). `line` and `column` count from 1; None where there is no place.
    """

    summary: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    detail: str = ""
    hint: str = ""
    level: Level = "error"


class SrmcheckError(Exception):
    """Base of the errors that srmcheck raises on purpose; `diagnostic` is what the user is shown."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary)
        self.diagnostic = diagnostic


class InputError(SrmcheckError):
    """The template must be mended (exit code 4)."""


class PolicyError(SrmcheckError):
    """A policy, its metadata or its data must be mended (exit code 4). `others` are further faults that were found with
    the first."""

    def __init__(self, diagnostic: Diagnostic, others: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(diagnostic)
        self.others = others


class EngineError(SrmcheckError):
    """The policy engine did not answer, or not with sense (exit code 4)."""


class ConfigError(SrmcheckError):
    """The settings or the command line must be mended (exit code 2)."""


class InternalError(SrmcheckError):
    """A fault of srmcheck itself (exit code 4); please report it."""
