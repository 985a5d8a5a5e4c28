"""Stack rules: where their findings lie, when they fail, and how they fold (docs: verdicts, "Stack rules")."""

from __future__ import annotations

from typing import Any

from srmcheck.conditions import FALSE, Condition, Named, Variable, equals, negate
from srmcheck.evaluate import Evaluation, run
from srmcheck.results import Finding
from srmcheck.values import Choice, Node, Place, Value
from tests.unit.evaluate.scripted import ScriptedEngine, graph, policy, resource

PROD = Named("IsProd", equals(Variable("Stage", ("dev", "prod")), "prod"))
WIDE = policy("001", {"T": ["On", "Rules[].Port"]}, rules=("deny_stack",), reports="resources")
NARROW = policy("002", {"T": ["On"]}, rules=("deny",), yields_to=("SRM-TEST-001",))


def lacking(document: dict[str, Any]) -> list[Any]:
    """No T has On: said of each, and of the template if there is none."""
    rows = document["template"]["T"]
    if any(row["properties"].get("On") for row in rows):
        return []
    rest = [["@T"]]
    none = [{"address": None, "place": [], "message": "none", "paths": rest}]
    return [{"address": row["address"], "place": ["On"], "message": "off", "paths": rest} for row in rows] or none


def off(document: dict[str, Any]) -> list[Any]:
    wrong = not document["resource"]["properties"].get("On")
    return [{"place": ["On"], "message": "off", "paths": [["On"]]}] if wrong else []


def judged(*resources: Any) -> Evaluation:
    engine = ScriptedEngine({WIDE.package: {"deny_stack": lacking}, NARROW.package: {"deny": off}})
    return run(graph(*resources), [WIDE, NARROW], engine, scope="account")


def failures(evaluation: Evaluation) -> dict[tuple[str, str | None], Finding]:
    return {(one.policy_id, one.resource): one for outcome in evaluation.outcomes for one in outcome.findings}


def test_a_finding_on_a_resource_lies_at_its_property() -> None:
    found = failures(judged(resource("a", "T", {"On": False}), resource("b", "T", {})))
    assert found["SRM-TEST-001", "a"].source_path == ("On",)
    assert found["SRM-TEST-001", "b"].source_path == ()
    assert [found["SRM-TEST-001", name].source_address for name in "ab"] == ["a", "b"]


def test_a_finding_of_a_resource_rule_folds_into_one_of_a_stack_rule() -> None:
    found = failures(judged(resource("a", "T", {"On": False})))
    wide, narrow = found["SRM-TEST-001", "a"], found["SRM-TEST-002", "a"]
    assert (narrow.folded_into, wide.also) == (wide.fingerprint, ("SRM-TEST-002",))
    assert narrow.fingerprint != wide.fingerprint


def test_it_stands_alone_where_the_stack_rule_does_not_fail() -> None:
    found = failures(judged(resource("a", "T", {"On": False}), resource("b", "T", {"On": True})))
    assert list(found) == [("SRM-TEST-002", "a")]
    assert found["SRM-TEST-002", "a"].folded_into is None


def test_it_folds_only_if_the_stack_rule_fails_whenever_it_does() -> None:
    """`b` is there in production, so that the stack rule fails elsewhere; the narrow one always fails."""
    found = failures(judged(resource("a", "T", {"On": False}), resource("b", "T", {"On": True}, exists=PROD)))
    assert found["SRM-TEST-001", "a"].when == {"IsProd": False}
    assert found["SRM-TEST-002", "a"].when == {}
    assert found["SRM-TEST-002", "a"].folded_into is None


def flag(*branches: tuple[Condition, Value]) -> Choice:
    return Choice(tuple((guard, Node(value, Place("a", ("On",)))) for guard, value in branches))


def test_when_is_that_of_the_finding_and_not_of_the_rule() -> None:
    """The rule fails in both worlds: on the template where nothing is declared, on the resource where it is there."""
    found = failures(judged(resource("a", "T", {"On": False}, exists=PROD)))
    assert found["SRM-TEST-001", None].when == {"IsProd": False}
    assert found["SRM-TEST-001", "a"].when == {}
    assert found["SRM-TEST-002", "a"].folded_into == found["SRM-TEST-001", "a"].fingerprint


def test_worlds_of_a_value_fold_too() -> None:
    found = failures(judged(resource("a", "T", {"On": flag((PROD, True), (negate(PROD), False))})))
    assert found["SRM-TEST-001", "a"].when == found["SRM-TEST-002", "a"].when == {"IsProd": False}
    assert found["SRM-TEST-002", "a"].folded_into == found["SRM-TEST-001", "a"].fingerprint


def test_what_never_exists_is_not_judged() -> None:
    found = failures(judged(resource("a", "T", {"On": True}, exists=FALSE)))
    assert list(found) == [("SRM-TEST-001", None)]
