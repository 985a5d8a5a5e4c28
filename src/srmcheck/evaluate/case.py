"""What is judged together."""

from __future__ import annotations

from dataclasses import dataclass, field

from srmcheck.conditions import Condition, World
from srmcheck.evaluate.plans import TypePlan
from srmcheck.evaluate.verdict import Ruling
from srmcheck.graph.document import Document
from srmcheck.graph.resource import Resource

MOST_WORLDS = 256
"""Combinations of open conditions that are all judged, for one policy and resource."""
MOST_TRIED = 64
"""Combinations that are tried where there are too many to judge all."""
MOST_FREE = 16
"""As many of them as every case may have; those beyond are taken from what is left of MOST_MORE."""
MOST_MORE = 8192
"""For a whole template."""


@dataclass
class Allowance:
    """How many combinations a template may still have beyond the free ones."""

    left: int = MOST_MORE

    def most(self) -> int:
        """The most combinations that the next case may have."""
        return min(MOST_WORLDS, MOST_FREE + self.left)

    def take(self, count: int) -> None:
        """Counts the combinations of a case."""
        self.left -= max(0, count - MOST_FREE)


@dataclass
class Case:
    """One group of policies with the same open conditions, on one resource. `rulings` fills up world by world; `failed` are
    the ids of the policies that gave no answer in some world (their ruling there is no verdict). `without` are the worlds in
    which its address exists, but not this part of it. With `too_many`, `worlds` are only some: what fails in one of them
    fails, and what does not is unknown."""

    resource: Resource
    plan: TypePlan
    conditions: tuple[Condition, ...]
    worlds: list[World]
    documents: list[Document | None]
    rulings: dict[str, list[Ruling]] = field(default_factory=dict)
    too_many: bool = False
    without: tuple[World, ...] = ()
    failed: set[str] = field(default_factory=set)
