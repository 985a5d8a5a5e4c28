"""`--data`: values for parameters, and what is said of those that cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from srmcheck.diagnostics import ConfigError
from srmcheck.policy import load_policies
from tests.own_policies import write

ID = "ACME-S3-001"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path)


def values(*files: str) -> object:
    found = load_policies(own=[Path("policies")], data=[Path(file) for file in files])
    return found.data["srmcheck"]["parameters"][ID]


def refused(text: str, file: str = "data.yaml") -> tuple[str, int | None, str]:
    Path(file).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        values(file)
    said = raised.value.diagnostic
    assert said.file == file
    return said.summary, said.line, f"{said.detail} {said.hint}"


def test_defaults_and_values() -> None:
    assert values() == {"key": "Owner", "names": []}
    Path("a.yaml").write_text(f"{ID}:\n  key: Team\n  names: [x, y]\n", encoding="utf-8")
    Path("b.json").write_text(json.dumps({ID: {"key": "Squad"}}), encoding="utf-8")
    assert values("a.yaml") == {"key": "Team", "names": ["x", "y"]}
    assert values("a.yaml", "b.json") == {"key": "Squad", "names": ["x", "y"]}
    assert values("b.json", "a.yaml") == {"key": "Team", "names": ["x", "y"]}


def test_they_change_the_digest() -> None:
    Path("a.yaml").write_text(f"{ID}: {{key: Team}}\n", encoding="utf-8")
    own = [Path("policies")]
    assert load_policies(own=own).digest != load_policies(own=own, data=[Path("a.yaml")]).digest


@pytest.mark.parametrize(
    ("text", "summary", "line", "words"),
    [
        (f"\n{ID}:\n  kye: x\n", "Unknown parameter", 3, "did you mean key?"),
        ("ACME-S3-010: {key: x}\n", "Unknown policy", 1, f"did you mean {ID}?"),
        ("acme-s3-001: {key: x}\n", "Unknown policy", 1, f"did you mean {ID}?"),
        ("SRM-S3-003: {key: x}\n", "Policy has no parameters", 1, ID),
        (f"{ID}:\n  key: 3\n", "Data of a wrong type", 2, "key of ACME-S3-001 is a text"),
        (f"{ID}:\n  key: [a]\n", "Data of a wrong type", 2, "a text"),
        (f"{ID}:\n  key:\n", "Data of a wrong type", 2, "a text"),
        (f"{ID}:\n  names: a\n", "Data of a wrong type", 2, "a list"),
        (f"{ID}:\n  names: [1.5]\n", "Data of a wrong type", 2, "a list"),
        (f"{ID}: [a]\n", "Data of a wrong type", 1, "a mapping"),
        ("- a\n", "Data file is no mapping", 1, "ids"),
        ("", "Data file is no mapping", 1, "ids"),
        (f"{ID}: {{key: x\n", "Data file is no YAML", None, ""),
        (f"{ID}: {{key: x}}\n{ID}: {{key: y}}\n", "Data file is no YAML", 2, "twice"),
        ("[" * 5000, "Data file is no YAML", None, ""),
    ],
)
def test_refused(text: str, summary: str, line: int | None, words: str) -> None:
    found = refused(text)
    assert found[0] == summary
    assert line is None or found[1] == line
    assert words in found[2]


def test_refused_json() -> None:
    assert refused(f'{{\n "{ID}": {{\n  "kye": 1}}}}', "x.json")[:2] == ("Unknown parameter", 3)
    assert refused(f'{{\n\t"{ID}": {{"key": 1}}}}', "x.json")[:2] == ("Data of a wrong type", 2)
    assert refused("{\n\n!", "x.json")[:2] == ("Data file is no JSON", 3)
    assert refused('{"a": 1, "a": 2}', "x.json")[0] == "Data file is no JSON"
    assert refused("[" * 100_000, "x.json")[0] == "Data file is no JSON"


def test_files_that_are_none() -> None:
    for file, data in (("none.yaml", None), ("large.yaml", b"#" * (1 << 21)), ("bytes.yaml", b"\xff")):
        if data is not None:
            Path(file).write_bytes(data)
        with pytest.raises(ConfigError) as raised:
            values(file)
        assert raised.value.diagnostic.file == file


def test_without_policies_of_ones_own() -> None:
    Path("a.yaml").write_text("SRM-S3-003: {x: 1}\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        load_policies(data=[Path("a.yaml")])
