"""What an unknown value may name: through variables, outputs, objects and instances."""

from __future__ import annotations

import pytest

from srmcheck.loaders.terraform.implied import implied_attribute
from srmcheck.loaders.terraform.inventory import ModuleInstance, Record
from srmcheck.values import Reference, Unknown
from tests.unit.loaders.terraform.plans import Json, change, config, const, load, plan, real, refs, unknown


def one(address: str, attribute: str) -> tuple[tuple[str, ...], bool, Reference]:
    return (address,), True, Reference(address, attribute)


def said(found: Unknown) -> tuple[tuple[str, ...], bool, Reference | None]:
    return found.candidates, found.exact, found.reference


def test_the_longest_reference_counts() -> None:
    changes = [change("aws_x.a", {}, {"key": True}), change("aws_k.k", {}, {"arn": True})]
    template = load(plan(changes, [config("aws_x.a", {"key": refs("aws_k.k.arn")}), config("aws_k.k")]))
    found = unknown(template, "aws_x.a", "key")
    assert found.name == "aws_k.k.arn"
    assert said(found) == one("aws_k.k", "arn")


def test_a_nested_attribute_is_a_dotted_path() -> None:
    changes = [change("aws_x.a", {}, {"key": True}), change("aws_k.k", {}, {"secret": True})]
    expression = {"references": ["aws_k.k.secret[0].arn", "aws_k.k.secret[0]", "aws_k.k.secret", "aws_k.k"]}
    template = load(plan(changes, [config("aws_x.a", {"key": expression}), config("aws_k.k")]))
    assert unknown(template, "aws_x.a", "key").reference == Reference("aws_k.k", "secret.0.arn")


def test_a_variable_beside_the_reference_does_not_matter() -> None:
    changes = [change("aws_x.a", {}, {"key": True}), change("aws_k.k", {}, {"arn": True})]
    document = plan(
        changes,
        [config("aws_x.a", {"key": refs("var.on", "aws_k.k.arn")}), config("aws_k.k")],
        variables={"on": {"value": True}},
    )
    found = unknown(load(document), "aws_x.a", "key")
    assert found.name == "aws_k.k.arn"
    assert said(found) == one("aws_k.k", "arn")


def test_where_the_template_is_deployed_names_no_resource() -> None:
    """`arn:aws:ec2:${data.aws_region.r.name}:...:eip-allocation/${aws_k.k.id}` names the address, not the Region."""
    changes = [change("aws_x.a", {}, {"key": True}), change("aws_k.k", {}, {"id": True})]
    region = change("data.aws_region.r", {"name": "eu-west-1"})
    expression = refs("data.aws_region.r.name", "aws_k.k.id")
    configuration = [config("aws_x.a", {"key": expression}), config("aws_k.k"), config("data.aws_region.r")]
    assert said(unknown(load(plan([*changes, region], configuration)), "aws_x.a", "key")) == one("aws_k.k", "id")

    other = change("data.aws_lb.l", {"name": "site"})
    expression = refs("data.aws_lb.l.arn", "aws_k.k.id")
    configuration = [config("aws_x.a", {"key": expression}), config("aws_k.k"), config("data.aws_lb.l")]
    both = (("data.aws_lb.l", "aws_k.k"), True, None)
    assert said(unknown(load(plan([*changes, other], configuration)), "aws_x.a", "key")) == both


def test_two_resources_are_candidates_without_a_reference() -> None:
    changes = [
        change("aws_x.a", {}, {"key": True}),
        change("aws_k.k", {}, {"arn": True}),
        change("aws_k.l", {}, {"arn": True}),
    ]
    configuration = [
        config("aws_x.a", {"key": refs("aws_k.k.arn", "aws_k.l.arn")}),
        config("aws_k.k"),
        config("aws_k.l"),
    ]
    assert said(unknown(load(plan(changes, configuration)), "aws_x.a", "key")) == (("aws_k.k", "aws_k.l"), True, None)


def test_a_local_may_lead_anywhere() -> None:
    changes = [change("aws_x.a", {}, {"key": True, "other": True}), change("aws_k.k", {}, {"arn": True})]
    expressions = {"key": refs("local.key"), "other": refs("local.on", "aws_k.k.arn")}
    template = load(plan(changes, [config("aws_x.a", expressions), config("aws_k.k")]))
    assert said(unknown(template, "aws_x.a", "key")) == ((), False, None)
    assert said(unknown(template, "aws_x.a", "other")) == (("aws_k.k",), False, None)


def test_a_map_is_no_reference() -> None:
    changes = [
        change("aws_x.a", {}, {"dimensions": True}, sensitive={"dimensions": {}}),
        change("aws_k.k", {}, {"arn": True}),
    ]
    template = load(plan(changes, [config("aws_x.a", {"dimensions": refs("aws_k.k.arn")}), config("aws_k.k")]))
    assert said(unknown(template, "aws_x.a", "dimensions")) == (("aws_k.k",), True, None)


def test_a_managed_resource_and_a_data_source_of_one_name_are_two() -> None:
    changes = [
        change("aws_x.a", {}, {"key": True, "late": True}),
        change("aws_k.k", {}, {"arn": True}),
        change("data.aws_k.k", {}, {"arn": True}),
    ]
    expressions = {"key": refs("aws_k.k.arn"), "late": refs("data.aws_k.k.arn")}
    template = load(plan(changes, [config("aws_x.a", expressions), config("aws_k.k"), config("data.aws_k.k")]))
    assert said(unknown(template, "aws_x.a", "key")) == one("aws_k.k", "arn")
    assert said(unknown(template, "aws_x.a", "late")) == one("data.aws_k.k", "arn")


def test_indexes() -> None:
    template = real("count_index")
    zones = tuple(f"aws_subnet.zone[{number}]" for number in range(3))
    assert said(unknown(template, "aws_instance.same[1]", "subnet_id")) == one(zones[1], "id")
    assert said(unknown(template, "aws_instance.turns[4]", "subnet_id")) == (zones, True, None)
    assert said(unknown(template, "aws_instance.second", "subnet_id")) == one(zones[1], "id")
    assert said(unknown(template, "aws_db_subnet_group.all", "subnet_ids")) == (zones, True, None)
    assert said(unknown(template, "aws_db_subnet_group.two", "subnet_ids")) == ((zones[0], zones[2]), True, None)


def test_through_module_variables_and_outputs() -> None:
    template = real("modules")
    encryption = "aws_s3_bucket_server_side_encryption_configuration.this"
    path = ("rule", 0, "apply_server_side_encryption_by_default", 0, "kms_master_key_id")
    key = unknown(template, f'module.store["in.box"].{encryption}', *path)
    assert key.name == "var.key_arn"
    assert said(key) == one("module.keys.module.deep.aws_kms_key.this", "arn")


def test_in_the_same_module_instance() -> None:
    template = real("modules")
    for key in ("in.box", "out/box"):
        module = f'module.store["{key}"]'
        found = unknown(template, f"{module}.aws_s3_bucket_server_side_encryption_configuration.this", "bucket")
        assert said(found) == one(f"{module}.aws_s3_bucket.this", "id")


def test_through_one_field_of_an_object() -> None:
    found = unknown(real("modules"), 'module.store["in.box"].aws_s3_bucket_logging.this[0]', "target_bucket")
    assert found.name == "var.settings.log_bucket"
    assert said(found) == one("aws_s3_bucket.logs", "id")


def test_each_value_of_a_module_and_literal_keys() -> None:
    template = real("modules")
    controls = unknown(template, 'aws_s3_bucket_ownership_controls.store["out/box"]', "bucket")
    assert said(controls) == one('module.store["out/box"].aws_s3_bucket.this', "id")
    logging = unknown(template, "aws_s3_bucket_logging.out", "bucket")
    assert said(logging) == one('module.store["out/box"].aws_s3_bucket.this', "id")


def test_an_index_by_each_key_keeps_the_instance_and_the_name_of_the_argument_tells_the_attribute() -> None:
    found = unknown(real("modules"), 'aws_s3_bucket_versioning.store["in.box"]', "bucket")
    assert found.name == "module.store"
    assert said(found) == one('module.store["in.box"].aws_s3_bucket.this', "id")


@pytest.mark.parametrize(
    ("argument", "type_", "attribute"),
    [
        ("bucket", "aws_s3_bucket", "id"),
        ("target_bucket", "aws_s3_bucket", "id"),
        ("subnet_id", "aws_subnet", "id"),
        ("subnet_ids", "aws_subnet", "id"),
        ("kms_master_key_id", "aws_kms_key", "id"),
        ("role_arn", "aws_iam_role", "arn"),
        ("queue_url", "aws_sqs_queue", "url"),
        ("cluster_identifier", "aws_rds_cluster", "id"),
        ("vpc_security_group_ids", "aws_security_group", "id"),
        ("log_group_name", "aws_cloudwatch_log_group", "id"),
        ("kms_key_id", "aws_ebs_volume", None),
        ("resource_arn", "aws_lb", None),
        ("cidr_block", "aws_subnet", None),
        ("id", "aws_x", None),
        ("policy", "aws_iam_policy_document", None),
        ("bucket", "aws_s3_bucket_policy", None),
    ],
)
def test_the_attribute_that_an_argument_takes(argument: str, type_: str, attribute: str | None) -> None:
    record = Record(f"{type_}.x", ModuleInstance("", None, None, None), "managed", type_, "x", None)
    assert implied_attribute(argument, record) == attribute


def test_a_policy_argument_takes_the_text_of_a_document() -> None:
    record = Record("data.d", ModuleInstance("", None, None, None), "data", "aws_iam_policy_document", "d", None)
    assert implied_attribute("assume_role_policy", record) == "json"
    assert implied_attribute("source_policy_documents", record) == "json"
    assert implied_attribute("name", record) is None


def _by_key(expression: Json, for_each: Json, keys: list[str]) -> Json:
    changes = [
        change('aws_x.a["k"]', {}, {"bucket": True}, index="k"),
        *(change(f'aws_b.b["{key}"]', {}, {"id": True}, index=key) for key in keys),
    ]
    for entry in changes:
        entry["type"], entry["name"] = entry["address"].partition("[")[0].split(".")
    return plan(
        changes,
        [
            config("aws_x.a", {"bucket": expression}, for_each_expression=for_each),
            config("aws_b.b", for_each_expression=refs("local.keys")),
        ],
    )


def test_each_value_is_the_instance_with_the_same_key() -> None:
    document = _by_key(refs("each.value.id"), refs("aws_b.b"), ["j", "k"])
    assert said(unknown(load(document), 'aws_x.a["k"]', "bucket")) == one('aws_b.b["k"]', "id")


def test_keys_tell_a_for_each_that_the_configuration_does_not_show() -> None:
    """Terraform leaves a `for_each` out that is a function of constants, of a resource and of a module call."""
    template = real("load_balancers")
    found = unknown(template, "aws_wafv2_web_acl_association.keyed", "resource_arn")
    assert said(found) == one('module.keyed["pass"].aws_lb.this', "arn")
    found = unknown(template, 'aws_wafv2_web_acl_association.each["b"]', "resource_arn")
    assert said(found) == one('aws_lb.pass_each["b"]', "arn")


def test_without_the_same_key_it_may_be_any_instance() -> None:
    document = _by_key(refs("each.value.id"), refs("aws_b.b"), ["i", "j"])
    both = ('aws_b.b["i"]', 'aws_b.b["j"]')
    assert said(unknown(load(document), 'aws_x.a["k"]', "bucket")) == (both, True, None)


def test_each_value_of_an_attribute_is_that_attribute() -> None:
    document = _by_key(refs("each.value"), refs("aws_k.k.arn"), [])
    document["resource_changes"].append(change("aws_k.k", {}, {"arn": True}))
    document["configuration"]["root_module"]["resources"].append(config("aws_k.k"))
    assert said(unknown(load(document), 'aws_x.a["k"]', "bucket")) == one("aws_k.k", "arn")


def test_a_whole_object_passed_down_gives_the_attribute_that_is_asked_for() -> None:
    inner = {
        "resources": [config("aws_x.a", {"vpc": refs("var.net.id"), "odd": refs("var.net.nothing")})],
        "variables": {"net": {}},
    }
    changes = [
        change("aws_x.a", {}, {"vpc": True, "odd": True}, module_address="module.m"),
        change("aws_vpc.v", {}, {"id": True}),
    ]
    changes[0]["address"] = "module.m.aws_x.a"
    calls = {"module_calls": {"m": {"expressions": {"net": refs("aws_vpc.v")}, "module": inner}}}
    template = load(plan(changes, [config("aws_vpc.v")], root=calls))
    assert said(unknown(template, "module.m.aws_x.a", "vpc")) == one("aws_vpc.v", "id")
    assert said(unknown(template, "module.m.aws_x.a", "odd")) == (("aws_vpc.v",), True, None)


def test_among_several_what_they_lead_on_to_is_a_candidate_too() -> None:
    changes = [
        change("aws_x.a", {}, {"bucket": True}),
        change("aws_c.one", {}, {"bucket": True}),
        change("aws_c.two", {}, {"bucket": True}),
        change("aws_b.b", {}, {"id": True}),
    ]
    configuration = [
        config("aws_x.a", {"bucket": refs("aws_c.one.bucket", "aws_c.two.bucket")}),
        config("aws_c.one", {"bucket": refs("aws_b.b.id")}),
        config("aws_c.two", {"bucket": refs("aws_b.b.id")}),
        config("aws_b.b"),
    ]
    found = unknown(load(plan(changes, configuration)), "aws_x.a", "bucket")
    assert said(found) == (("aws_c.one", "aws_c.two", "aws_b.b"), True, None)


def test_expressions_that_go_in_a_circle_come_to_an_end() -> None:
    changes = [
        change("aws_x.a", {}, {"key": True}),
        change("aws_x.b", {}, {"key": True}),
        change("aws_x.c", {}, {"key": True}),
    ]
    configuration = [
        config("aws_x.a", {"key": refs("aws_x.b.key", "aws_x.c.key")}),
        config("aws_x.b", {"key": refs("aws_x.a.key", "aws_x.c.key")}),
        config("aws_x.c", {"key": refs("aws_x.a.key", "aws_x.b.key")}),
    ]
    found = unknown(load(plan(changes, configuration)), "aws_x.a", "key")
    assert {"aws_x.b", "aws_x.c"} <= set(found.candidates)


def test_a_module_that_calls_itself_by_its_outputs_comes_to_an_end() -> None:
    inner = {
        "resources": [],
        "variables": {"v": {}},
        "outputs": {"o": {"expression": refs("var.v")}},
    }
    calls = {"module_calls": {"m": {"expressions": {"v": refs("module.m.o")}, "module": inner}}}
    changes = [change("aws_x.a", {}, {"key": True})]
    template = load(plan(changes, [config("aws_x.a", {"key": refs("module.m.o")})], root=calls))
    assert said(unknown(template, "aws_x.a", "key")) == ((), False, None)


@pytest.mark.parametrize(
    "expression", [refs("module.gone.out"), refs("aws_k.gone.arn"), refs("self.arn"), {"references": ["?"]}]
)
def test_what_cannot_be_followed_may_be_anything(expression: Json) -> None:
    template = load(plan([change("aws_x.a", {}, {"key": True})], [config("aws_x.a", {"key": expression})]))
    assert said(unknown(template, "aws_x.a", "key")) == ((), False, None)


def test_very_many_instances_are_not_listed_one_by_one() -> None:
    changes = [change("aws_x.a", {}, {"key": True})]
    for number in range(300):
        changes.append(change("aws_k.k", {}, {"arn": True}, index=number))
        changes[-1]["address"] = f"aws_k.k[{number}]"
    configuration = [config("aws_x.a", {"key": refs("aws_k.k")}), config("aws_k.k", count_expression=const(300))]
    assert said(unknown(load(plan(changes, configuration)), "aws_x.a", "key")) == ((), False, None)
