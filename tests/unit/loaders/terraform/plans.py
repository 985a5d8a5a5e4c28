"""Small plans by hand, real ones from the data folder, and ways to look into what was loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from srmcheck.loaders.terraform.lines import SourceFiles
from srmcheck.loaders.terraform.plan import load_plan
from srmcheck.template import SourceResource, Template
from srmcheck.values import Node, Unknown

DATA = Path(__file__).parents[3] / "data" / "plans"
AWS = "registry.terraform.io/hashicorp/aws"

Json = dict[str, Any]


def document(case: str, file: str = "plan.json") -> Json:
    """The JSON of a real plan or state."""
    found: Json = orjson.loads((DATA / case / file).read_bytes())
    return found


def real(case: str, file: str = "plan.json", source: str | None = None) -> Template:
    """A real plan, loaded; `source` is the folder of its `.tf` files in the case."""
    files = None if source is None else SourceFiles(DATA / case / source, DATA / case, source)
    return load_plan(document(case, file), file, source=files)


def change(address: str, after: Json | None = None, unknown: Json | None = None, **more: Any) -> Json:
    """An entry of resource_changes. `address` is type.name or data.type.name, in the root."""
    parts = address.partition("[")[0].split(".")
    mode = "data" if parts[0] == "data" else "managed"
    entry = {
        "address": address,
        "mode": mode,
        "type": parts[-2],
        "name": parts[-1],
        "provider_name": more.pop("provider", AWS),
        "change": {
            "actions": more.pop("actions", ["read"] if mode == "data" else ["create"]),
            "before": more.pop("before", None),
            "after": after if after is not None else {},
            "after_unknown": unknown or {},
            "before_sensitive": False,
            "after_sensitive": more.pop("sensitive", {}),
        },
    }
    return {**entry, **more}


def config(address: str, expressions: Json | None = None, **more: Any) -> Json:
    """A resource of the configuration."""
    parts = address.split(".")
    return {
        "address": address,
        "mode": "data" if parts[0] == "data" else "managed",
        "type": parts[-2],
        "name": parts[-1],
        "provider_config_key": "aws",
        "expressions": expressions or {},
        **more,
    }


def refs(*references: str) -> Json:
    """An expression with references, given in full; the shorter forms that a plan adds are added."""
    found: list[str] = []
    for text in references:
        found.append(text)
        steps = text.split(".")
        least = {"data": 3, "local": 2, "var": 2, "each": 2, "count": 2, "module": 2}.get(steps[0], 2)
        found.extend(".".join(steps[:size]) for size in range(len(steps) - 1, least - 1, -1))
    return {"references": found}


def const(value: Any) -> Json:
    """A constant."""
    return {"constant_value": value}


def plan(changes: list[Json], resources: list[Json] | None = None, **more: Any) -> Json:
    """A plan. `resources` are those of the root module of the configuration; `root` adds to the root module."""
    root = {"resources": resources or [], **more.pop("root", {})}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": changes,
        "configuration": {"provider_config": more.pop("provider_config", {}), "root_module": root},
        **more,
    }


def load(document: Json) -> Template:
    """A plan by hand, loaded."""
    return load_plan(document, "plan.json")


def resource(template: Template, address: str) -> SourceResource:
    """The one resource with this address."""
    (found,) = [item for item in template.resources if item.address == address]
    return found


def body(template: Template, address: str) -> dict[str, Node]:
    """The arguments of a resource."""
    found = resource(template, address).body.value
    assert isinstance(found, dict)
    return found


def at(template: Template, address: str, *path: str | int) -> Node | None:
    """The node at a path of a resource; None if it is not there."""
    node: Node | None = resource(template, address).body
    for step in path:
        value = node.value if node is not None else None
        if isinstance(value, dict) and isinstance(step, str):
            node = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            node = value[step]
        else:
            return None
    return node


def unknown(template: Template, address: str, *path: str | int) -> Unknown:
    """The unknown at a path."""
    node = at(template, address, *path)
    assert node is not None, f"nothing at {path}"
    assert isinstance(node.value, Unknown), f"known at {path}"
    return node.value


def plain(node: Node | None) -> Any:
    """A tree as JSON; unknowns as "?"."""
    if node is None:
        return None
    if isinstance(node.value, dict):
        return {key: plain(item) for key, item in node.value.items()}
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    if isinstance(node.value, Unknown):
        return "?"
    return node.value
