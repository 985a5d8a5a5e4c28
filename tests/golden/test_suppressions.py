"""Whole runs with ignores and a baseline. `ACCEPT=1 pytest tests/golden` accepts changes; review the diff.

Only a few policies run, so that a new policy changes nothing here.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from srmcheck.commands.baseline import written
from srmcheck.commands.check import check
from srmcheck.config import Config
from srmcheck.report import Options, render
from srmcheck.results import Finding, Report, Tool
from tests.golden.test_reports import ENDINGS, compare

HERE = Path(__file__).parent
INPUTS = {"plan": "plan/plan.json", "hcl": "plan", "template": "template.yaml"}
SELECT = ("SRM-S3-002", "SRM-S3-003", "SRM-VPC-001")
TODAY = "2026-11-25"


@pytest.fixture(autouse=True)
def in_the_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE / "inputs" / "ignored")


def no_stdin() -> bytes:
    raise AssertionError("nobody asked for standard input")


def config(name: str) -> Config:
    return Config(paths=(INPUTS[name],), select=SELECT, today=TODAY)


def scrubbed(report: Report) -> Report:
    """Without what changes with every release or policy."""
    kept = tuple(item for item in report.diagnostics if item.summary != "Policies selected")
    return replace(report, tool=Tool("VERSION", "ENGINE", "DIGEST", "DATE"), diagnostics=kept)


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("format_name", ["text", "json", "matrix", "markdown", "sarif"])
def test_a_report(name: str, format_name: str) -> None:
    report, lines = check(config(name), no_stdin)
    text = render(scrubbed(report), format_name, Options(read_line=lines))
    compare(HERE / "outputs" / f"ignored-{name}.{format_name}.{ENDINGS[format_name]}", text)


def verdicts(findings: tuple[Finding, ...]) -> list[tuple[str | None, ...]]:
    return sorted(
        (item.policy_id, item.resource, item.verdict, item.message, (item.suppression or {}).get("reason", ""))
        for item in findings
    )


def test_plan_and_configuration_agree() -> None:
    plan, _ = check(config("plan"), no_stdin)
    hcl, _ = check(config("hcl"), no_stdin)
    assert verdicts(plan.findings) == verdicts(hcl.findings)
    assert plan.verdicts == hcl.verdicts
    told = [[item for item in report.diagnostics if "gnore" in item.summary] for report in (plan, hcl)]
    assert told[0] == told[1] and len(told[0]) == 2


@pytest.mark.parametrize("name", INPUTS)
def test_a_baseline(name: str, tmp_path: Path) -> None:
    text, number, _ = written(config(name), no_stdin)
    compare(HERE / "outputs" / f"ignored-{name}.baseline.json", text)
    file = tmp_path / "known.json"
    file.write_text(text, encoding="utf-8")
    plain, _ = check(config(name), no_stdin)
    assert number == sum(item.verdict == "fail" for item in plain.findings) > 0
    report, _ = check(replace(config(name), baseline=file), no_stdin)
    assert not any(item.verdict == "fail" for item in report.findings)
    assert sum((item.suppression or {}).get("kind") == "baseline" for item in report.findings) == number
    assert [item.fingerprint for item in report.findings] == [item.fingerprint for item in plain.findings]


@pytest.mark.parametrize("name", INPUTS)
def test_without_ignores_all_of_it_fails(name: str) -> None:
    report, _ = check(replace(config(name), inline_ignores=False), no_stdin)
    assert {item.verdict for item in report.findings} == {"fail"}
    assert "suppressed" not in report.verdicts
    assert not any("gnore" in item.summary for item in report.diagnostics)
