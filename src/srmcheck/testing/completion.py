"""A verdict given while something is unknown is the verdict for every value that it may take (docs/verdicts.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from srmcheck.policy.model import Policy
from srmcheck.testing.judge import Body, Judge, label_of
from srmcheck.testing.unknowns import (
    Holder,
    Values,
    closed,
    completions,
    container_of,
    holders,
    made_unknown,
    opened,
    spots,
    with_facts,
    with_origins,
)


@dataclass
class Findings:
    """What trying the completions of a policy gave: how often each verdict was given, unsound ones, needless unknowns."""

    counts: Counter[str] = field(default_factory=Counter)
    unsound: list[str] = field(default_factory=list)
    needless: Counter[str] = field(default_factory=Counter)

    @property
    def tried(self) -> int:
        return sum(self.counts.values())

    @property
    def share(self) -> float:
        """The share of "unknown" that is one although every completion agrees."""
        return sum(self.needless.values()) / max(1, self.counts["unknown"])


def try_completions(policy: Policy, judge: Judge, documents: Sequence[Body], values: Values) -> Findings:
    """Each read path, each member's read path and each relation made unknown in each document. Raises EngineError where the
    policy raises."""
    found = Findings()
    for what, body, all_completions in _tries(policy, documents, values):
        verdict = judge.verdict(body)
        found.counts[verdict] += 1
        if verdict == "unknown":
            found.needless[what] += _agree(judge, all_completions)
            continue
        completed = {judge.verdict(completion) for completion in all_completions}
        if completed - ({verdict, "none"} if verdict == "pass" else {verdict}):
            others = ", ".join(sorted(completed - {verdict}))
            found.unsound.append(f"{verdict} on {label_of(body)} while {what} is unknown, though it may be {others}")
    return found


def _agree(judge: Judge, all_completions: Iterable[Body]) -> bool:
    """Whether all completions have one verdict, and it is not "unknown". Looks no further than it takes to see."""
    seen: str | None = None
    for completion in all_completions:
        verdict = judge.verdict(completion)
        if verdict == "unknown" or verdict != (seen or verdict):
            return False
        seen = verdict
    return seen is not None


def _tries(policy: Policy, documents: Sequence[Body], values: Values) -> Iterator[tuple[str, Body, Iterable[Body]]]:
    for body in documents:
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
                yield label, changed, (every for one in known for every in with_origins(policy, one, spot))
        groups = body["template"] if "template" in body else body["related"]
        for name in groups:
            for emptied in (False, True):
                changed = opened(body, name, emptied=emptied)
                yield f"@{name}", changed, closed(changed, name, values)


def _place(changed: Body, holder: Holder, spot: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where the completion of a spot goes: an unknown scalar of a list stands at its end now."""
    container = container_of(holder.of(changed)["properties"], spot)
    last = spot[-1]
    if isinstance(container, list) and isinstance(last, int):
        if last < len(container) and container[last] == {}:
            return spot
        return (*spot[:-1], len(container))
    return spot
