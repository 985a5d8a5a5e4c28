"""The compiled translation tables at run time: one plan per Terraform type, decoded when the type is first met."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from srmcheck.normalize.references import Naming
from srmcheck.schema import ResourceType, Schema, Shape
from srmcheck.schema.indexed import IndexedFile


class Step:
    """What happens to one attribute: `operation` at `path` below where its block goes, whose shape there is `shape`; `plan`
    for nested blocks, `data` what the operation needs."""

    __slots__ = ("data", "operation", "path", "plan", "shape")

    def __init__(self, written: list[Any], target: Shape) -> None:
        self.operation: str = written[0]
        self.path: tuple[str, ...] = tuple(written[1])
        self.data: Any = None
        self.plan: Plan | None = None
        self.shape = target.at(self.path) or Shape("any")
        if self.operation in ("block", "blocks"):
            self.plan = Plan(written[2], self.shape.item if self.operation == "blocks" else self.shape)
        elif self.operation in ("const", "refer"):
            self.data = (written[2], written[3])
        elif self.operation == "keyed":
            self.data = (written[2], *written[3])
        elif len(written) > 2:
            self.data = written[2]


class Plan:
    """How one block is translated: steps by attribute, defaults (attribute, value, range of provider versions), attributes
    that a plan or state hides, what stands in every such block, and the attributes that make one element several."""

    __slots__ = ("always", "defaults", "fan", "opaque", "shape", "steps")

    def __init__(self, written: Mapping[str, Any], shape: Shape) -> None:
        self.shape = shape
        self.steps: dict[str, tuple[Step, ...]] = {
            name: tuple(Step(step, shape) for step in steps) for name, steps in written["steps"].items()
        }
        self.defaults: tuple[tuple[str, Any, str | None], ...] = tuple(map(tuple, written.get("defaults", ())))
        self.opaque: frozenset[str] = frozenset(written.get("opaque", ()))
        self.always: tuple[tuple[tuple[str, ...], Any], ...] = tuple(
            (tuple(path), value) for path, value in written.get("always", ())
        )
        self.fan: tuple[str, ...] = tuple(written.get("fan", ()))

    def targets(self) -> list[tuple[str, ...]]:
        """The paths below where the block goes that its attributes can set."""
        found: dict[tuple[str, ...], None] = {}
        for steps in self.steps.values():
            for step in steps:
                if step.path or step.plan is None:
                    found.setdefault(step.path)
                else:
                    found.update(dict.fromkeys(step.plan.targets()))
        return list(found)


class Explanation:
    """A standalone type whose copy an attribute may hold: the attribute that names the resource, and a test."""

    __slots__ = ("by", "key", "type", "value")

    def __init__(self, written: list[Any]) -> None:
        self.type, self.by, self.key, self.value = written


class Table:
    """One Terraform type. `join`: (attribute that names the parent, list that it adds to or None, properties it can set);
    `extends`: the lists that it sets are added to the parent's; `orphan`: the property that holds the parent's name in a part
    without its parent."""

    def __init__(self, name: str, record: Mapping[str, Any], schema: Schema) -> None:
        self.name = name
        self.types: tuple[str, ...] = tuple(record["types"])
        kinds: dict[str, ResourceType] = {}
        for kind in (*self.types, *(part["type"] for part in record.get("parts", ()))):
            found = schema.get(kind)
            assert found is not None, kind
            kinds[kind] = found
        join = record.get("join")
        self.join: tuple[str, str | None, tuple[str, ...]] | None = (
            (join["by"], join["append"], tuple(join["sets"])) if join else None
        )
        self.extends: bool = bool(join and join.get("extend"))
        self.orphan: str | None = join.get("orphan") if join else None
        self.plans: dict[str, Plan] = {}
        for kind, plan in record["plans"].items():
            shape = kinds[kind].root
            if join and join["append"]:
                shape = shape.properties[join["append"]].item
            self.plans[kind] = Plan(plan, shape)
        self.type_by: tuple[str, Mapping[str, str | None]] | None = (
            tuple(record["type_by"]) if "type_by" in record else None
        )
        self.parts: tuple[tuple[str, str, Plan], ...] = tuple(
            (part["type"], part["given"], Plan(part["plan"], kinds[part["type"]].root))
            for part in record.get("parts", ())
        )
        self.explained: dict[str, tuple[Explanation, ...]] = {
            key: tuple(map(Explanation, given)) for key, given in record.get("explained", {}).items()
        }
        self.naming = Naming(
            self.types,
            record["identities"],
            record["computed"],
            record.get("same", {}),
            kinds[self.types[0]].arn,
        )


class Tables:
    """All tables, decoded when asked for."""

    def __init__(self, file: IndexedFile, schema: Schema) -> None:
        self._file = file
        self._schema = schema
        self._tables: dict[str, Table] = {}

    def __iter__(self) -> Any:
        return iter(self._file)

    def get(self, name: str) -> Table | None:
        """The table of a Terraform type, None where there is none."""
        found = self._tables.get(name)
        if found is None and name in self._file:
            found = self._tables[name] = Table(name, self._file.read(name), self._schema)
        return found


@cache
def load_tables() -> Tables:
    """The tables that ship with this version. They are read once."""
    from srmcheck.schema import load

    return Tables(IndexedFile(Path(__file__).with_name("tables.jsonl")), load())
