"""A policy that raises hides nothing but its own verdict on that resource."""

from __future__ import annotations

from typing import Any

from srmcheck.conditions import Named, Variable, equals, negate
from srmcheck.diagnostics import Diagnostic
from srmcheck.evaluate import run
from srmcheck.evaluate.faults import Faults
from tests.unit.evaluate.scripted import ScriptedEngine, at, choice, graph, policy, resource
from tests.unit.evaluate.test_run import BUCKET, ON, RULES, verdicts

PROD = Named("IsProd", equals(Variable("Stage", ("dev", "prod")), "prod"))


def shaky(document: dict[str, Any]) -> list[Any]:
    value = document["resource"]["properties"].get("Shaky")
    if value == "raise":
        raise ZeroDivisionError
    return [at(["Shaky"], "it shakes")] if value else []


SHAKY = policy("002", {BUCKET: ["Shaky"]}, rules=("deny",))
BOTH = ScriptedEngine({**RULES, SHAKY.package: {"deny": shaky}})


def test_the_other_policies_and_resources_have_their_verdicts() -> None:
    found = run(
        graph(*(resource(name, BUCKET, {"On": True, "Shaky": value}) for name, value in
                (("a", False), ("b", "raise"), ("c", True), ("d", "raise")))),
        [ON, SHAKY],
        BOTH,
    )  # fmt: skip
    assert {(one.policy_id, one.address, one.verdict) for one in found.outcomes} == {
        *((ON.id, name, "pass") for name in "abcd"),
        (SHAKY.id, "a", "pass"),
        (SHAKY.id, "c", "fail"),
    }
    (said,) = found.diagnostics
    assert (said.summary, said.file, said.line, said.level) == (
        "Policy raised an error",
        f"{SHAKY.package}.rego",
        7,
        "error",
    )
    assert said.detail == f"{SHAKY.package} stopped at b. The same at d."
    assert found.failed.keys() == {(SHAKY.id, "b"), (SHAKY.id, "d")}


def test_a_world_that_raises_leaves_a_failure_of_another_and_no_pass() -> None:
    fails = choice((PROD, True), (negate(PROD), "raise"))
    passes = choice((PROD, False), (negate(PROD), "raise"))
    found = run(graph(resource("a", BUCKET, {"Shaky": fails}), resource("b", BUCKET, {"Shaky": passes})), [SHAKY], BOTH)
    assert verdicts(found) == {"a": "fail"}
    assert found.outcomes[0].findings[0].when == {"IsProd": True}
    assert found.failed.keys() == {(SHAKY.id, "a"), (SHAKY.id, "b")}
    assert len(found.diagnostics) == 1


def test_a_part_that_raises_leaves_a_failure_of_another_and_no_pass() -> None:
    def parts(name: str, *values: Any) -> list[Any]:
        return [resource(name, BUCKET, {"Shaky": value}, part=part) for part, value in enumerate(values)]

    found = run(graph(*parts("a", "raise", False), *parts("b", True, "raise")), [SHAKY], BOTH)
    assert verdicts(found) == {"b": "fail"}


def test_stack_rules() -> None:
    def raises(document: dict[str, Any]) -> list[Any]:
        raise OverflowError

    one = policy("003", {BUCKET: ["On"]}, rules=("deny_stack",))
    two = policy("004", {BUCKET: ["On"]}, rules=("deny_stack",))
    engine = ScriptedEngine({one.package: {"deny_stack": raises}, two.package: {"deny_stack": lambda _: []}})
    found = run(graph(resource("a", BUCKET, {})), [one, two], engine, scope="account")
    assert [(outcome.policy_id, outcome.verdict) for outcome in found.outcomes] == [(two.id, "pass")]
    assert found.failed.keys() == {(one.id, None)}
    assert len(found.diagnostics) == 1


def test_many_resources_are_one_entry_for_each_place() -> None:
    faults = Faults()
    for number in range(9):
        faults.add(
            "A", f"r{number}", Diagnostic("Policy raised an error", "a.rego", 3, detail=f"It stopped at r{number}.")
        )
        faults.add(
            "A", f"r{number}", Diagnostic("Policy raised an error", "a.rego", 4, detail=f"It stopped at r{number}.")
        )
    too_large = Diagnostic("Resource is too large to evaluate", detail="r1 is.")
    for policy_id in ("A", "B"):
        faults.add(policy_id, "r1", too_large)
    first, second, third = faults.diagnostics()
    assert first.detail == "It stopped at r0. The same at r1, r2, r3 and 5 more."
    assert (first.line, second.line) == (3, 4)
    assert third == too_large
