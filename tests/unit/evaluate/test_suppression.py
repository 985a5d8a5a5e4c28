"""Suppressions in the evaluation: what they cover, what they bring to light, and that nothing folds into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from srmcheck.conditions import Named, Variable, equals, negate
from srmcheck.evaluate import Evaluation, run
from srmcheck.graph.resource import ResourceGraph
from srmcheck.policy.model import Policy
from srmcheck.results import Finding
from srmcheck.source import Location
from srmcheck.values import Unknown
from tests.unit.evaluate.scripted import ScriptedEngine, at, choice, graph, policy, resource

PROD = Named("IsProd", equals(Variable("Stage", ("dev", "prod")), "prod"))
GROUP = "AWS::EC2::SecurityGroup"
BY = {"kind": "inline", "reason": "why"}


class Covers:
    """Suppresses what a function of the finding picks; in place, or by a list of fingerprints."""

    def __init__(self, inline: Callable[[Finding], bool] = lambda _: False, listed: Iterable[str] = ()) -> None:
        self.picks = inline
        self.prints = set(listed)
        self.heads: list[Location | None] = []

    @property
    def has_list(self) -> bool:
        return bool(self.prints)

    def inline(self, finding: Finding, head: Callable[[], Location | None]) -> Mapping[str, str] | None:
        self.heads.append(head())
        return BY if self.picks(finding) else None

    def listed(self, finding: Finding) -> Mapping[str, str] | None:
        return {"kind": "baseline", "reason": "known"} if finding.fingerprint in self.prints else None


def open_rules(document: dict[str, Any]) -> list[Any]:
    rules = document["resource"]["properties"].get("SecurityGroupIngress", [])
    return [
        at(["SecurityGroupIngress", index, "CidrIp"], f"rule {index} is open")
        for index, rule in enumerate(rules)
        if rule.get("CidrIp") == "0.0.0.0/0"
    ]


OPEN = policy("001", {GROUP: ["SecurityGroupIngress[].CidrIp"]}, rules=("deny",))
RULES = {OPEN.package: {"deny": open_rules}}


def judged(
    found: ResourceGraph, suppressor: Any, policies: Iterable[Policy] = (OPEN,), rules: Any = RULES
) -> Evaluation:
    return run(found, list(policies), ScriptedEngine(rules), suppressor=suppressor)


def ingress(*cidrs: Any) -> ResourceGraph:
    return graph(resource("g", GROUP, {"SecurityGroupIngress": [{"CidrIp": cidr} for cidr in cidrs]}))


def at_rule(*indexes: int) -> Callable[[Finding], bool]:
    return lambda finding: len(finding.path) > 1 and finding.path[1] in indexes


def test_a_verdict_is_suppressed_where_every_finding_is() -> None:
    (outcome,) = judged(ingress("0.0.0.0/0", "10.0.0.0/8", "0.0.0.0/0"), Covers(at_rule(0, 2))).outcomes
    assert outcome.verdict == "suppressed"
    assert [finding.verdict for finding in outcome.findings] == ["suppressed", "suppressed"]
    assert outcome.findings[0].suppression == BY


def test_it_still_fails_where_one_finding_is_left() -> None:
    (outcome,) = judged(ingress("0.0.0.0/0", "0.0.0.0/0"), Covers(at_rule(0))).outcomes
    assert outcome.verdict == "fail"
    assert {finding.path[1]: finding.verdict for finding in outcome.findings} == {0: "suppressed", 1: "fail"}


def test_fingerprints_do_not_depend_on_suppressions() -> None:
    found = ingress("0.0.0.0/0", "0.0.0.0/0")
    plain = {finding.path: finding.fingerprint for finding in judged(found, None).outcomes[0].findings}
    some = {finding.path: finding.fingerprint for finding in judged(found, Covers(at_rule(0))).outcomes[0].findings}
    assert plain == some


def test_an_unknown_that_a_suppressed_failure_hid_comes_to_light() -> None:
    found = ingress("0.0.0.0/0", Unknown("variable without a value", "var.cidr"))
    (outcome,) = judged(found, None).outcomes
    assert [finding.verdict for finding in outcome.findings] == ["fail"]
    (outcome,) = judged(found, Covers(at_rule(0))).outcomes
    assert outcome.verdict == "unknown"
    assert [finding.verdict for finding in outcome.findings] == ["suppressed", "unknown"]
    assert outcome.findings[1].blocked_by[0].name == "var.cidr"
    assert len({finding.fingerprint for finding in outcome.findings}) == 2


def test_and_is_suppressed_too_if_it_is_covered() -> None:
    found = ingress("0.0.0.0/0", Unknown("variable without a value", "var.cidr"))
    (outcome,) = judged(found, Covers(lambda _: True)).outcomes
    assert outcome.verdict == "suppressed"
    assert [finding.verdict for finding in outcome.findings] == ["suppressed"]


def test_an_unknown_of_another_world_comes_to_light() -> None:
    made = choice((PROD, "0.0.0.0/0"), (negate(PROD), Unknown("variable without a value", "var.cidr")))
    found = graph(resource("g", GROUP, {"SecurityGroupIngress": [{"CidrIp": made}]}))
    failing = Covers(lambda finding: finding.verdict == "fail")
    assert judged(found, failing).outcomes[0].verdict == "unknown"
    assert judged(found, Covers()).outcomes[0].verdict == "fail"


def test_an_unknown_is_told_at_the_first_reason_that_is_not_covered() -> None:
    found = ingress(Unknown("a", "var.a"), Unknown("b", "var.b"))
    # The engine's document keeps unknown elements as empty objects, each with its leaf unknown.
    (outcome,) = judged(found, None).outcomes
    first = outcome.findings[0].path
    (outcome,) = judged(found, Covers(lambda finding: finding.path == first)).outcomes
    assert outcome.verdict == "unknown"
    assert outcome.findings[0].path != first
    assert outcome.findings[0].blocked_by[0].name == "var.b"
    (outcome,) = judged(found, Covers(lambda _: True)).outcomes
    assert (outcome.verdict, outcome.findings[0].path) == ("suppressed", first)


def test_the_list_goes_by_fingerprints_and_covers_an_unknown_as_a_whole() -> None:
    found = ingress(Unknown("a", "var.a"), Unknown("b", "var.b"))
    (outcome,) = judged(found, None).outcomes
    prints = [finding.fingerprint or "" for finding in outcome.findings]
    (outcome,) = judged(found, Covers(listed=prints)).outcomes
    assert outcome.verdict == "suppressed"
    assert outcome.findings[0].suppression == {"kind": "baseline", "reason": "known"}


def test_a_listed_failure_does_not_hide_an_unknown() -> None:
    found = ingress("0.0.0.0/0", Unknown("variable without a value", "var.cidr"))
    (plain,) = judged(found, None).outcomes
    (outcome,) = judged(found, Covers(listed=[plain.findings[0].fingerprint or ""])).outcomes
    assert [finding.verdict for finding in outcome.findings] == ["suppressed", "unknown"]
    unknown = outcome.findings[1].fingerprint or ""
    (outcome,) = judged(found, Covers(listed=[plain.findings[0].fingerprint or "", unknown])).outcomes
    assert outcome.verdict == "suppressed"


def two_settings(document: dict[str, Any]) -> list[Any]:
    block = document["resource"]["properties"].get("Block", {})
    return [at(["Block", name], f"{name} is off") for name in ("A", "B") if block.get(name) is False]


def test_what_else_fails_in_an_element_is_told_if_only_the_first_is_covered() -> None:
    one = policy("002", {GROUP: ["Block.A", "Block.B"]}, rules=("deny",))
    rules = {one.package: {"deny": two_settings}}
    found = graph(resource("g", GROUP, {"Block": {"A": False, "B": False}}))
    (outcome,) = judged(found, None, [one], rules).outcomes
    assert [finding.path for finding in outcome.findings] == [("Block", "A")]
    (outcome,) = judged(found, Covers(lambda item: item.path == ("Block", "A")), [one], rules).outcomes
    assert outcome.verdict == "fail"
    assert {finding.path[-1]: finding.verdict for finding in outcome.findings} == {"A": "suppressed", "B": "fail"}
    (outcome,) = judged(found, Covers(lambda _: True), [one], rules).outcomes
    assert [(finding.path, finding.verdict) for finding in outcome.findings] == [(("Block", "A"), "suppressed")]


def narrow(document: dict[str, Any]) -> list[Any]:
    return [{**item, "message": "narrow"} for item in open_rules(document)]


@pytest.mark.parametrize(
    ("covered", "folded", "also"),
    [((), True, True), (("SRM-TEST-001",), False, False), (("SRM-TEST-003",), False, False)],
)
def test_nothing_folds_into_what_is_suppressed_and_what_is_suppressed_does_not_fold(
    covered: tuple[str, ...], folded: bool, also: bool
) -> None:
    other = policy("003", {GROUP: ["SecurityGroupIngress[].CidrIp"]}, rules=("deny",), yields_to=("SRM-TEST-001",))
    rules = {**RULES, other.package: {"deny": narrow}}
    found = judged(ingress("0.0.0.0/0"), Covers(lambda item: item.policy_id in covered), [OPEN, other], rules)
    findings = {finding.policy_id: finding for outcome in found.outcomes for finding in outcome.findings}
    assert (findings["SRM-TEST-003"].folded_into is not None) is folded
    assert bool(findings["SRM-TEST-001"].also) is also
    for name, finding in findings.items():
        assert finding.verdict == ("suppressed" if name in covered else "fail")


def test_parts_of_one_address() -> None:
    one = resource("g", GROUP, {"SecurityGroupIngress": [{"CidrIp": "0.0.0.0/0"}]})
    two = resource("g", GROUP, {"SecurityGroupIngress": [{"CidrIp": Unknown("b", "var.b")}]}, part=1)
    (outcome,) = judged(graph(one, two), Covers(lambda finding: finding.verdict == "fail")).outcomes
    assert [finding.verdict for finding in outcome.findings] == ["suppressed", "unknown"]


def test_passes_are_left_alone() -> None:
    found = run(
        ingress("10.0.0.0/8"), [OPEN], ScriptedEngine(RULES), show_passed=True, suppressor=Covers(lambda _: True)
    )
    assert [outcome.verdict for outcome in found.outcomes] == ["pass"]
    assert found.outcomes[0].findings[0].suppression is None


# --- stack rules -------------------------------------------------------------------------------------------------------

TRAIL = "AWS::CloudTrail::Trail"


def no_trail(document: dict[str, Any]) -> list[Any]:
    trails = document["template"].get(TRAIL, [])
    return [
        {"address": trail["address"], "place": [f"@{TRAIL}", number, "On"], "message": "off", "paths": []}
        for number, trail in enumerate(trails)
        if trail["properties"].get("On") is False
    ]


STACK = policy("009", {TRAIL: ["On"]}, rules=("deny_stack", "settled_stack"), reports="resources")
STACK_RULES = {STACK.package: {"deny_stack": no_trail, "settled_stack": lambda _: []}}


def stack(suppressor: Any, *values: Any) -> dict[str | None, str]:
    found = run(
        graph(*(resource(f"t{number}", TRAIL, {"On": value}) for number, value in enumerate(values))),
        [STACK],
        ScriptedEngine(STACK_RULES),
        scope="account",
        suppressor=suppressor,
    )
    return {outcome.address: outcome.verdict for outcome in found.outcomes}


def test_stack_findings_are_suppressed_one_by_one() -> None:
    assert stack(None, False, False) == {"t0": "fail", "t1": "fail"}
    assert stack(Covers(lambda item: item.resource == "t0"), False, False) == {"t0": "suppressed", "t1": "fail"}
    assert stack(Covers(lambda _: True), False, False) == {"t0": "suppressed", "t1": "suppressed"}


def test_a_suppressed_stack_failure_does_not_hide_an_unknown() -> None:
    unknown = Unknown("variable without a value", "var.on")
    assert stack(None, False, unknown) == {"t0": "fail"}
    assert stack(Covers(lambda item: item.verdict == "fail"), False, unknown) == {"t0": "unknown", "t1": "unknown"}
    assert stack(Covers(lambda _: True), False, unknown) == {"t0": "suppressed", "t1": "suppressed"}
