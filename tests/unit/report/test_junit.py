"""JUnit XML against the schema of Jenkins' xUnit plugin, and as a program reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from srmcheck.report import Options, render
from srmcheck.results import Report
from tests.unit.report.samples import FULL, GATE, PASSED, PUBLIC, REPORTS, SSH, UNKNOWN

XSD = Path(__file__).parents[2] / "data/formats/junit-10.xsd"


def suites(report: Report) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(render(report, "junit", Options()))
    return {item.attrib["name"]: item for item in root}


@pytest.mark.parametrize("name", REPORTS)
def test_it_is_valid_against_the_schema(name: str) -> None:
    xmlschema.XMLSchema(XSD).validate(render(REPORTS[name], "junit", Options()))


@pytest.mark.parametrize("name", REPORTS)
def test_the_counts_are_those_of_the_cases(name: str) -> None:
    root = ElementTree.fromstring(render(REPORTS[name], "junit", Options()))
    for element in (root, *root):
        for key, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if element is not root or key != "skipped":
                assert int(element.attrib[key]) == len(list(element.iter(tag))), (element.tag, key)


def test_one_case_for_each_policy_and_resource() -> None:
    twice = replace(SSH, path=("SecurityGroupIngress", 1, "CidrIp"), message="RDP is open", line=20)
    report = replace(FULL, findings=(SSH, twice, PUBLIC, UNKNOWN, PASSED), diagnostics=(), not_assessed=())
    (suite,) = suites(report).values()
    assert suite.attrib["name"] == "plan.json"
    assert [case.attrib["classname"] for case in suite] == [
        "network-security.SRM-VPC-001",
        "network-security.SRM-RDS-003",
        "data-protection.SRM-S3-002",
        "data-protection.SRM-S3-002",
    ]
    failure = suite[0][0]
    assert failure.attrib == {"type": "high", "message": "SSH is open to the whole Internet; RDP is open"}
    assert failure.text is not None
    assert failure.text.count("main.tf:") == 2
    assert list(suite[3]) == []


def test_skipped_cases_say_why() -> None:
    suite = suites(GATE)["plan.json"]
    reasons = [item.attrib["message"] for item in suite.iter("skipped")]
    assert reasons[0].startswith("Suppressed: the lab")
    assert reasons[1] == "Suppressed: in the baseline"
    assert reasons[2] == "Cannot be known yet: depends on var.key_arn: variable without a value; cannot tell"


def test_errors_and_what_was_not_assessed_have_a_suite_of_their_own() -> None:
    found = suites(FULL)
    assert list(found) == ["plan.json", "srmcheck: not checked"]
    rest = found["srmcheck: not checked"]
    assert [case.attrib["classname"] for case in rest] == [
        "srmcheck.error",
        "srmcheck.outside",
        "srmcheck.not-assessed",
    ]


def test_passes_are_cases_even_where_other_formats_do_not_list_them() -> None:
    options = Options(show_passed=False)
    assert "testcase" in render(REPORTS["passes"], "junit", options)
    assert "aws_s3_bucket.data" not in render(REPORTS["passes"], "text", options)


def test_no_character_is_there_that_xml_lacks() -> None:
    report = replace(FULL, findings=(replace(SSH, message="a\x00\x1b\ufffe\udce9]]>b", resource="x\x0b"),))
    root = ElementTree.fromstring(render(report, "junit", Options()))
    assert next(root.iter("failure")).attrib["message"] == "a\\x00\\x1b?\\udce9]]>b"


def test_no_line_of_the_text_starts_with_what_a_template_says() -> None:
    text = render(GATE, "junit", Options())
    assert not [line for line in text.split("\n") if line.lstrip().startswith("::")]
