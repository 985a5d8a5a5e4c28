"""Split-out resources into their parents, instance by instance, and orphans (docs: normalization, "Joins").

A part names its parent by one attribute. Where that is a resource of the template, its properties are merged into the
parent's, under the conditions on which the part and its reference hang. Where it may be one of several, what the part sets
is unknown in each of them. Where it is none, the part becomes a resource of its own, together with the other parts of the
same absent parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from srmcheck.conditions import FALSE, TRUE, Condition, conjoin, disjoin
from srmcheck.graph.resource import Resource
from srmcheck.normalize.merge import branches, guarded, marked, merge
from srmcheck.normalize.references import canonical
from srmcheck.normalize.tables import Table
from srmcheck.template import SourceResource
from srmcheck.values import ABSENT, NOTHING, Node, Reference, Spread, Unknown, Value


@dataclass(slots=True)
class Draft:
    """A canonical resource while parts are still being joined to it."""

    source: SourceResource
    type: str
    properties: Node
    part: int = 0
    exists: Condition = TRUE
    sources: list[SourceResource] = field(default_factory=list)

    def finished(self) -> Resource:
        """The resource."""
        return Resource(
            self.source.address,
            self.type,
            self.properties,
            self.source,
            self.source.scope,
            self.exists,
            self.part,
            None,
            tuple(self.sources),
        )


@dataclass(slots=True)
class PartOf:
    """A split-out resource: its table, and whom it names."""

    source: SourceResource
    table: Table
    parent: Node
    properties: Node


def join(parts: Iterable[PartOf], drafts: Mapping[str, list[Draft]], may_be_any: bool) -> list[Resource]:
    """Joins each part to its parents among `drafts` (by address), which are changed, and gives the orphans. `may_be_any`: a
    parent of which nothing is known may be any resource of its type."""
    orphans: dict[tuple[str, Value | int], list[tuple[Condition, PartOf]]] = {}
    for part in parts:
        alone: list[Condition] = []
        key: Value | int = id(part)
        for guard, named in branches(part.parent):
            value = named.value
            targets = _targets(value, part.table, drafts, may_be_any)
            when = conjoin(part.source.exists, guard)
            if when == FALSE:
                continue
            for draft in targets:
                if isinstance(value, Reference):
                    _attach(draft, part, when)
                else:
                    _blur(draft, part, value if isinstance(value, Unknown) else Unknown("parent is not known"), when)
            if not targets or not isinstance(value, Reference):
                alone.append(when)
                text = value if isinstance(value, Reference) else canonical(value)
                key = text if text is not None else id(part)
        if alone:
            when = alone[0] if len(alone) == 1 else disjoin(*alone)
            orphans.setdefault((part.table.types[0], key), []).append((when, part))
    return [orphan for group in orphans.values() for orphan in _orphans(group)]


def _targets(value: Value, table: Table, drafts: Mapping[str, list[Draft]], may_be_any: bool) -> list[Draft]:
    if isinstance(value, Reference):
        addresses: Iterable[str] = (value.address,)
    elif isinstance(value, Unknown):
        addresses = value.candidates
        if not addresses and may_be_any and not value.exact:
            addresses = drafts
    else:
        return []
    return [draft for address in addresses for draft in drafts.get(address, ()) if draft.type in table.types]


def _attach(draft: Draft, part: PartOf, when: Condition) -> None:
    """Merges what the part sets into its parent, where the condition holds."""
    draft.sources.append(part.source)
    when = TRUE if when == draft.exists else when
    properties = dict(_fields(draft.properties))
    append = part.table.join[1] if part.table.join is not None else None
    if append is not None:
        element = Node(_fields(part.properties), part.properties.place, None, part.properties.secret)
        if when != TRUE:
            element = Node(Spread(guarded(when, Node([element]), Node([]))), element.place)
        properties[append] = merge(properties.get(append, NOTHING), Node([element], element.place))
    else:
        for name, node in _fields(part.properties).items():
            before = properties.get(name, NOTHING)
            if part.table.extends:
                properties[name] = _extended(before, guarded(when, node))
            else:
                properties[name] = guarded(when, merge(before, node, replace=True), before)
    draft.properties = draft.properties.with_value(properties)


def _extended(before: Node, more: Node) -> Node:
    """A list with the elements of another one behind its own; either may be unknown or a choice."""
    if isinstance(before.value, list) or before.value is ABSENT:
        return merge(before, more)
    return Node([Node(Spread(before), before.place), Node(Spread(more), more.place)], before.place)


def _blur(draft: Draft, part: PartOf, unknown: Unknown, when: Condition) -> None:
    """What the part may set is unknown in a resource that may be its parent."""
    properties = dict(_fields(draft.properties))
    names = [part.table.join[1]] if part.table.join is not None and part.table.join[1] else _fields(part.properties)
    reason = Unknown(f"{part.source.address} may belong to it", unknown.name)
    for name in names:
        assert name is not None
        node = Node(reason, part.parent.place or part.source.place)
        before = properties.get(name, NOTHING)
        if part.table.extends:
            properties[name] = _extended(before, guarded(when, node))
        else:
            properties[name] = guarded(when, node, before)
    draft.properties = draft.properties.with_value(properties)


def _orphans(group: list[tuple[Condition, PartOf]]) -> list[Resource]:
    """One resource for each part of one absent parent. Its properties are those of all of them together (elements of a list
    that others extend are theirs alone); it carries what its own table can set, so that each part is judged, and reported,
    for its own."""
    sources = tuple(part.source for _, part in group)
    found: list[Resource] = []
    for own, part in group:
        draft = Draft(part.source, part.table.types[0], Node({}, part.source.place), exists=own)
        for when, other in group:
            if other is not part and not other.table.extends:
                _attach(draft, other, when)
        _attach(draft, part, own)
        if part.table.orphan is not None:
            draft.properties = draft.properties.with_value(
                {**_fields(draft.properties), part.table.orphan: part.parent}
            )
        found.append(
            Resource(
                part.source.address,
                draft.type,
                draft.properties,
                part.source,
                part.source.scope,
                own,
                0,
                _carries(part),
                sources,
            )
        )
    return found


def _carries(part: PartOf) -> tuple[str, ...]:
    return part.table.join[2] if part.table.join is not None else ()


def _fields(node: Node) -> dict[str, Node]:
    if not isinstance(node.value, dict):
        return {}
    return {name: marked(inner, True) for name, inner in node.value.items()} if node.secret else node.value
