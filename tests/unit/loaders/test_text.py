"""Bytes to text, and text to JSON."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.loaders import text
from srmcheck.loaders.text import decode, parse_json, read_bytes


def refused(data: bytes) -> Diagnostic:
    with pytest.raises(InputError) as caught:
        parse_json(data, "plan.json")
    return caught.value.diagnostic


@pytest.mark.parametrize(
    "data",
    [
        "é = 1\n".encode(),
        codecs.BOM_UTF8 + "é = 1\n".encode(),
        codecs.BOM_UTF16_LE + "é = 1\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "é = 1\n".encode("utf-16-be"),
        codecs.BOM_UTF32_LE + "é = 1\n".encode("utf-32-le"),
    ],
)
def test_encodings(data: bytes) -> None:
    assert decode(data, "x") == "é = 1\n"


def test_bytes_that_are_no_text_name_their_line() -> None:
    with pytest.raises(InputError) as caught:
        decode(b"a\nb\n\xff\xfe", "x.tf")
    assert (caught.value.diagnostic.summary, caught.value.diagnostic.line) == ("Not text in UTF-8 or UTF-16", 3)


def test_nul_bytes_are_no_text() -> None:
    with pytest.raises(InputError) as caught:
        decode("a\nb".encode("utf-16-le"), "x.tf")
    assert "without a byte order mark" in caught.value.diagnostic.detail


@pytest.mark.parametrize(
    ("data", "summary", "line", "column"),
    [
        (b'{"a":\n [1, 2', "JSON is cut off", 2, 7),
        (b'{"a": "tex', "JSON is cut off", 1, 11),
        (b'{"a": 1} done', "Text after the JSON", 1, 10),
        (b'{"a": 1,\n}', "Not valid JSON", 1, 8),
        (b'{"a" 1}', "Not valid JSON", 1, 6),
        (b'{"a": "\xff"}', "Not text in UTF-8 or UTF-16", 1, None),
        (b"[" * 10_000 + b"]" * 10_000, "Values nested too deeply", 1, 1026),
    ],
)
def test_broken_json_says_where(data: bytes, summary: str, line: int, column: int | None) -> None:
    diagnostic = refused(data)
    assert (diagnostic.summary, diagnostic.line, diagnostic.column) == (summary, line, column)
    assert diagnostic.file == "plan.json"


def test_no_message_quotes_the_file() -> None:
    diagnostic = refused(b'{"password": "hunter2", nonsense}')
    assert "hunter2" not in str(diagnostic) and "nonsense" not in str(diagnostic)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_bytes(tmp_path / "ghost", "ghost")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="A directory"):
        read_bytes(tmp_path, "folder")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text("x", encoding="utf-8")
    file.chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        read_bytes(file, "x")


def test_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"x" * 11)
    monkeypatch.setattr(text, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="too large"):
        read_bytes(file, "x")
    monkeypatch.setattr(text, "MOST_BYTES", 11)
    assert read_bytes(file, "x") == b"x" * 11
