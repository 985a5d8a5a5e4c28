"""What `srmcheck policies new` writes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from srmcheck.diagnostics import ConfigError
from srmcheck.policy.metadata import read_policy
from srmcheck.policy.scaffold import scaffold
from tests.opa import require_opa

LIBRARY = Path(__file__).resolve().parents[3] / "policies" / "lib"


def test_from_the_catalogue(tmp_path: Path) -> None:
    files = scaffold("SRM-S3-010", "s3", "bucket_versioning", tmp_path)
    assert [str(file.relative_to(tmp_path)) for file in files] == [
        "policies/s3/bucket_versioning.rego",
        "policies/s3/bucket_versioning_test.rego",
        "fixtures/cloudformation/s3/bucket_versioning.yaml",
        "fixtures/terraform/s3/bucket_versioning/main.tf",
    ]
    policy = read_policy(files[0].read_text(encoding="utf-8"), "s3/bucket_versioning.rego")
    assert (policy.id, policy.severity, policy.title) == ("SRM-S3-010", "medium", "Bucket keeps object versions")
    assert policy.types == {"AWS::S3::Bucket": (("VersioningConfiguration", "Status"),)}
    assert policy.frameworks["pci_dss_4_0"] == ("10.3.4",)
    assert policy.equivalents["checkov"] == ("CKV_AWS_21",)
    assert "AWS::S3::Bucket" in files[2].read_text(encoding="utf-8")
    assert "aws_s3_bucket" in files[3].read_text(encoding="utf-8")


def test_an_id_of_ones_own(tmp_path: Path) -> None:
    files = scaffold("ACME-S3-001", "s3", "mine", tmp_path)
    policy = read_policy(files[0].read_text(encoding="utf-8"), "s3/mine.rego", "acme.s3.mine")
    assert (policy.id, policy.severity, policy.service) == ("ACME-S3-001", "medium", "s3")
    assert len(files) == 3  # nothing says which Terraform type it is


def test_what_follows_from_an_id_of_ones_own(tmp_path: Path) -> None:
    files = scaffold("ACME-SQS-007", None, None, tmp_path, "AWS::SQS::Queue", lambda _: "aws_sqs_queue")
    assert files[0] == tmp_path / "policies" / "sqs" / "policy_007.rego"
    assert "package acme.sqs.policy_007\n" in files[0].read_text(encoding="utf-8")
    assert 'resource "aws_sqs_queue" "pass_on"' in files[3].read_text(encoding="utf-8")
    other = scaffold("OTHER-S3-001", "s3", "mine", tmp_path)
    assert "package acme.s3.mine\n" in other[0].read_text(encoding="utf-8")  # as those that are there
    reserved = scaffold("SYSTEM-S3-001", "s3", "mine", tmp_path / "new")
    assert "package system_policies.s3.mine\n" in reserved[0].read_text(encoding="utf-8")


def test_a_type_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        scaffold("ACME-S3-001", "s3", "mine", tmp_path, "AWS::S3::Buket")
    assert raised.value.diagnostic.hint == "did you mean AWS::S3::Bucket?"


@pytest.mark.parametrize(
    "id", ["SRM-S3-010", "SRM-VPC-010", "SRM-IAM-018", "SRM-ELB-012", "SRM-CLOUDTRAIL-001", "ACME-X-001"]
)
def test_it_compiles_and_its_test_fails(id: str, tmp_path: Path) -> None:
    opa = require_opa()
    scaffold(id, "x", "new", tmp_path)
    policies = str(tmp_path / "policies")
    for command in (["fmt", "--list", "--fail", policies], ["check", "--strict", policies, str(LIBRARY)]):
        done = subprocess.run([opa, *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run([opa, "test", policies, str(LIBRARY)], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "new_test.test_pass: FAIL" in done.stdout
    assert "test_fail_absent" not in done.stdout


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    first = scaffold("ACME-S3-001", "s3", "mine", tmp_path)
    first[0].write_text("changed")
    with pytest.raises(ConfigError) as raised:
        scaffold("ACME-S3-001", "s3", "mine", tmp_path)
    assert raised.value.diagnostic.summary == "File exists"
    assert first[0].read_text() == "changed"


@pytest.mark.parametrize(
    ("id", "service", "name"),
    [
        ("S3", "s3", "x"),
        ("ACME-S3-1", "s3", "x"),
        ("ACME-S3-001", "../s3", "x"),
        ("ACME-S3-001", "s3", "X/y"),
        ("ACME-S3-001", "s3", "default"),
        ("ACME-S3-001", "lib", "x"),
        ("ACME-001", None, "x"),
        ("SRM-S3-010", None, "x"),
        ("SRM-S3-010", "s3", None),
    ],
)
def test_names_that_cannot_be(id: str, service: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        scaffold(id, service, name, tmp_path)
    assert list(tmp_path.iterdir()) == []
