"""Stack rules: what a template that is an account baseline has or lacks as a whole (docs: verdicts, "Stack rules")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from srmcheck.conditions import Condition, Const, TooManyWorlds, World, worlds
from srmcheck.engine.base import Engine, Task
from srmcheck.evaluate.case import MOST_FREE
from srmcheck.evaluate.faults import Faults
from srmcheck.evaluate.findings import (
    Spot,
    Tracer,
    blocker,
    by_element,
    make_finding,
    number_prints,
    print_key,
)
from srmcheck.evaluate.fold import Failure
from srmcheck.evaluate.outcome import Outcome
from srmcheck.evaluate.paths import rooted
from srmcheck.evaluate.plans import stack_package
from srmcheck.evaluate.suppression import Suppressions
from srmcheck.evaluate.verdict import NO_VERDICT, RawFinding, Ruling, decide, worst
from srmcheck.evaluate.when import smallest_when
from srmcheck.evaluate.writer import element_path
from srmcheck.graph.document import DocumentBuilder, StackDocument, stack_document
from srmcheck.graph.leaves import conditions_on
from srmcheck.graph.reads import reads_of
from srmcheck.graph.resource import Resource, ResourceGraph
from srmcheck.policy.model import Policy, ReadPath
from srmcheck.results import Blocker, Finding, Verdict

Evaluated = tuple[list[Outcome], list[Failure]]
"""The outcomes of one policy, and the failures in them, which are still to be folded."""


def evaluate_stacks(
    graph: ResourceGraph,
    policies: Sequence[Policy],
    builder: DocumentBuilder,
    engine: Engine,
    *,
    show_passed: bool,
    suppressions: Suppressions,
    faults: Faults,
) -> Iterator[Evaluated]:
    """The outcomes of the stack rules of `policies`, policy by policy; none where a policy gives no answer, which `faults`
    takes. Raises EngineError."""
    for policy in policies:
        yield _evaluate(graph, policy, builder, engine, show_passed, suppressions, faults)


def _evaluate(
    graph: ResourceGraph,
    policy: Policy,
    builder: DocumentBuilder,
    engine: Engine,
    show_passed: bool,
    suppressions: Suppressions,
    faults: Faults,
) -> Evaluated:
    package = stack_package(policy)
    if package is None:
        return [], []
    trees = {name: reads_of(paths) for name, paths in policy.types.items()}
    conditions = _conditions(graph, policy, builder)
    order: list[ReadPath] = []
    for name, paths in policy.types.items():
        order.append((f"@{name}",))
        order.extend((f"@{name}", "[]", *path) for path in paths)
    try:
        found = worlds(conditions, MOST_FREE)
    except TooManyWorlds:
        reason = f"more than {MOST_FREE} combinations of open conditions"
        finding = make_finding(
            policy,
            "unknown",
            graph.template,
            None,
            (),
            reason,
            Spot(None, (), False),
            blocked_by=(Blocker((), None, reason),),
        )
        (finding,) = number_prints([(suppressions.inline(finding), f"{graph.template.name}\0{policy.id}\0worlds")])
        finding = suppressions.listed(finding)
        return [Outcome(policy.id, None, None, finding.verdict, (finding,))], []
    documents = [stack_document(builder, policy.types, trees, world) for world in found]
    tasks = [Task(document.json(), (package,), "the template as a whole") for document in documents]
    rulings: list[Ruling] = []
    for document, decision in zip(documents, engine.evaluate(tasks), strict=True):
        answers = decision.answers.get(policy.package)
        if answers is None:
            faults.add(policy.id, None, decision.failed[policy.package])
        else:
            rulings.append(decide(answers, document.unknown, order, rooted(document.body), stack=True))
    if len(rulings) < len(documents):
        return [], []
    verdict = worst([ruling.verdict for ruling in rulings if ruling.verdict is not None])
    judged = [one for name in policy.types for one in graph.by_type.get(name, ()) if one.carries is None]
    if verdict == "fail":
        failed, failures = _failed(graph, policy, documents, rulings, conditions, suppressions)
        hidden = [(ruling.beside or NO_VERDICT) if ruling.verdict == "fail" else ruling for ruling in rulings]
        if any(outcome.verdict == "fail" for outcome in failed) or all(one.verdict != "unknown" for one in hidden):
            return failed, failures
        return _together(failed, _undecided(graph, policy, documents, hidden, judged, suppressions)), failures
    if verdict == "unknown":
        return _undecided(graph, policy, documents, rulings, judged, suppressions), []
    return _passed(graph, policy, judged, show_passed), []


def _conditions(graph: ResourceGraph, policy: Policy, builder: DocumentBuilder) -> tuple[Condition, ...]:
    found: dict[Condition, None] = {}
    for name, paths in policy.types.items():
        for one in graph.by_type.get(name, ()):
            if builder.has_conditions(one):
                found.setdefault(one.exists)
                for path in paths:
                    found.update(dict.fromkeys(conditions_on(one.properties, path)))
    return tuple(condition for condition in found if not isinstance(condition, Const))


def _tracer(policy: Policy, document: StackDocument) -> Tracer:
    trees = {name: reads_of(paths) for name, paths in policy.types.items()}
    return Tracer(None, document.members, trees, None, document.world)


@dataclass
class _Found:
    """The raw findings about one element, the first document that they were found in, and the worlds in which they were."""

    group: list[tuple[RawFinding, Spot]]
    document: StackDocument
    worlds: list[World] = field(default_factory=list)


def _failed(
    graph: ResourceGraph,
    policy: Policy,
    documents: Sequence[StackDocument],
    rulings: Sequence[Ruling],
    conditions: tuple[Condition, ...],
    suppressions: Suppressions,
) -> Evaluated:
    elements: dict[tuple[Any, ...], _Found] = {}
    for document, ruling in zip(documents, rulings, strict=True):
        if ruling.verdict != "fail":
            continue
        for group in by_element(ruling.findings, _tracer(policy, document), apart=policy.apart):
            raw, at = group[0]
            key = (raw.address, at.element, raw.message)
            elements.setdefault(key, _Found(group, document)).worlds.append(document.world)
    by_address: dict[str | None, list[tuple[Failure, str]]] = {}
    for found in elements.values():
        address = found.group[0][0].address
        pair = _failure(graph, policy, found, [document.world for document in documents], conditions, suppressions)
        by_address.setdefault(address, []).append(pair)
    outcomes: list[Outcome] = []
    failures: list[Failure] = []
    for address, pairs in by_address.items():
        findings = tuple(map(suppressions.listed, number_prints([(one.finding, key) for one, key in pairs])))
        failures.extend(replace(one, finding=finding) for (one, _), finding in zip(pairs, findings, strict=True))
        resource = _resource(graph, policy, address)
        worst_one = worst([finding.verdict for finding in findings])
        outcomes.append(Outcome(policy.id, address, resource.type if resource else None, worst_one, findings))
    return outcomes, failures


def _failure(
    graph: ResourceGraph,
    policy: Policy,
    found: _Found,
    all_worlds: Sequence[World],
    conditions: tuple[Condition, ...],
    suppressions: Suppressions,
) -> tuple[Failure, str]:
    """The failure that stands for an element, with the key of its fingerprint: where an ignore covers the first finding, the
    next that none covers."""
    resource = _resource(graph, policy, found.group[0][0].address)
    others = [
        world
        for world in all_worlds
        if world not in found.worlds and (resource is None or world.truth(resource.exists))
    ]
    when = smallest_when(conditions, found.worlds, others)
    told = [
        (
            raw,
            suppressions.inline(
                make_finding(policy, "fail", graph.template, resource, raw.place, raw.message, spot, when=when)
            ),
        )
        for raw, spot in found.group
    ]
    raw, finding = next((pair for pair in told if pair[1].suppression is None), told[0])
    tree = rooted(found.document.body)
    path = _tracer(policy, found.document).rooted(raw)
    element = element_path(path, tree)
    failure = Failure(
        finding,
        element[2:] if path != raw.place else element,
        conditions if others else (),
        frozenset(tuple(world.truth(one) for one in conditions) for world in found.worlds),
        resource.part if resource is not None else 0,
    )
    return failure, print_key(finding, tree, found.document.members, None, {})


def _together(failed: Sequence[Outcome], undecided: Sequence[Outcome]) -> list[Outcome]:
    """Suppressed failures with the unknowns that they hid, one outcome for each address."""
    found = {outcome.address: outcome for outcome in failed}
    for outcome in undecided:
        known = found.get(outcome.address)
        if known is None:
            found[outcome.address] = outcome
        elif outcome.verdict == "unknown":
            found[outcome.address] = replace(known, verdict="unknown", findings=(*known.findings, *outcome.findings))
    return list(found.values())


def _undecided(
    graph: ResourceGraph,
    policy: Policy,
    documents: Sequence[StackDocument],
    rulings: Sequence[Ruling],
    judged: Sequence[Resource],
    suppressions: Suppressions,
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for resource in _targets(policy, judged):
        first: Finding | None = None
        for finding in _in_the_way(graph, policy, documents, rulings, resource):
            found = suppressions.inline(finding)
            if first is None or found.suppression is None:
                first = found
            if found.suppression is None:
                break
        assert first is not None
        (finding,) = number_prints([(first, f"{graph.template.name}\0{first.resource}\0{policy.id}\0stack")])
        finding = suppressions.listed(finding)
        outcomes.append(_outcome(policy, resource, finding.verdict, (finding,)))
    return outcomes


def _in_the_way(
    graph: ResourceGraph,
    policy: Policy,
    documents: Sequence[StackDocument],
    rulings: Sequence[Ruling],
    resource: Resource | None,
) -> Iterator[Finding]:
    """Each reason why the verdict is unknown as a finding of its own, world by world."""
    for ruling, document in zip(rulings, documents, strict=True):
        if ruling.verdict != "unknown":
            continue
        tracer = _tracer(policy, document)
        reasons = [(path, blocker(path, why, tracer).reason) for path, why in ruling.blocked]
        if not reasons:
            reasons = [(one.place, one.message) for one in ruling.findings]
        for number, (path, message) in enumerate(reasons):
            blocked = tuple(blocker(at, why, tracer) for at, why in ruling.blocked[number : number + 5])
            yield make_finding(
                policy, "unknown", graph.template, resource, path, message, tracer.spot(path), blocked_by=blocked
            )


def _passed(graph: ResourceGraph, policy: Policy, judged: Sequence[Resource], show_passed: bool) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for resource in _targets(policy, judged):
        spot = Spot(resource.source.place if resource is not None else None, (), False)
        shown = (make_finding(policy, "pass", graph.template, resource, (), "", spot),) if show_passed else ()
        outcomes.append(_outcome(policy, resource, "pass", shown))
    return outcomes


def _targets(policy: Policy, judged: Sequence[Resource]) -> list[Resource | None]:
    """What a stack verdict is reported on: the template as a whole or, where the metadata says so, its resources."""
    if policy.reports == "resources" and judged:
        seen: dict[str, Resource] = {}
        for resource in judged:
            seen.setdefault(resource.address, resource)
        return list(seen.values())
    return [None]


def _outcome(policy: Policy, resource: Resource | None, verdict: Verdict, findings: tuple[Finding, ...]) -> Outcome:
    if resource is None:
        return Outcome(policy.id, None, None, verdict, findings)
    return Outcome(policy.id, resource.address, resource.type, verdict, findings)


def _resource(graph: ResourceGraph, policy: Policy, address: str | None) -> Resource | None:
    if address is None:
        return None
    for one in graph.by_address.get(address, ()):
        if one.type in policy.types:
            return one
    return None
