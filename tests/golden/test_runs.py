"""Whole runs on small inputs. `ACCEPT=1 pytest tests/golden` accepts changes; review the diff.

What changes with every release (digest of the policies, versions, dates) is scrubbed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from srmcheck.commands.check import check
from srmcheck.commands.explain import explain
from srmcheck.commands.graph import documents
from srmcheck.config import Config
from srmcheck.report import FORMATS, Options, render
from srmcheck.results import Tool
from tests.golden.test_reports import ENDINGS, compare

HERE = Path(__file__).parent
INPUTS = {"template": "template.yaml", "infra": "infra"}
EXPLAINED = {"template": ("Database", "Worker", "Task"), "infra": ("module.data.aws_db_instance.main",)}


@pytest.fixture(autouse=True)
def in_the_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE / "inputs")


def no_stdin() -> bytes:
    raise AssertionError("nobody asked for standard input")


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("format_name", FORMATS)
def test_a_report(name: str, format_name: str) -> None:
    report, lines = check(Config(paths=(INPUTS[name],)), no_stdin)
    report = replace(report, tool=Tool("VERSION", "ENGINE", "DIGEST", "DATE"))
    text = render(report, format_name, Options(read_line=lines))
    compare(HERE / "outputs" / f"{name}.{format_name}.{ENDINGS[format_name]}", text)


@pytest.mark.parametrize("name", INPUTS)
def test_an_explanation(name: str) -> None:
    texts = []
    for address in EXPLAINED[name]:
        text, complete = explain(Config(paths=(INPUTS[name],)), address, no_stdin, colour=False)
        assert complete
        texts.append(text)
    compare(HERE / "outputs" / f"{name}.explain.txt", "\n".join(texts))


@pytest.mark.parametrize("name", INPUTS)
def test_the_documents(name: str) -> None:
    lines, diagnostics = documents(Config(paths=(INPUTS[name],)), no_stdin)
    assert not [item for item in diagnostics if item.level == "error"]
    compare(HERE / "outputs" / f"{name}.graph.jsonl", "".join(f"{line}\n" for line in lines))


def test_no_output_holds_the_planted_token() -> None:
    for file in (HERE / "outputs").iterdir():
        assert not re.search("not-a-real-token", file.read_text(encoding="utf-8")), file.name
