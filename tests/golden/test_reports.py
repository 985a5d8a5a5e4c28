"""Every format of hand-made reports, whole. `ACCEPT=1 pytest tests/golden` accepts changes; review the diff."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from srmcheck.report import FORMATS, Options, render
from tests.unit.report.samples import REPORTS, read_line

HERE = Path(__file__).parent
ENDINGS = {
    "text": "txt",
    "json": "json",
    "matrix": "txt",
    "matrix-csv": "csv",
    "sarif": "json",
    "sarif-github": "json",
    "github": "txt",
    "markdown": "md",
    "junit": "xml",
    "gitlab": "json",
}


def compare(file: Path, text: str) -> None:
    if os.environ.get("ACCEPT"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_every_format_has_golden_files() -> None:
    assert set(ENDINGS) == set(FORMATS)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("format_name", FORMATS)
def test_a_report(name: str, format_name: str) -> None:
    text = render(REPORTS[name], format_name, Options(read_line=read_line))
    compare(HERE / "reports" / f"{name}.{format_name}.{ENDINGS[format_name]}", text)


@pytest.mark.parametrize("format_name", ["text", "matrix"])
def test_a_coloured_report(format_name: str) -> None:
    text = render(REPORTS["full"], format_name, Options(colour=True, read_line=read_line))
    compare(HERE / "reports" / f"colour.{format_name}.ansi", text)
