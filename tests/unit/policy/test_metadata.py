"""METADATA: what is read, and where faults are."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from srmcheck.diagnostics import PolicyError
from srmcheck.engine.base import RULES, STACK_RULES
from srmcheck.policy import checked_yaml, metadata
from srmcheck.policy.metadata import imports_of, metadata_schema, read_policy, rules_of, without_comments
from srmcheck.policy.model import Relation, parse_path

GOOD = """\
# METADATA
# title: Volumes are encrypted
# description: What is not encrypted can be read by whoever gets hold of it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
# custom:
#   id: ACME-EC2-001
#   severity: high
#   responsibility: data-protection
#   service: ec2
#   since: 1.2.3
#   types:
#     AWS::EC2::Volume: [Encrypted, 'Tags[].Key', Rest.**]
#   related:
#     defaults: {type: [AWS::EC2::EbsEncryptionByDefault], declared: region, reads: [Enabled]}
#     logs:
#       type: [AWS::EC2::FlowLog]
#       by: [ResourceId, 'A.B[] > C']
#       where: {Key: k}
#       of: [AWS::EC2::Volume]
#       reads: []
#   facts: {'Tags[].Key': [credential-pattern]}
#   parameters:
#     allowed: {type: list, default: [], description: What is allowed.}
#   remediation: {terraform: Set it., cloudformation: Set it too.}
#   frameworks: {cis_aws_5_0: ['3.7']}
package srmcheck.ec2.volumes

import data.srmcheck.lib.finding

# a comment about deny contains
deny contains finding.at(["Encrypted"], "no # comment") if true

settled contains [] if input.resource.properties.Encrypted == true
helper if true
"""


def test_pairs_of_paths_are_read() -> None:
    text = GOOD.replace("declared: region", "shares: {'A[].B': C.D}")
    (relation, _) = read_policy(text, "ec2/volumes.rego").related
    assert relation.shares == ((("A", "[]", "B"), ("C", "D")),)
    assert (relation.by, relation.via, relation.declared) == ((), (), None)


def test_everything_is_read() -> None:
    policy = read_policy(GOOD, "ec2/volumes.rego")
    assert (policy.id, policy.severity, policy.responsibility) == ("ACME-EC2-001", "high", "data-protection")
    assert (policy.service, policy.since, policy.profile) == ("ec2", "1.2.3", "default")
    assert policy.types == {"AWS::EC2::Volume": (("Encrypted",), ("Tags", "[]", "Key"), ("Rest", "**"))}
    assert policy.related == (
        Relation("defaults", ("AWS::EC2::EbsEncryptionByDefault",), declared="region", reads=(("Enabled",),)),
        Relation(
            "logs",
            ("AWS::EC2::FlowLog",),
            by=((("ResourceId",),), (("A", "B", "[]"), ("C",))),
            where={"Key": "k"},
            of=("AWS::EC2::Volume",),
        ),
    )
    assert policy.facts == {("Tags", "[]", "Key"): ("credential-pattern",)}
    assert policy.parameters["allowed"]["default"] == []
    assert policy.frameworks == {"cis_aws_5_0": ("3.7",)}
    assert policy.links == ("https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",)
    assert policy.remediation == {"terraform": "Set it.", "cloudformation": "Set it too."}
    assert policy.rules == ("deny", "settled")
    assert (policy.package, policy.file, policy.line) == ("srmcheck.ec2.volumes", "ec2/volumes.rego", 1)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "detail"),
    [
        ("severity: high", "severity: hgih", 8, "severity: expected one of critical, high, medium, low."),
        ("severity: high", "severty: high", 8, "custom: unknown key 'severty'; known are"),
        ("#   severity: high\n", "", 6, "custom: severity is missing."),
        ("since: 1.2.3", "since: 1.2", 11, "since: expected a text."),
        ("id: ACME-EC2-001", "id: acme", 7, "id: 'acme' has not the expected form."),
        ("Rest.**", "Rest.**.X", 13, "2: 'Rest.**.X' has not the expected form."),
        ("declared: region, ", "", 15, "defaults: exactly one of by, via, shares and declared is expected."),
        ("declared: region", "declared: region, where: {Key: a}", 15, "defaults: where goes with by or via."),
        ("declared: region", "via: [Encrypted], orphans: true", 15, "defaults: orphans goes with by or declared."),
        ("of: [AWS::EC2::Volume]", "of: [AWS::EC2::VPC]", 16, "AWS::EC2::VPC in `of` is no judged type."),
        ("facts: {'Tags[].Key'", "facts: {Other", 22, "Other: facts are about paths that the policy reads."),
        ("default: []", "default: 3", 24, "allowed: the default is not of the type list."),
        ("[credential-pattern]", "[beauty]", 22, "expected one of credential-pattern, secret-literal."),
        ("#   service: ec2", "#   service: ec2\n#   service: s3", 11, "key 'service' is written twice."),
        ("ref: https:", "ref: http:", 5, "has not the expected form."),
        ("title: Volumes", "title: [Volumes", 2, ""),
        (
            "#   types:\n#     AWS::EC2::Volume: [Encrypted, 'Tags[].Key', Rest.**]",
            "#   types: {}",
            12,
            "must not be empty",
        ),
    ],
)
def test_a_fault_has_its_line(right: str, wrong: str, line: int, detail: str) -> None:
    assert right in GOOD
    with pytest.raises(PolicyError) as raised:
        read_policy(GOOD.replace(right, wrong), "ec2/volumes.rego")
    diagnostic = raised.value.diagnostic
    assert (diagnostic.file, diagnostic.level) == ("ec2/volumes.rego", "error")
    assert diagnostic.line is not None
    assert abs(diagnostic.line - line) <= (1 if not detail else 0), diagnostic
    assert detail in diagnostic.detail


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("", "Package missing"),
        ("import rego.v1\n", "Package missing"),
        ("package srmcheck.ec2.volumes\n", "METADATA missing"),
        ("# METADATA\n# title: far away\n\npackage srmcheck.ec2.volumes\n", "METADATA missing"),
        ("# METADATA\npackage srmcheck.ec2.volumes\n", "Bad METADATA"),
        ("# METADATA\n# - a list\npackage srmcheck.ec2.volumes\n", "Bad METADATA"),
        (GOOD.replace("package srmcheck.ec2.volumes", "package srmcheck.s3.volumes"), "Bad package"),
    ],
)
def test_what_is_no_policy(text: str, summary: str) -> None:
    with pytest.raises(PolicyError) as raised:
        read_policy(text, "ec2/volumes.rego")
    assert raised.value.diagnostic.summary == summary


def test_words_before_the_block_do_not_matter() -> None:
    """Licence comments may stand above; the block is the last one before the package."""
    assert read_policy("# Copyright\n\n" + GOOD, "ec2/volumes.rego").line == 3


def test_rules_are_those_of_the_protocol() -> None:
    assert (*RULES, *STACK_RULES) == metadata.RULES
    text = (
        "deny_stack contains x if y\nunknown contains 1 if z\n# settled contains\nnot_applicable if a\ndenying if b\n"
    )
    assert rules_of(text) == ("not_applicable", "unknown", "deny_stack")


def test_comments_go_and_lines_stay() -> None:
    text = 'a := "x # y" # gone\nb := `#\n# kept`\nc := "\\"# \\\\" # gone\n# gone\n'
    assert without_comments(text) == 'a := "x # y"\nb := `#\n# kept`\nc := "\\"# \\\\"\n\n'


def test_imports() -> None:
    text = "import data.srmcheck.lib.finding\nimport data.srmcheck.data.x\n# import data.srmcheck.lib.no\nimport data.other.x\n"
    assert imports_of(text) == ("srmcheck.lib.finding", "srmcheck.data.x")


@pytest.mark.parametrize("text", ["A", "A.B[].C", "A[][].B", "A.**"])
def test_paths(text: str) -> None:
    assert ".".join(parse_path(text)).replace(".[]", "[]") == text


@pytest.mark.parametrize("text", ["", "A..B", "A.**.B", "[]"])
def test_no_paths(text: str) -> None:
    with pytest.raises(ValueError, match="path"):
        parse_path(text)


# The schema


def _values() -> list[Any]:
    """Metadata as it may be, good and bad."""
    good, _ = checked_yaml.read("\n".join(line[2:] for line in GOOD.split("\n")[1:25]))
    found: list[Any] = [good, None, [], "text", {}]
    for path, bad in [
        (("title",), ""),
        (("title",), 3),
        (("custom", "severity"), "none"),
        (("custom", "id"), "ACME-1"),
        (("custom", "types"), {}),
        (("custom", "types"), {"AWS::EC2::Volume": "Encrypted"}),
        (("custom", "types"), {"Volume": []}),
        (("custom", "types"), {"AWS::EC2::Volume": ["A..B"]}),
        (("custom", "origins"), "yes"),
        (("custom", "origins"), True),
        (("custom", "reports"), "resources"),
        (("custom", "related"), {"Bad": {"type": ["AWS::EC2::VPC"], "reads": []}}),
        (("custom", "related"), {"good": {"type": [], "reads": []}}),
        (("custom", "related"), {"good": {"type": ["AWS::EC2::VPC"]}}),
        (("custom", "parameters"), {"x": {"type": "float", "default": 1, "description": "x"}}),
        (("custom", "yields_to"), ["SRM-VPC-003"]),
        (("custom", "yields_to"), ["VPC"]),
        (("custom", "remediation"), {"terraform": "x"}),
        (("custom", "extra"), 1),
        (("extra",), 1),
        (("related_resources",), [{"ref": "https://a", "name": "x"}]),
    ]:
        value = yaml.safe_load(yaml.safe_dump(good))
        here = value
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = bad
        found.append(value)
    return found


@pytest.mark.parametrize("value", _values())
def test_our_check_and_a_validator_agree(value: Any) -> None:
    schema = metadata_schema()
    valid = jsonschema.Draft202012Validator(schema).is_valid(value)
    assert (checked_yaml.faults(value, schema, {}) == []) is valid


def test_the_schema_uses_only_what_our_check_knows() -> None:
    def keywords(schema: Any) -> set[str]:
        found = set(schema)
        for key in ("properties", "$defs"):
            for part in schema.get(key, {}).values():
                found |= keywords(part)
        for key in ("items", "additionalProperties", "propertyNames"):
            if isinstance(schema.get(key), dict):
                found |= keywords(schema[key])
        return found

    assert keywords(metadata_schema()) <= checked_yaml.KNOWN
    jsonschema.Draft202012Validator.check_schema(dict(metadata_schema()))


def test_lines_of_yaml() -> None:
    value, lines = checked_yaml.read("a: 1\nb:\n  - x\n  - c: 2\n")
    assert value == {"a": 1, "b": ["x", {"c": 2}]}
    assert lines[("b", 1, "c")] == 4
    assert checked_yaml.read("") == (None, {(): 1})
