"""The AWS provider's own schema, as the build step needs it: attributes, nested blocks, who sets them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from srmcheck.schema import Shape

PROVIDER = Path(__file__).parents[3] / "vocabulary" / "terraform-aws-5.100.0.json.gz"

_SCALARS = frozenset({"string", "integer", "number", "boolean", "cidr", "any"})
_FREE = frozenset({"document", "policy", "any"})


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


def fits(attribute: Attribute, shape: Shape) -> bool:
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
            return kind == "bool" and only_boolean(shape) is not None
        return shape.kind in _SCALARS or (shape.kind == "list" and shape.item.kind in _SCALARS)
    if kind[0] == "map":
        return shape.kind == "map" or (shape.kind == "list" and "Value" in shape.item.properties)
    return shape.kind == "list"


def only_boolean(shape: Shape) -> str | None:
    """The boolean of an object that a plain true or false can stand for."""
    names = [name for name, inner in shape.properties.items() if inner.kind == "boolean"]
    if "Enabled" in names:
        return "Enabled"
    return names[0] if len(names) == 1 == len(shape.properties) else None
