"""Makes the schema that ships: `python -m srmcheck.schema.build snapshot|compile|check` (docs: normalization).

`snapshot` takes the types that the catalogue and the overlay name from cfn-lint's data (the union over all regions) and
writes `vocabulary/cloudformation.jsonl`, less descriptions and what only AWS's handlers need. `compile` makes `schema.jsonl`
from that and from `overlay.yaml`. `check` fails if that file is not current. Run by hand and in CI, never by the program.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from srmcheck.schema.indexed import IndexedFile, indexed
from srmcheck.schema.model import SCALARS, ResourceType

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SNAPSHOT = ROOT / "vocabulary" / "cloudformation.jsonl"
OVERLAY = HERE / "overlay.yaml"
COMPILED = HERE / "schema.jsonl"

_KEPT = ("typeName", "properties", "definitions", "readOnlyProperties", "primaryIdentifier")
_DROPPED = frozenset(
    [
        "description",
        "pattern",
        "examples",
        "default",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "minItems",
        "maxItems",
        "uniqueItems",
        "insertionOrder",
        "$comment",
        "title",
        "required",
        "additionalProperties",
        "multipleOf",
        "minProperties",
        "maxProperties",
        "deprecated",
        "arrayType",
    ]
)
_LETTERS = {kind: letter for letter, kind in SCALARS.items()}
_FORMATS = {
    "AWS::ACM::Certificate": ("AWS::CertificateManager::Certificate",),
    "AWS::EC2::SecurityGroup": ("AWS::EC2::SecurityGroup", "AWS::EC2::DefaultSecurityGroup"),
    "AWS::EC2::VPC": ("AWS::EC2::VPC", "AWS::EC2::DefaultVPC"),
    "AWS::KMS::Key": ("AWS::KMS::Key", "AWS::KMS::ReplicaKey"),
}


class BuildError(Exception):
    """The snapshot or the overlay is wrong; the message says where."""


def load_overlay() -> dict[str, Any]:
    """The overlay, as written."""
    import yaml

    return dict(yaml.safe_load(OVERLAY.read_text(encoding="utf-8")))


def snapshot(catalogue: Path) -> bytes:
    """The lines of the snapshot: the schema of each type that the catalogue or the overlay names, by name."""
    import cfnlint
    import yaml

    data = Path(cfnlint.__file__).parent / "data" / "schemas"
    wanted = set(load_overlay()["also"])
    for entry in yaml.load(catalogue.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        wanted.update(entry["resource_types"])
    found: dict[str, dict[str, Any]] = {}
    for region in sorted((data / "providers").glob("*.json")):
        if region.name == "sam.json":
            continue
        for name, digest in sorted(json.loads(region.read_text(encoding="utf-8")).items()):
            if name in wanted and name not in found:
                schema = json.loads((data / "resources" / f"{digest}.json").read_text(encoding="utf-8"))
                found[name] = {key: _stripped(schema[key]) for key in _KEPT if key in schema}
    lines = [orjson.dumps(found[name], option=orjson.OPT_SORT_KEYS) for name in sorted(found)]
    return b"\n".join(lines) + b"\n"


def _stripped(value: Any, names: bool = True) -> Any:
    """A schema without what we do not use; with `names` the keys are names of properties or definitions."""
    if isinstance(value, list):
        return [_stripped(item, False) for item in value]
    if isinstance(value, dict):
        return {
            key: _stripped(item, key in ("properties", "definitions", "patternProperties") and not names)
            for key, item in value.items()
            if names or key not in _DROPPED
        }
    return value


def compile_schema() -> bytes:
    """The bytes of `schema.jsonl`. Raises BuildError."""
    overlay = load_overlay()
    schemas = {schema["typeName"]: schema for schema in map(orjson.loads, SNAPSHOT.read_bytes().splitlines())}
    extensions: dict[str, Any] = overlay["extensions"]
    for name in {*overlay["types"]} - {*schemas}:
        raise BuildError(f"overlay: type {name} is not in the snapshot")
    for name in {*extensions} & {*schemas}:
        raise BuildError(f"overlay: type {name} is no extension, CloudFormation has it")
    compiler = _Compiler(overlay, schemas)
    records = {name: compiler.registry_type(name, overlay["types"].get(name) or {}) for name in schemas}
    records.update({name: compiler.extension_type(name, ours) for name, ours in extensions.items()})
    for name, record in records.items():
        compiler.refer(name, record)
    return indexed({"version": 1}, records)


class _Compiler:
    def __init__(self, overlay: Mapping[str, Any], schemas: Mapping[str, Any]) -> None:
        self.overlay = overlay
        self.schemas = schemas
        self.cidrs = frozenset(overlay["cidrs"])
        self.policies = frozenset(overlay["policies"])
        self.secrets = frozenset(overlay["secrets"])
        self.by_name = {name: tuple(group["types"]) for group in overlay["references"] for name in group["names"]}

    def registry_type(self, name: str, ours: Mapping[str, Any]) -> dict[str, Any]:
        """The record of a type of CloudFormation's registry, with our additions."""
        schema = self.schemas[name]
        definitions: dict[str, Any] = {}
        self._object("", schema.get("properties", {}), schema, definitions)
        for key, written in (ours.get("properties") or {}).items():
            definitions[""][key] = self._ours(key, written, key, definitions)
        read_only = sorted(_dotted(pointer) for pointer in schema.get("readOnlyProperties", ()))
        primary = [_dotted(pointer) for pointer in schema.get("primaryIdentifier", ())]
        return self._record(name, ours, definitions, read_only, primary)

    def extension_type(self, name: str, ours: Mapping[str, Any]) -> dict[str, Any]:
        """The record of a type of our own."""
        definitions: dict[str, Any] = {"": {}}
        for key, written in ours["properties"].items():
            definitions[""][key] = self._ours(key, written, key, definitions)
        return {**self._record(name, ours, definitions, [], []), "extension": True}

    def _record(
        self,
        name: str,
        ours: Mapping[str, Any],
        definitions: Mapping[str, Any],
        read_only: list[str],
        primary: list[str],
    ) -> dict[str, Any]:
        identities: dict[str, str] = {}
        named_by: dict[str, str] = dict(ours.get("named_by") or {})
        identities.update({attribute: attribute for attribute in read_only if "." not in attribute})
        main = "Ref"
        if len(primary) == 1:
            main = "Arn" if primary[0].lower().endswith("arn") else "Ref"
            identities[primary[0]] = main
            if main == "Ref" and primary[0] not in read_only:
                named_by.setdefault("Ref", primary[0])
        identities.update({"Ref": main, "id": main, "Arn": "Arn", "arn": "Arn"})
        kind = name.rsplit("::", 1)[1].lower()
        for attribute in read_only:
            if attribute.lower() in (f"{kind}arn", f"db{kind}arn"):
                identities[attribute] = "Arn"
        for canonical, synonyms in (ours.get("identities") or {}).items():
            for synonym in (canonical, *synonyms):
                identities[synonym] = canonical
        for canonical, key in named_by.items():
            identities.setdefault(key, canonical)
            if key not in definitions[""]:
                raise BuildError(f"overlay: {name} has no property {key} (named_by)")
        record: dict[str, Any] = {
            "definitions": definitions,
            "identities": dict(sorted(identities.items())),
            "named_by": named_by,
            "read_only": read_only,
        }
        if "arn" in ours:
            record["arn"] = ours["arn"]
        secrets = sorted(self.secrets & {key for body in definitions.values() for key in body})
        if secrets:
            record["secrets"] = secrets
        return record

    # Shapes

    def _object(
        self, definition: str, properties: Mapping[str, Any], schema: Mapping[str, Any], definitions: dict[str, Any]
    ) -> None:
        if definition in definitions:
            return
        body: dict[str, Any] = {}
        definitions[definition] = body
        for name, written in sorted(properties.items()):
            body[name] = self._shape(name, written, schema, definitions, f"{definition}.{name}")

    def _shape(
        self, name: str, written: Mapping[str, Any], schema: Mapping[str, Any], definitions: dict[str, Any], at: str
    ) -> Any:
        if "$ref" in written:
            target = written["$ref"].rsplit("/", 1)[1]
            resolved = schema["definitions"][target]
            properties = _properties(resolved, schema)
            if properties and "object" in (resolved.get("type") or "object"):
                self._object(target, properties, schema, definitions)
                return ["o", target]
            return self._shape(name, {**resolved, **_without(written, "$ref")}, schema, definitions, at)
        kinds = written.get("type")
        kinds = [kinds] if isinstance(kinds, str) else list(kinds or ())
        properties = _properties(written, schema)
        if properties and set(kinds) <= {"object", "string"} and kinds != ["string"]:
            self._object(at, properties, schema, definitions)
            return ["o", at]
        if written.get("patternProperties") and "string" not in kinds:
            (inner, *_) = written["patternProperties"].values()
            return ["m", self._shape(name, inner, schema, definitions, at)]
        if kinds == ["array"]:
            return ["l", self._shape(name, written.get("items") or {}, schema, definitions, at)]
        if "object" in kinds:
            if set(kinds) <= {"object", "string"}:
                return "p" if name in self.policies else "d"
            return "s" if "string" in kinds else "a"
        if not kinds and name in self.policies:
            return "p"
        if not kinds:
            for branch in (*written.get("oneOf", ()), *written.get("anyOf", ())):
                if "type" in branch or "$ref" in branch or "properties" in branch:
                    return self._shape(name, branch, schema, definitions, at)
            return "a"
        if kinds == ["string"]:
            return self._text(name, written)
        if len(kinds) == 1:
            return _LETTERS[kinds[0]]
        return "a"

    def _text(self, name: str, written: Mapping[str, Any]) -> Any:
        options = written.get("enum") or written.get("enumCaseInsensitive")
        if options:
            return ["e", [str(option) for option in options]]
        formats = [branch.get("format", "") for branch in (written, *written.get("anyOf", ()))]
        if name in self.cidrs or any(one in ("ipv4-network", "ipv6-network") for one in formats):
            return "c"
        if name in self.by_name:
            return ["r", list(self.by_name[name])]
        types: list[str] = []
        for one in formats:
            if one.startswith("AWS::"):
                target = one.split(".", 1)[0]
                types.extend(_FORMATS.get(target, (target,)))
        types.extend(
            branch["relationshipRef"]["typeName"]
            for branch in (written, *written.get("anyOf", ()))
            if "relationshipRef" in branch
        )
        types = [one for one in dict.fromkeys(types) if one.count("::") == 2 and one != "AWS::EC2::Image"]
        return ["r", types] if types else "s"

    def _ours(self, name: str, written: Any, at: str, definitions: dict[str, Any]) -> Any:
        """A shape in the overlay's own words."""
        if isinstance(written, str):
            if written == "string":
                return self._text(name, {})
            if written not in _LETTERS:
                raise BuildError(f"overlay: unknown kind {written!r} at {at}")
            return _LETTERS[written]
        if isinstance(written, list):
            return ["l", self._ours(name, written[0], at, definitions)]
        if set(written) == {"options"}:
            return ["e", written["options"]]
        if set(written) == {"use"}:
            target, *keys = written["use"].split()
            schema = self.schemas[target]
            if keys:
                return self._shape(keys[0], schema["properties"][keys[0]], schema, definitions, at)
            self._object(at, schema["properties"], schema, definitions)
            return ["o", at]
        definitions[at] = {key: self._ours(key, inner, f"{at}.{key}", definitions) for key, inner in written.items()}
        return ["o", at]

    # References

    def refer(self, name: str, record: dict[str, Any]) -> None:
        """Marks the paths of `references` in the finished record. A name never refers to the resource that has it."""
        for named in record["named_by"].values():
            if _is_reference(record["definitions"][""][named]):
                record["definitions"][""][named] = "s"
        ours = self.overlay["types"].get(name) or self.overlay["extensions"].get(name) or {}
        for path, types in (ours.get("references") or {}).items():
            keyed = re.fullmatch(r"(\w+)\[([^\]]+)\]", path)
            if keyed:
                self._refer_key(name, record, keyed.group(1), keyed.group(2), types)
            else:
                self._refer_path(name, record, path, types)

    def _refer_path(self, name: str, record: dict[str, Any], path: str, types: list[str]) -> None:
        body: Any = record["definitions"][""]
        steps = path.replace("[]", ".[]").split(".")
        for step, after in zip(steps, [*steps[1:], None], strict=True):
            if step == "[]":
                continue
            if step not in body:
                raise BuildError(f"overlay: {name} has no path {path}")
            if after is None or (after == "[]" and step == steps[-2]):
                body[step] = ["l", ["r", types]] if after == "[]" else ["r", types]
                return
            shape = body[step]
            while isinstance(shape, list) and shape[0] in ("l", "k"):
                shape = shape[1]
            body = record["definitions"][shape[1]]

    def _refer_key(self, name: str, record: dict[str, Any], key: str, value: str, types: list[str]) -> None:
        shape = record["definitions"][""].get(key)
        if shape is None or shape[0] not in ("l", "k"):
            raise BuildError(f"overlay: {name} has no list {key}")
        if shape[0] == "l":
            shape = record["definitions"][""][key] = ["k", shape[1], "Key", "Value", {}]
        shape[4][value] = types


def _is_reference(shape: Any) -> bool:
    return isinstance(shape, list) and shape[0] == "r"


def _properties(written: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of an object, those of all its alternatives together."""
    found: dict[str, Any] = dict(written.get("properties") or {})
    for group in ("oneOf", "anyOf", "allOf"):
        for branch in written.get(group, ()):
            if "$ref" in branch:
                branch = schema["definitions"][branch["$ref"].rsplit("/", 1)[1]]
            for name, inner in (branch.get("properties") or {}).items():
                if isinstance(inner, dict) and ("type" in inner or "$ref" in inner):
                    found.setdefault(name, inner)
    return found


def _without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}


def _dotted(pointer: str) -> str:
    return ".".join(step for step in pointer.split("/")[2:] if step != "*")


def types_of(data: bytes) -> Iterator[ResourceType]:
    """The types of a compiled schema, for checks."""
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "schema.jsonl")
        path.write_bytes(data)
        file = IndexedFile(path)
        for name in file:
            yield ResourceType(name, file.read(name))


def main(arguments: Iterable[str]) -> int:
    """`snapshot [CATALOGUE]`, `compile` or `check`; gives the exit code."""
    command, *rest = [*arguments, ""]
    if command == "snapshot":
        catalogue = Path(rest[0]) if rest[0] else ROOT / "policies" / "catalogue.yaml"
        SNAPSHOT.write_bytes(snapshot(catalogue))
        return 0
    if command == "compile":
        COMPILED.write_bytes(compile_schema())
        return 0
    if command == "check":
        if COMPILED.exists() and COMPILED.read_bytes() == compile_schema():
            return 0
        print(
            "src/srmcheck/schema/schema.jsonl is not current; run: python -m srmcheck.schema.build compile",
            file=sys.stderr,
        )
        return 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
