from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from srmcheck.diagnostics import ConfigError, EngineError
from srmcheck.engine import opa_server
from srmcheck.engine.base import Package, Task
from srmcheck.engine.opa_server import OpaServerEngine, OpaSettings, parse_url
from tests.unit.engine.fake_opa import Answer, Request, fake_opa
from tests.unit.engine.toys import IS_DATED, RAISES, RULES, VERSIONED, task

DIGEST = "sha256:" + "0" * 64
SECRET = "tr0ub4dor-secret"
FINDING = {"place": ["Status"], "message": "wrong", "paths": [["Status"]]}


def right(request: Request, **changes: Any) -> Answer:
    """What our dispatcher would answer: a finding for every deny."""
    asked = request.body["input"]
    answers = []
    for document in asked["documents"]:
        plan = asked["plans"][document["plan"]]
        answers.append(
            {
                name: {rule: [FINDING] if rule == "deny" else [] for rule in rules if rule != "not_applicable"}
                for name, rules in plan.items()
            }
        )
    held = {name: list(RULES[name]) for plan in asked["plans"] for name in plan}
    result = {"digest": DIGEST, "opa": ["1.22.2"], "packages": held, "answers": answers, **changes}
    return Answer({"result": result})


def error_for(respond: Callable[[Request], Answer | None], *tasks: Task, **settings: Any) -> EngineError:
    with fake_opa(respond) as opa:
        engine = OpaServerEngine(OpaSettings(opa.url, **settings), DIGEST)
        with pytest.raises(EngineError) as caught:
            list(engine.evaluate(tasks or [task({"Status": SECRET})]))
        engine.close()
    said = caught.value.diagnostic
    assert SECRET not in str(said) and SECRET not in str(caught.value)
    assert said.hint
    return caught.value


def test_decisions() -> None:
    with fake_opa(right) as opa:
        engine = OpaServerEngine(OpaSettings(opa.url), DIGEST)
        decisions = list(engine.evaluate([task({}), task({"A": "é😀"})]))
        assert engine.version == "opa 1.22.2"
        engine.close()
        engine.close()
    assert [decision.answers for decision in decisions] == [{VERSIONED.name: {"deny": [FINDING], "settled": []}}] * 2
    (request,) = opa.requests
    assert request.path == "/v1/data/srmcheck/entry/batch?strict-builtin-errors=true"
    asked = request.body["input"]
    assert asked["plans"] == [{VERSIONED.name: list(VERSIONED.rules)}]
    assert [document["input"]["resource"]["properties"] for document in asked["documents"]] == [{}, {"A": "é😀"}]


def test_version_asks_once() -> None:
    with fake_opa(right) as opa:
        engine = OpaServerEngine(OpaSettings(opa.url), DIGEST)
        assert (engine.version, engine.version) == ("opa 1.22.2", "opa 1.22.2")
    assert len(opa.requests) == 1


def test_batches_are_bounded_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opa_server, "MAX_BATCH_DOCUMENTS", 3)
    with fake_opa(right) as opa:
        assert len(list(OpaServerEngine(OpaSettings(opa.url), DIGEST).evaluate(task({"n": n}) for n in range(8)))) == 8
    sizes = [len(request.body["input"]["documents"]) for request in opa.requests]
    assert sizes == [3, 3, 2]
    sent = [
        document["input"]["resource"]["properties"]["n"]
        for request in opa.requests
        for document in request.body["input"]["documents"]
    ]
    assert sent == list(range(8))


def test_batches_are_bounded_by_bytes() -> None:
    """Bytes as they go over the wire, where what is not ASCII is escaped."""
    tasks = [task({"A": "a" * 3_000_000}), task({"A": "a" * 3_000_000}), task({"A": "é" * 1_200_000}), task({})]
    with fake_opa(right) as opa:
        assert len(list(OpaServerEngine(OpaSettings(opa.url), DIGEST).evaluate(tasks))) == 4
    assert [len(request.body["input"]["documents"]) for request in opa.requests] == [2, 2]
    assert all(int(request.headers["content-length"]) < 8 * 1024 * 1024 + 10_000 for request in opa.requests)


def test_token_and_nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """A proxy variable does not lead away from this machine, a netrc entry does not replace the token."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\ndefault login other password other\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with fake_opa(right) as opa:
        list(OpaServerEngine(OpaSettings(opa.url, token="s3same"), DIGEST).evaluate([task({})]))
    assert opa.requests[0].headers["authorization"] == "Bearer s3same"


def test_token_is_not_shown() -> None:
    assert "s3same" not in repr(OpaSettings("http://x", token="s3same"))


NONSENSE = "OPA server gave an answer that makes no sense"
OTHER = "OPA server holds other policies"
REFUSED = "OPA server refused the request"
UNREACHABLE = "OPA server cannot be reached"


@pytest.mark.parametrize(
    ("answer", "summary", "words"),
    [
        (Answer({}), OTHER, "no srmcheck bundle"),
        (Answer({"warning": {"code": "api_usage_warning"}}), OTHER, "no srmcheck bundle"),
        (Answer({"code": "unauthorized", "message": SECRET}, 401), REFUSED, "401"),
        (Answer({"code": "unauthorized"}, 403), REFUSED, "403"),
        (Answer(b"<html>", 404), NONSENSE, "HTTP status 404"),
        (Answer({"code": "internal_error", "message": SECRET}, 500), NONSENSE, "HTTP status 500"),
        (Answer({"errors": [{"code": "eval_cancel_error"}]}, 500), NONSENSE, "HTTP status 500"),
        (Answer({"errors": ["eval_builtin_error"]}, 500), NONSENSE, "HTTP status 500"),
        (Answer(b"[" * 100_000, 500), NONSENSE, "HTTP status 500"),
        (Answer({}, 413), NONSENSE, "413"),
        (Answer({}, 503), NONSENSE, "HTTP status 503"),
        (Answer(b"hello"), NONSENSE, "no JSON"),
        (Answer(b""), NONSENSE, "no JSON"),
        (Answer(b"\xff\xfe\x00"), NONSENSE, "no JSON"),
        (Answer(b"[" * 100_000), NONSENSE, ""),
        (Answer(b"{}", headers={"Content-Encoding": "gzip"}), NONSENSE, ""),
        (Answer([]), NONSENSE, "no object"),
        (Answer("text"), NONSENSE, "no object"),
        (Answer({"result": True}), NONSENSE, "no digest"),
        (Answer({"result": {"digest": 5}}), NONSENSE, "no digest"),
        (Answer({"result": {"digest": "sha256:" + "1" * 64, "packages": {}, "answers": []}}), OTHER, "another digest"),
        (Answer({"result": {"digest": DIGEST}}), NONSENSE, "lacks packages"),
        (Answer({"result": {"digest": DIGEST, "packages": {}, "answers": [{}]}}), OTHER, VERSIONED.name),
        (Answer(b"{}", 302, {"Location": "http://127.0.0.1:9/"}), NONSENSE, "redirects"),
        (Answer(b'{"result"', cut=True), UNREACHABLE, ""),
        (None, UNREACHABLE, "cut"),
    ],
)
def test_errors(answer: Answer | None, summary: str, words: str) -> None:
    error = error_for(lambda request: answer)
    assert error.diagnostic.summary == summary
    assert words in error.diagnostic.detail
    assert "127.0.0.1" in error.diagnostic.detail


ANSWER: dict[str, Any] = {"deny": [], "settled": []}


@pytest.mark.parametrize(
    ("changes", "summary"),
    [
        ({"answers": []}, NONSENSE),
        ({"answers": [{VERSIONED.name: ANSWER}, {VERSIONED.name: ANSWER}]}, NONSENSE),
        ({"answers": [{}]}, NONSENSE),
        ({"answers": [None]}, NONSENSE),
        ({"answers": {"0": {}}}, NONSENSE),
        ({"answers": [{VERSIONED.name: []}]}, NONSENSE),
        ({"answers": [{VERSIONED.name: {"deny": []}}]}, NONSENSE),
        ({"answers": [{VERSIONED.name: {**ANSWER, "unknown": []}}]}, NONSENSE),
        ({"packages": {VERSIONED.name: ["deny"]}}, OTHER),
        ({"packages": {VERSIONED.name: "deny settled not_applicable"}}, OTHER),
        ({"packages": []}, NONSENSE),
    ],
)
def test_incomplete_answers_are_no_pass(changes: dict[str, Any], summary: str) -> None:
    assert error_for(lambda request: right(request, **changes)).diagnostic.summary == summary


@pytest.mark.parametrize("values", [{"deny": [{"message": SECRET}]}, {"not_applicable": SECRET}])
def test_malformed_answers_fail_by_themselves(values: dict[str, Any]) -> None:
    answers = [{VERSIONED.name: {**ANSWER, **values}}, {VERSIONED.name: ANSWER}]
    with fake_opa(lambda request: right(request, answers=answers)) as opa:
        bad, good = OpaServerEngine(OpaSettings(opa.url), DIGEST).evaluate([task({}), task({})])
    assert bad.failed[VERSIONED.name].summary == "Policy gave a malformed answer"
    assert SECRET not in str(bad.failed)
    assert (bad.answers, good.failed) == ({}, {})


def test_version_that_is_none() -> None:
    for told in ([], [5], ["1\n2"], "1.2", None):
        with fake_opa(lambda request, told=told: right(request, opa=told)) as opa:  # type: ignore[misc]
            assert OpaServerEngine(OpaSettings(opa.url), DIGEST).version == "opa"


def test_slow() -> None:
    def respond(request: Request) -> Answer:
        time.sleep(1.5)
        return right(request)

    error = error_for(respond, timeout=0.2)
    assert error.diagnostic.summary == "OPA server is too slow"
    assert "0.2 seconds" in error.diagnostic.detail


def test_down() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    engine = OpaServerEngine(OpaSettings(f"http://127.0.0.1:{port}"), DIGEST)
    with pytest.raises(EngineError) as caught:
        list(engine.evaluate([task({})]))
    assert caught.value.diagnostic.summary == UNREACHABLE
    assert not engine.is_up()
    with pytest.raises(EngineError):
        engine.check()


def test_tls_against_plain_http() -> None:
    with fake_opa(right) as opa:
        engine = OpaServerEngine(OpaSettings(opa.url.replace("http:", "https:")), DIGEST)
        with pytest.raises(EngineError) as caught:
            list(engine.evaluate([task({})]))
    assert caught.value.diagnostic.summary == UNREACHABLE


@pytest.mark.parametrize("settings", [{"ca_file": "/nowhere/ca.pem"}, {"cert_file": "/nowhere/cert.pem"}])
def test_certificate_files_that_are_not_there(settings: dict[str, str]) -> None:
    engine = OpaServerEngine(OpaSettings("https://127.0.0.1:9", **settings), DIGEST)  # type: ignore[arg-type]
    with pytest.raises(EngineError) as caught:
        engine.check()
    assert caught.value.diagnostic.summary == UNREACHABLE


def test_closed() -> None:
    engine = OpaServerEngine(OpaSettings("http://127.0.0.1:9"), DIGEST)
    engine.close()
    with pytest.raises(EngineError) as caught:
        list(engine.evaluate([task({})]))
    assert "closed" in caught.value.diagnostic.summary


RAISED = {
    "code": "internal_error",
    "message": "error(s) occurred while evaluating query",
    "errors": [
        {
            "code": "eval_type_error",
            "message": f"lower: operand 1 must be string but got {SECRET}",
            "location": {"file": "/s3/raising.rego", "row": 4, "col": 2},
        }
    ],
}


@pytest.mark.parametrize("bad", [0, 1, 5, 6])
def test_raising_policy_is_found(bad: int) -> None:
    """Packages are halved until one stands alone, then its documents; all that does not raise is given."""

    def respond(request: Request) -> Answer:
        asked = request.body["input"]
        for document in asked["documents"]:
            plan = asked["plans"][document["plan"]]
            if "toys.s3.raising" in plan and document["input"]["resource"]["properties"]["n"] == bad:
                return Answer(RAISED, 500)
        return right(request)

    packages = (VERSIONED, Package("toys.s3.raising", ("deny",)), Package("toys.s3.dated", ("deny",)))
    tasks = [task({"n": n}, *packages, label=f"aws_s3_bucket.b{n}") for n in range(7)]
    with fake_opa(respond) as opa:
        decisions = list(OpaServerEngine(OpaSettings(opa.url), DIGEST).evaluate(tasks))
    names = {package.name for package in packages}
    assert [set(decision.answers) for decision in decisions] == [
        names - {"toys.s3.raising"} if n == bad else names for n in range(7)
    ]
    assert [list(decision.failed) for decision in decisions].count([]) == 6
    said = decisions[bad].failed["toys.s3.raising"]
    assert said.summary == "Policy raised an error"
    assert "toys.s3.raising" in said.detail and f"aws_s3_bucket.b{bad}:" in said.detail
    assert (said.file, said.line, said.column) == ("s3/raising.rego", 4, 2)
    assert SECRET not in str(said)
    assert len(opa.requests) < 15


def test_a_policy_that_always_raises_costs_two_requests_a_document() -> None:
    def respond(request: Request) -> Answer:
        raises = any("toys.s3.raising" in plan for plan in request.body["input"]["plans"])
        return Answer(RAISED, 500) if raises else right(request)

    packages = (VERSIONED, Package("toys.s3.raising", ("deny",)), Package("toys.s3.dated", ("deny",)))
    tasks = [task({"n": n}, *packages) for n in range(16)]
    with fake_opa(respond) as opa:
        decisions = list(OpaServerEngine(OpaSettings(opa.url), DIGEST).evaluate(tasks))
    assert all(list(decision.failed) == ["toys.s3.raising"] for decision in decisions)
    assert len(opa.requests) <= 2 * 16 + 4


def test_a_document_beyond_the_bounds_keeps_its_place() -> None:
    deep = Task(b"[" * 101 + b"]" * 101, (VERSIONED, RAISES), "aws_x.deep")
    with fake_opa(right) as opa:
        engine = OpaServerEngine(OpaSettings(opa.url), DIGEST)
        alone = list(engine.evaluate([deep]))
        among = list(engine.evaluate([task({}), deep, task({})]))
    assert [len(decision.failed) for decision in (*alone, *among)] == [2, 0, 2, 0]
    assert "aws_x.deep" in alone[0].failed[RAISES.name].detail
    assert len(opa.requests) == 1


def test_raising_without_a_culprit() -> None:
    """A batch that raises although each of its packages does not: the answers of these count."""

    def respond(request: Request) -> Answer:
        (document,) = request.body["input"]["documents"]
        plan = request.body["input"]["plans"][document["plan"]]
        return Answer({"errors": [{"code": "eval_conflict_error"}]}, 500) if len(plan) > 1 else right(request)

    with fake_opa(respond) as opa:
        (decision,) = OpaServerEngine(OpaSettings(opa.url), DIGEST).evaluate([task({}, VERSIONED, IS_DATED)])
    assert (len(decision.answers), len(decision.failed), len(opa.requests)) == (2, 0, 3)


@pytest.mark.parametrize(
    ("url", "parsed"),
    [
        ("http://127.0.0.1:8181", (False, "127.0.0.1", 8181, True)),
        ("http://127.8.9.1:8181/", (False, "127.8.9.1", 8181, True)),
        ("http://localhost", (False, "localhost", 80, True)),
        ("http://[::1]:8181", (False, "[::1]", 8181, True)),
        ("https://opa.example.com", (True, "opa.example.com", 443, False)),
        ("https://OPA.example.com:9443", (True, "opa.example.com", 9443, False)),
        ("http://10.0.0.5:1", (False, "10.0.0.5", 1, False)),
    ],
)
def test_addresses(url: str, parsed: object) -> None:
    assert parse_url(url) == parsed


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "opa.example.com:8181",
            "ftp://x",
            "http://",
            "http://:8181",
            "http://x:99999",
            "http://x:abc",
            "http://[::1",
        ),
        *("http://x/opa", "http://x/?a=b", "http://x/#a", f"http://user:{SECRET}@x:8181", f"http://{SECRET}@x"),
        *("unix:///run/opa.sock", "http://x y:80", "http://x\n:80", "http://x:0"),
    ],
)
def test_unusable_addresses(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        OpaServerEngine(OpaSettings(url), DIGEST)
    assert caught.value.diagnostic.summary == "Address of the OPA server is unusable"
    assert SECRET not in str(caught.value.diagnostic)


def test_key_without_certificate() -> None:
    with pytest.raises(ConfigError):
        OpaServerEngine(OpaSettings("https://x", key_file="key.pem"), DIGEST)
