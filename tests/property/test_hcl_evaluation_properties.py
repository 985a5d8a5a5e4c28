"""Whatever a configuration says, loading gives a Template: bounded, of the values' own types, the same every time."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from srmcheck.loaders.terraform.hcl import load_hcl
from srmcheck.template import Template
from srmcheck.values import ABSENT, Choice, Json, Reference, Spread, Text, Unknown, walk

TYPES = {dict, list, bool, int, float, str, type(None), type(ABSENT), Choice, Json, Reference, Spread, Text, Unknown}
SECRET = "correct horse battery"
HEAD = f"""
variable "u" {{}}
variable "b" {{ type = bool }}
variable "l" {{ type = list(string) }}
variable "m" {{ type = map(object({{ a = bool, b = optional(string, "z") }})) }}
variable "s" {{
  sensitive = true
  default   = "{SECRET}"
}}
locals {{
  x     = {{ a = [1, 2, {{ b = var.u }}], c = "y" }}
  c     = var.u == "prod"
  pick  = var.b ? {{ k = 1 }} : {{ k = 2, j = 3 }}
  some  = [for x in ["a", "b"] : x if var.u == x]
  maybe = {{ for x in ["a", "b"] : x => upper(x) if var.u != x }}
  loop  = local.loop
}}
data "aws_vpcs" "all" {{}}
data "aws_region" "here" {{}}
resource "aws_vpc" "a" {{ cidr_block = "10.0.0.0/16" }}
resource "aws_vpc" "n" {{
  count      = var.b ? 2 : 0
  cidr_block = var.u
}}
resource "aws_vpc" "f" {{
  for_each   = {{ k = 1, l = 2 }}
  cidr_block = each.value
}}
resource "aws_vpc" "many" {{
  for_each   = var.m
  cidr_block = each.value.b
}}
module "m" {{
  source   = "./m"
  for_each = local.pick
  v        = local.x
}}
"""
MODULE = 'variable "v" {}\nresource "aws_x" "y" {\n  a = var.v\n}\noutput "out" {\n  value = aws_x.y\n}\n'
ATOMS = st.sampled_from(
    [
        "var.u", "var.b", "var.l", "var.m", "var.s", "local.x", "local.c", "local.pick", "local.some", "local.maybe",
        "local.loop", "aws_vpc.a.id", "aws_vpc.a", "aws_vpc.n", "aws_vpc.n[0].id", "aws_vpc.n[*].id", "aws_vpc.f",
        'aws_vpc.f["k"].arn', "aws_vpc.many", 'aws_vpc.many["k"].id', "data.aws_vpcs.all.ids",
        "data.aws_region.here.name", "module.m", 'module.m["k"].out', "each.key", "count.index", "terraform.workspace",
        "null", "true", "0", "1.5", '"a"', '"k"', "[]", "{}", '["a", null]', "path.module",
    ]
)  # fmt: skip
FUNCTIONS = st.sampled_from(
    [
        "length",
        "keys",
        "values",
        "toset",
        "tolist",
        "tomap",
        "tostring",
        "tonumber",
        "tobool",
        "flatten",
        "compact",
        "distinct",
        "one",
        "jsonencode",
        "jsondecode",
        "upper",
        "try",
        "can",
        "sort",
        "reverse",
        "sensitive",
        "nonsensitive",
        "coalesce",
        "merge",
        "concat",
        "yamlencode",
        "base64encode",
        "sum",
    ]
)


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["==", "!=", "&&", "||", "+", ">", "%"])
    return st.one_of(
        st.builds("{}({})".format, FUNCTIONS, inner),
        st.builds("{}({}, {})".format, st.sampled_from(["merge", "concat", "lookup", "try", "contains"]), inner, inner),
        st.builds("({} {} {})".format, inner, operators, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("[for k, v in {} : v]".format, inner),
        st.builds("[for x in {} : x if {}]".format, inner, inner),
        st.builds("{{ for k, v in {} : k => {} }}".format, inner, inner),
        st.builds('{{ a = {}, ("k") = {} }}'.format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds('"x${{{}}}y"'.format, inner),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("({}).a".format, inner),
        st.builds("({})[*].id".format, inner),
        st.builds("!({})".format, inner),
    )


EXPRESSIONS = st.recursive(ATOMS, combined, max_leaves=6)
PLACES = st.sampled_from(
    [
        'resource "aws_r" "r" {{\n  a = {}\n}}\n',
        'resource "aws_r" "r" {{\n  for_each = {}\n  a = each.value\n  b = "${{each.key}}"\n}}\n'
        'resource "aws_s" "s" {{\n  a = aws_r.r\n  b = values(aws_r.r)[*].id\n}}\n',
        'resource "aws_r" "r" {{\n  count = {}\n  a = count.index\n}}\n'
        'resource "aws_s" "s" {{\n  a = aws_r.r[0].id\n  b = aws_r.r[*].a\n}}\n',
        'resource "aws_r" "r" {{\n  dynamic "x" {{\n    for_each = {}\n    content {{\n      a = x.value\n      b = x.key\n'
        "    }}\n  }}\n}}\n",
        'module "again" {{\n  source = "./m"\n  v = {}\n}}\nresource "aws_r" "r" {{\n  a = module.again.out.a\n}}\n',
        'provider "aws" {{\n  region = {}\n  default_tags {{\n    tags = {{ a = local.x }}\n  }}\n}}\n',
    ]
)


def loaded(text: str, times: int = 1) -> list[Template]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "m").mkdir()
        (folder / "m/main.tf").write_text(MODULE)
        (folder / "main.tf").write_text(HEAD + text)
        return [load_hcl(folder, "t", boundary=folder) for _ in range(times)]


@given(st.builds(lambda place, expression: place.format(expression), PLACES, EXPRESSIONS))
@settings(max_examples=300, deadline=None)
def test_any_expression_loads(text: str) -> None:
    (template,) = loaded(text)
    for resource in template.resources:
        for tree in (resource.body, resource.default_tags):
            for node in walk(tree) if tree is not None else ():
                assert type(node.value) in TYPES
                assert node.place is not None
                assert node.place.address == resource.address
    assert all(SECRET not in str(diagnostic) for diagnostic in template.diagnostics)
    conditions = [resource.exists for resource in template.resources]
    assert SECRET not in str(conditions)


@given(st.builds(lambda place, expression: place.format(expression), PLACES, EXPRESSIONS))
@settings(max_examples=50, deadline=None)
def test_loading_again_gives_the_same(text: str) -> None:
    first, second = loaded(text, 2)
    assert repr(first.resources) == repr(second.resources)
    assert first.incomplete == second.incomplete
    assert first.unread == second.unread
