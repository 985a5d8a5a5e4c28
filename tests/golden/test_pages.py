"""`srmcheck policies show`: what the terminal says of a policy. `ACCEPT=1 pytest tests/golden` accepts changes; review the diff."""

from __future__ import annotations

from pathlib import Path

import pytest

from srmcheck.commands.policies import all_policies, find_policy, show_lines
from srmcheck.report.style import Style
from tests.golden.test_reports import compare

HERE = Path(__file__).parent
SHOWN = (("SRM-S3-003", None), ("SRM-VPC-001", "terraform"), ("SRM-IAM-019", "cloudformation"))
"""One in both languages; one with Terraform alone; one of which CloudFormation has no resource type."""


@pytest.mark.parametrize(("policy_id", "language"), SHOWN)
def test_a_policy_is_shown(policy_id: str, language: str | None) -> None:
    policies = all_policies()
    lines = show_lines(find_policy(policy_id, policies.policies), Style(False), policies, language)
    compare(HERE / "outputs" / f"{policy_id}.show.txt", "".join(f"{line}\n" for line in lines))
