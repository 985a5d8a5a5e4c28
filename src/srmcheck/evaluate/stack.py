"""Stack rules: what a template that is an account baseline has or lacks as a whole (docs: verdicts, "Stack rules")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from srmcheck.conditions import Condition, Const, TooManyWorlds, worlds
from srmcheck.engine.base import Engine, Task
from srmcheck.evaluate.case import MOST_WORLDS
from srmcheck.evaluate.faults import Faults
from srmcheck.evaluate.findings import (
    Spot,
    Tracer,
    blocker,
    by_element,
    make_finding,
    number_prints,
    print_key,
    smallest_when,
)
from srmcheck.evaluate.outcome import Outcome
from srmcheck.evaluate.paths import rooted
from srmcheck.evaluate.plans import stack_package
from srmcheck.evaluate.suppression import Suppressions
from srmcheck.evaluate.verdict import NO_VERDICT, Ruling, decide, worst
from srmcheck.graph.document import DocumentBuilder, StackDocument, stack_document
from srmcheck.graph.leaves import conditions_on
from srmcheck.graph.reads import reads_of
from srmcheck.graph.relations import can_be_declared
from srmcheck.graph.resource import Resource, ResourceGraph
from srmcheck.policy.model import Policy, ReadPath
from srmcheck.results import Blocker, Finding, Verdict


def evaluate_stacks(
    graph: ResourceGraph,
    policies: Sequence[Policy],
    builder: DocumentBuilder,
    engine: Engine,
    *,
    show_passed: bool,
    suppressions: Suppressions,
    faults: Faults,
) -> list[Outcome]:
    """The outcomes of the stack rules of `policies`. In CloudFormation there is none where none of the policy's types is in
    its registry, and none where a policy gives no answer, which `faults` takes. Raises EngineError."""
    outcomes: list[Outcome] = []
    for policy in policies:
        if not can_be_declared(graph, policy.types):
            continue
        outcomes.extend(_evaluate(graph, policy, builder, engine, show_passed, suppressions, faults))
    return outcomes


def _evaluate(
    graph: ResourceGraph,
    policy: Policy,
    builder: DocumentBuilder,
    engine: Engine,
    show_passed: bool,
    suppressions: Suppressions,
    faults: Faults,
) -> list[Outcome]:
    package = stack_package(policy)
    if package is None:
        return []
    trees = {name: reads_of(paths) for name, paths in policy.types.items()}
    conditions = _conditions(graph, policy, builder)
    order: list[ReadPath] = []
    for name, paths in policy.types.items():
        order.append((f"@{name}",))
        order.extend((f"@{name}", "[]", *path) for path in paths)
    try:
        found = worlds(conditions, MOST_WORLDS)
    except TooManyWorlds:
        reason = f"more than {MOST_WORLDS} combinations of open conditions"
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
        return [Outcome(policy.id, None, None, finding.verdict, (finding,))]
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
        return []
    verdict = worst([ruling.verdict for ruling in rulings if ruling.verdict is not None])
    judged = [one for name in policy.types for one in graph.by_type.get(name, ()) if one.carries is None]
    if verdict == "fail":
        failed = _failed(graph, policy, documents, rulings, conditions, suppressions)
        hidden = [(ruling.beside or NO_VERDICT) if ruling.verdict == "fail" else ruling for ruling in rulings]
        if any(outcome.verdict == "fail" for outcome in failed) or all(one.verdict != "unknown" for one in hidden):
            return failed
        return _together(failed, _undecided(graph, policy, documents, hidden, judged, suppressions))
    if verdict == "unknown":
        return _undecided(graph, policy, documents, rulings, judged, suppressions)
    return _passed(graph, policy, judged, show_passed)


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


def _failed(
    graph: ResourceGraph,
    policy: Policy,
    documents: Sequence[StackDocument],
    rulings: Sequence[Ruling],
    conditions: tuple[Condition, ...],
    suppressions: Suppressions,
) -> list[Outcome]:
    by_address: dict[str | None, list[tuple[Finding, str]]] = {}
    types: dict[str | None, str | None] = {}
    all_worlds = [document.world for document in documents]
    bad = [document.world for document, ruling in zip(documents, rulings, strict=True) if ruling.verdict == "fail"]
    when = smallest_when(conditions, bad, [world for world in all_worlds if world not in bad])
    seen: set[tuple[str | None, str]] = set()
    for document, ruling in zip(documents, rulings, strict=True):
        if ruling.verdict != "fail":
            continue
        tracer = _tracer(policy, document)
        for group in by_element(ruling.findings, tracer, apart=policy.apart):
            raw, _ = group[0]
            if (raw.address, raw.message) in seen:
                continue
            seen.add((raw.address, raw.message))
            resource = _resource(graph, policy, raw.address)
            first: tuple[Finding, str] | None = None
            for one, at in group:  # where an ignore covers the first, the next that none covers stands for the element
                spot = Spot(resource.source.place, at.element, False) if resource is not None and not one.place else at
                finding = suppressions.inline(
                    make_finding(policy, "fail", graph.template, resource, one.place, one.message, spot, when=when)
                )
                if first is None or finding.suppression is None:
                    first = finding, print_key(finding, rooted(document.body), document.members, None, {})
                if finding.suppression is None:
                    break
            assert first is not None
            by_address.setdefault(raw.address, []).append(first)
            types[raw.address] = resource.type if resource is not None else None
    outcomes: list[Outcome] = []
    for address, pairs in by_address.items():
        findings = tuple(map(suppressions.listed, number_prints(pairs)))
        worst_one = worst([finding.verdict for finding in findings])
        outcomes.append(Outcome(policy.id, address, types[address], worst_one, findings))
    return outcomes


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
