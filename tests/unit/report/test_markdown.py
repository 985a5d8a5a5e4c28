"""Markdown as GitHub's own renderer reads it: its size, and that nothing of a template has an effect."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options as Cmark
from hypothesis import given
from hypothesis import strategies as st

from srmcheck.report import Options, render
from srmcheck.report.options import COMMENT_BYTES
from srmcheck.results import SEVERITIES, Report
from tests.unit.report.samples import FULL, GATE, HOSTILE, PUBLIC, REPORTS, SSH, UNKNOWN, read_line

TAGS = {"h3", "h4", "p", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "b", "strong", "em", "code",
        "pre", "ul", "li", "a", "hr"}  # fmt: skip


class Page(HTMLParser):
    """What is on the page: its tags, links, and the text outside of code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.prose: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "hr":
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert {name for name, _ in attrs} <= {"href", "align", "lang"}, attrs

    def handle_endtag(self, tag: str) -> None:
        if tag != "hr":
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"code", "pre", "a"} & set(self.open):
            self.prose.append(data)


def text_of(report: Report, **options: int) -> str:
    return render(report, "markdown", Options(read_line=read_line, **options))  # type: ignore[arg-type]


def page(text: str) -> Page:
    return Page(cmarkgfm.github_flavored_markdown_to_html(text, Cmark.CMARK_OPT_UNSAFE))


@pytest.mark.parametrize("name", REPORTS)
def test_it_is_made_of_these_tags_only_and_each_is_closed(name: str) -> None:
    shown = page(text_of(REPORTS[name]))
    assert set(shown.tags) <= TAGS
    assert shown.open == []


def is_harmless(report: Report, links: set[str]) -> None:
    shown = page(text_of(report))
    assert set(shown.tags) <= TAGS
    assert shown.open == []
    assert set(shown.links) <= links
    for text in shown.prose:  # a mention or a reference is looked for in each piece of text outside of code
        for mark in ("@", "#"):
            assert mark not in text or text.endswith(mark), text


def hostile(text: str) -> Report:
    finding = replace(
        PUBLIC, resource=text, message=text, template=text, file=text, when={text: text}, links=(), line=5
    )
    unknown = replace(UNKNOWN, resource=text, blocked_by=(), message=text, file=None)
    suppressed = replace(SSH, verdict="suppressed", suppression={"reason": text})
    diagnostics = tuple(replace(item, file=text, detail=text, summary=text, hint=text) for item in FULL.diagnostics)
    return replace(FULL, findings=(finding, unknown, suppressed), diagnostics=diagnostics, unread={text: 1})


def test_nothing_of_a_template_has_an_effect() -> None:
    is_harmless(GATE, set(PUBLIC.links))
    is_harmless(hostile(HOSTILE), set())


@pytest.mark.parametrize(
    "text",
    [
        "@octocat", "#12", "org/repo#1", "https://evil.example/x", "www.evil.example", "a@evil.example", "![x](http://e.example)",
        "[x]: http://evil.example", "<details>", "</details>", "<!--", "-->", "`", "``` ```", "| a | b |", "- x", "1. x", "+ x",
        "> x", "# x", "===", "* * *", "&lt;script&gt;", "$x$", "\\", "[x][y]", "~~~", "    x", "\n\n<img src=x>\n\n", "\t<b>",
        "<http://evil.example>", "xmpp:a@evil.example", "mailto:a@evil.example", "ftp://evil.example", "_x_", "__x__", "",
    ],
)  # fmt: skip
def test_no_text_of_a_template_has_an_effect(text: str) -> None:
    is_harmless(hostile(text), set())


@given(st.text("ab @#[]()<>!`*_~|\\/:.-+=&;$\n1w", max_size=30))
def test_no_text_at_all_has_an_effect(text: str) -> None:
    is_harmless(hostile(text), set())


def many(number: int) -> Report:
    findings = tuple(
        replace(PUBLIC, resource=f"aws_db_instance.é{place}", severity=severity, line=place + 1, file="x.tf")
        for place in range(number)
        for severity in (SEVERITIES[-1], SEVERITIES[0])
    )
    return replace(FULL, findings=findings)


def test_it_is_no_larger_than_a_comment_may_be_and_the_worst_stays() -> None:
    text = text_of(many(150))
    assert COMMENT_BYTES - 5_000 < len(text.encode()) <= COMMENT_BYTES
    assert "The report is cut to the size of a comment." in text
    left = int(text.split(" findings not shown here")[0].rsplit("*", 1)[1])
    shown = text.count("<summary><b>")
    assert left + shown == 300
    assert text.count("<b>critical</b>") == min(150, shown)
    assert page(text).open == []


def test_a_summary_may_be_larger() -> None:
    text = text_of(many(150), most_bytes=1_000_000)
    assert text.count("<summary><b>") == 300
    assert "not shown here" not in text


def test_a_very_long_address_does_not_crowd_out_the_rest() -> None:
    findings = (replace(PUBLIC, resource="x" * 1_000_000, message="y" * 1_000_000), SSH)
    text = text_of(replace(FULL, findings=findings))
    assert "aws_security_group.web" in text
    assert len(text) < 10_000


@pytest.mark.parametrize("most", [2_000, 3_000, 5_000, 20_000])
def test_the_bound_holds_for_every_report(most: int) -> None:
    for report in (*REPORTS.values(), many(30), hostile(HOSTILE * 50)):
        text = text_of(report, most_bytes=most)
        assert len(text.encode()) <= max(
            most, len(text_of(replace(report, findings=(), diagnostics=())).encode()) + 2_000
        )
        assert page(text).open == []


def test_a_secret_line_is_not_shown() -> None:
    text = text_of(FULL)
    assert "publicly_accessible = true" in text
    assert "battery" not in text


def test_a_fence_is_longer_than_what_it_holds() -> None:
    def line(_file: str, _line: int) -> str:
        return "a = ```` # </details>"

    text = render(replace(FULL, findings=(SSH,)), "markdown", Options(read_line=line))
    assert "`````hcl" in text
    assert "<pre" in cmarkgfm.github_flavored_markdown_to_html(text, Cmark.CMARK_OPT_UNSAFE)
    assert page(text).open == []


def test_a_line_that_a_log_would_take_for_a_command_is_not_shown() -> None:
    text = render(replace(FULL, findings=(SSH,)), "markdown", Options(read_line=lambda _f, _l: "  ::add-mask::x"))
    assert "add-mask" not in text
