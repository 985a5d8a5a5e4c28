"""Every built-in that policies may call gives the same in both engines, on awkward arguments too.

Where the two are known to differ, the difference is listed here, and the test fails if it is no longer one: then the list,
docs/engines.md and the lint can be loosened.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from srmcheck.engine.builtins import BUILTINS
from tests.differential.both import Both, normal
from tests.opa import RAISED, ScratchOpa

MOST_CASES = 300

TEXTS = [
    *(
        "",
        "a",
        "A",
        "abc",
        "ABC",
        "aBc",
        "a,b,c",
        "a,,b",
        ",",
        "  x \t\n",
        "\u00a0x\u2003",
        "ß",
        "ǅ",
        "É",
        "é",
        "e\u0301",
    ),
    *(
        "日本語",
        "a\u0000b",
        "\ufeffx",
        "10",
        "1.0",
        "-1",
        "+1",
        "1e3",
        "1e400",
        "0x10",
        "NaN",
        "Infinity",
        "null",
        "true",
    ),
    *("[1]", "{}", '{"a":1}', '"x"', "%s", "%d", "\\", "\\d", "(", "a|b", "*", "a*", "?", "10.0.0.0/8", "::/0"),
    *("arn:aws:iam::123456789012:root", '⟦module.a["x"]#Arn⟧', "a\nb", "a\r\nb", "\u212a", "ſ", "ı", "<>&", "\u2028"),
    *("'", "`", "$1", "${x}", "\ud7ff", "\ufffd", "ａ", "é,é", "aaa"),
]
NON_BMP = ["😀", "é😀z"]
NUMBERS = [0, 1, -1, 2, 3, 10, 255, 1.5, -1.5, 0.25, 2**31, 2**53 - 1, -(2**53) + 1, 100]
ARRAYS: list[Any] = [
    *([], [1], ["a"], ["b", "a"], ["a", "a"], [1, "a", None], [3, 1, 2], [True, False], [[1], [2]], [None], [[], {}]),
    *([{"a": 1}, {"b": 2}], ["é", "z", "日"], ["10", "9"], [["a", 1], ["a"], ["a", "b"]], [0.5, 0.25]),
]
OBJECTS: list[Any] = [{}, {"a": 1}, {"b": {"c": [1]}}, {"a": None}, {"é": 1, "": 2}, {"a": {"b": 2}}]
SCALARS: list[Any] = [None, True, False]
ANY = [*TEXTS, *NUMBERS, *ARRAYS, *OBJECTS, *SCALARS]
INDEXES: list[Any] = [-2, -1, 0, 1, 2, 3, 100, 2**40, "1", None]
CIDRS = [
    *("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "::/0", "2001:db8::/32", "fe80::/10", "192.168.1.0/24", "10.0.0.0/32"),
    *("10.0.0.1", "::1", "fd00::/8", "255.255.255.255/32", "2001:db8::1", "128.0.0.0/1", "64:ff9b::/96"),
]
BAD_CIDRS: list[Any] = [
    *(
        "",
        "a",
        "10.0.0.0/33",
        "0/0",
        "10.0.0",
        "10.0.0.0/08",
        "10.0.0.0/ 8",
        "10.0.0.0/-1",
        "fe80::1%eth0",
        "10.0.0.256",
    ),
    *("٣.0.0.0/8", "10.0.0.0/8 ", 1, None, "10.0.0.1/8", "FE80::/10", "fe80:0::/10"),
]
MAPPED = ["::ffff:10.0.0.0/104", "::ffff:10.0.0.1", "010.0.0.0/8"]
PATHS: list[Any] = ["a", "b", ["a"], ["b", "c", 0], [], 0, 1, None, ["b", "c", "0"], ["b", "c", -1], "é", ["a", "b"]]

ARGUMENTS: Mapping[str, Sequence[Sequence[Any]]] = {
    "abs": [ANY],
    "array.concat": [[*ARRAYS, *OBJECTS, "a", 1], [*ARRAYS, "a"]],
    "array.reverse": [ANY],
    "array.slice": [ARRAYS, INDEXES, INDEXES],
    "concat": [[*TEXTS, *NON_BMP, 1], [*ARRAYS, ["a", ""], ["é", "😀"], ["a", 1], "a"]],
    "contains": [[*TEXTS, *NON_BMP, 1], [*TEXTS, *NON_BMP, None]],
    "count": [[*ANY, *NON_BMP]],
    "endswith": [[*TEXTS, *NON_BMP, 1], [*TEXTS, *NON_BMP, None]],
    "format_int": [[*NUMBERS, "1", None], [10]],
    "indexof": [[*TEXTS, *NON_BMP, 1], ["a", "b", ",", "é", "😀", "aa", "z", None, 1]],
    "is_array": [ANY],
    "is_boolean": [ANY],
    "is_null": [ANY],
    "is_number": [ANY],
    "is_object": [ANY],
    "is_set": [ANY],
    "is_string": [ANY],
    "lower": [[*ANY, *NON_BMP, "İ", "ΑΣ", "ΣΑ", "ẞ"]],
    "max": [ANY],
    "min": [ANY],
    "net.cidr_contains": [[*CIDRS, *BAD_CIDRS, *MAPPED], [*CIDRS, *BAD_CIDRS, *MAPPED]],
    "net.cidr_is_valid": [[*CIDRS, *BAD_CIDRS, *MAPPED, *TEXTS, "1.1.1.1/+8"]],
    "numbers.range": [[0, 1, -1, 5, "1", 1.5], [-3, 0, 2, 5, 2.5, None]],
    "numbers.range_step": [[0, 1, -1, 5], [-3, 0, 2, 2.5], [1, 2, 0, -1, 1.5]],
    "object.filter": [[*OBJECTS, [], "a"], [*ARRAYS, {"a": 1}]],
    "object.get": [[*OBJECTS, {"b": {"c": [1, [2]]}}], PATHS, [None, 7, []]],
    "object.keys": [ANY],
    "object.remove": [[*OBJECTS, [], "a"], [*ARRAYS, {"a": 1}]],
    "object.union": [[*OBJECTS, []], [*OBJECTS, {"b": 2}, "a"]],
    "object.union_n": [[OBJECTS, OBJECTS[:2], [], [1], {}, "a", [{"a": {"x": 1}}, {"a": {"y": 2}}]]],
    "replace": [[*TEXTS, *NON_BMP, 1], ["a", "b", ",", "é", "😀", "\\", "aa"], ["", "x", "$1", "\\1", "aa"]],
    "sort": [ANY],
    "split": [[*TEXTS, *NON_BMP, 1], ["", ",", "a", "/", ":", "😀", "é", "aa", None]],
    "startswith": [[*TEXTS, *NON_BMP, 1], [*TEXTS, *NON_BMP, None]],
    "strings.any_prefix_match": [[*TEXTS, *ARRAYS], [*TEXTS, *ARRAYS]],
    "strings.any_suffix_match": [[*TEXTS, *ARRAYS], [*TEXTS, *ARRAYS]],
    "strings.reverse": [[*ANY, *NON_BMP]],
    "substring": [[*TEXTS, *NON_BMP, 1], INDEXES, INDEXES],
    "trim": [[*TEXTS, *NON_BMP, 1], [*TEXTS, *NON_BMP]],
    "trim_left": [[*TEXTS, *NON_BMP, 1], [*TEXTS, *NON_BMP]],
    "trim_prefix": [[*TEXTS, *NON_BMP, 1], [*TEXTS, *NON_BMP]],
    "trim_right": [[*TEXTS, *NON_BMP, 1], [*TEXTS, *NON_BMP]],
    "trim_space": [[*ANY, *NON_BMP]],
    "trim_suffix": [[*TEXTS, *NON_BMP, 1], [*TEXTS, *NON_BMP]],
    "type_name": [ANY],
}
"""For each built-in the values of each argument; all combinations are tried, up to MOST_CASES."""

ON_SETS: Mapping[str, Sequence[str]] = {
    "count": ["{1, 2}", "set()"],
    "intersection": ["{{1, 2}, {2, 3}}", "{{1}, {2}}", "set()", "{{1}, 2}"],
    "is_set": ["{1}", "set()"],
    "max": ["{3, 1}", "set()", '{["a", 1], ["a"]}'],
    "min": ["{3, 1}", "set()", '{["a", 1], ["a", "b"]}'],
    "sort": ['{"b", "a", 1, null, true}', "set()"],
    "type_name": ["{1}"],
    "union": ["{{1}, {2}}", "set()", "{{1}, 2}"],
}
"""Arguments that JSON cannot hold."""

KNOWN: Mapping[str, Sequence[Sequence[Any]]] = {
    "count": [["😀"], ["é😀z"]],  # UTF-16 units in one, code points in the other
    "lower": [["İ"], ["ΑΣ"]],  # full case mapping in one
    "net.cidr_is_valid": [[1], [None], ["1.1.1.1/+8"]],  # raises for what is no text in one; takes a + in it
}
"""Arguments on which the engines are known to differ, and why policies may call the built-in all the same: see
docs/engines.md, "What the engines read differently"."""


BY_PATTERNS = {"regex.match", "regex.replace"}
"""Proved in test_patterns_equal."""


def test_every_builtin_has_arguments() -> None:
    """A built-in without awkward arguments is not proved."""
    assert set(ARGUMENTS) | set(ON_SETS) | BY_PATTERNS == set(BUILTINS)
    for name, pools in ARGUMENTS.items():
        assert len(pools) == BUILTINS[name].arguments, name


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_equal(name: str, scratch_opa: ScratchOpa) -> None:
    pools = ARGUMENTS[name]
    cases = [list(case) for case in itertools.product(*pools)]
    if len(cases) > MOST_CASES:
        cases = random.Random(name).sample(cases, MOST_CASES)
    arguments = ", ".join(f"input[{index}]" for index in range(len(pools)))
    both = Both(scratch_opa, f"package scratch\n\nr := x if {{ x := {name}({arguments}) }}\n")
    raised = 0
    differing: list[list[Any]] = []
    for case in cases:
        embedded, opa = both.ask("scratch.r", case)
        raised += embedded == RAISED
        if embedded != opa or type(embedded) is not type(opa):
            differing.append(case)
    if name == "net.cidr_contains":  # documents hold CIDRs in canonical form
        differing = [case for case in differing if not set(MAPPED) & {str(part) for part in case}]
    assert differing == [list(case) for case in KNOWN.get(name, [])]
    assert raised < len(cases), "nothing but errors were compared"


@pytest.mark.parametrize("name", sorted(ON_SETS))
def test_equal_on_sets(name: str, scratch_opa: ScratchOpa) -> None:
    for argument in ON_SETS[name]:
        text = f"package scratch\n\ngive(x) := x\n\nr := y if {{ y := {name}(give({argument})) }}\n"
        if scratch_opa.load(text):
            continue  # OPA refuses the type before it runs
        embedded, opa = Both(scratch_opa, text).ask("scratch.r", {})
        assert embedded == opa, argument


def test_lower_on_every_character(scratch_opa: ScratchOpa) -> None:
    """One letter of all older ones is lowered differently by itself (a final sigma is, too, at the end of a word). Letters
    that Unicode took in lately are known to one engine only."""
    both = Both(scratch_opa, "package scratch\n\nr := [lower(one) | some one in input]\n")
    characters = [chr(code) for code in range(0x20, 0x110000) if not 0xD800 <= code < 0xE000]
    differing: list[str] = []
    for start in range(0, len(characters), 50_000):
        part = characters[start : start + 50_000]
        embedded, opa = both.ask("scratch.r", part)
        differing.extend(char for char, one, other in zip(part, embedded, opa, strict=True) if one != other)
    assert [char for char in differing if char < "\u1c80"] == ["İ"]
    assert len(differing) < 100


OPERATIONS = [
    *("x == y", "x != y", "x < y", "x <= y", "x > y", "x >= y", "x + y", "x - y", "x * y", "x % y"),
    *(
        "x in y",
        "x in [y]",
        "[x] == [y]",
        "[x, 1] < [y, 0]",
        '{"a": x} == {"a": y}',
        "{x} | {y}",
        "{x} & {y}",
        "{x} - {y}",
    ),
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operators(operation: str, scratch_opa: ScratchOpa) -> None:
    """The operators of the language, on documents' values. What the engines do with fractions is not proved: the lint
    keeps fractions out of policies, and documents hold few."""
    text = f"package scratch\n\nr := z if {{\n\tx := input[0]\n\ty := input[1]\n\tz := {operation}\n}}\n"
    both = Both(scratch_opa, text)
    values = [
        "",
        "a",
        "b",
        "é",
        "日",
        0,
        1,
        -7,
        3,
        2**53 - 1,
        None,
        True,
        False,
        [],
        ["a"],
        [1, 2],
        {},
        {"a": 1},
        {"b": 1},
    ]
    for case in itertools.product(values, values):
        if operation == "x * y" and case == (2**53 - 1, 2**53 - 1):
            continue  # beyond 2^63 one engine has a fraction's precision
        embedded, opa = both.ask("scratch.r", list(case))
        assert embedded == opa, case


def test_integers_of_64_bits(scratch_opa: ScratchOpa) -> None:
    """What documents hold at most: compared and written out exactly."""
    text = "package scratch\n\nr := [input[0] == input[1], input[0] < input[1], format_int(input[0], 10)]\n"
    both = Both(scratch_opa, text)
    values = [2**63 - 1, 2**63, -(2**63), 2**64 - 1, 2**53, 2**53 + 1, 2**64 - 2, 0]
    for case in itertools.product(values, values):
        expected = [case[0] == case[1], case[0] < case[1], str(case[0])]
        assert both.ask("scratch.r", list(case)) == (expected, expected)


def test_normal_keeps_the_difference_of_types() -> None:
    assert normal([1.0, True, "1", 1.5, {"a": 2.0}]) == [1, True, "1", 1.5, {"a": 2}]
    assert type(normal(1.0)) is int
