"""docs/coverage.md is current, and its numbers are those of the catalogue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from tools import coverage_page
from tools.coverage_page import controls_of, page_lines

from srmcheck.policy import load_policies

CHECKOUT = Path(__file__).resolve().parents[2]
CATALOGUE: list[dict[str, Any]] = yaml.load(
    (CHECKOUT / "policies" / "catalogue.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)


def test_the_page_is_current() -> None:
    assert coverage_page.PAGE.read_text(encoding="utf-8") == coverage_page.text()


def test_every_policy_of_the_catalogue_stands_once() -> None:
    """A built one has a link to its page, another is listed as not built."""
    built = {policy.id for policy in load_policies(profile="all").policies}
    page = coverage_page.PAGE.read_text(encoding="utf-8")
    listed = re.findall(r"^\| (SRM-[A-Z0-9-]+) \|", page[page.index("## Not built yet") :], re.M)
    assert sorted(listed) == sorted({entry["id"] for entry in CATALOGUE} - built)
    linked = set(re.findall(r"\[(SRM-[A-Z0-9-]+)\]\(policies/\1\.md\)", page))
    assert linked <= built
    assert f"specifies {len(CATALOGUE)} policies. {len(built)} are built" in page


def entry(number: int, tier: str = "core", severity: str = "low", controls: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "id": f"SRM-S3-{number:03}",
        "title": "A title with a *star*",
        "service": "s3",
        "responsibility": "data-protection",
        "severity": severity,
        "tier": tier,
        "frameworks": {"cis_aws_5_0": list(controls)} if controls else {},
    }


def test_counts() -> None:
    entries = [
        entry(1, controls=("2.10", "2.9")),
        entry(2, controls=("2.9",)),
        entry(3, tier="extended", severity="high", controls=("2.9", "3.1")),
        entry(4, severity="high"),
    ]
    lines = list(page_lines(entries, frozenset({"SRM-S3-001", "SRM-S3-003"})))
    assert "| Data protection and encryption | 1 of 3 | - | 1 of 1 | 2 of 4 | 50 % |" in lines
    assert "| Network security | - | - | - | - | - |" in lines
    assert "| Amazon S3 (SaaS) | 1 of 3 | - | 1 of 1 | 2 of 4 | 50 % |" in lines
    assert "| high | 0 of 1 | - | 1 of 1 | 1 of 2 | 50 % |" in lines
    assert "| CIS AWS Foundations Benchmark 5.0 (`cis_aws_5_0`) | 3 | 3 | 2 | 2 of 3 |" in lines
    assert "| SRM-S3-004 | high | core | A title with a \\*star\\* |" in lines
    assert list(controls_of(entries, "cis_aws_5_0")) == ["2.9", "2.10", "3.1"]
    link = "[SRM-S3-001](policies/SRM-S3-001.md)"
    assert f"| 2.9 | in part | {link}, SRM-S3-002, [SRM-S3-003](policies/SRM-S3-003.md) |" in lines
    assert f"| 2.10 | yes | {link} |" in lines
