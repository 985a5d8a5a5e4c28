"""One cause, one finding: what the shipped policies say about it with `yields_to`, on the fixtures of the wider policy."""

from __future__ import annotations

from typing import Literal

import pytest

from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.evaluate import run
from srmcheck.results import Finding
from tests.policies.twins import POLICIES, Case, cases, graph_of

NARROW, WIDE = "SRM-VPC-001", "SRM-VPC-003"
CASES = [case for case in cases() if case.policy == "srmcheck.vpc.all_ports_open"]


def failures(case: Case, *ids: str, scope: Literal["template", "account"] = "template") -> list[Finding]:
    """What these policies fail in a template."""
    policies = [policy for policy in POLICIES.policies if policy.id in ids]
    engine = EmbeddedEngine(POLICIES.modules_for(policies), POLICIES.data)
    try:
        evaluation = run(graph_of(case), policies, engine, scope=scope)
    finally:
        engine.close()
    return [finding for one in evaluation.outcomes if one.verdict == "fail" for finding in one.findings]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_ssh_folds_into_all_ports(case: Case) -> None:
    """Where a rule opens every port, port 22 is no finding of its own; where it opens fewer, it is."""
    found = failures(case, NARROW, WIDE)
    wide = {(one.resource, one.path): one for one in found if one.policy_id == WIDE}
    folded = [one for one in found if one.folded_into is not None]
    alone = [one for one in found if one.policy_id == NARROW and one.folded_into is None]
    assert len(folded) >= 8 and alone
    for one in folded:
        target = wide[one.resource, one.path]
        assert (one.policy_id, one.folded_into, target.also) == (NARROW, target.fingerprint, (NARROW,))
        assert one.when == target.when
    assert not {(one.resource, one.path) for one in alone} & wide.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_nothing_folds_into_a_policy_that_did_not_run(case: Case) -> None:
    assert all(one.folded_into is None for one in failures(case, NARROW))


TRAILS = [case for case in cases() if case.policy == "srmcheck.cloudtrail.all_regions" and not case.case]


@pytest.mark.parametrize("case", TRAILS, ids=lambda case: case.label)
def test_a_regional_trail_folds_into_the_missing_trail_of_a_baseline(case: Case) -> None:
    """In a baseline both say that nothing covers all Regions; in any other template the trail's own finding stands alone."""
    found = failures(case, "SRM-CLOUDTRAIL-001", "SRM-CLOUDTRAIL-002", scope="account")
    wide = {one.resource: one.fingerprint for one in found if one.policy_id == "SRM-CLOUDTRAIL-002"}
    narrow = {one.resource: one.folded_into for one in found if one.policy_id == "SRM-CLOUDTRAIL-001"}
    assert len(narrow) == 3 and narrow == wide
    alone = failures(case, "SRM-CLOUDTRAIL-001", "SRM-CLOUDTRAIL-002")
    assert len(alone) == 3 and all(one.folded_into is None for one in alone)
