"""A verdict given while something is unknown is the verdict for every value it may take (docs/verdicts.md)."""

from __future__ import annotations

import pytest

from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.testing.completion import Findings, try_completions
from srmcheck.testing.judge import Judge
from tests.policies.twins import PACKAGES, POLICIES, SUITE, engine_for, policy_of

MOST_NEEDLESS = 0.35
"""The share of "unknown" that is one although every completion agrees, which a policy may not pass."""

LEAST_TRIED = 5
"""What a policy about one boolean still gives: its value and its absence in each language, as plan and as HCL."""


def tried(package: str, judge: Judge) -> Findings:
    policy = policy_of(package)
    return try_completions(policy, judge, SUITE.documents_of(policy), SUITE.values_of(policy))


@pytest.mark.parametrize("package", PACKAGES)
def test_completions(package: str) -> None:
    """Each read path, each member's read path and each relation made unknown in each document of the fixtures."""
    policy = policy_of(package)
    found = tried(package, Judge(policy, engine_for(policy)))
    top = dict(found.needless.most_common(6))
    print(f"\n{policy.id}: {dict(found.counts)}, needless unknowns {found.share:.0%} {top}")
    assert found.tried >= LEAST_TRIED
    assert not found.unsound[:10]
    assert found.share <= MOST_NEEDLESS


@pytest.mark.parametrize(
    ("package", "right", "wrong"),
    [
        (  # settles what may still change the verdict
            "srmcheck.ec2.volume_encryption",
            "settled contains [] if ebs.is_encrypted(input.resource, [])",
            "settled contains [] if count(input.resource.properties) > 0",
        ),
        (  # rests on too little
            "srmcheck.ec2.volume_encryption",
            'array.concat(ebs.leaves([]), [["@encryption_by_default"]])',
            "ebs.leaves([])",
        ),
        (  # takes unknown for absent
            "srmcheck.rds.public_access",
            'resource.absent(input.resource, ["PubliclyAccessible"])',
            'not resource.given(input.resource, ["PubliclyAccessible"])',
        ),
        (  # forgets that a log bucket is exempt
            "srmcheck.s3.kms_encryption",
            "array.concat(s3.log_bucket_signs, [",
            "array.concat([], [",
        ),
    ],
)
def test_unsound_policies_are_found(package: str, right: str, wrong: str) -> None:
    """The test above can fail: each of these faults is one that an author may make."""
    policy = policy_of(package)
    modules = dict(POLICIES.modules_for([policy]))
    assert right in modules[policy.file]
    modules[policy.file] = modules[policy.file].replace(right, wrong)
    assert tried(package, Judge(policy, EmbeddedEngine(modules, POLICIES.data))).unsound
