"""What to ask about each judged type: read trees, relations and rules, prepared once for a set of policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from srmcheck.engine.base import RULES, STACK_RULES, Package
from srmcheck.evaluate.verdict import read_order
from srmcheck.graph.document import TypeReads
from srmcheck.graph.reads import Reads, reads_of
from srmcheck.graph.relations import RelationSpec
from srmcheck.policy.model import Policy, ReadPath, Relation


@dataclass(frozen=True)
class TypePlan:
    """A set of policies on one judged type: what they read together, and for each what it reads by itself in the
    metadata's order."""

    type: str
    policies: tuple[Policy, ...]
    reads: TypeReads
    tree: Reads
    member_trees: Mapping[str, Reads]
    orders: Mapping[str, tuple[ReadPath, ...]]
    packages: Mapping[bool, tuple[Package, ...]]


@dataclass
class Plans:
    """Type plans by type and policies, made when first asked for."""

    policies: Sequence[Policy]
    by_type: dict[str, tuple[Policy, ...]] = field(default_factory=dict)
    _plans: dict[tuple[str, tuple[str, ...]], TypePlan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        groups: dict[str, list[Policy]] = {}
        for policy in self.policies:
            if any(rule in policy.rules for rule in RULES):
                for name in policy.types:
                    groups.setdefault(name, []).append(policy)
        self.by_type = {name: tuple(members) for name, members in groups.items()}

    def plan(self, type_name: str, policies: tuple[Policy, ...]) -> TypePlan:
        """The plan of some policies for a type."""
        key = (type_name, tuple(policy.id for policy in policies))
        found = self._plans.get(key)
        if found is None:
            found = self._plans[key] = make_plan(type_name, policies)
        return found


def relations_for(policy: Policy, type_name: str) -> tuple[Relation, ...]:
    """The relations that a policy asks for about a judged type."""
    return tuple(relation for relation in policy.related if not relation.of or type_name in relation.of)


def make_plan(type_name: str, policies: tuple[Policy, ...]) -> TypePlan:
    """What these policies ask for about a type, together."""
    paths: dict[ReadPath, None] = {}
    facts: dict[ReadPath, tuple[str, ...]] = {}
    relations: dict[str, RelationSpec] = {}
    orders: dict[str, tuple[ReadPath, ...]] = {}
    for policy in policies:
        paths.update(dict.fromkeys(policy.types[type_name]))
        for path, wanted in policy.facts.items():
            facts[path] = tuple(sorted({*facts.get(path, ()), *wanted}))
        own = relations_for(policy, type_name)
        for relation in own:
            relations[relation.name] = _merged(relations.get(relation.name), relation, type_name)
        orders[policy.id] = read_order(policy, policy.types[type_name], [relation.name for relation in own])
    reads = TypeReads(tuple(paths), facts, any(policy.origins for policy in policies), relations)
    return TypePlan(
        type_name,
        policies,
        reads,
        reads.tree(),
        {name: reads_of(spec.reads) for name, spec in relations.items()},
        orders,
        {
            settled: tuple(
                Package(
                    policy.package,
                    tuple(rule for rule in RULES if rule in policy.rules and (settled or rule != "settled")),
                )
                for policy in policies
            )
            for settled in (True, False)
        },
    )


def _merged(known: RelationSpec | None, relation: Relation, judged: str) -> RelationSpec:
    reads: Iterable[ReadPath] = relation.reads
    if known is not None:
        reads = dict.fromkeys((*known.reads, *relation.reads))
    return RelationSpec(
        relation.name,
        relation.types,
        relation.by,
        relation.via,
        relation.shares,
        relation.declared,
        relation.where,
        tuple(reads),
        judged,
        relation.orphans,
    )


def stack_package(policy: Policy) -> Package | None:
    """The stack rules of a policy, None if it has none."""
    rules = tuple(rule for rule in STACK_RULES if rule in policy.rules)
    return Package(policy.package, rules) if rules else None
