"""Values in the shape of the schema, through CloudFormation resources (docs: normalization, "Coercion")."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.conditions import Opaque, negate
from srmcheck.normalize import normalize, scalars
from srmcheck.values import ABSENT, Choice, Json, Node, Reference, Spread, Text, Unknown, known
from tests.unit.normalize.build import UNKNOWN, cloudformation, one, plain, properties, resource, tree

PROD = Opaque("IsProd")


def coerced(type_name: str, body: dict[str, Any]) -> Any:
    return properties(cloudformation(resource("X", body, type=type_name)))


@pytest.mark.parametrize(
    ("type_name", "body", "expected"),
    [
        ("AWS::EC2::Volume", {"Encrypted": "true", "Size": "20"}, {"Encrypted": True, "Size": 20}),
        ("AWS::EC2::Volume", {"Encrypted": "True", "Size": 20.0}, {"Encrypted": True, "Size": 20}),
        ("AWS::EC2::Volume", {"Encrypted": "FALSE"}, {"Encrypted": False}),
        ("AWS::EC2::Volume", {"Encrypted": "yes", "Size": "much"}, {"Encrypted": "yes", "Size": "much"}),
        (
            "AWS::RDS::DBInstance",
            {"AllocatedStorage": 100, "Port": 5432.0},
            {"AllocatedStorage": "100", "Port": "5432"},
        ),
        (
            "AWS::RDS::DBCluster",
            {"ServerlessV2ScalingConfiguration": {"MinCapacity": "0.5", "MaxCapacity": "8.0"}},
            {"ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 8}},
        ),
        ("AWS::IAM::Role", {"ManagedPolicyArns": "a"}, {"ManagedPolicyArns": ["a"]}),
        (
            "AWS::EC2::SecurityGroup",
            {"SecurityGroupIngress": {"IpProtocol": -1, "CidrIp": "0.0.0.0/0"}},
            {"SecurityGroupIngress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]},
        ),
        (
            "AWS::EC2::SecurityGroupIngress",
            {"CidrIp": "10.1.2.3/8", "CidrIpv6": "0:0:0:0:0:0:0:0/0"},
            {"CidrIp": "10.0.0.0/8", "CidrIpv6": "::/0"},
        ),
        ("AWS::EC2::SecurityGroupIngress", {"FromPort": "22", "ToPort": ""}, {"FromPort": 22, "ToPort": ""}),
        (
            "AWS::EC2::Instance",
            {"MetadataOptions": {"HttpTokens": "REQUIRED", "HttpEndpoint": "Enabled"}},
            {"MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"}},
        ),
        (
            "AWS::Lambda::Function",
            {"Environment": {"Variables": {"PORT": 8080, "DEBUG": True}}},
            {"Environment": {"Variables": {"PORT": "8080", "DEBUG": "true"}}},
        ),
        ("AWS::EC2::FlowLog", {"LogDestination": "arn:aws-cn:s3:::logs"}, {"LogDestination": "arn:aws:s3:::logs"}),
        ("AWS::SSM::Document", {"Content": '{"a": 1}'}, {"Content": {"a": 1}}),
        ("AWS::SSM::Document", {"Content": "schemaVersion: x"}, {"Content": "schemaVersion: x"}),
        ("AWS::SQS::Queue", {"RedrivePolicy": '{"maxReceiveCount": "3"}'}, {"RedrivePolicy": {"maxReceiveCount": 3}}),
        ("AWS::S3::Bucket", {"Unheard": {"Of": "true"}}, {"Unheard": {"Of": "true"}}),
        ("AWS::S3::Bucket", {"Tags": {"Team": "a"}}, {"Tags": [{"Key": "Team", "Value": "a"}]}),
    ],
)
def test_known_values(type_name: str, body: dict[str, Any], expected: dict[str, Any]) -> None:
    assert coerced(type_name, body) == expected


def test_unchanged_trees_are_not_copied() -> None:
    source = resource(
        "X", {"VersioningConfiguration": {"Status": "Enabled"}, "BucketName": "b"}, type="AWS::S3::Bucket"
    )
    assert one(cloudformation(source)).properties is source.body


def test_unknowns_stay_where_they_stand() -> None:
    body = {"Encrypted": UNKNOWN, "Tags": UNKNOWN, "KmsKeyId": Unknown("parameter without a value", "Key")}
    assert coerced("AWS::EC2::Volume", body) == {
        "Encrypted": "?known after apply",
        "Tags": "?known after apply",
        "KmsKeyId": "?parameter without a value",
    }


def test_what_a_transform_may_add_is_kept() -> None:
    body = {"Tags": [{"Key": "a", "Value": 1}], "*": Unknown("by a transform")}
    assert coerced("AWS::S3::Bucket", body) == {"Tags": [{"Key": "a", "Value": "1"}], "*": "?by a transform"}
    whole = cloudformation(resource("X", {}, type="AWS::S3::Bucket"))
    source = whole.resources[0]
    unknown = type(source)(source.address, source.type, Node(Unknown("by a transform")))
    assert properties(cloudformation(unknown)) == {"*": "?by a transform"}


def test_choices_are_coerced_branch_by_branch() -> None:
    choice = Node(Choice(((PROD, known("true")), (negate(PROD), Node(ABSENT)))))
    assert coerced("AWS::EC2::Volume", {"Encrypted": choice}) == {"Encrypted": {"choice": [True, "absent"]}}


def test_properties_that_are_a_choice() -> None:
    whole = Node(Choice(((PROD, tree({"Encrypted": "true"})), (negate(PROD), tree({"Size": "1"})))))
    source = resource("X", {}, type="AWS::EC2::Volume")
    assert properties(cloudformation(type(source)("X", source.type, whole))) == {
        "Encrypted": {"choice": [True, "absent"]},
        "Size": {"choice": ["absent", 1]},
    }


def test_lists_lose_absent_elements_and_keep_spreads() -> None:
    spread = Node(Spread(Node(Choice(((PROD, tree([{"FromPort": "22"}])), (negate(PROD), tree([])))))))
    body = {"SecurityGroupIngress": [ABSENT, {"FromPort": "1"}, spread, Node(Spread(Node(UNKNOWN)))]}
    assert coerced("AWS::EC2::SecurityGroup", body) == {
        "SecurityGroupIngress": [
            {"FromPort": 1},
            {"spread": {"choice": [[{"FromPort": 22}], []]}},
            {"spread": "?known after apply"},
        ]
    }


def test_texts_with_open_parts() -> None:
    text = Text(
        ("arn:", Reference("AWS::Partition", "Ref"), ":iam::", Unknown("parameter without a value", "Account"), ":root")
    )
    assert coerced("AWS::Lambda::Function", {"Handler": text, "MemorySize": Text((UNKNOWN, "0"))}) == {
        "Handler": "arn:aws:iam::?parameter without a value:root",
        "MemorySize": "?known after apply",
    }


def test_json_of_a_tree_is_the_tree_where_a_document_belongs() -> None:
    document = Json(tree({"Version": "2012-10-17", "Statement": {"Action": "s3:*"}}))
    assert coerced("AWS::IAM::ManagedPolicy", {"PolicyDocument": document}) == {
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Action": ["s3:*"]}]}
    }
    assert coerced("AWS::SSM::Parameter", {"Value": Json(tree({"a": 1}))}) == {"Value": {"json": {"a": 1}}}


def test_secret_marks_survive() -> None:
    secret = Node("hunter22", None, None, True)
    node = one(
        cloudformation(
            resource(
                "X", {"MasterUserPassword": secret, "Port": Node(1, None, None, True)}, type="AWS::RDS::DBInstance"
            )
        )
    )
    body = node.properties.value
    assert isinstance(body, dict)
    assert body["MasterUserPassword"].secret and body["Port"].secret
    assert body["Port"].value == "1"


def test_nesting_without_end_is_unknown() -> None:
    deep: Any = "x"
    for _ in range(300):
        deep = {"a": deep}
    found = coerced("AWS::SSM::Document", {"Content": deep})
    while isinstance(found, dict):
        found = next(iter(found.values()))
    assert found == "?nested too deeply"


def test_choices_nested_without_end_are_unknown() -> None:
    node = known("true")
    for number in range(2000):
        guard = Opaque(f"C{number}")
        node = Node(Choice(((guard, node), (negate(guard), known("false")))))
    graph = normalize(cloudformation(resource("X", {"Encrypted": node}, type="AWS::EC2::Volume")))
    assert len(graph.resources) == 1


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("1.2.3.4/0", "0.0.0.0/0"),
        ("10.0.0.7/8", "10.0.0.0/8"),
        ("::/0", "::/0"),
        ("0::0/0", "::/0"),
        ("2001:DB8::1/32", "2001:db8::/32"),
        (" 10.0.0.0/8 ", "10.0.0.0/8"),
        ("10.0.0.1", "10.0.0.1"),
        ("010.0.0.0/8", "010.0.0.0/8"),
        ("10.0.0.0/33", "10.0.0.0/33"),
        ("no range/8", "no range/8"),
        ("", ""),
    ],
)
def test_ranges(written: str, canonical: str) -> None:
    assert scalars.cidr(written) == canonical


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("arn:aws-cn:s3:::b", "arn:aws:s3:::b"),
        ("arn:aws-us-gov:iam::1:root", "arn:aws:iam::1:root"),
        ("arn:*:s3:::b", "arn:aws:s3:::b"),
        ("arn:aws:s3:::b", "arn:aws:s3:::b"),
        ("arn:azure:s3:::b", "arn:azure:s3:::b"),
        ("text", "text"),
        ("arn:aws-cn:ec2:cn-north-1:1:eip-allocation/eipalloc-1", "arn:aws:ec2:cn-north-1:1:elastic-ip/eipalloc-1"),
        ("arn:aws:s3:::acme:eip-allocation/x", "arn:aws:s3:::acme:eip-allocation/x"),
    ],
)
def test_partitions(written: str, canonical: str) -> None:
    assert scalars.arn(written) == canonical


def test_types_without_schema_are_counted() -> None:
    graph = normalize(
        cloudformation(
            resource("A", {}, type="Custom::Thing"),
            resource("B", {}, type="AWS::No::Such"),
            resource("C", {}, type="Custom::Thing"),
            resource("D", {}, type="AWS::S3::Bucket"),
        )
    )
    assert dict(graph.unjudged) == {"AWS::No::Such": 1, "Custom::Thing": 2}
    assert [item.address for item in graph.resources] == ["D"]
    assert plain(graph.resources[0].properties) == {}
