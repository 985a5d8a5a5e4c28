"""The index: what it holds, that it is current, and how policies are loaded from it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from srmcheck.diagnostics import InternalError, PolicyError
from srmcheck.policy import index, load, load_policies, locate
from srmcheck.policy.load import FORMAT, INDEX, TEXTS

POLICIES = Path(__file__).resolve().parents[3] / "policies"

POLICY = """\
# METADATA
# title: One
# description: One.
# custom:
#   id: ACME-S3-001
#   severity: low
#   responsibility: data-protection
#   service: s3
#   since: 1.0.0
#   types: {AWS::S3::Bucket: [Tags]}
#   remediation: {terraform: x, cloudformation: x}
package srmcheck.s3.one

import data.srmcheck.lib.first

deny contains first.it if true
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small policies directory."""
    for name in ("s3", "lib", "data", "schemas"):
        (tmp_path / name).mkdir()
    (tmp_path / "s3" / "one.rego").write_text(POLICY)
    (tmp_path / "s3" / "one_test.rego").write_text("package srmcheck.s3.one_test\n")
    (tmp_path / "lib" / "first.rego").write_text(
        "package srmcheck.lib.first\n\nimport data.srmcheck.lib.second\n\nit := second.x\n"
    )
    (tmp_path / "lib" / "second.rego").write_text("package srmcheck.lib.second\n\nx := 1 # one\n")
    (tmp_path / "lib" / "third.rego").write_text("package srmcheck.lib.third\n")
    (tmp_path / "data" / "runtimes.yaml").write_text("runtimes: {date: '2031-02-03', list: [a]}\n")
    (tmp_path / "notes.md").write_text("no policy")
    return tmp_path


def write(tree: Path) -> None:
    made, texts = index.build(tree)
    (tree / INDEX).write_bytes(orjson.dumps(made))
    (tree / TEXTS).write_bytes(texts)


def test_the_committed_index_is_current() -> None:
    assert index.main(["--check"]) == 0


def test_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout whose index is current no source is parsed."""
    monkeypatch.setattr(index, "build", lambda directory: pytest.fail("built anew"))
    assert len(load_policies().policies) >= 14


def test_loading_needs_no_yaml() -> None:
    """The start path: neither YAML nor the places of packages are needed."""
    code = (
        "import sys\n"
        "from srmcheck.policy import load_policies\n"
        "found = load_policies()\n"
        "found.modules_for(found.for_types(['AWS::S3::Bucket']))\n"
        "bad = {'yaml', 'importlib.resources', 'importlib.metadata', 'jsonschema', 'hashlib'} & sys.modules.keys()\n"
        "assert not bad, bad\n"
    )
    subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path = {sys.path!r}\n{code}"], check=True)


def test_types_and_stacks() -> None:
    found = load_policies()
    of_vpcs = found.for_types(["AWS::EC2::VPC"])
    assert "SRM-VPC-013" in {policy.id for policy in of_vpcs}
    assert all("AWS::EC2::VPC" in policy.types for policy in of_vpcs)
    assert found.for_types(["AWS::Nothing::Here"]) == ()
    stacks = {policy.id for policy in found.for_types([], stack=True)}
    assert {"SRM-CLOUDTRAIL-002", "SRM-IAM-019"} <= stacks
    assert all(policy.asks_account for policy in found.for_types([], stack=True))
    ids = [policy.id for policy in found.policies]
    assert ids == sorted(ids)


def test_the_index_gives_what_metadata_says() -> None:
    from srmcheck.policy.metadata import read_policy

    for policy in load_policies(profile="all").policies:
        assert policy == read_policy((POLICIES / policy.file).read_text(encoding="utf-8"), policy.file)


def test_modules_are_those_needed(tree: Path) -> None:
    made, texts = index.build(tree)
    found = load.PolicySet(made, texts, "default")
    modules = found.modules_for(found.policies)
    assert list(modules) == ["lib/first.rego", "lib/second.rego", "s3/one.rego"]
    assert modules["lib/second.rego"] == "package srmcheck.lib.second\n\nx := 1\n"
    assert modules["s3/one.rego"].count("\n") == POLICY.count("\n")
    assert found.data == {"srmcheck": {"data": {"runtimes": {"date": "2031-02-03", "list": ["a"]}}, "parameters": {}}}
    assert found.data_date == "2031-02-03"
    assert found.digest.startswith("sha256:")


def test_a_changed_source_is_seen(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "policies_dir", lambda: tree)
    write(tree)
    before = load_policies()
    assert isinstance(before.texts, Path)
    (tree / "s3" / "one.rego").write_text(POLICY.replace("title: One", "title: Two"))
    after = load_policies()
    assert isinstance(after.texts, bytes)
    assert after.policies[0].title == "Two"
    assert after.digest == before.digest  # the same rules
    (tree / "lib" / "second.rego").write_text("package srmcheck.lib.second\n\nx := 2\n")
    assert load_policies().digest != before.digest


def test_an_unreadable_index_is_made_anew_in_a_checkout(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "policies_dir", lambda: tree)
    (tree / INDEX).write_text("{")
    assert [policy.id for policy in load_policies().policies] == ["ACME-S3-001"]


def test_a_wheels_index_is_trusted_or_an_error(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tree)
    shipped = tree.parent / "_policies"
    shutil.copytree(tree, shipped)
    monkeypatch.setattr(load, "policies_dir", lambda: shipped)
    (shipped / "s3" / "one.rego").unlink()
    assert [policy.id for policy in load_policies().policies] == ["ACME-S3-001"]
    (shipped / INDEX).unlink()
    with pytest.raises(InternalError):
        load_policies()


def test_profiles(tree: Path) -> None:
    (tree / "s3" / "two.rego").write_text(
        POLICY.replace("ACME-S3-001", "ACME-S3-002")
        .replace("s3.one", "s3.two")
        .replace("#   types", "#   profile: all\n#   types")
    )
    made, texts = index.build(tree)
    assert made["format"] == FORMAT
    assert [policy.id for policy in load.PolicySet(made, texts, "default").policies] == ["ACME-S3-001"]
    both = load.PolicySet(made, texts, "all")
    assert [policy.id for policy in both.for_types(["AWS::S3::Bucket"])] == ["ACME-S3-001", "ACME-S3-002"]


def test_parameters_are_data(tree: Path) -> None:
    text = POLICY.replace(
        "#   types", "#   parameters: {ports: {type: list, default: [22], description: Ports.}}\n#   types"
    )
    (tree / "s3" / "one.rego").write_text(text)
    made, _ = index.build(tree)
    assert made["data"]["srmcheck"]["parameters"] == {"ACME-S3-001": {"ports": [22]}}


@pytest.mark.parametrize(
    ("name", "text", "summary"),
    [
        ("s3/two.rego", POLICY.replace("s3.one", "s3.two"), "Policy id is taken"),
        ("s3/two.rego", "package srmcheck.s3.two\n", "METADATA missing"),
        (
            "s3/two.rego",
            POLICY.replace("s3.one", "s3.two").replace("-001", "-002").replace("lib.first", "lib.fist"),
            "Import not found",
        ),
        ("data/other.yaml", "runtimes: {}\n", "Bad policy data"),
        ("data/other.yaml", "other: [1]\n", "Bad policy data"),
        ("data/other.yaml", "other: {day: 2031-02-03}\n", "Bad policy data"),
        ("data/other.yaml", "other: {\n", "Data is no YAML"),
    ],
)
def test_faults(tree: Path, name: str, text: str, summary: str) -> None:
    (tree / name).write_text(text)
    with pytest.raises(PolicyError) as raised:
        index.build(tree)
    assert raised.value.diagnostic.summary == summary
    assert (raised.value.diagnostic.file or "").split("/")[0] == name.split("/")[0]


def test_a_relation_means_one_thing(tree: Path) -> None:
    def related(relation: str) -> str:
        return POLICY.replace(
            "#   types", f"#   related: {{logs: {{type: [AWS::EC2::FlowLog], {relation}, reads: []}}}}\n#   types"
        )

    (tree / "s3" / "one.rego").write_text(related("by: [ResourceId]"))
    other = related("via: [ResourceId]").replace("s3.one", "s3.two").replace("ACME-S3-001", "ACME-S3-002")
    (tree / "s3" / "two.rego").write_text(other)
    with pytest.raises(PolicyError) as raised:
        index.build(tree)
    assert raised.value.diagnostic.summary == "Relation differs"
    (tree / "s3" / "two.rego").write_text(other.replace("via:", "by:").replace("reads: []", "reads: [TrafficType]"))
    index.build(tree)


def test_text_that_is_no_utf8(tree: Path) -> None:
    (tree / "s3" / "one.rego").write_bytes(POLICY.encode() + b"# \xff\n")
    with pytest.raises(PolicyError) as raised:
        index.build(tree)
    assert raised.value.diagnostic.line == POLICY.count("\n") + 1


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert index.main([]) == 2
    assert "--write" in capsys.readouterr().err


def test_the_resolver_finds_this_checkout() -> None:
    assert locate.policies_dir() == POLICIES
    assert not locate.is_shipped(POLICIES)
    assert locate.catalogue_file() == POLICIES / "catalogue.yaml"


def test_the_resolver_prefers_what_a_wheel_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "srmcheck"
    (package / "policy").mkdir(parents=True)
    monkeypatch.setattr(locate, "__file__", str(package / "policy" / "locate.py"))
    with pytest.raises(InternalError):
        locate.policies_dir()
    (package / "_policies").mkdir()
    assert locate.policies_dir() == package / "_policies"
    assert locate.is_shipped(locate.policies_dir())
    assert locate.catalogue_file() is None
