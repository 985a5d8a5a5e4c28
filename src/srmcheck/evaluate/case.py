"""What is judged together."""

from __future__ import annotations

from dataclasses import dataclass, field

from srmcheck.conditions import Condition, World
from srmcheck.evaluate.plans import TypePlan
from srmcheck.evaluate.verdict import Ruling
from srmcheck.graph.document import Document
from srmcheck.graph.resource import Resource

MOST_WORLDS = 16


@dataclass
class Case:
    """One group of policies with the same open conditions, on one resource. `rulings` fills up world by world; `failed` are
    the ids of the policies that gave no answer in some world (their ruling there is no verdict). `without` are the worlds in
    which its address exists, but not this part of it."""

    resource: Resource
    plan: TypePlan
    conditions: tuple[Condition, ...]
    worlds: list[World]
    documents: list[Document | None]
    rulings: dict[str, list[Ruling]] = field(default_factory=dict)
    too_many: bool = False
    without: tuple[World, ...] = ()
    failed: set[str] = field(default_factory=set)
