"""Relations between resources that name the same thing (docs: metadata, `shares`); the other kinds: tests of the evaluation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from srmcheck.conditions import ONLY_WORLD, Equals, Variable, negate, worlds
from srmcheck.graph.relations import MOST_FLOATING, Members, Relations, RelationSpec
from srmcheck.graph.resource import Resource
from srmcheck.policy.model import parse_path
from srmcheck.values import ABSENT, Reference, Text, Unknown
from tests.unit.evaluate.scripted import choice, graph, resource

ENTRY, ACL = "AWS::EC2::NetworkAclEntry", "AWS::EC2::NetworkAcl"
PATH = parse_path("NetworkAclId")
SPEC = RelationSpec("siblings", (ENTRY,), shares=((PATH, PATH),), judged=ENTRY)
PROD = Equals(Variable("env", None), "prod")
FIRST, SECOND = Reference("first", "Ref"), Reference("second", "Ref")


def entry(address: str, target: Any, **more: Any) -> Resource:
    return resource(address, ENTRY, {"NetworkAclId": target}, **more)


def siblings(judged: Resource, *others: Resource, **more: Any) -> Members:
    made = Relations(
        graph(
            resource("first", ACL, {}), resource("second", ACL, {}), resource("data", "X", {}), judged, *others, **more
        ),
        SPEC,
    )
    found = made.candidates(judged)
    assert found.fixed is not None
    return found.fixed


def names(members: Members) -> list[str]:
    return [one.address for one in members.members]


@pytest.mark.parametrize(
    "target",
    [FIRST, "acl-1", Text(("acl-", Reference("first", "Name"))), Unknown("variable without a value", "var.acl")],
)
def test_equal_values_name_the_same(target: Any) -> None:
    found = siblings(entry("e", target), entry("f", target))
    assert names(found) == ["f"]
    assert not found.open


def test_other_values_name_something_else() -> None:
    found = siblings(entry("e", FIRST), entry("f", SECOND), entry("g", "acl-1"), entry("h", ABSENT))
    assert (names(found), found.open) == ([], False)


def test_another_attribute_names_something_else() -> None:
    assert names(siblings(entry("e", FIRST), entry("f", Reference("first", "DefaultNetworkAcl")))) == []


@pytest.mark.parametrize(
    ("target", "members", "opened"),
    [
        (Unknown("x"), [], True),
        (Unknown("x", candidates=("first",), exact=True), ["f"], False),
        (Unknown("x", candidates=("first",)), [], True),
        (Unknown("x", candidates=("first", "second"), exact=True), [], True),
        (Unknown("x", candidates=("second",), exact=True), [], False),
        (Unknown("x", candidates=("data",), exact=True), [], True),
    ],
)
def test_what_an_unknown_may_name(target: Any, members: list[str], opened: bool) -> None:
    for one, other in ((FIRST, target), (target, FIRST)):
        found = siblings(entry("e", one), entry("f", other))
        assert (names(found), found.open) == (members, opened)


@pytest.mark.parametrize(("one", "other"), [("var.a", "var.b"), ("each.value", "each.value")])
def test_two_variables_may_have_one_value(one: str, other: str) -> None:
    found = siblings(entry("e", Unknown("x", one)), entry("f", Unknown("x", other)))
    assert (names(found), found.open) == ([], True)


def test_a_text_with_a_part_that_may_differ_is_no_name() -> None:
    target = Text(("acl-", Unknown("x", "each.value")))
    assert siblings(entry("e", target), entry("f", target)).open


def test_a_literal_may_be_an_unknown() -> None:
    assert siblings(entry("e", "acl-1"), entry("f", Unknown("x"))).open
    assert siblings(entry("e", Unknown("x")), entry("f", "acl-1")).open


def test_nothing_is_shared_by_what_names_nothing() -> None:
    found = siblings(entry("e", ABSENT), entry("f", Unknown("x")), entry("g", ""), incomplete=("a macro",))
    assert (names(found), found.open) == ([], False)


def test_an_incomplete_template_opens_the_relation() -> None:
    found = siblings(entry("e", FIRST), entry("f", FIRST), incomplete=("a macro",))
    assert (names(found), found.open) == (["f"], True)


@pytest.mark.parametrize(("hidden", "opened"), [((), True), (("AWS::EC2::",), True), (("AWS::IAM::", "AWS::EC"), True)])
def test_what_hides_may_be_of_the_type(hidden: tuple[str, ...], opened: bool) -> None:
    there = graph(entry("e", FIRST), entry("f", FIRST), incomplete=("SAM",))
    there = replace(there, template=replace(there.template, hidden=hidden))
    assert Relations(there, SPEC).members(there.resources[0], ONLY_WORLD, []).open is opened
    there = replace(there, template=replace(there.template, hidden=("AWS::IAM::", "AWS::ECS::")))
    assert not Relations(there, SPEC).members(there.resources[0], ONLY_WORLD, []).open


@pytest.mark.parametrize(("orphans", "members"), [(False, []), (True, ["part"])])
def test_orphans_are_members_only_where_asked_for(orphans: bool, members: list[str]) -> None:
    there = graph(entry("e", FIRST), resource("part", ACL, {"X": 1}, carries=("X",)))
    spec = RelationSpec("parts", (ACL,), declared="template", judged=ENTRY, orphans=orphans)
    made = Relations(there, spec)
    found = made.candidates(there.resources[0])
    assert names(found.fixed or made.members(there.resources[0], ONLY_WORLD, found.possible)) == members


def test_a_crowd_of_unknowns_opens_the_relation() -> None:
    crowd = [entry(f"c{number}", Unknown("x")) for number in range(MOST_FLOATING + 1)]
    found = siblings(entry("e", FIRST), entry("f", FIRST), *crowd)
    assert (names(found), found.open) == (["f"], True)
    assert siblings(entry("e", Unknown("x")), *crowd).open


def test_parts_of_one_resource_are_siblings() -> None:
    found = siblings(entry("e", FIRST), entry("e", FIRST, part=1))
    assert [(one.address, one.part) for one in found.members] == [("e", 1)]


def test_members_are_those_of_each_world() -> None:
    judged = entry("e", choice((PROD, FIRST), (negate(PROD), SECOND)))
    others = [entry("f", FIRST), entry("g", SECOND, exists=PROD), entry("h", SECOND)]
    made = Relations(graph(judged, *others), SPEC)
    found = made.candidates(judged)
    assert found.fixed is None
    by_world = {
        world.truth(PROD): names(made.members(judged, world, found.possible)) for world in worlds(found.conditions, 16)
    }
    assert by_world == {True: ["f"], False: ["h"]}


GIVEN = Unknown("parameter without a value", "Name")
BUCKET, BUCKET_POLICY = "AWS::S3::Bucket", "AWS::S3::BucketPolicy"


@pytest.mark.parametrize(
    ("target", "bucket", "opened"),
    [
        # AWS makes the name, when the bucket is made
        (GIVEN, {}, False),
        (GIVEN, {"BucketName": ABSENT}, False),
        (Unknown("import from another stack"), {}, False),
        (Text(("logs-", GIVEN)), {}, False),
        # the template says it, in some way
        (GIVEN, {"BucketName": "acme"}, True),
        (GIVEN, {"BucketName": Unknown("parameter without a value", "Other")}, True),
        (GIVEN, {"*": Unknown("added by a transform")}, True),
        # whoever gives this may know the bucket
        (Unknown("known after deployment"), {}, True),
        (Unknown("variable without a value", "var.bucket"), {}, True),
        (Text((Unknown("known after deployment"), GIVEN)), {}, True),
    ],
)
def test_what_is_given_to_a_template_names_no_resource_whose_name_aws_makes(
    target: Any, bucket: dict[str, Any], opened: bool
) -> None:
    policy = resource("policy", BUCKET_POLICY, {"Bucket": target})
    there = graph(resource("bucket", BUCKET, bucket), policy)
    path = (parse_path("Bucket"),)
    policies = Relations(there, RelationSpec("policies", (BUCKET_POLICY,), by=(path,), judged=BUCKET))
    found = policies.candidates(there.by_address["bucket"][0]).fixed
    assert found is not None and (names(found), found.open) == ([], opened)
    buckets = Relations(there, RelationSpec("buckets", (BUCKET,), via=(path,), judged=BUCKET_POLICY))
    found = buckets.candidates(there.by_address["policy"][0]).fixed
    assert found is not None and (names(found), found.open, found.outside) == ([], opened, not opened)


def test_what_is_given_to_a_template_is_no_acl_of_it() -> None:
    found = siblings(entry("e", FIRST), entry("f", GIVEN), entry("g", GIVEN))
    assert (names(found), found.open) == ([], False)
    assert names(siblings(entry("f", GIVEN), entry("g", GIVEN))) == ["g"]


@pytest.mark.parametrize(
    "value", [choice((PROD, "pcx-1"), (negate(PROD), "pcx-2")), choice((PROD, "pcx-1"), (negate(PROD), ABSENT))]
)
def test_a_path_of_two_hops_that_leads_nowhere_hangs_on_its_conditions(value: Any) -> None:
    route = resource("route", "AWS::EC2::Route", {"VpcPeeringConnectionId": value})
    path = (parse_path("VpcPeeringConnectionId"), parse_path("PeerVpcId"))
    made = Relations(graph(route), RelationSpec("vpcs", ("AWS::EC2::VPC",), via=(path,), judged="AWS::EC2::Route"))
    found = made.candidates(route)
    assert PROD in found.conditions
    for world in worlds(found.conditions):
        assert names(made.members(route, world, found.possible)) == []
