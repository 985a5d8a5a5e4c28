"""The evaluation of one template: documents to the engine, rulings to outcomes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from srmcheck.conditions import ONLY_WORLD, Condition, Const, TooManyWorlds, World, some_worlds, worlds
from srmcheck.engine.base import Engine, Package
from srmcheck.evaluate.case import MOST_TRIED, Allowance, Case
from srmcheck.evaluate.faults import Faults
from srmcheck.evaluate.fold import fold_outcomes
from srmcheck.evaluate.outcome import Evaluation
from srmcheck.evaluate.paths import rooted
from srmcheck.evaluate.plans import Plans, TypePlan
from srmcheck.evaluate.repeats import Repeats
from srmcheck.evaluate.stack import evaluate_stacks
from srmcheck.evaluate.suppression import Suppressions, Suppressor
from srmcheck.evaluate.verdict import NO_VERDICT, applies, decide
from srmcheck.evaluate.writer import Writer
from srmcheck.graph.document import Document, DocumentBuilder
from srmcheck.graph.relations import Candidates, Members, can_be_declared
from srmcheck.graph.resource import Resource, ResourceGraph
from srmcheck.policy.model import Policy
from srmcheck.results import NotAssessed

NO_CANDIDATES = Candidates(Members(()))
NO_SCOPE_REASON = "it judges an account baseline; run with --scope account if the template is one"


def run(
    graph: ResourceGraph,
    policies: Sequence[Policy],
    engine: Engine,
    *,
    scope: Literal["template", "account"] = "template",
    show_passed: bool = False,
    suppressor: Suppressor | None = None,
) -> Evaluation:
    """Judges every resource of the graph by every policy that applies.

    `policies` are those to run, in their order; those whose types do not stand in the graph are ignored, but for stack
    rules under `scope="account"`, without which those that judge an account baseline are not assessed (in CloudFormation
    they are left out if none of their types is in its registry). `suppressor` decides what is suppressed; without one,
    nothing is. What a policy fails to answer, on one resource, is in the diagnostics, and
    hides nothing else; there is no verdict then but a failure that is known all the same. Raises EngineError if the engine
    fails.
    """
    plans = Plans(_in_scope(policies, scope))
    builder = DocumentBuilder(graph)
    by_id = {policy.id: policy for policy in policies}
    suppressions = Suppressions(graph, suppressor)
    writer = Writer(graph, show_passed, suppressions)
    faults = Faults()
    for case in _judge(graph, plans, builder, engine, faults):
        writer.add(case)
    outcomes, failures = writer.finish()
    not_assessed: tuple[NotAssessed, ...] = ()
    stacks = [policy for policy in policies if policy.asks_account and can_be_declared(graph, policy.types)]
    if scope == "account":
        for found, failed in evaluate_stacks(
            graph, stacks, builder, engine, show_passed=show_passed, suppressions=suppressions, faults=faults
        ):
            outcomes.extend(found)
            failures.extend(failed)
    else:
        not_assessed = tuple(NotAssessed(policy.id, NO_SCOPE_REASON) for policy in stacks)
    outcomes = fold_outcomes(outcomes, failures, by_id)
    return Evaluation(tuple(outcomes), not_assessed, faults.diagnostics(), faults.pairs)


def documents(
    graph: ResourceGraph, policies: Sequence[Policy], *, scope: Literal["template", "account"] = "template"
) -> Iterator[Document]:
    """Every document of a resource that `run` would give the engine, in order."""
    for case in cases(graph, Plans(_in_scope(policies, scope)), DocumentBuilder(graph)):
        yield from (document for document in case.documents if document is not None)


def _in_scope(policies: Sequence[Policy], scope: str) -> list[Policy]:
    return [policy for policy in policies if scope == "account" or policy.scope != "account"]


def cases(graph: ResourceGraph, plans: Plans, builder: DocumentBuilder) -> Iterator[Case]:
    """The cases of a graph: per resource one for each set of policies that hang on the same open conditions."""
    allowance = Allowance()
    for resource in graph.resources:
        judged = plans.by_type.get(resource.type, ())
        policies = tuple(policy for policy in judged if applies(policy, resource.type, resource.carries))
        if not policies or (isinstance(resource.exists, Const) and not resource.exists.value):
            continue
        yield from _cases_of(resource, policies, plans, builder, allowance)


def _cases_of(
    resource: Resource, policies: tuple[Policy, ...], plans: Plans, builder: DocumentBuilder, allowance: Allowance
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
        most, too_many = allowance.most(), False
        try:
            tried = worlds(conditions, most)
        except TooManyWorlds:
            tried, too_many = some_worlds(conditions, min(most, MOST_TRIED)), True
        allowance.take(len(tried))
        yield _case(resource, group, conditions, tried, _candidates(resource, group, builder), builder, too_many)


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
    too_many: bool = False,
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
    return Case(resource, plan, conditions, present, documents, too_many=too_many, without=without)


def _judge(
    graph: ResourceGraph, plans: Plans, builder: DocumentBuilder, engine: Engine, faults: Faults
) -> Iterator[Case]:
    waiting: deque[tuple[Case, int]] = deque()
    done: deque[Case] = deque()

    def asked() -> Iterator[tuple[Document, tuple[Package, ...]]]:
        for case in cases(graph, plans, builder):
            if not case.documents:
                done.append(case)
                continue
            for index, document in enumerate(case.documents):
                assert document is not None
                waiting.append((case, index))
                yield document, case.plan.packages[bool(document.unknown)]

    for decision in Repeats(engine).evaluate(asked()):
        case, index = waiting.popleft()
        document = case.documents[index]
        assert document is not None
        tree = rooted(document.body)
        for policy in case.plan.policies:
            answers = decision.answers.get(policy.package)
            if answers is None:
                faults.add(policy.id, case.resource.address, decision.failed[policy.package])
                case.failed.add(policy.id)
                ruling = NO_VERDICT
            else:
                ruling = decide(answers, document.unknown, case.plan.orders[policy.id], tree)
            case.rulings.setdefault(policy.id, []).append(ruling)
        if index + 1 == len(case.documents):
            yield case
        while done:
            yield done.popleft()
    yield from done
