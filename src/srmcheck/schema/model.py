"""The vocabulary of canonical resources: CloudFormation's resource types and our extension types.

`Schema` reads the compiled file that ships (`schema.jsonl`, made by `build.py`) and decodes the types that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from srmcheck.schema.indexed import IndexedFile

Encoded = Any
"""A shape in the compiled file: a letter of SCALARS, or a list whose first item is
"e" (text, one of), "r" (text that names a resource of one of these types), "l" (list of), "m" (map of), "o" (object, by
the name of its definition), "k" (list of key/value objects, with the types that the values of some keys name)."""

SCALARS: Final = {
    "s": "string",
    "i": "integer",
    "n": "number",
    "b": "boolean",
    "c": "cidr",
    "d": "document",
    "p": "policy",
    "a": "any",
}


class Shape:
    """What a value at one place of a resource looks like.

    `kind` is "string", "integer", "number", "boolean", "cidr" (a text), "document" (free-form JSON), "policy" (an IAM policy
    document), "any", "list" (of `item`), "map" (text to `item`) or "object" (of `properties`). Of a text, `options` maps the
    members of its enumeration in small letters to themselves, and `refers` are the types of resources that it may name. Of a
    list of key/value objects, `keyed` is (name of the key, name of the value, shapes of the values of some keys).
    """

    __slots__ = ("_data", "_item", "_properties", "_type", "keyed", "kind", "options", "refers")

    def __init__(self, kind: str, data: Encoded = None, owner: ResourceType | None = None) -> None:
        self.kind = kind
        self.options: Mapping[str, str] = {}
        self.refers: tuple[str, ...] = ()
        self.keyed: tuple[str, str, Mapping[str, Shape]] | None = None
        self._data = data
        self._type = owner
        self._item: Shape | None = None
        self._properties: dict[str, Shape] | None = None

    @property
    def item(self) -> Shape:
        """The shape of the elements of a list or of the values of a map."""
        if self._item is None:
            self._item = ANY if self._type is None else self._type.shape_of(self._data)
        return self._item

    @property
    def properties(self) -> dict[str, Shape]:
        """The properties of an object; empty for anything else."""
        if self._properties is None:
            if self._type is None or self.kind != "object":
                self._properties = {}
            else:
                owner = self._type
                self._properties = {name: owner.shape_of(data) for name, data in self._data.items()}
        return self._properties

    def at(self, path: Iterable[str]) -> Shape | None:
        """The shape at a path below, `[]` standing for any element of a list and any other step for a property or a key of
        a map; None where there is nothing. Below free-form values everything is "any"."""
        shape = self
        for step in path:
            if shape.kind == "object":
                found = shape.properties.get(step)
                if found is None:
                    return None
                shape = found
            elif shape.kind == "map" or (shape.kind == "list" and step == "[]"):
                shape = shape.item
            elif shape.kind in ("document", "policy", "any"):
                shape = ANY
            else:
                return None
        return shape


ANY: Final = Shape("any")
_SHARED: Final = {letter: ANY if kind == "any" else Shape(kind) for letter, kind in SCALARS.items()}


class ResourceType:
    """One resource type. `extension`: ours, because CloudFormation's registry has none. `read_only` are the paths (property
    names joined by dots) that only AWS sets, `secrets` the names of properties that hold a secret, at any depth."""

    __slots__ = (
        *("_definitions", "_objects", "arn", "extension", "identities", "name", "named_by", "read_only", "root"),
        "secrets",
    )

    def __init__(self, name: str, record: Mapping[str, Any]) -> None:
        self.name = name
        self.extension = bool(record.get("extension"))
        self.read_only = frozenset[str](record["read_only"])
        self.secrets = frozenset[str](record.get("secrets", ()))
        self.identities: Mapping[str, str] = record["identities"]
        """Every synonym of an identity (`Ref`, `id`, `GroupId`, `arn`) to its canonical name."""
        self.named_by: Mapping[str, str] = record["named_by"]
        """Canonical identity to the property that holds it when the template gives it."""
        self.arn: str | None = record.get("arn")
        """The ARN, with `*` for the partition, `{account}`, `{region}` and `{Ref}`."""
        self._definitions: Mapping[str, Any] = record["definitions"]
        self._objects: dict[str, Shape] = {}
        self.root = self._object("")

    def _object(self, definition: str) -> Shape:
        found = self._objects.get(definition)
        if found is None:
            found = self._objects[definition] = Shape("object", self._definitions[definition], self)
        return found

    def shape_of(self, data: Encoded) -> Shape:
        """The shape behind its compiled form."""
        if isinstance(data, str):
            return _SHARED[data]
        tag = data[0]
        if tag == "o":
            return self._object(data[1])
        if tag == "l":
            return Shape("list", data[1], self)
        if tag == "m":
            return Shape("map", data[1], self)
        if tag == "k":
            shape = Shape("list", data[1], self)
            shape.keyed = (data[2], data[3], {key: _reference(types) for key, types in data[4].items()})
            return shape
        if tag == "e":
            shape = Shape("string")
            shape.options = _options(data[1])
            return shape
        return _reference(data[1])

    def enumerations(self) -> frozenset[str]:
        """All members of the enumerations of this type."""
        found: set[str] = set()
        stack: list[Encoded] = [data for body in self._definitions.values() for data in body.values()]
        while stack:
            data = stack.pop()
            if isinstance(data, list):
                if data[0] == "e":
                    found.update(data[1])
                elif data[0] in ("l", "m", "k"):
                    stack.append(data[1])
        return frozenset(found)


def _reference(types: Iterable[str]) -> Shape:
    shape = Shape("string")
    shape.refers = tuple(types)
    return shape


def _options(members: Iterable[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for member in members:
        options.setdefault(member.lower(), member)
    return options


class Schema:
    """All types. Types are decoded when they are first asked for."""

    __slots__ = ("_file", "_types")

    def __init__(self, file: IndexedFile) -> None:
        self._file = file
        self._types: dict[str, ResourceType] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._file

    def __iter__(self) -> Iterator[str]:
        return iter(self._file)

    def get(self, name: str) -> ResourceType | None:
        """The type of that name, None where we have none."""
        found = self._types.get(name)
        if found is None and name in self._file:
            found = self._types[name] = ResourceType(name, self._file.read(name))
        return found

    def is_extension(self, name: str) -> bool:
        """Whether a type is ours, because CloudFormation's registry has none."""
        found = self.get(name)
        return found is not None and found.extension
