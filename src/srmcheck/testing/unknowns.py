"""Documents with something made unknown, and what it may turn out to be (docs/verdicts.md, "The completion law").

Everything works on the JSON of input documents, as engines see them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from srmcheck.graph.facts import CREDENTIAL_FACTS, facts_about
from srmcheck.policy.model import Policy, ReadPath
from srmcheck.schema import load as load_schema
from srmcheck.testing.judge import Body
from srmcheck.values import Path

# What can be made unknown


@dataclass(frozen=True)
class Holder:
    """One resource in a document: the judged one (name None) or a member of a relation or stack type."""

    name: str | None
    index: int
    reads: tuple[ReadPath, ...]
    type: str

    def of(self, body: Body) -> Body:
        if self.name is None:
            return body["resource"]  # type: ignore[no-any-return]
        groups = body["template"] if "template" in body else body["related"]
        return groups[self.name][self.index]  # type: ignore[no-any-return]


def holders(policy: Policy, body: Body) -> list[Holder]:
    """The resources of a document with what the policy reads of them."""
    if "template" in body:
        return [
            Holder(name, index, policy.types[name], name)
            for name, rows in body["template"].items()
            for index in range(len(rows))
        ]
    kind = body["resource"]["type"]
    found = [Holder(None, 0, policy.types[kind], kind)]
    for relation in policy.related:
        for index, row in enumerate(body["related"].get(relation.name, ())):
            found.append(Holder(relation.name, index, relation.reads, row["type"]))
    return found


def spots(properties: Any, read: ReadPath) -> Iterator[tuple[Path, ReadPath]]:
    """The places of a read path in a resource, with the patterns that lead there: what is written on the way, and below
    a `**`; the first step that is not written stands for the rest, and `[]` at the end of a list for one more element."""

    def walk(value: Any, rest: ReadPath, at: Path, pattern: ReadPath) -> Iterator[tuple[Path, ReadPath]]:
        if at:
            yield at, pattern
        if not rest or value is None:
            return
        step, more = rest[0], rest[1:]
        if step == "**":
            if isinstance(value, dict):
                for key, child in value.items():
                    yield from walk(child, rest, (*at, key), (*pattern, key))
                yield (*at, "*"), (*pattern, "*")
            elif isinstance(value, list):
                for index, child in enumerate(value):
                    yield from walk(child, rest, (*at, index), (*pattern, "[]"))
                yield (*at, len(value)), (*pattern, "[]")
        elif step == "[]":
            if isinstance(value, list):
                for index, child in enumerate(value):
                    yield from walk(child, more, (*at, index), (*pattern, "[]"))
                yield (*at, len(value)), (*pattern, "[]")
        elif isinstance(value, dict):
            yield from walk(value.get(step), more, (*at, step), (*pattern, step))

    yield from walk(properties, read, (), ())


def patterns_of(properties: Any, at: ReadPath = ()) -> Iterator[tuple[ReadPath, Any]]:
    """Every value in a resource with its pattern."""
    yield at, properties
    if isinstance(properties, dict):
        for key, child in properties.items():
            yield from patterns_of(child, (*at, key))
    elif isinstance(properties, list):
        for child in properties:
            yield from patterns_of(child, (*at, "[]"))


@dataclass
class Values:
    """What the fixtures give each pattern of each type, and the members of each relation."""

    at: dict[tuple[str, ReadPath], dict[bytes, Any]] = field(default_factory=dict)
    members: dict[str, dict[bytes, Body]] = field(default_factory=dict)

    def add(self, kind: str, pattern: ReadPath, value: Any) -> None:
        self.at.setdefault((kind, pattern), {}).setdefault(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), value)


def values_of(policy: Policy, documents: Iterable[Body]) -> Values:
    """The values that the documents of a policy's fixtures give."""
    found = Values()
    for body in documents:
        for holder in holders(policy, body):
            row = holder.of(body)
            for pattern, value in patterns_of(row["properties"]):
                found.add(holder.type, pattern, value)
        groups = body["template"] if "template" in body else body["related"]
        for name, rows in groups.items():
            for row in rows:
                key = orjson.dumps([row["properties"], row["unknown"]], option=orjson.OPT_SORT_KEYS)
                if not row["unknown"]:
                    found.members.setdefault(name, {}).setdefault(key, row)
    return found


def made_unknown(body: Body, holder: Holder, spot: Path) -> Body | None:
    """The document in which nothing at or below the spot is known; None where the spot is unknown already, or is none that
    a host would make unknown."""
    changed: Body = copy.deepcopy(body)
    row = holder.of(changed)
    rest = [path for path in row["unknown"] if path[: len(spot)] != list(spot)]
    if any(list(spot[: len(path)]) == path for path in rest):
        return None
    path = list(spot)
    container = container_of(row["properties"], spot)
    last = spot[-1]
    if isinstance(container, list):
        assert isinstance(last, int)
        if last < len(container) and isinstance(container[last], dict):
            keys = _element_keys(holder, spot)
            if not keys:
                return None  # that it is there is all that is read of it
            row["unknown"] = [*rest, *[[*spot, key] for key in keys]]
            container[last] = {}
            _forget_facts(row, spot)
            return changed
        if last < len(container):  # unknown scalars leave the list, the rest close ranks
            del container[last]
            if any(isinstance(item, dict) for item in container):
                return None
            _forget_facts(row, spot[:-1])
        path = [*spot[:-1], len(container)]
        if path in rest:
            return None
    elif isinstance(container, dict):
        if last != "*":
            container.pop(last, None)
    else:
        return None
    _forget_facts(row, spot)
    row["unknown"] = [*rest, path]
    return changed


def _element_keys(holder: Holder, spot: Path) -> list[str]:
    """The keys that a policy reads of an element of a list of objects."""
    keys: dict[str, None] = {}
    for read in holder.reads:
        if "**" in read and len(read) <= len(spot) + 1:
            keys.setdefault("*")
        elif _fits(spot, read[: len(spot)]) and len(read) > len(spot):
            keys.setdefault(read[len(spot)] if read[len(spot)] != "**" else "*")
    return list(keys)


def _fits(spot: Path, pattern: ReadPath) -> bool:
    return len(spot) == len(pattern) and all(
        step == other or (isinstance(step, int) and other == "[]") for step, other in zip(spot, pattern, strict=True)
    )


def completions(body: Body, holder: Holder, spot: Path, pattern: ReadPath, values: Values) -> Iterator[Body]:
    """What may stand at the spot: nothing, the schema's booleans and members of enumerations, and every value that the
    fixtures give this path."""
    given = [*values.at.get((holder.type, pattern), {}).values(), *_schema_values(holder.type, pattern)]
    if spot[-1] == "*":
        yield _completed(body, holder, spot, None)
        written = container_of(holder.of(body)["properties"], spot)
        for value in values.at.get((holder.type, pattern[:-1]), {}).values():
            if isinstance(value, dict) and isinstance(written, dict):
                for key, child in value.items():
                    if key not in written:
                        yield _completed(body, holder, (*spot[:-1], key), child)
        return
    yield _completed(body, holder, spot, None)
    for value in given:
        yield _completed(body, holder, spot, value)


def _completed(body: Body, holder: Holder, spot: Path, value: Any) -> Body:
    changed: Body = copy.deepcopy(body)
    row = holder.of(changed)
    row["unknown"] = [path for path in row["unknown"] if path[: len(spot)] != list(spot)]
    container, last = container_of(row["properties"], spot), spot[-1]
    if isinstance(container, list):
        assert isinstance(last, int)
        if last < len(container):
            if value is None:
                del container[last]
                _forget_facts(row, spot)
                _close_ranks(row, spot)
                return changed
            container[last] = value
        elif value is not None:
            container.append(value)
    elif isinstance(container, dict) and last != "*":
        if value is None:
            container.pop(last, None)
        else:
            container[last] = copy.deepcopy(value)
    _forget_facts(row, spot)
    return changed


def _schema_values(kind: str, pattern: ReadPath) -> list[Any]:
    known = load_schema().get(kind)
    shape = known.root.at(pattern) if known is not None else None
    if shape is None:
        return []
    return [True, False] if shape.kind == "boolean" else list(shape.options.values())


def container_of(properties: Any, spot: Path) -> Any:
    """What holds the last step of a spot, None where the way there is not written."""
    here = properties
    for step in spot[:-1]:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return None
    return here


def _close_ranks(row: Body, spot: Path) -> None:
    """The paths behind an element that left its list, one place nearer."""

    def moved(path: list[Any]) -> list[Any]:
        at = len(spot) - 1
        if len(path) > at and tuple(path[:at]) == spot[:-1] and isinstance(path[at], int) and path[at] > spot[at]:
            return [*path[:at], path[at] - 1, *path[at + 1 :]]
        return path

    row["unknown"] = [moved(path) for path in row["unknown"]]
    for known in ("facts", "origins"):
        if known in row:
            row[known] = [{**entry, "path": moved(entry["path"])} for entry in row[known]]


def _forget_facts(row: Body, spot: Path) -> None:
    for known in ("facts", "origins"):
        if known in row:
            row[known] = [entry for entry in row[known] if tuple(entry["path"][: len(spot)]) != spot]


def with_facts(policy: Policy, body: Body) -> Body:
    """The document with the facts about its literals, and with what they mask masked, as the host would make it."""
    if not policy.facts or "resource" not in body:
        return body
    changed: Body = copy.deepcopy(body)
    row = changed["resource"]
    known = {tuple(fact["path"]) for fact in row.get("facts", ())}
    for read, wanted in policy.facts.items():
        for spot, pattern in list(spots(row["properties"], read)):
            if len(pattern) != len(read) or spot in known:
                continue
            container = container_of(row["properties"], spot)
            value = container.get(spot[-1]) if isinstance(container, dict) else None
            if not isinstance(value, str):
                continue
            facts = facts_about(value, None, wanted)
            row.setdefault("facts", []).extend({"path": list(spot), "fact": fact} for fact in facts)
            if not CREDENTIAL_FACTS.isdisjoint(facts):
                del container[spot[-1]]
                row["unknown"].append(list(spot))
    return changed


SECRETS: tuple[Body, ...] = (
    {"kind": "literal", "name": "", "secret": False, "has_default": False},
    {"kind": "reference", "name": "x", "secret": False, "has_default": False},
)
"""Where a secret may come from that the host hides: one that is wrong and one that is right."""


def with_origins(policy: Policy, body: Body, spot: Path) -> Iterator[Body]:
    """The document as it is, and, for a policy that judges where values come from, with secrets from somewhere at what it
    reads at and below a spot, as the host would show them."""
    yield body
    if not policy.origins or "resource" not in body:
        return
    row = body["resource"]
    holes: dict[Path, None] = {}
    for read in policy.types[row["type"]]:
        for at, pattern in spots(row["properties"], read):
            container = container_of(row["properties"], at)
            is_hole = len(pattern) == len(read) and isinstance(container, dict) and at[-1] not in container
            if is_hole and at[: len(spot)] == spot and list(at) not in row["unknown"]:
                holes.setdefault(at)
    for origin in SECRETS if holes else ():
        changed: Body = copy.deepcopy(body)
        hidden = changed["resource"]
        hidden["unknown"] = [*hidden["unknown"], *map(list, holes)]
        hidden["origins"] = [*hidden.get("origins", ()), *({"path": list(at), **origin} for at in holes)]
        yield changed


# Relations


def opened(body: Body, name: str, *, emptied: bool) -> Body:
    """The document in which a relation (or stack type) may have members that nobody sees."""
    changed: Body = copy.deepcopy(body)
    groups = changed["template"] if "template" in changed else changed["related"]
    if emptied:
        groups[name] = []
    changed["open"] = sorted({*changed["open"], name})
    if "outside" in changed:
        changed["outside"] = [other for other in changed["outside"] if other != name]
    return changed


def closed(body: Body, name: str, values: Values) -> Iterator[Body]:
    """The relation closed: with the members that it has, and with one more that any fixture gives."""
    bare: Body = copy.deepcopy(body)
    bare["open"] = [other for other in bare["open"] if other != name]
    groups = bare["template"] if "template" in bare else bare["related"]
    yield bare
    for member in values.members.get(name, {}).values():
        more: Body = copy.deepcopy(bare)
        (more["template"] if "template" in more else more["related"])[name] = [*groups[name], member]
        yield more
