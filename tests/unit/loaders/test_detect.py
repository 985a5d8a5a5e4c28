"""What a file is, by its content."""

from __future__ import annotations

import codecs
import json

import pytest

from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.loaders.detect import detect, may_be_template

PLAN = json.dumps({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": []}).encode()
STATE = json.dumps({"format_version": "1.0", "terraform_version": "1.11.4", "values": {}}).encode()
RAW_STATE = json.dumps(
    {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "resources": []}
).encode()
TEMPLATE_JSON = json.dumps({"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}).encode()
TEMPLATE_YAML = b"Resources:\n  B:\n    Type: AWS::S3::Bucket\n"


def kind_of(data: bytes, *, named: bool = False) -> str | None:
    found = detect(data, "file", named=named)
    return found.kind if found is not None else None


def refused(data: bytes, *, named: bool = True) -> Diagnostic:
    with pytest.raises(InputError) as caught:
        detect(data, "file", named=named)
    return caught.value.diagnostic


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PLAN, "plan"),
        (b"\n  " + PLAN, "plan"),
        (codecs.BOM_UTF8 + PLAN, "plan"),
        (codecs.BOM_UTF16_LE + PLAN.decode().encode("utf-16-le"), "plan"),
        (codecs.BOM_UTF16_BE + PLAN.decode().encode("utf-16-be"), "plan"),
        (STATE, "state"),
        (RAW_STATE, "state"),
        (TEMPLATE_JSON, "cloudformation"),
        (TEMPLATE_JSON.replace(b"}}}", b"},}}"), "cloudformation"),
        (TEMPLATE_YAML, "cloudformation"),
        (codecs.BOM_UTF8 + TEMPLATE_YAML, "cloudformation"),
        (b"# a comment\nAWSTemplateFormatVersion: '2010-09-09'\n", "cloudformation"),
        (
            b'---\nTransform: AWS::Serverless-2016-10-31\n"Resources":\n  X: {Type: AWS::Serverless::Api}\n',
            "cloudformation",
        ),
        (b'{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}, "x": "AWS::Region"}', "cloudformation"),
    ],
)
def test_kinds(data: bytes, kind: str, named: bool) -> None:
    assert kind_of(data, named=named) == kind


@pytest.mark.parametrize(
    "data",
    [
        b'{"name": "package", "version": "1.0.0"}',
        b"apiVersion: v1\nkind: Service\n",
        b"resources:\n  Type: AWS::S3::Bucket\n",
        b"Resources:\n  cpu: 1\n",
        b"{ not json",
        b"hello",
        b"",
        b"\x7fELF\0\0",
        b'{"Resources": ["AWS::S3::Bucket"]}',
    ],
)
def test_other_files_are_passed_over_unless_named(data: bytes) -> None:
    assert kind_of(data) is None
    assert refused(data).file == "file"


@pytest.mark.parametrize(
    ("data", "summary"),
    [
        (PLAN[:-10], "JSON is cut off"),
        (PLAN + b"\nDone.\n", "Text after the JSON"),
        (b"[command]/usr/bin/terraform-bin show -json tfplan\n" + PLAN, "Text before the JSON"),
        (b"::debug::Terraform exited with code 0.\n\n" + PLAN, "Text before the JSON"),
        (codecs.BOM_UTF16_LE + PLAN.decode().encode("utf-16-le")[:-11], "Not text in UTF-8 or UTF-16"),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_a_broken_plan_is_an_error_wherever_it_is_found(data: bytes, summary: str, named: bool) -> None:
    assert refused(data, named=named).summary == summary


def test_the_wrapper_is_named_with_its_remedy() -> None:
    diagnostic = refused(b"[command]/usr/bin/terraform-bin show -json tfplan\n\n" + PLAN)
    assert "line 3" in diagnostic.detail
    assert "terraform_wrapper: false" in diagnostic.hint


@pytest.mark.parametrize(
    ("data", "summary", "hint"),
    [
        (b"", "Empty file", "does the command"),
        (b"PK\x03\x04tfplan", "Plan in Terraform's own format", "terraform show -json"),
        (
            b'{"@level":"info","@message":"Terraform 1.11.4"}\n{"@level":"info"}\n',
            "Log of a plan, not a plan",
            "-out=tfplan",
        ),
        (b"kind: Service\n", "Not a template that srmcheck reads", "name a plan"),
        (b"{ not json", "Not valid JSON", ""),
        ("{}".encode("utf-16-le"), "Not text", "save the file as UTF-8"),
    ],
)
def test_a_named_file_of_another_kind_is_told_what_it_is(data: bytes, summary: str, hint: str) -> None:
    diagnostic = refused(data)
    assert diagnostic.summary == summary
    assert hint in diagnostic.hint


@pytest.mark.parametrize(
    ("head", "worth"),
    [
        (PLAN, True),
        (codecs.BOM_UTF16_LE + b"{\0", True),
        (b"[command]x\n" + PLAN, True),
        (b"AWSTemplateFormatVersion: x", True),
        (b"{}", False),
        (b"# a script", False),
    ],
)
def test_which_files_are_worth_reading(head: bytes, worth: bool) -> None:
    assert may_be_template(head) is worth
