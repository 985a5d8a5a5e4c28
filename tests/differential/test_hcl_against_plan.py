"""What HCL evaluates as known is what a real Terraform planned, for every attribute of every resource."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from srmcheck.loaders.terraform.hcl import load_hcl
from srmcheck.template import Template
from srmcheck.values import ABSENT, Choice, Json, Node, Reference, Spread, Text, Unknown

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "plans"

# Where the provider plans something else than what is written, by resource type and argument.
PROVIDER_CHANGES = {
    ("aws_instance", "user_data"): "a digest of it",
    ("aws_acm_certificate", "subject_alternative_names"): "the domain name is added",
    ("aws_db_instance", "password_wo"): "write-only, so a plan does not keep it",
    ("aws_security_group_rule", "protocol"): "the provider writes all as -1",
}
# Other words of the provider for the same value.
SAME = {("6", "tcp"), ("17", "udp")}

Difference = tuple[str, tuple[str | int, ...], str]


def cases() -> list[Path]:
    found = sorted(path.parent for path in (ROOT / "fixtures" / "terraform").rglob("plan.json"))
    if SHARED.is_dir():
        found += sorted(path.parent for path in SHARED.glob("*/plan.json") if list(path.parent.glob("*.tf")))
        found += [SHARED / "update" / "after"]
    return [path for path in found if list(path.glob("*.tf"))]


def plan_of(folder: Path) -> dict[str, Any]:
    path = folder / "plan.json"
    plan: dict[str, Any] = json.loads((path if path.exists() else folder.parent / "plan.json").read_text("utf-8"))
    return plan


def differences(address: str, path: tuple[str | int, ...], node: Node, after: Any, later: Any) -> Iterator[Difference]:
    """Where a known value of HCL is not the plan's."""
    value = node.value
    if isinstance(value, (Unknown, Reference, Text, Json, Spread, Choice)) or value is ABSENT or later is True:
        return
    if isinstance(value, dict):
        if isinstance(after, list) and len(after) == 1:
            after, later = after[0], later[0] if isinstance(later, list) and later else later
        if not value and after in (None, [], [{}]):
            return
        if not isinstance(after, dict):
            yield address, path, f"an object, planned {after!r}"
            return
        for key, item in value.items():
            below = later.get(key) if isinstance(later, dict) else None
            if key not in after and below:
                continue
            if key not in after:
                yield address, (*path, key), "not in the plan"
            else:
                yield from differences(address, (*path, key), item, after[key], below)
    elif isinstance(value, list):
        if not value and after is None:
            return
        if not isinstance(after, list) or len(after) != len(value):
            if not any(isinstance(item.value, Spread) for item in value):
                yield address, path, f"{len(value)} elements, planned {after!r}"
            return
        yield from _elements(address, path, value, after, later)
    elif _text(value) != _text(after) and (value, after) not in SAME:
        yield address, path, f"{value!r}, planned {after!r}"


def _elements(
    address: str, path: tuple[str | int, ...], items: list[Node], after: list[Any], later: Any
) -> Iterator[Difference]:
    """Elements in any order, as sets have none in a plan."""
    left = list(range(len(after)))
    for at, item in enumerate(items):
        tried = {
            other: list(
                differences(address, (*path, at), item, after[other], later[other] if isinstance(later, list) else None)
            )
            for other in left
        }
        best = min(left, key=lambda other: (len(tried[other]), other != at))
        left.remove(best)
        yield from tried[best]


def _text(value: Any) -> Any:
    """A scalar as Terraform's types leave it: numbers and booleans as text, JSON without regard to order."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, str) and value[:1] in "{[" and value:
        try:
            return _unordered(json.loads(value))
        except ValueError:
            return value
    return value


def _unordered(value: Any) -> Any:
    if isinstance(value, list):
        return sorted((_unordered(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(value, dict):
        return {key: _unordered(item) for key, item in value.items()}
    return value


def planned(plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        change["address"]: change["change"]
        for change in plan.get("resource_changes", [])
        if change["change"]["actions"] not in (["delete"], ["forget"])
    }


def loaded(folder: Path) -> Template:
    return load_hcl(folder, folder.name, boundary=folder)


@pytest.mark.parametrize("folder", cases(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_known_values_are_planned(folder: Path) -> None:
    template = loaded(folder)
    assert [item for item in template.diagnostics if item.level == "error"] == []
    changes = planned(plan_of(folder))
    wrong: list[Difference] = []
    for resource in template.resources:
        change = changes.get(resource.address)
        if change is None:
            unknown = "[*]" in resource.address
            assert resource.mode == "data" or unknown, f"{resource.address} is not planned"
            continue
        assert isinstance(resource.body.value, dict)
        for name, node in resource.body.value.items():
            if (resource.type, name) in PROVIDER_CHANGES:
                continue
            after, later = (change["after"] or {}), change["after_unknown"] or {}
            if name not in after:
                assert later.get(name), f"{resource.address}.{name} is not planned"
                continue
            wrong.extend(differences(resource.address, (name,), node, after[name], later.get(name)))
    assert wrong == []


@pytest.mark.parametrize("folder", cases(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_planned_resource_is_found(folder: Path) -> None:
    """By its address, or as one of an unknown number."""
    found = {resource.address for resource in loaded(folder).resources}
    for address in planned(plan_of(folder)):
        head = address.rpartition("[")[0]
        assert address in found or f"{head}[*]" in found, address
