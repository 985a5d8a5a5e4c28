"""Which account and region a resource goes to."""

from __future__ import annotations

from srmcheck.template import Scope
from tests.unit.loaders.terraform.plans import Json, change, config, const, load, plan, real, refs, resource


def scope(provider: Json, **more: Json) -> Scope:
    document = plan(
        [change("aws_x.a", more.pop("after", {}))],
        [config("aws_x.a")],
        provider_config={"aws": {"name": "aws", "expressions": provider}},
        **more,
    )
    return resource(load(document), "aws_x.a").scope


def caller(account: str, key: str = "aws", name: str = "me") -> Json:
    return {
        "address": f"data.aws_caller_identity.{name}",
        "mode": "data",
        "type": "aws_caller_identity",
        "name": name,
        "values": {"account_id": account},
    }


def prior(*entries: Json) -> Json:
    return {"values": {"root_module": {"resources": list(entries)}}}


def test_a_region_by_constant_and_by_variable() -> None:
    assert scope({"region": const("eu-west-1")}) == Scope("aws", None, "eu-west-1")
    regions = {"regions": {"value": {"far": "us-gov-west-1"}}}
    assert scope({"region": refs("var.regions.far")}, variables=regions) == Scope("aws", None, "us-gov-west-1")


def test_no_region_where_the_plan_does_not_tell() -> None:
    assert scope({}) == Scope("aws")
    assert scope({"region": refs("local.region")}) == Scope("aws")
    assert scope({"region": refs("var.a", "var.b")}, variables={"a": {"value": "eu"}, "b": {"value": "x"}}) == Scope(
        "aws"
    )


def test_an_account_by_what_is_allowed_and_by_the_role() -> None:
    assert scope({"allowed_account_ids": const(["111122223333"])}).account == "111122223333"
    assert scope({"allowed_account_ids": const(["111122223333", "444455556666"])}).account is None
    role = {"role_arn": const("arn:aws-cn:iam::444455556666:role/deploy")}
    assert scope({"assume_role": [role]}).account == "444455556666"
    assert scope({"assume_role": [{"role_arn": refs("local.role")}]}).account is None


def test_the_caller_identity_tells_the_account() -> None:
    document = plan(
        [change("aws_x.a"), change("aws_x.b")],
        [
            config("aws_x.a"),
            config("aws_x.b", provider_config_key="aws.far"),
            config("data.aws_caller_identity.me"),
        ],
        provider_config={
            "aws": {"name": "aws", "expressions": {"region": const("eu-west-1")}},
            "aws.far": {"name": "aws", "expressions": {"region": const("us-east-1")}},
        },
        prior_state=prior(caller("111122223333")),
    )
    template = load(document)
    assert template.account == "111122223333"
    assert resource(template, "aws_x.a").scope == Scope("aws", "111122223333", "eu-west-1")
    # the same credentials, so the same account
    assert resource(template, "aws_x.b").scope == Scope("aws.far", "111122223333", "us-east-1")
    document["configuration"]["provider_config"]["aws.far"]["expressions"]["profile"] = const("other")
    assert resource(load(document), "aws_x.b").scope == Scope("aws.far", None, "us-east-1")


def test_a_resource_may_name_its_own_region() -> None:
    assert scope({"region": const("eu-west-1")}, after={"region": "eu-north-1"}).region == "eu-north-1"


def test_an_existing_resource_tells_by_its_arn() -> None:
    found = scope({}, after={"arn": "arn:aws:kms:eu-west-1:111122223333:key/1"})
    assert found == Scope("aws", "111122223333", "eu-west-1")


def test_modules_get_the_provider_that_is_passed_or_inherited() -> None:
    template = real("modules")
    assert resource(template, "module.far.aws_s3_bucket.this").scope == Scope(
        "aws.far", "444455556666", "ap-southeast-2"
    )
    inherited = resource(template, "module.keys.module.deep.aws_kms_key.this").scope
    assert inherited == Scope("aws", "123456789012", "eu-west-1")


def test_a_region_that_a_data_source_looks_up_tells_nothing() -> None:
    region = {"mode": "data", "type": "aws_region", "name": "r", "values": {"name": "ap-south-1"}}
    document = plan([], [config("data.aws_region.r", {"name": const("ap-south-1")})], prior_state=prior(region))
    assert load(document).region is None
    document = plan([], [config("data.aws_region.r")], prior_state=prior(region))
    assert load(document).region == "ap-south-1"
