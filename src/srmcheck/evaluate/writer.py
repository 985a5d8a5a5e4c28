"""From the rulings on cases to outcomes: findings, what suppresses them, fingerprints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from srmcheck.evaluate.case import Case
from srmcheck.evaluate.findings import (
    Spot,
    Tracer,
    blocker,
    by_element,
    make_finding,
    number_prints,
    print_key,
    report_key,
)
from srmcheck.evaluate.fold import Failure
from srmcheck.evaluate.outcome import Outcome
from srmcheck.evaluate.paths import below, rooted
from srmcheck.evaluate.suppression import Suppressions
from srmcheck.evaluate.verdict import NO_VERDICT, RawFinding, Ruling, worst
from srmcheck.evaluate.when import likely_when, smallest_when
from srmcheck.graph.document import Document
from srmcheck.graph.reads import Reads, reads_of
from srmcheck.graph.resource import ResourceGraph
from srmcheck.policy.model import Policy
from srmcheck.results import Blocker, Finding, Verdict
from srmcheck.values import Path, Unknown


@dataclass
class _Entry:
    """What came out for one policy and address, its parts together. `hidden` are unknowns that a failure hides, which
    stand if all failures are suppressed."""

    policy: Policy
    type: str
    verdicts: list[Verdict] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    prints: list[str] = field(default_factory=list)
    unknowns: list[tuple[Finding, str]] = field(default_factory=list)
    hidden: list[tuple[Finding, str]] = field(default_factory=list)
    passes: list[Finding] = field(default_factory=list)


@dataclass
class _Found:
    """A raw finding, its spot, the first document that it was found in, and the worlds in which it was, by index."""

    raw: RawFinding
    spot: Spot
    document: Document
    worlds: list[int] = field(default_factory=list)


class Writer:
    """Turns cases into outcomes."""

    def __init__(self, graph: ResourceGraph, show_passed: bool, suppressions: Suppressions) -> None:
        self.graph = graph
        self.show_passed = show_passed
        self.suppressions = suppressions
        self.entries: dict[tuple[str, str], _Entry] = {}
        self._failed: set[tuple[str, str]] = set()
        self._own: dict[tuple[str, str], tuple[Reads, dict[str, Reads]]] = {}

    def add(self, case: Case) -> None:
        """Takes the rulings of one case."""
        resource = case.resource
        for policy in case.plan.policies:
            key = (policy.id, resource.address)
            if policy.id in case.failed:
                self._failed.add(key)
            rulings = case.rulings.get(policy.id, [])
            if case.too_many:
                self._add_some(policy, case, rulings)
                continue
            if all(ruling.verdict is None for ruling in rulings):
                continue
            entry = self.entries.setdefault(key, _Entry(policy, resource.type))
            verdict = worst([ruling.verdict for ruling in rulings if ruling.verdict is not None])
            entry.verdicts.append(verdict)
            if verdict == "fail":
                self._fail(entry, policy, case, rulings)
            elif verdict == "unknown":
                entry.unknowns.append(self._unknown(policy, case, rulings))
            elif self.show_passed:
                entry.passes.append(self._pass(policy, case))

    def _add_some(self, policy: Policy, case: Case, rulings: Sequence[Ruling]) -> None:
        """What came out in some worlds of too many."""
        entry = self.entries.setdefault((policy.id, case.resource.address), _Entry(policy, case.resource.type))
        rest = self._too_many(policy, case)
        if any(ruling.verdict == "fail" for ruling in rulings):
            entry.verdicts.append("fail")
            self._fail(entry, policy, case, rulings)
            entry.hidden.append(rest)
        else:
            entry.verdicts.append("unknown")
            entry.unknowns.append(rest)

    def finish(self) -> tuple[list[Outcome], list[Failure]]:
        """The outcomes, with fingerprints and suppressions, in that order, as the baseline goes by fingerprints; and their
        failures, which are still to be folded. Where a policy gave no answer about some part or world of an address there
        is no outcome, unless it fails by the others."""
        for key in self._failed & self.entries.keys():
            if worst(self.entries[key].verdicts) != "fail":
                del self.entries[key]
        entries = list(self.entries.values())
        pairs: list[tuple[Finding, str]] = []
        for entry in entries:
            verdict = worst(entry.verdicts)
            if verdict == "fail":
                pairs.extend(zip((one.finding for one in entry.failures), entry.prints, strict=True))
            elif verdict == "unknown":
                pairs.append(_first_open(entry.unknowns))
        counts: dict[str, int] = {}
        numbered = map(self.suppressions.listed, number_prints(pairs, counts))
        failures: list[Failure] = []
        spans: list[tuple[int, int]] = []
        unknowns: dict[int, Finding] = {}
        for index, entry in enumerate(entries):
            verdict = worst(entry.verdicts)
            start = len(failures)
            if verdict == "fail":
                failures.extend(replace(one, finding=next(numbered)) for one in entry.failures)
            elif verdict == "unknown":
                unknowns[index] = next(numbered)
            spans.append((start, len(failures)))
        unknowns.update(self._uncovered(entries, failures, spans, counts))
        outcomes: list[Outcome] = []
        for index, ((_policy, address), entry) in enumerate(self.entries.items()):
            start, end = spans[index]
            found = sorted((one.finding for one in failures[start:end]), key=report_key)
            if index in unknowns:
                found.append(unknowns[index])
            verdict = worst(entry.verdicts)
            if verdict == "pass":
                found = entry.passes[:1]
            else:
                verdict = worst([finding.verdict for finding in found])
            outcomes.append(Outcome(entry.policy.id, address, entry.type, verdict, tuple(found)))
        return outcomes, failures

    def _uncovered(
        self,
        entries: Sequence[_Entry],
        failures: Sequence[Failure],
        spans: Sequence[tuple[int, int]],
        counts: dict[str, int],
    ) -> Iterator[tuple[int, Finding]]:
        """The unknown verdicts that come to light where every failure is suppressed."""
        found: list[tuple[int, tuple[Finding, str]]] = []
        for index, (entry, (start, end)) in enumerate(zip(entries, spans, strict=True)):
            hidden = [*entry.unknowns, *entry.hidden]
            if start < end and hidden and all(one.finding.suppression is not None for one in failures[start:end]):
                pair = _first_open(hidden)
                if pair[0].suppression is None:
                    found.append((index, pair))
        prints = number_prints([pair for _, pair in found], counts)
        for (index, _), finding in zip(found, prints, strict=True):
            listed = self.suppressions.listed(finding)
            if listed.suppression is None:
                yield index, listed

    def _tracer(self, case: Case, document: Document) -> Tracer:
        return Tracer(
            document.resource,
            document.members,
            case.plan.member_trees,
            case.plan.tree,
            document.world,
            document.masked,
        )

    def _reads(self, policy: Policy, type_name: str) -> tuple[Reads, dict[str, Reads]]:
        key = (policy.id, type_name)
        found = self._own.get(key)
        if found is None:
            trees = {relation.name: reads_of(relation.reads) for relation in policy.related}
            found = self._own[key] = (reads_of(policy.types[type_name]), trees)
        return found

    def _print(self, policy: Policy, finding: Finding, document: Document) -> str:
        own, trees = self._reads(policy, document.resource.type)
        return print_key(finding, rooted(document.body), document.members, own, trees)

    def _fail(self, entry: _Entry, policy: Policy, case: Case, rulings: Sequence[Ruling]) -> None:
        """One failure for each element that fails in some world, with the worlds in which it does. Where an ignore covers
        what stands for an element, the first of the rest that none covers is told too."""
        firsts: dict[tuple[Any, ...], _Found] = {}
        rest: dict[tuple[Any, ...], dict[tuple[Path, str], _Found]] = {}
        for index, ruling in enumerate(rulings):
            document = case.documents[index]
            if ruling.verdict != "fail" or document is None:
                continue
            for (raw, spot), *more in by_element(ruling.findings, self._tracer(case, document), apart=policy.apart):
                firsts.setdefault((spot.element, raw.message), _Found(raw, spot, document)).worlds.append(index)
                for one, at in more:
                    others = rest.setdefault(spot.element, {})
                    others.setdefault((one.place, one.message), _Found(one, at, document)).worlds.append(index)
        covered = True
        for (element, _), found in firsts.items():
            told = self._add_failure(entry, policy, case, found, covered_too=True) or any(
                self._add_failure(entry, policy, case, one)
                for one in rest.pop(element, {}).values()
                if (element, one.raw.message) not in firsts
            )
            covered = covered and not told
        if covered or self.suppressions.has_list:
            hidden = [(ruling.beside or NO_VERDICT) if ruling.verdict == "fail" else ruling for ruling in rulings]
            if any(ruling.verdict == "unknown" for ruling in hidden):
                entry.hidden.append(self._unknown(policy, case, hidden))

    def _add_failure(
        self, entry: _Entry, policy: Policy, case: Case, found: _Found, *, covered_too: bool = False
    ) -> bool:
        """Adds a failure, one that an ignore covers only if `covered_too`; whether none covers it."""
        others = [world for index, world in enumerate(case.worlds) if index not in found.worlds]
        others.extend(case.without)
        bad = [case.worlds[index] for index in found.worlds]
        finding = self.suppressions.inline(
            make_finding(
                policy,
                "fail",
                self.graph.template,
                case.resource,
                found.raw.place,
                found.raw.message,
                found.spot,
                when=(likely_when if case.too_many else smallest_when)(case.conditions, bad, others),
            )
        )
        if finding.suppression is None or covered_too:
            truths = frozenset(tuple(world.truth(one) for one in case.conditions) for world in bad)
            element = element_path(found.raw.place, rooted(found.document.body))
            conditions = case.conditions if others else ()
            entry.failures.append(Failure(finding, element, conditions, truths, case.resource.part))
            entry.prints.append(self._print(policy, finding, found.document))
        return finding.suppression is None

    def _unknown(self, policy: Policy, case: Case, rulings: Sequence[Ruling]) -> tuple[Finding, str]:
        """The entry of an unknown verdict: the first thing in the way that no ignore covers, else the first of all."""
        first: tuple[Finding, str] | None = None
        for finding, document in self._in_the_way(policy, case, rulings):
            found = self.suppressions.inline(finding)
            if found.suppression is None:
                return found, self._print(policy, found, document)
            first = first or (found, self._print(policy, found, document))
        assert first is not None
        return first

    def _in_the_way(self, policy: Policy, case: Case, rulings: Sequence[Ruling]) -> Iterator[tuple[Finding, Document]]:
        """Each reason why a verdict is unknown as a finding of its own, world by world."""
        for ruling, document in zip(rulings, case.documents, strict=True):
            if ruling.verdict != "unknown":
                continue
            assert document is not None
            tracer = self._tracer(case, document)
            reasons: list[tuple[Path, str]] = [(path, _why(why)) for path, why in ruling.blocked]
            if not reasons:
                reasons = [(one.place, one.message) for one in ruling.findings]
            for number, (path, message) in enumerate(reasons):
                blocked = tuple(blocker(at, why, tracer) for at, why in ruling.blocked[number : number + 5])
                finding = make_finding(
                    policy,
                    "unknown",
                    self.graph.template,
                    case.resource,
                    path,
                    message,
                    tracer.spot(path),
                    blocked_by=blocked or (Blocker(path, case.resource.address, message),),
                )
                yield finding, document

    def _too_many(self, policy: Policy, case: Case) -> tuple[Finding, str]:
        reason = TOO_MANY
        spot = Spot(case.resource.source.place, (), False)
        finding = make_finding(
            policy,
            "unknown",
            self.graph.template,
            case.resource,
            (),
            reason,
            spot,
            blocked_by=(Blocker((), case.resource.address, reason),),
        )
        finding = self.suppressions.inline(finding)
        return finding, f"{finding.template}\0{finding.resource}\0{policy.id}\0worlds"

    def _pass(self, policy: Policy, case: Case) -> Finding:
        document = case.documents[0]
        assert document is not None
        path = subject_path(policy, case.resource.type)
        spot = self._tracer(case, document).spot(path)
        return make_finding(policy, "pass", self.graph.template, case.resource, path, "", spot)


TOO_MANY = "too many combinations of open conditions"


def subject_path(policy: Policy, type_name: str) -> Path:
    """The subject of a policy for a type as a path: the first path read, up to its first list."""
    paths: Iterable[tuple[str, ...]] = policy.subject or policy.types.get(type_name, ())[:1]
    for path in paths:
        steps: list[str] = []
        for step in path:
            if step in ("[]", "**"):
                break
            steps.append(step)
        return tuple(steps)
    return ()


def element_path(path: Path, tree: Mapping[str, Any]) -> Path:
    """A path cut after its last index into a list of objects; empty if it has none."""
    here: Any = tree
    last = 0
    for index, step in enumerate(path):
        here = below(here, step)
        if isinstance(step, int) and isinstance(here, dict):
            last = index + 1
    return path[:last]


def _first_open(unknowns: Sequence[tuple[Finding, str]]) -> tuple[Finding, str]:
    """The unknown that stands for an address: of its parts' the first that is not suppressed, else the first."""
    return next((pair for pair in unknowns if pair[0].suppression is None), unknowns[0])


def _why(unknown: Unknown) -> str:
    return f"{unknown.name}: {unknown.reason}" if unknown.name else unknown.reason
