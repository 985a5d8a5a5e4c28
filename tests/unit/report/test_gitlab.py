"""The code quality report against the shape that GitLab documents (docs.gitlab.com/ci/testing/code_quality)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from srmcheck.report import Options, render
from srmcheck.results import Report
from tests.unit.report.samples import FULL, GATE, REPORTS, SSH

SHAPE = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "additionalProperties": False,
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def issues(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(report, "gitlab", Options()))
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_it_has_the_documented_shape_and_unique_fingerprints(name: str) -> None:
    found = issues(REPORTS[name])
    jsonschema.Draft202012Validator(SHAPE).validate(found)
    prints = [item["fingerprint"] for item in found]
    assert len(set(prints)) == len(prints)


def test_severities() -> None:
    for severity, name in {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor"}.items():
        report = replace(FULL, findings=(replace(SSH, severity=severity),), diagnostics=())  # type: ignore[arg-type]
        assert [item["severity"] for item in issues(report)] == [name]


def test_what_is_in_it() -> None:
    found = {(item["check_name"], item["severity"]) for item in issues(FULL)}
    assert ("SRM-S3-002", "info") in found  # cannot be known yet
    assert ("srmcheck", "blocker") in found  # could not be checked
    assert "SRM-RDS-016" not in {name for name, _ in found}  # folded
    assert "SRM-VPC-001" not in {item["check_name"] for item in issues(GATE)}  # suppressed


def test_the_fingerprint_is_that_of_the_finding_and_a_place_is_always_there() -> None:
    nowhere = next(item for item in issues(GATE) if item["check_name"] == "SRM-RDS-003")
    assert nowhere["fingerprint"] == "5123456789abcdef0123456789abcdef"
    assert nowhere["location"] == {"path": "plan é.json", "lines": {"begin": 1}}


def test_a_clean_report_is_an_empty_list() -> None:
    assert issues(REPORTS["clean"]) == []
