"""Reads policies/responsibility_model.yaml strictly and compiles it (build time only).

    python -m srmcheck.policy.model_source SOURCE.yaml TARGET.json

writes the JSON that `srmcheck.policy.responsibility` reads; with `--check` it only says whether TARGET is current.
Documentation: docs/responsibility-model.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from srmcheck.results import RESPONSIBILITIES

SCHEMA = "srmcheck.responsibility-model/v1"
MODELS = ("IaaS", "PaaS", "SaaS")
HOLDERS = ("customer", "shared", "provider", "none")
PAGES = ("https://docs.aws.amazon.com/", "https://aws.amazon.com/")


class ModelError(ValueError):
    """The source breaks a rule; the message names the entry and the rule."""


def compile_model(text: str) -> dict[str, Any]:
    """The compiled model of the YAML `text`: `matrix` by model and responsibility, and `cells` of services and variants
    where they differ from it (null: no such layer). Raises ModelError for unknown or missing keys, unknown words, a page that is not AWS's, a type that
    two services claim, or a responsibility without a holder."""
    import yaml

    source = _mapping("the file", yaml.safe_load(text))
    _keys(
        "the file", source, ("schema", "date", "sources", "provider_duties", "models", "responsibilities", "services")
    )
    if source["schema"] != SCHEMA:
        raise ModelError(f"schema must be {SCHEMA}")
    areas = [_area(entry) for entry in source["responsibilities"]]
    if tuple(area["id"] for area in areas) != RESPONSIBILITIES:
        raise ModelError(f"responsibilities must be, in this order: {', '.join(RESPONSIBILITIES)}")
    if tuple(source["models"]) != MODELS:
        raise ModelError(f"models must be, in this order: {', '.join(MODELS)}")
    for name, model in source["models"].items():
        _keys(f"model {name}", model, ("title", "means"))
    duties = [_duty(entry) for entry in source["provider_duties"]]
    matrix = {entry["id"]: (entry["source"], entry["holders"]) for entry in source["responsibilities"]}
    services = {name: _service(name, entry, matrix) for name, entry in sorted(source["services"].items())}
    _known_services(areas, services)
    for page in source["sources"]:
        _page("sources", page)
    return {
        "schema": SCHEMA,
        "date": _text("date", source["date"]),
        "provider_duties": duties,
        "models": source["models"],
        "responsibilities": areas,
        "matrix": {
            model: {area: _cell(area, holders[model], source) for area, (source, holders) in matrix.items()}
            for model in MODELS
        },
        "namespaces": _namespaces(services),
        "services": {name: {k: v for k, v in entry.items() if k != "types"} for name, entry in services.items()},
    }


def render(model: Mapping[str, Any]) -> str:
    """The compiled model as the text of its file."""
    return json.dumps(model, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _duty(entry: Any) -> dict[str, str]:
    duty = _mapping("provider_duties", entry)
    where = f"duty {duty.get('id')}"
    _keys(where, duty, ("id", "title", "covers", "source"))
    _page(where, duty["source"])
    return {key: _text(where, value) for key, value in duty.items()}


def _area(entry: Any) -> dict[str, Any]:
    area = _mapping("responsibilities", entry)
    where = f"responsibility {area.get('id')}"
    _keys(where, area, ("id", "title", "asks", "source", "holders", "not_visible"))
    _page(where, area["source"])
    _keys(f"{where}: holders", area["holders"], MODELS)
    for model, cell in area["holders"].items():
        _cell(f"{where}: {model}", cell, area["source"])
    hidden = []
    for item in area["not_visible"]:
        _keys(f"{where}: not_visible", item, ("summary", "watched_by"), ("services",))
        watchers = [_text(where, watcher) for watcher in item["watched_by"]]
        if not watchers or any(not watcher.startswith(("Config: ", "Security Hub: ")) for watcher in watchers):
            raise ModelError(f"{where}: not_visible {item['summary']!r}: watched_by needs Config or Security Hub names")
        hidden.append(
            {"summary": item["summary"], "watched_by": watchers, "services": list(item.get("services") or ())}
        )
    return {
        "id": area["id"],
        "title": _text(where, area["title"]),
        "asks": _text(where, area["asks"]),
        "source": area["source"],
        "not_visible": hidden,
    }


def _service(name: str, entry: Any, matrix: Mapping[str, Any]) -> dict[str, Any]:
    service = _mapping(f"service {name}", entry)
    _keys(f"service {name}", service, ("title", "model", "types", "reason", "source"), ("cells", "variants"))
    own = _placed(f"service {name}", service, matrix)
    variants = []
    for variant in service.get("variants") or ():
        where = f"service {name}, variant {variant.get('name')}"
        _keys(where, variant, ("name", "types", "model", "reason", "source"), ("when", "cells"))
        when = variant.get("when")
        if when is not None:
            _keys(f"{where}: when", when, ("path", "matches"))
            when = {"path": _path(when["path"]), "matches": [_text(where, item) for item in when["matches"]]}
        placed = _placed(where, variant, matrix)
        variants.append({"name": variant["name"], "types": _types(where, variant), "when": when, **placed})
    return {
        "title": _text(name, service["title"]),
        "types": _types(f"service {name}", service),
        "variants": variants,
        **own,
    }


def _placed(where: str, entry: Mapping[str, Any], matrix: Mapping[str, Any]) -> dict[str, Any]:
    if entry["model"] not in MODELS:
        raise ModelError(f"{where}: model must be one of {', '.join(MODELS)}")
    _page(where, entry["source"])
    overrides = entry.get("cells") or {}
    unknown = set(overrides) - set(matrix)
    if unknown:
        raise ModelError(f"{where}: unknown responsibility {', '.join(sorted(unknown))}")
    cells: dict[str, tuple[str, str, str] | None] = {}
    for area, cell in overrides.items():
        found = _cell(f"{where}: {area}", cell, entry["source"])
        cells[area] = None if found[0] == "none" else found
    return {"model": entry["model"], "reason": _text(where, entry["reason"]), "source": entry["source"], "cells": cells}


def _cell(where: str, cell: Any, default_source: str) -> tuple[str, str, str]:
    _keys(where, _mapping(where, cell), ("holder", "reason"), ("source",))
    if cell["holder"] not in HOLDERS:
        raise ModelError(f"{where}: holder must be one of {', '.join(HOLDERS)}")
    source = cell.get("source", default_source)
    _page(where, source)
    return cell["holder"], _text(where, cell["reason"]), source


def _types(where: str, entry: Mapping[str, Any]) -> list[str]:
    types = [_text(where, name) for name in entry["types"]]
    if not types or any(not name.startswith("AWS::") for name in types):
        raise ModelError(f"{where}: types must name namespaces or types that start with AWS::")
    return types


def _path(text: str) -> list[str]:
    from srmcheck.policy.model import parse_path

    return list(parse_path(text))


def _namespaces(services: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, service in services.items():
        for namespace in service["types"]:
            if namespace in found:
                raise ModelError(f"{namespace} is claimed by {found[namespace]} and {name}")
            found[namespace] = name
    return found


def _known_services(areas: list[dict[str, Any]], services: Mapping[str, Any]) -> None:
    for area in areas:
        for item in area["not_visible"]:
            unknown = set(item["services"]) - set(services)
            if unknown:
                raise ModelError(f"responsibility {area['id']}: unknown service {', '.join(sorted(unknown))}")


def _mapping(where: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ModelError(f"{where} must be a mapping")
    return value


def _keys(where: str, value: Any, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    keys = set(_mapping(where, value))
    missing = [key for key in needed if key not in keys]
    if missing:
        raise ModelError(f"{where} lacks {', '.join(missing)}")
    extra = sorted(keys - set(needed) - set(optional))
    if extra:
        raise ModelError(f"{where} has unknown keys: {', '.join(map(str, extra))}")


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ModelError(f"{where}: a text is needed")
    return value


def _page(where: str, value: Any) -> None:
    if not _text(where, value).startswith(PAGES):
        raise ModelError(f"{where}: the source must be a page of AWS's own documentation")


def main(arguments: list[str]) -> int:
    """The command line described at the top of this module; 1 if the target is not current or the source is wrong."""
    check = "--check" in arguments
    source, target = (Path(argument) for argument in arguments if argument != "--check")
    try:
        text = render(compile_model(source.read_text(encoding="utf-8")))
    except ModelError as error:
        print(f"{source}: {error}", file=sys.stderr)
        return 1
    if check:
        current = target.is_file() and target.read_text(encoding="utf-8") == text
        if not current:
            print(f"{target} is not current: compile {source} again", file=sys.stderr)
        return 0 if current else 1
    target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
