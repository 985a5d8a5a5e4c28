"""Canonical resources and the graph that they form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from srmcheck.conditions import TRUE, Condition
from srmcheck.template import NO_SCOPE, Scope, SourceResource, Template
from srmcheck.values import Node, Path

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource in CloudFormation's vocabulary.

    `address` is the source address; several canonical resources can share it (`part` counts from 0), and the verdict on
    the address is the worst of its parts. `type` is a CloudFormation type or an extension of ours. `properties` is a dict
    node in canonical names and types: references are `Reference(address, canonical attribute)`, choices and unknowns
    stand where they apply. `exists` is the condition under which it is there. `carries` is set for an orphaned split-out
    part only: the top-level properties that the orphans of one parent can set. `source` is what was written; `sources`
    also holds the split-out resources that were joined in.
    """

    address: str
    type: str
    properties: Node
    source: SourceResource
    scope: Scope = NO_SCOPE
    exists: Condition = TRUE
    part: int = 0
    carries: tuple[str, ...] | None = None
    sources: tuple[SourceResource, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` names `target` at the canonical `path` of its properties, by the identity or attribute `attribute`."""

    source: str
    path: Path
    target: str
    attribute: str


@dataclass(frozen=True)
class ResourceGraph:
    """All canonical resources of one template, in the order of the template.

    `unjudged` counts, by source type, the resources that have no canonical form (no table or no CloudFormation type);
    they are named in the report. `incomplete` holds reasons why resources may exist that are not here: every relation
    is open then.
    """

    template: Template
    resources: tuple[Resource, ...]
    edges: tuple[Edge, ...] = ()
    unjudged: Mapping[str, int] = field(default_factory=dict)
    incomplete: tuple[str, ...] = ()

    @cached_property
    def by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        """Resources by canonical type."""
        return _grouped((resource.type, resource) for resource in self.resources)

    @cached_property
    def by_address(self) -> Mapping[str, tuple[Resource, ...]]:
        """The canonical resources (parts) of each source address."""
        return _grouped((resource.address, resource) for resource in self.resources)

    @cached_property
    def edges_from(self) -> Mapping[str, tuple[Edge, ...]]:
        """Edges by the address they start from."""
        return _grouped((edge.source, edge) for edge in self.edges)

    @cached_property
    def edges_to(self) -> Mapping[str, tuple[Edge, ...]]:
        """Edges by the address they lead to."""
        return _grouped((edge.target, edge) for edge in self.edges)


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return {key: tuple(items) for key, items in groups.items()}
