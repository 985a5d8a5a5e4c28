"""The baseline: what it holds, what it covers, what is gone, and files that are none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from srmcheck.diagnostics import ConfigError
from srmcheck.suppress.baseline import baseline_findings, baseline_text, parse_baseline
from tests.unit.suppress.test_ledger import ID, finding

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "baseline-v1.schema.json").read_text(encoding="utf-8"))
FINDINGS = [
    finding(fingerprint="f3", resource="aws_s3_bucket.b"),
    finding(fingerprint="f1", template="a.json"),
    finding(fingerprint="f2", verdict="unknown"),
    finding(fingerprint="f4", verdict="suppressed"),
    finding(fingerprint="f5", resource=None, file=None, line=None),
    finding(fingerprint=None, verdict="pass"),
]


def test_it_holds_what_fails_sorted_and_without_lines() -> None:
    text = baseline_text(baseline_findings(FINDINGS))
    document = json.loads(text)
    jsonschema.validate(document, SCHEMA)
    assert [item["fingerprint"] for item in document["findings"]] == ["f1", "f5", "f3"]
    assert text == baseline_text(baseline_findings(FINDINGS[::-1]))
    moved = [replace(item, line=(item.line or 0) + 7) for item in FINDINGS]
    assert text == baseline_text(baseline_findings(moved))
    assert text.endswith("}\n") and "line" not in document["findings"][0]


def test_with_what_cannot_be_known() -> None:
    document = json.loads(baseline_text(baseline_findings(FINDINGS, unknown=True)))
    jsonschema.validate(document, SCHEMA)
    assert [item["verdict"] for item in document["findings"]] == ["fail", "fail", "unknown", "fail"]


def test_what_it_covers() -> None:
    found = parse_baseline(baseline_text(baseline_findings(FINDINGS, unknown=True)).encode(), "b.json")
    assert found.has(finding(fingerprint="f1"))
    assert found.has(finding(fingerprint="f1", verdict="unknown"))
    assert found.has(finding(fingerprint="f2", verdict="unknown"))
    assert not found.has(finding(fingerprint="f2", verdict="fail"))
    assert not found.has(finding(fingerprint="f9"))
    assert not found.has(finding(fingerprint=None))


def test_what_is_gone() -> None:
    found = parse_baseline(baseline_text(baseline_findings(FINDINGS)).encode(), "b.json")
    found.has(finding(fingerprint="f3"))

    def gone(templates: list[str], ran: set[str], known: set[str]) -> list[str]:
        return [entry.fingerprint for entry in found.gone(templates, ran, known)]

    assert gone(["plan.json", "a.json"], {ID}, {ID}) == ["f1", "f5"]
    assert gone(["plan.json"], {ID}, {ID}) == ["f5"]
    assert gone(["plan.json"], set(), {ID}) == []  # the policy did not run
    assert gone(["plan.json"], set(), set()) == ["f5"]  # there is no such policy any more
    assert found.is_of_others(["c.json"]) and not found.is_of_others(["a.json", "c.json"])


@pytest.mark.parametrize(
    ("data", "summary", "word"),
    [
        (b"{", "Baseline cannot be used", "no JSON"),
        (b"\xff\xfe", "Baseline cannot be used", "no JSON"),
        (b"[" * 3000, "Baseline cannot be used", "no JSON"),
        (b"[]", "Baseline cannot be used", "no schema"),
        (b"{}", "Baseline cannot be used", "srmcheck.baseline/v1"),
        (b'{"schema": "srmcheck.report/v1", "findings": []}', "Baseline cannot be used", "srmcheck.report/v1"),
        (b'{"schema": "hunter2", "findings": []}', "Baseline cannot be used", "another one"),
        (b'{"schema": "srmcheck.baseline/v2", "findings": []}', "Baseline of another version", "baseline/v2"),
        (b'{"schema": "srmcheck.baseline/v1"}', "Baseline cannot be used", "findings is missing"),
        (b'{"schema": "srmcheck.baseline/v1", "findings": [{}]}', "Baseline cannot be used", "Finding 1"),
        (
            b'{"schema": "srmcheck.baseline/v1", "findings": [{"fingerprint": "a", "policy_id": "b", "verdict": "pass", '
            b'"template": "t", "resource": null}]}',
            "Baseline cannot be used",
            "Finding 1",
        ),
    ],
)
def test_what_is_none(data: bytes, summary: str, word: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_baseline(data, "b.json")
    diagnostic = raised.value.diagnostic
    assert (diagnostic.summary, diagnostic.file) == (summary, "b.json")
    assert word in diagnostic.detail and "hunter2" not in diagnostic.detail
    assert "srmcheck baseline write" in diagnostic.hint
