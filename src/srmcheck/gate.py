"""From a report to an exit code (docs: exit-codes)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from srmcheck.results import SEVERITIES, Report, Severity

CLEAN = 0
FAILED = 1
USAGE = 2
NOTHING = 3
BROKEN = 4

FailOn = Severity | Literal["none"]


@dataclass(frozen=True, slots=True)
class Gate:
    """What fails a run. `fail_on` is the lowest severity that does ("none": no finding does); `fail_on_unknown` counts
    unknown verdicts of that severity too; `exit_zero` lets findings pass; `strict` takes what lies rightly outside for
    an error; `allow_nothing` takes nothing to check for clean."""

    fail_on: FailOn = "medium"
    fail_on_unknown: bool = False
    exit_zero: bool = False
    strict: bool = False
    allow_nothing: bool = False


def exit_code(report: Report, gate: Gate) -> int:
    """4 if something could not be checked, else 1 if the findings fail the gate, else 3 if there was nothing to check
    (and that is not allowed), else 0. Suppressed findings never count; folded ones do."""
    if is_broken(report, gate):
        return BROKEN
    if not gate.exit_zero and fails(report, gate):
        return FAILED
    if report.resources == 0 and not gate.allow_nothing:
        return NOTHING
    return CLEAN


def is_silent(report: Report, gate: Gate) -> bool:
    """Whether there is nothing to say to a person: nothing was checked, and that is allowed."""
    return gate.allow_nothing and report.resources == 0 and exit_code(report, gate) == CLEAN


def is_broken(report: Report, gate: Gate) -> bool:
    """Whether something could not be checked: an error, or, if strict, anything outside: a module that is not there, a
    resource of a type without policies, an expression that was not evaluated."""
    if any(diagnostic.level == "error" for diagnostic in report.diagnostics):
        return True
    if not gate.strict:
        return False
    outside = any(diagnostic.level == "outside" for diagnostic in report.diagnostics)
    return outside or bool(report.types_without_policies) or bool(report.unread)


def fails(report: Report, gate: Gate) -> bool:
    """Whether a finding is at or above the severity that fails the run."""
    if gate.fail_on == "none":
        return False
    counted = set(SEVERITIES[: SEVERITIES.index(gate.fail_on) + 1])
    verdicts = {"fail", "unknown"} if gate.fail_on_unknown else {"fail"}
    return any(finding.severity in counted and finding.verdict in verdicts for finding in report.findings)
