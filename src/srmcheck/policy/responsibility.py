"""The AWS Shared Responsibility Model: who holds which responsibility of a resource (docs: responsibility-model).

The model is data: policies/responsibility_model.yaml, compiled by `srmcheck.policy.model_source` into the JSON beside
this module, which alone is read at run time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path as File
from typing import Any

from srmcheck.results import Holder
from srmcheck.values import Choice, Node, Reference, Spread, Text, Unknown

COMPILED = File(__file__).with_name("responsibility_model.json")


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds one responsibility of one resource, why, and the AWS page that says so."""

    holder: Holder
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a resource stands in the model. `cells` maps responsibilities to their holders; one that the resource has no
    layer for (the operating system of a VPC) is not in it."""

    service: str
    service_title: str
    model: str
    reason: str
    source: str
    cells: Mapping[str, Held]


class ResponsibilityModel:
    """The compiled model. `areas` are the customer's responsibilities in order, each with `id`, `title`, `asks`,
    `source` and `not_visible`; `duties` are AWS's own, each with `id`, `title`, `covers` and `source`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.date: str = data["date"]
        self.duties: tuple[Mapping[str, str], ...] = tuple(data["provider_duties"])
        self.areas: tuple[Mapping[str, Any], ...] = tuple(data["responsibilities"])
        self.models: Mapping[str, Mapping[str, str]] = data["models"]
        self.services: Mapping[str, Mapping[str, Any]] = data["services"]
        self._namespaces: Mapping[str, str] = data["namespaces"]
        self._matrix: Mapping[str, Mapping[str, list[str]]] = data["matrix"]
        self._fixed: dict[str, Placement | None] = {}

    def service_of(self, resource_type: str) -> str | None:
        """The service that a canonical type belongs to ("AWS::EC2::VPC" -> "vpc"); None if the model lacks it."""
        name = resource_type
        while name:
            service = self._namespaces.get(name)
            if service is not None:
                return service
            name = name.rpartition("::")[0]
        return None

    def placements(self, resource_type: str) -> tuple[Placement, ...]:
        """Every place that a resource of this type can have: the service's own first, then each variant's that the type
        can be. Empty if the model lacks the type."""
        service = self.service_of(resource_type)
        if service is None:
            return ()
        entry = self.services[service]
        own: list[Placement] = []
        for variant in entry["variants"]:
            if _covers(variant["types"], resource_type):
                own.append(self._placement(service, entry, variant))
                if variant["when"] is None:
                    return tuple(own)
        return (self._placement(service, entry, entry), *own)

    def place(self, resource_type: str, properties: Node | None = None) -> Placement | None:
        """Where a resource stands, decided by its type and, for some, by its `properties`; None if the model lacks the
        type. A variant counts only if its condition is known to hold; where that is not known, the reason says so."""
        if resource_type in self._fixed:
            return self._fixed[resource_type]
        service = self.service_of(resource_type)
        if service is None:
            self._fixed[resource_type] = None
            return None
        entry = self.services[service]
        doubts: list[str] = []
        fixed = True
        chosen = entry
        for variant in entry["variants"]:
            if not _covers(variant["types"], resource_type):
                continue
            when = variant["when"]
            holds = True if when is None else _holds(when, properties)
            fixed = fixed and when is None
            if holds:
                chosen, doubts = variant, []
                break
            if holds is None:
                doubts.append(f"{when['path'][0]} is not known here, so it may be {variant['name']}")
        place = self._placement(service, entry, chosen, "; ".join(dict.fromkeys(doubts)))
        if fixed:
            self._fixed[resource_type] = place
        return place

    def _placement(self, service: str, entry: Mapping[str, Any], at: Mapping[str, Any], doubt: str = "") -> Placement:
        cells = {**self._matrix[at["model"]], **at["cells"]}
        held = {area["id"]: Held(*cells[area["id"]]) for area in self.areas if cells[area["id"]] is not None}
        reason = f"{at['reason']} ({doubt})" if doubt else at["reason"]
        return Placement(service, at.get("name") or entry["title"], at["model"], reason, at["source"], held)


@cache
def load_model() -> ResponsibilityModel:
    """The shipped model."""
    return ResponsibilityModel(json.loads(COMPILED.read_bytes()))


def _covers(types: list[str], resource_type: str) -> bool:
    return any(resource_type == name or resource_type.startswith(f"{name}::") for name in types)


def _holds(when: Mapping[str, Any], properties: Node | None) -> bool | None:
    """Whether the values at the path are there and all match; None while one of them is not known."""
    if properties is None:
        return None
    values = list(_values(properties, tuple(when["path"])))
    patterns = [pattern.lower() for pattern in when["matches"]]
    known = [value.lower() for value in values if value is not None]
    if any(not any(fnmatchcase(value, pattern) for pattern in patterns) for value in known):
        return False
    return None if None in values else bool(known)


def _values(node: Node, path: tuple[str, ...]) -> Iterator[str | None]:
    """The texts at `path` below `node`, through choices; None for what is not known."""
    value = node.value
    if isinstance(value, Choice):
        for _, branch in value.branches:
            yield from _values(branch, path)
    elif isinstance(value, (Unknown, Reference, Text, Spread)):
        yield None
    elif not path:
        if isinstance(value, str):
            yield value
    elif path[0] == "[]":
        for item in value if isinstance(value, list) else ():
            yield from _values(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from _values(value[path[0]], path[1:])
