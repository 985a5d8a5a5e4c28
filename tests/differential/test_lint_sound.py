"""What the lint takes, the engines read alike: random rules that it has no complaint about."""

from __future__ import annotations

import pytest

from srmcheck.engine.lint import check_module
from tests.differential.both import Both
from tests.differential.random_rules import DOCUMENTS, HELPERS, Rules
from tests.opa import RAISED, ScratchOpa

RULES = 250


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_taken_rules_are_equal(seed: int, scratch_opa: ScratchOpa) -> None:
    """An error in one engine alone is allowed, though rare: they evaluate in different orders, and an error is never a
    pass."""
    made = Rules(seed)
    taken: list[str] = []
    for number in range(RULES):
        rule = made.rule(f"r{number}")
        if not check_module(f"{HELPERS}\n{rule}\n", "x.rego") and not scratch_opa.load(f"{HELPERS}\n{rule}\n"):
            taken.append(rule)
    assert len(taken) > RULES // 3, "the lint, or OPA's type checker, leaves too little to compare"
    both = Both(scratch_opa, HELPERS + "\n" + "\n\n".join(taken) + "\n")
    errors = values = 0
    for rule in taken:
        name = rule.split("_of(", 1)[0].split(" ", 1)[0]
        for document in DOCUMENTS:
            embedded, opa = both.ask(f"scratch.{name}", document)
            if RAISED in (embedded, opa):
                errors += embedded != opa
                continue
            assert embedded == opa, (document, rule)
            values += embedded not in ([], {})
    assert errors <= 20
    assert values > len(taken), "hardly anything had a value"
