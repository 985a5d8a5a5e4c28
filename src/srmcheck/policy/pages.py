"""What the documentation page of a policy says beyond its METADATA (docs/policies/, made by tools/policy_pages.py).

`policies/pages.json` ships with the policies, so that `srmcheck policies show` tells what the page tells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from srmcheck.policy.locate import policies_dir

FILE = "pages.json"


@dataclass(frozen=True, slots=True)
class Page:
    """When the policy fails and passes, in the catalogue's words; the Terraform types by the canonical type that they
    become; examples by language and verdict ("fail", "pass"), none for a language that cannot say what the policy judges;
    `baseline`: the examples are judged with `--scope account`."""

    fails_when: str = ""
    passes_when: str = ""
    terraform_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    baseline: bool = False

    @property
    def passes(self) -> str:
        """When it passes, as a sentence; an abbreviation at its start stays as it is. Empty without a page."""
        start, rest = self.passes_when[:1], self.passes_when[1:]
        lowered = start if rest[:1].isupper() else start.lower()
        return f"Passes when: {lowered}{rest}" if start else ""


def load_page(policy_id: str) -> Page:
    """The page of a shipped policy; an empty one for users' own policies."""
    entry = _pages().get(policy_id)
    return page_from_json(entry) if entry else Page()


def page_from_json(entry: Mapping[str, Any]) -> Page:
    """A page as the file holds it."""
    types = {name: tuple(names) for name, names in entry["terraform_types"].items()}
    return Page(entry["fails_when"], entry["passes_when"], types, entry["examples"], entry["baseline"])


@cache
def _pages() -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads((policies_dir() / FILE).read_bytes())
    except FileNotFoundError:  # a checkout in which they were not made yet
        return {}
    return found
