"""Where values come from, and what is secret."""

from __future__ import annotations

from srmcheck.values import Node, Origin, Unknown, walk
from tests.unit.loaders.terraform.plans import at, change, config, const, load, plan, real, refs


def found(template: object, address: str, *path: str | int) -> Node:
    node = at(template, address, *path)  # type: ignore[arg-type]
    assert node is not None
    return node


def test_passwords_are_traced_to_the_root() -> None:
    template = real("secrets")
    origins = {
        address: found(template, address, "password").origin
        for address in (
            "aws_db_instance.literal",
            "aws_db_instance.default",
            "aws_db_instance.local",
            "aws_db_instance.through_local",
            "module.db.aws_db_instance.this",
        )
    }
    assert origins == {
        "aws_db_instance.literal": None,
        "aws_db_instance.default": Origin("parameter", "var.token", True, True),
        "aws_db_instance.local": Origin("literal", "local.written"),
        "aws_db_instance.through_local": Origin("parameter", "var.plain", False, True),
        "module.db.aws_db_instance.this": Origin("parameter", "var.password", True, False),
    }
    assert all(found(template, address, "password").secret for address in origins)


def test_in_a_map_each_value_has_its_own_origin() -> None:
    variables = found(real("secrets"), "aws_lambda_function.worker", "environment", 0, "variables").value
    assert isinstance(variables, dict)
    assert {key: (node.origin.name if node.origin else None) for key, node in variables.items()} == {
        "STAGE": None,
        "PASSWORD": "var.password",
        "PLAIN": "var.plain",
        "WRITTEN": None,
    }
    assert {key: node.secret for key, node in variables.items()} == {
        "STAGE": False,
        "PASSWORD": True,
        "PLAIN": False,
        "WRITTEN": False,
    }


def test_no_value_of_a_sensitive_variable_is_left_unmarked() -> None:
    for resource in real("secrets").resources:
        for node in walk(resource.body):
            if isinstance(node.value, str) and ("made-up-password-1" in node.value or "made-up-token-1" in node.value):
                assert node.secret, node.place


def test_a_value_that_equals_a_secret_is_secret_and_so_is_one_that_lost_its_mark() -> None:
    template = real("secrets")
    assert found(template, "aws_ssm_parameter.copied", "description").secret
    assert found(template, "aws_ssm_parameter.shown", "description").secret


def test_a_null_variable_is_no_value() -> None:
    assert at(real("secrets"), "aws_db_instance.literal", "kms_key_id") is None


def test_values_of_resources_and_data_sources_say_so() -> None:
    template = real("changes")
    assert found(template, "aws_security_group.web", "vpc_id").origin == Origin("reference", "aws_vpc.main.id")
    policy = found(template, "aws_iam_policy.early", "policy")
    assert policy.origin == Origin("data", "data.aws_iam_policy_document.early.json")
    assert isinstance(policy.value, str)


def test_a_value_beside_what_is_not_known_yet_does_not_come_from_there() -> None:
    changes = [change("aws_x.a", {"key": ""}), change("aws_k.k", {}, {"arn": True})]
    template = load(plan(changes, [config("aws_x.a", {"key": refs("aws_k.k.arn")}), config("aws_k.k")]))
    assert found(template, "aws_x.a", "key").origin is None


def test_the_reference_that_has_the_value_is_the_origin() -> None:
    document = plan(
        [change("aws_x.a", {"key": "second"})],
        [config("aws_x.a", {"key": refs("var.first", "var.second")})],
        variables={"first": {"value": "first"}, "second": {"value": "second"}},
        root={"variables": {"first": {"default": "x"}, "second": {"default": ""}}},
    )
    assert found(load(document), "aws_x.a", "key").origin == Origin("parameter", "var.second")


def test_a_variable_without_a_value_gave_none() -> None:
    document = plan(
        [change("aws_x.a", {"key": "written"})],
        [config("aws_x.a", {"key": refs("var.unset")})],
        variables={"unset": {"value": None}},
    )
    assert found(load(document), "aws_x.a", "key").origin is None


def test_a_constant_passed_to_a_module_is_a_literal() -> None:
    inner = {"resources": [config("aws_x.a", {"key": refs("var.key")})], "variables": {"key": {}}}
    calls = {"module_calls": {"m": {"expressions": {"key": const("made-up")}, "module": inner}}}
    entry = change("aws_x.a", {"key": "made-up"}, module_address="module.m")
    entry["address"] = "module.m.aws_x.a"
    assert found(load(plan([entry], root=calls)), "module.m.aws_x.a", "key").origin is None


def test_marks_cover_what_is_below_them() -> None:
    after = {"map": {"a": "x", "b": "y"}, "list": [{"p": "x"}, {"p": "y"}], "text": "x"}
    marks = {"map": {"a": True}, "list": [{"p": True}], "text": False}
    expressions = {key: refs("local.l") for key in after}
    template = load(plan([change("aws_x.a", after, sensitive=marks)], [config("aws_x.a", expressions)]))
    assert found(template, "aws_x.a", "map", "a").secret
    assert not found(template, "aws_x.a", "map", "b").secret
    assert found(template, "aws_x.a", "list", 0, "p").secret
    assert found(template, "aws_x.a", "list", 1, "p").secret  # marks that do not cover the list cover the rest
    template = load(plan([change("aws_x.a", after, sensitive=True)], [config("aws_x.a", expressions)]))
    assert all(node.secret for node in walk(template.resources[0].body))


def test_a_set_marked_for_a_part_that_is_not_known_yet_shows_what_is_known() -> None:
    rule = {"from_port": 22, "protocol": "tcp", "cidr_blocks": None}
    changes = [
        change("aws_x.a", {"ingress": [rule]}, {"ingress": [{"cidr_blocks": True}]}, sensitive={"ingress": True}),
        change("data.aws_p.p", {}, {"value": True}),
    ]
    template = load(plan(changes, [config("aws_x.a", {"ingress": refs("data.aws_p.p.value")}), config("data.aws_p.p")]))
    assert not found(template, "aws_x.a", "ingress", 0, "protocol").secret
    assert isinstance(found(template, "aws_x.a", "ingress", 0, "cidr_blocks").value, Unknown)
    known = [changes[0], change("data.aws_p.p", {"value": "10.0.0.0/8"})]
    template = load(plan(known, [config("aws_x.a", {"ingress": refs("data.aws_p.p.value")}), config("data.aws_p.p")]))
    assert found(template, "aws_x.a", "ingress", 0, "protocol").secret


def test_no_diagnostic_quotes_a_value() -> None:
    document = plan(
        [change("aws_x.a", {"key": "made-up-secret"}), {"address": "made-up-secret"}, 7],  # type: ignore[list-item]
        [config("aws_x.a")],
        complete=False,
    )
    assert "made-up-secret" not in repr(load(document).diagnostics)


def test_a_local_that_holds_what_a_data_source_gave_is_no_literal() -> None:
    secret = {
        "mode": "data",
        "type": "aws_secretsmanager_secret_version",
        "name": "db",
        "values": {"secret_string": '{"user": "made-up-user", "password": "made-up-pass"}', "odd": "{not json"},
    }
    document = plan(
        [
            change("aws_x.a", {"password": "made-up-pass", "list": ["made-up-user"], "key": "made-up-key", "n": 7}),
            change("random_password.r", {"result": "made-up-key"}, actions=["no-op"]),
        ],
        [config("aws_x.a", {key: refs("local.l") for key in ("password", "list", "key", "n")})],
        prior_state={"values": {"root_module": {"resources": [secret]}}},
    )
    template = load(document)
    origin = Origin("data", "data.aws_secretsmanager_secret_version.db.secret_string")
    assert found(template, "aws_x.a", "password").origin == origin
    assert found(template, "aws_x.a", "list", 0).origin == origin
    assert found(template, "aws_x.a", "key").origin == Origin("reference", "random_password.r.result")
    assert found(template, "aws_x.a", "n").origin is None


def test_a_sensitive_variable_is_the_origin_among_several() -> None:
    document = plan(
        [change("aws_x.a", {"key": "one-two-made-up", "listed": ["made-up", "other"]})],
        [config("aws_x.a", {"key": refs("var.first", "var.second"), "listed": refs("var.all.list")})],
        variables={"first": {"value": "one"}, "second": {"value": "two"}, "all": {"value": {"list": ["made-up"]}}},
        root={"variables": {"first": {}, "second": {"sensitive": True}, "all": {"sensitive": True}}},
    )
    template = load(document)
    assert found(template, "aws_x.a", "key").origin == Origin("parameter", "var.second", True)
    assert found(template, "aws_x.a", "key").secret
    assert found(template, "aws_x.a", "listed", 0).origin == Origin("parameter", "var.all", True)
    assert found(template, "aws_x.a", "listed", 0).secret
    assert found(template, "aws_x.a", "listed", 1).origin is None
