from __future__ import annotations

import os
import subprocess
import sys
import threading
import types
from pathlib import Path
from typing import Any

import pytest

from srmcheck.diagnostics import Diagnostic, EngineError, PolicyError
from srmcheck.engine import embedded
from srmcheck.engine.base import Package, Task
from srmcheck.engine.embedded import EmbeddedEngine
from tests.unit.engine.toys import DATA, IS_DATED, MODULES, RAISES, VERSIONED, task

SECRET = "tr0ub4dor-secret"


@pytest.fixture
def engine() -> EmbeddedEngine:
    return EmbeddedEngine(MODULES, DATA)


def one(engine: EmbeddedEngine, made: Task) -> Any:
    (decision,) = engine.evaluate([made])
    assert not decision.failed
    return decision.answers


def failed(engine: EmbeddedEngine, made: Task) -> Diagnostic:
    """What is said of the last package of a task, which fails; the others do not."""
    (decision,) = engine.evaluate([made])
    *others, last = (package.name for package in made.packages)
    assert list(decision.answers) == others and list(decision.failed) == [last]
    return decision.failed[last]


def refused(engine: EmbeddedEngine, made: Task) -> EngineError:
    with pytest.raises(EngineError) as caught:
        list(engine.evaluate([made]))
    return caught.value


def test_version(engine: EmbeddedEngine) -> None:
    assert engine.version == "regorus 0.13.0"


def test_decisions(engine: EmbeddedEngine) -> None:
    answers = one(engine, task({"Status": "Enabled", "Extra": ["b", "a"], "Log": True}))
    assert answers == {
        "toys.s3.versioning": {
            "not_applicable": True,
            "deny": [
                {"place": ["Extra", 0], "message": "extra b", "paths": [["Extra", 0]]},
                {"place": ["Extra", 1], "message": "extra a", "paths": [["Extra", 1]]},
            ][::-1],
            "settled": [["Extra", 0], ["Extra", 1]],
        }
    }


def test_undefined_is_absent(engine: EmbeddedEngine) -> None:
    assert one(engine, task({"Status": "Enabled"})) == {"toys.s3.versioning": {"deny": [], "settled": []}}


def test_order_and_packages(engine: EmbeddedEngine) -> None:
    tasks = [task({"Runtime": name}, VERSIONED, IS_DATED) for name in ("python2", "python3", "nodejs4")]
    found = [bool(decision.answers["toys.s3.dated"]["deny"]) for decision in engine.evaluate(iter(tasks))]
    assert found == [True, False, True]


def test_nothing_of_one_document_stays_for_the_next(engine: EmbeddedEngine) -> None:
    assert one(engine, task({"Log": True}))["toys.s3.versioning"]["not_applicable"] is True
    assert "not_applicable" not in one(engine, task({}))["toys.s3.versioning"]


def test_policy_raises(engine: EmbeddedEngine) -> None:
    said = failed(engine, task({"Name": [SECRET]}, VERSIONED, RAISES, label="aws_s3_bucket.bad"))
    assert said.summary == "Policy raised an error"
    assert (said.file, said.line) == ("s3/raising.rego", 4)
    assert "toys.s3.raising" in said.detail and "aws_s3_bucket.bad" in said.detail
    assert "wrong type" in said.detail
    assert SECRET not in str(said)


def test_engine_goes_on_after_an_error(engine: EmbeddedEngine) -> None:
    for _ in range(3):
        assert failed(engine, task({"Name": 5}, RAISES)).summary == "Policy raised an error"
        assert one(engine, task({"Name": "A"}, RAISES))["toys.s3.raising"]["deny"] != []
        assert one(engine, task({"Name": "a"}, RAISES))["toys.s3.raising"]["deny"] == []


def test_what_raises_hides_nothing(engine: EmbeddedEngine) -> None:
    """Neither the other packages about the same document, nor the documents before and after."""
    tasks = [task({"Name": name, "Status": "Enabled"}, RAISES, VERSIONED) for name in ("a", 1, "b")]
    decisions = list(engine.evaluate(tasks))
    assert [list(decision.failed) for decision in decisions] == [[], [RAISES.name], []]
    assert [decision.answers.get(RAISES.name) for decision in decisions] == [{"deny": []}, None, {"deny": []}]
    assert [decision.answers[VERSIONED.name] for decision in decisions] == [{"deny": [], "settled": []}] * 3


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("deny contains 1 if some x in input.resource.properties.Name", "no collection"),
        ("deny contains 1 if 1 / input.resource.properties.Zero", "a division by zero"),
        ("deny contains 1 if clash\n\nclash := 1 if input\n\nclash := 2 if input", "different values"),
        ("deny contains 1 if clash(1)\n\nclash(x) := 1 if x\n\nclash(x) := 2 if x", "different values"),
        ("deny contains 1 if nothing(input.resource.properties.Name)", "does not exist"),
        ("deny contains 1 if z > 1", "has no value"),
        ('deny contains 1 if net.cidr_contains(input.resource.properties.Name, "10.0.0.0/8")', "does not expect"),
        ("deny contains 1 if regex.match(input.resource.properties.Name, `a`)", "does not expect"),
    ],
)
def test_what_raised_is_told_without_values(rule: str, fault: str) -> None:
    made = EmbeddedEngine({"p.rego": f"package p\n\n{rule}\n"}, {})
    said = failed(made, task({"Name": f"({SECRET}", "Zero": 0}, Package("p", ("deny",))))
    assert fault in said.detail
    assert said.file == "p.rego" and said.line is not None
    assert SECRET not in str(said)


def test_panic_is_a_failure_and_the_engine_recovers() -> None:
    """strings.count with an empty text panics: no policy may call it, and no traceback comes of it."""
    text = "package p\n\ndeny contains 1 if strings.count(input.resource.properties.Name, input.resource.properties.By) > 9\n"
    other = "package q\n\ndeny contains input.resource.properties.By if 1 == 2\n"
    made = EmbeddedEngine({"p.rego": text, "q.rego": other}, {})
    asked, after = Package("p", ("deny",)), Package("q", ("deny",))
    for _ in range(2):
        (decision,) = made.evaluate([task({"Name": SECRET, "By": ""}, asked, after)])
        assert decision.failed["p"].summary == "Policy raised an error"
        assert SECRET not in str(decision.failed["p"])
        assert decision.answers == {"q": {"deny": []}}
        assert one(made, task({"Name": "aaa", "By": "a"}, asked)) == {"p": {"deny": []}}


@pytest.mark.parametrize("package", [Package("toys.s3.nothing", ("deny",)), Package("toys.s3.dated", ("unknown",))])
def test_missing_policy_is_no_pass(package: Package, engine: EmbeddedEngine) -> None:
    error = refused(engine, task({}, package))
    assert error.diagnostic.summary == "Policy is missing from the engine"
    assert package.name in error.diagnostic.detail


@pytest.mark.parametrize(
    "rule", ["deny := 1", 'deny contains "text"', "not_applicable := 5", 'settled contains "text"', "unknown if true"]
)
def test_malformed_answers(rule: str) -> None:
    made = EmbeddedEngine({"p.rego": f"package p\n\n{rule}\n"}, {})
    name = rule.split(" ", 1)[0]
    said = failed(made, task({}, Package("p", (name,)), label="aws_x.y"))
    assert said.summary == "Policy gave a malformed answer"
    assert "aws_x.y" in said.detail


@pytest.mark.parametrize("document", [b"", b"{", b'{"a": 1e400}', b"\xff", b'"\xed\xa0\x80"'])
def test_documents_that_are_no_json(document: bytes, engine: EmbeddedEngine) -> None:
    said = failed(engine, Task(document, (VERSIONED,), "aws_x.y"))
    assert said.summary == "Resource cannot be evaluated"
    assert "aws_x.y" in said.detail
    assert one(engine, task({}))


def test_documents_beyond_the_bounds(engine: EmbeddedEngine) -> None:
    deep = Task(b"[" * 101 + b"]" * 101, (RAISES, VERSIONED), "aws_x.y")
    decisions = list(engine.evaluate([deep, task({})]))
    assert {said.summary for said in decisions[0].failed.values()} == {"Resource is nested too deeply to evaluate"}
    assert (len(decisions[0].failed), len(decisions[1].answers)) == (2, 1)
    list(engine.evaluate([Task(b'{"resource": {"properties": {"Extra": ' + b"[" * 97 + b"]" * 97 + b"}}}", (), "x")]))


def test_other_thread(engine: EmbeddedEngine) -> None:
    caught: list[BaseException] = []

    def run() -> None:
        try:
            list(engine.evaluate([task({})]))
        except BaseException as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    (error,) = caught
    assert isinstance(error, EngineError) and "another thread" in error.diagnostic.summary
    assert one(engine, task({}))


def test_closed(engine: EmbeddedEngine) -> None:
    engine.close()
    engine.close()
    assert "closed" in refused(engine, task({})).diagnostic.summary


def test_syntax_error_has_its_place() -> None:
    with pytest.raises(PolicyError) as caught:
        EmbeddedEngine({"s3/x.rego": "package p\n\nr := [\n"}, {})
    assert (caught.value.diagnostic.summary, caught.value.diagnostic.file) == ("Policy does not parse", "s3/x.rego")


def test_data_that_is_no_object() -> None:
    with pytest.raises(PolicyError) as caught:
        EmbeddedEngine({}, [1])  # type: ignore[arg-type]
    assert caught.value.diagnostic.summary == "Policy data cannot be used"


def test_no_values_in_errors_whatever_the_environment() -> None:
    """RUST_BACKTRACE puts frames with input values into error texts, and is in many people's environment."""
    script = (
        "from tests.unit.engine.toys import *\n"
        "from srmcheck.engine.embedded import EmbeddedEngine\n"
        "print(list(EmbeddedEngine(MODULES, DATA).evaluate([task({'Name': ['" + SECRET + "']}, RAISES)])))\n"
    )
    environment = {**os.environ, "RUST_BACKTRACE": "full", "RUST_LIB_BACKTRACE": "1"}
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, cwd=root, check=True
    )
    assert "toys.s3.raising" in done.stdout
    assert SECRET not in done.stdout + done.stderr and "frame" not in done.stdout


@pytest.fixture
def no_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_checked_module", None)


@pytest.mark.usefixtures("no_module")
class TestWheel:
    def test_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "regorus", None)
        with pytest.raises(EngineError) as caught:
            EmbeddedEngine({}, {})
        assert caught.value.diagnostic.summary == "Embedded policy engine is missing"
        assert "--engine opa" in caught.value.diagnostic.hint

    def test_another_package_of_that_name(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        other = types.ModuleType("regorus")
        other.__file__ = str(tmp_path / "regorus" / "__init__.py")
        monkeypatch.setitem(sys.modules, "regorus", other)
        monkeypatch.setattr("importlib.metadata.version", lambda name: "0.12.0")
        with pytest.raises(EngineError) as caught:
            EmbeddedEngine({}, {})
        assert caught.value.diagnostic.summary == "Embedded policy engine is another one"
        assert "--engine opa" in caught.value.diagnostic.hint

    @pytest.mark.parametrize(
        "answer", ['{"result":[{"expressions":[{"value":{"regorus-version":"0.12.0"}}]}]}', "{}", "x"]
    )
    def test_another_version(self, answer: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        class Engine:
            def eval_query_as_json(self, query: str) -> str:
                return answer

        other = types.ModuleType("regorus")
        other.__file__ = str(tmp_path / "regorus" / "__init__.py")
        other.Engine = Engine  # type: ignore[attr-defined]
        (tmp_path / "gordon_to_regorus-0.13.0.dist-info").mkdir()
        monkeypatch.setitem(sys.modules, "regorus", other)
        with pytest.raises(EngineError) as caught:
            EmbeddedEngine({}, {})
        assert caught.value.diagnostic.summary == "Embedded policy engine is another one"

    def test_checked_once(self) -> None:
        assert embedded.regorus_module() is embedded.regorus_module()
