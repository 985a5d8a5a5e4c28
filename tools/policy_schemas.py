"""`policies/schemas/`: for each policy a JSON Schema of the input that it sees, for `opa check --schema`.

    python -m tools.policy_schemas --write
    python -m tools.policy_schemas --check     ends with 1 if a file is not current

It holds what the METADATA says that the policy reads, with the types of the CloudFormation schemas, so that a misspelt
property does not compile.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from srmcheck.policy import load_policies
from srmcheck.policy.model import Policy, ReadPath
from srmcheck.schema import load
from srmcheck.schema.model import Shape

DIRECTORY = Path(__file__).resolve().parents[1] / "policies" / "schemas"

_KINDS: Mapping[str, Mapping[str, Any]] = {
    "string": {"type": "string"},
    "cidr": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
}
_STEPS = {"type": "array", "items": {}}
_ANYTHING: Mapping[str, Any] = {}


class UnknownPath(Exception):
    """A policy reads what its types do not have."""


def schema_of(policy: Policy) -> dict[str, Any]:
    """The schema of the documents that a policy sees. Raises UnknownPath for a path that a type does not have."""
    resource = _row([(name, paths) for name, paths in policy.types.items()], policy)
    resource["properties"].update(
        carries={"type": ["array", "null"]},
        origins={"type": "array", "items": {"type": "object", "additionalProperties": True}},
        facts={"type": "array", "items": {"type": "object", "additionalProperties": True}},
    )
    related = {
        relation.name: {
            "type": "array",
            "items": _row([(name, relation.reads) for name in relation.types], policy, lenient=True),
        }
        for relation in policy.related
    }
    template = {name: {"type": "array", "items": _row([(name, paths)], policy)} for name, paths in policy.types.items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "schema": {"type": "string"},
            "source": _object({"language": {"type": "string"}, "format": {"type": "string"}, "provider": {}}),
            "resource": resource,
            "related": _object(related),
            "template": _object(template),
            "open": {"type": "array", "items": {"type": "string"}},
            "outside": {"type": "array", "items": {"type": "string"}},
        },
    }


def _row(reads: Sequence[tuple[str, Iterable[ReadPath]]], policy: Policy, *, lenient: bool = False) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, paths in reads:
        known = load().get(name)
        if known is None:
            raise UnknownPath(f"{policy.id}: {name} is no known type")
        for path in paths:
            try:
                _add(properties, path, known.root)
            except UnknownPath:
                if not lenient or len(reads) == 1:
                    raise UnknownPath(f"{policy.id}: {name} has no {'.'.join(path)}") from None
    scope = _object({"provider": {"type": "string"}, "account": {}, "region": {}})
    return _object(
        {
            "address": {"type": "string"},
            "type": {"type": "string"},
            "scope": scope,
            "properties": _object(properties),
            "unknown": {"type": "array", "items": _STEPS},
        }
    )


def _add(properties: dict[str, Any], path: ReadPath, shape: Shape) -> None:
    """Adds a read path below an object to its properties."""
    name, rest = path[0], path[1:]
    if name == "**":
        return
    found = shape.at((name,))
    if found is None:
        raise UnknownPath
    properties[name] = _merged(properties.get(name), _schema(found, rest))


def _schema(shape: Shape, rest: ReadPath) -> dict[str, Any]:
    if not rest:
        return dict(_KINDS.get(shape.kind, _ANYTHING))
    if rest[0] == "**" or shape.kind in ("any", "document", "policy"):
        return {}
    if rest[0] == "[]":
        item = shape.at(("[]",))
        if item is None:
            raise UnknownPath
        return {"type": "array", "items": _schema(item, rest[1:])}
    inner: dict[str, Any] = {}
    _add(inner, rest, shape)
    return _object(inner)


def _merged(one: Mapping[str, Any] | None, other: dict[str, Any]) -> dict[str, Any]:
    """Both, where two paths or two types lead through one property."""
    if not one:
        return other if one is None else {}
    if not other or one.get("type") != other.get("type"):
        return {}
    merged = dict(one)
    if other.get("type") == "object":
        names = {**one["properties"], **other["properties"]}
        both = {
            name: _merged(one["properties"].get(name), other["properties"].get(name, names[name])) for name in names
        }
        return _object(both)
    if other.get("type") == "array":
        merged["items"] = _merged(one["items"], other["items"])
    return merged


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(sorted(properties.items()))}


def files() -> dict[Path, str]:
    """Every schema file with its text."""
    found: dict[Path, str] = {}
    for policy in load_policies(profile="all").policies:
        text = json.dumps(schema_of(policy), indent=1) + "\n"
        found[DIRECTORY / policy.file.replace(".rego", ".json")] = text
    return found


def main(arguments: Sequence[str]) -> int:
    """0 if all is current or was written."""
    if list(arguments) not in (["--check"], ["--write"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        made = files()
    except UnknownPath as error:
        print(error, file=sys.stderr)
        return 1
    stale = sorted(set(DIRECTORY.rglob("*.json")) - made.keys())
    if arguments[0] == "--write":
        for path in stale:
            path.unlink()
        for path, text in made.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    wrong = stale + [path for path, text in made.items() if not path.is_file() or path.read_text("utf-8") != text]
    for path in wrong:
        print(f"not current: {path.relative_to(DIRECTORY.parents[1])}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
