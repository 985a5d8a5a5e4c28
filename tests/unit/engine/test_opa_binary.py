"""The ways in which the program opa is not what it should be; the real one is in tests/differential/."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from srmcheck.diagnostics import EngineError
from srmcheck.engine.opa_binary import OpaBinaryEngine
from tests.unit.engine.toys import BUNDLE

posix = pytest.mark.skipif(os.name != "posix", reason="the stand-ins for opa are shell scripts")


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where temporary directories are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def program(directory: Path, text: str) -> str:
    file = directory / "opa"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return str(file)


def test_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError) as caught:
        OpaBinaryEngine(BUNDLE)
    assert caught.value.diagnostic.summary == "OPA is not installed"
    assert "embedded" in caught.value.diagnostic.hint


@posix
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("exit 1", "it ended"),
        ("exit 0", "it ended"),
        ("echo 'Error: unknown flag: --skip-version-check' >&2; exit 1", "too old"),
        (
            "echo 'error: load error: 1 error occurred: x.rego:1: rego_parse_error: no' >&2; exit 1",
            "refuses the policies",
        ),
        ("echo 'bind: address already in use' >&2; exit 2", "it ended"),
    ],
)
def test_does_not_start(text: str, words: str, tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "bin").mkdir()
    with pytest.raises(EngineError) as caught:
        OpaBinaryEngine(BUNDLE, program(tmp_path / "bin", text))
    assert caught.value.diagnostic.summary == "OPA could not be started"
    assert words in caught.value.diagnostic.detail
    assert [path.name for path in temporary.iterdir()] == ["bin"], "the temporary directory is left"


@posix
def test_hangs(tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("srmcheck.engine.opa_binary.START_SECONDS", 0.5)
    (tmp_path / "bin").mkdir()
    mark = tmp_path / "pid"
    with pytest.raises(EngineError):
        OpaBinaryEngine(BUNDLE, program(tmp_path / "bin", f"echo $$ > {mark}; exec sleep 60"))
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)
    assert not list(temporary.glob("srmcheck-opa-*"))


def test_no_such_program(tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(EngineError) as caught:
        OpaBinaryEngine(BUNDLE, str(tmp_path / "nothing"))
    assert caught.value.diagnostic.summary == "OPA could not be started"
    assert not list(temporary.glob("srmcheck-opa-*"))
