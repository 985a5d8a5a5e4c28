"""The one place that decides verdicts, from what rules say is known to be (docs: verdicts).

For one policy and one document:
1. `not_applicable`: no verdict (nor where an orphan does not carry the subject);
2. of the unknown paths keep those that touch what this policy reads, and strike those that a settled path covers;
3. a known finding in `deny`: fail, with the known findings;
4. a finding left in `deny` or `unknown`, or an unknown path left: unknown, naming the first in the metadata's order;
5. pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from srmcheck.engine.base import RuleValues
from srmcheck.evaluate.paths import clash, is_below, touches_read
from srmcheck.policy.model import Policy, ReadPath
from srmcheck.results import Verdict
from srmcheck.values import Path, Unknown


@dataclass(frozen=True, slots=True)
class RawFinding:
    """A finding as a rule gave it. `address` is set by stack rules only."""

    place: Path
    message: str
    paths: tuple[Path, ...]
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict of one policy on one document. `verdict` None: it does not apply. For an unknown, `blocked` holds the
    unknown paths that stand in the way, the first first. `beside` is the unknown that a failure hides: the ruling if what
    is known to be wrong were not."""

    verdict: Verdict | None
    findings: tuple[RawFinding, ...] = ()
    blocked: tuple[tuple[Path, Unknown], ...] = ()
    beside: Ruling | None = None


NO_VERDICT = Ruling(None)
_WORST_FIRST: tuple[Verdict, ...] = ("fail", "unknown", "suppressed")
PASS = Ruling("pass")


def read_order(policy: Policy, paths: Sequence[ReadPath], relations: Sequence[str]) -> tuple[ReadPath, ...]:
    """What a policy reads of a document in the metadata's order: its own paths, then for each relation the relation
    itself and the members' paths."""
    order = list(paths)
    for relation in policy.related:
        if relation.name in relations:
            order.append((f"@{relation.name}",))
            order.extend((f"@{relation.name}", "[]", *read) for read in relation.reads)
    return tuple(order)


def touched(unknown: Path, order: Sequence[ReadPath], tree: Mapping[str, Any]) -> int | None:
    """The place in the metadata's order of the first read path that an unknown path touches. A relation as such is
    touched by its own openness only, its members' paths by what is unknown in them."""
    relation = len(unknown) > 0 and isinstance(unknown[0], str) and unknown[0].startswith("@")
    for index, read in enumerate(order):
        if relation and len(read) == 1 and len(unknown) != 1:
            continue
        if touches_read(unknown, read, tree):
            return index
    return None


def decide(
    answers: RuleValues,
    unknown: Mapping[Path, Unknown],
    order: Sequence[ReadPath],
    tree: Mapping[str, Any],
    *,
    stack: bool = False,
) -> Ruling:
    """The ruling for what the rules of one policy answered about one document whose unknown paths are `unknown`;
    `tree` is the document as one tree (paths.rooted), `order` what the policy reads (read_order)."""
    suffix = "_stack" if stack else ""
    if not stack and answers.get("not_applicable") is True:
        return NO_VERDICT
    left: list[tuple[int, Path]] = []
    if unknown:
        settled = [tuple(path) for path in answers.get(f"settled{suffix}", ())]
        for path in unknown:
            index = touched(path, order, tree)
            if index is not None and not any(is_below(path, above) for above in settled):
                left.append((index, path))
        left.sort(key=lambda pair: pair[0])
    denied = [_finding(item) for item in answers.get(f"deny{suffix}", ())]
    certain = [one for one in denied if not any(clash(path, rest, tree) for _, path in left for rest in one.paths)]
    said = [_finding(item) for item in answers.get(f"unknown{suffix}", ())]
    undecided: Ruling | None = None
    if len(denied) > len(certain) or said or left:
        blocked = tuple((path, unknown[path]) for _, path in left)
        undecided = Ruling("unknown", tuple(said), blocked)
    if certain:
        return Ruling("fail", tuple(certain), beside=undecided)
    if undecided is not None:
        return undecided
    return PASS


def _finding(item: Mapping[str, Any]) -> RawFinding:
    return RawFinding(
        tuple(item["place"]),
        item["message"],
        tuple(tuple(path) for path in item["paths"]),
        item.get("address"),
    )


def applies(policy: Policy, type_name: str, carries: tuple[str, ...] | None) -> bool:
    """Whether a policy judges a resource: for an orphaned split-out part only if it carries the policy's subject, which
    is the first path read unless the metadata names it."""
    if carries is None:
        return True
    paths = policy.types[type_name]
    subject = policy.subject or paths[:1]
    return any(path[0] in carries for path in subject)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """fail before unknown before suppressed before pass."""
    for verdict in _WORST_FIRST:
        if verdict in verdicts:
            return verdict
    return "pass"
