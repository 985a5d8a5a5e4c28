"""The shipped policies with their fixtures (srmcheck.testing holds the machinery, docs/fixtures.md the rules)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.evaluate import Outcome
from srmcheck.graph import ResourceGraph
from srmcheck.policy import load_policies
from srmcheck.policy.model import Policy
from srmcheck.testing.fixtures import VERDICTS, Case, Written, squeezed, written_in
from srmcheck.testing.judge import Body
from srmcheck.testing.suite import Suite

__all__ = [
    "FIXTURES",
    "PACKAGES",
    "POLICIES",
    "SUITE",
    "VERDICTS",
    "Case",
    "Written",
    "cases",
    "documents_of",
    "engine_for",
    "graph_of",
    "outcomes_of",
    "policy_of",
    "squeezed",
    "written_in",
]

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
POLICIES = load_policies(profile="all")
PACKAGES = tuple(policy.package for policy in POLICIES.policies)
SUITE = Suite(POLICIES, FIXTURES)


def policy_of(package: str) -> Policy:
    """The policy with this package."""
    return SUITE.policy_of(package)


def cases() -> list[Case]:
    """Every template of every policy's fixtures."""
    return SUITE.cases()


def graph_of(case: Case) -> ResourceGraph:
    """The case's template as a graph."""
    return SUITE.graph_of(case)


def engine_for(policy: Policy) -> EmbeddedEngine:
    """The embedded engine with one policy."""
    return SUITE.engine_for(policy)


@cache
def outcomes_of(case: Case) -> tuple[Outcome, ...]:
    """What the case's policy says about its template."""
    evaluation = SUITE.evaluation_of(case)
    assert not evaluation.diagnostics
    return evaluation.outcomes


def documents_of(package: str) -> tuple[Body, ...]:
    """Every document that the policy's fixtures make, stack documents too, each once."""
    return SUITE.documents_of(policy_of(package))
