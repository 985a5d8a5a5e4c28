"""METADATA says what the catalogue specifies. Once every entry is built, METADATA alone remains."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from srmcheck.policy import load_policies
from srmcheck.policy.model import Policy, Relation
from srmcheck.schema import load

CATALOGUE = Path(__file__).resolve().parents[2] / "policies" / "catalogue.yaml"
POLICIES = load_policies(profile="all").policies
FURTHER = {
    "AWS::EC2::PrefixList",  # "Open to the whole Internet"
    "AWS::EC2::LaunchTemplate",  # "Value from a launch template"
    "AWS::SSM::MaintenanceWindowTarget",  # "a reference to a resource of the template is a known value"
}
"""What policies join beyond the types of their entry, by the catalogue's words that name it."""


@cache
def entries() -> dict[str, dict[str, Any]]:
    """The catalogue by id."""
    loaded = yaml.load(CATALOGUE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {entry["id"]: entry for entry in loaded}


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_metadata_is_the_catalogues(policy: Policy) -> None:
    entry = entries()[policy.id]
    assert policy.title == entry["title"]
    assert policy.severity == entry["severity"]
    assert policy.responsibility == entry["responsibility"]
    assert policy.service == entry["service"] == policy.file.split("/")[0]
    assert policy.yields_to == tuple(entry.get("yields_to", ()))
    assert policy.remediation == entry["remediation"]
    assert policy.frameworks == {name: tuple(ids) for name, ids in entry["frameworks"].items()}
    assert policy.equivalents == {name: tuple(ids) for name, ids in entry["equivalents"].items()}
    off = "Off in the default profile" in entry["fails_when"]
    assert policy.profile == ("all" if off else "default")


def shared_by(policy: Policy, relation: Relation) -> set[str]:
    """The types of what a judged resource and the members of a relation both name."""
    roots = [found.root for name in relation.of or policy.types if (found := load().get(name)) is not None]
    shapes = [root.at(ours) for root in roots for ours, _ in relation.shares]
    return {name for shape in shapes if shape is not None for name in shape.refers}


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_types_are_the_catalogues(policy: Policy) -> None:
    """A type of the catalogue is judged or joined; a further one that is joined is named by the catalogue's words."""
    entry = entries()[policy.id]
    joined = {name for relation in policy.related for name in (*relation.types, *shared_by(policy, relation))}
    assert set(entry["resource_types"]) <= policy.types.keys() | joined
    assert policy.types.keys() <= set(entry["resource_types"])
    assert joined - set(entry["resource_types"]) <= FURTHER
    assert any(load().is_extension(name) for name in entry["resource_types"]) == entry.get("canonical_extension", False)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_stack_scope_is_the_catalogues(policy: Policy) -> None:
    """An entry of scope stack has stack rules only, or judges resources of a baseline only; one that adds a stack judgement
    has both kinds."""
    entry = entries()[policy.id]
    has_stack = policy.asks_account
    has_resource = policy.scope == "template" and any(not rule.endswith("_stack") for rule in policy.rules)
    assert has_resource == (entry["scope"] == "resource")
    assert has_stack == (entry["scope"] == "stack" or "Account-baseline stack judgement" in entry["fails_when"])


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_metadata_helps_its_reader(policy: Policy) -> None:
    assert policy.links
    assert all(link.startswith(("https://docs.aws.amazon.com/", "https://repost.aws/")) for link in policy.links)
    assert len(policy.description) > 80
    assert policy.since == "0.1.0"


def test_the_first_fourteen_are_there() -> None:
    short = "S3-002 S3-003 S3-009 KMS-002 IAM-005 IAM-019 EC2-001 EC2-008 VPC-001 VPC-013 RDS-003 LAMBDA-003 ECS-006"
    wanted = {f"SRM-{name}" for name in [*short.split(), "CLOUDTRAIL-002"]}
    assert wanted <= {policy.id for policy in POLICIES}


def test_every_responsibility_is_judged() -> None:
    assert len({policy.responsibility for policy in POLICIES}) == 6
