"""Makes the tables that ship: `python -m srmcheck.normalize.compile compile|check|coverage TYPE` (docs: normalization).

Reads `tables/*.yaml`, derives what matches by name, checks every row against the provider's schema and the canonical one,
and writes `tables.jsonl`. Run by hand and in CI, never by the program.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from srmcheck.normalize.rows import Join, Part, Row, Table, TableError, load_tables
from srmcheck.schema import ResourceType, Schema, Shape, load
from srmcheck.schema.indexed import indexed

HERE = Path(__file__).parent
PROVIDER = HERE.parents[2] / "vocabulary" / "terraform-aws-5.100.0.json.gz"
TABLES = HERE / "tables"
COMPILED = HERE / "tables.jsonl"

_SCALARS = frozenset({"string", "integer", "number", "boolean", "cidr", "any"})
_FREE = frozenset({"document", "policy", "any"})
_NEVER = frozenset({"id", "tags_all", "timeouts"})


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute or nested block of the provider's schema. `body` are the attributes of a nested block, or of the
    objects in a list; `configurable`: an author can set it."""

    type: Any
    configurable: bool
    body: Mapping[str, Attribute] | None = None
    block: bool = False


def provider_schema() -> dict[str, Mapping[str, Attribute]]:
    """The resource types of the AWS provider."""
    with gzip.open(PROVIDER, "rt", encoding="utf-8") as file:
        written = json.load(file)
    return {name: _attributes(body) for name, body in written["resource"].items()}


def _attributes(body: Mapping[str, Any]) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    for name, spec in body.items():
        if isinstance(spec, dict):
            found[name] = Attribute("block", True, _attributes(spec["body"]), True)
        else:
            kind, flags = spec
            configurable = "o" in flags or "r" in flags
            inner = kind[1] if isinstance(kind, list) and isinstance(kind[1], list) else None
            objects = inner if inner is not None and inner[0] == "object" else None
            fields = {key: Attribute(of, configurable) for key, of in objects[1].items()} if objects else None
            found[name] = Attribute(kind, configurable, fields)
    return found


@dataclass(frozen=True, slots=True)
class _Target:
    """Where the attributes of one block go: `shape` at the absolute `path`; what is derived goes to `derive`, at `into`
    relative to it, or nowhere."""

    shape: Shape
    path: tuple[str, ...]
    derive: Shape | None
    into: tuple[str, ...] = ()


@dataclass
class _Compiler:
    name: str
    rows: Mapping[tuple[str, ...], list[Row]]
    kind: ResourceType
    fans: Mapping[tuple[str, ...], tuple[str, ...]]
    used: set[int] = field(default_factory=set)
    mapped: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    touched: set[tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.touched = {path[:length] for path in self.rows for length in range(1, len(path))}

    def fail(self, row: Row, why: str) -> TableError:
        return TableError(f"{self.name}: {row.kind} {'.'.join(row.source)}: {why}")

    def plan(self, path: tuple[str, ...], body: Mapping[str, Attribute], target: _Target) -> dict[str, Any]:
        """The plan of one block (of the resource itself for the empty path)."""
        steps: dict[str, list[Any]] = {}
        for name, attribute in body.items():
            found = self._steps((*path, name), attribute, target)
            if found:
                steps[name] = found
        plan: dict[str, Any] = {"steps": steps}
        for row in self.rows.get((*path, "*"), ()):
            self.used.add(id(row))
        defaults = [
            [row.source[-1], row.value, row.provider]
            for at, rows in self.rows.items()
            if at[:-1] == path
            for row in rows
            if row.kind == "default"
        ]
        opaque = [at[-1] for at, rows in self.rows.items() if at[:-1] == path for row in rows if row.kind == "opaque"]
        always = [
            [list(self._relative(row, target)), row.value]
            for row in self.rows.get(path, ())
            if row.kind == "const" and path and self._is_inside(row, target)
        ]
        plan.update(
            {key: rows for key, rows in (("defaults", defaults), ("opaque", opaque), ("always", always)) if rows}
        )
        if path in self.fans:
            plan["fan"] = list(self.fans[path])
        return plan

    def _is_inside(self, row: Row, target: _Target) -> bool:
        return len(row.target) > len(target.path) and row.target[: len(target.path)] == target.path

    def _steps(self, path: tuple[str, ...], attribute: Attribute, target: _Target) -> list[Any]:
        rows = self.rows.get(path, ())
        for row in rows:
            self.used.add(id(row))
            if not attribute.configurable:
                raise self.fail(row, "only the provider sets this attribute")
        steps: list[Any] = []
        main = False
        for row in rows:
            match row.kind:
                case "move" | "collect" | "document":
                    main = True
                    if row.target:  # a row without a target: the attribute goes nowhere
                        steps.extend(self._move(path, attribute, target, row))
                case "values":
                    main = True
                    goal = row.target or self._derived(path, attribute, target)
                    if goal is None:
                        raise self.fail(row, "no property of that name; say where it goes")
                    relative = self._relative(row, target, goal)
                    self._mapped(path, (*target.path, *relative))
                    steps.append(["values", list(relative), row.value])
                case "each":
                    main = True
                    steps.append(self._each(path, target, row))
                case "keyed":
                    main = True
                    steps.append(self._keyed(path, target, row))
                case "const":
                    if not self._is_own(row, path, target):
                        steps.append(self._const(target, row))
                case _:
                    pass
        if main or not attribute.configurable or (len(path) == 1 and path[0] in _NEVER):
            return steps
        goal = self._derived(path, attribute, target)
        if goal is not None:
            row = Row("derived", path, goal)
            steps.extend(self._move(path, attribute, target, row))
        elif attribute.body is not None and path in self.touched:
            inner = _Target(target.shape, target.path, None)
            steps.append(["block", [], self.plan(path, attribute.body, inner)])
        return steps

    def _is_own(self, row: Row, path: tuple[str, ...], target: _Target) -> bool:
        """Whether a const row on a block speaks about the object that the block becomes."""
        goals = [other.target for other in self.rows.get(path, ()) if other.kind in ("move", "collect")]
        goal = goals[0] if goals else self._derived(path, None, target)
        return bool(goal) and len(row.target) > len(goal or ()) and row.target[: len(goal or ())] == goal

    def _relative(self, row: Row, target: _Target, goal: tuple[str, ...] | None = None) -> tuple[str, ...]:
        goal = goal if goal is not None else row.target
        if goal[: len(target.path)] != target.path:
            raise self.fail(row, f"{_dotted(goal)} does not lie below {_dotted(target.path)}, where the block goes")
        return goal[len(target.path) :]

    def _shape(self, row: Row, target: _Target, relative: tuple[str, ...]) -> Shape:
        shape = target.shape.at(relative)
        if shape is None:
            raise self.fail(row, f"{self.kind.name} has no {_dotted((*target.path, *relative))}")
        if _plain((*target.path, *relative)) in self.kind.read_only:
            raise self.fail(row, f"only AWS sets {_dotted((*target.path, *relative))}")
        return shape

    def _derived(self, path: tuple[str, ...], attribute: Attribute | None, target: _Target) -> tuple[str, ...] | None:
        """The absolute path of the property that an attribute matches by its name, if its shape fits."""
        if target.derive is None:
            return None
        wanted = path[-1].replace("_", "").lower()
        for name, shape in target.derive.properties.items():
            if name.lower() == wanted:
                goal = (*target.path, *target.into, name)
                if _plain(goal) in self.kind.read_only or (attribute is not None and not _fits(attribute, shape)):
                    return None
                return goal
        return None

    def _mapped(self, source: tuple[str, ...], goal: tuple[str, ...]) -> None:
        self.mapped.append((source, goal))

    def _move(self, path: tuple[str, ...], attribute: Attribute, target: _Target, row: Row) -> list[Any]:
        relative = self._relative(row, target)
        elements = relative[-1:] == ("[]",)
        if elements:
            relative = relative[:-1]
        if "[]" in relative or (elements and attribute.body is None):
            raise self.fail(row, "a list of objects on the way; use each, collect or a row for the block")
        shape = self._shape(row, target, relative)
        goal = (*target.path, *relative)
        if attribute.body is not None:
            if row.kind != "derived" and elements != (shape.kind == "list"):
                raise self.fail(row, f"write {_dotted(goal)}{'' if elements else '[]'}, it is {shape.kind}")
            return [self._block(path, attribute.body, shape, goal, relative, row)]
        if shape.kind == "object" and attribute.type == "bool":
            inner = _only_boolean(shape)
            if inner is None:
                raise self.fail(row, f"{_dotted(goal)} is an object")
            relative, goal = (*relative, inner), (*goal, inner)
        self._mapped(path, goal)
        structured = shape.kind == "object" or (shape.kind == "list" and shape.item.kind == "object")
        if attribute.type == "string" and structured:
            return [["document", list(relative)]]
        return [["value", list(relative)]]

    def _block(
        self,
        path: tuple[str, ...],
        body: Mapping[str, Attribute],
        shape: Shape,
        goal: tuple[str, ...],
        relative: tuple[str, ...],
        row: Row,
    ) -> list[Any]:
        if shape.kind == "list" and shape.item.kind == "object":
            operation, shape, goal = "blocks", shape.item, (*goal, "[]")
        elif shape.kind == "object":
            operation = "block"
        else:
            raise self.fail(row, f"a block cannot become {_dotted(goal)}, a {shape.kind}")
        self._mapped(path, goal)
        return [operation, list(relative), self.plan(path, body, self._inner(path, shape, goal, row))]

    def _inner(self, path: tuple[str, ...], shape: Shape, goal: tuple[str, ...], row: Row) -> _Target:
        for rest in self.rows.get((*path, "*"), ()):
            into = rest.target[len(goal) :]
            if rest.target[: len(goal)] != goal or "[]" in into:
                raise self.fail(rest, f"does not lie below {_dotted(goal)}")
            return _Target(shape, goal, shape.at(into), into)
        return _Target(shape, goal, shape)

    def _each(self, path: tuple[str, ...], target: _Target, row: Row) -> list[Any]:
        relative = self._relative(row, target)
        if relative.count("[]") != 1 or relative[-2] != "[]":
            raise self.fail(row, "the target must look like List[].Key")
        self._shape(row, target, relative)
        self._mapped(path, (*target.path, *relative))
        return ["each", list(relative[:-2]), relative[-1]]

    def _keyed(self, path: tuple[str, ...], target: _Target, row: Row) -> list[Any]:
        relative = self._relative(row, target)
        shape = self._shape(row, target, relative)
        self._mapped(path, (*target.path, *relative))
        if shape.kind == "map":
            return ["value", [*relative, row.value]]
        names = [name for name in ("Key", "Name") if name in shape.item.properties] if shape.kind == "list" else []
        if not names:
            raise self.fail(row, f"{_dotted(relative)} is neither a map nor a list of keys and values")
        return ["keyed", list(relative), row.value, [names[0], "Value"]]

    def _const(self, target: _Target, row: Row) -> list[Any]:
        relative = self._relative(row, target)
        self._shape(row, target, relative)
        if isinstance(row.value, str) and row.value.startswith("$"):
            origin = row.value[1:]
            return ["refer", list(relative), None if origin == "self" else origin, row.equals]
        return ["const", list(relative), row.value, row.equals]


def _fits(attribute: Attribute, shape: Shape) -> bool:
    """Whether a value of the attribute can become the shape without a row."""
    kind = attribute.type
    if attribute.body is not None:
        return shape.kind == "object" or (shape.kind == "list" and shape.item.kind == "object")
    if shape.kind in _FREE:
        return True
    if kind == "string":
        return True
    if isinstance(kind, str):
        if shape.kind == "object":
            return kind == "bool" and _only_boolean(shape) is not None
        return shape.kind in _SCALARS or (shape.kind == "list" and shape.item.kind in _SCALARS)
    if kind[0] == "map":
        return shape.kind == "map" or (shape.kind == "list" and "Value" in shape.item.properties)
    return shape.kind == "list"


def _only_boolean(shape: Shape) -> str | None:
    """The boolean of an object that a plain true or false can stand for."""
    names = [name for name, inner in shape.properties.items() if inner.kind == "boolean"]
    if "Enabled" in names:
        return "Enabled"
    return names[0] if len(names) == 1 == len(shape.properties) else None


def compile_tables() -> bytes:
    """The bytes of `tables.jsonl`. Raises TableError."""
    provider = provider_schema()
    schema = load()
    tables = load_tables(TABLES)
    records = {name: compile_table(table, provider, schema) for name, table in tables.items()}
    _check_explanations(tables, provider)
    return indexed({"version": 1}, records)


def compile_table(table: Table, provider: Mapping[str, Mapping[str, Attribute]], schema: Schema) -> dict[str, Any]:
    """The record of one Terraform type. Raises TableError."""
    body = provider.get(table.name)
    if body is None:
        raise TableError(f"{table.name}: the provider has no such type")
    kinds = {name: schema.get(name) for name in table.types}
    mapped: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    plans: dict[str, Any] = {}
    for name, kind in kinds.items():
        if kind is None:
            raise TableError(f"{table.name}: the schema has no type {name}")
        if not plans or table.type_by is not None:
            plans[name], mapped = _plan(table, table.rows, body, kind, table.join)
    main = kinds[table.types[0]]
    assert main is not None
    record: dict[str, Any] = {"types": list(table.types), "plans": plans}
    record.update(_names(table, body, main, mapped))
    if table.type_by is not None:
        attribute, cases = table.type_by
        _known(table, body, attribute)
        record["type_by"] = [attribute, cases]
    if table.join is not None:
        _known(table, body, table.join.by)
        record["join"] = {
            "by": table.join.by,
            "append": table.join.append,
            "sets": sorted({goal[0] for _, goal in mapped}) if not table.join.append else [table.join.append],
        }
    for at, names in table.fans.items():
        for name in names:
            _known(table, body, ".".join((*at, name)))
    if table.parts:
        record["parts"] = [_part(table, part, body, schema) for part in table.parts]
    if table.explained:
        for attribute in table.explained:
            _known(table, body, attribute)
        record["explained"] = {key: [list(one) for one in given] for key, given in table.explained.items()}
    return record


def _plan(
    table: Table, written: Iterable[Row], body: Mapping[str, Attribute], kind: ResourceType, join: Join | None
) -> tuple[dict[str, Any], list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    rows: dict[tuple[str, ...], list[Row]] = {}
    for row in written:
        if table.type_by is None or row.only is None or row.only == kind.name:
            rows.setdefault(row.source, []).append(row)
    compiler = _Compiler(table.name, rows, kind, table.fans)
    shape, path = kind.root, tuple[str, ...]()
    if join is not None and join.append:
        path = (join.append, "[]")
        found = shape.at(path)
        if found is None:
            raise TableError(f"{table.name}: {kind.name} has no list {join.append}")
        shape = found
    target = compiler._inner((), shape, path, Row("join", ()))
    if join is not None:
        body = {name: attribute for name, attribute in body.items() if name != join.by}
    plan = compiler.plan((), body, target)
    for group in rows.values():
        for row in group:
            if row.kind in ("default", "opaque"):
                _known(table, body, ".".join(row.source))
            elif id(row) not in compiler.used:
                raise compiler.fail(row, "the provider has no such attribute, or no row says where its block goes")
    return plan, compiler.mapped


def _part(table: Table, part: Part, body: Mapping[str, Attribute], schema: Schema) -> dict[str, Any]:
    kind = schema.get(part.type)
    if kind is None:
        raise TableError(f"{table.name}: the schema has no type {part.type}")
    only = {row.source[0] for row in part.rows} | {part.given}
    narrowed = {name: attribute for name, attribute in body.items() if name in only}
    _known(table, body, part.given)
    plan, _ = _plan(table, part.rows, narrowed, kind, None)
    return {"type": part.type, "given": part.given, "plan": plan}


def _names(
    table: Table,
    body: Mapping[str, Attribute],
    kind: ResourceType,
    mapped: Iterable[tuple[tuple[str, ...], tuple[str, ...]]],
) -> dict[str, Any]:
    """By which attributes other resources mean this one, and what the attributes are called that AWS computes."""
    if table.join is not None:
        return {"identities": {}, "computed": {}, "same": dict(table.identities) or {"id": table.join.by}}
    identities: dict[str, str] = {"id": kind.identities["id"]}
    if "arn" in body:
        identities["arn"] = kind.identities["arn"]
    named = {attribute: identity for identity, attribute in kind.named_by.items()}
    for source, goal in mapped:
        if len(source) == 1 and len(goal) == 1 and goal[0] in named:
            identities[source[0]] = named[goal[0]]
    canonical = {name.lower(): identity for name, identity in kind.identities.items()}
    computed = {}
    for name, attribute in body.items():
        if not attribute.configurable and name not in identities:
            computed[name] = canonical.get(name.replace("_", "").lower()) or kind.identities.get(name) or _pascal(name)
    for name, identity in table.identities.items():
        _known(table, body, name, configurable=False)
        computed.pop(name, None)
        identities[name] = identity
    return {"identities": identities, "computed": computed}


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _known(table: Table, body: Mapping[str, Attribute], path: str, *, configurable: bool = True) -> None:
    """Raises TableError unless the provider has the attribute, and authors can set it."""
    attribute: Attribute | None = None
    for step in path.split("."):
        attribute = (body if attribute is None else attribute.body or {}).get(step)
        if attribute is None:
            raise TableError(f"{table.name}: the provider has no attribute {path}")
    if configurable and attribute is not None and not attribute.configurable:
        raise TableError(f"{table.name}: only the provider sets {path}")


def _check_explanations(tables: Mapping[str, Table], provider: Mapping[str, Mapping[str, Attribute]]) -> None:
    for table in tables.values():
        for given in table.explained.values():
            for name, attribute, _, _ in given:
                if name not in provider or attribute not in provider[name]:
                    raise TableError(f"{table.name}: explained by {name}.{attribute}, which the provider lacks")


def _dotted(path: Iterable[str]) -> str:
    return ".".join(path).replace(".[]", "[]")


def _plain(path: Iterable[str]) -> str:
    return ".".join(step for step in path if step != "[]")


def coverage(name: str) -> str:
    """For authors of tables: where each attribute of a Terraform type goes, and which go nowhere."""
    provider = provider_schema()
    table = load_tables(TABLES)[name]
    kind = load().get(table.types[0])
    assert kind is not None
    _, mapped = _plan(table, table.rows, provider[name], kind, table.join)
    lines = [f"{_dotted(source)} -> {_dotted(goal)}" for source, goal in mapped]
    goals = {source for source, _ in mapped}
    stack: list[tuple[tuple[str, ...], Attribute]] = [((key,), value) for key, value in provider[name].items()]
    lost: list[str] = []
    while stack:
        path, attribute = stack.pop()
        if attribute.body is not None:
            stack.extend(((*path, key), value) for key, value in attribute.body.items())
        elif attribute.configurable and path not in goals and path[-1] not in _NEVER:
            lost.append(_dotted(path))
    return "\n".join([*lines, "nowhere: " + ", ".join(sorted(lost))])


def main(arguments: Iterable[str]) -> int:
    """`compile`, `check` or `coverage TYPE`; gives the exit code."""
    command, *rest = [*arguments, ""]
    if command == "coverage" and rest[0]:
        print(coverage(rest[0]))
        return 0
    if command not in ("compile", "check"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        data = compile_tables()
    except TableError as error:
        print(error, file=sys.stderr)
        return 1
    if command == "compile":
        COMPILED.write_bytes(data)
    elif not COMPILED.exists() or COMPILED.read_bytes() != data:
        print(
            "src/srmcheck/normalize/tables.jsonl is not current; run: python -m srmcheck.normalize.compile compile",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
