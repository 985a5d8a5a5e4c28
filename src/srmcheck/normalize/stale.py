"""Known values that a plan or state only holds as copies of standalone parts (docs: input document, "Stale copies").

In a plan a known value that the configuration does not set is dropped if the resource is neither created nor replaced and a
standalone part, before or after, names it; in a state wherever such a part is there too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from srmcheck.normalize.merge import branches
from srmcheck.normalize.scalars import text
from srmcheck.normalize.tables import Explanation, Plan, Table
from srmcheck.template import SourceResource, Template
from srmcheck.values import Node, Reference, Unknown

Parent = Callable[[SourceResource, str, tuple[str, ...]], Node]
"""Gives whom a resource names by one of its attributes, as a canonical reference to one of some types."""


class Copies:
    """Knows which standalone parts name which resources of one template."""

    def __init__(self, template: Template, tables: Mapping[str, Table], parent: Parent) -> None:
        self._template = template
        self._tables = tables
        self._parent = parent
        self._named: dict[tuple[str, str], dict[str, list[SourceResource]]] = {}
        self._by_type: dict[str, list[SourceResource]] | None = None
        self._asked = template.format in ("plan", "state")

    def without(self, source: SourceResource, table: Table) -> SourceResource:
        """The resource without stale copies; itself if it has none."""
        if not self._asked or not isinstance(source.body.value, dict):
            return source
        if self._template.format == "plan" and (not source.stale or source.changes in ("create", "replace", "")):
            return source
        keys = source.stale if self._template.format == "plan" else source.body.value.keys()
        dropped = [key for key in keys if self._is_copy(key, source, table)]
        if not dropped:
            return source
        body = {name: node for name, node in source.body.value.items() if name not in dropped}
        return replace(source, body=source.body.with_value(body))

    def _is_copy(self, key: str, source: SourceResource, table: Table) -> bool:
        for explanation in self._explanations(key, table):
            for part in self._parts(explanation.type, explanation.by, table.types).get(source.address, ()):
                if explanation.key is None or _text(part, explanation.key) == explanation.value:
                    return True
        return False

    def _explanations(self, key: str, table: Table) -> Iterable[Explanation]:
        given = table.explained.get(key)
        if given is not None:
            return given
        plan = table.plans.get(table.types[0])
        if plan is None or key not in plan.steps:
            return ()
        sets = _top(plan, key)
        return [
            Explanation([other.name, other.join[0], None, None])
            for other in self._tables.values()
            if other.join is not None and set(other.types) & set(table.types) and not sets.isdisjoint(other.join[2])
        ]

    def _parts(self, kind: str, by: str, types: tuple[str, ...]) -> dict[str, list[SourceResource]]:
        found = self._named.get((kind, by))
        if found is None:
            found = self._named[(kind, by)] = {}
            for part in self._sources().get(kind, ()):
                for _, node in branches(self._parent(part, by, types)):
                    value = node.value
                    if isinstance(value, Reference):
                        found.setdefault(value.address, []).append(part)
                    elif isinstance(value, Unknown):
                        for address in value.candidates:
                            found.setdefault(address, []).append(part)
        return found

    def _sources(self) -> dict[str, list[SourceResource]]:
        if self._by_type is None:
            self._by_type = {}
            for source in (*self._template.resources, *self._template.before):
                if source.mode == "managed":
                    self._by_type.setdefault(source.type, []).append(source)
        return self._by_type


def _top(plan: Plan, key: str) -> set[str]:
    found: set[str] = set()
    for step in plan.steps[key]:
        if step.path:
            found.add(step.path[0])
        elif step.plan is not None:
            found.update(path[0] for path in step.plan.targets() if path)
    return found


def _text(source: SourceResource, key: str) -> object:
    body = source.body.value
    value = body[key].value if isinstance(body, dict) and key in body else None
    return text(value) if isinstance(value, (str, bool, int, float)) else None
