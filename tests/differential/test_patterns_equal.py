"""Patterns that the lint takes match the same texts in both engines; those that it refuses, it refuses for a reason."""

from __future__ import annotations

import itertools
import random

import pytest

from srmcheck.engine.lint.patterns import fault_of
from tests.differential.both import Both
from tests.opa import RAISED, ScratchOpa

TEXTS = [
    *(
        "",
        "a",
        "abc",
        "ABC",
        "aab",
        "a b",
        "a\nb",
        "b\n",
        "é",
        "éé",
        "日本",
        "\u212a",
        "ſ",
        "k",
        "K",
        "s",
        "😀",
        "a😀b",
        "٣",
        "3",
    ),
    *(
        "a.b",
        "a-b",
        "a]b",
        "[a]",
        "^a$",
        "{1}",
        "a{2}",
        "aa",
        "(a)",
        "a|b",
        "\\",
        "/",
        ":",
        "*",
        "$1",
        "⟦x#y⟧z",
        "_",
        "\t",
    ),
    *("arn:aws:iam::123456789012:role/x", "AKIAIOSFODNN7EXAMPLE", "aws/secret-Key", "\u00a0", "\u2003", "\x0b", "0"),
]

PATTERNS = [
    *(
        "",
        "^$",
        "a",
        "^abc$",
        "^[^a]+$",
        "(?i)^abc$",
        "(?i)^k$",
        "(?i)[a-z]+s",
        "^.$",
        "^..$",
        "a.b",
        "^(a|b)+$",
        "a{2}",
    ),
    *(
        "[a-z]{2,3}",
        "^[A-Z0-9]{20}$",
        "[.]",
        "[a\\-z]",
        "^[\\]a]$",
        "a*?b",
        "a+?",
        "(?:a)(?:b)?",
        "^é+$",
        "[^é]",
        "a||b",
    ),
    *(
        "⟦[^⟧]*⟧",
        "[:/].*$",
        "^[*?]*$",
        "^[^*?/]+/([89]|[12][0-9]|3[0-2])$",
        "password|passwd|api[^a-z0-9]{0,3}key",
        "\\.",
    ),
    *(
        "[\\[\\]]",
        "[-a]",
        "[a-]",
        "[$^]",
        "\\$1",
        "x{0}",
        "(a{0,2}){1,2}",
        "^(?:[^:]*:){5}",
        "[ \\t\\r\\n]+",
        "\\\\",
        "a$|b$",
    ),
]

REPLACEMENTS = ["", "-", "reference", "\\1", "é"]

REFUSED = [
    *(
        "\\w",
        "\\d+",
        "\\s",
        "\\bx",
        "\\W",
        "\\D",
        "\\S",
        "\\pL",
        "\\x41",
        "\\Aa",
        "a\\z",
        "\\Qa\\E",
        "\\1",
        "\\u0041",
        "\\",
    ),
    *("[[:alpha:]]", "[a&&b]", "[a--b]", "[a~~b]", "[[a]]", "[]", "[^]", "[a", "a]", "(a", "a)", "(?P<n>a)", "(?<n>a)"),
    *(
        "(?s)a",
        "(?m)a",
        "(?i:a)",
        "(?=a)",
        "a(?i)b",
        "(?i)é",
        "*a",
        "+",
        "a**",
        "a|*",
        "a{",
        "a{,2}",
        "a{101}",
        "a{3,2}",
    ),
    *("}", "{1}", "a++", "(*)", "a{2}{3}", "[\\d]", "x" * 1001, "a{1000}", "^*"),
]

PIECES = [
    "a",
    "b",
    "é",
    ".",
    "[ab]",
    "[^a]",
    "(a|b)",
    "(?:ab)",
    "^",
    "$",
    "|",
    "*",
    "+",
    "?",
    "{2}",
    "\\.",
    "[0-9]",
    "*?",
    " ",
]


@pytest.mark.parametrize("pattern", REFUSED)
def test_refused(pattern: str) -> None:
    assert fault_of(pattern)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_taken_patterns_are_equal(pattern: str, scratch_opa: ScratchOpa) -> None:
    assert fault_of(pattern) is None
    assert _differing(scratch_opa, [pattern]) == []


def test_random_patterns_are_equal(scratch_opa: ScratchOpa) -> None:
    """Whatever is made of pieces of the dialect and taken is equal, and no error."""
    chance = random.Random(5)
    patterns: set[str] = set()
    while len(patterns) < 300:
        pattern = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 7)))
        if fault_of(pattern) is None:
            patterns.add(pattern)
    assert _differing(scratch_opa, sorted(patterns)) == []


def _differing(opa: ScratchOpa, patterns: list[str]) -> list[tuple[str, str]]:
    match = Both(
        opa,
        "package scratch\n\nr := [regex.match(pattern, text) | some pattern in input.patterns; some text in input.texts]\n",
    )
    document = {"patterns": patterns, "texts": TEXTS}
    embedded, answered = match.ask("scratch.r", document)
    assert RAISED not in (embedded, answered)
    cases = list(itertools.product(patterns, TEXTS))
    found = [case for case, one, other in zip(cases, embedded, answered, strict=True) if one != other]
    for replacement in REPLACEMENTS:
        replace = Both(
            opa,
            "package scratch\n\n"
            "r := [regex.replace(text, pattern, input.by) | some pattern in input.patterns; some text in input.texts]\n",
        )
        embedded, answered = replace.ask("scratch.r", {**document, "by": replacement})
        assert RAISED not in (embedded, answered)
        found += [case for case, one, other in zip(cases, embedded, answered, strict=True) if one != other]
    return found


def test_the_reasons_hold(scratch_opa: ScratchOpa) -> None:
    """Some of the refused patterns, where the engines do differ."""
    for pattern, text in [
        ("\\w", "é"),
        ("\\d", "٣"),
        ("\\s", "\u2003"),
        ("[a&&b]", "a"),
        ("a{,2}", "a{,2}"),
        ("\\bé", "é"),
    ]:
        both = Both(scratch_opa, f"package scratch\n\nr := regex.match(`{pattern}`, input)\n")
        embedded, answered = both.ask("scratch.r", text)
        assert embedded != answered, pattern
