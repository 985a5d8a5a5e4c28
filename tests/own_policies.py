"""A small folder of users' own policies, for tests."""

from __future__ import annotations

from pathlib import Path

POLICY = """\
# METADATA
# title: Buckets say who owns them
# description: A bucket without an owner is nobody's when something happens. Absent tags name nobody.
# custom:
#   id: ACME-S3-001
#   severity: high
#   responsibility: data-protection
#   service: s3
#   since: 1.0.0
#   types:
#     AWS::S3::Bucket: ['Tags[].Key', 'Tags[].Value']
#   parameters:
#     key: {type: string, default: Owner, description: The tag that names the owner}
#     names: {type: list, default: [], description: Who may own a bucket; empty means anyone}
#   remediation: {terraform: Set the tag., cloudformation: Set the tag.}
#   frameworks: {acme_baseline: ['4.2']}
package acme.s3.owner_tag

import data.acme.lib.tags
import data.srmcheck.lib.finding

deny contains finding.at(["Tags"], "bucket has no owner") if not is_owned

settled contains [] if is_owned

is_owned if tags.has(input.resource, ["Tags"], data.srmcheck.parameters["ACME-S3-001"].key)
"""

LIBRARY = """\
package acme.lib.tags

import data.srmcheck.lib.resource

has(judged, path, key) if {
	some i, _ in resource.list(judged, path)
	resource.text(judged, array.concat(path, [i, "Key"])) == key
	resource.text(judged, array.concat(path, [i, "Value"])) != ""
}
"""

TESTS = """\
package acme.s3.owner_tag_test

import data.acme.s3.owner_tag as policy
import data.srmcheck.lib.documents

test_pass if {
	count(policy.deny) == 0 with input as documents.of("AWS::S3::Bucket", {"Tags": [{"Key": "Owner", "Value": "me"}]})
}

test_fail_absent if count(policy.deny) == 1 with input as documents.of("AWS::S3::Bucket", {})
"""

CLOUDFORMATION = """\
Parameters:
  Who: {Type: String}

Resources:
  PassOwned:
    Type: AWS::S3::Bucket
    Properties:
      Tags: [{Key: Team, Value: x}, {Key: Owner, Value: me}]

  FailAbsent:
    Type: AWS::S3::Bucket

  FailOther:
    Type: AWS::S3::Bucket
    Properties:
      Tags: [{Key: Team, Value: me}]

  UnknownWho:
    Type: AWS::S3::Bucket
    Properties:
      Tags: [{Key: Owner, Value: !Ref Who}]
"""

TERRAFORM = """\
variable "who" {
  type = string
}

resource "aws_s3_bucket" "pass_owned" {
  tags = { Team = "x", Owner = "me" }
}

resource "aws_s3_bucket" "fail_absent" {
}

resource "aws_s3_bucket" "fail_other" {
  tags = { Team = "me" }
}

resource "aws_s3_bucket" "unknown_who" {
  tags = { Owner = var.who }
}
"""

TEMPLATE = """\
Resources:
  Mine:
    Type: AWS::S3::Bucket
    Properties:
      Tags: [{Key: Owner, Value: me}]
  Nobodys:
    Type: AWS::S3::Bucket
"""

RAISING = (
    POLICY.replace("ACME-S3-001", "ACME-S3-002")
    .replace("owner_tag", "raising")
    .replace(
        "not is_owned\n\nsettled contains [] if is_owned",
        'is_inside\n\nis_inside if net.cidr_contains("10.0.0.0/8", input.resource.properties.Tags[_].Value)'
        "\n\nsettled contains [] if is_owned",
    )
)
"""Raises on a tag whose value is no address."""


def write(folder: Path, **more: str) -> Path:
    """The policies below `folder`/policies and their fixtures beside them; `more` maps names of further files, with `/` and
    `.` written as two and three underscores, to their texts."""
    files = {
        "policies/s3/owner_tag.rego": POLICY,
        "policies/s3/owner_tag_test.rego": TESTS,
        "policies/lib/tags.rego": LIBRARY,
        "fixtures/cloudformation/s3/owner_tag.yaml": CLOUDFORMATION,
        "fixtures/terraform/s3/owner_tag/main.tf": TERRAFORM,
        **{name.replace("___", ".").replace("__", "/"): text for name, text in more.items()},
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder
