"""The exit code of a report."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from srmcheck.diagnostics import Diagnostic
from srmcheck.gate import Gate, exit_code, is_silent
from srmcheck.results import Finding, Report
from tests.unit.report.samples import CLEAN, FOLDED, NOTHING, PASSED, SSH, UNKNOWN

LOW = replace(SSH, severity="low")
MEDIUM = replace(SSH, severity="medium")
SUPPRESSED = replace(SSH, verdict="suppressed", suppression={"reason": "accepted"})


def report(*findings: Finding, base: Report = CLEAN, **changes: Any) -> Report:
    return replace(base, findings=findings, **changes)


@pytest.mark.parametrize(
    ("findings", "gate", "code"),
    [
        ((), Gate(), 0),
        ((PASSED,), Gate(), 0),
        ((SSH,), Gate(), 1),
        ((MEDIUM,), Gate(), 1),
        ((LOW,), Gate(), 0),
        ((LOW,), Gate(fail_on="low"), 1),
        ((SSH,), Gate(fail_on="critical"), 0),
        ((SSH,), Gate(fail_on="none"), 0),
        ((SSH,), Gate(exit_zero=True), 0),
        ((UNKNOWN,), Gate(), 0),
        ((UNKNOWN,), Gate(fail_on_unknown=True), 1),
        ((UNKNOWN,), Gate(fail_on="high", fail_on_unknown=True), 0),
        ((UNKNOWN,), Gate(fail_on_unknown=True, exit_zero=True), 0),
        ((SUPPRESSED,), Gate(fail_on="low", fail_on_unknown=True), 0),
        ((FOLDED,), Gate(fail_on="low"), 1),
    ],
)
def test_findings(findings: tuple[Finding, ...], gate: Gate, code: int) -> None:
    assert exit_code(report(*findings), gate) == code


def test_an_error_wins_over_findings_and_over_exit_zero() -> None:
    broken = report(SSH, diagnostics=(Diagnostic("Not valid JSON"),))
    assert exit_code(broken, Gate()) == 4
    assert exit_code(broken, Gate(exit_zero=True)) == 4
    assert exit_code(broken, Gate(fail_on="none")) == 4
    assert exit_code(report(base=NOTHING, diagnostics=(Diagnostic("Not valid JSON"),)), Gate()) == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"diagnostics": (Diagnostic("Module not downloaded", level="outside"),)},
        {"types_without_policies": {"aws_thing": 1}},
        {"unread": {"dynamic block": 1}},
    ],
)
def test_strict_takes_what_lies_outside_for_an_error(changes: dict[str, Any]) -> None:
    assert exit_code(report(**changes), Gate()) == 0
    assert exit_code(report(**changes), Gate(strict=True)) == 4
    assert exit_code(report(SSH, **changes), Gate(strict=True)) == 4


def test_a_note_changes_nothing() -> None:
    assert exit_code(report(diagnostics=(Diagnostic("Covered", level="note"),)), Gate(strict=True)) == 0


def test_nothing_to_check() -> None:
    assert exit_code(NOTHING, Gate()) == 3
    assert exit_code(NOTHING, Gate(exit_zero=True)) == 3


def test_nothing_may_be_allowed() -> None:
    allowed = Gate(allow_nothing=True)
    assert exit_code(NOTHING, allowed) == 0
    assert exit_code(NOTHING, Gate()) == 3
    assert is_silent(NOTHING, allowed)
    assert not is_silent(NOTHING, Gate())
    assert not is_silent(CLEAN, allowed)
    broken = report(base=NOTHING, diagnostics=(Diagnostic("Not valid JSON"),))
    assert exit_code(broken, allowed) == 4
    assert not is_silent(broken, allowed)
