"""The rule of verdicts, line by line (docs: verdicts)."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.evaluate.paths import clash, touches_read
from srmcheck.evaluate.verdict import applies, decide
from srmcheck.values import Path, Unknown
from tests.unit.evaluate.scripted import at, policy

X = Unknown("later")


@pytest.mark.parametrize(
    ("unknown", "read", "document", "touches"),
    [
        (("A",), ("A", "B"), {}, True),
        (("A", "B"), ("A",), {}, True),
        (("A", "B"), ("A", "B"), {}, True),
        (("A", "C"), ("A", "B"), {}, False),
        (("A", 3), ("A", "[]", "B"), {}, True),
        (("A", 0, "C"), ("A", "[]", "B"), {}, False),
        (("A", "B"), ("A", "[]"), {}, False),
        (("A", "x", 1, "y"), ("A", "**"), {}, True),
        (("*",), ("A",), {}, True),
        (("*",), ("A",), {"A": 1}, False),
        (("A", "*"), ("A", "B", "C"), {"A": {}}, True),
        (("A", "*"), ("A", "B", "C"), {"A": {"B": {}}}, False),
        (("A", 0, "*"), ("A", "[]", "B"), {"A": [{"B": 1}]}, False),
        (("A", 0, "*"), ("A", "[]", "B"), {"A": [{}]}, True),
    ],
)
def test_touching(unknown: Path, read: tuple[str, ...], document: dict[str, Any], touches: bool) -> None:
    assert touches_read(unknown, read, document) is touches


@pytest.mark.parametrize(
    ("unknown", "path", "document", "clashes"),
    [
        (("A",), [], {}, False),
        (("A",), ["A"], {}, True),
        (("A", "B"), ["A"], {}, True),
        (("A",), ["A", "B"], {}, True),
        (("A", 2), ["A", 1, "B"], {}, False),
        (("A", 2), ["A"], {}, True),
        (("*",), ["A"], {"A": 1}, False),
        (("*",), ["B"], {"A": 1}, True),
        (("@r",), ["@r"], {}, True),
        (("@r", 0, "A"), ["@r"], {}, True),
        (("@r", 0, "A"), ["@r", 1, "A"], {}, False),
    ],
)
def test_clashing(unknown: Path, path: list[Any], document: dict[str, Any], clashes: bool) -> None:
    assert clash(unknown, path, document) is clashes


ORDER = (("A",), ("B",), ("@r",), ("@r", "[]", "M"))


@pytest.mark.parametrize(
    ("answers", "unknown", "verdict"),
    [
        ({}, {}, "pass"),
        ({"not_applicable": True, "deny": [at(["A"], "m")]}, {("A",): X}, None),
        ({"deny": [at(["A"], "m")]}, {}, "fail"),
        ({"deny": [at(["A"], "m")]}, {("A",): X}, "unknown"),
        ({"deny": [at(["A"], "m"), at(["B"], "n")]}, {("A",): X}, "fail"),
        ({"deny": [at(["A"], "m")]}, {("Z",): X}, "fail"),
        ({"deny": [at(["A"], "m", [["A"], ["B"]])]}, {("B",): X}, "unknown"),
        ({"deny": [at(["A"], "m", [["A"], ["B"]])], "settled": [["B"]]}, {("B",): X}, "fail"),
        ({}, {("A",): X}, "unknown"),
        ({"settled": [["A"]]}, {("A",): X}, "pass"),
        ({"settled": [["A"]]}, {("A", 1, "B"): X}, "pass"),
        ({"settled": [["A", 1]]}, {("A",): X}, "unknown"),
        ({"settled": [[]]}, {("A",): X, ("@r",): X}, "pass"),
        ({"unknown": [at(["A"], "m")]}, {}, "unknown"),
        ({"unknown": [at(["A"], "m")], "deny": [at(["B"], "n")]}, {}, "fail"),
        ({"deny": [at([], "m", [["@r"]])]}, {("@r",): X}, "unknown"),
        ({"deny": [at([], "m", [["@r"]])]}, {("@r", 0, "M"): X}, "unknown"),
        ({"deny": [at([], "m", [["@r"]])], "settled": [["@r", 0]]}, {("@r", 0, "M"): X}, "fail"),
        ({"deny": [at([], "m", [["@r"]])]}, {("@r", 0, "Z"): X}, "fail"),
        ({"deny": [at([], "m", [["@s"]])]}, {("@s",): X}, "fail"),
    ],
)
def test_deciding(answers: dict[str, Any], unknown: dict[Path, Unknown], verdict: str | None) -> None:
    assert decide(answers, unknown, ORDER, {}).verdict == verdict


def test_the_first_in_the_metadatas_order_is_named() -> None:
    ruling = decide({}, {("@r", 0, "M"): X, ("B",): Unknown("b"), ("A",): Unknown("a")}, ORDER, {})
    assert [path for path, _ in ruling.blocked] == [("A",), ("B",), ("@r", 0, "M")]


def test_orphans_are_judged_for_their_subject() -> None:
    first = policy("1", {"T": ["A.B", "C"]})
    assert applies(first, "T", None)
    assert applies(first, "T", ("A",))
    assert not applies(first, "T", ("C",))
    named = policy("2", {"T": ["A.B", "C"]}, subject=(("C",),))
    assert applies(named, "T", ("C",))
