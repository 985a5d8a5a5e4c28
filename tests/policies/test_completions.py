"""A verdict given while something is unknown is the verdict for every value it may take (docs/verdicts.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from srmcheck.policy.model import Policy
from tests.policies.completions import (
    PACKAGES,
    Body,
    Judge,
    closed,
    completions,
    documents_of,
    holders,
    made_unknown,
    opened,
    spots,
    values_of,
    with_facts,
)
from tests.policies.twins import policy_of

MOST_NEEDLESS = 0.35
"""The share of "unknown" that is one although every completion agrees, which a policy may not pass."""


@pytest.mark.parametrize("package", PACKAGES)
def test_completions(package: str, record_property: pytest.FixtureRequest) -> None:
    """Each read path, each member's read path and each relation made unknown in each document of the fixtures."""
    policy = policy_of(package)
    judge = Judge(policy)
    unsound: list[str] = []
    counts: Counter[str] = Counter()
    needless: Counter[str] = Counter()
    for what, body, all_bodies in _tries(policy):
        verdict = judge.verdict(body)
        found = {judge.verdict(completion) for completion in all_bodies}
        counts[verdict] += 1
        if verdict == "unknown":
            if len(found) == 1 and found != {"unknown"}:
                needless[what] += 1
            continue
        allowed = {verdict, "none"} if verdict == "pass" else {verdict}
        if found - allowed:
            unsound.append(f"{what}: {verdict}, but {sorted(found)}")
    share = sum(needless.values()) / max(1, counts["unknown"])
    print(f"\n{policy.id}: {dict(counts)}, needless unknown {share:.0%} {dict(needless.most_common(6))}")
    assert sum(counts.values()) > 10 or package.endswith("password_length")
    assert not unsound[:10]
    assert share <= MOST_NEEDLESS


def _tries(policy: Policy) -> Iterator[tuple[str, Body, Iterable[Body]]]:
    values = values_of(policy.package)
    for body in documents_of(policy.package):
        for holder in holders(policy, body):
            row = holder.of(body)
            for read in holder.reads:
                for spot, pattern in dict.fromkeys(spots(row["properties"], read)):
                    changed = made_unknown(body, holder, spot)
                    if changed is None:
                        continue
                    label = ".".join(map(str, ((f"@{holder.name}",) if holder.name else ()) + pattern))
                    done = completions(changed, holder, _place(changed, holder, spot), pattern, values)
                    yield label, changed, [with_facts(policy, one) for one in done]
        groups = body["template"] if "template" in body else body["related"]
        for name in groups:
            for emptied in (False, True):
                changed = opened(body, name, emptied=emptied)
                yield f"@{name}", changed, list(closed(changed, name, values))


def _place(changed: Body, holder: object, spot: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where the completion of a spot goes: an unknown scalar of a list stands at its end now."""
    from tests.policies.completions import Holder, _container

    assert isinstance(holder, Holder)
    container = _container(holder.of(changed)["properties"], spot)
    last = spot[-1]
    if isinstance(container, list) and isinstance(last, int):
        if last < len(container) and container[last] == {}:
            return spot
        return (*spot[:-1], len(container))
    return spot
