"""Split-out resources and their parents, orphans, stale copies (docs: normalization, "Joins")."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.conditions import Opaque, World, conjoin, negate
from srmcheck.graph.reads import reads_of
from srmcheck.graph.resource import ResourceGraph
from srmcheck.graph.view import View
from srmcheck.normalize import normalize
from srmcheck.template import SourceResource
from srmcheck.values import ABSENT, Choice, Node, Reference, Unknown
from tests.unit.normalize.build import BY_VARIABLE, UNKNOWN, node_at, plain, resource, terraform, tree

ON, OFF = Opaque("var.on"), negate(Opaque("var.on"))
BLOCK = {
    "block_public_acls": True,
    "block_public_policy": True,
    "ignore_public_acls": True,
    "restrict_public_buckets": True,
}
ALL_ON = {"BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True}
PAB = "aws_s3_bucket_public_access_block"


def bucket(name: str = "b", **body: Any) -> SourceResource:
    return resource(f"aws_s3_bucket.{name}", body)


def block(parent: Any, name: str = "p", **rest: Any) -> SourceResource:
    return resource(f"{PAB}.{name}", {"bucket": parent, **BLOCK}, **rest)


def acl(parent: Any, value: str = "private", name: str = "a", **rest: Any) -> SourceResource:
    return resource(f"aws_s3_bucket_acl.{name}", {"bucket": parent, "acl": value}, **rest)


def found(graph: ResourceGraph) -> dict[str, Any]:
    return {item.address: plain(item.properties) for item in graph.resources}


def graph(*sources: SourceResource, **rest: Any) -> ResourceGraph:
    return normalize(terraform(*sources, **rest))


@pytest.mark.parametrize(
    ("name", "parent"),
    [
        ({}, Reference("aws_s3_bucket.b", "id")),
        ({}, Reference("aws_s3_bucket.b", "bucket")),
        ({"bucket": "acme"}, "acme"),
        ({"bucket": "acme", "id": "acme"}, "acme"),
        ({"bucket": BY_VARIABLE}, BY_VARIABLE),
    ],
)
def test_a_part_joins_its_parent(name: dict[str, Any], parent: Any) -> None:
    made = graph(bucket(**name), block(parent))
    (item,) = made.resources
    assert item.address == "aws_s3_bucket.b"
    assert plain(item.properties)["PublicAccessBlockConfiguration"] == ALL_ON
    assert [source.address for source in item.sources] == [f"{PAB}.p"]
    assert item.carries is None


def test_each_instance_joins_its_own_parent() -> None:
    buckets = [resource(f'aws_s3_bucket.b["{key}"]', {}, type="aws_s3_bucket") for key in "ab"]
    part = resource(f'{PAB}.p["a"]', {"bucket": Reference('aws_s3_bucket.b["a"]', "id"), **BLOCK}, type=PAB)
    made = found(graph(*buckets, part))
    assert "PublicAccessBlockConfiguration" in made['aws_s3_bucket.b["a"]']
    assert "PublicAccessBlockConfiguration" not in made['aws_s3_bucket.b["b"]']


def test_joined_values_keep_the_place_of_the_part() -> None:
    (item,) = graph(bucket(), block(Reference("aws_s3_bucket.b", "id"))).resources
    node = node_at(item, "PublicAccessBlockConfiguration", "BlockPublicAcls")
    assert node.place is not None
    assert (node.place.address, node.place.path) == (f"{PAB}.p", ("block_public_acls",))


def test_several_parts_join_one_parent() -> None:
    parent = Reference("aws_s3_bucket.b", "id")
    versioning = resource(
        "aws_s3_bucket_versioning.v", {"bucket": parent, "versioning_configuration": [{"status": "Enabled"}]}
    )
    made = found(graph(bucket(), block(parent), acl(parent, "log-delivery-write"), versioning))
    assert made == {
        "aws_s3_bucket.b": {
            "PublicAccessBlockConfiguration": ALL_ON,
            "AccessControl": "LogDeliveryWrite",
            "VersioningConfiguration": {"Status": "Enabled"},
        }
    }


def test_a_part_wins_over_what_its_parent_says() -> None:
    made = found(graph(bucket(acl="public-read"), acl(Reference("aws_s3_bucket.b", "id"))))
    assert made["aws_s3_bucket.b"]["AccessControl"] == "Private"


def test_policies_of_keys_and_permission_sets() -> None:
    key = resource("aws_kms_replica_key.k", {})
    policy = resource(
        "aws_kms_key_policy.p", {"key_id": Reference(key.address, "key_id"), "policy": '{"Statement": []}'}
    )
    assert found(graph(key, policy, format="plan"))["aws_kms_replica_key.k"] == {"KeyPolicy": {"Statement": []}}
    permissions = resource("aws_ssoadmin_permission_set.s", {})
    inline = resource(
        "aws_ssoadmin_permission_set_inline_policy.i",
        {"permission_set_arn": Reference(permissions.address, "arn"), "inline_policy": '{"Statement": []}'},
    )
    assert found(graph(permissions, inline, format="plan"))[permissions.address] == {"InlinePolicy": {"Statement": []}}


# Conditions


def test_a_part_that_may_not_exist() -> None:
    made = found(graph(bucket(), acl(Reference("aws_s3_bucket.b", "id"), exists=ON)))
    assert made["aws_s3_bucket.b"] == {"AccessControl": {"choice": ["Private", "absent"]}}


def test_two_parts_that_exclude_each_other() -> None:
    parent = Reference("aws_s3_bucket.b", "id")
    (item,) = graph(bucket(), acl(parent, exists=ON), acl(parent, "public-read", "z", exists=OFF)).resources
    chosen = node_at(item, "AccessControl").value
    assert isinstance(chosen, Choice)
    (guard, first), (_, second) = chosen.branches
    assert (guard, plain(first)) == (OFF, "PublicRead")
    assert plain(second) == {"choice": ["Private", "absent"]}


def test_a_part_that_exists_where_its_parent_does() -> None:
    conditional = resource("aws_s3_bucket.b", {}, exists=ON)
    (item,) = graph(conditional, acl(Reference("aws_s3_bucket.b", "id"), exists=ON)).resources
    assert plain(item.properties) == {"AccessControl": "Private"}
    assert item.exists == ON


def test_a_parent_that_is_a_choice() -> None:
    parent = Choice(((ON, Node(Reference("aws_s3_bucket.a", "id"))), (OFF, Node(Reference("aws_s3_bucket.b", "id")))))
    made = found(graph(bucket("a"), bucket("b"), acl(parent)))
    assert made == {
        "aws_s3_bucket.a": {"AccessControl": {"choice": ["Private", "absent"]}},
        "aws_s3_bucket.b": {"AccessControl": {"choice": ["Private", "absent"]}},
    }


def test_a_parent_that_is_outside_under_a_condition() -> None:
    parent = Choice(((ON, Node(Reference("aws_s3_bucket.b", "id"))), (OFF, Node("elsewhere"))))
    made = graph(bucket(), acl(parent))
    assert found(made)["aws_s3_bucket.b"] == {"AccessControl": {"choice": ["Private", "absent"]}}
    orphan = made.by_address["aws_s3_bucket_acl.a"][0]
    assert orphan.exists == OFF and orphan.carries is not None


# Unknown parents


def test_a_parent_that_is_one_of_several() -> None:
    unknown = Unknown("known after apply", "aws_s3_bucket.b", ("aws_s3_bucket.a", "aws_s3_bucket.b"), True)
    made = graph(bucket("a", acl="private"), bucket("b"), acl(unknown), bucket("c"), format="plan")
    reason = "?aws_s3_bucket_acl.a may belong to it"
    assert found(made) == {
        "aws_s3_bucket.a": {"AccessControl": reason},
        "aws_s3_bucket.b": {"AccessControl": reason},
        "aws_s3_bucket_acl.a": {"AccessControl": "Private"},
        "aws_s3_bucket.c": {},
    }
    assert made.by_address["aws_s3_bucket_acl.a"][0].carries == ("AccessControl", "AccessControlPolicy")


def test_a_parent_of_which_a_plan_says_nothing_may_be_any() -> None:
    made = found(graph(bucket("a"), resource("aws_kms_key.k", {}), acl(UNKNOWN), format="plan"))
    assert made["aws_s3_bucket.a"] == {"AccessControl": "?aws_s3_bucket_acl.a may belong to it"}
    assert made["aws_kms_key.k"] == {}
    outside = Unknown("known after apply", "data.x", (), True)
    assert found(graph(bucket("a"), acl(outside), format="plan"))["aws_s3_bucket.a"] == {}


def test_a_name_from_a_variable_is_no_resource_of_the_template() -> None:
    made = found(graph(bucket("a"), bucket("b", bucket="acme"), acl(BY_VARIABLE)))
    assert made["aws_s3_bucket.a"] == {} and made["aws_s3_bucket.b"] == {"BucketName": "acme"}
    assert made["aws_s3_bucket_acl.a"] == {"AccessControl": "Private"}


# Orphans


def test_orphans_are_judged_each_for_its_own_with_the_others_in_sight() -> None:
    made = graph(block("elsewhere"), acl("elsewhere", "public-read"), acl("other", name="z"))
    public = {"PublicAccessBlockConfiguration": ALL_ON, "AccessControl": "PublicRead"}
    assert found(made) == {
        f"{PAB}.p": public,
        "aws_s3_bucket_acl.a": public,
        "aws_s3_bucket_acl.z": {"AccessControl": "Private"},
    }
    first, second, third = made.resources
    assert first.type == second.type == third.type == "AWS::S3::Bucket"
    assert first.carries == ("PublicAccessBlockConfiguration",)
    assert second.carries == ("AccessControl", "AccessControlPolicy")
    assert {source.address for source in first.sources} == {f"{PAB}.p", "aws_s3_bucket_acl.a"}


@pytest.mark.parametrize(
    "parent",
    [
        "elsewhere",
        BY_VARIABLE,
        Reference("data.aws_s3_bucket.d", "id"),
        Reference("module.x.aws_s3_bucket.gone", "id"),
    ],
)
def test_parents_outside_the_template(parent: Any) -> None:
    data = resource("data.aws_s3_bucket.d", {}, type="aws_s3_bucket")
    made = graph(data, bucket("a"), block(parent), acl(parent))
    orphan = made.by_address[f"{PAB}.p"][0]
    assert orphan.carries is not None
    expected = {"PublicAccessBlockConfiguration": ALL_ON}
    if not isinstance(parent, Reference):
        expected["AccessControl"] = "Private"  # type: ignore[assignment]
    assert plain(orphan.properties) == expected


def test_orphans_with_conditions() -> None:
    made = graph(block("x", exists=ON), acl("x", exists=OFF), acl("x", "public-read", "z", exists=ON))
    first = made.by_address[f"{PAB}.p"][0]
    assert first.exists == ON
    assert plain(first.properties)["PublicAccessBlockConfiguration"] == ALL_ON
    assert plain(first.properties)["AccessControl"] == "PublicRead"  # both are there, or neither is
    second = made.by_address["aws_s3_bucket_acl.a"][0]
    assert plain(second.properties)["PublicAccessBlockConfiguration"] == {"choice": [ALL_ON, "absent"]}


def test_an_orphan_without_parent_name() -> None:
    made = graph(acl(ABSENT), acl(ABSENT, name="z"))
    assert found(made) == {
        "aws_s3_bucket_acl.a": {"AccessControl": "Private"},
        "aws_s3_bucket_acl.z": {"AccessControl": "Private"},
    }


def test_a_part_that_is_not_evaluated() -> None:
    source = block(Reference("aws_s3_bucket.b", "id"))
    whole = type(source)(source.address, source.type, Node(Unknown("not evaluated")))
    made = graph(bucket(), whole, format="plan")
    reason = f"?{PAB}.p may belong to it"
    assert found(made)["aws_s3_bucket.b"] == {"PublicAccessBlockConfiguration": reason}
    rest = type(source)(source.address, source.type, tree({"bucket": Reference("aws_s3_bucket.b", "id"), "*": UNKNOWN}))
    assert found(graph(bucket(), rest, format="plan"))["aws_s3_bucket.b"] == {
        "PublicAccessBlockConfiguration": "?known after apply"
    }


# Stale copies

RULE = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
RULES = [RULE]


def group(**rest: Any) -> SourceResource:
    return resource("aws_security_group.g", {"id": "sg-1", "ingress": RULES}, stale=("id", "ingress"), **rest)


def rule(name: str = "r", type: str = "ingress") -> SourceResource:
    return resource(f"aws_security_group_rule.{name}", {**RULE, "type": type, "security_group_id": "sg-1"})


@pytest.mark.parametrize(
    ("source", "others", "before", "stale"),
    [
        (group(changes="no-op"), [rule()], [], True),
        (group(changes="update"), [], [rule()], True),
        (group(changes="no-op"), [], [], False),
        (group(changes="no-op"), [rule(type="egress")], [], False),
        (group(changes="create"), [rule()], [], False),
        (group(changes="replace"), [rule()], [], False),
    ],
)
def test_stale_copies_in_a_plan(source: Any, others: Any, before: Any, stale: bool) -> None:
    made = graph(source, *others, format="plan", before=tuple(before))
    assert ("SecurityGroupIngress" not in found(made)["aws_security_group.g"]) is stale


@pytest.mark.parametrize(("egress", "left"), [(False, ["egress"]), (True, ["ingress"])])
def test_copies_are_told_by_a_boolean_too(egress: bool, left: list[str]) -> None:
    entry = {"rule_no": 100, "action": "allow", "protocol": "-1", "cidr_block": "0.0.0.0/0"}
    acl = resource("aws_network_acl.a", {"id": "acl-1", "ingress": [entry], "egress": [entry]})
    standalone = resource("aws_network_acl_rule.r", {"network_acl_id": "acl-1", "rule_number": 100, "egress": egress})
    entries = found(graph(acl, standalone, format="state"))["aws_network_acl.a"]["Entries"]
    assert [{False: "ingress", True: "egress"}[one["Egress"]] for one in entries] == left


def test_what_the_configuration_sets_is_never_stale() -> None:
    source = resource("aws_security_group.g", {"id": "sg-1", "ingress": RULES}, stale=("id",), changes="update")
    assert "SecurityGroupIngress" in found(graph(source, rule(), format="plan"))["aws_security_group.g"]


def test_stale_copies_in_a_state() -> None:
    made = found(graph(group(), rule(), format="state"))
    assert "SecurityGroupIngress" not in made["aws_security_group.g"]
    assert "SecurityGroupIngress" in found(graph(group(), format="state"))["aws_security_group.g"]


def test_copies_of_parts_that_are_joined_are_stale_too() -> None:
    body = {"id": "acme", "bucket": "acme", "versioning": [{"enabled": True}]}
    source = resource("aws_s3_bucket.b", body, stale=("id", "versioning"), changes="update")
    gone = resource(
        "aws_s3_bucket_versioning.v", {"bucket": "acme", "versioning_configuration": [{"status": "Enabled"}]}
    )
    assert found(graph(source, format="plan", before=(gone,)))["aws_s3_bucket.b"] == {"BucketName": "acme"}
    assert "VersioningConfiguration" in found(graph(source, format="plan"))["aws_s3_bucket.b"]


def test_inline_policies_of_a_role() -> None:
    policy = '{"Statement": []}'
    body = {
        "name": "r",
        "inline_policy": [{"name": "p", "policy": policy}],
        "managed_policy_arns": ["arn:aws:iam::aws:policy/x"],
    }
    source = resource("aws_iam_role.r", body, stale=("inline_policy", "managed_policy_arns"), changes="no-op")
    standalone = resource("aws_iam_role_policy.p", {"role": "r", "policy": policy})
    attached = resource("aws_iam_role_policy_attachment.a", {"role": Reference("aws_iam_role.r", "name")})
    made = graph(source, standalone, format="plan").by_address["aws_iam_role.r"][0]
    assert set(plain(made.properties)) == {"RoleName", "ManagedPolicyArns"}
    made = graph(source, standalone, attached, format="plan").by_address["aws_iam_role.r"][0]
    assert set(plain(made.properties)) == {"RoleName"}


# Lists that parts extend


def attachment(name: str, parent: Any, policy: Any, **rest: Any) -> SourceResource:
    return resource(f"aws_iam_group_policy_attachment.{name}", {"group": parent, "policy_arn": policy}, **rest)


def seen(made: ResourceGraph, address: str, on: bool) -> Any:
    """The managed policies of a group as documents show them in one world: the list, and the unknown paths."""
    view = View(
        made.by_address[address][0].properties,
        reads_of([("ManagedPolicyArns", "[]")]),
        World({"var.on": on}),
        type_name="AWS::IAM::Group",
    )
    return view.properties.get("ManagedPolicyArns"), sorted(view.unknown)


def test_attachments_add_up() -> None:
    group = resource("aws_iam_group.g", {"name": "g"})
    parent = Reference("aws_iam_group.g", "name")
    always, sometimes = attachment("a", parent, "one"), attachment("b", "g", "two", exists=ON)
    made = graph(group, sometimes, always, attachment("c", parent, "three", exists=ON))
    assert seen(made, "aws_iam_group.g", True) == (["two", "one", "three"], [])
    assert seen(made, "aws_iam_group.g", False) == (["one"], [])
    assert [source.address[-1] for source in made.by_address["aws_iam_group.g"][0].sources] == ["b", "a", "c"]


def test_an_attachment_that_may_be_anothers_hides_no_other() -> None:
    groups = [resource(f"aws_iam_group.{name}", {"name": name}) for name in "gh"]
    either = Unknown("known after apply", "x", ("aws_iam_group.g", "aws_iam_group.h"))
    made = graph(*groups, attachment("a", "g", "one"), attachment("b", either, "two"))
    assert seen(made, "aws_iam_group.g", True) == (["one"], [("ManagedPolicyArns", 1)])
    assert seen(made, "aws_iam_group.h", True) == (None, [("ManagedPolicyArns",)])
    late = attachment("c", "h", "three")
    assert seen(graph(*groups, attachment("b", either, "two"), late), "aws_iam_group.h", True) == (
        ["three"],
        [("ManagedPolicyArns", 1)],
    )


def test_orphaned_attachments_are_judged_apart() -> None:
    made = found(graph(attachment("a", "elsewhere", "one"), attachment("b", "elsewhere", "two")))
    assert made == {
        "aws_iam_group_policy_attachment.a": {"ManagedPolicyArns": ["one"]},
        "aws_iam_group_policy_attachment.b": {"ManagedPolicyArns": ["two"]},
    }


def test_an_orphaned_policy_attachment_says_which_policy_it_attaches() -> None:
    def attached(name: str, arn: Any) -> SourceResource:
        return resource(f"aws_iam_policy_attachment.{name}", {"name": name, "policy_arn": arn, "users": ["u"]})

    policy = resource("aws_iam_policy.p", {"name": "p"})
    elsewhere = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    made = found(graph(policy, attached("a", elsewhere), attached("b", Reference("aws_iam_policy.p", "arn"))))
    assert made == {
        "aws_iam_policy.p": {"ManagedPolicyName": "p", "Path": "/", "Users": ["u"]},
        "aws_iam_policy_attachment.a": {"PolicyArn": elsewhere, "Users": ["u"]},
    }
    unknown = found(graph(attached("a", Unknown("known after apply", "x"))))
    assert unknown["aws_iam_policy_attachment.a"]["PolicyArn"] == "?known after apply"


def test_a_login_profile_is_there_whatever_it_says() -> None:
    user, profile = resource("aws_iam_user.u", {"name": "u"}), {"user": Reference("aws_iam_user.u", "name")}
    made = graph(user, resource("aws_iam_user_login_profile.p", profile), format="plan")
    assert found(made)["aws_iam_user.u"] == {"UserName": "u", "LoginProfile": {}}
    reset = {**profile, "password_reset_required": True}
    made = graph(user, resource("aws_iam_user_login_profile.p", reset), format="plan")
    assert found(made)["aws_iam_user.u"]["LoginProfile"] == {"PasswordResetRequired": True}


def test_a_membership_in_several_groups_is_one_for_each() -> None:
    made = graph(resource("aws_iam_user_group_membership.m", {"user": "u", "groups": ["g", "h"]}))
    assert [plain(one.properties) for one in made.resources] == [
        {"Users": ["u"], "GroupName": "g"},
        {"Users": ["u"], "GroupName": "h"},
    ]


# The whole graph


def test_the_condition_of_a_part_and_of_its_reference() -> None:
    inner = Opaque("var.inner")
    parent = Choice(
        ((inner, Node(Reference("aws_s3_bucket.a", "id"))), (negate(inner), Node(Reference("aws_s3_bucket.b", "id"))))
    )
    made = graph(bucket("a"), bucket("b"), acl(parent, exists=ON))
    chosen = node_at(made.by_address["aws_s3_bucket.a"][0], "AccessControl").value
    assert isinstance(chosen, Choice) and chosen.branches[0][0] == conjoin(ON, inner)


def test_data_sources_are_no_resources() -> None:
    made = graph(resource("data.aws_vpc.d", {}, type="aws_vpc"), resource("aws_vpc.d", {}))
    assert [item.address for item in made.resources] == ["aws_vpc.d"]


def test_types_without_table_are_counted() -> None:
    made = graph(
        resource("random_id.a", {}),
        resource("random_id.b", {}),
        resource("aws_vpc.v", {}),
        resource("data.http.h", {}, type="http"),
    )
    assert dict(made.unjudged) == {"random_id": 2}


def test_what_is_incomplete_stays_so() -> None:
    assert graph(bucket(), incomplete=("a module",)).incomplete == ("a module",)
