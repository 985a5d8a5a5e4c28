"""What an ignore covers of a policy that judges several settings (docs: suppressions)."""

from __future__ import annotations

from pathlib import Path

import pytest

from srmcheck.commands.check import check
from srmcheck.config import Config
from srmcheck.results import Report

BLOCK = """\
resource "aws_s3_bucket" "this" {}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
%s  block_public_policy     = false
%s  ignore_public_acls      = false
  restrict_public_buckets = true
}
"""
CATALOG = """\
resource "aws_glue_data_catalog_encryption_settings" "this" {
  data_catalog_encryption_settings {
%s    connection_password_encryption {
      return_connection_password_encrypted = false
    }
%s    encryption_at_rest {
      catalog_encryption_mode = "DISABLED"
    }
  }
}
"""


def run(folder: Path, template: str, policy: str, place: int) -> Report:
    """The report, with an ignore at the first or second of the places of the template."""
    comment = f'# srmcheck:ignore {policy} reason="reviewed"\n'
    (folder / ".git").mkdir()
    (folder / "main.tf").write_text(template % tuple(comment if n == place else "" for n in range(2)), encoding="utf-8")
    return check(Config(paths=(str(folder),), select=(policy,)), lambda: b"")[0]


def verdicts(report: Report) -> list[str]:
    return [finding.verdict for finding in report.findings]


def is_of_use(report: Report) -> bool:
    return not any(item.summary == "Ignore of no use" for item in report.diagnostics)


@pytest.mark.parametrize(("place", "verdict", "of_use"), [(0, "suppressed", True), (1, "fail", False)])
def test_one_finding_about_several_settings_is_ignored_whole(
    tmp_path: Path, place: int, verdict: str, of_use: bool
) -> None:
    report = run(tmp_path, BLOCK, "SRM-S3-003", place)
    assert verdicts(report) == [verdict]
    assert "BlockPublicPolicy, IgnorePublicAcls" in report.findings[0].message
    assert is_of_use(report) is of_use


@pytest.mark.parametrize("place", [0, 1])
def test_findings_apart_are_ignored_one_by_one(tmp_path: Path, place: int) -> None:
    report = run(tmp_path, CATALOG, "SRM-GLUE-001", place)
    assert verdicts(report) == [("suppressed" if number == place else "fail") for number in range(2)]
    assert is_of_use(report)
