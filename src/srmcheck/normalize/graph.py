"""From a template to its resource graph: translation or coercion, joins, edges (docs: normalization)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from srmcheck.conditions import FALSE, Condition, conjoin
from srmcheck.graph.resource import Edge, Resource, ResourceGraph
from srmcheck.normalize.coerce import TOO_DEEP, Coercer
from srmcheck.normalize.join import Draft, PartOf, join
from srmcheck.normalize.merge import branches, marked
from srmcheck.normalize.policy_document import PolicyDocuments
from srmcheck.normalize.references import Naming, References
from srmcheck.normalize.stale import Copies
from srmcheck.normalize.tables import Table, Tables, load_tables
from srmcheck.normalize.translate import Translator
from srmcheck.schema import ResourceType, Schema, Shape, load
from srmcheck.template import SourceResource, Template
from srmcheck.values import ABSENT, NOTHING, Choice, Json, Node, Path, Reference, Spread, Text, Unknown, get, lift


def normalize(template: Template) -> ResourceGraph:
    """The canonical resources of a template, in its order, with the edges between them.

    Never raises on any tree that a loader can give: what can't be read is unknown. Resources without a canonical form are
    counted in `unjudged` by their source type.
    """
    return _Normalizer(template, load(), load_tables()).graph()


class _Normalizer:
    def __init__(self, template: Template, schema: Schema, tables: Tables) -> None:
        self._template = template
        self._schema = schema
        self._tables = tables
        self._is_terraform = template.language == "terraform"
        self._namings: dict[str, Naming | None] = {}
        self._references = References(template, self._naming)
        documents = PolicyDocuments(self._references)
        self._coercer = Coercer(self._references, documents.rendered)
        self._translator = Translator(template, self._coercer)
        self._unjudged: Counter[str] = Counter()
        self._used: dict[str, Table] = {}
        if self._is_terraform:
            for name in dict.fromkeys(one.type for one in (*template.resources, *template.before)):
                table = tables.get(name)
                if table is not None:
                    self._used[name] = table
        self._copies = Copies(template, self._used, self._parent)

    def graph(self) -> ResourceGraph:
        drafts: dict[str, list[Draft]] = {}
        parts: list[PartOf] = []
        order: dict[str, int] = {}
        for number, source in enumerate(self._template.resources):
            if source.mode != "managed" or source.exists == FALSE:
                continue
            order.setdefault(source.address, number)
            made, part = self._source(source)
            if made:
                drafts.setdefault(source.address, []).extend(made)
            if part is not None:
                parts.append(part)
        orphans = join(parts, drafts, may_be_any=self._template.format == "plan")
        resources = [draft.finished() for group in drafts.values() for draft in group]
        if orphans:
            resources.extend(orphans)
            resources.sort(key=lambda one: (order[one.address], one.part))
        return ResourceGraph(
            self._template,
            tuple(resources),
            tuple(edge for resource in resources for edge in edges_of(resource, self._references)),
            dict(sorted(self._unjudged.items())),
            self._template.incomplete,
        )

    def _source(self, source: SourceResource) -> tuple[list[Draft], PartOf | None]:
        try:
            if not self._is_terraform:
                return self._cloudformation(source), None
            table = self._used.get(source.type)
            if table is None:
                self._unjudged[source.type] += 1
                return [], None
            if table.join is not None:
                return [], self._part(source, table)
            return self._terraform(source, table), None
        except RecursionError:
            types = self._types(source)
            properties = Node({"*": Node(TOO_DEEP, source.place)}, source.place)
            return [Draft(source, types[0], properties, exists=source.exists)] if types else [], None

    def _types(self, source: SourceResource) -> tuple[str, ...]:
        naming = self._naming(source)
        return naming.types if naming is not None else ()

    # CloudFormation

    def _cloudformation(self, source: SourceResource) -> list[Draft]:
        kind = self._schema.get(source.type)
        if kind is None:
            self._unjudged[source.type] += 1
            return []
        self._coercer.scope = source.scope
        return [
            Draft(
                source, source.type, _object(self._coercer.coerce(source.body, kind.root), source), exists=source.exists
            )
        ]

    # Terraform

    def _terraform(self, source: SourceResource, table: Table) -> list[Draft]:
        source = self._copies.without(source, table)
        if not isinstance(source.body.value, dict):
            return [Draft(source, name, _object(source.body, source), exists=source.exists) for name in table.types]
        found: list[Draft] = []
        for exists, kind, unknown in self._kinds(source, table):
            if kind is None:
                whole = Node({"*": unknown}, source.place)
                found.extend(Draft(source, name, whole, exists=exists) for name in table.types)
                continue
            plan = table.plans[kind]
            for guard, body in self._translator.fanned(plan, source.body):
                when = conjoin(exists, guard)
                if when != FALSE:
                    properties = self._translator.properties(plan, source, body)
                    found.append(Draft(source, kind, properties, exists=when))
        for kind, given, plan in table.parts:
            node = source.body.value.get(given)
            for guard, one in branches(self._coercer.opened(node)) if node is not None else ():
                when = conjoin(source.exists, guard)
                if when != FALSE and _is_given(one):
                    body = {**source.body.value, given: one}
                    found.append(Draft(source, kind, self._translator.properties(plan, source, body), exists=when))
        for number, draft in enumerate(found):
            draft.part = number
        return found

    def _kinds(self, source: SourceResource, table: Table) -> Iterator[tuple[Condition, str | None, Node]]:
        """The canonical types of a resource with the conditions under which it has them; None and the unknown where that can't
        be told."""
        if table.type_by is None:
            yield source.exists, table.types[0], NOTHING
            return
        attribute, cases = table.type_by
        body = source.body.value
        assert isinstance(body, dict)
        for guard, one in branches(self._coercer.coerce(body.get(attribute, NOTHING), _TEXT)):
            when = conjoin(source.exists, guard)
            written = "" if one.value is ABSENT or one.value is None else one.value
            kind = cases.get(written) if isinstance(written, str) else None
            if kind is None and isinstance(written, str) and written in cases:
                continue  # a kind that has no canonical type
            known = isinstance(one.value, Unknown)
            yield when, kind, one if known else Node(Unknown("type that is not known"), one.place or source.place)

    def _part(self, source: SourceResource, table: Table) -> PartOf:
        assert table.join is not None
        body = source.body.value
        properties: dict[str, Node] = {}
        rest = None if isinstance(body, dict) else source.body
        if isinstance(body, dict):
            made = self._translator.properties(table.plans[table.types[0]], source, body).value
            assert isinstance(made, dict)
            properties, rest = made, made.pop("*", None)
        if rest is not None:
            sets = table.join[2]
            properties = {**dict.fromkeys(sets, rest), **properties}
        parent = self._parent(source, table.join[0], table.types)
        return PartOf(source, table, parent, Node(properties, source.body.place, None, source.body.secret))

    def _parent(self, source: SourceResource, attribute: str, types: tuple[str, ...]) -> Node:
        """Whom a resource names by an attribute: a reference to one of these types, a text, an unknown, or a choice of them."""
        body = source.body
        node = body.value.get(attribute, NOTHING) if isinstance(body.value, dict) else body
        shape = Shape("string")
        shape.refers = types
        self._coercer.scope = source.scope
        return self._coercer.coerce(node, shape)

    # Names

    def _naming(self, source: SourceResource) -> Naming | None:
        found = self._namings.get(source.type, _UNSEEN)
        if found is _UNSEEN:
            found = self._namings[source.type] = self._new_naming(source.type)
        return found

    def _new_naming(self, name: str) -> Naming | None:
        if self._is_terraform:
            table = self._tables.get(name)
            return table.naming if table is not None else None
        kind = self._schema.get(name)
        return _naming_of(kind) if kind is not None else None


_UNSEEN = Naming((), {}, {}, {})
_TEXT = Shape("string")


def _naming_of(kind: ResourceType) -> Naming:
    computed = {name: name for name in kind.read_only}
    return Naming((kind.name,), kind.identities, computed, {}, kind.arn)


def _is_given(node: Node) -> bool:
    return node.value is not ABSENT and node.value is not None and node.value != ""


def _object(node: Node, source: SourceResource) -> Node:
    """The properties as a dict node; what is none is unknown as a whole."""
    if isinstance(node.value, dict):
        return node
    if isinstance(node.value, Choice):
        keys: dict[str, None] = {}
        for _, branch in branches(node):
            keys.update(dict.fromkeys(branch.value if isinstance(branch.value, dict) else {}))
        return Node({key: lift(node, _getter(key)) for key in keys}, node.place or source.place, None, node.secret)
    if isinstance(node.value, Unknown):
        return Node({"*": node}, node.place or source.place)
    return Node({}, node.place or source.place)


def _getter(key: str) -> Callable[[Node], Node]:
    return lambda node: marked(get(node, key), node.secret)


def edges_of(resource: Resource, references: References) -> Iterator[Edge]:
    """The edges that start from a resource: from every reference in its properties, and to whatever an unknown may be."""
    stack: list[tuple[Path, Node]] = [((), resource.properties)]
    there = references.by_address
    seen: set[tuple[Path, str, str]] = set()
    while stack:
        path, node = stack.pop()
        value = node.value
        kind = type(value)
        if kind is str or kind is bool or kind is int:
            continue
        if isinstance(value, dict):
            stack.extend(((*path, key), inner) for key, inner in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend(((*path, number), value[number]) for number in range(len(value) - 1, -1, -1))
        elif isinstance(value, Choice):
            stack.extend((path, branch) for _, branch in reversed(value.branches))
        elif isinstance(value, (Json, Spread)):
            stack.append((path, value.of))
        else:
            for target, attribute in _ends(value):
                if target in there:
                    end = (path, target, attribute)
                    if end not in seen:
                        seen.add(end)
                        yield Edge(resource.address, *end)


def _ends(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Reference):
        yield value.address, value.attribute
    elif isinstance(value, Text):
        for part in value.parts:
            yield from _ends(part)
    elif isinstance(value, Unknown):
        for address in value.candidates:
            yield address, ""
