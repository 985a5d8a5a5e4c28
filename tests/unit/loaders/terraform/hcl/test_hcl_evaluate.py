"""What expressions give where something is not known: unknown with its reason, references, and open conditions."""

from __future__ import annotations

import pytest

from srmcheck import conditions as c
from srmcheck.loaders.terraform.hcl.convert import plain
from srmcheck.loaders.terraform.hcl.partial import EvalError
from srmcheck.values import ABSENT, Choice, Json, Node, Reference, Spread, Text, Unknown
from tests.unit.loaders.terraform.hcl.conftest import Evaluate

OPEN = """
variable "env" {}
variable "flag" { type = bool }
variable "size" { type = number }
variable "list" { type = list(string) }
variable "cfg" { type = object({ on = bool, name = string }) }
variable "stage" {
  validation {
    condition     = contains(["dev", "prod"], var.stage)
    error_message = "One of the two."
  }
}
locals {
  is_prod = var.env == "prod"
}
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_partition" "here" {}
data "aws_vpcs" "all" {}
data "aws_iam_policy_document" "doc" {}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main" }
}
resource "aws_vpc" "some" {
  count      = var.flag ? 1 : 0
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc" "two" {
  count      = 2
  cidr_block = "10.${count.index}.0.0/16"
}
resource "aws_vpc" "each" {
  for_each   = { a = 1, b = 2 }
  cidr_block = "10.${each.value}.0.0/16"
}
resource "aws_lb" "web" {
  access_logs {
    bucket = "logs"
  }
}
"""
ENV = c.Variable("var.env")
FLAG = c.Variable("var.flag", ("true", "false"))
PROD = c.Equals(ENV, "prod")
ON = c.Equals(FLAG, "true")


def branches(node: Node) -> dict[c.Condition, object]:
    assert isinstance(node.value, Choice)
    return {guard: branch.value for guard, branch in node.value.branches}


def unknown(node: Node) -> tuple[str, str | None]:
    assert isinstance(node.value, Unknown)
    return node.value.reason, node.value.name


class TestUnknown:
    def test_a_variable_without_a_value(self, evaluate: Evaluate) -> None:
        node = evaluate("var.env", OPEN)
        assert unknown(node) == ("variable without a value", "var.env")
        assert node.origin is not None
        assert (node.origin.kind, node.origin.name, node.origin.has_default) == ("parameter", "var.env", False)

    @pytest.mark.parametrize(
        ("expression", "name"),
        [
            ("var.cfg.name", "var.cfg.name"),
            ("var.list[0]", "var.list[0]"),
            ('var.cfg["name"]', 'var.cfg["name"]'),
            ("upper(var.env)", "var.env"),
            ("var.size + 1", "var.size"),
            ('[for x in var.list : "${x}!"]', "var.list"),
            ("element(var.list, 0)", "var.list"),
            ("merge({ a = 1 }, { (var.env) = 2 })", "var.env"),
            ("data.aws_vpcs.all.ids[0]", "data.aws_vpcs.all.ids"),
        ],
    )
    def test_it_keeps_the_name_of_what_it_comes_from(self, evaluate: Evaluate, expression: str, name: str) -> None:
        assert unknown(evaluate(expression, OPEN))[1] == name

    def test_it_does_not_hide_what_is_known(self, evaluate: Evaluate) -> None:
        node = evaluate('{ a = var.env, b = "x" }', OPEN)
        assert isinstance(node.value, dict)
        assert unknown(node.value["a"])[1] == "var.env"
        assert node.value["b"].value == "x"
        items = evaluate('concat(["a"], var.list, ["b"])', OPEN).value
        assert isinstance(items, list)
        assert [item.value for item in items if isinstance(item.value, str)] == ["a", "b"]
        assert isinstance(items[1].value, Spread)

    def test_text_keeps_its_known_parts(self, evaluate: Evaluate) -> None:
        value = evaluate('"a-${var.env}-b"', OPEN).value
        assert isinstance(value, Text)
        assert (value.parts[0], value.parts[2]) == ("a-", "-b")
        joined = evaluate('join("/", ["x", var.env])', OPEN).value
        assert isinstance(joined, Text)
        assert joined.parts[0] == "x/"
        formatted = evaluate('format("%s/%s", aws_vpc.main.arn, "y")', OPEN).value
        assert formatted == Text((Reference("aws_vpc.main", "arn"), "/y"))

    def test_what_is_read_from_the_account(self, evaluate: Evaluate) -> None:
        assert unknown(evaluate("data.aws_vpcs.all.ids", OPEN)) == (
            "read from the account at plan time",
            "data.aws_vpcs.all.ids",
        )

    @pytest.mark.parametrize("call", ["uuid()", "timestamp()", 'provider::aws::arn_parse("x").account'])
    def test_functions_that_are_not_evaluated(self, evaluate: Evaluate, call: str) -> None:
        assert isinstance(evaluate(call, OPEN).value, Unknown)

    def test_a_conditional_on_something_else_than_variables_is_what_both_share(self, evaluate: Evaluate) -> None:
        test = "length(data.aws_vpcs.all.ids) > 1"
        assert isinstance(evaluate(f'{test} ? "a" : "b"', OPEN).value, Unknown)
        assert evaluate(f'{test} ? "a" : "a"', OPEN).value == "a"
        node = evaluate(f"{test} ? {{ a = 1, b = 2 }} : {{ a = 1, b = 3 }}", OPEN)
        assert isinstance(node.value, dict)
        assert node.value["a"].value == 1
        assert isinstance(node.value["b"].value, Unknown)


class TestReferences:
    @pytest.mark.parametrize(
        ("expression", "reference"),
        [
            ("aws_vpc.main.id", Reference("aws_vpc.main", "id")),
            ("aws_vpc.main.cidr_block", Reference("aws_vpc.main", "cidr_block")),
            ("aws_vpc.two[1].id", Reference("aws_vpc.two[1]", "id")),
            ('aws_vpc.each["a"].id', Reference('aws_vpc.each["a"]', "id")),
            ("(aws_vpc.two[*].id)[0]", Reference("aws_vpc.two[0]", "id")),
            ("one(aws_vpc.two[0][*].id)", Reference("aws_vpc.two[0]", "id")),
            ("try(aws_vpc.main.id, null)", Reference("aws_vpc.main", "id")),
            ("coalesce(null, aws_vpc.main.id)", Reference("aws_vpc.main", "id")),
            ("values(aws_vpc.each)[1].arn", Reference('aws_vpc.each["b"]', "arn")),
            ('lookup({ a = aws_vpc.main.id }, "a", "")', Reference("aws_vpc.main", "id")),
            ("element(aws_vpc.two[*].id, 3)", Reference("aws_vpc.two[1]", "id")),
            ("{ for k, v in aws_vpc.each : k => v.id }.b", Reference('aws_vpc.each["b"]', "id")),
            ("[for v in aws_vpc.two : v.id][0]", Reference("aws_vpc.two[0]", "id")),
            ('true ? aws_vpc.main.id : "x"', Reference("aws_vpc.main", "id")),
            ('"${aws_vpc.main.id}"', Reference("aws_vpc.main", "id")),
            ("data.aws_caller_identity.me.account_id", Reference("AWS::AccountId", "Ref")),
            ("data.aws_region.here.name", Reference("AWS::Region", "Ref")),
            ("data.aws_region.here.id", Reference("AWS::Region", "Ref")),
            ("data.aws_partition.here.partition", Reference("AWS::Partition", "Ref")),
            ("data.aws_partition.here.dns_suffix", Reference("AWS::URLSuffix", "Ref")),
            ("data.aws_iam_policy_document.doc.json", Reference("data.aws_iam_policy_document.doc", "json")),
        ],
    )
    def test_kept_as_whole_values(self, evaluate: Evaluate, expression: str, reference: Reference) -> None:
        assert evaluate(expression, OPEN).value == reference

    @pytest.mark.parametrize(
        ("expression", "value"),
        [
            ('aws_vpc.main.cidr_block == "10.0.0.0/16"', True),
            ("cidrsubnet(aws_vpc.main.cidr_block, 8, 1)", "10.0.1.0/24"),
            ('aws_vpc.two[1].cidr_block == "10.1.0.0/16" ? 1 : 2', 1),
            ('split("/", aws_vpc.each["b"].cidr_block)', ["10.2.0.0", "16"]),
            ("aws_vpc.main.tags.Name", "main"),
            ("aws_lb.web.access_logs[0].bucket", "logs"),
            ("length(aws_vpc.two)", 2),
            ("keys(aws_vpc.each)", ["a", "b"]),
            ("aws_vpc.main.id == null", False),
        ],
    )
    def test_their_values_where_these_are_needed(self, evaluate: Evaluate, expression: str, value: object) -> None:
        assert plain(evaluate(expression, OPEN)) == value

    def test_unknown_where_the_target_does_not_set_it(self, evaluate: Evaluate) -> None:
        value = evaluate("upper(aws_vpc.main.arn)", OPEN).value
        assert isinstance(value, Unknown)
        assert (value.reason, value.name, value.candidates) == (
            "known after apply",
            "aws_vpc.main.arn",
            ("aws_vpc.main",),
        )

    def test_json_with_references_stays_readable(self, evaluate: Evaluate) -> None:
        value = evaluate('jsonencode({ Resource = "${aws_vpc.main.arn}/*", Effect = "Allow" })', OPEN).value
        assert isinstance(value, Json)
        assert isinstance(value.of.value, dict)
        assert value.of.value["Effect"].value == "Allow"
        assert value.of.value["Resource"].value == Text((Reference("aws_vpc.main", "arn"), "/*"))
        back = evaluate("jsondecode(jsonencode({ a = aws_vpc.main.arn })).a", OPEN)
        assert back.value == Reference("aws_vpc.main", "arn")

    def test_json_inside_text_is_text_in_parts(self, evaluate: Evaluate) -> None:
        value = evaluate('"x=${jsonencode([aws_vpc.main.arn])};"', OPEN).value
        assert value == Text(('x=["', Reference("aws_vpc.main", "arn"), '"];'))

    def test_an_instance_by_an_unknown_key_may_be_any(self, evaluate: Evaluate) -> None:
        value = evaluate("aws_vpc.two[length(data.aws_vpcs.all.ids)].id", OPEN).value
        assert isinstance(value, Unknown)
        assert (value.candidates, value.exact) == (("aws_vpc.two[0]", "aws_vpc.two[1]"), True)

    @pytest.mark.parametrize(
        "expression",
        [
            "aws_vpc.gone.id",
            "var.gone",
            "local.gone",
            "module.gone.x",
            "data.aws_vpcs.gone.ids",
            "gone",
            "aws_vpc.two[2].id",
        ],
    )
    def test_to_what_is_not_declared_is_an_error(self, evaluate: Evaluate, expression: str) -> None:
        with pytest.raises(EvalError):
            evaluate(expression, OPEN)


class TestConditions:
    @pytest.mark.parametrize(
        ("expression", "condition"),
        [
            ('var.env == "prod"', PROD),
            ('"prod" == var.env', PROD),
            ("local.is_prod", PROD),
            ('var.env != "prod"', c.Not(PROD)),
            ("!var.flag", c.Not(ON)),
            ('var.flag && var.env == "prod"', c.All((ON, PROD))),
            ('contains(["prod"], var.env)', PROD),
            ("var.flag == true", ON),
            ("var.env == var.stage", c.Equals(ENV, c.Variable("var.stage", ("dev", "prod")))),
            ('var.stage == "dev"', c.Equals(c.Variable("var.stage", ("dev", "prod")), "dev")),
            ("var.size > 5", c.Opaque("var.size > 5")),
            ("var.env == null", c.Opaque("var.env == null")),
            ('startswith(var.env, "p")', c.Opaque('startswith(var.env, "p")')),
            ("length(var.list) > 0", c.Opaque("length(var.list) > 0")),
            ('data.aws_region.here.name == "eu-west-1"', c.Equals(c.Variable("AWS::Region"), "eu-west-1")),
            ('terraform.workspace == "prod"', c.Equals(c.Variable("terraform.workspace"), "prod")),
        ],
    )
    def test_a_boolean_made_of_variables_is_an_open_condition(
        self, evaluate: Evaluate, expression: str, condition: c.Condition
    ) -> None:
        assert branches(evaluate(expression, OPEN)) == {condition: True, c.negate(condition): False}

    def test_a_boolean_variable_as_it_is_is_unknown(self, evaluate: Evaluate) -> None:
        assert unknown(evaluate("var.flag", OPEN)) == ("variable without a value", "var.flag")

    def test_equal_conditions_are_one(self, evaluate: Evaluate) -> None:
        left = evaluate("length(var.list) > 0", OPEN)
        right = evaluate("[for i in [1] : length(var.list) > 0][0]", OPEN)
        assert left == right

    def test_what_cannot_be_described_is_a_condition_of_its_own(self, evaluate: Evaluate) -> None:
        long = '"' + "x" * 300 + '"'
        node = evaluate(f"[for i in [1, 2] : startswith(var.env, {long})]", OPEN)
        assert isinstance(node.value, list)
        assert node.value[0] != node.value[1]

    @pytest.mark.parametrize("domain", ["qa"])
    def test_values_outside_the_domain_are_not_reached(self, evaluate: Evaluate, domain: str) -> None:
        assert evaluate(f'var.stage == "{domain}"', OPEN).value is False

    def test_a_conditional_is_a_choice(self, evaluate: Evaluate) -> None:
        assert branches(evaluate('local.is_prod ? "a" : "b"', OPEN)) == {PROD: "a", c.Not(PROD): "b"}
        assert evaluate('local.is_prod ? "a" : "a"', OPEN).value == "a"

    def test_a_conditional_on_a_boolean_variable(self, evaluate: Evaluate) -> None:
        assert branches(evaluate("var.flag ? 1 : 2", OPEN)) == {ON: 1, c.Not(ON): 2}
        assert branches(evaluate("var.cfg.on ? 1 : 2", OPEN)) == {
            c.Equals(c.Variable("var.cfg.on", ("true", "false")), "true"): 1,
            c.Not(c.Equals(c.Variable("var.cfg.on", ("true", "false")), "true")): 2,
        }

    def test_impossible_combinations_are_not_made(self, evaluate: Evaluate) -> None:
        assert branches(evaluate("(var.flag ? 1 : 2) + (var.flag ? 10 : 20)", OPEN)) == {ON: 11, c.Not(ON): 22}
        assert branches(evaluate("var.flag ? (var.flag ? 1 : 2) : 3", OPEN)) == {ON: 1, c.Not(ON): 3}
        nested = evaluate('var.env == "dev" ? (var.env == "prod" ? 1 : 2) : 3', OPEN)
        assert list(branches(nested).values()) == [2, 3]

    def test_errors_only_count_where_they_are_met(self, evaluate: Evaluate) -> None:
        guarded = evaluate("var.flag ? aws_vpc.some[0].id : null", OPEN)
        assert branches(guarded) == {ON: Reference("aws_vpc.some[0]", "id"), c.Not(ON): None}
        tried = evaluate('try(aws_vpc.some[0].id, "none")', OPEN)
        assert branches(tried) == {ON: Reference("aws_vpc.some[0]", "id"), c.Not(ON): "none"}
        first = evaluate("one(aws_vpc.some[*].id)", OPEN)
        assert branches(first) == {ON: Reference("aws_vpc.some[0]", "id"), c.Not(ON): None}

    def test_a_map_looked_up_by_an_open_key(self, evaluate: Evaluate) -> None:
        assert branches(evaluate("{ dev = 1, prod = 2 }[var.env]", OPEN)) == {
            c.Equals(ENV, "dev"): 1,
            c.Not(c.Equals(ENV, "dev")): 2,
        }
        found = branches(evaluate("lookup({ dev = 1, prod = 2 }, var.env, 3)", OPEN))
        assert list(found.values()) == [1, 2, 3]
        assert found[c.Equals(ENV, "prod")] == 2

    def test_an_element_under_a_condition_is_a_spread(self, evaluate: Evaluate) -> None:
        items = evaluate('[for x in ["a", "b"] : x if x == "a" || var.flag]', OPEN).value
        assert isinstance(items, list)
        assert items[0].value == "a"
        assert isinstance(items[1].value, Spread)
        assert branches(evaluate('length([for x in ["a", "b"] : x if x == "a" || var.flag])', OPEN)) == {
            ON: 2,
            c.Not(ON): 1,
        }

    def test_an_entry_under_a_condition_may_be_absent(self, evaluate: Evaluate) -> None:
        table = evaluate('{ for x in ["a", "b"] : x => 1 if x == "a" || var.flag }', OPEN).value
        assert isinstance(table, dict)
        assert branches(table["b"]) == {ON: 1, c.Not(ON): ABSENT}
        merged = evaluate('merge({ b = 0 }, { for x in ["b"] : x => 1 if var.flag })', OPEN).value
        assert isinstance(merged, dict)
        assert branches(merged["b"]) == {ON: 1, c.Not(ON): 0}

    def test_too_many_combinations_are_unknown(self, evaluate: Evaluate) -> None:
        variables = "".join(f'variable "v{i}" {{ type = bool }}\n' for i in range(6))
        parts = "".join(f'${{var.v{i} ? "a" : "b"}}' for i in range(6))
        assert isinstance(evaluate(f'"{parts}"', variables).value, Unknown)

    def test_one_known_side_decides(self, evaluate: Evaluate) -> None:
        assert evaluate("false && data.aws_vpcs.all.ids == []", OPEN).value is False
        assert evaluate("true || var.flag", OPEN).value is True


class TestSecrets:
    SECRET = 'variable "pw" {\n  sensitive = true\n  default   = "correct horse"\n}\n'

    @pytest.mark.parametrize(
        "expression",
        [
            "var.pw",
            '"x${var.pw}"',
            "upper(var.pw)",
            "sensitive(1)",
            'format("%s", var.pw)',
            'join(",", [var.pw])',
            "jsonencode({ a = var.pw })",
            '{ a = var.pw }["a"]',
            'var.pw == "x" ? 1 : 2',
            "length(var.pw)",
            "base64encode(var.pw)",
            "[var.pw][0]",
        ],
    )
    def test_the_mark_goes_with_the_value(self, evaluate: Evaluate, expression: str) -> None:
        assert evaluate(expression, self.SECRET).secret

    def test_nonsensitive_takes_it_away(self, evaluate: Evaluate) -> None:
        assert not evaluate("nonsensitive(var.pw)", self.SECRET).secret

    def test_origin(self, evaluate: Evaluate) -> None:
        origin = evaluate("var.pw", self.SECRET).origin
        assert origin is not None
        assert (origin.name, origin.secret, origin.has_default) == ("var.pw", True, True)

    def test_it_is_in_no_condition(self, evaluate: Evaluate) -> None:
        node = evaluate("var.env == var.pw ? 1 : 2", self.SECRET + 'variable "env" {}\n')
        assert "correct horse" not in repr(node.value)

    def test_errors_do_not_quote_it(self, evaluate: Evaluate) -> None:
        with pytest.raises(EvalError) as caught:
            evaluate("tonumber(var.pw)", self.SECRET)
        assert "horse" not in f"{caught.value.summary} {caught.value.detail} {caught.value.hint}"


class TestBounds:
    @pytest.mark.parametrize(
        "body",
        [
            "\n".join(f'  a{i} = "${{local.a{i + 1}}}${{local.a{i + 1}}}"' for i in range(40)) + '\n  a40 = "x"',
            "\n".join(f"  a{i} = concat(local.a{i + 1}, local.a{i + 1})" for i in range(40)) + '\n  a40 = ["x"]',
            "\n".join(f"  a{i} = local.a{i + 1}" for i in range(3000)) + "\n  a3000 = 1",
        ],
    )
    def test_values_cannot_grow_without_end(self, evaluate: Evaluate, body: str) -> None:
        import sys

        before = sys.getrecursionlimit()
        sys.setrecursionlimit(8000)
        try:
            with pytest.raises(EvalError):
                evaluate("local.a0", f"locals {{\n{body}\n}}")
        finally:
            sys.setrecursionlimit(before)

    def test_a_cycle_is_an_error(self, evaluate: Evaluate) -> None:
        with pytest.raises(EvalError, match="Cycle"):
            evaluate("local.a", "locals {\n  a = local.b\n  b = [local.a]\n}")

    def test_a_costly_regular_expression_is_not_run(self, evaluate: Evaluate) -> None:
        for pattern in ("(a+)+$", "(a|a)*b", "(.*)*x", "a*a*a*a*a*b"):
            assert isinstance(evaluate(f'regex("{pattern}", "{"a" * 60}")').value, Unknown)
