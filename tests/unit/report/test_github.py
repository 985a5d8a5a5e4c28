"""Annotations, read back as the runner of GitHub Actions reads them."""

from __future__ import annotations

import re
from dataclasses import replace

from srmcheck.report import Options, render
from srmcheck.results import SEVERITIES, Report
from tests.unit.report.samples import FULL, GATE, HOSTILE, REPORTS, SSH, UNKNOWN

_COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def commands(report: Report) -> list[tuple[str, dict[str, str], str]]:
    """Name, properties and message of each command; the last line must be none."""
    lines = render(report, "github", Options()).split("\n")
    assert lines[-1] == ""
    assert lines[-2].startswith("srmcheck: ")
    found = []
    for line in lines[:-2]:
        match = _COMMAND.fullmatch(line)
        assert match is not None, line
        properties = dict(item.split("=", 1) for item in match[2].split(","))
        found.append((match[1], {key: decoded(value) for key, value in properties.items()}, decoded(match[3])))
    return found


def decoded(text: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_an_annotation() -> None:
    name, properties, message = commands(FULL)[0]
    assert name == "error"
    assert properties == {
        "file": "modules/data/main.tf",
        "line": "31",
        "col": "3",
        "title": "SRM-RDS-003 (critical): Databases are not publicly accessible",
    }
    assert message.split("\n") == [
        'module.data.aws_db_instance.main["eu"]: database is publicly accessible',
        "Fails when var.public is true",
        "Fix: Set `publicly_accessible = false`.",
        "Via: module.data, called at main.tf:12",
        "Also breaks SRM-RDS-016",
    ]


def test_a_block_has_its_last_line_and_no_column() -> None:
    properties = next(item for _, item, _ in commands(FULL) if "SRM-VPC-001" in item["title"])
    assert (properties["line"], properties["endLine"]) == ("9", "12")
    assert "col" not in properties


def test_severity_becomes_the_kind_of_annotation_and_the_worst_comes_first() -> None:
    report = replace(FULL, findings=tuple(replace(SSH, severity=name) for name in SEVERITIES[::-1]), diagnostics=())
    assert [name for name, _, _ in commands(report)] == ["error", "error", "warning", "notice"]


def test_unknown_verdicts_are_one_notice_and_folded_and_suppressed_ones_none() -> None:
    many = tuple(replace(UNKNOWN, resource=f"aws_s3_bucket.b{number}") for number in range(12))
    found = commands(replace(FULL, findings=many, diagnostics=(), verdicts={"unknown": 12}))
    assert len(found) == 1
    assert found[0][1]["title"] == "srmcheck: 12 checks cannot be known yet"
    assert found[0][2].endswith("and 2 more")
    titles = [item["title"] for _, item, _ in commands(FULL)]
    assert not [title for title in titles if "SRM-RDS-016" in title]
    assert not [title for _, item, _ in commands(GATE) for title in [item["title"]] if "SRM-VPC-001" in title]


def test_errors_are_annotations() -> None:
    name, properties, message = next(item for item in commands(FULL) if "Unsupported" in item[1]["title"])
    assert (name, properties["file"], properties["line"], properties["col"]) == ("error", "main.tf", "11", "19")
    assert message.startswith("The value is treated as unknown.")


def test_nothing_of_a_template_is_a_command_or_a_property() -> None:
    found = commands(GATE)
    assert len(found) == 6
    for _, properties, _ in found:
        assert set(properties) <= {"file", "line", "endLine", "col", "title"}
    text = render(GATE, "github", Options())
    assert HOSTILE not in text
    assert not [line for line in text.split("\n") if line.startswith(("::add-mask", "##["))]
    assert "\r" not in text


def test_a_comma_and_a_colon_in_a_file_name() -> None:
    _, properties, _ = commands(replace(FULL, findings=(replace(SSH, file="a,line=1::b.tf"),)))[0]
    assert properties["file"] == "a,line=1::b.tf"


def test_the_last_line_sums_up_without_a_word_of_the_template() -> None:
    last = render(FULL, "github", Options()).split("\n")[-2]
    assert last == "srmcheck: 4 fail (2 critical, 1 high, 1 low), 3 pass, 1 unknown; 5 resources, 14 policies"
    assert "nothing was checked" in render(REPORTS["nothing"], "github", Options())
