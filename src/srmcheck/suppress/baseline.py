"""The baseline: findings that were there when it was written (docs: suppressions; schema: schemas/baseline-v1.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from srmcheck.diagnostics import ConfigError, Diagnostic
from srmcheck.results import Finding

SCHEMA = "srmcheck.baseline/v1"
_FAMILY = "srmcheck.baseline/"
_WRITE = "write it with srmcheck baseline write PATHS -o FILE"
_TEXTS = ("fingerprint", "policy_id", "verdict", "template")
_VERDICTS = ("fail", "unknown")


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding of the baseline; `resource` None is the template as a whole."""

    fingerprint: str
    policy_id: str
    verdict: str
    template: str
    resource: str | None


@dataclass
class Baseline:
    """The baseline in the file called `name`, by fingerprint. Remembers which entries were met."""

    name: str
    entries: Mapping[str, Entry]
    _met: set[str] = field(default_factory=set)

    def has(self, finding: Finding) -> bool:
        """Whether the baseline covers the finding: one that failed covers it whatever its verdict, one that could not be
        known covers what cannot be known."""
        entry = self.entries.get(finding.fingerprint or "")
        if entry is None:
            return False
        self._met.add(entry.fingerprint)
        return entry.verdict == "fail" or finding.verdict == "unknown"

    def gone(self, templates: Iterable[str], ran: Iterable[str], known: Iterable[str]) -> list[Entry]:
        """The entries of the checked `templates` that no finding met, of policies that `ran` or that are not `known` any
        more."""
        seen, judged, there = set(templates), set(ran), set(known)
        return [
            entry
            for entry in self.entries.values()
            if entry.fingerprint not in self._met
            and entry.template in seen
            and (entry.policy_id in judged or entry.policy_id not in there)
        ]

    def is_of_others(self, templates: Iterable[str]) -> bool:
        """Whether it has entries, and none for a checked template."""
        seen = set(templates)
        return bool(self.entries) and not any(entry.template in seen for entry in self.entries.values())


def parse_baseline(data: bytes, name: str) -> Baseline:
    """The baseline in `data`; `name` is its file as the user named it. Raises ConfigError for what is none."""
    import orjson

    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise _broken(name, "The file is no JSON.") from None
    if not isinstance(document, dict) or not isinstance(document.get("schema"), str):
        raise _broken(name, f"The file has no schema; that of a baseline is {SCHEMA}.")
    schema = document["schema"]
    if schema != SCHEMA:
        other = schema if schema.startswith("srmcheck.") and len(schema) < 60 else "another one"
        detail = f"Its schema is {other}; this srmcheck reads {SCHEMA}."
        if not schema.startswith(_FAMILY):
            raise _broken(name, detail)
        raise ConfigError(Diagnostic("Baseline of another version", name, detail=detail, hint=_WRITE))
    findings = document.get("findings")
    if not isinstance(findings, list):
        raise _broken(name, "findings is missing, or is no list.")
    entries: dict[str, Entry] = {}
    for number, item in enumerate(findings, 1):
        entry = _entry(item)
        if entry is None:
            raise _broken(name, f"Finding {number} of it has not the form of one.")
        entries[entry.fingerprint] = entry
    return Baseline(name, entries)


def _entry(item: Any) -> Entry | None:
    if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in _TEXTS):
        return None
    resource = item.get("resource")
    if item["verdict"] not in _VERDICTS or not (resource is None or isinstance(resource, str)):
        return None
    return Entry(item["fingerprint"], item["policy_id"], item["verdict"], item["template"], resource)


def _broken(name: str, detail: str) -> ConfigError:
    return ConfigError(Diagnostic("Baseline cannot be used", name, detail=detail, hint=_WRITE))


def baseline_findings(findings: Iterable[Finding], *, unknown: bool = False) -> list[Finding]:
    """Those of the findings that a baseline holds: what fails, and with `unknown` what cannot be known."""
    wanted = _VERDICTS if unknown else _VERDICTS[:1]
    return [item for item in findings if item.verdict in wanted and item.fingerprint is not None]


def baseline_text(findings: Iterable[Finding]) -> str:
    """The baseline of these findings: sorted, an entry for each, without lines, so that it changes only where findings come
    and go."""
    rows = [
        {
            "fingerprint": item.fingerprint,
            "policy_id": item.policy_id,
            "verdict": item.verdict,
            "title": item.title,
            "template": item.template,
            "resource": item.resource,
            "file": item.file,
        }
        for item in findings
    ]
    rows.sort(key=lambda row: tuple(row[key] or "" for key in ("template", "resource", "policy_id", "fingerprint")))
    return json.dumps({"schema": SCHEMA, "findings": rows}, indent=2, ensure_ascii=True) + "\n"
