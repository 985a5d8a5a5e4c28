"""GitLab's code quality report, a JSON list of issues (docs: formats).

What fails, what cannot be known yet (as info) and what could not be checked. GitLab has no suppressed issues: they are
left out. Shape: docs.gitlab.com/ci/testing/code_quality, "Code Quality report format".
"""

from __future__ import annotations

import hashlib
from typing import Any

from srmcheck.diagnostics import Diagnostic
from srmcheck.report.jsontext import dumps
from srmcheck.report.options import Options
from srmcheck.report.style import clean
from srmcheck.report.words import by_level, diagnostic_text, reason_text, shortened, subject_text, when_text
from srmcheck.results import Finding, Report

_SEVERITIES = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor"}


def render(report: Report, _options: Options) -> str:
    """The list, indented. Fingerprints are unique within it."""
    issues = [
        _issue(finding)
        for finding in report.findings
        if finding.verdict in ("fail", "unknown") and finding.folded_into is None
    ]
    issues += [_error(diagnostic) for diagnostic in by_level(report, "error")]
    seen: dict[str, int] = {}
    for issue in issues:
        fingerprint = issue["fingerprint"]
        number = seen[fingerprint] = seen.get(fingerprint, 0) + 1
        if number > 1:
            issue["fingerprint"] = _digest(fingerprint, str(number))
    return dumps(issues)


def _issue(finding: Finding) -> dict[str, Any]:
    unknown = finding.verdict == "unknown"
    text = f"{finding.policy_id} {finding.title} ({subject_text(finding)}): "
    text += f"cannot be known yet: {reason_text(finding)}" if unknown else finding.message
    if finding.when:
        text += f". Fails when {when_text(finding.when)}"
    if finding.remediation and not unknown:
        text += f". Fix: {finding.remediation}"
    return _entry(
        text,
        finding.policy_id,
        finding.fingerprint or _digest(finding.policy_id, finding.template, finding.resource or ""),
        "info" if unknown else _SEVERITIES[finding.severity],
        finding.file or finding.template,
        finding.line,
    )


def _error(diagnostic: Diagnostic) -> dict[str, Any]:
    return _entry(
        f"Could not be checked: {diagnostic.summary}. {diagnostic_text(diagnostic)}".strip(),
        "srmcheck",
        _digest(diagnostic.summary, diagnostic.file or "", diagnostic.detail),
        "blocker",
        diagnostic.file or ".",
        diagnostic.line,
    )


def _entry(text: str, name: str, fingerprint: str, severity: str, path: str, line: int | None) -> dict[str, Any]:
    return {
        "description": shortened(clean(text), 2_000),
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": clean(path), "lines": {"begin": line or 1}},
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]
