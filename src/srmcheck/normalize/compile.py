"""Makes the tables that ship: `python -m srmcheck.normalize.compile compile|check|coverage TYPE` (docs: normalization).

Reads `tables/*.yaml`, derives what matches by name, checks every row against the provider's schema and the canonical one,
and writes `tables.jsonl`. Run by hand and in CI, never by the program.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from srmcheck.normalize.plans import NEVER, PlanCompiler, dotted
from srmcheck.normalize.provider import Attribute, provider_schema
from srmcheck.normalize.rows import Join, Part, Row, Table, TableError, load_tables
from srmcheck.schema import ResourceType, Schema, load
from srmcheck.schema.indexed import indexed

HERE = Path(__file__).parent
TABLES = HERE / "tables"
COMPILED = HERE / "tables.jsonl"


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
        if table.join.extend:
            record["join"]["extend"] = True
        if table.join.orphan:
            if table.join.orphan not in main.root.properties:
                raise TableError(f"{table.name}: {main.name} has no {table.join.orphan}")
            record["join"]["orphan"] = table.join.orphan
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
    compiler = PlanCompiler(table.name, rows, kind, table.fans)
    shape, path = kind.root, tuple[str, ...]()
    if join is not None and join.append:
        path = (join.append, "[]")
        found = shape.at(path)
        if found is None:
            raise TableError(f"{table.name}: {kind.name} has no list {join.append}")
        shape = found
    target = compiler.inner((), shape, path, Row("join", ()))
    if join is not None:
        body = {name: attribute for name, attribute in body.items() if name != join.by or (name,) in rows}
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
    same = {}
    for name, identity in table.identities.items():
        _known(table, body, name, configurable=False)
        computed.pop(name, None)
        if identity in body:
            same[name] = identity
            identities.pop(name, None)
        else:
            identities[name] = identity
    return {"identities": identities, "computed": computed, **({"same": same} if same else {})}


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


def coverage(name: str) -> str:
    """For authors of tables: where each attribute of a Terraform type goes, and which go nowhere."""
    provider = provider_schema()
    table = load_tables(TABLES)[name]
    kind = load().get(table.types[0])
    assert kind is not None
    _, mapped = _plan(table, table.rows, provider[name], kind, table.join)
    lines = [f"{dotted(source)} -> {dotted(goal)}" for source, goal in mapped]
    goals = {source for source, _ in mapped}
    stack: list[tuple[tuple[str, ...], Attribute]] = [((key,), value) for key, value in provider[name].items()]
    lost: list[str] = []
    while stack:
        path, attribute = stack.pop()
        if attribute.body is not None:
            stack.extend(((*path, key), value) for key, value in attribute.body.items())
        elif attribute.configurable and path not in goals and path[-1] not in NEVER:
            lost.append(dotted(path))
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
