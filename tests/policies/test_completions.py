"""A verdict given while something is unknown is the verdict for every value it may take (docs/verdicts.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest

from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.policy.model import Policy
from tests.policies.completions import (
    PACKAGES,
    Body,
    Holder,
    Judge,
    closed,
    completions,
    container_of,
    documents_of,
    holders,
    made_unknown,
    opened,
    spots,
    values_of,
    with_facts,
    with_origins,
)
from tests.policies.twins import POLICIES, policy_of

MOST_NEEDLESS = 0.35
"""The share of "unknown" that is one although every completion agrees, which a policy may not pass."""


@dataclass
class Findings:
    """What trying the completions of a policy gave: how often each verdict was given, unsound ones, needless unknowns."""

    counts: Counter[str] = field(default_factory=Counter)
    unsound: list[str] = field(default_factory=list)
    needless: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        return sum(self.needless.values()) / max(1, self.counts["unknown"])


@pytest.mark.parametrize("package", PACKAGES)
def test_completions(package: str) -> None:
    """Each read path, each member's read path and each relation made unknown in each document of the fixtures."""
    policy = policy_of(package)
    found = _try(policy, Judge(policy))
    top = dict(found.needless.most_common(6))
    print(f"\n{policy.id}: {dict(found.counts)}, needless unknowns {found.share:.0%} {top}")
    assert sum(found.counts.values()) >= 10
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
    assert _try(policy, Judge(policy, EmbeddedEngine(modules, POLICIES.data))).unsound


def _try(policy: Policy, judge: Judge) -> Findings:
    found = Findings()
    for what, body, all_completions in _tries(policy):
        verdict = judge.verdict(body)
        found.counts[verdict] += 1
        completed = {judge.verdict(completion) for completion in all_completions}
        if verdict == "unknown":
            found.needless[what] += len(completed) == 1 and completed != {"unknown"}
        elif completed - ({verdict, "none"} if verdict == "pass" else {verdict}):
            found.unsound.append(f"{what}: {verdict}, but {sorted(completed)}")
    return found


def _tries(policy: Policy) -> Iterator[tuple[str, Body, Iterable[Body]]]:
    values = values_of(policy.package)
    for body in documents_of(policy.package):
        for holder in holders(policy, body):
            row = holder.of(body)
            found = (pair for read in holder.reads for pair in spots(row["properties"], read))
            for spot, pattern in dict.fromkeys(found):
                changed = made_unknown(body, holder, spot)
                if changed is None:
                    continue
                label = ".".join(map(str, ((f"@{holder.name}",) if holder.name else ()) + pattern))
                done = completions(changed, holder, _place(changed, holder, spot), pattern, values)
                known = (with_facts(policy, one) for one in done)
                yield label, changed, [every for one in known for every in with_origins(policy, one, spot)]
        groups = body["template"] if "template" in body else body["related"]
        for name in groups:
            for emptied in (False, True):
                changed = opened(body, name, emptied=emptied)
                yield f"@{name}", changed, list(closed(changed, name, values))


def _place(changed: Body, holder: Holder, spot: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where the completion of a spot goes: an unknown scalar of a list stands at its end now."""
    container = container_of(holder.of(changed)["properties"], spot)
    last = spot[-1]
    if isinstance(container, list) and isinstance(last, int):
        if last < len(container) and container[last] == {}:
            return spot
        return (*spot[:-1], len(container))
    return spot
