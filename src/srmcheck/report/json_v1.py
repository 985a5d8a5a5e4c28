"""The report for programs: `srmcheck.report/v1` (docs: report; schema: schemas/report-v1.schema.json)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from srmcheck.diagnostics import Diagnostic
from srmcheck.report.jsontext import dumps
from srmcheck.report.options import Options
from srmcheck.results import Finding, NotVisible, Report, ResponsibilityRow

SCHEMA = "srmcheck.report/v1"


def render(report: Report, _options: Options) -> str:
    """The document, indented, ending with a newline."""
    return dumps(document(report))


def document(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    return {
        "schema": SCHEMA,
        "tool": {
            "version": report.tool.version,
            "engine": report.tool.engine,
            "policies": report.tool.policies,
            "data_date": report.tool.data_date,
        },
        "inputs": [
            {"path": item.path, "kind": item.kind, "sha256": item.sha256, "template": item.template}
            for item in report.inputs
        ],
        "findings": [_finding(finding) for finding in report.findings],
        "summary": {
            "resources": report.resources,
            "policies": report.policies_run,
            "verdicts": {name: report.verdicts.get(name, 0) for name in ("fail", "pass", "unknown", "suppressed")},
            "by_severity": {name: report.by_severity.get(name, 0) for name in ("critical", "high", "medium", "low")},
            "not_assessed": [{"policy_id": item.policy_id, "reason": item.reason} for item in report.not_assessed],
            "types_without_policies": dict(sorted(report.types_without_policies.items())),
            "not_evaluated": dict(sorted(report.unread.items())),
        },
        "inherited": [{"id": key, "title": title} for key, title in report.inherited],
        "responsibilities": [_responsibility(row) for row in report.responsibilities],
        "errors": _diagnostics(report.diagnostics, "error"),
        "outside": _diagnostics(report.diagnostics, "outside"),
        "notes": _diagnostics(report.diagnostics, "note"),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "policy_id": finding.policy_id,
        "title": finding.title,
        "severity": finding.severity,
        "responsibility": finding.responsibility,
        "service": finding.service,
        "verdict": finding.verdict,
        "template": finding.template,
        "resource": finding.resource,
        "resource_type": finding.resource_type,
        "source_type": finding.source_type,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "path": list(finding.path),
        "source_address": finding.source_address,
        "source_path": list(finding.source_path),
        "message": finding.message,
        "when": dict(sorted(finding.when.items())),
        "blocked_by": [
            {"path": list(item.path), "address": item.address, "reason": item.reason, "name": item.name}
            for item in finding.blocked_by
        ],
        "via": [{"file": call.file, "line": call.line, "call": call.call} for call in finding.via],
        "folded_into": finding.folded_into,
        "also": list(finding.also),
        "suppression": _suppression(finding.suppression) if finding.suppression is not None else None,
        "remediation": finding.remediation,
        "frameworks": {name: list(ids) for name, ids in sorted(finding.frameworks.items())},
        "links": list(finding.links),
        "fingerprints": {"srmcheck/v1": finding.fingerprint} if finding.fingerprint is not None else {},
    }


def _suppression(given: Mapping[str, str]) -> dict[str, Any]:
    texts: dict[str, Any] = {key: given.get(key) for key in ("kind", "verdict", "reason", "until", "file")}
    return {**texts, "line": int(given["line"]) if "line" in given else None}


def _responsibility(row: ResponsibilityRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "holders": {"customer": row.customer, "shared": row.shared, "provider": row.provider},
        "passed": row.passed,
        "failed": row.failed,
        "unknown": row.unknown,
        "suppressed": row.suppressed,
        "resources_without_policies": list(row.resources_without_policies),
        "not_visible": [_not_visible(item) for item in row.not_visible],
    }


def _not_visible(item: NotVisible) -> dict[str, Any]:
    return {"summary": item.summary, "watched_by": list(item.watched_by), "service": item.service}


def _diagnostics(diagnostics: Iterable[Diagnostic], level: str) -> list[dict[str, Any]]:
    return [
        {
            "summary": item.summary,
            "file": item.file,
            "line": item.line,
            "column": item.column,
            "detail": item.detail,
            "hint": item.hint,
        }
        for item in diagnostics
        if item.level == level
    ]
