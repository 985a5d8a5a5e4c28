"""Known, absent and unknown values in plans, and which instances there are."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.values import ABSENT, Node, Spread, Unknown
from tests.unit.loaders.terraform.plans import (
    Json,
    at,
    body,
    change,
    config,
    const,
    load,
    plain,
    plan,
    real,
    refs,
    resource,
    unknown,
)


def test_null_is_not_written_and_defaults_are_values() -> None:
    template = load(plan([change("aws_x.a", {"name": "n", "note": None, "size": 0, "on": False})], [config("aws_x.a")]))
    assert plain(resource(template, "aws_x.a").body) == {"name": "n", "size": 0, "on": False}


def test_unknown_without_an_expression_is_absent() -> None:
    template = load(plan([change("aws_x.a", {}, {"id": True, "policy": True})], [config("aws_x.a")]))
    assert body(template, "aws_x.a") == {}


def test_unknown_with_an_expression_is_unknown() -> None:
    expressions = {"policy": refs("local.policy"), "stamp": {}}
    template = load(plan([change("aws_x.a", {}, {"policy": True, "stamp": True})], [config("aws_x.a", expressions)]))
    assert unknown(template, "aws_x.a", "policy") == Unknown("known after apply", "local.policy")
    assert unknown(template, "aws_x.a", "stamp") == Unknown("known after apply", None, (), True)


def test_an_expression_of_known_parts_gave_null_where_the_value_is_unknown() -> None:
    changes = [
        change("aws_x.a", {}, {"key": True, "other": True, "third": True}),
        change("aws_y.known", {"name": "n"}, {"id": True}),
    ]
    expressions = {"key": refs("var.unset"), "other": refs("aws_y.known.name", "var.flag"), "third": const(None)}
    document = plan(
        changes,
        [config("aws_x.a", expressions), config("aws_y.known")],
        variables={"unset": {"value": None}, "flag": {"value": False}},
    )
    assert body(load(document), "aws_x.a") == {}


@pytest.mark.parametrize(
    ("constant", "expected"), [(None, {}), ("", {}), ([], {}), (False, {"a": "?"}), (0, {"a": "?"})]
)
def test_a_computed_argument_that_is_given_empty_is_left_out(constant: Any, expected: Any) -> None:
    template = load(plan([change("aws_x.a", {}, {"a": True})], [config("aws_x.a", {"a": const(constant)})]))
    assert plain(resource(template, "aws_x.a").body) == expected


def test_without_a_configuration_unknown_is_unknown_and_it_is_said() -> None:
    document = plan([change("aws_x.a", {}, {"id": True})])
    del document["configuration"]
    template = load(document)
    assert plain(at(template, "aws_x.a", "id")) == "?"
    assert [(item.summary, item.level) for item in template.diagnostics] == [("Plan without configuration", "outside")]


def test_an_empty_list_is_absence_for_a_block_and_a_value_for_an_attribute() -> None:
    after: Json = {"block": [], "listed": [], "left_out": [], "tags": {}}
    expressions = {"block": [{}], "listed": const([]), "tags": const({})}
    template = load(plan([change("aws_x.a", after)], [config("aws_x.a", expressions)]))
    assert plain(resource(template, "aws_x.a").body) == {"listed": [], "tags": {}}


def test_an_empty_block_is_a_value() -> None:
    after = {"action": [{"allow": [{}], "block": []}], "none": [None]}
    expressions = {"action": [{"allow": [{}]}], "none": [{}]}
    template = load(plan([change("aws_x.a", after)], [config("aws_x.a", expressions)]))
    assert plain(resource(template, "aws_x.a").body) == {"action": [{"allow": [{}]}], "none": [{}]}


def test_unknown_elements_of_a_list_stand_in_their_places() -> None:
    changes = [
        change("aws_x.a", {"ranges": ["10.0.0.0/8", None, None]}, {"ranges": [False, True, False]}),
        change("aws_y.b", {}, {"cidr": True}),
    ]
    template = load(plan(changes, [config("aws_x.a", {"ranges": refs("aws_y.b.cidr")}), config("aws_y.b")]))
    elements = at(template, "aws_x.a", "ranges")
    assert elements is not None
    assert isinstance(elements.value, list)
    first, second, third = elements.value
    assert first.value == "10.0.0.0/8"
    assert isinstance(second.value, Unknown)
    assert second.value.candidates == ("aws_y.b",)
    assert third.value is ABSENT


def test_as_many_unknown_elements_as_attributes_are_one_each() -> None:
    changes = [
        change("aws_x.a", {"groups": [None, None]}, {"groups": [True, True]}),
        change("aws_y.b", {}, {"id": True}),
        change("aws_y.c", {}, {"id": True}),
    ]
    configuration = [
        config("aws_x.a", {"groups": refs("aws_y.c.id", "aws_y.b.id")}),
        config("aws_y.b"),
        config("aws_y.c"),
    ]
    template = load(plan(changes, configuration))
    assert [unknown(template, "aws_x.a", "groups", number).candidates for number in (0, 1)] == [
        ("aws_y.c",),
        ("aws_y.b",),
    ]


def test_blocks_are_matched_by_what_they_say_and_not_by_position() -> None:
    template = real("dynamic")
    first, second = plain(at(template, "aws_instance.static", "ebs_block_device"))
    assert first["kms_key_id"] == "?"
    assert second == {"delete_on_termination": True, "device_name": "/dev/sdg", "volume_size": 5}
    key = unknown(template, "aws_instance.static", "ebs_block_device", 0, "kms_key_id")
    assert key.reference is not None
    assert (key.reference.address, key.reference.attribute) == ("aws_kms_key.disks", "arn")


def test_blocks_that_cannot_be_told_apart_keep_the_unknown_without_a_claim() -> None:
    template = real("dynamic")
    for number in (0, 1):
        key = unknown(template, "aws_instance.alike", "ebs_block_device", number, "kms_key_id")
        assert (key.candidates, key.exact, key.reference) == (("aws_kms_key.disks",), False, None)


def test_below_a_dynamic_block_unknown_is_unknown() -> None:
    template = real("dynamic")
    by_name = {block["device_name"]: block for block in plain(at(template, "aws_instance.mixed", "ebs_block_device"))}
    assert "kms_key_id" not in by_name["/dev/sdz"]
    assert by_name["/dev/sdf"]["kms_key_id"] == by_name["/dev/sdg"]["kms_key_id"] == "?"
    assert by_name["/dev/sdf"]["iops"] == "?"


def test_the_source_shows_what_a_dynamic_block_cannot_set() -> None:
    template = real("dynamic", source=".")
    by_name = {block["device_name"]: block for block in plain(at(template, "aws_instance.mixed", "ebs_block_device"))}
    assert by_name["/dev/sdf"]["kms_key_id"] == "?"
    assert "iops" not in by_name["/dev/sdf"]


def test_a_computed_block_is_absent_unless_the_source_has_a_dynamic_one() -> None:
    assert at(real("dynamic"), "aws_eks_cluster.open", "encryption_config") is None
    template = real("dynamic", source=".")
    assert plain(at(template, "aws_eks_cluster.open", "encryption_config")) == "?"
    assert at(template, "aws_eks_cluster.plain", "encryption_config") is None


def test_empty_block_and_empty_attribute_in_a_real_plan() -> None:
    template = real("dynamic")
    assert plain(at(template, "aws_wafv2_web_acl.edge", "default_action")) == [{"allow": [{}]}]
    assert plain(at(template, "aws_security_group.attribute", "ingress")) == []
    assert at(template, "aws_wafv2_web_acl.edge", "rule") is None


def test_an_attribute_of_a_resource_with_no_instances_is_null() -> None:
    assert at(real("count_index"), "aws_ebs_volume.scratch", "kms_key_id") is None


def test_places_name_the_source_path() -> None:
    template = real("dynamic")
    node = at(template, "aws_instance.static", "ebs_block_device", 1, "volume_size")
    assert node is not None
    assert node.place is not None
    assert (node.place.address, node.place.path) == ("aws_instance.static", ("ebs_block_device", 1, "volume_size"))


@pytest.mark.parametrize(
    ("actions", "changes"),
    [
        (["create"], "create"),
        (["update"], "update"),
        (["no-op"], "no-op"),
        (["delete", "create"], "replace"),
        (["create", "delete"], "replace"),
        (["create", "forget"], "replace"),
    ],
)
def test_what_will_be_is_judged_as_it_will_be(actions: list[str], changes: str) -> None:
    document = plan([change("aws_x.a", {"n": 1}, actions=actions, before={"n": 0})], [config("aws_x.a")])
    template = load(document)
    assert (resource(template, "aws_x.a").changes, plain(at(template, "aws_x.a", "n"))) == (changes, 1)
    assert [plain(item.body) for item in template.before] == ([] if changes == "no-op" else [{"n": 0}])


@pytest.mark.parametrize("actions", [["delete"], ["forget"]])
def test_what_goes_is_not_judged(actions: list[str]) -> None:
    entry = change("aws_x.a", actions=actions, before={"n": 0})
    entry["change"]["after"] = None
    document = plan([entry], planned_values={"root_module": {"resources": [{"address": "aws_x.a", "type": "aws_x"}]}})
    template = load(document)
    assert template.resources == ()
    assert [(item.address, plain(item.body)) for item in template.before] == [("aws_x.a", {"n": 0})]


def test_deposed_objects_are_left_out() -> None:
    live = change("aws_x.a", {"n": 1}, actions=["no-op"])
    old = change("aws_x.a", actions=["delete"], before={"n": 0}, deposed="00000001")
    template = load(plan([old, live], [config("aws_x.a")]))
    assert [item.address for item in template.resources] == ["aws_x.a"]
    assert template.before == ()


def test_a_real_plan_upon_a_state() -> None:
    template = real("changes")
    assert {item.address: item.changes for item in template.resources if item.mode == "managed"} == {
        "aws_iam_policy.early": "create",
        "aws_kms_key.changed": "update",
        "aws_kms_key.kept": "no-op",
        "aws_s3_bucket.renamed": "replace",
        "aws_s3_bucket_versioning.renamed": "replace",
        "aws_security_group.web": "no-op",
        "aws_vpc.main": "no-op",
    }
    assert [item.address for item in template.resources if item.mode == "data"] == [
        "data.aws_iam_policy_document.late",
        "data.aws_caller_identity.current",
        "data.aws_iam_policy_document.early",
        "data.aws_region.current",
    ]
    assert [item.address for item in template.before] == [
        "aws_kms_key.dropped",
        "aws_sqs_queue.forgotten",
        "aws_vpc_security_group_ingress_rule.ssh",
        "aws_kms_key.changed",
        "aws_s3_bucket.renamed",
        "aws_s3_bucket_versioning.renamed",
    ]
    web = resource(template, "aws_security_group.web")
    assert "ingress" in web.stale
    assert "name" not in web.stale
    assert plain(at(template, "aws_security_group.web", "id")).startswith("sg-")
    assert plain(at(template, "aws_kms_key.changed", "enable_key_rotation")) is False
    assert (template.account, template.region) == ("123456789012", "eu-west-1")


def test_a_data_source_read_at_apply_has_its_known_parts() -> None:
    template = real("changes")
    (statement,) = plain(at(template, "data.aws_iam_policy_document.late", "statement"))
    assert statement == {"actions": ["s3:GetObject"], "resources": ["?"]}
    assert at(template, "data.aws_iam_policy_document.late", "json") is None


def test_a_plan_with_target_is_not_complete() -> None:
    template = real("changes", "target.json")
    assert template.incomplete == ("the plan is not complete",)
    assert [(item.summary, item.level) for item in template.diagnostics] == [("Plan is not complete", "outside")]


def test_a_refresh_only_plan_changes_nothing_and_does_not_show_what_is_there() -> None:
    template = real("changes", "refresh.json")
    assert [item for item in template.resources if item.mode == "managed"] == []
    assert template.diagnostics == ()
    assert template.incomplete == ("the plan only refreshes the state, and does not show its resources",)


def test_a_plan_of_nothing_is_complete() -> None:
    assert load(plan([], [])).incomplete == ()
    gone = change("aws_x.a", actions=["delete"], before={"y": 1})
    prior = {"values": {"root_module": {"resources": [{"address": "aws_x.a", "mode": "managed"}]}}}
    assert load(plan([gone], [], prior_state=prior)).incomplete == ()


def test_deferred_changes_leave_the_relations_open() -> None:
    document = plan([change("aws_x.a")], [config("aws_x.a")], deferred_changes=[{"reason": "instance_count_unknown"}])
    template = load(document)
    assert template.incomplete == ("the plan defers changes to a later one",)
    assert [item.summary for item in template.diagnostics] == ["Deferred changes"]


def _shrunk(case: str) -> Any:
    from tests.unit.loaders.terraform.plans import document

    found = document(case)
    del found["resource_changes"]
    return found


def test_a_plan_without_resource_changes_says_the_same() -> None:
    whole, shrunk = real("modules"), load(_shrunk("modules"))
    assert {item.address for item in shrunk.resources} == {item.address for item in whole.resources}
    for item in whole.resources:
        assert plain(resource(shrunk, item.address).body) == plain(item.body), item.address


def test_an_entry_of_planned_values_that_has_no_change_counts_too() -> None:
    planned = {
        "root_module": {
            "resources": [
                {"address": "aws_x.a", "mode": "managed", "type": "aws_x", "name": "a", "values": {"n": 7}},
                {"address": "aws_x.b", "mode": "managed", "type": "aws_x", "name": "b", "values": {"n": 2}},
            ],
            "child_modules": [
                {
                    "address": 'module.m["k.1"]',
                    "resources": [
                        {"mode": "managed", "type": "aws_x", "name": "c", "index": 0, "values": {"list": [None, 1]}}
                    ],
                }
            ],
        }
    }
    module = {
        "module": {
            "resources": [config("aws_x.c", {"list": refs("local.l"), "gone": refs("local.g")}, count_expression={})]
        }
    }
    document = plan([change("aws_x.a", {"n": 1})], [config("aws_x.a"), config("aws_x.b")], planned_values=planned)
    document["configuration"]["root_module"]["module_calls"] = {"m": {"for_each_expression": {}, **module}}
    template = load(document)
    assert plain(at(template, "aws_x.a", "n")) == 1
    assert plain(at(template, "aws_x.b", "n")) == 2
    assert plain(resource(template, 'module.m["k.1"].aws_x.c[0]').body) == {"list": ["?", 1], "gone": "?"}


def test_resources_of_other_providers_pass_through_and_a_namesake_bears_its_provider() -> None:
    changes = [
        change("random_id.a", provider="registry.terraform.io/hashicorp/random"),
        change("aws_s3_bucket.a", provider="registry.opentofu.org/opentofu/aws"),
        change("aws_s3_bucket.b", provider="mirror.example.com/hashicorp/aws"),
        change("aws_s3_bucket.c", provider="registry.terraform.io/acme/aws"),
        change("aws_s3_bucket.d", provider="aws"),
    ]
    assert [item.type for item in load(plan(changes)).resources] == [
        "random_id",
        "aws_s3_bucket",
        "aws_s3_bucket",
        "aws_s3_bucket (acme/aws)",
        "aws_s3_bucket",
    ]


def test_files_carry_the_digest() -> None:
    from srmcheck.loaders.terraform.plan import load_plan

    assert load_plan(plan([]), "p.json", sha256="abc").files == {"p.json": "abc"}


def test_a_single_nested_block_is_an_object() -> None:
    after = {"timeouts": {"create": "5m", "delete": None}}
    expressions = {"timeouts": {"create": const("5m"), "update": refs("local.u")}}
    template = load(
        plan([change("aws_x.a", after, {"timeouts": {"update": True, "read": True}})], [config("aws_x.a", expressions)])
    )
    assert plain(resource(template, "aws_x.a").body) == {"timeouts": {"create": "5m", "update": "?"}}


def test_of_unknown_blocks_that_are_partly_static_one_is_there() -> None:
    template = load(plan([change("aws_x.a", {}, {"rule": True})], [config("aws_x.a", {"rule": [{"n": const(1)}]})]))
    rules = at(template, "aws_x.a", "rule")
    assert rules is not None
    later = Node(Unknown("known after apply"))
    assert rules.value == [later, Node(Spread(later))]
    assert isinstance(rules.value, list)
    assert [rule.place.path for rule in rules.value if rule.place is not None] == [("rule", 0), ("rule",)]


def test_unknown_blocks_in_a_block_that_may_be_dynamic_may_not_be_there() -> None:
    rule = {"n": const(1), "inner": [{"n": const(2)}]}
    template = load(
        plan(
            [change("aws_x.a", {"rule": [{"n": 1}, {"n": 1}]}, {"rule": [{"inner": True}, {"inner": True}]})],
            [config("aws_x.a", {"rule": [rule]})],
        )
    )
    assert plain(at(template, "aws_x.a", "rule")) == [{"n": 1, "inner": "?"}] * 2


def test_an_unknown_block_among_known_ones() -> None:
    document = plan(
        [change("aws_x.a", {"rule": [{"n": 1}, None]}, {"rule": [False, True]})],
        [config("aws_x.a", {"rule": [{"n": const(1)}, {"n": refs("local.n")}]})],
    )
    assert plain(at(load(document), "aws_x.a", "rule")) == [{"n": 1}, "?"]


def test_marks_that_do_not_fit_the_values() -> None:
    after = {"list": ["a", "b", "c"], "rule": ["text", {"n": 1}], "single": [1], "object": 7}
    marks = {"list": [True], "rule": True, "single": {"x": True}, "object": {"x": True}, "gone": [{"x": True}]}
    expressions = {"list": refs("local.l"), "rule": [{}], "single": {"n": const(1)}, "object": {"n": const(1)}}
    template = load(plan([change("aws_x.a", after, marks)], [config("aws_x.a", expressions)]))
    found = plain(resource(template, "aws_x.a").body)
    assert found["list"] == ["?", "?", "?"]  # what the marks do not cover is taken for the worst
    assert found["rule"][0] == "?"
