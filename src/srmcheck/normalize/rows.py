"""Translation tables as they are written: `tables/<service>.yaml`, read strictly (docs: normalization).

Used by the build step and its tests only; the running program reads what `compile.py` made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class TableError(Exception):
    """A table is wrong; the message says which row and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `source` is a path of attributes, `target` an absolute canonical path with `[]` steps; `value` holds what the
    kind needs; `equals` limits a const to one value of the attribute; `provider` a default to some versions; `only` a row to
    one of the types that `type_by` chooses from."""

    kind: str
    source: tuple[str, ...]
    target: tuple[str, ...] = ()
    value: Any = None
    equals: Any = None
    provider: str | None = None
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """A split-out resource: the attribute that names its parent, and the list that it adds an element to, if it does.
    `extend`: the lists that it sets are added to the parent's. `orphan`: the property that holds the parent's name in a part
    without its parent."""

    by: str
    append: str | None = None
    extend: bool = False
    orphan: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One more canonical resource with the same address, there if the attribute `given` is."""

    type: str
    given: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one Terraform type. `types` are the canonical types that it can have; for a split-out resource those of
    the parents that it can have. `explained` maps an attribute to the standalone types whose copy it may hold: (type,
    attribute that names this resource, attribute to test, its value)."""

    name: str
    types: tuple[str, ...]
    rows: tuple[Row, ...]
    type_by: tuple[str, Mapping[str, str | None]] | None = None
    join: Join | None = None
    parts: tuple[Part, ...] = ()
    fans: Mapping[tuple[str, ...], tuple[str, ...]] = None  # type: ignore[assignment]
    identities: Mapping[str, str] = None  # type: ignore[assignment]
    explained: Mapping[str, tuple[tuple[str, str, str | None, Any], ...]] = None  # type: ignore[assignment]


_SIMPLE = ("move", "document", "each")
_KEYS = frozenset(
    {
        *_SIMPLE,
        *("type", "type_by", "same_as", "join", "parts", "identities", "explained"),
        *("values", "keyed", "collect", "fan", "const", "default", "opaque"),
    }
)


def load_tables(directory: Path) -> dict[str, Table]:
    """All tables of a directory, by Terraform type. Raises TableError."""
    import yaml

    tables: dict[str, Table] = {}
    same: dict[str, str] = {}
    for path in sorted(directory.glob("*.yaml")):
        for name, written in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            if name in tables or name in same:
                raise TableError(f"{name}: written twice")
            if isinstance(written, dict) and set(written) == {"same_as"}:
                same[name] = written["same_as"]
            else:
                tables[name] = parse_table(name, written)
    for name, other in same.items():
        if other not in tables:
            raise TableError(f"{name}: same as {other}, which has no table")
        table = tables[other]
        tables[name] = Table(
            name,
            table.types,
            table.rows,
            table.type_by,
            table.join,
            table.parts,
            table.fans,
            table.identities,
            table.explained,
        )
    return dict(sorted(tables.items()))


def parse_table(name: str, written: Any) -> Table:
    """One table. Raises TableError."""
    if not isinstance(written, dict):
        raise TableError(f"{name}: not a mapping")
    unknown = set(written) - _KEYS
    if unknown:
        raise TableError(f"{name}: unknown keys {', '.join(sorted(unknown))}")
    heads = [key for key in ("type", "type_by", "join") if key in written]
    if len(heads) != 1:
        raise TableError(f"{name}: needs exactly one of type, type_by and join")
    type_by: tuple[str, Mapping[str, str | None]] | None = None
    join: Join | None = None
    if "join" in written:
        parent = _mapping(name, written["join"], "join", {"type", "by", "append", "extend", "orphan"})
        types = _names(parent["type"])
        join = Join(parent["by"], parent.get("append"), parent.get("extend", False), parent.get("orphan"))
    elif "type_by" in written:
        ((attribute, cases),) = _mapping(name, written["type_by"], "type_by").items()
        type_by = (attribute, dict(cases))
        types = tuple(dict.fromkeys(kind for kind in cases.values() if kind is not None))
    else:
        types = (written["type"],)
    return Table(
        name,
        types,
        tuple(_rows(name, written)),
        type_by,
        join,
        tuple(_part(name, part) for part in written.get("parts") or ()),
        {_path(key): tuple(value) for key, value in _mapping(name, written.get("fan"), "fan").items()},
        _mapping(name, written.get("identities"), "identities"),
        {
            key: tuple(_explanation(name, one) for one in value)
            for key, value in _mapping(name, written.get("explained"), "explained").items()
        },
    )


def _part(name: str, written: Any) -> Part:
    rest = _mapping(name, written, "parts", {*_KEYS, "given"})
    rows = tuple(_rows(name, {key: value for key, value in rest.items() if key not in ("type", "given")}))
    return Part(rest["type"], rest["given"], rows)


def _explanation(name: str, text: str) -> tuple[str, str, str | None, Any]:
    """`aws_security_group_rule.security_group_id`, or the same and ` type=ingress`."""
    where, _, test = text.partition(" ")
    kind, _, attribute = where.partition(".")
    key, _, value = test.partition("=")
    if not attribute or bool(test) != bool(value):
        raise TableError(f"{name}: explained: expected type.attribute, or type.attribute key=value, not {text!r}")
    return kind, attribute, key or None, value or None


def _rows(name: str, written: Mapping[str, Any]) -> Iterator[Row]:
    targets = _Targets(name, written)
    for kind in _SIMPLE:
        for source, target in _mapping(name, written.get(kind), kind).items():
            by_type = target if isinstance(target, dict) else {None: target}
            for only, goal in by_type.items():
                yield Row(kind, _path(source), targets.absolute(source, goal) if goal else (), only=only)
    for source, row in _mapping(name, written.get("values"), "values").items():
        row = _mapping(name, row, f"values {source}", {"to", "map"})
        goal = targets.absolute(source, row["to"]) if "to" in row else ()
        yield Row("values", _path(source), goal, {_text(key): value for key, value in row["map"].items()})
    for target, keys in _mapping(name, written.get("keyed"), "keyed").items():
        for source, key in keys.items():
            yield Row("keyed", _path(source), _goal(target), key)
    for target, sources in _mapping(name, written.get("collect"), "collect").items():
        for source in sources:
            yield Row("collect", _path(source), (*_goal(target), "[]"))
    for row in written.get("const") or ():
        row = _mapping(name, row, "const", {"given", "equals", "set", "type"})
        for target, value in row["set"].items():
            goal = targets.absolute(f"{row['given']}.set", target)
            yield Row("const", _path(row["given"]), goal, value, row.get("equals"), only=row.get("type"))
    for source, value in _mapping(name, written.get("default"), "default").items():
        ranged = isinstance(value, dict)
        yield Row(
            "default",
            _path(source),
            value=value["value"] if ranged else value,
            provider=value["provider"] if ranged else None,
        )
    for source in written.get("opaque") or ():
        yield Row("opaque", _path(source))


class _Targets:
    """Turns targets into absolute paths: one that starts with a dot lies below where the enclosing block goes."""

    def __init__(self, name: str, written: Mapping[str, Any]) -> None:
        self.name = name
        self.moves = {_path(key): value for key, value in _mapping(name, written.get("move"), "move").items()}
        for target, sources in _mapping(name, written.get("collect"), "collect").items():
            self.moves.update({_path(source): f"{target}[]" for source in sources})

    def absolute(self, source: str, target: str) -> tuple[str, ...]:
        if not target.startswith("."):
            return _goal(target)
        path = _path(source)
        for length in range(len(path) - 1, 0, -1):
            block = self.moves.get(path[:length])
            if isinstance(block, str):
                below = _goal(target.removeprefix("."))
                base = self.absolute(".".join(path[:length]), block)
                return (*base, *below)
        raise TableError(f"{self.name}: {source}: no row says where its block goes, so {target} means nothing")


def _path(text: str) -> tuple[str, ...]:
    return tuple(text.split(".")) if text else ()


def _goal(text: str) -> tuple[str, ...]:
    return tuple(text.replace("[]", ".[]").split("."))


def _text(key: Any) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _mapping(name: str, value: Any, what: str, keys: set[str] | None = None) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TableError(f"{name}: {what}: expected a mapping")
    if keys is not None and set(value) - keys:
        raise TableError(f"{name}: {what}: unknown keys {', '.join(sorted(set(value) - keys))}")
    return dict(value)
