"""What a policy's page says beyond the METADATA: `policies/pages.json`, which ships."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from srmcheck.normalize.tables import Table, load_tables
from srmcheck.policy.load import PolicySet
from srmcheck.policy.model import Policy, ReadPath
from srmcheck.policy.pages import Page
from srmcheck.schema import load as load_schema
from tools.examples import examples_of

CATALOGUE = Path(__file__).resolve().parents[1] / "policies" / "catalogue.yaml"
DOCUMENT = "aws_iam_policy_document"


@cache
def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """The catalogue by id."""
    entries = yaml.load(CATALOGUE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {entry["id"]: entry for entry in entries}


def page_of(policies: PolicySet, policy: Policy) -> Page:
    """The page of a shipped policy."""
    entry = catalogue()[policy.id]
    examples = examples_of(policies, policy)
    return Page(
        fails_when=" ".join(entry["fails_when"].split()),
        passes_when=" ".join(entry["passes_when"].split()),
        terraform_types=terraform_types(policy),
        examples={
            language: {verdict: example.text for verdict, example in found.items()}
            for language, found in examples.items()
        },
        baseline=any(example.account for found in examples.values() for example in found.values()),
    )


def as_json(pages: Mapping[str, Page]) -> str:
    """The file, one line for each text so that a change can be read."""
    entries = {
        policy_id: {
            "fails_when": page.fails_when,
            "passes_when": page.passes_when,
            "terraform_types": page.terraform_types,
            "examples": page.examples,
            "baseline": page.baseline,
        }
        for policy_id, page in pages.items()
    }
    return json.dumps(entries, indent=1, ensure_ascii=False) + "\n"


def terraform_types(policy: Policy) -> dict[str, tuple[str, ...]]:
    """The Terraform types that become a type which the policy judges or joins, or which set what it reads of one."""
    found: dict[str, tuple[str, ...]] = {}
    for name, paths in _reads(policy).items():
        names = [table.name for table in _tables() if _matters(table, name, paths)]
        if any(_is_policy(name, path) for path in paths):
            names.append(DOCUMENT)
        found[name] = tuple(sorted(names))
    return found


@cache
def _tables() -> tuple[Table, ...]:
    tables = load_tables()
    return tuple(table for table in (tables.get(name) for name in sorted(tables)) if table is not None)


def _reads(policy: Policy) -> dict[str, set[ReadPath]]:
    """Every path that the policy reads, or is joined by, of each type."""
    found: dict[str, set[ReadPath]] = {name: set(paths) for name, paths in policy.types.items()}
    for relation in policy.related:
        for name in relation.types:
            found.setdefault(name, set()).update(relation.reads, *relation.by)
    return found


def _matters(table: Table, name: str, paths: Iterable[ReadPath]) -> bool:
    if name not in table.types:
        return any(part == name for part, _, _ in table.parts)
    return table.join is None or any(path[0] in (*table.join[2], "**") for path in paths)


def _is_policy(name: str, path: ReadPath) -> bool:
    """Whether a policy document lies on the path."""
    found = load_schema().get(name)
    for length in range(1, len(path) + 1):
        shape = found.root.at(path[:length]) if found is not None else None
        if shape is not None and shape.kind == "policy":
            return True
    return False
