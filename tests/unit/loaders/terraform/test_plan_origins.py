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


def test_what_another_resource_is_given_is_followed() -> None:
    changes = [
        change("aws_x.lone", {"key": "made-up"}),
        change("aws_x.changed", {"key": "MADE-UP"}),
        change("aws_x.generated", {"key": "made-up-2"}),
        change("aws_p.p", {"value": "made-up"}),
        change("aws_p.q", {"value": "made-up-2"}),
        change("random_password.r", {"result": "made-up-2"}, actions=["no-op"]),
    ]
    configs = [
        config("aws_x.lone", {"key": refs("aws_p.p.value")}),
        config("aws_x.changed", {"key": refs("aws_p.p.value")}),
        config("aws_x.generated", {"key": refs("aws_p.q.value")}),
        config("aws_p.p", {"value": const("made-up")}),
        config("aws_p.q", {"value": refs("random_password.r.result")}),
        config("random_password.r"),
    ]
    template = load(plan(changes, configs))
    assert found(template, "aws_x.lone", "key").origin is None
    assert found(template, "aws_x.changed", "key").origin is None
    assert found(template, "aws_x.generated", "key").origin == Origin("reference", "random_password.r.result")


def test_what_is_known_after_apply_says_what_it_waits_for() -> None:
    changes = [
        change("aws_x.a", {}, {"key": True, "local": True, "uuid": True}),
        change("random_password.r", {}, {"result": True}),
    ]
    expressions = {"key": refs("var.p", "random_password.r.result"), "local": refs("local.l"), "uuid": {}}
    configs = [config("aws_x.a", expressions), config("random_password.r")]
    template = load(plan(changes, configs, variables={"p": {"value": "x"}}))
    assert found(template, "aws_x.a", "key").origin == Origin("reference", "random_password.r.result")
    assert found(template, "aws_x.a", "local").origin == Origin("reference", "local.l")
    assert found(template, "aws_x.a", "uuid").origin is None


def test_a_text_of_several_parts_has_the_origin_that_counts_most() -> None:
    variables = {"stage": {"value": "prod"}, "word": {"value": "made-up"}}
    document = plan(
        [
            change("aws_x.a", {"first": "prod-made-up", "second": "prod-made-up"}),
            change("random_password.r", {"result": "made-up"}, actions=["no-op"]),
        ],
        [
            config(
                "aws_x.a",
                {"first": refs("var.stage", "random_password.r.result"), "second": refs("var.stage", "var.word")},
            ),
            config("random_password.r"),
        ],
        variables=variables,
        root={"variables": {"stage": {"default": "dev"}, "word": {"sensitive": True}}},
    )
    assert found(load(document), "aws_x.a", "first").origin == Origin("reference", "random_password.r.result")
    assert found(load(document), "aws_x.a", "second").origin == Origin("parameter", "var.word", True)


def test_a_value_of_a_dynamic_block_is_looked_for() -> None:
    users = [{"password": "made-up-1"}, {"password": "made-up-2"}]
    document = plan(
        [change("aws_x.a", {"user": users})],
        [config("aws_x.a")],
        variables={"p": {"value": "made-up-1"}},
        root={"variables": {"p": {"sensitive": True}}},
    )
    template = load(document)
    assert found(template, "aws_x.a", "user", 0, "password").origin == Origin("parameter", "var.p", True)
    assert found(template, "aws_x.a", "user", 1, "password").origin is None


def test_without_a_configuration_nothing_says_where_values_come_from() -> None:
    document = plan([change("aws_x.a", {"key": "made-up"})])
    del document["configuration"]
    assert found(load(document), "aws_x.a", "key").origin == Origin("unsaid")


def test_write_only_arguments() -> None:
    keys = ("literal", "null", "unset", "open", "given", "several", "waits", "ephemeral", "local")
    document = plan(
        [change("aws_x.a", {f"{key}_wo": None for key in keys}), change("random_password.r", {}, {"result": True})],
        [
            config(
                "aws_x.a",
                {
                    "literal_wo": const("made-up"),
                    "null_wo": const(None),
                    "unset_wo": refs("var.unset"),
                    "open_wo": refs("var.open"),
                    "given_wo": refs("var.given"),
                    "several_wo": refs("var.flag", "var.given"),
                    "waits_wo": refs("random_password.r.result"),
                    "ephemeral_wo": refs("ephemeral.random_password.r.result"),
                    "local_wo": refs("local.l"),
                },
            ),
            config("random_password.r"),
        ],
        variables={"unset": {"value": None}, "given": {"value": "made-up"}, "flag": {"value": True}},
        root={"variables": {"unset": {}, "given": {"default": "made-up"}, "flag": {}, "open": {"sensitive": True}}},
    )
    template = load(document)
    assert at(template, "aws_x.a", "null_wo") is None
    assert at(template, "aws_x.a", "unset_wo") is None
    origins = {key: found(template, "aws_x.a", f"{key}_wo").origin for key in keys if key not in ("null", "unset")}
    assert origins == {
        "literal": Origin("literal"),
        "open": Origin("parameter", "var.open", True),
        "given": Origin("parameter", "var.given", False, True),
        "several": None,
        "waits": Origin("reference", "random_password.r.result"),
        "ephemeral": Origin("reference", "ephemeral.random_password.r.result"),
        "local": None,
    }
    assert all(isinstance(found(template, "aws_x.a", f"{key}_wo").value, Unknown) for key in origins)
    assert "made-up" not in repr(template.resources[0].body)


def test_a_write_only_argument_of_a_module() -> None:
    expressions = {"key_wo": refs("var.key"), "none_wo": refs("var.none"), "choice_wo": refs("var.flag", "var.key")}
    variables = {"key": {}, "none": {"default": None}, "flag": {"default": True}}
    inner = {"resources": [config("aws_x.a", expressions)], "variables": variables}
    calls = {"module_calls": {"m": {"expressions": {"key": const("made-up")}, "module": inner}}}
    entry = change("aws_x.a", {"key_wo": None, "none_wo": None, "choice_wo": None}, module_address="module.m")
    entry["address"] = "module.m.aws_x.a"
    template = load(plan([entry], root=calls))
    assert found(template, "module.m.aws_x.a", "key_wo").origin == Origin("literal")
    assert at(template, "module.m.aws_x.a", "none_wo") is None
    assert found(template, "module.m.aws_x.a", "choice_wo").origin is None
