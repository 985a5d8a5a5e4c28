"""One cause, one finding: `yields_to` (docs: verdicts, "Folding")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from srmcheck.conditions import Condition, TooManyWorlds, worlds
from srmcheck.evaluate.outcome import Outcome
from srmcheck.policy.model import Policy
from srmcheck.results import Finding
from srmcheck.values import Path

Truths = tuple[bool, ...]


@dataclass(frozen=True)
class Failure:
    """A failing finding, its path up to the last index into a list of objects, and when it fails: the open conditions and
    their truths in the worlds where it does."""

    finding: Finding
    element: Path
    conditions: tuple[Condition, ...]
    truths: frozenset[Truths]
    part: int = 0


def fold_outcomes(
    outcomes: Sequence[Outcome], failures: Sequence[Failure], policies: Mapping[str, Policy]
) -> list[Outcome]:
    """The outcomes with their failures folded. `failures` are those of all outcomes, with their fingerprints."""
    folded = {finding.fingerprint: finding for finding in fold(failures, policies)}
    return [
        replace(outcome, findings=tuple(folded.get(one.fingerprint, one) for one in outcome.findings))
        if outcome.verdict == "fail"
        else outcome
        for outcome in outcomes
    ]


def fold(failures: Sequence[Failure], policies: Mapping[str, Policy]) -> list[Finding]:
    """The findings, with `folded_into` and `also` set. A finding folds into one of a policy that its own yields to, on the
    same resource, if the paths up to the last index into a list of objects are prefixes of one another and the target
    fails in every world in which this one does. What is suppressed neither folds nor is folded into."""
    by_resource: dict[tuple[str | None, str], list[int]] = {}
    for index, failure in enumerate(failures):
        if failure.finding.suppression is not None:
            continue
        by_resource.setdefault((failure.finding.resource, failure.finding.policy_id), []).append(index)
    target: dict[int, int] = {}
    for index, failure in enumerate(failures):
        if failure.finding.suppression is not None:
            continue
        for policy_id in policies[failure.finding.policy_id].yields_to:
            for other in by_resource.get((failure.finding.resource, policy_id), ()):
                if _same_cause(failure, failures[other]) and _covers(failures[other], failure):
                    target[index] = other
                    break
            if index in target:
                break
    also: dict[int, list[str]] = {}
    ends: dict[int, int] = {}
    for index in target:
        end, seen = index, {index}
        while end in target and target[end] not in seen:
            end = target[end]
            seen.add(end)
        if end != index:
            ends[index] = end
            also.setdefault(end, []).append(failures[index].finding.policy_id)
    done: list[Finding] = []
    for index, failure in enumerate(failures):
        finding = failure.finding
        if index in ends:
            finding = replace(finding, folded_into=failures[ends[index]].finding.fingerprint)
        if index in also:
            finding = replace(finding, also=tuple(sorted(set(also[index]))))
        done.append(finding)
    return done


def _same_cause(one: Failure, other: Failure) -> bool:
    if one.part != other.part:
        return False
    shorter = min(len(one.element), len(other.element))
    return one.element[:shorter] == other.element[:shorter]


def _covers(target: Failure, one: Failure) -> bool:
    """Whether `target` fails in every world in which `one` does."""
    if not target.conditions:
        return True
    try:
        joint = worlds((*one.conditions, *target.conditions), most=256)
    except TooManyWorlds:
        return False
    for world in joint:
        fails = tuple(world.truth(condition) for condition in one.conditions) in one.truths
        if fails and tuple(world.truth(condition) for condition in target.conditions) not in target.truths:
            return False
    return True
