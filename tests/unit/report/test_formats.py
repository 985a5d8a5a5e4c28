"""JSON against its schema, and the matrix for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import jsonschema
import pytest

from srmcheck.report import FORMATS, Options, render
from srmcheck.report.matrix_csv import COLUMNS
from tests.unit.report.samples import FULL, REPORTS, SSH

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "report-v1.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", REPORTS)
def test_json_is_valid_against_its_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    document = json.loads(render(REPORTS[name], "json", Options()))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)


def test_the_schema_names_every_key_and_no_other() -> None:
    document = json.loads(render(FULL, "json", Options()))
    assert set(document) == set(SCHEMA["properties"]) == set(SCHEMA["required"])
    finding = SCHEMA["$defs"]["finding"]
    assert set(document["findings"][0]) == set(finding["properties"]) == set(finding["required"])


def test_json_survives_a_lone_surrogate() -> None:
    report = replace(FULL, findings=(replace(SSH, file="caf\udce9.tf"),))
    assert json.loads(render(report, "json", Options()))["findings"][0]["file"] == "caf?.tf"


def test_a_pass_has_no_fingerprint() -> None:
    document = json.loads(render(REPORTS["passes"], "json", Options()))
    assert document["findings"][0]["fingerprints"] == {}


def test_an_unknown_format_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        render(FULL, "yaml", Options())


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_has_a_line_for_each_cell_duty_and_hidden_thing() -> None:
    lines = rows(render(FULL, "matrix-csv", Options()))
    assert {line["kind"] for line in lines} == {"cell", "inherited", "not-visible", "not-checked", "note", "error"}
    assert sum(line["kind"] == "cell" for line in lines) == sum(len(row.cells) for row in FULL.rows)
    assert all(set(line) == set(COLUMNS) for line in lines)
    states = {(line["address"], line["responsibility"]): line["state"] for line in lines}
    assert states["aws_s3_bucket.logs", "os-security"] == "inherited"
    assert states["aws_s3_bucket.logs", "data-protection"] == "checked"
    assert states["aws_s3_bucket.logs", "logging-and-monitoring"] == "no policy"


def test_a_spreadsheet_takes_nothing_for_a_formula() -> None:
    evil = replace(FULL.rows[0], address='=HYPERLINK("http://x")')
    lines = rows(render(replace(FULL, rows=(evil,)), "matrix-csv", Options()))
    assert lines[0]["address"] == '\'=HYPERLINK("http://x")'


def test_every_format_ends_with_a_newline_and_is_text() -> None:
    for name in FORMATS:
        for report in REPORTS.values():
            text = render(report, name, Options())
            assert text.endswith("\n")
            text.encode()


def test_every_format_names_a_module_and_function_that_are_there() -> None:
    for entry in FORMATS.values():
        assert callable(getattr(import_module(f"srmcheck.report.{entry.module}"), entry.function))


def test_passes_are_listed_where_they_are_asked_for_or_part_of_the_format() -> None:
    for name, entry in FORMATS.items():
        if name in ("json", "sarif", "text", "junit", "markdown"):
            shown = "aws_s3_bucket.data" in render(REPORTS["passes"], name, Options(show_passed=False))
            assert shown == entry.lists_passes, name
            assert "aws_s3_bucket.data" in render(REPORTS["passes"], name, Options()), name


def test_every_format_has_a_row_in_the_documentation() -> None:
    text = (Path(__file__).parents[3] / "docs" / "formats.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])}
    assert set(FORMATS) <= named
