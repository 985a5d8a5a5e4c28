"""The adapters against a real OPA: an OPA server with our bundle, and a program that the engine starts itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from srmcheck.diagnostics import EngineError
from srmcheck.engine.base import Engine, Package
from srmcheck.engine.bundle import Bundle, generate_dispatcher
from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.engine.opa_binary import OpaBinaryEngine
from srmcheck.engine.opa_server import OpaServerEngine, OpaSettings
from tests.opa import opa_process, require_opa
from tests.unit.engine.toys import BUNDLE, DATA, IS_DATED, MODULES, RAISES, RULES, VERSIONED, task

ROOT = Path(__file__).resolve().parents[2]
SECRET = "tr0ub4dor-secret"


@pytest.fixture(scope="module")
def bundle_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    file = tmp_path_factory.mktemp("bundle") / "bundle.tar.gz"
    file.write_bytes(BUNDLE.archive())
    with opa_process("--bundle", str(file)) as url:
        yield url


@pytest.fixture(scope="module")
def binary() -> Iterator[OpaBinaryEngine]:
    with OpaBinaryEngine(BUNDLE, require_opa()) as engine:
        yield engine


@pytest.fixture(params=["embedded", "server", "binary"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "embedded":
        yield EmbeddedEngine(MODULES, DATA)
    elif request.param == "server":
        made = OpaServerEngine(OpaSettings(request.getfixturevalue("bundle_url")), BUNDLE.digest)
        yield made
        made.close()
    else:
        yield request.getfixturevalue("binary")


def test_version(engine: Engine) -> None:
    name, number = engine.version.split(" ")
    assert name in ("opa", "regorus") and number[0].isdigit()


def test_same_decisions(engine: Engine) -> None:
    stack = Package("toys.s3.dated", ("deny", "deny_stack"))
    tasks = [task({"Status": status, "Extra": ["b", "a", "é😀"], "Log": log, "Runtime": runtime}, *packages)
             for status in ("Enabled", "Suspended", None) for log in (True, False) for runtime in ("python2", "go")
             for packages in ((VERSIONED,), (VERSIONED, IS_DATED), (stack,))]  # fmt: skip
    expected = list(EmbeddedEngine(MODULES, DATA).evaluate(tasks))
    assert [decision.answers for decision in engine.evaluate(tasks)] == [decision.answers for decision in expected]
    assert {len(decision.answers) for decision in expected} == {1, 2}


def test_raising_policy(engine: Engine) -> None:
    tasks = [task({"Name": name}, VERSIONED, RAISES, label=f"aws_x.{name}") for name in ("a", "b", "c")]
    tasks.insert(2, task({"Name": [SECRET]}, VERSIONED, RAISES, label="aws_x.bad"))
    decisions = list(engine.evaluate(tasks))
    assert all(VERSIONED.name in decision.answers for decision in decisions)
    bad = decisions.pop(2)
    assert [decision.answers["toys.s3.raising"] for decision in decisions] == [{"deny": []}] * 3
    assert list(bad.failed) == ["toys.s3.raising"]
    said = bad.failed["toys.s3.raising"]
    assert (said.summary, said.file, said.line) == ("Policy raised an error", "s3/raising.rego", 4)
    assert "toys.s3.raising" in said.detail and "aws_x.bad" in said.detail
    assert SECRET not in str(said)


def test_missing_policy(engine: Engine) -> None:
    with pytest.raises(EngineError):
        list(engine.evaluate([task({}, Package("toys.s3.nothing", ("deny",)))]))


def test_malformed_answers() -> None:
    modules = {"p.rego": 'package p\n\ndeny contains "text"\n'}
    rules = {"p": ("deny",)}
    said = set()
    with OpaBinaryEngine(Bundle(modules, {}, rules), require_opa()) as opa:
        for engine in (EmbeddedEngine(modules, {}), opa):
            (decision,) = engine.evaluate([task({}, Package("p", ("deny",)))])
            said.add(decision.failed["p"])
    assert len(said) == 1


def test_server_with_another_bundle(bundle_url: str) -> None:
    engine = OpaServerEngine(OpaSettings(bundle_url), "sha256:" + "0" * 64)
    with pytest.raises(EngineError) as caught:
        list(engine.evaluate([task({})]))
    assert caught.value.diagnostic.summary == "OPA server holds other policies"


def test_server_without_a_bundle(scratch_opa: object) -> None:
    with opa_process() as url, pytest.raises(EngineError) as caught:
        list(OpaServerEngine(OpaSettings(url), BUNDLE.digest).evaluate([task({})]))
    assert caught.value.diagnostic.summary == "OPA server holds other policies"
    assert "no srmcheck bundle" in caught.value.diagnostic.detail


def test_nothing_of_one_document_stays_for_the_next(engine: Engine) -> None:
    tasks = [task({"Status": status}) for status in ("Enabled", "Off") * 300]
    found = [len(decision.answers[VERSIONED.name]["deny"]) for decision in engine.evaluate(tasks)]
    assert found == [0, 1] * 300


def test_own_server_lets_nobody_else_in(binary: OpaBinaryEngine) -> None:
    """Another user of the machine can neither ask nor change the policies."""
    url = binary._running()._name
    for call in (
        requests.get(f"{url}/v1/policies", timeout=5),
        requests.get(f"{url}/v1/data", timeout=5, headers={"Authorization": "Bearer guess"}),
        requests.put(f"{url}/v1/policies/x", data="package x", timeout=5),
    ):
        assert call.status_code == 401
    directory = binary._directory
    assert directory is not None and directory.stat().st_mode & 0o077 == 0


def test_close_ends_the_program_and_removes_its_directory() -> None:
    engine = OpaBinaryEngine(BUNDLE, require_opa())
    directory, url = engine._directory, engine._running()._name
    assert directory is not None and directory.is_dir()
    engine.close()
    engine.close()
    assert not directory.exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/health", timeout=5)
    with pytest.raises(EngineError):
        engine.evaluate([])


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_ends_with_its_parent(how: signal.Signals, tmp_path: Path) -> None:
    """However the process that started it ends, the program ends too, and its directory goes."""
    script = (
        "import sys, time\n"
        "from srmcheck.engine.opa_binary import OpaBinaryEngine\n"
        "from tests.unit.engine.toys import BUNDLE\n"
        "engine = OpaBinaryEngine(BUNDLE, sys.argv[1])\n"
        "print(engine._directory, engine._running()._name, flush=True)\n"
        "time.sleep(60)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, require_opa()],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert child.stdout is not None
    directory, url = child.stdout.readline().split()
    assert Path(directory).is_dir()
    child.send_signal(how)
    child.wait(20)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and Path(directory).exists():
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/health", timeout=5)


def test_dispatcher_is_good_rego(tmp_path: Path) -> None:
    """Formatted, and strict; so is the whole bundle."""
    opa = require_opa()
    file = tmp_path / "entry.rego"
    file.write_text(generate_dispatcher(RULES, BUNDLE.digest))
    subprocess.run([opa, "fmt", "--fail", "--list", str(file)], check=True)
    directory = tmp_path / "bundle"
    directory.mkdir()
    BUNDLE.write(directory)
    subprocess.run([opa, "check", "--strict", "--bundle", str(directory)], check=True)


def test_capabilities_file_is_current() -> None:
    """Made by OPA 1.22.2; a later OPA may describe a built-in in other words, but must have it."""
    from tools.capabilities import FILE, text

    opa = require_opa()
    made = text(opa)
    version = subprocess.run([opa, "version"], check=True, capture_output=True, text=True).stdout
    if "Version: 1.22.2" in version:
        assert FILE.read_text() == made
    else:
        assert len(json.loads(made)["builtins"]) == len(json.loads(FILE.read_text())["builtins"])


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ('http.send({"method": "get", "url": "http://x"})', "http.send"),
        ("time.now_ns()", "time.now_ns"),
        ("opa.runtime()", "opa.runtime"),
        ('rand.intn("a", 2)', "rand.intn"),
        ('sprintf("%d", [1])', "sprintf"),
        ("4 / 2", "div"),
        ('net.lookup_ip_addr("x")', "net.lookup_ip_addr"),
        ('upper("x")', "upper"),
    ],
)
def test_opa_check_refuses_with_the_capabilities(expression: str, name: str, tmp_path: Path) -> None:
    file = tmp_path / "x.rego"
    file.write_text(f"package x\n\nr := y if y := {expression}\n")
    command = [require_opa(), "check", "--capabilities", str(ROOT / "policies" / "capabilities.json"), str(file)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode != 0 and f"undefined function {name}" in checked.stdout + checked.stderr
    file.write_text('package x\n\nr := y if y := concat("", ["a", lower("B")])\n')
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_opa_check_takes_the_shipped_policies() -> None:
    files = sorted(str(file) for file in (ROOT / "policies").glob("*/*.rego") if not file.name.endswith("_test.rego"))
    command = [
        require_opa(),
        "check",
        "--strict",
        "--capabilities",
        str(ROOT / "policies" / "capabilities.json"),
        *files,
    ]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
