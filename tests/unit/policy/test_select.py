"""The terms of --select and --ignore."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.diagnostics import ConfigError
from srmcheck.policy.load import load_policies
from srmcheck.policy.select import choose

S3 = {"cis_aws_5_0": ["2.1.1", "2.1.4"], "fsbp": ["S3.5"]}
DATA, NET = "data-protection", "network-security"
ENTRIES: list[dict[str, Any]] = [
    {"id": "SRM-S3-002", "service": "s3", "severity": "medium", "responsibility": DATA, "profile": "all"},
    {"id": "SRM-S3-003", "service": "s3", "severity": "high", "responsibility": DATA, "frameworks": S3},
    {
        "id": "SRM-RDS-003",
        "service": "rds",
        "severity": "critical",
        "responsibility": NET,
        "frameworks": {"fsbp": ["RDS.2"]},
    },
    {"id": "SRM-VPC-013", "service": "vpc", "severity": "medium", "responsibility": "logging-and-monitoring"},
]
ALL = {"SRM-S3-002", "SRM-S3-003", "SRM-RDS-003", "SRM-VPC-013"}


def chosen(select: tuple[str, ...] = (), ignore: tuple[str, ...] = (), profile: str = "default") -> set[str]:
    return set(choose(ENTRIES, select, ignore, profile, {}))


@pytest.mark.parametrize(
    ("select", "ids"),
    [
        (("SRM-S3-003",), {"SRM-S3-003"}),
        (("srm-s3-003",), {"SRM-S3-003"}),
        (("SRM-S3-*",), {"SRM-S3-003"}),
        (("SRM-S3-002",), {"SRM-S3-002"}),  # by its id, so whatever its profile
        (("SRM-*-003",), {"SRM-S3-003", "SRM-RDS-003"}),
        (("service:s3", "service:vpc"), {"SRM-S3-003", "SRM-VPC-013"}),
        (("responsibility:network-security",), {"SRM-RDS-003"}),
        (("severity:critical",), {"SRM-RDS-003"}),
        (("framework:fsbp",), {"SRM-S3-003", "SRM-RDS-003"}),
        (("framework:cis_aws_5_0:2.1.4",), {"SRM-S3-003"}),
    ],
)
def test_select(select: tuple[str, ...], ids: set[str]) -> None:
    assert chosen(select) == ids
    assert chosen((), select, "all") == ALL - ids - (
        {"SRM-S3-002"} if select in (("SRM-S3-*",), ("service:s3", "service:vpc")) else set()
    )


def test_the_profile_and_ignore() -> None:
    assert chosen() == ALL - {"SRM-S3-002"}
    assert chosen(profile="all") == ALL
    assert chosen(("service:s3",), (), "all") == {"SRM-S3-002", "SRM-S3-003"}
    assert chosen(("service:s3",), ("SRM-S3-002",), "all") == {"SRM-S3-003"}
    assert chosen(("SRM-*",), ("severity:critical", "service:vpc")) == {"SRM-S3-003"}


@pytest.mark.parametrize(
    ("term", "summary", "hint"),
    [
        ("SRM-S3-033", "No such policy for --select: SRM-S3-033", "SRM-S3-003"),
        ("SRM-S4-*", "No such policy for --select: SRM-S4-*", "SRM-S3"),
        ("", "No such policy for --select: ", "there is SRM-S3-002"),
        ("service:s4", "No such service for --select: s4", "did you mean service:s3"),
        ("responsibility:network", "No such responsibility for --select: network", "responsibility:network-security"),
        ("severity:High", "No such severity for --select: High", "did you mean severity:high"),
        ("framework:cis_aws", "No such framework for --select: cis_aws", "framework:cis_aws_5_0"),
        (
            "framework:cis_aws_5_0:2.1.5",
            "No such control of cis_aws_5_0 with a policy for --select: 2.1.5",
            "framework:cis_aws_5_0:2.1.4",
        ),
        ("framework:", "No such framework for --select: ", "there is framework:cis_aws_5_0"),
        ("servise:s3", "No such kind of term for --select: servise", "did you mean service"),
        ("type:AWS::S3::Bucket", "No such kind of term for --select: type", "there is service, responsibility"),
    ],
)
def test_mistyped(term: str, summary: str, hint: str) -> None:
    with pytest.raises(ConfigError) as raised:
        chosen((term,))
    assert raised.value.diagnostic.summary == summary
    assert hint in raised.value.diagnostic.hint
    with pytest.raises(ConfigError) as raised:
        choose(ENTRIES, (), (term,), "default", {"ignore": ("srmcheck.yaml", 4)})
    found = raised.value.diagnostic
    assert found.summary == summary.replace("--select", "ignore")
    assert (found.file, found.line) == ("srmcheck.yaml", 4)


def test_nothing_is_left() -> None:
    with pytest.raises(ConfigError, match="No policy is left to run"):
        chosen(("service:s3",), ("SRM-S3-003",))
    with pytest.raises(ConfigError) as raised:
        choose(ENTRIES[:1], ("service:s3",), (), "default", {})
    assert "--profile all" in raised.value.diagnostic.hint
    with pytest.raises(ConfigError, match="No policy is left"):
        chosen(("responsibility:os-security",))  # it exists, though no policy here is of it


def test_a_policy_set_less_some() -> None:
    whole = load_policies()
    some = whole.selected(("service:s3",), ("SRM-S3-009",), {})
    ids = {policy.id for policy in some.policies}
    assert ids == {policy.id for policy in whole.policies if policy.service == "s3"} - {"SRM-S3-009"}
    found = {policy.id for policy in some.for_types(["AWS::S3::Bucket", "AWS::EC2::VPC"], stack=True)}
    assert {"SRM-S3-002", "SRM-S3-003"} <= found <= ids
    assert some.running_ids(stack=True) == ids
    assert some.digest == whole.digest and some.known_ids == whole.known_ids
    assert "logging-and-monitoring" in some.left_out["AWS::EC2::VPC"]
    assert whole.selected((), (), {}) is whole and not whole.left_out


def test_stack_policies_run_in_part_without_the_account() -> None:
    whole = load_policies()
    assert whole.running_ids(stack=True) - whole.running_ids(stack=False) == {
        policy.id
        for policy in whole.policies
        if policy.scope == "account" or any(rule.endswith("_stack") for rule in policy.rules)
    }
