"""A policy as its METADATA describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from srmcheck.results import Severity

ReadPath = tuple[str, ...]
"""A parsed path pattern: property names, "[]" for any element of a list, "**" for any depth (only last).
`A.B[].C` is ("A", "B", "[]", "C")."""


def parse_path(text: str) -> ReadPath:
    """`A.B[].C` or `A.**` to its steps. Keys with dots do not occur in these patterns.

    Raises ValueError for an empty step or a "**" that is not last.
    """
    steps: list[str] = []
    for part in text.split("."):
        depth = 0
        while part.endswith("[]"):
            part = part[:-2]
            depth += 1
        if not part:
            raise ValueError(f"empty step in path {text!r}")
        steps.append(part)
        steps.extend(["[]"] * depth)
    if "**" in steps[:-1]:
        raise ValueError(f"** must be the last step in path {text!r}")
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Relation:
    """Resources that are joined under `name`.

    Exactly one of `by` (they point here: paths in them), `via` (we point there: paths in the judged resource), `shares`
    (they point to what we point to: pairs of a path in the judged resource and one in them) and `declared` is set. A path
    may be two hops, `A > B`, given as a tuple of two ReadPaths. `where` limits a keyed list: the element whose Key (first
    item) has this value (second item). `orphans`: split-out parts without their parent are members too. `of` are the judged
    types that have the relation, empty for all types of the policy. `reads` are the paths that the policy reads in a member.
    """

    name: str
    types: tuple[str, ...]
    by: tuple[tuple[ReadPath, ...], ...] = ()
    via: tuple[tuple[ReadPath, ...], ...] = ()
    shares: tuple[tuple[ReadPath, ReadPath], ...] = ()
    declared: Literal["account", "region", "template"] | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    orphans: bool = False
    of: tuple[str, ...] = ()
    reads: tuple[ReadPath, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """Built from METADATA only (docs: metadata). `types` maps each judged type to the paths it reads; `subject` to what
    an orphan must carry; `scope` "account": all its rules run for an account baseline only; `facts` maps a read path to
    the facts that are computed about it; `apart`: findings of one element with different paths are told one by one; `rules` are the rules that the package defines; `file` and `line` point to the METADATA
    block, `file` relative to the policies directory."""

    id: str
    title: str
    description: str
    severity: Severity
    responsibility: str
    service: str
    since: str
    profile: Literal["default", "all"]
    package: str
    rules: tuple[str, ...]
    types: Mapping[str, tuple[ReadPath, ...]]
    subject: tuple[ReadPath, ...] = ()
    scope: Literal["template", "account"] = "template"
    related: tuple[Relation, ...] = ()
    facts: Mapping[ReadPath, tuple[str, ...]] = field(default_factory=dict)
    origins: bool = False
    apart: bool = False
    reports: Literal["template", "resources"] = "template"
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    yields_to: tuple[str, ...] = ()
    remediation: Mapping[str, str] = field(default_factory=dict)
    frameworks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    equivalents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    file: str = ""
    line: int = 1

    @property
    def asks_account(self) -> bool:
        """Whether some of its rules run for an account baseline only."""
        return self.scope == "account" or any(rule.endswith("_stack") for rule in self.rules)
