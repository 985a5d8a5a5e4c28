"""Who is related to whom: the members that a policy's metadata asks for, joined by the host (docs: metadata, `related`).

For each relation and judged resource this gives the candidates, that is every resource that is a member in some world,
and, in one world, the members, and whether there may be more (`open`) or the target is named and known not to be in the
template (`outside`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from srmcheck.conditions import ONLY_WORLD, Condition, Const, World
from srmcheck.graph.leaves import leaves
from srmcheck.graph.resource import Resource, ResourceGraph
from srmcheck.schema import load
from srmcheck.values import ABSENT, FROM_OUTSIDE, NOTHING, Node, Reference, Text, Unknown, Value, is_name

ReadPath = tuple[str, ...]


@dataclass(frozen=True)
class RelationSpec:
    """One relation of one judged type (`judged`), merged over all loaded policies (they must agree on all but `reads`)."""

    name: str
    types: tuple[str, ...]
    by: tuple[tuple[ReadPath, ...], ...] = ()
    via: tuple[tuple[ReadPath, ...], ...] = ()
    shares: tuple[tuple[ReadPath, ReadPath], ...] = ()
    declared: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    reads: tuple[ReadPath, ...] = ()
    judged: str = ""
    orphans: bool = False

    @property
    def targets(self) -> tuple[str, ...]:
        """The types that the paths of the relation lead to."""
        return (self.judged,) if self.by else self.types


@dataclass(frozen=True)
class Members:
    """The members of one relation in one world, in the order of their addresses."""

    members: tuple[Resource, ...]
    open: bool = False
    outside: bool = False
    why_open: Unknown | None = None


@dataclass
class Candidates:
    """All that may be a member of one relation of one resource. `conditions` are those that membership hangs on."""

    fixed: Members | None = None
    possible: tuple[Resource, ...] = ()
    conditions: tuple[Condition, ...] = ()


INCOMPLETE = "resources may exist that the template does not show"
TOO_MANY = Unknown("too many resources whose target is not known")
MOST_FLOATING = 64


class Relations:
    """Joins one relation over one graph."""

    def __init__(self, graph: ResourceGraph, spec: RelationSpec) -> None:
        self.graph = graph
        self.spec = spec
        self.incomplete = (
            Unknown(graph.incomplete[0]) if graph.incomplete and can_be_declared(graph, spec.types) else None
        )
        self.pool = [
            resource
            for name in spec.types
            for resource in graph.by_type.get(name, ())
            if (spec.orphans or resource.carries is None) and not _is_never(resource.exists)
        ]
        self.pool.sort(key=lambda resource: (resource.address, resource.part))
        self._has_named = any(map(_is_named, self.pool))
        self._by_address: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.pool:
            self._by_address[resource.address].append(resource)
        self._pointing: dict[str, list[Resource]] = defaultdict(list)
        self._maybe: dict[str, list[Resource]] = defaultdict(list)
        self._floating: list[Resource] = []
        self._sharing: dict[Value, list[Resource]] = defaultdict(list)
        for resource in self.pool:
            if spec.by:
                self._index(resource)
            elif spec.shares:
                self._index_shared(resource)

    def _index(self, resource: Resource) -> None:
        targets: dict[str, None] = {}
        maybe: dict[str, None] = {}
        floats = False
        for path in self.spec.by:
            for leaf, _ in self._ends(resource, path, None):
                for address, certain in self._targets(leaf, self.spec.targets):
                    if address is None:
                        floats = True
                    elif certain:
                        targets.setdefault(address)
                    else:
                        maybe.setdefault(address)
        for address in targets:
            self._pointing[address].append(resource)
        for address in maybe:
            if address not in targets:
                self._maybe[address].append(resource)
        if floats:
            self._floating.append(resource)

    def _index_shared(self, resource: Resource) -> None:
        named = [leaf.value for _, path in self.spec.shares for leaf, _ in leaves(resource.properties, path, {}, None)]
        for value in dict.fromkeys(value for value in named if _is_name(value)):
            self._sharing[value].append(resource)
        if any(map(_is_open, named)):
            self._floating.append(resource)

    def _ends(
        self, resource: Resource, path: tuple[ReadPath, ...], world: World | None
    ) -> Iterator[tuple[Node, tuple[Condition, ...]]]:
        """The leaves at the end of a path of one or two hops, with the conditions on the way (all branches where `world` is
        None)."""
        first, *rest = path
        for leaf, conditions in leaves(resource.properties, first, self.spec.where, world):
            if not rest:
                yield leaf, conditions
                continue
            if world is None:  # a branch that leads nowhere hangs on its conditions too
                yield NOTHING, conditions
            for address, certain in self._targets(leaf):
                hops = self.graph.by_address.get(address, ()) if address is not None else ()
                if not certain or not hops:
                    if address is None or not certain:
                        yield Node(Unknown("its target is not known")), conditions
                    continue
                for hop in hops:
                    if world is not None and not world.truth(hop.exists):
                        continue
                    for end, more in self._ends(hop, tuple(rest), world):
                        yield end, (*conditions, hop.exists, *more)

    def _targets(self, leaf: Node, types: tuple[str, ...] | None = None) -> Iterator[tuple[str | None, bool]]:
        """The addresses that a leaf names: (address, True) surely, (address, False) perhaps, (None, False) for anything. What
        an unknown may refer to counts only if it is of the types that the path leads to (`types` None: of any type in
        the graph): the attribute of any other resource may hold the identity of anything."""
        value = leaf.value
        if isinstance(value, Reference):
            yield value.address, True
        elif isinstance(value, Unknown):
            if not value.candidates or not all(self._may_be(address, types) for address in value.candidates):
                yield None, False
            for address in value.candidates:
                if self._may_be(address, types):
                    yield address, value.exact and len(value.candidates) == 1
        elif isinstance(value, Text):
            for part in value.parts:
                if isinstance(part, Reference):
                    yield part.address, True
                elif isinstance(part, Unknown):
                    yield None, False

    def _may_be(self, address: str, types: tuple[str, ...] | None) -> bool:
        there = self.graph.by_address.get(address, ())
        return any(types is None or one.type in types for one in there)

    def candidates(self, resource: Resource) -> Candidates:
        """What may be related to `resource`, with the conditions that it hangs on."""
        if self.spec.by:
            possible = [*self._pointing.get(resource.address, ()), *self._maybe.get(resource.address, ())]
            extra = self._floating if len(self._floating) <= MOST_FLOATING else []
            watched = sorted(
                {id(one): one for one in [*possible, *extra]}.values(), key=lambda one: (one.address, one.part)
            )
        elif self.spec.via:
            watched = self._via_possible(resource)
        elif self.spec.shares:
            watched = self._shares_possible(resource)
        else:
            watched = [one for one in self.pool if _in_scope(one, resource, self.spec.declared) is not False]
        conditions: dict[Condition, None] = {}
        for one in watched:
            conditions.setdefault(one.exists)
        if self.spec.by:
            for one in watched:
                for path in self.spec.by:
                    for _, more in self._ends(one, path, None):
                        conditions.update(dict.fromkeys(more))
        elif self.spec.via:
            for path in self.spec.via:
                for _, more in self._ends(resource, path, None):
                    conditions.update(dict.fromkeys(more))
        for ours, theirs in self.spec.shares:
            for one, end in ((resource, ours), *((one, theirs) for one in watched)):
                for _, more in leaves(one.properties, end, {}, None):
                    conditions.update(dict.fromkeys(more))
        real = tuple(condition for condition in conditions if not isinstance(condition, Const))
        if real:
            return Candidates(None, tuple(watched), real)
        return Candidates(self.members(resource, ONLY_WORLD, watched), tuple(watched), ())

    def members(self, resource: Resource, world: World, watched: list[Resource] | tuple[Resource, ...]) -> Members:
        """The members in one world."""
        if self.spec.by:
            return self._by(resource, world, watched)
        if self.spec.via:
            return self._via(resource, world)
        if self.spec.shares:
            return self._shares(resource, world, watched)
        return self._declared(resource, world, watched)

    def _by(self, resource: Resource, world: World, watched: list[Resource] | tuple[Resource, ...]) -> Members:
        found: list[Resource] = []
        why = self.incomplete
        if len(self._floating) > MOST_FLOATING and why is None:
            why = TOO_MANY
        named = _is_named(resource)
        for one in watched:
            if not world.truth(one.exists):
                continue
            member, maybe = False, None
            for path in self.spec.by:
                for leaf, _ in self._ends(one, path, world):
                    for address, certain in self._targets(leaf, self.spec.targets):
                        if address == resource.address and certain:
                            member = True
                        elif address is None:
                            maybe = maybe or (_reason(leaf) if named or not _is_given(leaf.value) else None)
                        elif address == resource.address and not certain:
                            maybe = maybe or _reason(leaf)
            if member:
                found.append(one)
            elif maybe is not None and why is None:
                why = maybe
        return Members(tuple(found), why is not None, False, why)

    def _via_possible(self, resource: Resource) -> list[Resource]:
        pool = self._by_address
        found: dict[int, Resource] = {}
        for path in self.spec.via:
            for leaf, _ in self._ends(resource, path, None):
                for address, _certain in self._targets(leaf, self.spec.targets):
                    for one in pool.get(address, ()) if address is not None else ():
                        found.setdefault(id(one), one)
        return sorted(found.values(), key=lambda one: (one.address, one.part))

    def _via(self, resource: Resource, world: World) -> Members:
        found: dict[int, Resource] = {}
        why: Unknown | None = None
        outside = False
        for path in self.spec.via:
            for leaf, _ in self._ends(resource, path, world):
                ends = list(self._targets(leaf, self.spec.targets))
                if not ends and isinstance(leaf.value, str) and leaf.value:
                    outside = True
                for address, certain in ends:
                    if address is None and _is_given(leaf.value) and not self._has_named:
                        outside = True
                        continue
                    if address is None or not certain:
                        why = why or _reason(leaf)
                        continue
                    there = [
                        one
                        for one in self.graph.by_address.get(address, ())
                        if one.type in self.spec.types and one.carries is None
                    ]
                    present = [one for one in there if world.truth(one.exists)]
                    found.update({id(one): one for one in present})
                    if not present:
                        outside = True
        if outside and self.incomplete is not None:
            why, outside = why or self.incomplete, False
        members = sorted(found.values(), key=lambda one: (one.address, one.part))
        return Members(tuple(members), why is not None, outside, why)

    def _shares_possible(self, resource: Resource) -> list[Resource]:
        named = [leaf.value for path, _ in self.spec.shares for leaf, _ in leaves(resource.properties, path, {}, None)]
        if any(map(_is_open, named)):
            return self.pool if len(self.pool) <= MOST_FLOATING else []
        found = {id(one): one for value in named if _is_name(value) for one in self._sharing.get(value, ())}
        if named and len(self._floating) <= MOST_FLOATING:
            found.update((id(one), one) for one in self._floating)
        return sorted(found.values(), key=lambda one: (one.address, one.part))

    def _shares(self, resource: Resource, world: World, watched: list[Resource] | tuple[Resource, ...]) -> Members:
        named = [
            (leaf, theirs)
            for ours, theirs in self.spec.shares
            for leaf, _ in leaves(resource.properties, ours, {}, world)
        ]
        why = self.incomplete if named else None
        crowd = self.pool if any(_is_open(leaf.value) for leaf, _ in named) else self._floating
        if named and len(crowd) > MOST_FLOATING and why is None:
            why = TOO_MANY
        found: list[Resource] = []
        for one in watched:
            if one is resource or not world.truth(one.exists):
                continue
            pairs = [(ours, other) for ours, path in named for other, _ in leaves(one.properties, path, {}, world)]
            if any(self._is_same(ours.value, other.value) for ours, other in pairs):
                found.append(one)
                continue
            for ours, other in pairs:
                if why is None and self._is_same(ours.value, other.value) is None:
                    why = _reason(ours if isinstance(ours.value, Unknown) else other)
        return Members(tuple(found), why is not None, False, why)

    def _is_same(self, one: Value, other: Value) -> bool | None:
        """Whether two values name the same thing; None where that can't be told. What may be one of several resources of a type
        is none of the others."""
        if _is_name(one) and one == other:
            return True
        if isinstance(one, Unknown) and isinstance(other, Reference):
            one, other = other, one
        if isinstance(one, Reference) and isinstance(other, Unknown):
            meant = self.graph.by_address.get(one.address, ())
            if meant and _is_given(other) and not any(map(_is_named, meant)):
                return False
            types = {there.type for there in meant}
            if not other.candidates or not all(self._may_be(address, tuple(types)) for address in other.candidates):
                return None
            if one.address in other.candidates:
                return True if other.exact and len(other.candidates) == 1 else None
            return False
        return None if _is_open(one) or _is_open(other) else False

    def _declared(self, resource: Resource, world: World, watched: list[Resource] | tuple[Resource, ...]) -> Members:
        found: list[Resource] = []
        why = self.incomplete
        for one in watched:
            if one is resource or not world.truth(one.exists):
                continue
            inside = _in_scope(one, resource, self.spec.declared)
            if inside:
                found.append(one)
            elif inside is None and why is None:
                why = Unknown("it may belong to another account or Region", one.address)
        return Members(tuple(found), why is not None, False, why)


def can_be_declared(graph: ResourceGraph, types: Iterable[str]) -> bool:
    """Whether what is not shown of a template can hold a resource of one of these types: it is known to hold others only,
    or its language, CloudFormation, has none of our extension types."""
    types = tuple(types)
    if graph.template.hidden and not any(name.startswith(graph.template.hidden) for name in types):
        return False
    if graph.template.language != "cloudformation":
        return True
    schema = load()
    return not all(schema.is_extension(name) for name in types)


def _in_scope(one: Resource, other: Resource, scope: str | None) -> bool | None:
    """Whether two resources lie in the same account (and Region); None where that can't be told. With the scope "template"
    they do unless they are known to lie in two accounts."""
    first, second = one.scope, other.scope
    if first.account is not None and second.account is not None and first.account != second.account:
        return False
    if scope == "region" and first.region is not None and second.region is not None and first.region != second.region:
        return False
    if first.provider == second.provider or scope == "template":
        return True
    if first.account is None or second.account is None:
        return None
    if scope == "region" and (first.region is None or second.region is None):
        return None
    return True


def _is_name(value: Value) -> bool:
    """Whether a value names something, so that an equal one names the same: a text, a reference, or one variable."""
    if isinstance(value, Unknown):
        return is_name(value)
    if isinstance(value, Text):
        return all(is_name(part) for part in value.parts if isinstance(part, Unknown))
    return isinstance(value, Reference) or (isinstance(value, str) and value != "")


def _is_open(value: Value) -> bool:
    """Whether a value, or a part of a text, is not known."""
    return isinstance(value, Unknown) or (
        isinstance(value, Text) and any(isinstance(part, Unknown) for part in value.parts)
    )


def _is_given(value: Value) -> bool:
    """Whether all that is not known of a value is given to the template from outside."""
    parts = value.parts if isinstance(value, Text) else (value,)
    return all(not isinstance(part, Unknown) or part.reason in FROM_OUTSIDE for part in parts)


def _is_named(resource: Resource) -> bool:
    """Whether the template itself says a name or id of the resource. Else AWS makes them, and nothing that is given to the
    template from outside, before it is deployed, can name the resource."""
    found = load().get(resource.type)
    if found is None or not isinstance(resource.properties.value, dict):
        return True
    written = resource.properties.value
    return any(written[name].value is not ABSENT for name in (*found.named_by.values(), "*") if name in written)


def _is_never(condition: Condition) -> bool:
    return isinstance(condition, Const) and not condition.value


def _reason(leaf: Node) -> Unknown:
    return leaf.value if isinstance(leaf.value, Unknown) else Unknown("its target is not known")
