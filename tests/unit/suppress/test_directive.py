"""The text of an ignore, right and wrong."""

from __future__ import annotations

import pytest

from srmcheck.suppress.directive import MOST_CHARACTERS, Directive, Fault, directive_text, parse_directive


@pytest.mark.parametrize(
    ("text", "ids", "reason", "until"),
    [
        (' SRM-S3-003 reason="public web site"', ("SRM-S3-003",), "public web site", None),
        (" SRM-S3-003 reason='one' until=2027-01-31", ("SRM-S3-003",), "one", "2027-01-31"),
        (" SRM-S3-003, SRM-S3-002 SRM-KMS-002 reason='a'", ("SRM-S3-003", "SRM-S3-002", "SRM-KMS-002"), "a", None),
        (' until="2028-02-29" reason="b" SRM-S3-003', ("SRM-S3-003",), "b", "2028-02-29"),
        (' srm-s3-003, SRM-S3-003 reason = "c"', ("SRM-S3-003",), "c", None),
        (r' SRM-S3-003 reason="the \"old\" one \\ here"', ("SRM-S3-003",), r'the "old" one \ here', None),
        (" SRM-S3-003 reason='  two\t words ' ", ("SRM-S3-003",), "two words", None),
        (' ACME-7 reason="own policy",', ("ACME-7",), "own policy", None),
        (' SRM-S3-003 reason="a = b, until=2020-01-01"', ("SRM-S3-003",), "a = b, until=2020-01-01", None),
    ],
)
def test_ignores(text: str, ids: tuple[str, ...], reason: str, until: str | None) -> None:
    assert parse_directive(text) == Directive(ids, reason, until)


@pytest.mark.parametrize(
    ("text", "summary", "word"),
    [
        (" SRM-S3-003", "Ignore without a reason", "nobody could tell"),
        (" SRM-S3-003 reason=''", "Ignore without a reason", "nobody could tell"),
        (' SRM-S3-003 reason="  "', "Ignore without a reason", "nobody could tell"),
        (" SRM-S3-003 reason=legacy", "Reason not in quotes", "in quotes"),
        ("", "Ignore without a policy", "names no policy"),
        (' reason="all of it"', "Ignore without a policy", "names no policy"),
        (' SRM-S3-* reason="all"', "Pattern in an ignore", "names each policy"),
        (' * reason="all"', "Pattern in an ignore", "names each policy"),
        (' SRM-S3-003 resaon="x"', "Unknown word in an ignore", "did you mean reason?"),
        (' SRM-S3-003 reason="x" expires=2027-01-31', "Unknown word in an ignore", "knows no expires"),
        (' SRM-S3-003 reason="x" until=2027-02-30', "Date of an ignore not readable", "a day that exists"),
        (' SRM-S3-003 reason="x" until=31.01.2027', "Date of an ignore not readable", "2027-01-31"),
        (' SRM-S3-003 reason="x" until=20270131', "Date of an ignore not readable", "2027-01-31"),
        (' SRM-S3-003 reason="x" until=', "Date of an ignore not readable", "2027-01-31"),
        (' SRM-S3-003 reason="x" reason="y"', "Ignore not readable", "twice"),
        (' SRM-S3-003 reason="x', "Quote not closed", "nothing closes"),
        (" SRM-S3-003 reason='x\" until=2027-01-31", "Quote not closed", "nothing closes"),
        (' SRM-S3-003 because reason="x"', "Ignore not readable", "policy's id"),
        (" SRM-S3-003 =", "Unknown word in an ignore", "knows no SRM-S3-003"),
        (" = SRM-S3-003", "Ignore not readable", "something else"),
        (f' SRM-S3-003 reason="{"x" * MOST_CHARACTERS}"', "Ignore too long", "characters"),
    ],
)
def test_faults(text: str, summary: str, word: str) -> None:
    fault = parse_directive(text)
    assert isinstance(fault, Fault)
    assert fault.summary == summary
    assert word in f"{fault.detail} {fault.hint}"


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        (' srmcheck:ignore SRM-S3-003 reason="x"', ' SRM-S3-003 reason="x"'),
        ("srmcheck: ignore SRM-S3-003", " SRM-S3-003"),
        ("srmcheck:ignore", ""),
        ("see srmcheck:ignore SRM-S3-003", None),
        ("srmcheck: what it does", None),
        ("srmcheck", None),
        ("SRMCHECK:IGNORE SRM-S3-003", None),
    ],
)
def test_what_is_an_ignore(comment: str, text: str | None) -> None:
    assert directive_text(comment) == text


@pytest.mark.parametrize(
    "comment", ["srmcheck:skip SRM-S3-003", "srmcheck:ignore-next-line SRM-S3-003", "srmcheck:ignored"]
)
def test_another_word_is_a_fault(comment: str) -> None:
    fault = directive_text(comment)
    assert isinstance(fault, Fault)
    assert fault.summary == "Unknown directive"
