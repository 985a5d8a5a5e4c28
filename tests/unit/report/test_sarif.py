"""SARIF against the schema of the standard, and what GitHub needs of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from srmcheck.report import Options, render
from srmcheck.results import Report
from tests.unit.report.samples import FULL, GATE, PASSWORD, REPORTS, SSH, read_line

SCHEMA = json.loads((Path(__file__).parents[2] / "data/formats/sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
FORMATS = ("sarif", "sarif-github")


def run_of(report: Report, name: str = "sarif") -> dict[str, Any]:
    log: dict[str, Any] = json.loads(render(report, name, Options(read_line=read_line)))
    assert len(log["runs"]) == 1
    found: dict[str, Any] = log["runs"][0]
    return found


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("format_name", FORMATS)
def test_it_is_valid_against_the_schema_of_the_standard(name: str, format_name: str) -> None:
    log = json.loads(render(REPORTS[name], format_name, Options(read_line=read_line)))
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(log)


def test_the_schema_refuses_what_is_no_sarif() -> None:
    log = json.loads(render(GATE, "sarif", Options()))
    log["runs"][0]["results"][0]["kind"] = "broken"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(SCHEMA).validate(log)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("name", REPORTS)
def test_references_reach_what_they_name(name: str, format_name: str) -> None:
    run = run_of(REPORTS[name], format_name)
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for number, item in enumerate(run["tool"]["driver"]["supportedTaxonomies"]):
        assert item["index"] == number
        assert run["taxonomies"][number]["name"] == item["name"]
    for rule in rules:
        for relation in rule["relationships"]:
            target = relation["target"]
            taxonomy = run["taxonomies"][target["toolComponent"]["index"]]
            assert taxonomy["name"] == target["toolComponent"]["name"]
            assert taxonomy["taxa"][target["index"]]["id"] == target["id"]


def test_a_rule_tells_why_and_how_to_fix_it_in_both_languages() -> None:
    rule = next(item for item in run_of(GATE)["tool"]["driver"]["rules"] if item["id"] == "SRM-RDS-003")
    for text in (rule["help"]["text"], rule["help"]["markdown"]):
        assert "resolves on the Internet" in text
        assert "Set `publicly_accessible = false`." in text
        assert "Set `PubliclyAccessible` to false." in text
        assert "https://docs.aws.amazon.com/" in text
    assert rule["properties"]["security-severity"] == "9.5"
    assert rule["properties"]["tags"] == ["security", "network-security", "rds"]
    assert [item["target"]["id"] for item in rule["relationships"]] == ["network-security", "2.2.3", "RDS.2"]


def test_rules_that_found_nothing_are_there_too() -> None:
    report = replace(GATE, findings=())
    assert [rule["id"] for rule in run_of(report)["tool"]["driver"]["rules"]] == ["SRM-CLOUDTRAIL-002", "SRM-RDS-003"]


def test_severity_becomes_level_and_controls_are_in_order() -> None:
    levels = {item["ruleId"]: item["level"] for item in run_of(FULL)["results"]}
    assert levels == {"SRM-VPC-001": "error", "SRM-S3-002": "none", "SRM-RDS-003": "error", "SRM-TEMPLATE-001": "error"}
    for severity, level in {"critical": "error", "high": "error", "medium": "warning", "low": "note"}.items():
        report = replace(FULL, findings=(replace(SSH, severity=severity),))  # type: ignore[arg-type]
        assert run_of(report)["results"][0]["level"] == level
    cis = next(item for item in run_of(GATE)["taxonomies"] if item["name"].startswith("CIS"))
    assert [item["id"] for item in cis["taxa"]] == ["2.2.3", "3.1", "3.2", "3.10"]


def test_unknown_is_open_and_suppressed_has_its_suppression() -> None:
    results = run_of(GATE)["results"]
    assert {item["kind"] for item in results if item["properties"]["verdict"] == "unknown"} == {"open"}
    # the standard: a result that is no failure has no level
    assert {item["level"] for item in results if item["kind"] != "fail"} == {"none"}
    assert [item["suppressions"][0]["kind"] for item in results if item["suppressions"]] == ["inSource", "external"]
    inline, listed = (item["suppressions"][0] for item in results if item["suppressions"])
    assert inline["justification"].startswith("the lab")
    assert inline["justification"].endswith("(until 2027-01-31)")
    assert inline["location"]["physicalLocation"]["region"] == {"startLine": 8}
    assert listed["justification"] == "in the baseline"
    assert listed["location"]["physicalLocation"]["artifactLocation"]["uri"] == "baseline.json"
    # a suppressed unknown is no failure
    assert [(item["kind"], item["level"]) for item in results if item["suppressions"]] == [
        ("fail", "error"),
        ("open", "none"),
    ]
    # the standard: of all results of a run, or of none
    assert all("suppressions" in item for item in results)


def test_github_gets_what_is_an_alert_and_is_told_of_the_rest() -> None:
    run = run_of(GATE, "sarif-github")
    assert {item["properties"]["verdict"] for item in run["results"]} == {"fail"}
    assert not any("suppressions" in item for item in run["results"])
    for item in run["results"]:
        place = item["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"]
        assert place["region"]["startLine"] >= 1
    notes = [item["message"]["text"] for item in run["invocations"][0]["toolExecutionNotifications"]]
    assert "2 checks cannot be known yet: other formats list them." in notes
    assert "2 checks suppressed: other formats list them." in notes


def test_a_folded_finding_is_told_in_the_other() -> None:
    results = run_of(FULL)["results"]
    assert "SRM-RDS-016" not in {item["ruleId"] for item in results}
    public = next(item for item in results if item["ruleId"] == "SRM-RDS-003")
    assert "Also breaks SRM-RDS-016." in public["message"]["text"]
    assert "Fails when var.public is true." in public["message"]["text"]


def test_the_call_chain_and_the_fingerprint() -> None:
    public = next(item for item in run_of(FULL)["results"] if item["ruleId"] == "SRM-RDS-003")
    assert public["partialFingerprints"] == {"srmcheck/v1": "0123456789abcdef0123456789abcdef"}
    (related,) = public["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "main.tf"
    assert related["physicalLocation"]["region"] == {"startLine": 12}
    assert related["message"]["text"] == "module.data is called here."


def test_places() -> None:
    results = {item["ruleId"]: item for item in run_of(GATE)["results"]}
    nowhere = results["SRM-RDS-003"]["locations"][0]
    assert nowhere["physicalLocation"] == {"artifactLocation": {"uri": "plan%20%C3%A9.json", "uriBaseId": "%SRCROOT%"}}
    assert nowhere["logicalLocations"][0]["kind"] == "resource"
    assert "logicalLocations" not in results["SRM-CLOUDTRAIL-002"]["locations"][0]
    outside = run_of(replace(FULL, findings=(replace(SSH, file="/elsewhere/a b.tf"),)))["results"][0]
    location = outside["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "file:///elsewhere/a%20b.tf"}


def test_a_secret_line_is_no_snippet() -> None:
    regions = {item["ruleId"]: item["locations"][0]["physicalLocation"]["region"] for item in run_of(FULL)["results"]}
    assert regions["SRM-RDS-003"]["snippet"]["text"] == "publicly_accessible = true"
    assert "snippet" not in regions["SRM-TEMPLATE-001"]
    # not marked, but under a secret-like name
    report = replace(FULL, findings=(replace(PASSWORD, masked=False),))
    assert "battery" not in render(report, "sarif", Options(read_line=read_line))


def test_what_could_not_be_checked() -> None:
    invocation = run_of(FULL)["invocations"][0]
    assert invocation["executionSuccessful"] is False
    levels = [item["level"] for item in invocation["toolExecutionNotifications"]]
    assert levels == ["error", "warning", "note", "note", "note", "note"]
    place = invocation["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 11, "startColumn": 19}
    assert run_of(REPORTS["clean"])["invocations"][0]["executionSuccessful"] is True


def test_inputs_are_artifacts_and_a_folder_has_no_digest() -> None:
    artifacts = run_of(GATE)["artifacts"]
    assert artifacts[0]["hashes"] == {"sha-256": "cd" * 32}
    assert artifacts[2]["roles"] == ["analysisTarget", "directory"]
    assert "hashes" not in artifacts[2]
    piped = replace(GATE, inputs=(replace(GATE.inputs[0], path="stdin"),))
    assert run_of(piped)["artifacts"] == []


def test_no_viewer_finds_a_link_in_a_message() -> None:
    for result in run_of(GATE)["results"]:
        assert "](" not in result["message"]["text"]
        assert "\n" not in result["message"]["text"]
