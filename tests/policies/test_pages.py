"""docs/policies/: every policy has its page, and each example on it gets the verdict that it promises."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

import pytest
from tools import policy_pages
from tools.examples import cloudformation, terraform
from tools.markdown import escaped

from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.evaluate import run
from srmcheck.normalize import normalize
from srmcheck.policy import load_policies
from srmcheck.policy.model import Policy
from srmcheck.policy.pages import load_page
from srmcheck.schema import load as load_schema
from srmcheck.template import Template

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = CHECKOUT / "docs" / "policies"
POLICIES = load_policies(profile="all")
BLOCK = re.compile(r"^(Fails|Passes):\n\n```(hcl|yaml)\n(.*?)^```$", re.M | re.S)
VERDICTS = {"Fails": "fail", "Passes": "pass"}


def ids(policy: Policy) -> str:
    return policy.id


@cache
def page(policy_id: str) -> str:
    return (PAGES / f"{policy_id}.md").read_text(encoding="utf-8")


def examples(policy_id: str) -> list[tuple[str, str, str]]:
    """Verdict, language and text of every example on a page."""
    return [(VERDICTS[word], language, text) for word, language, text in BLOCK.findall(page(policy_id))]


def test_the_pages_are_current() -> None:
    made, stale = policy_pages.files()
    assert not stale
    assert [path.name for path, text in made.items() if path.read_text(encoding="utf-8") != text] == []


def test_every_policy_has_a_page_and_a_line_in_the_index() -> None:
    names = {policy.id for policy in POLICIES.policies}
    assert {file.stem for file in PAGES.glob("*.md")} == names | {"README"}
    listed = re.findall(r"^\| \[(SRM-[A-Z0-9-]+)\]\(\1\.md\) \|", page("README"), re.M)
    assert sorted(listed) == sorted(names)


@pytest.mark.parametrize("policy", POLICIES.policies, ids=ids)
def test_the_examples_get_their_verdicts(policy: Policy, tmp_path: Path) -> None:
    """Through the loaders, as a reader would try them: of each, a resource that is named so has the verdict, or the template
    as a whole; and what is said to pass holds nothing that fails."""
    engine = EmbeddedEngine(POLICIES.modules_for([policy]), POLICIES.data)
    baseline = "(`srmcheck --scope account`)" in page(policy.id)
    try:
        for number, (verdict, language, text) in enumerate(examples(policy.id)):
            template = read(language, text, tmp_path / str(number))
            assert not [item for item in template.diagnostics if item.level == "error"]
            scope = "account" if baseline else "template"
            evaluation = run(normalize(template), [policy], engine, scope=scope)  # type: ignore[arg-type]
            assert not evaluation.diagnostics
            found = {(outcome.address, outcome.verdict) for outcome in evaluation.outcomes}
            promised = {address for address, given in found if given == verdict and is_named(address, verdict)}
            assert promised, f"{language} example of {verdict}: {sorted(map(str, found))}"
            if verdict == "pass":
                assert "fail" not in {given for _, given in found}
    finally:
        engine.close()


def read(language: str, text: str, folder: Path) -> Template:
    folder.mkdir()
    if language == "yaml":
        from srmcheck.loaders.cloudformation import load_cloudformation

        return load_cloudformation(text, "example")
    from srmcheck.loaders.terraform.hcl import load_hcl

    (folder / "main.tf").write_text(text, encoding="utf-8")
    return load_hcl(folder, "example", boundary=folder)


def is_named(address: str | None, verdict: str) -> bool:
    return address is None or address.rpartition(".")[2].lower().startswith(verdict)


@pytest.mark.parametrize("policy", POLICIES.policies, ids=ids)
def test_both_languages_have_both_examples(policy: Policy) -> None:
    """Unless CloudFormation has no type for what is judged."""
    found = {(language, verdict) for verdict, language, _ in examples(policy.id)}
    wanted = {("hcl", "fail"), ("hcl", "pass")}
    if all(load_schema().is_extension(name) for name in policy.types):
        assert "CloudFormation has no resource type for it." in page(policy.id)
    else:
        wanted |= {("yaml", "fail"), ("yaml", "pass")}
    assert found == wanted


@pytest.mark.parametrize("policy", POLICIES.policies, ids=ids)
def test_the_page_reads_as_the_metadata_says(policy: Policy) -> None:
    """Nothing of a text is lost to Markdown, in GitHub's own renderer; and the page holds what the catalogue says."""
    import cmarkgfm

    rendered = cmarkgfm.github_flavored_markdown_to_html(page(policy.id))
    text = " ".join(html.unescape(re.sub(r"<[^>]*>", "", rendered)).split())
    shown = load_page(policy.id)
    for wanted in (policy.title, policy.description, shown.fails_when, *policy.remediation.values()):
        assert " ".join(wanted.replace("`", "").split()) in text
    for names in (policy.frameworks, policy.equivalents):
        for numbers in names.values():
            assert ", ".join(numbers) in text
    assert all(f'href="{link}"' in rendered.replace("&amp;", "&") for link in policy.links)


@pytest.mark.parametrize("policy", POLICIES.policies, ids=ids)
def test_terraform_types(policy: Policy) -> None:
    """The types of the tables are there for every judged type that Terraform can write, each of them in the catalogue's
    words, or one that sets what is read of the type."""
    shown = load_page(policy.id)
    assert list(shown.terraform_types)[: len(policy.types)] == list(policy.types)
    assert any(shown.terraform_types[name] for name in policy.types)


def test_escaping() -> None:
    assert escaped("a*b `c*|d` <x> [y] _z_ a_b") == "a\\*b `c*\\|d` \\<x\\> \\[y\\] \\_z\\_ a_b"


TERRAFORM = """# The name of a resource is its verdict.

provider "aws" {}

variable "name" {}

locals {
  tags = { a = var.name }
}

data "aws_x" "aux_d" {}

# it says why
# example
# only: terraform: no
resource "aws_s3_bucket" "fail_x" {
  tags = local.tags
}

resource "aws_s3_bucket_acl" "aux_fail_x" {
  bucket = aws_s3_bucket.fail_x.id
  acl    = data.aws_x.aux_d.acl
}

resource "aws_s3_bucket_acl" "pass_y" {
  bucket = aws_s3_bucket.fail_x.id
}
"""


def test_cutting_terraform() -> None:
    """A resource comes with its comment, with what it refers to and with the helpers that refer to it."""
    parts = terraform.pieces_of(TERRAFORM)
    (piece,) = parts.resources("fail")
    assert piece.marked
    near, _, _, all_of_it = parts.around(piece)
    text = parts.template(near)
    assert "# it says why\nresource" in text
    assert "only:" not in text
    assert "# example" not in text
    for wanted in ('variable "name"', "locals {", 'data "aws_x"', '"aux_fail_x"'):
        assert wanted in text
    assert "pass_y" not in text
    assert "provider" not in text
    assert "pass_y" in parts.template(all_of_it)


TEMPLATE = """# The name of a resource is its verdict.
Parameters:
  Later: {Type: String}
  Other: {Type: String}
Conditions:
  On: !Equals [!Ref Later, "x"]
Resources:
  # it says why
  PassX:
    Type: AWS::S3::Bucket
    Condition: On
    Properties: {BucketName: !Sub "${AuxY.Arn}", Tags: [{Key: a, Value: "%s"}], AccessControl: Private}
  AuxY:
    Type: AWS::SNS::Topic
  NoneX:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref PassX
      PolicyDocument: |
        {"a": 1}
  FailZ:
    Type: AWS::SNS::Topic
""" % ("long" * 30)


def test_cutting_cloudformation() -> None:
    """As Terraform; flow style that is long becomes block style, and scalars stay as they are written."""
    parts = cloudformation.pieces_of(TEMPLATE)
    (piece,) = parts.resources("pass")
    near, *_ = parts.around(piece)
    assert parts.template(near) == (
        "Parameters:\n  Later: {Type: String}\n\n"
        'Conditions:\n  On: !Equals [!Ref Later, "x"]\n\n'
        "Resources:\n  # it says why\n  PassX:\n    Type: AWS::S3::Bucket\n    Condition: On\n    Properties:\n"
        '      BucketName: !Sub "${AuxY.Arn}"\n      Tags:\n        - Key: a\n'
        f'          Value: "{"long" * 30}"\n      AccessControl: Private\n\n'
        "  AuxY:\n    Type: AWS::SNS::Topic\n\n"
        "  NoneX:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref PassX\n"
        '      PolicyDocument: |\n        {"a": 1}\n'
    )
