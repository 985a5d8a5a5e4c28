"""Annotations of GitHub Actions: workflow commands on standard output (docs: formats).

Every failure is an annotation, the most severe first, as GitHub shows ten of each kind for a step; then errors, and one
notice for what cannot be known yet. The last line is for the log. Escaping: github.com/actions/toolkit, core/command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from srmcheck.report.options import Options
from srmcheck.report.style import clean, count, listed
from srmcheck.report.words import (
    by_level,
    diagnostic_text,
    shortened,
    subject_text,
    totals_text,
    when_text,
)
from srmcheck.results import SEVERITIES, Finding, Report

_COMMANDS = {"critical": "error", "high": "error", "medium": "warning", "low": "notice"}
_MOST = 2_000


def render(report: Report, _options: Options) -> str:
    """One command a line, and a line that sums up."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    several = len({item.template for item in report.inputs}) > 1
    rank = {severity: number for number, severity in enumerate(SEVERITIES)}
    fails = [item for item in report.findings if item.verdict == "fail" and item.folded_into is None]
    for finding in sorted(fails, key=lambda item: rank[item.severity]):
        yield _annotation(finding, several)
    for error in by_level(report, "error"):
        place = {"file": error.file, "line": error.line, "col": error.column}
        yield _command("error", place, f"srmcheck: {error.summary}", [diagnostic_text(error) or error.summary])
    unknown = [item for item in report.findings if item.verdict == "unknown"]
    if unknown:
        names = list(dict.fromkeys(f"{item.policy_id} {subject_text(item)}" for item in unknown))
        title = f"srmcheck: {count(report.verdicts.get('unknown', 0), 'check')} cannot be known yet"
        yield _command("notice", {}, title, [listed(names, 10)])
    if not report.resources:
        yield _command("warning", {}, "srmcheck: nothing was checked", ["No template with an AWS resource was found."])
    numbers = f"{count(report.resources, 'resource')}, {count(report.policies_run, 'policy', 'policies')}"
    yield f"srmcheck: {totals_text(report) or 'no checks'}; {numbers}"


def _annotation(finding: Finding, several: bool) -> str:
    place: dict[str, str | int | None] = {"file": finding.file}
    if finding.file is not None and finding.line is not None:
        place["line"] = finding.line
        if finding.end_line is not None and finding.end_line > finding.line:
            place["endLine"] = finding.end_line
        else:
            place["col"] = finding.column
    subject = f"{subject_text(finding)} [{finding.template}]" if several else subject_text(finding)
    lines = [f"{subject}: {finding.message}"]
    if finding.when:
        lines.append(f"Fails when {when_text(finding.when)}")
    if finding.remediation:
        lines.append(f"Fix: {finding.remediation}")
    lines += [f"Via: {call.call}, called at {call.file}:{call.line}" for call in finding.via]
    if finding.also:
        lines.append(f"Also breaks {', '.join(finding.also)}")
    return _command(
        _COMMANDS[finding.severity], place, f"{finding.policy_id} ({finding.severity}): {finding.title}", lines
    )


def _command(name: str, place: Mapping[str, str | int | None], title: str, lines: list[str]) -> str:
    values = {**place, "title": shortened(clean(title), 200)}
    if place.get("file") is None:
        values = {"title": values["title"]}
    properties = ",".join(f"{key}={_property(value)}" for key, value in values.items() if value is not None)
    message = shortened("\n".join(clean(line) for line in lines), _MOST)
    return f"::{name} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str | int) -> str:
    return _data(clean(str(value))).replace(":", "%3A").replace(",", "%2C")
