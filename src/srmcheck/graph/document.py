"""The input document, `srmcheck.input/v1` (docs: input document): one resource and its relations in one world.

`DocumentBuilder` knows one template and the loaded policies; it projects resources to what those policies read, joins
relations and writes documents. `Document` keeps what the verdict needs beside the JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from srmcheck.conditions import Condition, Const, World
from srmcheck.graph.leaves import conditions_on
from srmcheck.graph.reads import Reads
from srmcheck.graph.relations import Candidates, Members, Relations, RelationSpec, can_be_declared
from srmcheck.graph.resource import Resource, ResourceGraph
from srmcheck.graph.view import View
from srmcheck.values import Choice, Origin, Path, Unknown, walk

SCHEMA = "srmcheck.input/v1"
ReadPath = tuple[str, ...]


@dataclass(frozen=True)
class TypeReads:
    """What a set of policies asks for about one judged type: the read paths, the facts wanted at some of them, whether
    origins are wanted, and the relations by name."""

    paths: tuple[ReadPath, ...]
    facts: Mapping[ReadPath, tuple[str, ...]]
    origins: bool
    relations: Mapping[str, RelationSpec]

    def tree(self) -> Reads:
        """The paths as a tree, with the facts."""
        tree = Reads()
        for path in self.paths:
            tree.add(path)
        for path, facts in self.facts.items():
            tree.add(path, facts)
        return tree


@dataclass(frozen=True)
class Document:
    """A document with what the verdict needs. `unknown` maps every unknown path, those of relations too
    (`("@name",)`, `("@name", 1, "X")`), to what is not known; `owners` says for a path's first two steps in a relation
    which member it lies in."""

    body: Mapping[str, Any]
    resource: Resource
    members: Mapping[str, tuple[Resource, ...]]
    unknown: Mapping[Path, Unknown]
    world: World
    masked: frozenset[Path] = frozenset()

    def json(self) -> bytes:
        """The document as JSON."""
        return orjson.dumps(self.body)


class DocumentBuilder:
    """Makes documents of one graph for policies of one type each. Projections and joins are cached."""

    def __init__(self, graph: ResourceGraph) -> None:
        self.graph = graph
        template = graph.template
        self.source = {
            "language": template.language,
            "format": template.format,
            "provider": template.provider_version,
        }
        self._relations: dict[tuple[object, ...], Relations] = {}
        self._choosy: dict[int, bool] = {}
        self._may_choose = template.format not in ("plan", "state")

    def has_conditions(self, resource: Resource) -> bool:
        """Whether anything of the resource hangs on an open condition."""
        if not self._may_choose:
            return False
        found = self._choosy.get(id(resource))
        if found is None:
            found = not isinstance(resource.exists, Const) or any(
                isinstance(node.value, Choice) for node in walk(resource.properties)
            )
            self._choosy[id(resource)] = found
        return found

    def relations(self, spec: RelationSpec) -> Relations:
        """The joins of one relation, indexed once."""
        key = (
            spec.judged,
            spec.types,
            spec.by,
            spec.via,
            spec.shares,
            spec.declared,
            tuple(sorted(spec.where.items())),
            spec.orphans,
        )
        found = self._relations.get(key)
        if found is None:
            found = self._relations[key] = Relations(self.graph, spec)
        return found

    def conditions(
        self, resource: Resource, paths: Iterable[ReadPath], candidates: Mapping[str, Candidates], reads: TypeReads
    ) -> list[Condition]:
        """The open conditions on which depend: the resource's existence, its read paths, and the existence, by or via
        and read paths of the candidates of its relations. In a fixed order, each once."""
        found: dict[Condition, None] = {}
        if self.has_conditions(resource):
            found.setdefault(resource.exists)
            found.setdefault(resource.source.exists)
            for path in paths:
                found.update(dict.fromkeys(conditions_on(resource.properties, path)))
        for name, candidate in candidates.items():
            found.update(dict.fromkeys(candidate.conditions))
            for member in candidate.possible:
                if self.has_conditions(member):
                    for path in reads.relations[name].reads:
                        found.update(dict.fromkeys(conditions_on(member.properties, path)))
        return [condition for condition in found if not isinstance(condition, Const)]

    def build(
        self,
        resource: Resource,
        tree: Reads,
        reads: TypeReads,
        member_trees: Mapping[str, Reads],
        candidates: Mapping[str, Candidates],
        world: World,
    ) -> Document:
        """The document of `resource` in `world`."""
        view = View(resource.properties, tree, world, type_name=resource.type)
        unknown: dict[Path, Unknown] = dict(view.unknown)
        body: dict[str, Any] = {
            "schema": SCHEMA,
            "source": self.source,
            "resource": {
                "address": resource.address,
                "type": resource.type,
                "scope": {
                    "provider": resource.scope.provider,
                    "account": resource.scope.account,
                    "region": resource.scope.region,
                },
                "properties": view.properties,
                "unknown": paths_as_json(view.unknown),
                "carries": list(resource.carries) if resource.carries is not None else None,
            },
        }
        if reads.origins:
            body["resource"]["origins"] = [_origin(path, origin) for path, origin in view.origins]
        if view.facts:
            body["resource"]["facts"] = [{"path": list(path), "fact": fact} for path, fact in view.facts]
        related: dict[str, list[dict[str, Any]]] = {}
        members: dict[str, tuple[Resource, ...]] = {}
        opened: list[str] = []
        outside: list[str] = []
        masked = set(view.masked)
        for name, spec in reads.relations.items():
            found = self._members(resource, spec, candidates[name], world)
            members[name] = found.members
            if found.open:
                opened.append(name)
                unknown[(f"@{name}",)] = found.why_open or Unknown("its members are not all known")
            if found.outside:
                outside.append(name)
            rows: list[dict[str, Any]] = []
            for index, member in enumerate(found.members):
                inner = View(member.properties, member_trees[name], world, type_name=member.type)
                unknown.update(_inside(name, index, inner))
                masked.update((f"@{name}", index, *path) for path in inner.masked)
                rows.append(
                    {
                        "address": member.address,
                        "type": member.type,
                        "properties": inner.properties,
                        "unknown": paths_as_json(inner.unknown),
                    }
                )
            related[name] = rows
        body["related"] = related
        body["open"] = opened
        body["outside"] = outside
        return Document(body, resource, members, unknown, world, frozenset(masked))

    def _members(self, resource: Resource, spec: RelationSpec, candidates: Candidates, world: World) -> Members:
        if candidates.fixed is not None:
            return candidates.fixed
        return self.relations(spec).members(resource, world, candidates.possible)


@dataclass(frozen=True)
class StackDocument:
    """The document of stack rules: every resource of the policy's types. Paths start with `@AWS::X::Y` and an index."""

    body: Mapping[str, Any]
    members: Mapping[str, tuple[Resource, ...]]
    unknown: Mapping[Path, Unknown]
    world: World

    def json(self) -> bytes:
        """The document as JSON."""
        return orjson.dumps(self.body)


def stack_document(
    builder: DocumentBuilder, types: Mapping[str, Sequence[ReadPath]], trees: Mapping[str, Reads], world: World
) -> StackDocument:
    """The template as stack rules of a policy with these types see it, in one world."""
    graph = builder.graph
    unknown: dict[Path, Unknown] = {}
    members: dict[str, tuple[Resource, ...]] = {}
    template: dict[str, list[dict[str, Any]]] = {}
    opened: list[str] = []
    for name in types:
        rows: list[dict[str, Any]] = []
        there = [
            one
            for one in graph.by_type.get(name, ())
            if one.carries is None and ((isinstance(one.exists, Const) and one.exists.value) or world.truth(one.exists))
        ]
        members[name] = tuple(there)
        if graph.incomplete and can_be_declared(graph, (name,)):
            opened.append(name)
            unknown[(f"@{name}",)] = Unknown(graph.incomplete[0])
        for index, one in enumerate(there):
            view = View(one.properties, trees[name], world, type_name=one.type)
            unknown.update(_inside(name, index, view))
            rows.append(
                {
                    "address": one.address,
                    "type": one.type,
                    "scope": {"provider": one.scope.provider, "account": one.scope.account, "region": one.scope.region},
                    "properties": view.properties,
                    "unknown": paths_as_json(view.unknown),
                }
            )
        template[name] = rows
    body = {"schema": SCHEMA, "source": builder.source, "template": template, "open": opened}
    return StackDocument(body, members, unknown, world)


def _inside(name: str, index: int, view: View) -> dict[Path, Unknown]:
    return {(f"@{name}", index, *path): why for path, why in view.unknown.items()}


def paths_as_json(paths: Iterable[Path]) -> list[list[str | int]]:
    """Paths in a fixed order, as JSON lists."""
    return [list(path) for path in sorted(paths, key=path_key)]


def path_key(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Orders paths step by step, indexes as numbers and before names."""
    return tuple((0, step, "") if isinstance(step, int) else (1, 0, step) for step in path)


def _origin(path: Path, origin: Origin | None) -> dict[str, Any]:
    if origin is None:
        return {"path": list(path), "kind": "literal", "name": "", "secret": False, "has_default": False}
    return {
        "path": list(path),
        "kind": origin.kind,
        "name": origin.name,
        "secret": origin.secret,
        "has_default": origin.has_default,
    }
