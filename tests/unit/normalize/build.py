"""Small templates built by hand, and canonical trees as plain values for comparison."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from srmcheck.conditions import TRUE, Condition
from srmcheck.graph.resource import Resource, ResourceGraph
from srmcheck.graph.token import token
from srmcheck.normalize import normalize
from srmcheck.template import NO_SCOPE, Format, Scope, SourceResource, Template
from srmcheck.values import (
    ABSENT,
    Choice,
    Json,
    Node,
    Place,
    Reference,
    Spread,
    Text,
    Unknown,
    known,
)


def tree(value: Any, place: Place | None = None) -> Node:
    """Plain values, lists and dicts as nodes; nodes, references, texts, unknowns and choices stand in them as they are."""
    if isinstance(value, Node):
        return value
    if isinstance(value, dict):
        below = {
            str(key): tree(item, Place(place.address, (*place.path, str(key))) if place else None)
            for key, item in value.items()
        }
        return Node(below, place)
    if isinstance(value, list):
        return Node(
            [tree(item, Place(place.address, (*place.path, i)) if place else None) for i, item in enumerate(value)],
            place,
        )
    if value is ABSENT or isinstance(value, (Reference, Text, Unknown, Choice, Spread, Json)):
        return Node(value, place)
    return known(value, place)


def resource(
    address: str,
    body: dict[str, Any],
    *,
    type: str | None = None,
    exists: Condition = TRUE,
    scope: Scope = NO_SCOPE,
    mode: str = "managed",
    stale: Iterable[str] = (),
    changes: str = "",
) -> SourceResource:
    """One source resource; the type of a Terraform address follows from it."""
    kind = type or address.removeprefix("data.").rsplit(".", 1)[0].rsplit("module.x.", 1)[-1]
    place = Place(address)
    return SourceResource(
        address,
        kind,
        tree(body, place),
        scope,
        exists,
        "data" if mode == "data" or address.startswith("data.") else "managed",
        place,
        frozenset(stale),
        changes,
    )


def terraform(*resources: SourceResource, format: Format = "hcl", **rest: Any) -> Template:
    return Template("main", "terraform", format, resources, **rest)


def cloudformation(*resources: SourceResource, **rest: Any) -> Template:
    return Template("template.yaml", "cloudformation", "template", resources, **rest)


def plain(node: Node) -> Any:
    """A canonical tree as plain values: references as tokens, texts joined, unknowns as `?reason`, choices as a list of
    branches under "choice", spreads under "spread"."""
    value = node.value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Choice):
        return {"choice": [plain(branch) for _, branch in value.branches]}
    if isinstance(value, Spread):
        return {"spread": plain(value.of)}
    if isinstance(value, Json):
        return {"json": plain(value.of)}
    if isinstance(value, Text):
        return "".join(_part(part) for part in value.parts)
    if isinstance(value, (Reference, Unknown)):
        return _part(value)
    return "absent" if value is ABSENT else value


def _part(part: str | Reference | Unknown) -> str:
    if isinstance(part, str):
        return part
    return token(part) if isinstance(part, Reference) else f"?{part.reason}"


def one(template: Template, address: str | None = None, type: str | None = None) -> Resource:
    """The one canonical resource with this address (and type)."""
    graph = normalize(template)
    found = [
        item
        for item in graph.resources
        if (address is None or item.address == address) and (type is None or item.type == type)
    ]
    assert len(found) == 1, [(item.address, item.type) for item in graph.resources]
    return found[0]


def properties(template: Template, address: str | None = None, type: str | None = None) -> Any:
    """The properties of that resource as plain values."""
    return plain(one(template, address, type).properties)


def graph_of(*resources: SourceResource, **rest: Any) -> ResourceGraph:
    return normalize(terraform(*resources, **rest))


def node_at(item: Resource, *path: str | int) -> Node:
    """The node at a path of known containers."""
    node = item.properties
    for step in path:
        value = node.value
        if isinstance(value, dict):
            node = value[str(step)]
        else:
            assert isinstance(value, list) and isinstance(step, int)
            node = value[step]
    return node


UNKNOWN = Unknown("known after apply")
BY_VARIABLE = Unknown("variable without a value", "var.x")
