"""What rules read, held against the METADATA."""

from __future__ import annotations

import pytest

from srmcheck.engine.lint.program import Program
from srmcheck.engine.lint.tree import parse
from srmcheck.policy.metadata import read_policy
from srmcheck.policy.reads import leads, unread, written

HEAD = """\
# METADATA
# title: T
# description: D
# custom:
#   id: ACME-EC2-001
#   severity: low
#   responsibility: network-security
#   service: ec2
#   since: 1.0.0
#   types:
#     AWS::EC2::VPC: [CidrBlock, 'Tags[].Key', 'Doc.**']
#   related:
#     logs: {type: [AWS::EC2::FlowLog], by: [ResourceId], reads: [TrafficType, 'Tags[].Value']}
#   remediation: {terraform: x, cloudformation: x}
package acme.ec2.vpc

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

"""
LIBRARY = {
    "lib/resource.rego": """package srmcheck.lib.resource

value(judged, path) := object.get(judged.properties, path, null)

list(judged, path) := object.get(judged.properties, path, [])

allows(judged, statement, actions) if object.get(judged, statement, null) in actions
""",
    "lib/finding.rego": """package srmcheck.lib.finding

at(path, message) := {"place": path, "message": message, "paths": [path]}

resting(place, message, paths) := {"place": place, "message": message, "paths": paths}
""",
}


def found(body: str) -> list[str]:
    text = HEAD + body + "\n"
    policy = read_policy(text, "ec2/vpc.rego", "acme.ec2.vpc")
    module = parse(text, "ec2/vpc.rego")
    modules = [module, *(parse(one, name) for name, one in LIBRARY.items())]
    return [detail for _, detail in unread(Program(modules, {}, {}), module, policy)]


@pytest.mark.parametrize(
    "body",
    [
        'a if input.resource.properties.CidrBlock == "x"',
        'a if input.resource["properties"]["CidrBlock"] == "x"',
        'a if input.resource.properties[input.resource.type] == "x"',
        'a if { some tag in input.resource.properties.Tags; tag.Key == "x" }',
        'a if { some i; input.resource.properties.Tags[i].Key == "x" }',
        'a if input.resource.properties.Doc.Any.Thing[0] == "x"',
        "a if count(input.resource.properties) > 0",
        'a if { some log in input.related.logs; log.properties.TrafficType == "ALL" }',
        'a if { some log in input.related.logs; resource.value(log, ["TrafficType"]) == "ALL" }',
        'a if input.source.language == "terraform"',
        'a if "logs" in input.open',
        'a if resource.value(input.resource, ["CidrBlock"]) == "x"',
        'a if resource.value(input.resource, ["Tags", 0, "Key"]) == "x"',
        'a if { some x in resource.list(input.resource, ["Tags"]); x.Key == "b" }',
        'a if resource.allows(input.resource, ["Doc", "Statement"], ["s3:GetObject", "s3:*"])',
        'deny contains finding.resting([], "m", [["@logs"], ["@logs", 0, "TrafficType"], ["CidrBlock"]]) if 1 == 1',
        'settled contains ["Tags", i] if { some i, _ in input.resource.properties.Tags }',
        "settled contains [] if 1 == 1",
        'f(input_path) if input_path == ["Nothing"]',
        'f(resource_of) if resource_of.properties.Nothing == "x"',
        'a if { some one in ["@logs", "@logs"]; one != "x" }',
    ],
)
def test_what_is_named_is_taken(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ('a if input.resource.properties.CidrBlok == "x"', "CidrBlok, of the judged types, is not among"),
        ('a if input.resource["properties"]["CidrBlok"] == "x"', "CidrBlok"),
        ('a if { some tag in input.resource.properties.Tags; tag.Kye == "x" }', "Tags[].Kye"),
        ('a if { tags := input.resource.properties.Tags; tags[0].Kye == "x" }', "Tags[].Kye"),
        ('vpc := input.resource.properties\n\na if vpc.CidrBlok == "x"', "CidrBlok"),
        ('a if { every tag in input.resource.properties.Tags { tag.Kye == "x" } }', "Tags[].Kye"),
        ('a if count([tag | some tag in input.resource.properties.Tags; tag.Kye == "x"]) > 0', "Tags[].Kye"),
        ('a if "x" in input.resource.properties.CidrBlock', "CidrBlock[]"),
        ('a if { some x in input.resource.properties.CidrBlock; x == "y" }', "CidrBlock[]"),
        ('a if { some x in resource.list(input.resource, ["CidrBlock"]); x == "y" }', "CidrBlock[]"),
        ('a if { some log in input.related.logs; log.properties.CidrBlock == "ALL" }', "CidrBlock, of logs,"),
        ('a if { some log in input.related.logs; resource.value(log, ["CidrBlock"]) == "x" }', "CidrBlock, of logs,"),
        ("a if count(input.related.lgos) > 0", "lgos is no relation"),
        ("a if count(input.resources) > 0", "no resources"),
        ('a if input.resource.name == "x"', "no name"),
        ("a if count(input.resource.origins) > 0", "asks for them"),
        ("a if count(input.resource.facts) > 0", "asks for them"),
        ('a if resource.value(input.resource, ["CidrBlok"]) == "x"', "CidrBlok"),
        ('p := ["CidrBlok"]\n\na if resource.value(input.resource, p) == "x"', "CidrBlok"),
        ('a if { p := ["Tags", 0]; resource.value(input.resource, array.concat(p, ["Kye"])) == "x" }', "Tags[].Kye"),
        ('f(r, path) := resource.value(r, path)\n\na if f(input.resource, ["CidrBlok"]) == "x"', "CidrBlok"),
        ('deny contains finding.at(["CidrBlok"], "m") if 1 == 1', "CidrBlok"),
        ('deny contains finding.resting([], "m", [["@lgos"]]) if 1 == 1', "@lgos"),
        ('deny contains finding.resting([], "m", [["@logs", 0, "CidrBlock"]]) if 1 == 1', "CidrBlock, of logs,"),
        ('settled contains ["CidrBlok"] if 1 == 1', "CidrBlok"),
        ('a if resource.allows(input.resource, ["Dok", "Statement"], ["s3:*"])', "Dok.Statement"),
        ('a if count(input.template["AWS::EC2::Subnet"]) > 0', "no type"),
    ],
)
def test_what_is_not_named_is_told(body: str, word: str) -> None:
    (detail,) = found(body)
    assert word in detail


def test_leads() -> None:
    assert leads(("A",), ("A", "[]", "B"))
    assert leads(("A", None, "B"), ("A", "[]", "B"))
    assert leads(("A", "x", "y"), ("A", "**"))
    assert not leads(("A", "C"), ("A", "B"))
    assert not leads(("A", "B", "C"), ("A", "B"))
    assert written(("A", None, "B", "[]")) == "A[].B[]"
