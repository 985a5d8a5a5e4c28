"""SARIF 2.1.0, the static analysis results interchange format (docs: formats).

`sarif` says everything as the standard says it: what cannot be known yet is of kind "open", what is suppressed has a
suppression. GitHub's code scanning reads neither, and would show both as open alerts; so `sarif-github` holds the
failures only. A finding that is folded into another is in its message, not a result of its own.
Standard: docs.oasis-open.org/sarif/sarif/v2.1.0
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from srmcheck.diagnostics import Diagnostic
from srmcheck.report.jsontext import dumps
from srmcheck.report.mask import mask_line
from srmcheck.report.options import Options, ReadLine
from srmcheck.report.sarif_rules import LEVELS, descriptor, reference, rules_of, taxonomies_of, taxonomy
from srmcheck.report.style import clean, count
from srmcheck.report.words import (
    by_level,
    diagnostic_text,
    not_checked,
    path_text,
    reason_text,
    subject_text,
    when_text,
)
from srmcheck.results import Finding, Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "%SRCROOT%"
STDIN = "stdin"

_MOST_SNIPPET = 500
_KINDS = {"fail": "fail", "suppressed": "fail", "unknown": "open", "pass": "pass"}
_NOTIFICATION = {"error": "error", "outside": "warning", "note": "note"}


def render(report: Report, options: Options) -> str:
    """The whole log."""
    return dumps(log(report, options.read_line, whole=True))


def render_github(report: Report, options: Options) -> str:
    """The log for GitHub's code scanning: failures only."""
    return dumps(log(report, options.read_line, whole=False))


def log(report: Report, read_line: ReadLine, *, whole: bool) -> dict[str, Any]:
    """The report as a SARIF log; if not `whole`, without unknown, suppressed and passing results."""
    rules = rules_of(report)
    index = {rule.id: number for number, rule in enumerate(rules)}
    taxonomies = taxonomies_of(rules)
    shown = [item for item in report.findings if item.folded_into is None and (whole or item.verdict == "fail")]
    results = [_result(item, index[item.policy_id], read_line, whole) for item in shown]
    run = {
        "tool": {
            "driver": {
                "name": "srmcheck",
                "version": report.tool.version,
                "semanticVersion": report.tool.version,
                "shortDescription": {"text": "Checks AWS templates along the Shared Responsibility Model."},
                "rules": [descriptor(rule, taxonomies) for rule in rules],
                "supportedTaxonomies": [
                    reference(item.name, number) for number, item in enumerate(taxonomies.values())
                ],
                "properties": {
                    "engine": report.tool.engine,
                    "policies": report.tool.policies,
                    "dataDate": report.tool.data_date,
                },
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {BASE: {"description": {"text": "The folder in which srmcheck was started."}}},
        "invocations": [_invocation(report, whole)],
        "artifacts": _artifacts(report),
        "taxonomies": [taxonomy(item) for item in taxonomies.values()],
        "results": results,
        "properties": {
            "resources": report.resources,
            "policies": report.policies_run,
            "verdicts": {name: report.verdicts.get(name, 0) for name in ("fail", "pass", "unknown", "suppressed")},
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding, index: int, read_line: ReadLine, whole: bool) -> dict[str, Any]:
    given = finding.suppression or {}
    kind = _KINDS[given.get("verdict", finding.verdict)]
    result: dict[str, Any] = {
        "ruleId": finding.policy_id,
        "ruleIndex": index,
        "kind": kind,
        "level": LEVELS[finding.severity] if kind == "fail" else "none",
        "message": {"text": _message(finding)},
        "locations": [_location(finding, read_line, whole)],
    }
    if finding.fingerprint is not None:
        result["partialFingerprints"] = {"srmcheck/v1": finding.fingerprint}
    if finding.via:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical(call.file, {"startLine": call.line}),
                "message": {"text": f"{_plain(call.call)} is called here."},
            }
            for number, call in enumerate(finding.via, 1)
        ]
    if whole:  # the standard: of all results of a run, or of none
        result["suppressions"] = [_suppression(given)] if finding.verdict == "suppressed" else []
    result["properties"] = {
        "verdict": finding.verdict,
        "severity": finding.severity,
        "responsibility": finding.responsibility,
        "service": finding.service,
        "template": finding.template,
        "resourceType": finding.resource_type,
        "sourceType": finding.source_type,
        "path": path_text(finding.path),
        "sourcePath": path_text(finding.source_path),
        "when": dict(sorted(finding.when.items())),
    }
    return result


def _message(finding: Finding) -> str:
    subject = clean(subject_text(finding))
    if finding.verdict == "unknown":
        parts = [f"{subject}: cannot be known yet: {reason_text(finding)}."]
    elif finding.verdict == "pass":
        parts = [f"{subject}: passes."]
    else:
        parts = [f"{subject}: {finding.message}."]
    if finding.when:
        parts.append(f"Fails when {when_text(finding.when)}.")
    if finding.also:
        parts.append(f"Also breaks {', '.join(finding.also)}.")
    if finding.remediation and finding.verdict != "pass":
        parts.append(f"Fix: {finding.remediation}")
    return _plain(" ".join(parts))


def _plain(text: str) -> str:
    """Text in which no viewer finds a link."""
    return clean(text).replace("](", "] (")


def _location(finding: Finding, read_line: ReadLine, whole: bool) -> dict[str, Any]:
    # GitHub refuses a log in which a result has no file and line: it gets the template and the first line.
    region = _region(finding, read_line) or (None if whole else {"startLine": 1})
    location: dict[str, Any] = {"physicalLocation": _physical(finding.file or finding.template, region)}
    if finding.resource is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": clean(finding.resource), "kind": "resource"}]
    return location


def _region(finding: Finding, read_line: ReadLine) -> dict[str, Any] | None:
    if finding.line is None:
        return None
    region: dict[str, Any] = {"startLine": finding.line}
    if finding.column is not None:
        region["startColumn"] = finding.column
    last = finding.end_line or finding.line
    region["endLine"] = max(last, finding.line)
    if last == finding.line and finding.file is not None and not finding.masked:
        text = read_line(finding.file, finding.line)
        start = finding.column or 1
        if text is not None and mask_line(text, secret=False) == text and start <= len(text) <= _MOST_SNIPPET:
            region["endColumn"] = len(text) + 1
            region["snippet"] = {"text": text[start - 1 :]}
    return region


def _physical(file: str, region: dict[str, Any] | None) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": _artifact_location(file)}
    if region is not None:
        location["region"] = region
    return location


def _artifact_location(file: str) -> dict[str, Any]:
    uri = quote(file.encode("utf-8", "replace"))
    return {"uri": f"file://{uri}"} if uri.startswith("/") else {"uri": uri, "uriBaseId": BASE}


def _suppression(given: Mapping[str, str]) -> dict[str, Any]:
    """An ignore in the template is "inSource"; what a baseline has is "external"."""
    entry: dict[str, Any] = {
        "kind": "external" if given.get("kind") == "baseline" else "inSource",
        "status": "accepted",
    }
    if given.get("reason"):
        end = f" (until {given['until']})" if given.get("until") else ""
        entry["justification"] = clean(f"{given['reason']}{end}")
    if given.get("file"):
        region = {"startLine": int(given["line"])} if given.get("line") else None
        entry["location"] = {"physicalLocation": _physical(given["file"], region)}
    return entry


def _artifacts(report: Report) -> list[dict[str, Any]]:
    """The inputs. A folder's digest is over several files, so it has none here."""
    found = []
    for item in report.inputs:
        if item.path == STDIN:
            continue
        entry: dict[str, Any] = {"location": _artifact_location(item.path)}
        if item.kind == "terraform-hcl":
            entry["roles"] = ["analysisTarget", "directory"]
        else:
            entry["roles"] = ["analysisTarget"]
            entry["hashes"] = {"sha-256": item.sha256}
        found.append(entry)
    return found


def _invocation(report: Report, whole: bool) -> dict[str, Any]:
    notifications = [_notification(item) for level in _NOTIFICATION for item in by_level(report, level)]
    texts = not_checked(report, diagnostics=False)
    unknown, suppressed = report.verdicts.get("unknown", 0), report.verdicts.get("suppressed", 0)
    if unknown and not whole:
        texts.append(f"{count(unknown, 'check')} cannot be known yet: other formats list them")
    if suppressed and not whole:
        texts.append(f"{count(suppressed, 'check')} suppressed: other formats list them")
    notifications += [{"level": "note", "message": {"text": _plain(f"{text}.")}} for text in texts]
    return {
        "executionSuccessful": not any(by_level(report, "error")),
        "toolExecutionNotifications": notifications,
    }


def _notification(diagnostic: Diagnostic) -> dict[str, Any]:
    text = diagnostic_text(diagnostic)
    summary = f"{diagnostic.summary}." if not diagnostic.summary.endswith(".") else diagnostic.summary
    entry: dict[str, Any] = {
        "level": _NOTIFICATION[diagnostic.level],
        "message": {"text": _plain(f"{summary} {text}".strip())},
    }
    if diagnostic.file:
        region: dict[str, Any] | None = None
        if diagnostic.line is not None:
            region = {"startLine": diagnostic.line}
            if diagnostic.column is not None:
                region["startColumn"] = diagnostic.column
        entry["locations"] = [{"physicalLocation": _physical(diagnostic.file, region)}]
    return entry
