"""YAML that is checked against a JSON Schema, with a line number for each fault.

Only the keywords that our schemas use are known; a test proves that this and a full validator agree on them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Path = tuple[str | int, ...]
Fault = tuple[int, str]
"""A line, counted from 1, and what is wrong there."""

KNOWN = frozenset(
    {
        *("$schema", "$defs", "$ref", "title", "type", "required", "properties", "additionalProperties"),
        *("propertyNames", "items", "enum", "pattern", "minLength", "minItems", "minProperties"),
    }
)
_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}
_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "boolean": "true or false",
    "integer": "an integer",
}


def read(text: str) -> tuple[Any, Mapping[Path, int]]:
    """The YAML document in `text` and the line, from 1, on which each path of it is written.

    Raises yaml.YAMLError for what is no YAML, and for a key that is written twice.
    """
    import yaml

    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    lines: dict[Path, int] = {}
    constructor = yaml.constructor.SafeConstructor()

    def build(here: yaml.Node, path: Path) -> Any:
        lines.setdefault(path, here.start_mark.line + 1)
        if isinstance(here, yaml.MappingNode):
            mapping: dict[str, Any] = {}
            for key_node, value_node in here.value:
                key = str(constructor.construct_object(key_node))
                if key in mapping:
                    raise yaml.MarkedYAMLError(
                        problem=f"key {key!r} is written twice", problem_mark=key_node.start_mark
                    )
                at = (*path, key)
                lines[at] = key_node.start_mark.line + 1
                mapping[key] = build(value_node, at)
            return mapping
        if isinstance(here, yaml.SequenceNode):
            return [build(item, (*path, number)) for number, item in enumerate(here.value)]
        return constructor.construct_object(here)

    if node is None:
        return None, {(): 1}
    return build(node, ()), lines


def faults(value: Any, schema: Mapping[str, Any], lines: Mapping[Path, int]) -> list[Fault]:
    """What in `value` breaks `schema`: unknown keys first, as a misspelt key is missing too, then in the order of lines."""
    found: list[Fault] = []
    _check(value, schema, (), schema, lines, found)
    return sorted(found, key=lambda fault: (": unknown key " not in fault[1], fault))


def _check(
    value: Any, schema: Any, path: Path, root: Mapping[str, Any], lines: Mapping[Path, int], found: list[Fault]
) -> None:
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    where = path[-1] if path else "the file"

    def fault(text: str, at: Path = path) -> None:
        found.append((lines.get(at, lines.get(path, 1)), text))

    if "type" in schema and not _TYPES[schema["type"]](value):
        fault(f"{where}: expected {_WORDS[schema['type']]}")
        return
    if "enum" in schema and value not in schema["enum"]:
        fault(f"{where}: expected one of {', '.join(schema['enum'])}")
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            fault(f"{where}: must not be empty")
        if "pattern" in schema and not re.search(schema["pattern"], value):
            fault(f"{where}: {value!r} has not the expected form")
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            fault(f"{where}: must not be empty")
        for number, item in enumerate(value):
            _check(item, schema.get("items", {}), (*path, number), root, lines, found)
    elif isinstance(value, dict):
        _object(value, schema, path, root, lines, found, fault)


def _object(
    value: Mapping[str, Any],
    schema: Mapping[str, Any],
    path: Path,
    root: Mapping[str, Any],
    lines: Mapping[Path, int],
    found: list[Fault],
    fault: Callable[..., None],
) -> None:
    where = path[-1] if path else "the file"
    if len(value) < schema.get("minProperties", 0):
        fault(f"{where}: must not be empty")
    for key in schema.get("required", ()):
        if key not in value:
            fault(f"{where}: {key} is missing")
    known = schema.get("properties", {})
    rest = schema.get("additionalProperties", True)
    for key, item in value.items():
        at = (*path, key)
        if "propertyNames" in schema:
            names: list[Fault] = []
            _check(key, schema["propertyNames"], at, root, lines, names)
            found.extend((lines.get(at, 1), f"{where}: {key!r} has not the expected form") for _ in names[:1])
        if key in known:
            _check(item, known[key], at, root, lines, found)
        elif rest is False:
            fault(f"{where}: unknown key {key!r}; known are {', '.join(sorted(known))}", at)
        elif isinstance(rest, dict):
            _check(item, rest, at, root, lines, found)
