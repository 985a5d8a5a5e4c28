"""The row kinds of the translation tables, each at work on real types (docs: normalization, "Tables")."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from srmcheck.conditions import TRUE, Opaque, negate
from srmcheck.normalize import normalize
from srmcheck.normalize.merge import branches
from srmcheck.values import ABSENT, Choice, Json, Node, Reference, Spread, Text, Unknown
from tests.unit.normalize.build import BY_VARIABLE, UNKNOWN, node_at, one, plain, properties, resource, terraform, tree

COND = Opaque("var.on")


def either(first: Any, second: Any = ABSENT) -> Node:
    return Node(Choice(((COND, tree(first)), (negate(COND), tree(second)))))


def translated(address: str, body: dict[str, Any], format: Any = "plan") -> Any:
    """As a plan shows it: no defaults are filled in."""
    return properties(terraform(resource(address, body), format=format))


# What is derived


@pytest.mark.parametrize(
    ("address", "body", "expected"),
    [
        (
            "aws_vpc.x",
            {"cidr_block": "10.0.0.1/16", "enable_dns_support": "true"},
            {"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": True},
        ),
        ("aws_db_instance.x", {"kms_key_id": "k", "multi_az": True}, {"KmsKeyId": "k", "MultiAZ": True}),
        ("aws_cloudtrail.x", {"s3_bucket_name": "b", "kms_key_id": "k"}, {"S3BucketName": "b", "KMSKeyId": "k"}),
        (
            "aws_vpc.x",
            {"tags": {"Name": "x", "n": 1}},
            {"Tags": [{"Key": "Name", "Value": "x"}, {"Key": "n", "Value": "1"}]},
        ),
        (
            "aws_lambda_function.x",
            {"environment": [{"variables": {"A": 1}}]},
            {"Environment": {"Variables": {"A": "1"}}},
        ),
        ("aws_lambda_function.x", {"vpc_config": [{"subnet_ids": ["s"]}]}, {"VpcConfig": {"SubnetIds": ["s"]}}),
        ("aws_db_instance.x", {"allocated_storage": 20}, {"AllocatedStorage": "20"}),
        ("aws_iam_role.x", {"managed_policy_arns": ["a"]}, {"ManagedPolicyArns": ["a"]}),
        (
            "aws_iam_role.x",
            {"assume_role_policy": '{"Statement": []}'},
            {"AssumeRolePolicyDocument": {"Statement": []}},
        ),
        ("aws_instance.x", {"hibernation": True}, {"HibernationOptions": {"Configured": True}}),
    ],
)
def test_derived(address: str, body: dict[str, Any], expected: dict[str, Any]) -> None:
    assert translated(address, body) == expected


@pytest.mark.parametrize(
    ("address", "body"),
    [
        (
            "aws_vpc.x",
            {"id": "vpc-1", "arn": "a", "default_security_group_id": "sg", "owner_id": "1"},
        ),
        ("aws_s3_bucket.x", {"bucket_domain_name": "d", "region": "r", "hosted_zone_id": "z"}),
        ("aws_ebs_volume.x", {"unheard_of": True, "arn": "x"}),
        ("aws_vpc.x", {"cidr_block": None, "tags": ABSENT}),
    ],
)
def test_never_derived(address: str, body: dict[str, Any]) -> None:
    assert translated(address, body) == {}


def test_blocks_of_one_in_all_their_forms() -> None:
    for block in (
        {"status": "Enabled"},
        [{"status": "Enabled"}],
        [ABSENT, {"status": "Enabled"}],
        [Spread(tree([{"status": "Enabled"}]))],
    ):
        part = resource("aws_s3_bucket_versioning.v", {"bucket": "b", "versioning_configuration": block})
        assert properties(terraform(part)) == {"VersioningConfiguration": {"Status": "Enabled"}}


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (UNKNOWN, {"MetadataOptions": "?known after apply"}),
        ([UNKNOWN], {"MetadataOptions": "?known after apply"}),
        ([Spread(Node(UNKNOWN))], {"MetadataOptions": "?known after apply"}),
        ([{"http_tokens": UNKNOWN}], {"MetadataOptions": {"HttpTokens": "?known after apply"}}),
        ([], {}),
        ([{}], {"MetadataOptions": {}}),
        (
            either([{"http_tokens": "required"}], []),
            {"MetadataOptions": {"choice": [{"HttpTokens": "required"}, "absent"]}},
        ),
        (
            [either({"http_tokens": "required"})],
            {"MetadataOptions": {"choice": [{"HttpTokens": "required"}, "absent"]}},
        ),
        (
            [Spread(either([{"http_tokens": "required"}], []))],
            {"MetadataOptions": {"choice": [{"HttpTokens": "required"}, "absent"]}},
        ),
        ("text", {"MetadataOptions": "?not an object"}),
    ],
)
def test_blocks_that_are_open(block: Any, expected: dict[str, Any]) -> None:
    assert translated("aws_instance.x", {"metadata_options": block}) == expected


# move


def test_move_wraps_and_unwraps() -> None:
    body = {
        "s3_bucket": "b",
        "s3_key": "k",
        "dead_letter_config": [{"target_arn": "t"}],
    }
    assert translated("aws_lambda_function.x", body) == {
        "Code": {"S3Bucket": "b", "S3Key": "k"},
        "DeadLetterConfig": {"TargetArn": "t"},
    }
    restore = [{"restore_time": "t", "source_db_instance_identifier": "d"}]
    assert translated("aws_db_instance.x", {"restore_to_point_in_time": restore}) == {
        "RestoreTime": "t",
        "SourceDBInstanceIdentifier": "d",
    }


def test_an_unknown_block_that_is_unwrapped() -> None:
    found = translated("aws_db_instance.x", {"restore_to_point_in_time": UNKNOWN})
    assert set(found) == {
        "RestoreTime",
        "SourceDBInstanceAutomatedBackupsArn",
        "SourceDBInstanceIdentifier",
        "SourceDbiResourceId",
        "UseLatestRestorableTime",
    }
    assert set(found.values()) == {"?known after apply"}


def test_a_conditional_block_that_is_unwrapped() -> None:
    restore = either([{"restore_time": "t"}], [])
    assert translated("aws_db_instance.x", {"restore_to_point_in_time": restore}) == {
        "RestoreTime": {"choice": ["t", "absent"]}
    }


def test_the_rest_of_a_type_goes_into_one_property() -> None:
    body = {
        "name": "n",
        "instance_type": "t3.micro",
        "metadata_options": [{"http_tokens": "required"}],
        "tags": {"a": "b"},
    }
    assert translated("aws_launch_template.x", body) == {
        "LaunchTemplateName": "n",
        "LaunchTemplateData": {"InstanceType": "t3.micro", "MetadataOptions": {"HttpTokens": "required"}},
    }


def test_an_unknown_element_of_a_list_of_blocks_is_there() -> None:
    found = translated("aws_wafv2_web_acl.x", {"rule": [UNKNOWN, Spread(Node(UNKNOWN))]})
    assert found == {"Rules": [{"*": "?known after apply"}, {"spread": "?known after apply"}]}


def test_nested_lists_of_objects() -> None:
    body = {
        "event_selector": [
            {
                "include_management_events": True,
                "data_resource": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}],
            }
        ]
    }
    assert translated("aws_cloudtrail.x", body) == {
        "EventSelectors": [
            {"IncludeManagementEvents": True, "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}
        ]
    }


# values


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (True, "internal"),
        (False, "internet-facing"),
        ("true", "internal"),
        ("False", "internet-facing"),
        (BY_VARIABLE, "?variable without a value"),
        (either(True, False), {"choice": ["internal", "internet-facing"]}),
        (either(True), {"choice": ["internal", "absent"]}),
    ],
)
def test_values(written: Any, expected: Any) -> None:
    assert translated("aws_lb.x", {"internal": written}) == {"Scheme": expected}


def test_values_that_the_row_does_not_name_stay() -> None:
    assert translated("aws_s3_bucket.x", {"acl": "something"}) == {"AccessControl": "something"}
    assert translated("aws_s3_bucket.x", {"acl": "log-delivery-write"}) == {"AccessControl": "LogDeliveryWrite"}


# document


@pytest.mark.parametrize(
    "written",
    [
        '[{"name": "app", "environment": [{"name": "A", "value": "1"}], "privileged": "true", "portMappings": [{"containerPort": "80"}]}]',
        Json(
            tree(
                [
                    {
                        "name": "app",
                        "environment": [{"name": "A", "value": "1"}],
                        "privileged": True,
                        "portMappings": [{"containerPort": 80}],
                    }
                ]
            )
        ),
    ],
)
def test_document(written: Any) -> None:
    assert translated("aws_ecs_task_definition.x", {"container_definitions": written}) == {
        "ContainerDefinitions": [
            {
                "Name": "app",
                "Environment": [{"Name": "A", "Value": "1"}],
                "Privileged": True,
                "PortMappings": [{"ContainerPort": 80}],
            }
        ]
    }


def test_documents_that_are_open() -> None:
    text = Text(('[{"name": "app", "environment": [{"name": "DB", "value": "', Reference("aws_vpc.v", "id"), '"}]}]'))
    body = {"container_definitions": text}
    template = terraform(resource("aws_vpc.v", {}), resource("aws_ecs_task_definition.x", body))
    (container,) = properties(template, "aws_ecs_task_definition.x")["ContainerDefinitions"]
    assert container == {"Name": "app", "Environment": [{"Name": "DB", "Value": "⟦aws_vpc.v#Ref⟧"}]}
    assert translated("aws_ecs_task_definition.x", {"container_definitions": "nope"}) == {
        "ContainerDefinitions": "?text that is no JSON"
    }
    assert translated("aws_ecs_task_definition.x", {"container_definitions": UNKNOWN}) == {
        "ContainerDefinitions": "?known after apply"
    }


# each


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["a", "b"], [{"RoleArn": "a"}, {"RoleArn": "b"}]),
        ([either("a"), UNKNOWN], [{"choice": [{"RoleArn": "a"}, "absent"]}, {"RoleArn": "?known after apply"}]),
        (UNKNOWN, "?known after apply"),
        ([Spread(Node(UNKNOWN))], [{"spread": "?known after apply"}]),
    ],
)
def test_each(written: Any, expected: Any) -> None:
    assert translated("aws_rds_cluster.x", {"iam_roles": written}) == {"AssociatedRoles": expected}


# keyed


def test_keyed() -> None:
    body = {
        "enable_deletion_protection": True,
        "idle_timeout": 30,
        "access_logs": [{"enabled": True, "bucket": BY_VARIABLE}],
    }
    assert translated("aws_lb.x", body) == {
        "LoadBalancerAttributes": [
            {"Key": "deletion_protection.enabled", "Value": "true"},
            {"Key": "idle_timeout.timeout_seconds", "Value": "30"},
            {"Key": "access_logs.s3.enabled", "Value": "true"},
            {"Key": "access_logs.s3.bucket", "Value": "?variable without a value"},
        ]
    }
    logs = {"access_logs": either([{"enabled": True}], [])}
    assert translated("aws_lb.x", logs) == {
        "LoadBalancerAttributes": {"choice": [[{"Key": "access_logs.s3.enabled", "Value": "true"}], "absent"]}
    }


# collect, const


def test_collect_and_const() -> None:
    body = {
        "root_block_device": [{"encrypted": True, "volume_size": 8}],
        "ebs_block_device": [{"device_name": "/dev/sdf"}, {"device_name": "/dev/sdg", "kms_key_id": "k"}],
        "ephemeral_block_device": [
            {"device_name": "/dev/sdb", "virtual_name": "ephemeral0"},
            {"device_name": "c", "no_device": True},
        ],
    }
    assert translated("aws_instance.x", body)["BlockDeviceMappings"] == [
        {"Ebs": {"Encrypted": True, "VolumeSize": 8}},
        {"Ebs": {}, "DeviceName": "/dev/sdf"},
        {"DeviceName": "/dev/sdg", "Ebs": {"KmsKeyId": "k"}},
        {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"},
        {"DeviceName": "c", "NoDevice": {}},
    ]


def test_collected_elements_keep_the_place_of_their_block() -> None:
    body = {"root_block_device": [{"encrypted": False}], "ebs_block_device": [{"device_name": "a", "encrypted": False}]}
    item = one(terraform(resource("aws_instance.x", body), format="plan"))
    for number, path in enumerate((("root_block_device", 0), ("ebs_block_device", 0))):
        element = node_at(item, "BlockDeviceMappings", number)
        leaf = node_at(item, "BlockDeviceMappings", number, "Ebs", "Encrypted")
        assert element.place is not None and element.place.path == path
        assert leaf.place is not None and leaf.place.path == (*path, "encrypted")


def test_collect_of_open_blocks() -> None:
    body = {"root_block_device": [{}], "ebs_block_device": UNKNOWN}
    assert translated("aws_instance.x", body)["BlockDeviceMappings"] == [{"Ebs": {}}, {"spread": "?known after apply"}]
    body = {"root_block_device": either([{"encrypted": True}], []), "ebs_block_device": [{"device_name": "a"}]}
    found = translated("aws_instance.x", body)["BlockDeviceMappings"]
    assert found in (
        [{"spread": {"choice": [[{"Ebs": {"Encrypted": True}}], "absent"]}}, {"Ebs": {}, "DeviceName": "a"}],
        {"choice": [[{"Ebs": {"Encrypted": True}}, {"Ebs": {}, "DeviceName": "a"}], [{"Ebs": {}, "DeviceName": "a"}]]},
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"vpc_id": "v"}, {"ResourceId": "v", "ResourceType": "VPC"}),
        ({"subnet_id": "s"}, {"ResourceId": "s", "ResourceType": "Subnet"}),
        ({"eni_id": "e"}, {"ResourceId": "e", "ResourceType": "NetworkInterface"}),
        ({"vpc_id": "v", "eni_id": ""}, {"ResourceId": "v", "ResourceType": "VPC"}),
        ({"subnet_id": "", "eni_id": "e"}, {"ResourceId": "e", "ResourceType": "NetworkInterface"}),
        ({"vpc_id": UNKNOWN}, {"ResourceId": "?known after apply", "ResourceType": "VPC"}),
        (
            {"vpc_id": either("v"), "subnet_id": either(ABSENT, "s")},
            {"ResourceId": {"choice": ["v", "s"]}, "ResourceType": {"choice": ["VPC", "Subnet"]}},
        ),
        (
            {"vpc_id": either("v")},
            {"ResourceId": {"choice": ["v", "absent"]}, "ResourceType": {"choice": ["VPC", "absent"]}},
        ),
        (
            {"vpc_id": UNKNOWN, "subnet_id": UNKNOWN},
            {"ResourceId": "?known after apply", "ResourceType": "?set by more than one argument"},
        ),
    ],
)
def test_const(body: dict[str, Any], expected: dict[str, Any]) -> None:
    assert translated("aws_flow_log.x", body) == expected


# fan

RULE = {"from_port": 22, "to_port": 22, "protocol": "tcp"}


def ingress(**sources: Any) -> Any:
    found = translated("aws_security_group.x", {"ingress": [{**RULE, **sources}]})["SecurityGroupIngress"]
    rule = {"FromPort": 22, "ToPort": 22, "IpProtocol": "tcp"}

    def source(item: Any) -> Any:
        if isinstance(item, dict) and "FromPort" in item:
            assert {key: item[key] for key in rule} == rule
            return {key: value for key, value in item.items() if key not in rule}
        if isinstance(item, dict):
            return {key: source(value) for key, value in item.items()}
        return [source(inner) for inner in item] if isinstance(item, list) else item

    return source(found)


SELF = "⟦aws_security_group.x#Ref⟧"


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ({"cidr_blocks": ["10.0.0.1/8", "0.0.0.0/0"]}, [{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "0.0.0.0/0"}]),
        (
            {
                "cidr_blocks": ["1.0.0.0/8"],
                "ipv6_cidr_blocks": ["::/0"],
                "prefix_list_ids": ["pl"],
                "security_groups": ["sg"],
                "self": True,
            },
            [
                {"CidrIp": "1.0.0.0/8"},
                {"CidrIpv6": "::/0"},
                {"SourcePrefixListId": "pl"},
                {"SourceSecurityGroupId": "sg"},
                {"SourceSecurityGroupId": SELF},
            ],
        ),
        ({"self": True}, [{"SourceSecurityGroupId": SELF}]),
        ({"self": "true"}, [{"SourceSecurityGroupId": SELF}]),
        ({"self": False}, [{}]),
        ({"self": "false", "cidr_blocks": []}, [{}]),
        ({}, [{}]),
        ({"cidr_blocks": UNKNOWN}, [{"CidrIp": "?known after apply"}]),
        ({"cidr_blocks": ["1.0.0.0/8", UNKNOWN]}, [{"CidrIp": "1.0.0.0/8"}, {"CidrIp": "?known after apply"}]),
        ({"cidr_blocks": [Spread(Node(UNKNOWN))]}, [{"CidrIp": "?known after apply"}]),
        ({"self": UNKNOWN}, [{"SourceSecurityGroupId": "?known after apply"}]),
        ({"self": either(True, False)}, [{"spread": {"choice": [[{"SourceSecurityGroupId": SELF}], []]}}]),
        ({"cidr_blocks": [either("1.0.0.0/8")]}, [{"choice": [{"CidrIp": "1.0.0.0/8"}, "absent"]}]),
        (
            {"cidr_blocks": either(["1.0.0.0/8", "2.0.0.0/8"], ["0.0.0.0/0"])},
            [{"spread": {"choice": [[{"CidrIp": "1.0.0.0/8"}, {"CidrIp": "2.0.0.0/8"}], [{"CidrIp": "0.0.0.0/0"}]]}}],
        ),
    ],
)
def test_fan(sources: dict[str, Any], expected: Any) -> None:
    assert ingress(**sources) == expected


def test_fan_of_open_blocks() -> None:
    rule = {**RULE, "cidr_blocks": ["1.0.0.0/8", "2.0.0.0/8"]}
    for block in ([either(rule)], [Spread(either([rule], []))], either([rule], [])):
        found = translated("aws_security_group.x", {"ingress": block})["SecurityGroupIngress"]
        assert str(found).count("CidrIp") == 2 and "choice" in str(found)
    assert translated("aws_security_group.x", {"ingress": UNKNOWN}) == {"SecurityGroupIngress": "?known after apply"}
    assert translated("aws_security_group.x", {"ingress": [UNKNOWN]}) == {
        "SecurityGroupIngress": ["?known after apply"]
    }


def test_fanned_elements_keep_the_place_of_their_block() -> None:
    item = one(
        terraform(resource("aws_security_group.x", {"ingress": [{**RULE, "cidr_blocks": ["1.0.0.0/8", "2.0.0.0/8"]}]}))
    )
    for number in range(2):
        element = node_at(item, "SecurityGroupIngress", number)
        leaf = node_at(item, "SecurityGroupIngress", number, "CidrIp")
        assert element.place is not None and element.place.path == ("ingress", 0)
        assert leaf.place is not None and leaf.place.path == ("ingress", 0, "cidr_blocks", number)


def test_a_whole_resource_as_several() -> None:
    body = {
        **RULE,
        "type": "ingress",
        "security_group_id": "sg-1",
        "cidr_blocks": ["1.0.0.0/8", "2.0.0.0/8"],
        "prefix_list_ids": ["pl"],
        "self": True,
    }
    graph = normalize(terraform(resource("aws_security_group_rule.x", body)))
    assert [item.part for item in graph.resources] == [0, 1, 2, 3]
    assert {item.address for item in graph.resources} == {"aws_security_group_rule.x"}
    sources = [plain(item.properties) for item in graph.resources]
    assert all(source["GroupId"] == "sg-1" and source["FromPort"] == 22 for source in sources)
    assert [source.get("CidrIp") for source in sources] == ["1.0.0.0/8", "2.0.0.0/8", None, None]
    assert sources[2]["SourcePrefixListId"] == "pl"
    assert sources[3]["SourceSecurityGroupId"] == "sg-1"


def test_a_resource_that_is_conditionally_several() -> None:
    body = {**RULE, "type": "ingress", "cidr_blocks": either(["1.0.0.0/8", "2.0.0.0/8"], ["3.0.0.0/8"])}
    graph = normalize(terraform(resource("aws_security_group_rule.x", body)))
    assert [(plain(item.properties)["CidrIp"], item.exists) for item in graph.resources] == [
        ("1.0.0.0/8", COND),
        ("2.0.0.0/8", COND),
        ("3.0.0.0/8", negate(COND)),
    ]


# tags of the provider configuration


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"tags": {"a": "1"}, "tags_all": {"a": "1", "b": "2"}}, {"a": "1", "b": "2"}),
        ({"tags": {"a": "1"}, "tags_all": {"a": "9"}}, {"a": "1"}),
        ({"tags_all": {"b": "2"}}, {"b": "2"}),
        ({"tags": UNKNOWN, "tags_all": {"b": "2"}}, "?known after apply"),
        ({"tags": {"a": "1"}, "tags_all": UNKNOWN}, {"a": "1", "*": "?known after apply"}),
        ({"tags": either({"a": "1"}), "tags_all": {"b": "2"}}, {"choice": [{"a": "1", "b": "2"}, {"b": "2"}]}),
    ],
)
def test_default_tags(body: dict[str, Any], expected: Any) -> None:
    def as_map(found: Any) -> Any:
        if isinstance(found, dict):
            return {"choice": [as_map(one) for one in found["choice"]]}
        if not isinstance(found, list):
            return found
        return {item.get("Key", "*"): item.get("Value", item.get("spread")) for item in found}

    assert as_map(translated("aws_instance.x", body)["Tags"]) == expected


@pytest.mark.parametrize("more", [{"b": "2"}, UNKNOWN])
@pytest.mark.parametrize("secret", ["tags", "tags_all"])
def test_tags_beside_secret_ones_are_secret(secret: str, more: Any) -> None:
    body: dict[str, Any] = {"tags": {"a": "1"}, "tags_all": more}
    body[secret] = Node(tree(body[secret]).value, None, None, True)
    (found,) = normalize(terraform(resource("aws_instance.x", body))).resources
    assert node_at(found, "Tags").secret


# type_by


def test_type_by_of_what_is_not_written_and_of_what_has_no_type() -> None:
    def types(body: Any) -> list[str]:
        graph = normalize(terraform(resource("aws_directory_service_directory.x", {"name": "d", **body})))
        return [item.type.rsplit("::", 1)[1] for item in graph.resources]

    assert types({}) == types({"type": "SimpleAD"}) == ["SimpleAD"]
    assert types({"type": "MicrosoftAD"}) == ["MicrosoftAD"]
    assert types({"type": "ADConnector"}) == []
    assert types({"type": UNKNOWN}) == ["SimpleAD", "MicrosoftAD"]


def test_type_by() -> None:
    def types(kind: Any) -> list[tuple[str, Any]]:
        graph = normalize(
            terraform(resource("aws_security_group_rule.x", {**RULE, "type": kind, "source_security_group_id": "sg"}))
        )
        return [(item.type.rsplit("::", 1)[1], plain(item.properties)) for item in graph.resources]

    rule = {"FromPort": 22, "ToPort": 22, "IpProtocol": "tcp"}
    assert types("ingress") == [("SecurityGroupIngress", {**rule, "SourceSecurityGroupId": "sg"})]
    assert types("egress") == [("SecurityGroupEgress", {**rule, "DestinationSecurityGroupId": "sg"})]
    assert types(UNKNOWN) == [
        ("SecurityGroupIngress", {"*": "?known after apply"}),
        ("SecurityGroupEgress", {"*": "?known after apply"}),
    ]
    assert types("sideways")[0] == ("SecurityGroupIngress", {"*": "?type that is not known"})
    assert [name for name, _ in types(either("ingress", "egress"))] == ["SecurityGroupIngress", "SecurityGroupEgress"]


# parts: one source resource, canonical resources of several types


def test_the_inline_policy_of_a_bucket() -> None:
    body = {"bucket": "b", "policy": '{"Statement": {"Effect": "Deny"}}'}
    graph = normalize(terraform(resource("aws_s3_bucket.x", body), format="plan"))
    assert [(item.type, item.part) for item in graph.resources] == [
        ("AWS::S3::Bucket", 0),
        ("AWS::S3::BucketPolicy", 1),
    ]
    assert plain(graph.resources[1].properties) == {
        "PolicyDocument": {"Statement": [{"Effect": "Deny"}]},
        "Bucket": "⟦aws_s3_bucket.x#Ref⟧",
    }
    assert len(normalize(terraform(resource("aws_s3_bucket.x", {"policy": ""}))).resources) == 1
    conditional = normalize(terraform(resource("aws_s3_bucket.x", {"policy": either("{}")})))
    assert [item.exists for item in conditional.resources] == [TRUE, COND]


# default


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, False),
        ({"publicly_accessible": ABSENT}, False),
        ({"publicly_accessible": None}, False),
        ({"publicly_accessible": True}, True),
        ({"publicly_accessible": UNKNOWN}, "?known after apply"),
        ({"publicly_accessible": either(True)}, {"choice": [True, False]}),
        ({"publicly_accessible": either(True, False)}, {"choice": [True, False]}),
    ],
)
def test_default(body: dict[str, Any], expected: Any) -> None:
    assert translated("aws_db_instance.x", body, "hcl")["PubliclyAccessible"] == expected


def test_defaults_serve_hcl_only() -> None:
    for format in ("plan", "state"):
        assert translated("aws_db_instance.x", {}, format) == {}


def test_defaults_of_nested_blocks() -> None:
    assert "MetadataOptions" not in translated("aws_instance.x", {}, "hcl")
    options = translated("aws_instance.x", {"metadata_options": [{"http_tokens": "required"}]}, "hcl")[
        "MetadataOptions"
    ]
    assert options["HttpEndpoint"] == "enabled"
    open_block = translated("aws_instance.x", {"metadata_options": UNKNOWN}, "hcl")["MetadataOptions"]
    assert open_block == "?known after apply"


def test_a_default_has_the_place_of_its_block() -> None:
    item = one(terraform(resource("aws_instance.x", {"metadata_options": [{}]})))
    endpoint = node_at(item, "MetadataOptions", "HttpEndpoint")
    assert endpoint.place is not None and endpoint.place.path == ("metadata_options", 0)
    source = node_at(item, "SourceDestCheck")
    assert source.place is not None and source.place.address == "aws_instance.x"


@pytest.mark.parametrize(
    ("versions", "value"),
    [
        ({"provider_version": "5.100.0"}, True),
        ({"provider_version": "6.2.0"}, None),
        ({"provider_constraints": ("~> 5.0",)}, True),
        ({"provider_constraints": (">= 6.0",)}, None),
    ],
)
def test_a_default_of_some_versions(versions: dict[str, Any], value: Any) -> None:
    cluster = resource("aws_redshift_cluster.x", {"publicly_accessible": None})
    assert plain(one(replace(terraform(cluster), **versions)).properties).get("PubliclyAccessible") is value


def test_a_default_of_some_versions_is_an_open_choice_where_the_version_is_open() -> None:
    template = replace(terraform(resource("aws_redshift_cluster.x", {})), provider_constraints=(">= 5.0",))
    found = branches(node_at(one(template), "PubliclyAccessible"))
    older = Opaque("provider version < 6")
    assert [(when, node.value) for when, node in found] == [(older, True), (negate(older), ABSENT)]


# opaque


def test_opaque() -> None:
    hashed = "a" * 40
    assert translated("aws_instance.x", {"user_data": hashed}) == {"UserData": "?the provider stores only a hash of it"}
    assert translated("aws_instance.x", {"user_data": "#!/bin/sh"}) == {"UserData": "#!/bin/sh"}
    assert translated("aws_instance.x", {"user_data": hashed}, "hcl")["UserData"] == hashed


def test_bodies_that_are_no_object() -> None:
    source = resource("aws_vpc.x", {})
    unknown = type(source)(source.address, source.type, Node(Unknown("not evaluated")))
    assert properties(terraform(unknown)) == {"*": "?not evaluated"}


def test_what_is_not_evaluated_is_unknown_beside_what_is_written() -> None:
    assert translated("aws_vpc.x", {"cidr_block": "10.0.0.0/16", "*": UNKNOWN}) == {
        "CidrBlock": "10.0.0.0/16",
        "*": "?known after apply",
    }


def test_resources_that_cannot_exist_are_left_out() -> None:
    from srmcheck.conditions import FALSE

    assert not normalize(terraform(resource("aws_vpc.x", {}, exists=FALSE))).resources


def test_resources_keep_the_order_of_the_template() -> None:
    sources = [
        resource("aws_vpc.b", {}),
        resource("aws_s3_bucket_acl.z", {"bucket": "b", "acl": "private"}),
        resource("aws_vpc.a", {}),
    ]
    assert [item.address for item in normalize(terraform(*sources)).resources] == [
        "aws_vpc.b",
        "aws_s3_bucket_acl.z",
        "aws_vpc.a",
    ]
