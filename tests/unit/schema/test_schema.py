"""The shipped schema: what it holds, how it is read, and that it is current."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from srmcheck.schema import load
from srmcheck.schema.build import COMPILED, compile_schema, load_overlay
from srmcheck.schema.indexed import IndexedFile, indexed
from srmcheck.schema.model import Shape

CATALOGUE = Path(__file__).parents[3] / "policies" / "catalogue.yaml"


def shape(type_name: str, path: str) -> Shape | None:
    kind = load().get(type_name)
    assert kind is not None
    return kind.root.at(tuple(path.replace("[]", ".[]").split(".")))


@pytest.mark.parametrize(
    ("type_name", "path", "kind"),
    [
        ("AWS::S3::Bucket", "BucketName", "string"),
        ("AWS::S3::Bucket", "PublicAccessBlockConfiguration.BlockPublicAcls", "boolean"),
        ("AWS::S3::Bucket", "BucketEncryption.ServerSideEncryptionConfiguration", "list"),
        (
            "AWS::S3::Bucket",
            "BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.SSEAlgorithm",
            "string",
        ),
        ("AWS::S3::BucketPolicy", "PolicyDocument", "policy"),
        ("AWS::IAM::ManagedPolicy", "PolicyDocument", "policy"),
        ("AWS::IAM::Role", "Policies[].PolicyDocument", "policy"),
        ("AWS::SSO::PermissionSet", "InlinePolicy", "policy"),
        ("AWS::SSM::Document", "Content", "document"),
        ("AWS::Lambda::Function", "Environment.Variables", "map"),
        ("AWS::Lambda::Function", "Environment.Variables.ANY", "string"),
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress[].FromPort", "integer"),
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress[].CidrIp", "cidr"),
        ("AWS::RDS::DBCluster", "ServerlessV2ScalingConfiguration.MinCapacity", "number"),
        ("AWS::EC2::DefaultSecurityGroup", "SecurityGroupIngress[].CidrIpv6", "cidr"),
        ("AWS::IAM::AccountPasswordPolicy", "MinimumPasswordLength", "integer"),
        ("AWS::S3::Bucket", "AccessControlPolicy.Grants[].Grantee.URI", "string"),
        ("AWS::S3::BucketPolicy", "PolicyDocument.Statement[].Action", "any"),
        ("AWS::SQS::Queue", "RedrivePolicy.deadLetterTargetArn", "string"),
    ],
)
def test_shapes(type_name: str, path: str, kind: str) -> None:
    found = shape(type_name, path)
    assert found is not None and found.kind == kind


@pytest.mark.parametrize(
    ("type_name", "path"),
    [
        ("AWS::S3::Bucket", "Bucketname"),
        ("AWS::S3::Bucket", "BucketName.X"),
        ("AWS::S3::Bucket", "BucketName[]"),
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress.FromPort"),
    ],
)
def test_paths_that_are_not_there(type_name: str, path: str) -> None:
    assert shape(type_name, path) is None


def test_options_are_found_in_any_case() -> None:
    found = shape("AWS::EC2::Instance", "MetadataOptions.HttpTokens")
    assert found is not None and found.options["required"] == "required"
    runtime = shape("AWS::Lambda::Function", "Runtime")
    assert runtime is not None and runtime.options["python3.12"] == "python3.12"


@pytest.mark.parametrize(
    ("type_name", "path", "refers"),
    [
        ("AWS::EC2::FlowLog", "ResourceId", "AWS::EC2::VPC"),
        ("AWS::EC2::SecurityGroup", "VpcId", "AWS::EC2::VPC"),
        ("AWS::EC2::Volume", "KmsKeyId", "AWS::KMS::Key"),
        ("AWS::EC2::Instance", "LaunchTemplate.LaunchTemplateName", "AWS::EC2::LaunchTemplate"),
        ("AWS::EC2::Instance", "LaunchTemplate.LaunchTemplateId", "AWS::EC2::LaunchTemplate"),
        ("AWS::S3::BucketPolicy", "Bucket", "AWS::S3::Bucket"),
        ("AWS::S3::Bucket", "LoggingConfiguration.DestinationBucketName", "AWS::S3::Bucket"),
        ("AWS::CloudTrail::Trail", "S3BucketName", "AWS::S3::Bucket"),
        ("AWS::Lambda::Function", "VpcConfig.SecurityGroupIds[]", "AWS::EC2::SecurityGroup"),
        ("AWS::IAM::ManagedPolicy", "Roles[]", "AWS::IAM::Role"),
        ("AWS::ElasticLoadBalancing::LoadBalancer", "AccessLoggingPolicy.S3BucketName", "AWS::S3::Bucket"),
    ],
)
def test_reference_paths(type_name: str, path: str, refers: str) -> None:
    found = shape(type_name, path)
    assert found is not None and refers in found.refers


def test_a_name_does_not_refer_to_its_own_resource() -> None:
    for type_name, path in (("AWS::EC2::LaunchTemplate", "LaunchTemplateName"), ("AWS::S3::Bucket", "BucketName")):
        found = shape(type_name, path)
        assert found is not None and not found.refers


def test_keyed_references() -> None:
    attributes = shape("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerAttributes")
    assert attributes is not None and attributes.keyed is not None
    key, value, shapes = attributes.keyed
    assert (key, value) == ("Key", "Value")
    assert shapes["access_logs.s3.bucket"].refers == ("AWS::S3::Bucket",)


@pytest.mark.parametrize(
    ("type_name", "attribute", "identity"),
    [
        ("AWS::S3::Bucket", "Ref", "Ref"),
        ("AWS::S3::Bucket", "BucketName", "Ref"),
        ("AWS::S3::Bucket", "Arn", "Arn"),
        ("AWS::EC2::SecurityGroup", "GroupId", "Ref"),
        ("AWS::EC2::SecurityGroup", "GroupName", "GroupName"),
        ("AWS::IAM::ManagedPolicy", "Ref", "Arn"),
        ("AWS::ECS::TaskDefinition", "Ref", "Arn"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerArn", "Arn"),
        ("AWS::RDS::DBInstance", "DBInstanceArn", "Arn"),
        ("AWS::RDS::DBInstance", "DBInstanceIdentifier", "Ref"),
        ("AWS::EC2::VPC", "DefaultSecurityGroup", "DefaultSecurityGroup"),
        ("AWS::EC2::LaunchTemplate", "LaunchTemplateName", "LaunchTemplateName"),
        ("AWS::SSO::PermissionSet", "PermissionSetArn", "Arn"),
    ],
)
def test_identities(type_name: str, attribute: str, identity: str) -> None:
    kind = load().get(type_name)
    assert kind is not None and kind.identities[attribute] == identity


def test_every_type_has_the_two_common_identities() -> None:
    for name in load():
        kind = load().get(name)
        assert kind is not None and {"Ref", "id", "Arn", "arn"} <= set(kind.identities)
        assert set(kind.named_by.values()) <= set(kind.root.properties)


def test_every_type_that_is_referred_to_is_there_or_can_be_named() -> None:
    overlay = load_overlay()
    named = {name for group in overlay["references"] for name in group["types"]}
    known = {"AWS::EC2::PrefixList", *load()}
    assert named <= known
    for name, ours in overlay["types"].items():
        for types in (ours.get("references") or {}).values():
            missing = set(types) - known
            assert not missing, (name, missing)


def test_extensions() -> None:
    schema = load()
    assert schema.is_extension("AWS::IAM::AccountPasswordPolicy")
    assert schema.is_extension("AWS::EC2::DefaultSecurityGroup")
    assert not schema.is_extension("AWS::S3::Bucket")
    assert not schema.is_extension("AWS::No::Type")


def test_every_type_of_the_catalogue_is_there() -> None:
    entries = yaml.load(CATALOGUE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    named = {name for entry in entries for name in entry["resource_types"]}
    # what these two mean stands in a provider block and in Metadata, not in a resource
    assert named - set(load()) == {"AWS::CloudFormation::Authentication", "AWS::Terraform::Provider"}


def test_unknown_types() -> None:
    assert load().get("AWS::No::Type") is None
    assert "AWS::No::Type" not in load()
    assert "AWS::S3::Bucket" in load()


def test_enumerations() -> None:
    kind = load().get("AWS::CloudTrail::Trail")
    assert kind is not None
    assert {"All", "ReadOnly", "WriteOnly"} <= kind.enumerations()
    assert "TrailName" not in kind.enumerations()


def test_read_only_properties() -> None:
    kind = load().get("AWS::S3::Bucket")
    assert kind is not None and {"Arn", "DomainName"} <= kind.read_only


def test_recursive_types_end() -> None:
    for name in load():
        kind = load().get(name)
        assert kind is not None
        stack, seen, steps = [kind.root], set[int](), 0
        while stack:
            current = stack.pop()
            if id(current) in seen:
                continue
            seen.add(id(current))
            steps += 1
            stack.extend(current.properties.values())
            if current.kind in ("list", "map"):
                stack.append(current.item)
        assert steps < 20_000, name


def test_the_shipped_file_is_current() -> None:
    assert COMPILED.read_bytes() == compile_schema()


def test_indexed_files(tmp_path: Path) -> None:
    records = {"b": {"x": "ü"}, "a": [1, 2], "c": "line\nbreak"}
    path = tmp_path / "records.jsonl"
    path.write_bytes(indexed({"version": 1}, records))
    file = IndexedFile(path)
    assert list(file) == ["a", "b", "c"]
    assert {name: file.read(name) for name in file} == records
    assert file.header == {"version": 1}
    assert "a" in file and "d" not in file
    with pytest.raises(KeyError):
        file.read("d")
    assert indexed({"version": 1}, dict(reversed(records.items()))) == path.read_bytes()
