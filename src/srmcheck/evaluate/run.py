"""The evaluation of one template: documents to the engine, rulings to outcomes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from srmcheck.conditions import ONLY_WORLD, Condition, Const, TooManyWorlds, World, worlds
from srmcheck.engine.base import Engine, Task
from srmcheck.evaluate.findings import (
    Spot,
    Tracer,
    blocker,
    make_finding,
    number_prints,
    one_for_each_element,
    print_key,
    report_key,
    smallest_when,
)
from srmcheck.evaluate.fold import Failure, fold
from srmcheck.evaluate.outcome import Evaluation, Outcome
from srmcheck.evaluate.paths import below, rooted
from srmcheck.evaluate.plans import Plans, TypePlan
from srmcheck.evaluate.stack import evaluate_stacks
from srmcheck.evaluate.verdict import RawFinding, Ruling, applies, decide, worst
from srmcheck.graph.document import Document, DocumentBuilder
from srmcheck.graph.reads import Reads, reads_of
from srmcheck.graph.relations import Candidates, Members
from srmcheck.graph.resource import Resource, ResourceGraph
from srmcheck.policy.model import Policy
from srmcheck.results import Blocker, Finding, NotAssessed, Verdict
from srmcheck.values import Path, Unknown

MOST_WORLDS = 16
NO_CANDIDATES = Candidates(Members(()))
NO_SCOPE_REASON = "it judges an account baseline; run with --scope account if the template is one"


@dataclass
class Case:
    """One group of policies with the same open conditions, on one resource. `rulings` fills up world by world. `without` are
    the worlds in which its address exists, but not this part of it."""

    resource: Resource
    plan: TypePlan
    conditions: tuple[Condition, ...]
    worlds: list[World]
    documents: list[Document | None]
    rulings: dict[str, list[Ruling]] = field(default_factory=dict)
    too_many: bool = False
    without: tuple[World, ...] = ()


def run(
    graph: ResourceGraph,
    policies: Sequence[Policy],
    engine: Engine,
    *,
    scope: Literal["template", "account"] = "template",
    show_passed: bool = False,
) -> Evaluation:
    """Judges every resource of the graph by every policy that applies.

    `policies` are those to run, in their order; those whose types do not stand in the graph are ignored, but for stack
    rules under `scope="account"`. Raises EngineError if the engine fails.
    """
    plans = Plans(policies)
    builder = DocumentBuilder(graph)
    by_id = {policy.id: policy for policy in policies}
    writer = _Writer(graph, by_id, show_passed)
    for case in _judge(graph, plans, builder, engine):
        writer.add(case)
    outcomes = writer.finish()
    not_assessed: tuple[NotAssessed, ...] = ()
    stacks = [policy for policy in policies if any(rule.endswith("_stack") for rule in policy.rules)]
    if scope == "account":
        outcomes.extend(evaluate_stacks(graph, stacks, builder, engine, show_passed=show_passed))
    else:
        not_assessed = tuple(NotAssessed(policy.id, NO_SCOPE_REASON) for policy in stacks)
    return Evaluation(tuple(outcomes), not_assessed)


def documents(graph: ResourceGraph, policies: Sequence[Policy]) -> Iterator[Document]:
    """Every document that `run` would give the engine, in order."""
    for case in cases(graph, Plans(policies), DocumentBuilder(graph)):
        yield from (document for document in case.documents if document is not None)


def cases(graph: ResourceGraph, plans: Plans, builder: DocumentBuilder) -> Iterator[Case]:
    """The cases of a graph: per resource one for each set of policies that hang on the same open conditions."""
    for resource in graph.resources:
        judged = plans.by_type.get(resource.type, ())
        policies = tuple(policy for policy in judged if applies(policy, resource.type, resource.carries))
        if not policies or (isinstance(resource.exists, Const) and not resource.exists.value):
            continue
        yield from _cases_of(resource, policies, plans, builder)


def _cases_of(
    resource: Resource, policies: tuple[Policy, ...], plans: Plans, builder: DocumentBuilder
) -> Iterator[Case]:
    plan = plans.plan(resource.type, policies)
    candidates = _candidates(resource, plan, builder)
    if not builder.conditions(resource, plan.reads.paths, candidates, plan.reads):
        yield _case(resource, plan, (), [ONLY_WORLD], candidates, builder)
        return
    groups: dict[tuple[Condition, ...], list[Policy]] = {}
    for policy in policies:
        own = plans.plan(resource.type, (policy,))
        joined = {name: candidates[name] for name in own.reads.relations}
        found = builder.conditions(resource, own.reads.paths, joined, own.reads)
        groups.setdefault(tuple(sorted(found, key=repr)), []).append(policy)
    for conditions, members in groups.items():
        group = plans.plan(resource.type, tuple(members))
        try:
            found_worlds = worlds(conditions, MOST_WORLDS)
        except TooManyWorlds:
            yield Case(resource, group, conditions, [], [], {}, too_many=True)
            continue
        yield _case(resource, group, conditions, found_worlds, _candidates(resource, group, builder), builder)


def _candidates(resource: Resource, plan: TypePlan, builder: DocumentBuilder) -> dict[str, Candidates]:
    found: dict[str, Candidates] = {}
    for name, spec in plan.reads.relations.items():
        if resource.carries is not None and spec.by:
            found[name] = NO_CANDIDATES
        else:
            found[name] = builder.relations(spec).candidates(resource)
    return found


def _case(
    resource: Resource,
    plan: TypePlan,
    conditions: tuple[Condition, ...],
    found: list[World],
    candidates: Mapping[str, Candidates],
    builder: DocumentBuilder,
) -> Case:
    present = [world for world in found if world.truth(resource.exists)] if conditions else found
    documents: list[Document | None] = [
        builder.build(resource, plan.tree, plan.reads, plan.member_trees, candidates, world) for world in present
    ]
    without: tuple[World, ...] = ()
    if resource.exists != resource.source.exists:
        without = tuple(
            world for world in found if not world.truth(resource.exists) and world.truth(resource.source.exists)
        )
    return Case(resource, plan, conditions, present, documents, without=without)


def _judge(graph: ResourceGraph, plans: Plans, builder: DocumentBuilder, engine: Engine) -> Iterator[Case]:
    waiting: deque[tuple[Case, int]] = deque()
    done: deque[Case] = deque()

    def tasks() -> Iterator[Task]:
        for case in cases(graph, plans, builder):
            if not case.documents:
                done.append(case)
                continue
            for index, document in enumerate(case.documents):
                assert document is not None
                waiting.append((case, index))
                packages = case.plan.packages[bool(document.unknown)]
                yield Task(document.json(), packages, case.resource.address)

    for decision in engine.evaluate(tasks()):
        case, index = waiting.popleft()
        document = case.documents[index]
        assert document is not None
        tree = rooted(document.body)
        for policy in case.plan.policies:
            ruling = decide(decision.answers[policy.package], document.unknown, case.plan.orders[policy.id], tree)
            case.rulings.setdefault(policy.id, []).append(ruling)
        if index + 1 == len(case.documents):
            yield case
        while done:
            yield done.popleft()
    yield from done


@dataclass
class _Entry:
    """What came out for one policy and address, its parts together."""

    policy: Policy
    type: str
    verdicts: list[Verdict] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    prints: list[str] = field(default_factory=list)
    unknowns: list[tuple[Finding, str]] = field(default_factory=list)
    passes: list[Finding] = field(default_factory=list)


class _Writer:
    """Turns cases into outcomes."""

    def __init__(self, graph: ResourceGraph, policies: Mapping[str, Policy], show_passed: bool) -> None:
        self.graph = graph
        self.policies = policies
        self.show_passed = show_passed
        self.entries: dict[tuple[str, str], _Entry] = {}
        self._own: dict[tuple[str, str], tuple[Reads, dict[str, Reads]]] = {}

    def add(self, case: Case) -> None:
        """Takes the rulings of one case."""
        resource = case.resource
        for policy in case.plan.policies:
            key = (policy.id, resource.address)
            if case.too_many:
                entry = self.entries.setdefault(key, _Entry(policy, resource.type))
                entry.verdicts.append("unknown")
                entry.unknowns.append(self._too_many(policy, case))
                continue
            rulings = case.rulings.get(policy.id, [])
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

    def finish(self) -> list[Outcome]:
        """The outcomes, with fingerprints and folding."""
        entries = list(self.entries.values())
        pairs: list[tuple[Finding, str]] = []
        for entry in entries:
            verdict = worst(entry.verdicts)
            if verdict == "fail":
                pairs.extend(zip((one.finding for one in entry.failures), entry.prints, strict=True))
            elif verdict == "unknown":
                entry.unknowns = entry.unknowns[:1]
                pairs.extend(entry.unknowns)
        numbered = iter(number_prints(pairs))
        failures: list[Failure] = []
        spans: list[tuple[_Entry, Verdict, int, int]] = []
        unknowns: dict[int, Finding] = {}
        for index, entry in enumerate(entries):
            verdict = worst(entry.verdicts)
            start = len(failures)
            if verdict == "fail":
                failures.extend(
                    Failure(next(numbered), one.element, one.conditions, one.truths, one.part) for one in entry.failures
                )
            elif verdict == "unknown":
                unknowns[index] = next(numbered)
            spans.append((entry, verdict, start, len(failures)))
        folded = fold(failures, self.policies)
        outcomes: list[Outcome] = []
        for index, ((_policy, address), (entry, verdict, start, end)) in enumerate(
            zip(self.entries, spans, strict=True)
        ):
            if verdict == "fail":
                findings = tuple(sorted(folded[start:end], key=report_key))
            elif verdict == "unknown":
                findings = (unknowns[index],)
            else:
                findings = tuple(entry.passes[:1])
            outcomes.append(Outcome(entry.policy.id, address, entry.type, verdict, findings))
        return outcomes

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
        """One failure for each element that fails in some world, with the worlds in which it does."""
        found: dict[tuple[Any, ...], tuple[RawFinding, Spot, Document, list[int]]] = {}
        for index, ruling in enumerate(rulings):
            document = case.documents[index]
            if ruling.verdict != "fail" or document is None:
                continue
            for raw, spot in one_for_each_element(ruling.findings, self._tracer(case, document)):
                known = found.setdefault((spot.element, raw.message), (raw, spot, document, []))
                known[3].append(index)
        for raw, spot, document, failing in found.values():
            others = [world for index, world in enumerate(case.worlds) if index not in failing]
            others.extend(case.without)
            bad = [case.worlds[index] for index in failing]
            finding = make_finding(
                policy,
                "fail",
                self.graph.template,
                case.resource,
                raw.place,
                raw.message,
                spot,
                when=smallest_when(case.conditions, bad, others),
            )
            truths = frozenset(tuple(world.truth(one) for one in case.conditions) for world in bad)
            element = element_path(raw.place, rooted(document.body))
            always = not others
            entry.failures.append(
                Failure(finding, element, () if always else case.conditions, truths, case.resource.part)
            )
            entry.prints.append(self._print(policy, finding, document))

    def _unknown(self, policy: Policy, case: Case, rulings: Sequence[Ruling]) -> tuple[Finding, str]:
        index = next(index for index, ruling in enumerate(rulings) if ruling.verdict == "unknown")
        ruling, document = rulings[index], case.documents[index]
        assert document is not None
        tracer = self._tracer(case, document)
        blocked = tuple(blocker(path, why, tracer) for path, why in ruling.blocked[:5])
        if ruling.blocked:
            path, why = ruling.blocked[0]
            message = _why(why)
        else:
            path = ruling.findings[0].place
            message = ruling.findings[0].message
            blocked = (Blocker(path, case.resource.address, message),)
        finding = make_finding(
            policy,
            "unknown",
            self.graph.template,
            case.resource,
            path,
            message,
            tracer.spot(path),
            blocked_by=blocked,
        )
        return finding, self._print(policy, finding, document)

    def _too_many(self, policy: Policy, case: Case) -> tuple[Finding, str]:
        reason = f"more than {MOST_WORLDS} combinations of open conditions"
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
        return finding, f"{finding.template}\0{finding.resource}\0{policy.id}\0worlds"

    def _pass(self, policy: Policy, case: Case) -> Finding:
        document = case.documents[0]
        assert document is not None
        path = subject_path(policy, case.resource.type)
        spot = self._tracer(case, document).spot(path)
        return make_finding(policy, "pass", self.graph.template, case.resource, path, "", spot)


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


def _why(unknown: Unknown) -> str:
    return f"{unknown.name}: {unknown.reason}" if unknown.name else unknown.reason
