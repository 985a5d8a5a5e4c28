"""The evaluation from graph to outcomes, with policies written as Python functions."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any, Literal

import pytest

from srmcheck.conditions import TRUE, Named, Opaque, Variable, conjoin, disjoin, equals, negate
from srmcheck.evaluate import Evaluation, run
from srmcheck.evaluate.case import Allowance
from srmcheck.policy.model import Policy, Relation, parse_path
from srmcheck.template import Scope
from srmcheck.values import ABSENT, Reference, Spread, Unknown
from tests.unit.evaluate.scripted import ScriptedEngine, at, choice, graph, policy, resource, tree

PROD = Named("IsProd", equals(Variable("Stage", ("dev", "prod")), "prod"))
BUCKET = "AWS::S3::Bucket"


def on(document: dict[str, Any]) -> list[Any]:
    if document["resource"]["properties"].get("On") is True:
        return []
    return [at(["On"], "it is off")]


ON = policy("001", {BUCKET: ["On"]}, rules=("deny",))
RULES = {ON.package: {"deny": on}}


def verdicts(evaluation: Evaluation) -> dict[str | None, str]:
    return {outcome.address: outcome.verdict for outcome in evaluation.outcomes}


def test_known_values_fail_or_pass() -> None:
    found = run(
        graph(resource("a", BUCKET, {"On": True}), resource("b", BUCKET, {"On": False}), resource("c", BUCKET, {})),
        [ON],
        ScriptedEngine(RULES),
    )
    assert verdicts(found) == {"a": "pass", "b": "fail", "c": "fail"}
    assert found.outcomes[1].findings[0].source_path == ("On",)
    assert found.outcomes[2].findings[0].source_path == ()
    assert len({outcome.findings[0].fingerprint for outcome in found.outcomes[1:]}) == 2


def test_an_unknown_value_is_unknown_and_named() -> None:
    found = run(
        graph(resource("a", BUCKET, {"On": Unknown("known after apply", "aws_x.y.z")})), [ON], ScriptedEngine(RULES)
    )
    (outcome,) = found.outcomes
    assert outcome.verdict == "unknown"
    blocker = outcome.findings[0].blocked_by[0]
    assert (blocker.path, blocker.reason, blocker.name) == (("On",), "known after apply", "aws_x.y.z")


def test_each_world_is_judged_and_when_says_which_fails() -> None:
    made = choice((PROD, True), (negate(PROD), False))
    found = run(graph(resource("a", BUCKET, {"On": made})), [ON], ScriptedEngine(RULES))
    (outcome,) = found.outcomes
    assert outcome.verdict == "fail"
    assert outcome.findings[0].when == {"IsProd": False}


def test_a_resource_that_exists_only_where_it_is_right_passes() -> None:
    made = choice((PROD, True), (negate(PROD), False))
    found = run(graph(resource("a", BUCKET, {"On": made}, exists=PROD)), [ON], ScriptedEngine(RULES))
    assert verdicts(found) == {"a": "pass"}
    gone = run(graph(resource("a", BUCKET, {}, exists=equals(Variable("v", ("x",)), "y"))), [ON], ScriptedEngine(RULES))
    assert gone.outcomes == ()


def test_unknown_in_one_world_and_pass_in_the_other_is_unknown() -> None:
    made = choice((PROD, True), (negate(PROD), Unknown("parameter without a value", "P")))
    found = run(graph(resource("a", BUCKET, {"On": made})), [ON], ScriptedEngine(RULES))
    assert verdicts(found) == {"a": "unknown"}


def optional(count: int, name: str = "d") -> list[Any]:
    """Elements of a list, each there under a condition of its own."""
    conditions = [Opaque(f"{name}{number}") for number in range(count)]
    return [choice((one, f"{name}{n}"), (negate(one), ABSENT)) for n, one in enumerate(conditions)]


def holds(text: str) -> Any:
    def rule(document: Any) -> list[Any]:
        return [at(["List"], f"holds {text}")] if text in document["resource"]["properties"].get("List", []) else []

    return rule


@pytest.mark.parametrize(
    ("elements", "bad", "verdict", "when"),
    [
        (optional(8), "x", "pass", None),
        (optional(9), "x", "unknown", None),
        # one bad branch is enough, however many there are
        (optional(8), "d7", "fail", {"d7": True}),
        (optional(20), "d19", "fail", {"d19": True}),
        # not all of them are told apart
        (optional(40), "d39", "fail", {f"d{number}": True for number in range(40)}),
        ([*optional(40), "x"], "x", "fail", {}),
    ],
)
def test_many_open_conditions(elements: list[Any], bad: str, verdict: str, when: dict[str, bool] | None) -> None:
    many = policy("002", {BUCKET: ["List[]"]}, rules=("deny",))
    found = run(
        graph(resource("a", BUCKET, {"List": elements})), [many], ScriptedEngine({many.package: {"deny": holds(bad)}})
    )
    (outcome,) = found.outcomes
    assert outcome.verdict == verdict
    if when is not None:
        assert outcome.findings[0].when == when
    if verdict == "unknown":
        assert outcome.findings[0].message == "too many combinations of open conditions"


REGION = Variable("AWS::Region")
IN = [equals(REGION, name) for name in ("r1", "r2", "r3")]
SIZE = Variable("Size", ("s", "m", "l"))


@pytest.mark.parametrize(
    ("bad", "when"),
    [
        (IN[2], {'AWS::Region == "r3"': True}),
        # no one of the regions tells it: those of the first world that fails are named
        (disjoin(IN[0], IN[1]), {'AWS::Region == "r1"': True, 'AWS::Region == "r2"': False}),
        (negate(disjoin(IN[0], IN[1])), {'AWS::Region == "r1"': False, 'AWS::Region == "r2"': False}),
        (equals(SIZE, "m"), {"Size": "m"}),
        (negate(equals(SIZE, "m")), {'Size == "m"': False}),
        (negate(equals(Variable("Stage", ("dev", "prod")), "prod")), {"Stage": "dev"}),
        (conjoin(IN[0], equals(SIZE, "m")), {'AWS::Region == "r1"': True, "Size": "m"}),
    ],
)
def test_when_is_true_of_whatever_the_conditions_stand_for(bad: Any, when: dict[str, bool | str]) -> None:
    made = choice((bad, False), (negate(bad), True))
    (outcome,) = run(graph(resource("a", BUCKET, {"On": made})), [ON], ScriptedEngine(RULES)).outcomes
    assert (outcome.verdict, outcome.findings[0].when) == ("fail", when)


def test_a_template_has_but_so_many_combinations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["srmcheck.evaluate.run"], "Allowance", lambda: Allowance(16))
    many = policy("002", {BUCKET: ["List[]"]}, rules=("deny",))
    resources = [resource(name, BUCKET, {"List": optional(5, name)}) for name in "abc"]
    engine = ScriptedEngine({many.package: {"deny": holds("x")}})
    found = run(graph(*resources, resource("d", BUCKET, {"List": optional(4)})), [many], engine)
    assert verdicts(found) == {"a": "pass", "b": "unknown", "c": "unknown", "d": "pass"}


LOGS = Relation("logs", ("AWS::EC2::FlowLog",), by=((parse_path("ResourceId"),),), reads=(parse_path("Kind"),))


def logged(document: dict[str, Any]) -> list[Any]:
    if any(row["properties"].get("Kind") == "ALL" for row in document["related"]["logs"]):
        return []
    return [at([], "no log", [["@logs"]])]


def settled(document: dict[str, Any]) -> list[Any]:
    if any(row["properties"].get("Kind") == "ALL" for row in document["related"]["logs"]):
        return [[]]
    return [["@logs", i] for i, row in enumerate(document["related"]["logs"]) if row["properties"].get("Kind") == "NO"]


LOGGED: Policy = policy("003", {"AWS::EC2::VPC": []}, related=[LOGS])
LOG_RULES = {LOGGED.package: {"deny": logged, "settled": settled}}


def vpc(address: str = "v", **more: Any) -> Any:
    return resource(address, "AWS::EC2::VPC", {}, **more)


def log(address: str, target: Any, kind: Any = "ALL", **more: Any) -> Any:
    return resource(address, "AWS::EC2::FlowLog", {"ResourceId": target, "Kind": kind}, **more)


def judge(*resources: Any, **more: Any) -> dict[str | None, str]:
    return verdicts(run(graph(*resources, **more), [LOGGED], ScriptedEngine(LOG_RULES)))


def test_a_relation_joins_what_points_here() -> None:
    assert judge(vpc("v"), vpc("w"), log("f", Reference("v", "VpcId"))) == {"v": "pass", "w": "fail"}


def test_a_literal_matches_nothing_and_an_unknown_target_opens_the_relation() -> None:
    assert judge(vpc(), log("f", "vpc-1")) == {"v": "fail"}
    assert judge(vpc(), log("f", Unknown("x"))) == {"v": "unknown"}
    assert judge(vpc("v"), vpc("w"), log("f", Unknown("x", candidates=("v",)))) == {"v": "unknown", "w": "fail"}
    assert judge(vpc(), log("f", Unknown("x")), log("g", Reference("v", "VpcId"))) == {"v": "pass"}


def test_a_member_that_cannot_help_is_settled() -> None:
    assert judge(vpc(), log("f", Reference("v", "VpcId"), "NO")) == {"v": "fail"}
    assert judge(vpc(), log("f", Reference("v", "VpcId"), Unknown("x"))) == {"v": "unknown"}


def test_members_exist_in_their_worlds_only() -> None:
    assert judge(vpc(), log("f", Reference("v", "VpcId"), exists=PROD)) == {"v": "fail"}
    assert judge(vpc(exists=PROD), log("f", Reference("v", "VpcId"), exists=PROD)) == {"v": "pass"}
    both = [log("f", Reference("v", "VpcId"), exists=PROD), log("g", Reference("v", "VpcId"), exists=negate(PROD))]
    assert judge(vpc(), *both) == {"v": "pass"}


def test_a_target_can_be_a_choice() -> None:
    target = choice((PROD, Reference("v", "VpcId")), (negate(PROD), Reference("w", "VpcId")))
    assert judge(vpc("v"), vpc("w"), log("f", target)) == {"v": "fail", "w": "fail"}


def test_an_incomplete_template_opens_every_relation() -> None:
    assert judge(vpc(), incomplete=("an Include is not seen",)) == {"v": "unknown"}


def test_orphans_are_members_of_nothing_and_judged_for_what_they_carry() -> None:
    assert judge(vpc(), log("f", Reference("v", "VpcId"), carries=("ResourceId",))) == {"v": "fail"}
    found = run(
        graph(resource("a", BUCKET, {}, carries=("Other",)), resource("b", BUCKET, {}, carries=("On",))),
        [ON],
        ScriptedEngine(RULES),
    )
    assert verdicts(found) == {"b": "fail"}


DECLARED = policy(
    "004",
    {BUCKET: ["On"]},
    related=[Relation("account", ("X::Y::Z",), declared="account", reads=(parse_path("On"),))],
    rules=("deny", "settled"),
)


@pytest.mark.parametrize(("declared", "elsewhere"), [("account", "unknown"), ("template", "pass")])
def test_declared_in_the_same_account(declared: Literal["account", "template"], elsewhere: str) -> None:
    asked = replace(DECLARED, related=(replace(DECLARED.related[0], declared=declared),))

    def deny(document: dict[str, Any]) -> list[Any]:
        good = any(row["properties"].get("On") is True for row in document["related"]["account"])
        return [] if good else [at(["On"], "off", [["On"], ["@account"]])]

    def clear(document: dict[str, Any]) -> list[Any]:
        good = any(row["properties"].get("On") is True for row in document["related"]["account"])
        return [[]] if good else []

    def judged(scope: Scope, other: Scope) -> str:
        found = run(
            graph(resource("b", BUCKET, {}, scope=scope), resource("z", "X::Y::Z", {"On": True}, scope=other)),
            [asked],
            ScriptedEngine({asked.package: {"deny": deny, "settled": clear}}),
        )
        return found.outcomes[0].verdict

    assert judged(Scope("aws"), Scope("aws")) == "pass"
    assert judged(Scope("aws"), Scope("aws.x")) == elsewhere
    assert judged(Scope("aws", "1"), Scope("aws.x", "1")) == "pass"
    assert judged(Scope("aws", "1"), Scope("aws.x", "2")) == "fail"


RULE = policy("005", {"G": ["Rules[].Port", "Rules[].Cidr"]}, rules=("deny", "settled"))


def rule_deny(document: dict[str, Any]) -> list[Any]:
    rules = document["resource"]["properties"].get("Rules", [])
    return [
        at(["Rules", i, "Cidr"], "open", [["Rules", i, "Cidr"], ["Rules", i, "Port"]])
        for i, rule in enumerate(rules)
        if rule.get("Cidr") == "all" and rule.get("Port") == 22
    ]


def rule_settled(document: dict[str, Any]) -> list[Any]:
    rules = document["resource"]["properties"].get("Rules", [])
    return [["Rules", i] for i, rule in enumerate(rules) if "Port" in rule and rule["Port"] != 22]


def group(*rules: Any) -> Evaluation:
    engine = ScriptedEngine({RULE.package: {"deny": rule_deny, "settled": rule_settled}})
    return run(graph(resource("g", "G", {"Rules": list(rules)})), [RULE], engine)


def test_findings_about_one_element_are_one_unless_told_apart() -> None:
    def deny(_: dict[str, Any]) -> list[Any]:
        return [at(["A", "X"], "x is off"), at(["A", "Y"], "y is off")]

    both = graph(resource("a", BUCKET, {"A": {"X": False, "Y": False}}))
    for apart, messages in ((False, ["x is off"]), (True, ["x is off", "y is off"])):
        one = policy("014", {BUCKET: ["A.X", "A.Y"]}, rules=("deny",), apart=apart)
        (outcome,) = run(both, [one], ScriptedEngine({one.package: {"deny": deny}})).outcomes
        assert [finding.message for finding in outcome.findings] == messages


def test_lists_settle_and_fail_element_by_element() -> None:
    unknown = Unknown("x")
    assert verdicts(group({"Port": 443, "Cidr": unknown})) == {"g": "pass"}
    assert verdicts(group({"Port": 22, "Cidr": unknown})) == {"g": "unknown"}
    assert verdicts(group({"Port": 22, "Cidr": unknown}, {"Port": 22, "Cidr": "all"})) == {"g": "fail"}
    assert verdicts(group(unknown)) == {"g": "unknown"}
    assert verdicts(group(Spread(tree(unknown, "g")))) == {"g": "unknown"}


def test_spreads_stand_in_their_place_world_by_world() -> None:
    two = tree([{"Port": 22, "Cidr": "all"}, {"Port": 80}], "g")
    inner = choice((PROD, ABSENT))
    assert inner is not None
    spread = choice((PROD, Spread(two)), (negate(PROD), ABSENT))
    found = group({"Port": 1}, spread)
    assert verdicts(found) == {"g": "fail"}
    assert found.outcomes[0].findings[0].path == ("Rules", 1, "Cidr")
    assert found.outcomes[0].findings[0].when == {"IsProd": True}


def test_one_element_gives_one_finding() -> None:
    place = tree({"Port": 22, "Cidr": "all"}, "g", ("ingress", 0))
    again = tree({"Port": 22, "Cidr": "all"}, "g", ("ingress", 0))
    other = tree({"Port": 22, "Cidr": "all"}, "g", ("ingress", 1))
    assert len(group(place, again, other).outcomes[0].findings) == 2


def test_parts_of_one_address_give_the_worst_verdict() -> None:
    found = run(
        graph(resource("a", BUCKET, {"On": True}), resource("a", BUCKET, {"On": False}, part=1)),
        [ON],
        ScriptedEngine(RULES),
    )
    assert verdicts(found) == {"a": "fail"}


def test_folding_into_the_policy_it_yields_to() -> None:
    wide = policy("006", {BUCKET: ["On"]}, rules=("deny",))
    narrow = policy("007", {BUCKET: ["On", "Only"]}, rules=("deny",), yields_to=("SRM-TEST-006",))

    def narrow_deny(document: dict[str, Any]) -> list[Any]:
        return on(document)

    engine = ScriptedEngine({wide.package: {"deny": on}, narrow.package: {"deny": narrow_deny}})
    found = run(graph(resource("a", BUCKET, {"On": False})), [wide, narrow], engine)
    by_policy = {outcome.policy_id: outcome for outcome in found.outcomes}
    target = by_policy["SRM-TEST-006"].findings[0]
    assert by_policy["SRM-TEST-007"].verdict == "fail"
    assert by_policy["SRM-TEST-007"].findings[0].folded_into == target.fingerprint
    assert target.also == ("SRM-TEST-007",)

    made = choice((PROD, True), (negate(PROD), False))
    always = policy("008", {BUCKET: ["Other"]}, rules=("deny",), yields_to=("SRM-TEST-006",))
    engine = ScriptedEngine({wide.package: {"deny": on}, always.package: {"deny": lambda _: [at(["Other"], "bad")]}})
    found = run(graph(resource("a", BUCKET, {"On": made})), [wide, always], engine)
    by_policy = {outcome.policy_id: outcome for outcome in found.outcomes}
    assert by_policy["SRM-TEST-008"].findings[0].folded_into is None


def test_secrets_are_unknown_to_policies() -> None:
    node = tree("hunter2hunter2", "a", ("On",))
    node.secret = True
    engine = ScriptedEngine(RULES)
    found = run(graph(resource("a", BUCKET, {"On": node})), [ON], engine)
    assert verdicts(found) == {"a": "unknown"}
    assert "hunter2" not in repr(engine.documents) and "hunter2" not in repr(found)


def test_facts_are_computed_on_what_policies_may_not_see() -> None:
    path = parse_path("Env[].Value")
    facts = policy(
        "009", {BUCKET: ["Env[].Name", "Env[].Value"]}, rules=("deny",), facts={path: ("credential-pattern",)}
    )

    def deny(document: dict[str, Any]) -> list[Any]:
        return [
            at(fact["path"], "a credential", [[]])
            for fact in document["resource"].get("facts", [])
            if fact["fact"] == "credential-pattern"
        ]

    key = "AKIA" + "IOSFODNN7EXAMPLE"
    engine = ScriptedEngine({facts.package: {"deny": deny}})
    found = run(graph(resource("a", BUCKET, {"Env": [{"Name": "K", "Value": key}]})), [facts], engine)
    assert verdicts(found) == {"a": "fail"}
    assert found.outcomes[0].findings[0].masked
    assert key not in repr(engine.documents)


STACK = policy("010", {"T": ["On"]}, rules=("deny_stack", "settled_stack"), reports="resources")


def stack_deny(document: dict[str, Any]) -> list[Any]:
    rows = document["template"]["T"]
    if any(row["properties"].get("On") is True for row in rows):
        return []
    if not rows:
        return [{"address": None, "place": [], "message": "none", "paths": [["@T"]]}]
    return [{"address": row["address"], "place": [], "message": "no good one", "paths": [["@T"]]} for row in rows]


def stack_settled(document: dict[str, Any]) -> list[Any]:
    return [[]] if any(row["properties"].get("On") is True for row in document["template"]["T"]) else []


def test_stack_rules_run_under_account_scope_only() -> None:
    def judged(*resources: Any) -> dict[str | None, str]:
        engine = ScriptedEngine({STACK.package: {"deny_stack": stack_deny, "settled_stack": stack_settled}})
        return verdicts(run(graph(*resources), [STACK], engine, scope="account"))

    assert judged() == {None: "fail"}
    assert judged(resource("a", "T", {})) == {"a": "fail"}
    assert judged(resource("a", "T", {}), resource("b", "T", {"On": True})) == {"a": "pass", "b": "pass"}
    assert judged(resource("a", "T", {"On": Unknown("x")})) == {"a": "unknown"}
    assert judged(resource("a", "T", {"On": True}, exists=PROD)) == {None: "fail"}
    none = run(graph(), [STACK], ScriptedEngine({}))
    assert none.outcomes == () and none.not_assessed[0].policy_id == STACK.id


def test_a_policy_about_the_resources_of_a_baseline_runs_under_account_scope_only() -> None:
    ours = policy("013", {BUCKET: ["On"]}, rules=("deny",), scope="account")
    buckets = graph(resource("a", BUCKET, {"On": True}), resource("b", BUCKET, {"On": False}))
    found = run(buckets, [ours, ON], ScriptedEngine({**RULES, ours.package: {"deny": on}}), scope="account")
    assert {(one.policy_id, one.address): one.verdict for one in found.outcomes} == {
        (ours.id, "a"): "pass",
        (ours.id, "b"): "fail",
        (ON.id, "a"): "pass",
        (ON.id, "b"): "fail",
    }
    assert not found.not_assessed
    idle = run(buckets, [ours], ScriptedEngine({}))
    assert idle.outcomes == () and [one.policy_id for one in idle.not_assessed] == [ours.id]


def test_cloudformation_has_no_stack_verdict_about_types_of_ours() -> None:
    ours = policy("011", {"AWS::IAM::AccountPasswordPolicy": ["On"]}, rules=("deny_stack",))
    engine = ScriptedEngine(
        {ours.package: {"deny_stack": lambda _: [{"address": None, "place": [], "message": "none", "paths": [[]]}]}}
    )
    assert run(graph(), [ours], engine, scope="account").outcomes == ()
    assert run(graph(), [ours], engine).not_assessed == ()


def test_a_stack_rule_sees_what_an_incomplete_template_may_declare() -> None:
    both = policy(
        "014", {"AWS::GuardDuty::Detector": [], "AWS::GuardDuty::OrganizationConfiguration": []}, rules=("deny_stack",)
    )
    engine = ScriptedEngine({both.package: {"deny_stack": lambda _: []}})
    (outcome,) = run(graph(incomplete=("an Include",)), [both], engine, scope="account").outcomes
    assert outcome.verdict == "unknown"
    assert [one.path for one in outcome.findings[0].blocked_by] == [("@AWS::GuardDuty::Detector",)]
    assert engine.documents[0]["open"] == ["AWS::GuardDuty::Detector"]


def test_an_incomplete_template_cannot_hide_a_type_that_its_language_lacks() -> None:
    block = Relation("blocks", ("AWS::S3::AccountPublicAccessBlock",), declared="account", reads=(parse_path("On"),))
    asks = policy("012", {BUCKET: ["On"]}, related=[block], rules=("deny",))

    def deny(document: dict[str, Any]) -> list[Any]:
        return [at(["On"], "off", [["On"], ["@blocks"]])]

    found = run(
        graph(resource("a", BUCKET, {}), incomplete=("hidden",)), [asks], ScriptedEngine({asks.package: {"deny": deny}})
    )
    assert verdicts(found) == {"a": "fail"}


def test_of_secrets_only_booleans_numbers_and_words_of_the_schema_stay() -> None:
    reads = policy("013", {BUCKET: ["AccessControl", "BucketName"]}, rules=("deny",))
    engine = ScriptedEngine({reads.package: {"deny": lambda _: []}})
    control, name = tree("PublicRead", "a", ("AccessControl",)), tree("my-secret-name", "a", ("BucketName",))
    control.secret = name.secret = True
    run(graph(resource("a", BUCKET, {"AccessControl": control, "BucketName": name})), [reads], engine)
    assert engine.documents[0]["resource"]["properties"] == {"AccessControl": "PublicRead"}
    assert engine.documents[0]["resource"]["unknown"] == [["BucketName"]]


def test_a_literal_beside_a_secret_like_name_reaches_no_engine() -> None:
    path = parse_path("Env[].Value")
    asks = policy("014", {BUCKET: ["Env[].Name", "Env[].Value"]}, rules=("deny",), facts={path: ("secret-literal",)})
    engine = ScriptedEngine({asks.package: {"deny": lambda _: []}})
    pairs = [{"Name": "DB_PASSWORD", "Value": "correct-horse"}, {"Name": "STAGE", "Value": "production"}]
    run(graph(resource("a", BUCKET, {"Env": pairs})), [asks], engine)
    (document,) = engine.documents
    assert document["resource"]["properties"]["Env"] == [
        {"Name": "DB_PASSWORD"},
        {"Name": "STAGE", "Value": "production"},
    ]
    assert {"path": ["Env", 0, "Value"], "fact": "secret-literal"} in document["resource"]["facts"]


def test_when_contrasts_with_worlds_that_lack_the_part() -> None:
    whole = resource("r", BUCKET, {"On": False}, exists=PROD)
    source = replace(whole.source, exists=TRUE)
    found = run(graph(replace(whole, source=source)), [ON], ScriptedEngine(RULES))
    assert found.outcomes[0].findings[0].when == {"IsProd": True}
    alone = run(graph(whole), [ON], ScriptedEngine(RULES))
    assert alone.outcomes[0].findings[0].when == {}
