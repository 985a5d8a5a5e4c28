"""Changing what a policy does not read changes nothing (docs/verdicts.md)."""

from __future__ import annotations

import pytest

from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.testing.judge import Judge
from srmcheck.testing.mutation import try_mutations
from tests.policies.twins import PACKAGES, POLICIES, SUITE, engine_for, policy_of

LEAST_TRIED = 10
"""What a policy about small types still gives, of which it reads only whether they are there."""


@pytest.mark.parametrize("package", PACKAGES)
def test_mutations(package: str) -> None:
    """Every property of the type that is not read, and a made-up one in every object on the way, takes any value."""
    policy = policy_of(package)
    tried, moved = try_mutations(policy, Judge(policy, engine_for(policy)), SUITE.documents_of(policy))
    assert not moved
    assert tried >= LEAST_TRIED


def test_a_policy_that_reads_more_is_found() -> None:
    """The test above can fail."""
    policy = policy_of("srmcheck.rds.public_access")
    modules = dict(POLICIES.modules_for([policy]))
    modules[policy.file] += "\nsettled contains [] if input.resource.properties.MultiAZ == true\n"
    judge = Judge(policy, EmbeddedEngine(modules, POLICIES.data))
    assert try_mutations(policy, judge, SUITE.documents_of(policy))[1]
