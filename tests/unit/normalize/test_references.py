"""What references, names and expressions mean (docs: normalization, "References")."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.conditions import Opaque, negate
from srmcheck.normalize import normalize
from srmcheck.template import Scope
from srmcheck.values import Choice, Node, Origin, Reference, Text, Unknown
from tests.unit.normalize.build import (
    BY_VARIABLE,
    UNKNOWN,
    cloudformation,
    node_at,
    one,
    plain,
    properties,
    resource,
    terraform,
    tree,
)

COND = Opaque("var.prod")


def bucket_of(value: Any, *others: Any, format: Any = "hcl") -> Any:
    """What the bucket of a bucket policy becomes."""
    policy = resource("aws_s3_bucket_policy.p", {"bucket": value})
    return properties(terraform(policy, *others, format=format), "aws_s3_bucket_policy.p").get("Bucket")


BUCKET = resource("aws_s3_bucket.b", {"bucket": "acme", "arn": "arn:aws:s3:::acme"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Reference("aws_s3_bucket.b", "id"), "⟦aws_s3_bucket.b#Ref⟧"),
        (Reference("aws_s3_bucket.b", "bucket"), "⟦aws_s3_bucket.b#Ref⟧"),
        (Reference("aws_s3_bucket.b", "arn"), "⟦aws_s3_bucket.b#Arn⟧"),
        (Reference("aws_s3_bucket.b", "bucket_domain_name"), "⟦aws_s3_bucket.b#BucketDomainName⟧"),
        (Reference("aws_s3_bucket.b", "bucket_regional_domain_name"), "⟦aws_s3_bucket.b#BucketRegionalDomainName⟧"),
        (Reference("aws_s3_bucket.b", "acceleration_status"), "?known after apply"),
        (Reference("aws_s3_bucket.gone", "id"), "?not in the template"),
        ("acme", "⟦aws_s3_bucket.b#Ref⟧"),
        ("arn:aws:s3:::acme", "⟦aws_s3_bucket.b#Arn⟧"),
        ("arn:aws-cn:s3:::acme", "⟦aws_s3_bucket.b#Arn⟧"),
        ("acme-2", "acme-2"),
        ("", ""),
        (Text(("ac", Reference("aws_s3_bucket.b", "id"))), "ac⟦aws_s3_bucket.b#Ref⟧"),
        (UNKNOWN, "?known after apply"),
    ],
)
def test_a_bucket_by_name_reference_and_arn(value: Any, expected: str) -> None:
    assert bucket_of(value, BUCKET) == expected


def test_other_attributes_are_their_values() -> None:
    vpc = resource("aws_vpc.v", {"cidr_block": "10.20.0.7/16", "tags": {"a.b": "x"}})
    rule = resource(
        "aws_vpc_security_group_ingress_rule.r",
        {
            "cidr_ipv4": Reference("aws_vpc.v", "cidr_block"),
            "description": Reference("aws_vpc.v", "tags.a.b"),
            "security_group_id": Reference("aws_vpc.v", "default_security_group_id"),
        },
    )
    assert properties(terraform(vpc, rule), rule.address) == {
        "CidrIp": "10.20.0.0/16",
        "Description": "x",
        "GroupId": "⟦aws_vpc.v#DefaultSecurityGroup⟧",
    }


def test_getatt_of_a_property() -> None:
    vpc = resource("Vpc", {"CidrBlock": "10.20.0.0/16", "EnableDnsSupport": "true"}, type="AWS::EC2::VPC")
    rule = resource(
        "Rule",
        {
            "CidrIp": Reference("Vpc", "CidrBlock"),
            "GroupId": Reference("Vpc", "DefaultSecurityGroup"),
            "Description": Text(("dns ", Reference("Vpc", "EnableDnsSupport"))),
            "CidrIpv6": Reference("Vpc", "Ipv6CidrBlock"),
        },
        type="AWS::EC2::SecurityGroupIngress",
    )
    assert properties(cloudformation(vpc, rule), "Rule") == {
        "CidrIp": "10.20.0.0/16",
        "GroupId": "⟦Vpc#DefaultSecurityGroup⟧",
        "Description": "dns true",
        "CidrIpv6": "?known after deployment",
    }


def test_an_unknown_attribute_keeps_whom_it_names() -> None:
    db = resource("aws_db_instance.d", {})
    user = resource("aws_instance.i", {"user_data": Reference("aws_db_instance.d", "engine_version")})
    node = node_at(one(terraform(db, user), user.address), "UserData")
    assert node.value == Unknown("known after apply", "aws_db_instance.d.engine_version", ("aws_db_instance.d",), True)


def test_references_to_types_without_table() -> None:
    zone = resource("aws_made_up_zone.z", {"name": "example.com"})
    body = {
        "environment": [
            {
                "variables": {
                    "ID": Reference("aws_made_up_zone.z", "id"),
                    "ARN": Reference("aws_made_up_zone.z", "arn"),
                    "ZONE": Reference("aws_made_up_zone.z", "zone_id"),
                    "NAME": Reference("aws_made_up_zone.z", "name"),
                    "SERVERS": Reference("aws_made_up_zone.z", "primary_name_server"),
                }
            }
        ]
    }
    found = properties(terraform(zone, resource("aws_lambda_function.f", body)), "aws_lambda_function.f")
    assert found["Environment"]["Variables"] == {
        "ID": "⟦aws_made_up_zone.z#Ref⟧",
        "ARN": "⟦aws_made_up_zone.z#Arn⟧",
        "ZONE": "⟦aws_made_up_zone.z#zone_id⟧",
        "NAME": "example.com",
        "SERVERS": "?known after apply",
    }


def test_through_arguments_of_other_resources() -> None:
    block = resource("aws_s3_bucket_public_access_block.p", {"bucket": Reference("aws_s3_bucket.b", "id")})
    policy = Reference("aws_s3_bucket_public_access_block.p", "bucket")
    assert bucket_of(policy, BUCKET, block) == "⟦aws_s3_bucket.b#Ref⟧"
    by_id = Reference("aws_s3_bucket_public_access_block.p", "id")
    assert bucket_of(by_id, BUCKET, block) == "⟦aws_s3_bucket.b#Ref⟧"


def test_references_in_a_circle_end() -> None:
    one_ = resource("aws_instance.a", {"user_data": Reference("aws_instance.b", "user_data")})
    other = resource("aws_instance.b", {"user_data": Text(("x", Reference("aws_instance.a", "user_data")))})
    graph = normalize(terraform(one_, other))
    for item in graph.resources:
        assert "?refers to itself" in str(plain(item.properties)["UserData"])


def test_texts_do_not_grow_without_end() -> None:
    chain = [resource("aws_instance.i0", {"user_data": "x" * 100_000})]
    for number in range(1, 20):
        last = Reference(f"aws_instance.i{number - 1}", "user_data")
        chain.append(resource(f"aws_instance.i{number}", {"user_data": Text((last, "-", last))}))
    graph = normalize(terraform(*chain))
    text = plain(graph.resources[-1].properties)["UserData"]
    assert text.startswith("?text too long") and len(text) < 100_000


def test_lists_do_not_grow_without_end() -> None:
    chain = [resource("aws_instance.i0", {"ipv6_addresses": ["x"] * 10})]
    for number in range(1, 20):
        last = Reference(f"aws_instance.i{number - 1}", "ipv6_addresses")
        chain.append(resource(f"aws_instance.i{number}", {"ipv6_addresses": [last] * 10}))
    assert len(normalize(terraform(*chain)).resources) == 20


def test_numbers_and_booleans_that_only_aws_knows() -> None:
    user = resource(
        "aws_ebs_volume.v",
        {"size": Reference("aws_s3_bucket.b", "arn"), "encrypted": Reference("aws_s3_bucket.b", "id")},
    )
    found = properties(terraform(user, BUCKET), user.address)
    assert found == {"Size": "?known after apply", "Encrypted": "?known after apply"}


# Literal names


def test_a_name_that_two_resources_have_is_unknown() -> None:
    found = bucket_of("acme", BUCKET, resource("aws_s3_bucket.c", {"bucket": "acme"}))
    assert found == "?more than one resource has this name"


def test_the_resource_of_the_same_provider_is_meant() -> None:
    east, west = Scope("aws.east"), Scope("aws.west")
    first = resource("aws_iam_role.a", {"name": "r"}, scope=east)
    second = resource("aws_iam_role.b", {"name": "r"}, scope=west)
    policy = resource("aws_iam_role_policy.p", {"role": "r"}, scope=west)
    assert properties(terraform(first, second, policy), policy.address)["RoleName"] == "⟦aws_iam_role.b#Ref⟧"


def test_two_resources_that_exclude_each_other_may_have_one_name() -> None:
    first = resource("aws_s3_bucket.a", {"bucket": "acme"}, exists=COND)
    second = resource("aws_s3_bucket.b", {"bucket": "acme"}, exists=negate(COND))
    assert bucket_of("acme", first, second) == {"choice": ["⟦aws_s3_bucket.a#Ref⟧", "⟦aws_s3_bucket.b#Ref⟧", "acme"]}


def test_many_resources_of_one_name_do_not_take_long() -> None:
    buckets = [resource(f"aws_s3_bucket.b{number}", {"bucket": "acme"}) for number in range(2000)]
    policies = [resource(f"aws_s3_bucket_policy.p{number}", {"bucket": "acme"}) for number in range(2000)]
    graph = normalize(terraform(*buckets, *policies))
    assert plain(graph.resources[-1].properties) == {"Bucket": "?too many resources have this name"}
    assert not graph.edges


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        (Text(("x-", BY_VARIABLE)), Text(("x-", BY_VARIABLE)), "⟦aws_s3_bucket.b#Ref⟧"),
        (BY_VARIABLE, BY_VARIABLE, "⟦aws_s3_bucket.b#Ref⟧"),
        (BY_VARIABLE, "x", "x"),
        ("x", BY_VARIABLE, "?variable without a value"),
        (BY_VARIABLE, Unknown("variable without a value", "module.a.var.x"), "?variable without a value"),
        (UNKNOWN, UNKNOWN, "?known after apply"),
        (Text(("x-", UNKNOWN)), Text(("x-", UNKNOWN)), "x-?known after apply"),
        (
            Text((Reference("AWS::StackName", "Ref"), "-x")),
            Text((Reference("AWS::StackName", "Ref"), "-x")),
            "⟦aws_s3_bucket.b#Ref⟧",
        ),
    ],
)
def test_equal_expressions(name: Any, other: Any, expected: str) -> None:
    assert bucket_of(other, resource("aws_s3_bucket.b", {"bucket": name})) == expected


def test_names_that_are_choices() -> None:
    name = Choice(((COND, Node("live")), (negate(COND), Node("test"))))
    bucket = resource("aws_s3_bucket.b", {"bucket": name})
    assert bucket_of("live", bucket) == {"choice": ["⟦aws_s3_bucket.b#Ref⟧", "live"]}


NAME = Unknown("parameter without a value", "Name")
STAGE = Choice(((COND, Node("logs-test")), (negate(COND), Node("logs-live"))))


@pytest.mark.parametrize(
    ("name", "arn", "meant"),
    [
        ("logs", "arn:aws:s3:::logs/*", "⟦B#Arn⟧/*"),
        ("logs", "arn:aws:s3:::logs-2/*", "arn:aws:s3:::logs-2/*"),
        (
            "logs",
            Text(("arn:aws:s3:::logs/", Reference("AWS::AccountId", "Ref"), "/*")),
            "⟦B#Arn⟧/⟦AWS::AccountId#Ref⟧/*",
        ),
        (NAME, Text(("arn:aws:s3:::", NAME)), "⟦B#Arn⟧"),
        (NAME, Text(("arn:aws:s3:::", NAME, "/*")), "⟦B#Arn⟧/*"),
        (NAME, Text(("arn:aws:s3:::", NAME, "-2/*")), "arn:aws:s3:::?parameter without a value-2/*"),
        (
            Text(("logs-", Reference("AWS::AccountId", "Ref"))),
            Text(("arn:", Reference("AWS::Partition", "Ref"), ":s3:::logs-", Reference("AWS::AccountId", "Ref"), "*")),
            "⟦B#Arn⟧*",
        ),
        (STAGE, "arn:aws:s3:::logs-test/*", {"choice": ["⟦B#Arn⟧/*", "arn:aws:s3:::logs-test/*"]}),
        (Unknown("known later"), Text(("arn:aws:s3:::", Unknown("known later"))), "arn:aws:s3:::?known later"),
    ],
)
def test_the_arn_of_a_bucket_by_its_name(name: Any, arn: Any, meant: Any) -> None:
    bucket = resource("B", {"BucketName": name}, type="AWS::S3::Bucket")
    statement = {"Effect": "Deny", "Action": "s3:*", "Resource": arn}
    policy = resource("P", {"Bucket": "x", "PolicyDocument": {"Statement": [statement]}}, type="AWS::S3::BucketPolicy")
    found = properties(cloudformation(bucket, policy), "P")["PolicyDocument"]["Statement"][0]["Resource"]
    assert found == [meant]


def test_names_of_launch_templates() -> None:
    template = resource("aws_launch_template.t", {"name": "web"})
    body = {"launch_template": [{"name": "web", "version": "1"}]}
    instance = resource("aws_instance.i", body)
    found = properties(terraform(template, instance), instance.address)
    assert found["LaunchTemplate"] == {
        "LaunchTemplateName": "⟦aws_launch_template.t#LaunchTemplateName⟧",
        "Version": "1",
    }
    assert properties(terraform(template, instance), template.address) == {"LaunchTemplateName": "web"}


def test_the_bucket_of_a_load_balancers_access_logs() -> None:
    balancer = resource("aws_lb.l", {"access_logs": [{"bucket": "acme", "enabled": True}]})
    found = properties(terraform(BUCKET, balancer), balancer.address)["LoadBalancerAttributes"]
    assert {"Key": "access_logs.s3.bucket", "Value": "⟦aws_s3_bucket.b#Ref⟧"} in found
    written = resource(
        "Lb",
        {"LoadBalancerAttributes": [{"Key": "access_logs.s3.bucket", "Value": "acme"}, {"Key": "x", "Value": "acme"}]},
        type="AWS::ElasticLoadBalancingV2::LoadBalancer",
    )
    bucket = resource("B", {"BucketName": "acme"}, type="AWS::S3::Bucket")
    assert properties(cloudformation(bucket, written), "Lb") == {
        "LoadBalancerAttributes": [{"Key": "access_logs.s3.bucket", "Value": "⟦B#Ref⟧"}, {"Key": "x", "Value": "acme"}]
    }


def test_a_literal_is_a_name_only_where_names_belong() -> None:
    tagged = resource("aws_vpc.v", {"tags": {"Name": "acme"}})
    assert properties(terraform(BUCKET, tagged), tagged.address)["Tags"] == [{"Key": "Name", "Value": "acme"}]


# Plans and states


@pytest.mark.parametrize("format", ["plan", "state"])
def test_ids_that_a_state_shows(format: Any) -> None:
    vpc = resource("aws_vpc.v", {"id": "vpc-1", "arn": "arn:aws:ec2:eu-west-1:1:vpc/vpc-1"})
    log = resource(
        "aws_flow_log.l",
        {"vpc_id": "vpc-1", "traffic_type": "ALL", "log_destination": "arn:aws:logs:eu-west-1:1:log-group:x"},
    )
    group = resource("aws_cloudwatch_log_group.g", {"arn": "arn:aws:logs:eu-west-1:1:log-group:x"})
    found = properties(terraform(vpc, log, group, format=format), log.address)
    assert found["ResourceId"] == "⟦aws_vpc.v#Ref⟧"
    assert found["LogDestination"] == "⟦aws_cloudwatch_log_group.g#Arn⟧"


@pytest.mark.parametrize("format", ["plan", "state"])
def test_the_two_arns_of_an_elastic_ip(format: Any) -> None:
    """Shield calls it eip-allocation, EC2 elastic-ip."""
    address = resource("aws_eip.a", {"id": "eipalloc-1", "arn": "arn:aws:ec2:eu-west-1:1:elastic-ip/eipalloc-1"})
    shield = resource("aws_shield_protection.s", {"resource_arn": "arn:aws:ec2:eu-west-1:1:eip-allocation/eipalloc-1"})
    found = properties(terraform(address, shield, format=format), shield.address)
    assert found["ResourceArn"] == "⟦aws_eip.a#Arn⟧"


def test_the_arn_of_a_classic_load_balancer_by_its_name() -> None:
    def meant(arn: Any, **named: Any) -> Any:
        balancer = resource("Lb", named, type="AWS::ElasticLoadBalancing::LoadBalancer")
        shield = resource("Shield", {"ResourceArn": arn}, type="AWS::Shield::Protection")
        return properties(cloudformation(balancer, shield), "Shield")["ResourceArn"]

    here = ("arn:aws:elasticloadbalancing:", Reference("AWS::Region", "Ref"), ":", Reference("AWS::AccountId", "Ref"))
    assert meant(Text((*here, ":loadbalancer/", Reference("Lb", "Ref")))) == "⟦Lb#Arn⟧"
    assert meant(Text((*here, ":loadbalancer/site")), LoadBalancerName="site") == "⟦Lb#Arn⟧"
    other = meant(Text((*here, ":loadbalancer/site")), LoadBalancerName="shop")
    assert other.endswith(":loadbalancer/site")


def test_a_lone_reference_in_a_plan() -> None:
    def unknown(attribute: str, address: str = "aws_s3_bucket.b") -> Unknown:
        return Unknown("known after apply", f"{address}.{attribute}", (address,), True, Reference(address, attribute))

    bucket = resource("aws_s3_bucket.b", {})
    block = resource("aws_s3_bucket_public_access_block.p", {"bucket": unknown("id")})
    assert bucket_of(unknown("id"), bucket, format="plan") == "⟦aws_s3_bucket.b#Ref⟧"
    assert bucket_of(unknown("bucket", block.address), bucket, block, format="plan") == "⟦aws_s3_bucket.b#Ref⟧"
    assert bucket_of(unknown("acceleration_status"), bucket, format="plan") == "?known after apply"
    tagged = resource("aws_vpc.v", {"tags": {"a": unknown("id")}})
    assert properties(terraform(bucket, tagged, format="plan"), tagged.address)["Tags"] == [
        {"Key": "a", "Value": "?known after apply"}
    ]


def test_a_lone_reference_for_a_list_in_a_plan() -> None:
    def unknown(address: str, attribute: str) -> Unknown:
        return Unknown("known after apply", f"{address}.{attribute}", (address,), True, Reference(address, attribute))

    def chosen(values: Any) -> Any:
        instance = resource("aws_instance.i", {"tags": {"a": "b"}})
        item = resource("aws_ssm_association.a", {"targets": [{"key": "InstanceIds", "values": values}]})
        return properties(terraform(instance, item, format="plan"), item.address)["Targets"][0]["Values"]

    assert chosen(unknown("aws_instance.i", "id")) == ["⟦aws_instance.i#Ref⟧"]
    assert chosen(unknown("aws_instance.i", "private_ip")) == "?known after apply"
    assert chosen(Unknown("known after apply")) == "?known after apply"


# Pseudo parameters


def test_pseudo_parameters() -> None:
    caller = resource("data.aws_caller_identity.me", {}, type="aws_caller_identity")
    region = resource("data.aws_region.here", {}, type="aws_region")
    partition = resource("data.aws_partition.p", {}, type="aws_partition")
    values = {
        "A": Reference(caller.address, "account_id"),
        "B": Reference(region.address, "name"),
        "C": Text(
            (
                "arn:",
                Reference(partition.address, "partition"),
                ":iam::",
                Reference(caller.address, "account_id"),
                ":root",
            )
        ),
        "D": Reference(caller.address, "user_id"),
        "E": Reference("AWS::StackName", "Ref"),
    }
    function = resource("aws_lambda_function.f", {"environment": [{"variables": values}]})
    template = terraform(caller, region, partition, function)
    assert properties(template)["Environment"]["Variables"] == {
        "A": "⟦AWS::AccountId#Ref⟧",
        "B": "⟦AWS::Region#Ref⟧",
        "C": "arn:aws:iam::⟦AWS::AccountId#Ref⟧:root",
        "D": "?read from the account by a data source",
        "E": "⟦AWS::StackName#Ref⟧",
    }
    known = terraform(caller, region, partition, function, account="123456789012", region="eu-west-1")
    variables = properties(known)["Environment"]["Variables"]
    assert (variables["A"], variables["B"]) == ("123456789012", "eu-west-1")
    assert variables["C"] == "arn:aws:iam::123456789012:root"


def test_data_sources_that_a_plan_shows() -> None:
    caller = resource("data.aws_caller_identity.me", {"account_id": "123456789012"}, type="aws_caller_identity")
    function = resource("aws_lambda_function.f", {"description": Reference(caller.address, "account_id")})
    assert properties(terraform(caller, function))["Description"] == "123456789012"


# Origins


def test_a_reference_has_the_origin_of_a_reference() -> None:
    origin = Origin("parameter", "var.x")
    body = {
        "environment": [
            {
                "variables": {
                    "A": Reference("aws_s3_bucket.b", "arn"),
                    "B": Node(Reference("aws_s3_bucket.b", "id"), None, origin),
                }
            }
        ]
    }
    item = one(terraform(BUCKET, resource("aws_lambda_function.f", body)), "aws_lambda_function.f")
    assert node_at(item, "Environment", "Variables", "A").origin == Origin("reference", "aws_s3_bucket.b")
    assert node_at(item, "Environment", "Variables", "B").origin == origin


@pytest.mark.parametrize(
    ("address", "meant"),
    [("aws_s3_bucket.b", Origin("reference", "aws_s3_bucket.b")), ("AWS::StackName", None), ("AWS::Region", None)],
)
def test_a_text_around_a_resource_comes_from_it_but_one_around_the_region_is_a_literal(
    address: str, meant: Origin | None
) -> None:
    text = Text(("pw-", Reference(address, "id" if address == "aws_s3_bucket.b" else "Ref")))
    item = one(terraform(BUCKET, resource("aws_db_instance.a", {"password": text})), "aws_db_instance.a")
    assert node_at(item, "MasterUserPassword").origin == meant


def test_a_value_keeps_the_origin_that_it_has_at_its_root() -> None:
    secret = Node("hunter2!", None, Origin("parameter", "var.password", True), True)
    first = resource("aws_db_instance.a", {"password": secret, "username": "literal"})
    second = resource(
        "aws_db_instance.b",
        {
            "password": Reference("aws_db_instance.a", "password"),
            "username": Node(Reference("aws_db_instance.a", "username"), None, Origin("reference", "x")),
        },
    )
    item = one(terraform(first, second), second.address)
    password, username = node_at(item, "MasterUserPassword"), node_at(item, "MasterUsername")
    assert password.secret and password.origin == Origin("parameter", "var.password", True)
    assert username.value == "literal" and username.origin is None


# Edges


def test_edges_both_ways() -> None:
    role = resource("aws_iam_role.r", {"name": "r"})
    function = resource(
        "aws_lambda_function.f",
        {"role": Reference(role.address, "arn"), "description": Text(("of ", Reference("aws_vpc.v", "id")))},
    )
    vpc = resource("aws_vpc.v", {})
    maybe = resource("aws_flow_log.l", {"vpc_id": Unknown("known after apply", None, ("aws_vpc.v", "aws_vpc.gone"))})
    graph = normalize(terraform(role, function, vpc, maybe))
    found = {(edge.source, edge.path, edge.target, edge.attribute) for edge in graph.edges}
    assert found == {
        (function.address, ("Role",), role.address, "Arn"),
        (function.address, ("Description",), vpc.address, "Ref"),
        (maybe.address, ("ResourceId",), vpc.address, ""),
    }
    assert {edge.source for edge in graph.edges_to[vpc.address]} == {function.address, maybe.address}
    assert len(graph.edges_from[function.address]) == 2


def test_edges_from_documents_and_branches() -> None:
    chosen = Choice(((COND, Node(Reference("aws_s3_bucket.b", "id"))), (negate(COND), Node("other"))))
    policy = resource(
        "aws_s3_bucket_policy.p",
        {
            "bucket": chosen,
            "policy": tree({"Statement": [{"Resource": Text((Reference("aws_s3_bucket.b", "arn"), "/*"))}]}),
        },
    )
    graph = normalize(terraform(BUCKET, policy))
    assert {(edge.path, edge.attribute) for edge in graph.edges} == {
        (("Bucket",), "Ref"),
        (("PolicyDocument", "Statement", 0, "Resource", 0), "Arn"),
    }
