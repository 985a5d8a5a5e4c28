"""Code frames, wrapping and cleaning."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from srmcheck.diagnostics import Diagnostic
from srmcheck.report import Options, render
from srmcheck.report.frame import frame
from srmcheck.report.style import Style, clean, columns, listed, wrap
from srmcheck.results import Blocker, Finding
from tests.unit.report.samples import FULL, PASSWORD, PUBLIC, REPORTS, SSH, UNKNOWN, read_line


def framed(text: str, column: int, width: int = 60) -> list[str]:
    return frame(
        lambda file, line: text if line == 1 else None,
        "f",
        1,
        column,
        1,
        secret=False,
        style=Style(False),
        colour="high",
        width=width,
    )


@pytest.mark.parametrize("name", [name for name in REPORTS if name != "gate"])  # its address alone is wider
@pytest.mark.parametrize("format_name", ["text", "matrix"])
def test_a_report_fits_into_80_columns(name: str, format_name: str) -> None:
    text = render(REPORTS[name], format_name, Options(read_line=read_line))
    assert [line for line in text.splitlines() if columns(line) > 80] == []


def test_no_escape_codes_without_colour() -> None:
    for name in ("text", "json", "matrix", "matrix-csv"):
        assert "\x1b" not in render(FULL, name, Options(read_line=read_line))


def test_the_mark_stands_under_the_column() -> None:
    text, mark = framed("\tcidr = 1", 2)
    assert text == "1 |     cidr = 1"
    assert mark == "1 |     ^^^^^^^^".replace("1", " ")


def test_wide_characters_count_twice() -> None:
    text, mark = framed('名前 = "値"', 4)
    assert text[:4] == "1 | "
    assert mark.index("^") == 4 + columns("名前 ")


def test_a_long_line_is_shown_around_the_column() -> None:
    text, mark = framed("x" * 300 + "NEEDLE" + "y" * 300, 301)
    assert "NEEDLE" in text
    assert columns(text) <= 60
    assert text[mark.index("^")] == "N"


def test_a_line_that_cannot_be_read_gives_no_frame() -> None:
    missing = frame(lambda file, line: None, "f", 1, 1, 1, secret=False, style=Style(False), colour="high", width=60)
    assert missing == []


def test_a_long_span_shows_its_first_line() -> None:
    shown = frame(
        lambda file, line: f"line {line}", "f", 1, 1, 99, secret=False, style=Style(False), colour="high", width=60
    )
    assert len(shown) == 2


def test_a_secret_span_shows_its_first_line_only() -> None:
    finding = replace(PASSWORD, line=31, end_line=32)
    text = render(replace(FULL, findings=(finding,)), "text", Options(read_line=read_line))
    assert "publicly_accessible = true" in text
    assert "horse" not in text and "password  " not in text


def test_no_secret_of_a_source_line_is_shown() -> None:
    for name in ("text", "json", "matrix", "matrix-csv"):
        assert "horse" not in render(FULL, name, Options(read_line=read_line))


def test_templates_cannot_write_on_the_terminal() -> None:
    evil = 'aws_s3_bucket.x["\x1b[2J\u202e"]\nerror: none'
    report = replace(FULL, findings=(replace(SSH, resource=evil), replace(UNKNOWN, resource=evil)))
    text = render(report, "text", Options(read_line=lambda file, line: "\x1b[31m\r\x00 = 1"))
    assert "\x1b" not in text and "\u202e" not in text and "\r" not in text and "\x00" not in text
    assert "\nerror: none" not in text
    assert "\\x1b[2J\\u202e" in text


def test_several_templates_are_told_apart() -> None:
    other = replace(FULL.inputs[0], path="b.json", template="b.json")
    text = render(replace(FULL, inputs=(*FULL.inputs, other)), "text", Options())
    assert "aws_security_group.web [plan.json]" in text


def test_without_a_file_the_path_is_the_place() -> None:
    text = render(replace(FULL, findings=(replace(SSH, file=None, line=None, column=None),)), "text", Options())
    assert "  at ingress[0].cidr_blocks[0]\n" in text


def test_the_owner_of_the_place_is_named_if_it_is_another() -> None:
    finding = replace(SSH, source_address="aws_security_group_rule.ssh")
    text = render(replace(FULL, findings=(finding,)), "text", Options())
    assert "  aws_security_group.web\n    set in aws_security_group_rule.ssh\n" in text


def test_wrap_keeps_long_words_whole() -> None:
    assert wrap("a " + "b" * 30 + " c", 10, "> ") == ["> a", "  " + "b" * 30, "  c"]
    assert wrap("", 10, "> ") == ["> "]


def test_clean_shows_what_it_takes_out() -> None:
    assert clean("a\x1b\n\u2028\tz") == "a\\x1b\\n\\u2028    z"


def test_listed() -> None:
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"


@pytest.mark.parametrize(
    ("blocker", "changes", "text"),
    [
        (Blocker(("A",), "x", "secret", "var.a"), {}, "depends on var.a: secret"),
        (Blocker(("A", 0, "B"), None, "secret"), {"source_path": ()}, "A[0].B: secret"),
        (Blocker(("A",), None, "secret"), {"source_path": ("a", 0), "source_address": None}, "a[0]: secret"),
        (
            Blocker(("@parts", 0, "A"), "aws_part.x", "known after apply"),
            {"source_path": (), "source_address": None},
            "aws_part.x A: known after apply",
        ),
        (Blocker(("@flow_logs",), None, "may be elsewhere"), {"source_path": ()}, "flow logs: may be elsewhere"),
        (Blocker((), None, "too many branches"), {"source_path": ()}, "too many branches"),
    ],
)
def test_what_is_not_known_is_named(blocker: Blocker, changes: dict[str, Any], text: str) -> None:
    finding = replace(UNKNOWN, blocked_by=(blocker,), **changes)
    assert f"      {text}\n" in render(replace(FULL, findings=(finding,)), "text", Options())


def test_long_names_and_places_have_lines_of_their_own() -> None:
    finding = replace(UNKNOWN, resource='module.network.module.endpoints.aws_vpc_endpoint.interface["logs"]')
    text = render(replace(FULL, findings=(finding,)), "text", Options())
    assert "\n      main.tf:3:3\n" in text
    assert all(columns(line) <= 80 for line in text.splitlines())


def test_the_most_severe_policy_that_fails_leads_to_its_page() -> None:
    text = render(replace(FULL, findings=(replace(SSH, severity="low"), PUBLIC, PUBLIC)), "text", Options())
    assert text.count("policies show") == 1
    assert "\n  More on a policy, with examples: srmcheck policies show SRM-RDS-003\n" in text


@pytest.mark.parametrize(
    "findings",
    [(), (UNKNOWN,), (replace(PUBLIC, policy_id="ACME-RDS-001"),), (replace(PUBLIC, folded_into="f"),)],
    ids=["none", "unknown", "own", "folded"],
)
def test_what_has_no_page_or_does_not_fail_leads_to_none(findings: tuple[Finding, ...]) -> None:
    assert "policies show" not in render(replace(FULL, findings=findings), "text", Options())


@pytest.mark.parametrize("format_name", ["text", "matrix", "markdown"])
def test_notes_are_not_what_was_not_checked(format_name: str) -> None:
    note = Diagnostic("Ignore of no use", "main.tf", 3, level="note")
    outside = Diagnostic("Module not downloaded", "main.tf", 40, level="outside")
    bare = replace(FULL, unread={}, not_assessed=(), types_without_policies={})
    for diagnostics, headings in (
        ((note,), ["Notes"]),
        ((outside,), ["Not checked"]),
        ((note, outside), ["Not checked", "Notes"]),
    ):
        text = render(replace(bare, diagnostics=diagnostics), format_name, Options())
        assert [
            name for name in ("Not checked", "Notes") if f"\n{name}\n" in text or f">{name} (1)<" in text
        ] == headings
        if len(headings) == 2:
            assert text.index("Module not downloaded") < text.index("Notes") < text.index("Ignore of no use")
