"""From graphs and verdicts to a report."""

from __future__ import annotations

from dataclasses import replace

from srmcheck.commands.assemble import Assembly, input_of
from srmcheck.diagnostics import Diagnostic
from srmcheck.evaluate.outcome import Evaluation
from srmcheck.policy.responsibility import load_model
from srmcheck.results import Report
from srmcheck.template import Template
from tests.unit.commands.samples import POLICIES, evaluation, graph
from tests.unit.report.samples import TOOL


def assembled(*diagnostics: Diagnostic) -> Report:
    assembly = Assembly(load_model(), POLICIES, diagnostics=list(diagnostics))
    of = graph()
    assembly.add(of, evaluation(of))
    return assembly.report(TOOL)


def test_counts() -> None:
    report = assembled()
    assert report.resources == 4  # no data source, no resource of another provider
    assert report.verdicts == {"fail": 1, "unknown": 1}
    assert report.by_severity == {"critical": 1}
    assert report.policies_run == 2
    assert report.unread == {"dynamic block": 1}
    assert [item.policy_id for item in report.not_assessed] == ["SRM-CLOUDTRAIL-002"]


def test_types_that_no_policy_looks_at() -> None:
    assert assembled().types_without_policies == {"aws_kms_key": 1, "aws_iot_thing": 1}


def test_the_rows_say_who_holds_what_and_what_was_checked() -> None:
    rows = {row.address: row for row in assembled().rows}
    assert set(rows) == {"aws_db_instance.main", "aws_s3_bucket.logs", "aws_kms_key.db"}
    database = rows["aws_db_instance.main"]
    assert (database.model, database.service_title) == ("PaaS", "Amazon RDS")
    cells = {cell.responsibility: cell for cell in database.cells}
    assert (cells["network-security"].holder, cells["network-security"].failed) == ("shared", 1)
    assert cells["data-protection"].checks == 0


def test_the_responsibilities_count_holders_and_verdicts() -> None:
    areas = {row.id: row for row in assembled().responsibilities}
    network = areas["network-security"]
    assert (network.customer, network.shared, network.provider) == (0, 1, 2)
    assert (network.passed, network.failed, network.unknown) == (0, 1, 0)
    data = areas["data-protection"]
    assert data.customer == 3
    assert data.resources_without_policies == ("aws_kms_key.db", "aws_db_instance.main")


def test_what_is_not_visible_is_that_of_the_services_that_are_there() -> None:
    areas = {row.id: row for row in assembled().responsibilities}
    services = {item.service for item in areas["data-protection"].not_visible}
    assert services == {"kms", "rds", "s3"}
    assert any(item.summary == "MFA of the root user" for item in areas["identity-and-access"].not_visible)


def test_aws_duties_are_inherited() -> None:
    assert next(key for key, _ in assembled().inherited) == "physical-and-environment"


def test_diagnostics_are_ordered_and_said_once() -> None:
    note, error = Diagnostic("b", "x", level="note"), Diagnostic("z", "y", 3)
    report = assembled(note, error, error, Diagnostic("z", "y", 2))
    assert [(item.summary, item.line) for item in report.diagnostics] == [("z", 2), ("z", 3), ("b", None)]


def test_several_templates_are_told_apart() -> None:
    assembly = Assembly(load_model(), POLICIES)
    for name in ("b.json", "a.json"):
        of = graph()
        of = replace(of, template=replace(of.template, name=name))
        assembly.add(of, Evaluation(()))
    report = assembly.report(TOOL)
    assert [item.path for item in report.inputs] == ["a.json", "b.json"]
    unchecked = {row.id: row for row in report.responsibilities}["data-protection"].resources_without_policies
    assert unchecked[0].startswith("a.json: ")


def test_the_digest_of_a_folder_is_over_its_files() -> None:
    one = input_of(Template("d", "terraform", "hcl", files={"d/b.tf": "2", "d/a.tf": "1"}))
    same = input_of(Template("d", "terraform", "hcl", files={"d/a.tf": "1", "d/b.tf": "2"}))
    other = input_of(Template("d", "terraform", "hcl", files={"d/a.tf": "1", "d/b.tf": "3"}))
    assert one == same != other
    assert (one.kind, len(one.sha256)) == ("terraform-hcl", 64)


def test_the_digest_of_one_file_is_its_own() -> None:
    assert input_of(Template("p", "terraform", "plan", files={"p": "ab"})).sha256 == "ab"
