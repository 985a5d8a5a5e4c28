"""The use case: what goes wrong with one template does not hide the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import srmcheck.normalize
from srmcheck.commands.check import check
from srmcheck.commands.source_lines import SourceLines
from srmcheck.config import Config
from srmcheck.diagnostics import ConfigError, Diagnostic, EngineError
from srmcheck.gate import exit_code
from srmcheck.template import Template

TEMPLATE = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {Runtime: python2.7}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def no_stdin() -> bytes:
    raise AssertionError("nobody asked for standard input")


def test_a_fault_in_one_template_is_said_and_the_others_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    real = srmcheck.normalize.normalize

    def normalize(template: Template) -> Any:
        if template.name == "a.yaml":
            raise KeyError("hunter2")
        return real(template)

    monkeypatch.setattr(srmcheck.normalize, "normalize", normalize)
    report, _ = check(Config(), no_stdin)
    assert [(item.summary, item.file) for item in report.diagnostics] == [("Internal error", "a.yaml")]
    assert "hunter2" not in str(report.diagnostics)
    assert {finding.template for finding in report.findings} == {"b.yaml"}
    assert exit_code(report, Config().gate) == 4
    with pytest.raises(KeyError):
        check(Config(debug=True), no_stdin)


@pytest.mark.parametrize(
    ("error", "summary"),
    [(EngineError(Diagnostic("OPA is down")), "OPA is down"), (IndexError("hunter2"), "Internal error")],
)
def test_a_fault_in_the_evaluation_is_said(monkeypatch: pytest.MonkeyPatch, error: Exception, summary: str) -> None:
    import srmcheck.evaluate

    real = srmcheck.evaluate.run

    def run(graph: Any, *arguments: Any, **options: Any) -> Any:
        if graph.template.name == "b.yaml":
            raise error
        return real(graph, *arguments, **options)

    monkeypatch.setattr(srmcheck.evaluate, "run", run)
    report, _ = check(Config(), no_stdin)
    assert [item.summary for item in report.diagnostics] == [summary]
    assert {finding.template for finding in report.findings} == {"a.yaml"}
    assert len(report.inputs) == 2
    assert exit_code(report, Config().gate) == 4


def test_an_engine_that_is_down_is_not_asked_again(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "c.yaml").write_text(TEMPLATE, encoding="utf-8")
    asked: list[str] = []

    def run(graph: Any, *arguments: Any, **options: Any) -> Any:
        asked.append(graph.template.name)
        raise EngineError(Diagnostic("OPA is down"))

    monkeypatch.setattr("srmcheck.evaluate.run", run)
    report, _ = check(Config(), no_stdin)
    assert asked == ["a.yaml"]
    assert [item.summary for item in report.diagnostics] == ["OPA is down", "Templates not evaluated"]
    assert "2 further templates" in report.diagnostics[1].detail
    assert (len(report.inputs), report.resources, exit_code(report, Config().gate)) == (3, 3, 4)


def test_the_order_of_paths_does_not_matter() -> None:
    one, _ = check(Config(paths=("a.yaml", "b.yaml")), no_stdin)
    other, _ = check(Config(paths=("b.yaml", "a.yaml")), no_stdin)
    assert one == other


def test_the_tool_says_what_ran() -> None:
    report, _ = check(Config(), no_stdin)
    assert report.tool.engine.startswith("regorus ")
    assert report.tool.policies.startswith("sha256:")


def test_options_that_are_no_folders() -> None:
    with pytest.raises(ConfigError, match="--source is not a folder"):
        check(Config(source=Path("ghost")), no_stdin)


def test_source_lines(here: Path) -> None:
    (here / "x.tf").write_bytes(b"one\r\ntwo\n")
    (here / "plan.json").write_text('{"secret": 1}', encoding="utf-8")
    lines = SourceLines({"t.json": "a\nb"})
    assert [lines("x.tf", number) for number in (0, 1, 2, 9)] == [None, "one", "two", None]
    assert lines("t.json", 2) == "b"
    assert lines("plan.json", 1) is None
    assert lines("ghost.tf", 1) is None
