"""The Shared Responsibility Model: its data, its compiler and its look-ups."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from srmcheck.policy.model_source import ModelError, compile_model, main, render
from srmcheck.policy.responsibility import COMPILED, load_model
from srmcheck.results import RESPONSIBILITIES
from srmcheck.values import Choice, Node, Unknown, known

ROOT = Path(__file__).parents[3]
POLICIES = ROOT / "policies"
SOURCE = POLICIES / "responsibility_model.yaml"
MODEL = load_model()


@cache
def catalogue() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.load(
        (POLICIES / "catalogue.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return entries


def metadata_of(file: Path) -> dict[str, Any]:
    lines = file.read_text(encoding="utf-8").splitlines()
    start = lines.index("# METADATA") + 1
    block = []
    for line in lines[start:]:
        if not line.startswith("#"):
            break
        block.append(line[2:])
    custom: dict[str, Any] = yaml.safe_load("\n".join(block))["custom"]
    return custom


def test_the_compiled_model_is_current() -> None:
    assert COMPILED.read_text(encoding="utf-8") == render(compile_model(SOURCE.read_text(encoding="utf-8")))


def test_the_duties_are_those_of_the_shared_responsibility_model() -> None:
    assert [duty["id"] for duty in MODEL.duties] == [
        "physical-and-environment",
        "network-infrastructure",
        "virtualization",
        "compliance-programmes",
        "availability-and-maintenance",
    ]
    assert tuple(area["id"] for area in MODEL.areas) == RESPONSIBILITIES
    assert all(area["not_visible"] for area in MODEL.areas)


def test_every_service_and_type_of_the_catalogue_has_a_place() -> None:
    services = {entry["service"] for entry in catalogue()}
    assert services <= set(MODEL.services)
    types = {name for entry in catalogue() for name in entry["resource_types"]}
    assert [name for name in sorted(types) if not MODEL.placements(name)] == []


def test_no_entry_of_the_catalogue_judges_what_the_provider_holds() -> None:
    wrong = []
    for entry in catalogue():
        area = entry["responsibility"]
        own = [name for name in entry["resource_types"] if MODEL.service_of(name) == entry["service"]]
        places = [place for name in own or entry["resource_types"] for place in MODEL.placements(name)]
        holders = {place.cells[area].holder for place in places if area in place.cells}
        if not own:  # it judges other services' resources, and some of its types are only joined
            holders.discard("provider")
        if "provider" in holders or not holders:
            wrong.append(entry["id"])
    assert wrong == []


def policy_files() -> list[Path]:
    files = (file for file in POLICIES.rglob("*.rego") if not file.name.endswith("_test.rego"))
    return sorted(file for file in files if "# METADATA" in file.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("file", policy_files(), ids=lambda file: file.stem)
def test_no_policy_judges_what_the_provider_holds(file: Path) -> None:
    custom = metadata_of(file)
    if "types" not in custom:
        pytest.skip("a library, not a policy")
    for name in custom["types"]:
        for place in MODEL.placements(name):
            cell = place.cells.get(custom["responsibility"])
            assert cell is not None and cell.holder != "provider", f"{name} as {place.service_title}"


@pytest.mark.parametrize(
    ("resource_type", "properties", "service", "model"),
    [
        ("AWS::EC2::Instance", {}, "ec2", "IaaS"),
        ("AWS::EC2::VPC", {}, "vpc", "IaaS"),
        ("AWS::Lambda::Function", {}, "lambda", "PaaS"),
        ("AWS::DynamoDB::Table", {}, "dynamodb", "PaaS"),
        ("AWS::RDS::DBInstance", {"Engine": "postgres"}, "rds", "PaaS"),
        ("AWS::RDS::DBInstance", {"Engine": "Custom-Oracle-EE"}, "rds", "IaaS"),
        ("AWS::RDS::DBCluster", {"Engine": "aurora-mysql"}, "rds", "PaaS"),
        ("AWS::S3::Bucket", {}, "s3", "SaaS"),
        ("AWS::Glue::Job", {}, "glue", "SaaS"),
        ("AWS::Redshift::Cluster", {}, "redshift", "SaaS"),
        ("AWS::Route53::HostedZone", {}, "route53", "SaaS"),
        ("AWS::ECS::Service", {"LaunchType": "FARGATE"}, "ecs", "PaaS"),
        ("AWS::ECS::Service", {"LaunchType": "EC2"}, "ecs", "IaaS"),
        ("AWS::ECS::Service", {}, "ecs", "IaaS"),
        ("AWS::ECS::Service", {"CapacityProviderStrategy": [{"CapacityProvider": "FARGATE_SPOT"}]}, "ecs", "PaaS"),
        ("AWS::ECS::TaskDefinition", {"RequiresCompatibilities": ["FARGATE"]}, "ecs", "PaaS"),
        ("AWS::ECS::TaskDefinition", {"RequiresCompatibilities": ["EC2", "FARGATE"]}, "ecs", "IaaS"),
        ("AWS::ECS::Service", {"LaunchType": "MANAGED_INSTANCES"}, "ecs", "PaaS"),
        ("AWS::ECS::TaskDefinition", {"RequiresCompatibilities": ["FARGATE", "MANAGED_INSTANCES"]}, "ecs", "PaaS"),
        ("AWS::EKS::Cluster", {}, "eks", "PaaS"),
        ("AWS::EKS::Nodegroup", {}, "eks", "IaaS"),
    ],
)
def test_the_model_of_a_resource(resource_type: str, properties: dict[str, Any], service: str, model: str) -> None:
    place = MODEL.place(resource_type, known(properties))
    assert place is not None
    assert (place.service, place.model) == (service, model)
    assert place.reason and place.source.startswith("https://")


@pytest.mark.parametrize(
    ("resource_type", "properties", "holder"),
    [
        ("AWS::Lambda::Function", {"Runtime": "python3.13"}, "provider"),
        ("AWS::Lambda::Function", {"PackageType": "Zip"}, "provider"),
        ("AWS::Lambda::Function", {"PackageType": "Image"}, "shared"),
        ("AWS::Batch::JobDefinition", {"PlatformCapabilities": ["EC2"]}, "customer"),
        ("AWS::Batch::JobDefinition", {"PlatformCapabilities": ["FARGATE"]}, "shared"),
        ("AWS::Batch::ComputeEnvironment", {"ComputeResources": {"Type": "SPOT"}}, "customer"),
        ("AWS::Batch::ComputeEnvironment", {"ComputeResources": {"Type": "FARGATE_SPOT"}}, "shared"),
        ("AWS::RDS::DBInstance", {"Engine": "postgres"}, "shared"),
        ("AWS::RDS::DBInstance", {"Engine": "custom-oracle-ee"}, "customer"),
        ("AWS::RDS::DBInstance", {"Engine": "custom-sqlserver-se"}, "shared"),
        ("AWS::Redshift::Cluster", {}, "shared"),
        ("AWS::RedshiftServerless::Workgroup", {}, "provider"),
        ("AWS::ElastiCache::ReplicationGroup", {}, "shared"),
        ("AWS::ElastiCache::ServerlessCache", {}, "provider"),
        ("AWS::OpenSearchService::Domain", {}, "shared"),
        ("AWS::OpenSearchServerless::Collection", {}, "provider"),
        ("AWS::EMR::Cluster", {}, "shared"),
        ("AWS::EMRServerless::Application", {}, "provider"),
        ("AWS::DocDB::DBCluster", {}, "shared"),
        ("AWS::DynamoDB::Table", {}, "provider"),
        ("AWS::S3::Bucket", {}, "provider"),
    ],
)
def test_who_patches_the_operating_system(resource_type: str, properties: dict[str, Any], holder: str) -> None:
    place = MODEL.place(resource_type, known(properties))
    assert place is not None
    assert place.cells["os-security"].holder == holder


def test_what_is_not_known_keeps_the_service_model_and_says_so() -> None:
    engine = Node({"Engine": Node(Unknown("variable without a value", "var.engine"))})
    place = MODEL.place("AWS::RDS::DBInstance", engine)
    assert place is not None
    assert place.model == "PaaS"
    assert place.reason.endswith("(Engine is not known here, so it may be RDS Custom)")


def test_an_open_choice_counts_only_if_every_branch_matches() -> None:
    from srmcheck.conditions import Opaque, negate

    prod = Opaque("IsProd")
    both = Node(Choice(((prod, Node("FARGATE")), (negate(prod), Node("EC2")))))
    same = Node(Choice(((prod, Node("FARGATE")), (negate(prod), Node("FARGATE")))))
    for launch, model in ((both, "IaaS"), (same, "PaaS")):
        place = MODEL.place("AWS::ECS::Service", Node({"LaunchType": launch}))
        assert place is not None and place.model == model


def test_the_network_of_a_managed_database_is_shared() -> None:
    place = MODEL.place("AWS::RDS::DBInstance", known({"Engine": "mysql"}))
    assert place is not None
    cell = place.cells["network-security"]
    assert cell.holder == "shared"
    assert "public or private" in cell.reason
    assert cell.source.startswith("https://docs.aws.amazon.com/AmazonRDS/")


def test_a_layer_that_is_not_there_has_no_cell() -> None:
    place = MODEL.place("AWS::EC2::SecurityGroup")
    assert place is not None
    assert set(place.cells) == {"identity-and-access", "network-security", "logging-and-monitoring"}


def test_a_type_of_no_service_has_no_place() -> None:
    assert MODEL.place("AWS::NoSuchService::Thing") is None
    assert MODEL.place("Custom::Thing") is None
    assert MODEL.placements("AWS::NoSuchService::Thing") == ()


def edited(**changes: Any) -> str:
    source = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    for path, value in changes.items():
        target = source
        *parents, last = path.split("__")
        for step in parents:
            target = target[step]
        if value is None:
            del target[last]
        else:
            target[last] = value
    return yaml.safe_dump(source)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": "srmcheck.responsibility-model/v2"}, "schema must be"),
        ({"extra": 1}, "unknown keys: extra"),
        ({"date": None}, "lacks date"),
        ({"services__s3__model": "FaaS"}, "service s3: model must be one of IaaS, PaaS, SaaS"),
        ({"services__s3__source": "https://example.com/"}, "service s3: the source must be a page of AWS"),
        ({"services__s3__titel": "S3"}, "service s3 has unknown keys: titel"),
        ({"services__s3__types": ["AWS::KMS"]}, "AWS::KMS is claimed by kms and s3"),
        ({"services__s3__types": []}, "service s3: types must name"),
        ({"services__s3__cells": {"os": {"holder": "none", "reason": "x"}}}, "unknown responsibility os"),
        ({"services__rds__cells__os-security__holder": "aws"}, "holder must be one of"),
        ({"services__rds__cells__os-security__reason": None}, "lacks reason"),
        ({"responsibilities": []}, "responsibilities must be, in this order"),
    ],
)
def test_the_loader_is_strict(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        compile_model(edited(**changes))


def test_watchers_and_services_of_what_is_not_visible_are_checked() -> None:
    source = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    source["responsibilities"][0]["not_visible"][0]["watched_by"] = ["somebody"]
    with pytest.raises(ModelError, match="watched_by needs Config or Security Hub names"):
        compile_model(yaml.safe_dump(source))
    source["responsibilities"][0]["not_visible"][0] = {
        "summary": "x",
        "watched_by": ["Config: x"],
        "services": ["ghost"],
    }
    with pytest.raises(ModelError, match="unknown service ghost"):
        compile_model(yaml.safe_dump(source))


def test_the_check_of_the_compiler_tells_stale_from_current(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "model.json"
    assert main([str(SOURCE), str(target), "--check"]) == 1
    assert main([str(SOURCE), str(target)]) == 0
    assert main([str(SOURCE), str(target), "--check"]) == 0
    target.write_text("{}", encoding="utf-8")
    assert main([str(SOURCE), str(target), "--check"]) == 1
    assert "is not current" in capsys.readouterr().err
