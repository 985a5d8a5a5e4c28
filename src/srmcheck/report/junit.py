"""JUnit XML: one suite for each template, one case for each policy and resource (docs: formats).

A case fails whatever its severity; one that cannot be known yet, or is suppressed, is skipped. What could not be checked
is an error of a suite of its own. There is no time in it: the same input gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from srmcheck.diagnostics import Diagnostic
from srmcheck.report.options import Options
from srmcheck.report.style import clean
from srmcheck.report.words import (
    by_level,
    diagnostic_place,
    diagnostic_text,
    path_text,
    place_text,
    reason_text,
    subject_text,
    when_text,
)
from srmcheck.results import Finding, Report

NOT_CHECKED = "srmcheck: not checked"

# What XML 1.0 has no way to write, beyond what `clean` takes out.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case: `outcome` is "" (it passed), "failure", "error" or "skipped", with a message and lines of text."""

    classname: str
    name: str
    outcome: str = ""
    message: str = ""
    type: str = ""
    lines: tuple[str, ...] = ()


def render(report: Report, _options: Options) -> str:
    """The document."""
    suites = list(_suites(report))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    total = _counts([case for _, cases in suites for case in cases])
    del total["skipped"]  # the schema has it for a suite only
    lines.append(f"<testsuites{_attributes(name='srmcheck', **total)}>")
    for name, cases in suites:
        lines.append(f"  <testsuite{_attributes(name=name, **_counts(cases))}>")
        for case in cases:
            lines += _case(case)
        lines.append("  </testsuite>")
    lines.append("</testsuites>")
    return "\n".join(lines) + "\n"


def _suites(report: Report) -> Iterator[tuple[str, list[_Case]]]:
    groups: dict[str, dict[tuple[str, str | None], list[Finding]]] = {item.template: {} for item in report.inputs}
    for finding in report.findings:
        pairs = groups.setdefault(finding.template, {})
        pairs.setdefault((finding.policy_id, finding.resource), []).append(finding)
    for template, pairs in groups.items():
        yield template, [_judged(findings) for findings in pairs.values()]
    rest = [_error(item) for item in by_level(report, "error")]
    rest += [
        _Case("srmcheck.outside", f"{item.summary} {diagnostic_place(item)}".strip(), "skipped", diagnostic_text(item))
        for item in by_level(report, "outside")
    ]
    rest += [
        _Case("srmcheck.not-assessed", item.policy_id, "skipped", f"Not assessed: {item.reason}")
        for item in report.not_assessed
    ]
    if rest:
        yield NOT_CHECKED, rest


def _error(item: Diagnostic) -> _Case:
    lines = tuple(part for part in (diagnostic_place(item), diagnostic_text(item)) if part)
    name = f"{item.summary} {diagnostic_place(item)}".strip()
    return _Case("srmcheck.error", name, "error", item.summary, "error", lines)


def _judged(findings: Sequence[Finding]) -> _Case:
    """The case of one policy and resource, from all that was found there."""
    first = findings[0]
    classname = f"{first.responsibility}.{first.policy_id}"
    name = f"{first.policy_id} {first.title}: {subject_text(first)}"
    verdicts = {item.verdict for item in findings}
    if "fail" in verdicts:
        fails = [item for item in findings if item.verdict == "fail"]
        lines = tuple(line for item in fails for line in ("", *_failure(item)))[1:]
        message = "; ".join(dict.fromkeys(item.message for item in fails))
        return _Case(classname, name, "failure", message, first.severity, lines)
    if "unknown" in verdicts:
        reasons = "; ".join(dict.fromkeys(reason_text(item) for item in findings))
        return _Case(classname, name, "skipped", f"Cannot be known yet: {reasons}")
    if "suppressed" in verdicts:
        reason = next((item.suppression.get("reason", "") for item in findings if item.suppression), "")
        return _Case(classname, name, "skipped", f"Suppressed: {reason}".rstrip(": "))
    return _Case(classname, name)


def _failure(finding: Finding) -> Iterator[str]:
    place = place_text(finding)
    yield f"{place}: {finding.message}" if place else finding.message
    if finding.source_path:
        yield f"at: {finding.source_address or subject_text(finding)} {path_text(finding.source_path)}"
    if finding.when:
        yield f"when: {when_text(finding.when)}"
    if finding.remediation:
        yield f"fix: {finding.remediation}"
    for call in finding.via:
        yield f"via: {call.call}, called at {call.file}:{call.line}"
    if finding.also:
        yield f"also breaks: {', '.join(finding.also)}"
    if finding.folded_into is not None:
        yield "The same cause is reported by another policy."


def _counts(cases: Sequence[_Case]) -> dict[str, int]:
    numbers = {"tests": len(cases)}
    for key, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        numbers[key] = sum(case.outcome == outcome for case in cases)
    return numbers


def _case(case: _Case) -> Iterator[str]:
    attributes = _attributes(classname=case.classname, name=case.name)
    if not case.outcome:
        yield f"    <testcase{attributes}/>"
        return
    yield f"    <testcase{attributes}>"
    inner = _attributes(type=case.type or None, message=case.message or None)
    if case.lines:
        text = "\n".join(escape(_sound(clean(line))) for line in case.lines)
        yield f"      <{case.outcome}{inner}>{text}</{case.outcome}>"
    else:
        yield f"      <{case.outcome}{inner}/>"
    yield "    </testcase>"


def _attributes(**values: str | int | None) -> str:
    return "".join(
        f" {key}={quoteattr(_sound(clean(str(value))))}" for key, value in values.items() if value is not None
    )


def _sound(text: str) -> str:
    return _NO_XML.sub("?", text)
