"""Whole configurations: resources, their bodies and places, modules, providers, variable files, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from srmcheck import conditions as c
from srmcheck.loaders.terraform.hcl import find_roots, load_hcl
from srmcheck.source import Call
from srmcheck.template import SourceResource, Template
from srmcheck.values import Choice, Json, Node, Origin, Reference, Spread, Unknown, walk
from tests.unit.loaders.terraform.hcl.conftest import Load


def resource(template: Template, address: str) -> SourceResource:
    found = [item for item in template.resources if item.address == address]
    assert len(found) == 1, [item.address for item in template.resources]
    return found[0]


def at(node: Node, *path: str | int) -> Node:
    for step in path:
        value = node.value
        assert isinstance(value, (dict, list))
        node = value[step]  # type: ignore[index]
    return node


def summaries(template: Template) -> list[str]:
    return [item.summary for item in template.diagnostics]


def items(node: Node, *path: str | int) -> list[Node]:
    value = at(node, *path).value
    assert isinstance(value, list)
    return value


class TestBodies:
    def test_shape(self, load: Load) -> None:
        template = load(
            """
resource "aws_x" "y" {
  provider   = aws
  depends_on = [aws_x.z]
  count      = 1
  name       = "n"
  gone       = null
  rule {
    port = 22
    none = null
    inner {}
  }
  rule { port = 23 }
  lifecycle { prevent_destroy = true }
  provisioner "local-exec" { command = "x" }
  connection { host = "h" }
}
resource "aws_x" "z" {}
"""
        )
        body = resource(template, "aws_x.y[0]").body
        assert isinstance(body.value, dict)
        assert set(body.value) == {"name", "rule"}
        rules = body.value["rule"].value
        assert isinstance(rules, list)
        assert [at(rule, "port").value for rule in rules] == [22, 23]
        assert isinstance(rules[0].value, dict)
        assert "none" not in rules[0].value
        assert at(rules[0], "inner", 0).value == {}
        assert template.diagnostics == ()

    def test_null_in_a_branch_is_absent(self, load: Load) -> None:
        template = load('variable "f" { type = bool }\nresource "aws_x" "y" {\n  a = var.f ? "k" : null\n}\n')
        value = at(resource(template, "aws_x.y").body, "a").value
        assert isinstance(value, Choice)
        assert [repr(branch.value) for _, branch in value.branches] == ["'k'", "ABSENT"]

    def test_places(self, load: Load) -> None:
        template = load(
            'resource "aws_x" "y" {\n'
            "  name = var.n\n"
            "  rules = [\n"
            "    { port = 22 },\n"
            "  ]\n"
            "  policy = jsonencode({\n"
            "    Statement = [aws_x.y.arn]\n"
            "  })\n"
            "  block {\n"
            "    on = true\n"
            "  }\n"
            '  dynamic "made" {\n'
            "    for_each = [1]\n"
            "    content {\n"
            "      n = made.value\n"
            "    }\n"
            "  }\n"
            "}\n"
            'variable "n" {\n'
            '  default = "x"\n'
            "}\n"
        )
        found = resource(template, "aws_x.y")
        assert found.place is not None and found.place.location is not None
        assert (found.place.location.file, found.place.location.line) == (f"{template_dir(template)}main.tf", 1)

        def line(*path: str | int) -> tuple[int, int, tuple[str | int, ...]]:
            place = at(found.body, *path).place
            assert place is not None and place.location is not None
            assert place.address == "aws_x.y"
            return place.location.line, place.location.column, place.path

        assert line("name") == (2, 10, ("name",))
        assert line("rules", 0, "port") == (4, 14, ("rules", 0, "port"))
        assert line("block", 0, "on") == (10, 10, ("block", 0, "on"))
        assert line("made", 0, "n") == (15, 11, ("made", 0, "n"))
        policy = at(found.body, "policy").value
        assert isinstance(policy, Json)
        inner = at(policy.of, "Statement", 0).place
        assert inner is not None and inner.location is not None
        assert (inner.location.line, inner.path) == (7, ("policy", "Statement", 0))
        assert all(node.place is not None and node.place.location is not None for node in walk(found.body))

    def test_data_sources(self, load: Load) -> None:
        template = load(
            'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["s3:*"]\n  }\n}\n'
            'resource "aws_iam_policy" "p" {\n  policy = data.aws_iam_policy_document.d.json\n}\n'
        )
        document = resource(template, "data.aws_iam_policy_document.d")
        assert (document.mode, document.type) == ("data", "aws_iam_policy_document")
        assert at(document.body, "statement", 0, "actions", 0).value == "s3:*"
        policy = at(resource(template, "aws_iam_policy.p").body, "policy")
        assert policy.value == Reference("data.aws_iam_policy_document.d", "json")

    def test_an_error_leaves_the_argument_unknown_and_the_rest_known(self, load: Load) -> None:
        template = load('resource "aws_x" "y" {\n  a = tonumber("z")\n  b = 1\n  c = local.gone\n}\n')
        body = resource(template, "aws_x.y").body
        assert isinstance(at(body, "a").value, Unknown)
        assert at(body, "b").value == 1
        assert [(item.summary, item.line, item.column) for item in template.diagnostics] == [
            ("Unsuitable value", 2, 7),
            ("Undeclared local", 4, 7),
        ]

    def test_an_error_is_said_once(self, load: Load) -> None:
        template = load('locals {\n  a = tonumber("z")\n}\nresource "aws_x" "y" {\n  count = 3\n  a = local.a\n}\n')
        assert summaries(template) == ["Unsuitable value"]

    def test_values_that_multiply_are_cut(self, load: Load) -> None:
        nested = "\n".join(f"  a{i} = [local.a{i + 1}, local.a{i + 1}]" for i in range(40))
        template = load(f'locals {{\n{nested}\n  a40 = 1\n}}\nresource "aws_x" "y" {{\n  a = local.a0\n  b = 1\n}}\n')
        body = resource(template, "aws_x.y").body
        assert isinstance(at(body, "a").value, Unknown)
        assert at(body, "b").value == 1
        assert summaries(template) == ["Value too large"]


def template_dir(template: Template) -> str:
    return min(template.files, key=len).rsplit("/", 1)[0] + "/"


class TestExpansion:
    def test_count_under_a_condition(self, load: Load) -> None:
        template = load(
            'variable "f" { type = bool }\n'
            'resource "aws_x" "y" {\n  count = var.f ? 2 : 1\n  n = count.index\n}\n'
            'resource "aws_x" "z" {\n  a = aws_x.y[*].id\n}\n'
        )
        on = c.Equals(c.Variable("var.f", ("true", "false")), "true")
        assert resource(template, "aws_x.y[0]").exists == c.TRUE
        assert resource(template, "aws_x.y[1]").exists == on
        assert at(resource(template, "aws_x.y[1]").body, "n").value == 1
        value = at(resource(template, "aws_x.z").body, "a").value
        assert isinstance(value, Choice)
        assert [len(branch.value) for _, branch in value.branches if isinstance(branch.value, list)] == [2, 1]

    def test_for_each_under_a_condition(self, load: Load) -> None:
        template = load(
            'variable "f" { type = bool }\n'
            'resource "aws_x" "y" {\n  for_each = var.f ? { a = 1, b = 2 } : { a = 3 }\n  n = each.value\n}\n'
            'resource "aws_x" "z" {\n  for_each = toset([for k in ["p", "q"] : k if k == "p" || var.f])\n}\n'
        )
        on = c.Equals(c.Variable("var.f", ("true", "false")), "true")
        assert resource(template, 'aws_x.y["b"]').exists == on
        assert resource(template, 'aws_x.y["a"]').exists == c.TRUE
        value = at(resource(template, 'aws_x.y["a"]').body, "n").value
        assert isinstance(value, Choice)
        assert [branch.value for _, branch in value.branches] == [1, 3]
        assert resource(template, 'aws_x.z["p"]').exists == c.TRUE
        assert resource(template, 'aws_x.z["q"]').exists == on

    def test_an_unknown_number_is_one_for_all(self, load: Load) -> None:
        template = load(
            'variable "m" { type = map(object({ on = bool })) }\n'
            'resource "aws_x" "y" {\n  for_each = var.m\n  on = each.value.on\n  fixed = true\n}\n'
            'resource "aws_x" "z" {\n  for_each = var.m\n  of = aws_x.y[each.key].id\n}\n'
            'resource "aws_x" "chained" {\n  for_each = aws_x.y\n  of = each.value.id\n}\n'
            'resource "aws_x" "one" {\n  of = aws_x.y["k"].id\n}\n'
        )
        many = resource(template, "aws_x.y[*]")
        assert many.exists == c.Opaque("length(var.m) > 0")
        assert isinstance(at(many.body, "on").value, Unknown)
        assert at(many.body, "fixed").value is True
        assert at(resource(template, "aws_x.z[*]").body, "of").value == Reference("aws_x.y[*]", "id")
        assert at(resource(template, "aws_x.chained[*]").body, "of").value == Reference("aws_x.y[*]", "id")
        single = at(resource(template, "aws_x.one").body, "of").value
        assert isinstance(single, Unknown)
        assert single.candidates == ("aws_x.y[*]",)
        assert template.unread == {"for_each": 3}

    def test_dynamic_blocks(self, load: Load) -> None:
        template = load(
            """
variable "f" { type = bool }
variable "l" { type = list(number) }
resource "aws_x" "y" {
  rule { port = 1 }
  dynamic "rule" {
    for_each = toset(["b", "a"])
    iterator = it
    content {
      port = "${it.key}${it.value}"
      dynamic "deep" {
        for_each = { k = it.value }
        content { of = "${deep.key}-${deep.value}" }
      }
    }
  }
  dynamic "maybe" {
    for_each = var.f ? [1] : []
    content { n = maybe.value }
  }
  dynamic "open" {
    for_each = var.l
    content { n = open.value }
  }
}
"""
        )
        body = resource(template, "aws_x.y").body
        rules = at(body, "rule").value
        assert isinstance(rules, list)
        assert [at(rule, "port").value for rule in rules] == [1, "aa", "bb"]
        assert at(body, "rule", 1, "deep", 0, "of").value == "k-a"
        maybe = at(body, "maybe", 0).value
        assert isinstance(maybe, Spread)
        assert isinstance(maybe.of.value, Choice)
        assert [len(branch.value) for _, branch in maybe.of.value.branches if isinstance(branch.value, list)] == [1, 0]
        tail = at(body, "open", 0).value
        assert isinstance(tail, Spread)
        assert isinstance(tail.of.value, Unknown)
        assert template.unread == {"dynamic block": 1}

    @pytest.mark.parametrize(
        "argument", ["for_each = [1]", "count = -1", "count = 1000000", 'for_each = "x"', "count = null"]
    )
    def test_what_terraform_refuses(self, load: Load, argument: str) -> None:
        template = load(f'resource "aws_x" "y" {{\n  {argument}\n}}\n')
        assert len(template.diagnostics) == 1
        assert template.incomplete == ("aws_x.y: its instances cannot be evaluated",)


class TestModules:
    CHILD = """
variable "name" {}
variable "secret" { sensitive = true }
variable "size" { default = 3 }
resource "aws_x" "y" {
  name   = var.name
  secret = var.secret
  size   = var.size
}
output "id" { value = aws_x.y.id }
output "hidden" {
  value     = "h"
  sensitive = true
}
"""

    def test_arguments_and_outputs(self, load: Load) -> None:
        template = load(
            """
variable "pw" { default = "p" }
module "a" {
  source = "./child"
  name   = "lit"
  secret = var.pw
}
resource "aws_x" "z" {
  of     = module.a.id
  hidden = module.a.hidden
}
""",
            {"child/main.tf": self.CHILD},
        )
        child = resource(template, "module.a.aws_x.y")
        assert at(child.body, "name").value == "lit"
        assert at(child.body, "name").origin is None
        secret = at(child.body, "secret")
        assert secret.secret
        assert secret.origin is not None
        assert (secret.origin.kind, secret.origin.name, secret.origin.secret) == ("parameter", "var.pw", False)
        assert at(child.body, "size").origin is None
        assert at(resource(template, "aws_x.z").body, "of").value == Reference("module.a.aws_x.y", "id")
        assert at(resource(template, "aws_x.z").body, "hidden").secret
        place = at(child.body, "name").place
        assert place is not None and place.location is not None
        assert place.location.via == (Call(f"{template_dir(template)}main.tf", 3, "module.a"),)
        assert place.location.file.endswith("child/main.tf")

    def test_instances(self, load: Load) -> None:
        template = load(
            """
variable "f" { type = bool }
module "a" {
  source   = "./child"
  for_each = { x = 1, y = 2 }
  name     = each.key
  secret   = each.value
}
module "b" {
  source = "./child"
  count  = var.f ? 1 : 0
  name   = "b"
  secret = 1
}
resource "aws_x" "z" {
  ids  = [for k, m in module.a : m.id]
  one  = module.a["y"].id
  none = try(module.b[0].id, "no")
}
""",
            {"child/main.tf": self.CHILD},
        )
        assert at(resource(template, 'module.a["x"].aws_x.y').body, "name").value == "x"
        on = c.Equals(c.Variable("var.f", ("true", "false")), "true")
        assert resource(template, "module.b[0].aws_x.y").exists == on
        body = resource(template, "aws_x.z").body
        assert [item.value for item in items(body, "ids")] == [
            Reference('module.a["x"].aws_x.y', "id"),
            Reference('module.a["y"].aws_x.y', "id"),
        ]
        assert at(body, "one").value == Reference('module.a["y"].aws_x.y', "id")
        assert isinstance(at(body, "none").value, Choice)

    def test_one_that_is_not_local(self, load: Load) -> None:
        template = load(
            'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'
            'resource "aws_x" "y" {\n  vpc = module.vpc.vpc_id\n}\n'
        )
        (diagnostic,) = template.diagnostics
        assert (diagnostic.level, diagnostic.line) == ("outside", 1)
        assert "module.vpc" in diagnostic.detail
        assert "plan" in diagnostic.hint
        value = at(resource(template, "aws_x.y").body, "vpc").value
        assert isinstance(value, Unknown)
        assert value.name == "module.vpc"
        assert len(template.incomplete) == 1
        assert template.incomplete[0].startswith("module.vpc")

    def test_downloaded_ones(self, load: Load) -> None:
        template = load(
            'module "a" {\n  source = "acme/x/aws"\n}\nmodule "b" {\n  source = "acme/other/aws"\n}\n',
            {
                ".terraform/modules/modules.json": '{"Modules": [{"Key": "a", "Dir": ".terraform/modules/a",'
                ' "Source": "registry.terraform.io/acme/x/aws"}, {"Key": "b", "Dir": ".terraform/modules/b",'
                ' "Source": "registry.terraform.io/acme/stale/aws"}]}',
                ".terraform/modules/a/main.tf": 'resource "aws_x" "y" {}\n',
                ".terraform/modules/b/main.tf": 'resource "aws_x" "y" {}\n',
            },
        )
        assert [item.address for item in template.resources] == ["module.a.aws_x.y"]
        assert summaries(template) == ["Module is not local"]

    @pytest.mark.parametrize("source", ["../outside", "./gone", "../../etc"])
    def test_a_path_that_leads_out_or_nowhere(self, load: Load, tmp_path: Path, source: str) -> None:
        (tmp_path / "inner").mkdir()
        (tmp_path / "inner/main.tf").write_text(f'module "m" {{\n  source = "{source}"\n}}\n')
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside/main.tf").write_text('resource "aws_x" "y" {}\n')
        template = load_hcl(tmp_path / "inner", "t", boundary=tmp_path / "inner")
        assert template.resources == ()
        assert summaries(template) in (["Path leads outside"], ["Module not found"])
        assert template.incomplete

    def test_modules_that_call_each_other(self, load: Load) -> None:
        template = load('module "a" {\n  source = "./a"\n}\n', {"a/main.tf": 'module "a" {\n  source = "../a"\n}\n'})
        assert "Too many modules" in summaries(template)


class TestProviders:
    def test_scopes(self, load: Load) -> None:
        template = load(
            """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "r" { default = "eu-west-1" }
provider "aws" { region = var.r }
provider "aws" {
  alias  = "us"
  region = "us-east-1"
  assume_role { role_arn = "arn:aws:iam::123456789012:role/x" }
}
resource "aws_x" "a" {}
resource "aws_x" "b" { provider = aws.us }
data "aws_region" "us" { provider = aws.us }
resource "aws_x" "c" { region = data.aws_region.us.name }
module "m" {
  source    = "./m"
  providers = { aws = aws.us, aws.other = aws }
}
""",
            {
                "m/main.tf": 'resource "aws_x" "d" {}\nresource "aws_x" "e" { provider = aws.other }\n'
                'module "deep" {\n  source = "./deep"\n}\n',
                "m/deep/main.tf": 'resource "aws_x" "f" {}\n',
            },
        )

        def scope(address: str) -> tuple[str, str | None, str | None]:
            found = resource(template, address).scope
            return found.provider, found.region, found.account

        assert scope("aws_x.a") == ("aws", "eu-west-1", None)
        assert scope("aws_x.b") == ("aws.us", "us-east-1", "123456789012")
        assert scope("aws_x.c")[1] == "us-east-1"
        assert scope("module.m.aws_x.d") == ("aws.us", "us-east-1", "123456789012")
        assert scope("module.m.aws_x.e") == ("aws", "eu-west-1", None)
        assert scope("module.m.module.deep.aws_x.f") == ("aws.us", "us-east-1", "123456789012")
        assert template.region == "eu-west-1"

    def test_the_locked_version(self, load: Load) -> None:
        template = load(
            "",
            {
                ".terraform.lock.hcl": 'provider "registry.terraform.io/hashicorp/random" {\n  version = "3.0.0"\n}\n'
                'provider "registry.terraform.io/hashicorp/aws" {\n  version     = "5.100.0"\n  hashes = ["x"]\n}\n'
            },
        )
        assert template.provider_version == "5.100.0"
        assert load("").provider_version == "5.100.0"

    def test_constraints_on_the_version(self, load: Load) -> None:
        template = load(
            """
terraform {
  required_providers {
    cloud = { source = "registry.terraform.io/hashicorp/aws", version = "~> 5.31" }
    aws   = { "source" = "acme/aws", "version" = "1.0" }
    null  = { version = "~> 3.0" }
  }
}
module "m" { source = "./m" }
""",
            {"m/main.tf": 'terraform {\n  required_providers {\n    aws = ">= 5.0"\n  }\n}\n'},
        )
        assert template.provider_version is None
        assert template.provider_constraints == ("~> 5.31", ">= 5.0")


class TestVariables:
    def test_files_by_precedence(self, load: Load) -> None:
        names = ["a", "b", "c", "d", "e"]
        template = load(
            "".join(f'variable "{name}" {{ default = "default" }}\n' for name in names)
            + 'resource "aws_x" "y" {\n'
            + "".join(f"  {name} = var.{name}\n" for name in names)
            + "}\n",
            {
                "terraform.tfvars": 'b = "tfvars"\nc = "tfvars"\nd = "tfvars"\ne = "tfvars"\n',
                "terraform.tfvars.json": '{"c": "json", "d": "json", "e": "json"}',
                "2.auto.tfvars": 'd = "two"\ne = "two"\n',
                "10.auto.tfvars.json": '{"d": "ten", "e": "ten"}',
                "x.auto.tfvars": 'e = "x"\n',
                "other.tfvars": 'a = "not read"\n',
            },
        )
        body = resource(template, "aws_x.y").body
        assert [at(body, name).value for name in names] == ["default", "tfvars", "json", "two", "x"]
        origin = at(body, "e").origin
        assert origin is not None
        assert (origin.kind, origin.name, origin.has_default) == ("parameter", "var.e", True)

    def test_types_convert(self, load: Load) -> None:
        template = load(
            """
variable "v" {
  type = map(object({
    on    = optional(bool, true)
    ports = optional(set(number), [])
    sub   = optional(object({ a = optional(string, "d") }), {})
  }))
  default = {
    x = { on = "false", ports = ["80", 80, 22], extra = 1 }
    y = { on = null, sub = null }
  }
}
variable "n" {
  nullable = false
  default  = "d"
}
module "m" {
  source = "./m"
  n      = null
}
resource "aws_x" "y" {
  x = var.v.x
  y = var.v.y
}
""",
            {
                "m/main.tf": 'variable "n" {\n  nullable = false\n  default = 7\n}\nresource "aws_x" "y" {\n  n = var.n\n}\n'
            },
        )
        body = resource(template, "aws_x.y").body
        assert at(body, "x", "on").value is False
        assert [item.value for item in items(body, "x", "ports")] == [22, 80]
        assert "extra" not in at(body, "x").value  # type: ignore[operator]
        assert at(body, "y", "on").value is True
        assert at(body, "y", "sub", "a").value == "d"
        assert at(resource(template, "module.m.aws_x.y").body, "n").value == 7

    def test_a_value_that_does_not_fit(self, load: Load) -> None:
        template = load(
            'variable "v" {\n  type = list(string)\n  default = "x"\n}\nresource "aws_x" "y" {\n  v = var.v\n}\n'
        )
        assert summaries(template) == ["Unsuitable value"]


class TestFiles:
    def test_links_inside(self, tmp_path: Path) -> None:
        (tmp_path / "shared").mkdir()
        (tmp_path / "shared/variables.tf").write_text('variable "v" { default = 1 }\n')
        (tmp_path / "modules/m").mkdir(parents=True)
        (tmp_path / "modules/m/main.tf").write_text('variable "v" {}\nresource "aws_x" "y" {\n  v = var.v\n}\n')
        live = tmp_path / "live"
        live.mkdir()
        (live / "variables.tf").symlink_to("../shared/variables.tf")
        (live / "mods").symlink_to("../modules")
        (live / "main.tf").write_text('module "m" {\n  source = "./mods/m"\n  v = var.v\n}\n')
        template = load_hcl(live, "live", boundary=tmp_path)
        assert template.diagnostics == ()
        assert at(resource(template, "module.m.aws_x.y").body, "v").value == 1
        assert find_roots(tmp_path) == {live, tmp_path / "shared"}

    def test_a_link_that_leads_out(self, tmp_path: Path) -> None:
        inner = tmp_path / "inner"
        inner.mkdir()
        (tmp_path / "secret.tf").write_text('resource "aws_x" "stolen" {}\n')
        (inner / "main.tf").symlink_to("../secret.tf")
        template = load_hcl(inner, "t", boundary=inner)
        assert template.resources == ()
        assert summaries(template) == ["Path leads outside"]

    def test_functions_read_inside_only(self, tmp_path: Path) -> None:
        inner = tmp_path / "inner"
        inner.mkdir()
        (tmp_path / "secret").write_text("stolen")
        (inner / "in.txt").write_text("hello")
        (inner / "t.tpl").write_text("%{ for x in xs ~}\n<${x}>${y}\n%{ endfor ~}\n")
        (inner / "main.tf").write_text(
            'resource "aws_x" "y" {\n  a = file("../secret")\n  b = file("${path.module}/in.txt")\n'
            '  c = file("gone.txt")\n  d = templatefile("t.tpl", { xs = ["1", "2"], y = aws_x.z.id })\n'
            '  e = fileset(path.module, "*.t*t")\n  f = fileexists("in.txt")\n  g = templatefile("t.tpl", {})\n}\n'
            'resource "aws_x" "z" {}\n'
        )
        template = load_hcl(inner, "t", boundary=inner)
        body = resource(template, "aws_x.y").body
        assert isinstance(at(body, "a").value, Unknown)
        assert at(body, "b").value == "hello"
        assert isinstance(at(body, "c").value, Unknown)
        assert "stolen" not in repr(template)
        assert "<1>" in repr(at(body, "d").value)
        assert [item.value for item in items(body, "e")] == ["in.txt"]
        assert at(body, "f").value is True
        assert summaries(template) == ["Path leads outside", "Undeclared name in a template"]
        assert template.unread == {"function file: the file is not there": 1}

    def test_files_as_people_have_them(self, load: Load, tmp_path: Path) -> None:
        (tmp_path / "bom.tf").write_bytes(b'\xef\xbb\xbfresource "aws_x" "bom" {\r\n  a = 1\r\n}\r\n')
        (tmp_path / ".hidden.tf").write_text("not read {{{")
        (tmp_path / "backup.tf~").write_text("not read {{{")
        (tmp_path / "dir.tf").mkdir()
        template = load('resource "aws_x" "y" {}\n')
        assert template.diagnostics == ()
        assert [item.address for item in template.resources] == ["aws_x.bom", "aws_x.y"]

    def test_byte_order(self, load: Load) -> None:
        files = {f"{name}.tf": f'resource "aws_x" "r{name}" {{}}\n' for name in ("10-x", "2-x", "B", "a", "é")}
        template = load("", files)
        assert [item.address for item in template.resources] == [f"aws_x.r{n}" for n in ("10-x", "2-x", "B", "a", "é")]

    @pytest.mark.parametrize(
        ("content", "summary"),
        [(b"\xff\xfea", "Not UTF-8"), (b"a = {\n", "Unclosed object"), (b"x" * (17 * 1024 * 1024), "File too large")],
    )
    def test_a_file_that_cannot_be_read_is_an_error(
        self, load: Load, tmp_path: Path, content: bytes, summary: str
    ) -> None:
        (tmp_path / "bad.tf").write_bytes(content)
        template = load('resource "aws_x" "y" {}\n')
        assert summaries(template) == [summary]
        assert [item.address for item in template.resources] == ["aws_x.y"]
        assert template.incomplete

    def test_a_pipe_is_not_opened(self, load: Load, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.tf")
        assert summaries(load("")) == ["Not a file"]

    def test_known_and_harmless_blocks(self, load: Load) -> None:
        template = load(
            """
terraform {}
import {
  to = aws_x.y
  id = "i"
}
moved {
  from = aws_x.a
  to   = aws_x.y
}
removed { from = aws_x.b }
check "c" {
  data "aws_x" "inner" {}
  assert {
    condition     = true
    error_message = "e"
  }
}
ephemeral "aws_secret" "s" {}
resource "aws_x" "y" { pw = ephemeral.aws_secret.s.value }
"""
        )
        assert template.diagnostics == ()
        assert [item.address for item in template.resources] == ["aws_x.y"]
        assert at(resource(template, "aws_x.y").body, "pw").secret

    @pytest.mark.parametrize(
        ("text", "summary"),
        [
            ('resources "a" "b" {}\n', "Unsupported block type"),
            ('resource "a" {}\n', "Wrong number of labels"),
            ("a = 1\n", "Unsupported argument"),
            ('resource "a" "b" {}\nresource "a" "b" {}\n', "Duplicate resource"),
            ("locals {\n  a = 1\n}\nlocals {\n  a = 2\n}\n", "Duplicate local"),
        ],
    )
    def test_what_terraform_does_not_know(self, load: Load, text: str, summary: str) -> None:
        template = load(text)
        assert summaries(template) == [summary]
        assert template.diagnostics[0].level == "error"

    def test_override_files(self, load: Load) -> None:
        template = load(
            'resource "aws_x" "y" {\n  a = 1\n  b = 1\n  rule { n = 1 }\n  dynamic "rule" {\n    for_each = [2]\n'
            "    content { n = 2 }\n  }\n  keep { k = 1 }\n}\nlocals {\n  l = 1\n  m = 1\n}\n"
            'resource "aws_x" "z" {\n  l = local.l\n  m = local.m\n}\n',
            {
                "z_override.tf": 'resource "aws_x" "y" {\n  b = 3\n}\nlocals {\n  l = 2\n}\n',
                "override.tf": 'resource "aws_x" "y" {\n  b = 2\n  rule { n = 9 }\n}\n',
                "a_override.tf": 'resource "aws_x" "gone" {}\n',
            },
        )
        body = resource(template, "aws_x.y").body
        assert [at(body, name).value for name in ("a", "b")] == [1, 3]
        assert [at(rule, "n").value for rule in items(body, "rule")] == [9]
        assert at(body, "keep", 0, "k").value == 1
        assert at(resource(template, "aws_x.z").body, "l").value == 2
        assert summaries(template) == ["Missing base for an override"]

    def test_json_syntax(self, load: Load) -> None:
        template = load(
            "",
            {
                "x.tf.json": """{
  "//": "comment",
  "variable": {"v": {"default": "d", "type": "string"}},
  "locals": {"list": [1, 2], "//": "an entry"},
  "resource": [{"aws_x": {"y": {
    "count": 2,
    "a": "${var.v}-${count.index}",
    "n": "${local.list[1]}",
    "raw": "$${x}",
    "none": null,
    "nested": [{"k": true}],
    "dynamic": {"rule": {"for_each": "${local.list}", "content": {"n": "${rule.value}"}}},
    "lifecycle": {"prevent_destroy": true}
  }}}],
  "output": {"o": {"value": "${aws_x.y[0].id}"}}
}"""
            },
        )
        assert template.diagnostics == ()
        body = resource(template, "aws_x.y[1]").body
        assert at(body, "a").value == "d-1"
        assert at(body, "n").value == 2
        assert at(body, "raw").value == "${x}"
        assert [at(rule, "n").value for rule in items(body, "rule")] == [1, 2]
        assert at(body, "nested", 0, "k").value is True
        assert isinstance(body.value, dict)
        assert set(body.value) == {"a", "n", "raw", "nested", "rule"}
        place = at(body, "a").place
        assert place is not None and place.location is not None
        assert (place.location.line, place.location.column) == (7, 10)

    @pytest.mark.parametrize(
        "text", ['{"a": }', "[", '{"a": 1,}', '{"resource": 1}', '{"a" 1}', '"x', '{"a": tru}', "", "{} x"]
    )
    def test_json_that_does_not_parse(self, load: Load, text: str) -> None:
        template = load("", {"x.tf.json": text})
        assert len(template.diagnostics) == 1
        assert template.diagnostics[0].line is not None

    def test_json_depth_is_bounded(self, load: Load) -> None:
        assert summaries(load("", {"x.tf.json": '{"a":' + "[" * 100_000})) == ["Nesting too deep"]

    def test_tofu_files_stand_in_for_tf_files(self, load: Load) -> None:
        template = load('resource "aws_x" "tf" {}\n', {"main.tofu": 'resource "aws_x" "tofu" {}\n'})
        assert [item.address for item in template.resources] == ["aws_x.tofu"]

    def test_the_same_whatever_the_directory_says(
        self, load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files = {
            f"{name}.tf": f'resource "aws_x" "{name}" {{\n  a = local.{name}\n}}\nlocals {{\n  {name} = 1\n}}\n'
            for name in "cab"
        }
        first = load("", files)
        whole = Path.iterdir
        monkeypatch.setattr(Path, "iterdir", lambda self: sorted(whole(self), reverse=True))
        assert repr(load("", files)) == repr(first)


class TestRoots:
    def write(self, top: Path, **calls: list[str]) -> None:
        for name, sources in calls.items():
            folder = top / name.replace("__", "/")
            folder.mkdir(parents=True, exist_ok=True)
            text = "".join(f'module "m{i}" {{\n  count = 0\n  source = "{s}"\n}}\n' for i, s in enumerate(sources))
            (folder / "main.tf").write_text(text)

    def roots(self, top: Path) -> set[str]:
        return {path.relative_to(top).as_posix() for path in find_roots(top)}

    def test_called_ones_are_none(self, tmp_path: Path) -> None:
        self.write(tmp_path, live=["../mods/a"], mods__a=["../b"], mods__b=[], mods__spare=[], other=["acme/x/aws"])
        assert self.roots(tmp_path) == {"live", "mods/spare", "other"}

    def test_folders_that_are_given(self, tmp_path: Path) -> None:
        self.write(tmp_path, live=["../mods/a"], mods__a=[], mods__b=[])
        assert find_roots([tmp_path / "mods/a", tmp_path / "mods/b"]) == {tmp_path / "mods/a", tmp_path / "mods/b"}

    def test_circles_have_one(self, tmp_path: Path) -> None:
        self.write(tmp_path, a=["../b"], b=["../a"], c=["../c"])
        assert self.roots(tmp_path) == {"a", "c"}

    def test_downloaded_ones_are_not_walked(self, tmp_path: Path) -> None:
        self.write(tmp_path, live=[])
        self.write(tmp_path / "live/.terraform/modules", x=[])
        assert self.roots(tmp_path) == {"live"}

    def test_through_a_link(self, tmp_path: Path) -> None:
        self.write(tmp_path, live=["./mods/a"], mods__a=[])
        (tmp_path / "live/mods").symlink_to("../mods")
        assert self.roots(tmp_path) == {"live"}

    def test_a_broken_file_is_no_obstacle(self, tmp_path: Path) -> None:
        self.write(tmp_path, live=["../mods/a"], mods__a=[])
        (tmp_path / "live/bad.tf").write_text("module {{{")
        assert self.roots(tmp_path) == {"live"}


class TestOrigins:
    """Where a value comes from is told at the root of all expressions, as in plans."""

    CONFIGURATION = """
variable "given" { sensitive = true }
variable "open" { sensitive = true }
variable "word" { default = "made-up" }
variable "empty" { default = "" }
resource "random_password" "r" {}
data "aws_secretsmanager_secret_version" "s" { secret_id = "x" }
data "aws_caller_identity" "c" {}
locals { through = var.given }
resource "aws_x" "y" {
  given     = var.given
  open      = var.open
  empty     = var.empty
  through   = local.through
  lone      = "${var.given}"
  changed   = upper(var.given)
  joined    = join("-", ["x", var.given])
  mixed     = "${var.word}-${random_password.r.result}"
  words     = "x-${var.word}"
  converted = tostring(var.given)
  data      = jsondecode(data.aws_secretsmanager_secret_version.s.secret_string).password
  ephemeral = ephemeral.random_password.r.result
  account   = "${data.aws_caller_identity.c.account_id}-made-up"
}
"""

    def test_origins(self, load: Load) -> None:
        template = load(self.CONFIGURATION, {"terraform.tfvars": 'given = "made-up-1"\nempty = "made-up-2"'})
        body = resource(template, "aws_x.y").body.value
        assert isinstance(body, dict)
        given = Origin("parameter", "var.given", True)
        generated = Origin("reference", "random_password.r.result")
        origins = {key: node.origin for key, node in body.items()}
        data = origins.pop("data")
        assert data is not None and data.kind == "data"
        assert origins == {
            "given": given,
            "open": Origin("parameter", "var.open", True),
            "empty": Origin("parameter", "var.empty"),
            "through": given,
            "lone": given,
            "changed": given,
            "joined": given,
            "mixed": generated,
            "words": Origin("parameter", "var.word", False, True),
            "converted": given,
            "ephemeral": Origin("reference", "ephemeral.random_password.r.result"),
            "account": None,
        }


def test_tags_of_a_provider_configuration(load: Load) -> None:
    template = load(
        """
provider "aws" {
  default_tags {
    tags = { Team = "web", Stage = var.stage, Upper = upper(var.stage), Whole = aws_x.plain }
  }
}
provider "aws" { alias = "plain" }
variable "stage" {}
resource "aws_x" "y" { tags = { Name = "n" } }
resource "aws_x" "plain" { provider = aws.plain }
"""
    )
    tags = resource(template, "aws_x.y").default_tags
    assert tags is not None
    assert at(tags, "Team").value == "web"
    assert {type(at(tags, name).value) for name in ("Stage", "Upper", "Whole")} == {Unknown}
    place = at(tags, "Team").place
    assert place is not None and place.location is not None
    assert (place.address, place.path, place.location.line) == ("aws_x.y", ("tags_all", "Team"), 4)
    assert resource(template, "aws_x.plain").default_tags is None
