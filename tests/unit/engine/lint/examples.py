"""For each rule of the lint: modules that it refuses, and modules near them that it takes.

`differs` holds a document on which the engines answer the rule `r` differently (or one of them does not take it), which
tests/differential/test_lint_differs.py shows with a real OPA.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HELPERS = """package scratch

f(x) if x == 1

total(x) := "text" if {
	is_string(x)
} else := "other"

kept(x) := object.get({"a": 1}, x, null)

maybe if input.flag == true

never := input.nothing

lower_or_none(x) := lower(x) if is_string(x)

checks := [{"place": "a", "why": "b"}, {"place": "c", "why": "d"}]

flags contains flag if some flag in input.flags

by_key[key] := value if some key, value in input.map
"""


@dataclass(frozen=True)
class Example:
    """A rule of a module, which HELPERS precede."""

    text: str
    differs: Any = None
    also: str | None = None  # another rule that it breaks

    @property
    def module(self) -> str:
        return f"{HELPERS}\n{self.text}\n"


def _bad(text: str, differs: Any = None, also: str | None = None) -> Example:
    return Example(text, differs, also)


REFUSED: Mapping[str, tuple[Example, ...]] = {
    "negation": (
        _bad("r if not f(input.x)", {}),
        _bad("r if not input.x in [1, 2]", {}),
        _bad("r if not input.x < 5", {}),
        _bad('r if not input.x != "a"', {}),
        _bad('r if not lower(input.x) == "y"', {}),
        _bad("r if not is_null(input.x)", {}),
        _bad("r if not count(input.x) > 0", {}),
        _bad('r if not startswith(input.x, "a")', {}),
        _bad('r if not "a" in input.x', {}),
        _bad('r if not object.get(input.x, "x", 1) == 2', {}),
        _bad("r if not input.list[input.x] == 2", {"list": [1]}),
        _bad("r if not 1 in [input.x]", {}),
        _bad("r if not input.a == [input.b]", {"a": 1}),
        _bad("r if not f(never)", {}),
        _bad("r if not lower_or_none(1) == input.x", {}),
        _bad("r if {\n\tevery x in input.xs {\n\t\tnot input.map[x]\n\t}\n}", {"xs": ["b"], "map": {"a": 1}}),
        _bad("r if {\n\tevery x in input.xs {\n\t\tnot flags[x]\n\t}\n}", {"xs": ["b"], "flags": ["a"]}),
        _bad("r := count(input) if not true", {}),
        _bad("r := [1 | not f(input.x)]", {}),
    ),
    "membership": (
        _bad("r := x if x := input.x in [1]", {}),
        _bad("r := [input.x in [1]]", {}),
        _bad("r := 1 in input.x", {}),
        _bad("r := total(input.x in [1])", {}),
        _bad("r if (input.x in [1]) == false", {}),
    ),
    "iteration": (
        _bad('r := [x | some x in "text"]', {}),
        _bad("r := [x | some x in 5]", {}),
        _bad("r := [x | some x in lower(input.x)]", {"x": "TEXT"}),
    ),
    "head": (
        _bad("r.a := 1", {}),
        _bad('r["a"].b := 1', {}),
        _bad("r[x].y contains z if some x, z in input.map", {"map": {"a": 1}}),
    ),
    "head-value": (
        _bad("r contains x.a if some x in input.xs", {"xs": [{"a": 1}, {}, {"a": 2}]}),
        _bad("r contains lower_or_none(x) if some x in input.xs", {"xs": ["a", 1, "b"]}),
        _bad("r[key] := x.a if some key, x in input.xs", {"xs": [{"a": 1}, {}]}),
        _bad("r := x.a if some x in input.xs", {"xs": [{}, {"a": 2}]}),
        _bad("r := input.x if {\n\ttrue\n} else := 3", None),
        _bad("r := g(2)\n\ng(x) := lower_or_none(x) if {\n\tx == 2\n} else := 3", {}),
        _bad("r := input.list[i] if {\n\ti := 0\n\tinput.list[i]\n} else := 1", {"list": [1, 2]}),
    ),
    "ordering": (
        _bad('r := {"a": 1} < {1}', {}),
        _bad("r := flags < by_key", {"flags": [1], "map": {"a": 1}}),
    ),
    "shadow": (
        _bad("r := y if {\n\tx := 1\n\ty := [x | some x in [2, 3]]\n}", {}),
        _bad("r := [maybe | some maybe in [7]]", {}),
        _bad("r := [x | some never; x := input.list[never]]", {"list": [1]}),
        _bad("r := y if {\n\tsome x in [1]\n\tevery x in [2] {\n\t\tx == 2\n\t}\n\ty := x\n}", None),
    ),
    "number": (
        _bad("r := 0.1 + 0.2 == 0.3", {}),
        _bad("r := 9007199254740993 * 9007199254740993", {}),
        _bad("r := 1e3", None),
    ),
    "division": (
        _bad("r := input.x / 3", None),
        _bad("r := (input.x / 10) + (input.x / 5) == 3 / 10", {"x": 1}),
    ),
    "minus": (_bad("r := -input.x", {"x": 1}),),
    "unification": (
        _bad("r if input.x = 1", None),
        _bad("r := z if {\n\tz := 1\n\t[z, 1] = input.x\n}", None),
        _bad("r = 1", None),
    ),
    "pattern": (
        _bad("r := regex.match(`^\\w$`, input.x)", {"x": "é"}),
        _bad("r := regex.match(`\\d`, input.x)", {"x": "٣"}),
        _bad("r := regex.match(input.pattern, input.x)", {"pattern": "\\s", "x": "\u2003"}),
    ),
    "argument": (
        _bad('r := replace(input.x, "", "-")', {"x": "é"}),
        _bad("r := replace(input.x, input.y, input.z)", {"x": "é", "y": "", "z": "-"}),
        _bad("r := indexof(input.x, input.y)", {"x": "a", "y": ""}),
        _bad("r := format_int(input.x, 2)", {"x": 1e21}),
        _bad("r := regex.replace(input.x, `(a)`, input.y)", None),
    ),
    "text-length": (_bad("r := count(lower(input.x))", {"x": "😀"}),),
    "builtin": (
        _bad('r := sprintf("%d", [input.x])', {"x": "a"}),
        _bad("r := upper(input.x)", {"x": "ß"}),
        _bad("r := json.marshal(input.x)", {"x": "<"}),
        _bad(
            "r := [[path, value] | walk(input.x, [path, value]); some y in [1, 2]; y > 0]",
            {"x": {"a": 1}},
            also="unsafe",
        ),
        _bad('r := http.send({"method": "get", "url": "https://example.com"})', None),
        _bad("r := time.now_ns()", None),
        _bad("r := opa.runtime()", None),
        _bad('r := rand.intn("a", 5)', None),
        _bad("r := print(input.x)", None),
        _bad('r := strings.count(input.x, "")', {"x": "a"}),
        _bad("r := object.subset([], [])", {}),
        _bad('r := to_number(" 1")', {}),
    ),
    "unknown-function": (
        _bad("r := data.scratch.nothing(1)", {}),
        _bad("r := f(1, 2)", {}),
        _bad("r := lower(1, 2)", {}),
        _bad("r := f", {}),
    ),
    "unsafe": (
        _bad("r if z > 1", {}),
        _bad("r if not input.list[z]", {}, also="negation"),
        _bad("r if not input.list[_]", {}, also="negation"),
        _bad("r := x if {\n\tx := y\n\ty := 1\n}", {}),
        _bad("r := input.list[_]", {}),
    ),
    "recursion": (
        _bad("r if other\n\nother if r"),
        _bad("r := g(1)\n\ng(x) := g(x - 1)"),
    ),
    "mock": (_bad('r := x if x := maybe with input as {"flag": true}'),),
    "default-value": (_bad("default r := input.x"),),
    "argument-pattern": (
        _bad('g({"a": x}) := x'),
        _bad('r := [x | some {"a": x} in input.xs]'),
        _bad('r := x if {"a": x} := input.x'),
    ),
    "data-reference": (
        _bad("r := data.nothing"),
        _bad("r := data[input.x]"),
        _bad("r := data"),
        _bad("r := data.scratch", also="recursion"),
    ),
    "verdict-rule": (
        _bad("deny := 1"),
        _bad('settled["a"] := 1'),
        _bad("unknown(x) := x"),
        _bad("not_applicable contains 1"),
    ),
}

HEADERS: Mapping[str, tuple[str, ...]] = {
    "import": ("package scratch\n\nimport input.resource as res\n\nr := res",),
    "package": ("package srmcheck.entry\n\nr := 1", "package srmcheck.entry.more\n\nr := 1"),
    "line": ("package scratch\n\nr := [" + "1, " * 400 + "1]",),
    "nesting": ("package scratch\n\nr := " + "[" * 13 + "]" * 13, "package scratch\n\nr := " + "\n".join("{" * 500)),
}
"""Whole modules, for what stands above the rules."""

TAKEN: Mapping[str, tuple[str, ...]] = {
    "negation": (
        "r if not maybe",
        'r if not input.x == "a"',
        "r if not input.x.y",
        "r if not input.x == input.y",
        "r if not input.x == kept(1)",
        "r if {\n\tx := input.x\n\tnot f(x)\n}",
        "r if {\n\tinput.x > 1\n\tnot f(input.x)\n}",
        "r if {\n\tsome x in input.xs\n\tnot f(x)\n}",
        "g(x) if not f(x)",
        'r if not total(kept("a")) in ["text"]',
        "r if not 1 in {x | some x in input.xs}",
        "r if not count([x | x := input.x]) > 3",
        "r if not 1 in input.resource.unknown",
        "r if {\n\tsome check in checks\n\tnot f(check.place)\n}",
        'r if {\n\tparts := split(input.x, "/")\n\tcount(parts) > 1\n\tnot f(parts[1])\n}',
        'r if {\n\tx := input.x\n\tnot f(split(x, "/")[0])\n}',
        "r if {\n\tevery x in input.xs {\n\t\tnot x in flags\n\t}\n}",
        "r if {\n\tevery x in input.xs {\n\t\tnot x.y\n\t}\n}",
    ),
    "membership": (
        "r if input.x in [1]",
        "r := x if {\n\ty := input.x\n\tx := y in [1]\n}",
        "r := [x | some x in input.xs; x in flags]",
        'r := kept("a") in [1]',
    ),
    "iteration": (
        "r := [x | some x in input.x]",
        "r := [x | some x in [1]]",
        "r := [x | some x in flags]",
        'r := [x | some x in split(input.x, ",")]',
    ),
    "head": ("r[key] := 1 if some key in input.xs", "r contains 1"),
    "head-value": (
        "r contains a if {\n\tsome x in input.xs\n\ta := x.a\n}",
        "r contains x.address if some x in input.related.logs",
        "r contains never",
        "r contains check.place if some check in checks",
        'r contains {"x": x} if some x in input.xs',
        "r := x.a if x := input.x",
        "r := a if {\n\ta := input.x\n} else := 3",
        "r := g([1])\n\ng(x) := x[0] if is_array(x)",
    ),
    "ordering": ("r := count(flags) < count(by_key)", "r if input.x < input.y"),
    "shadow": (
        "r := y if {\n\tx := 1\n\ty := [z | some z in [2, x]]\n}",
        "g(checks_) := checks_",
        "r := [x | some x in [1]]\n\ns := [x | some x in [2]]",
    ),
    "number": ("r := 9007199254740991", "r := -1", "r := 0"),
    "division": ("r := input.x % 3", "r := input.x * 3"),
    "minus": ("r := 0 - input.x", "r := -5"),
    "unification": ("r := x if {\n\t[x, y] := input.pair\n\ty == 1\n}", "r := 1"),
    "pattern": (
        "r := regex.match(`^[a-z_]+(:[0-9]{2,3})?$`, input.x)",
        'r := regex.match(concat("|", ["a", "b"]), input.x)',
    ),
    "argument": (
        'r := replace(input.x, "a", "-")',
        'r := indexof(input.x, "a")',
        "r := format_int(input.x, 10)",
        'r := regex.replace(input.x, `a`, "b")',
    ),
    "text-length": ("r := count(input.xs)", "r := count(flags)"),
    "builtin": (
        'r := concat("", ["a", format_int(input.x, 10)])',
        "r := lower(input.x)",
        'r := object.get(input, ["a", "b"], null)',
    ),
    "unknown-function": ("r := f(1)", "r := data.scratch.total(1)"),
    "unsafe": (
        "r := x if {\n\tsome y in input.xs\n\tx := y\n}",
        "r := [x | x := input.xs[i]; i > 0]",
        "r if input.list[_] == 1",
        "g(x) := y if y := x",
    ),
    "recursion": ("r if other\n\nother if maybe", "g(x) := total(x)"),
    "mock": ("r := maybe",),
    "default-value": ('default r := {"a": [1, null]}', "default g(_) := 1\n\ng(x) := x if x > 1"),
    "argument-pattern": ("g([x, _]) := x", "r := [x | some [x, 1] in input.xs]", 'g("a") := 1'),
    "data-reference": (
        "r := data.srmcheck.data.dates",
        "r := data.srmcheck.data.dates[input.x]",
        "r := data.scratch.maybe",
    ),
    "verdict-rule": (
        "deny contains 1",
        "settled contains []",
        "not_applicable if maybe",
        "default not_applicable := false",
    ),
    "import": ("r := 1",),
    "package": ("r := 1",),
    "line": ("r := [\n" + "\t1,\n" * 400 + "]",),
    "nesting": (
        "r := " + "[" * 12 + "]" * 12,
        'r := "' + "[" * 20 + '"',
        "r := 1 # " + "{" * 30,
        "r := `" + "{" * 30 + "`",
    ),
}

DATA = {"srmcheck": {"data": {"dates": {"a": "2026-01-01"}}}}
