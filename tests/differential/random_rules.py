"""Random Rego rules, from pieces that the engines could read differently: what may be undefined, under `not`, as values,
as indexes, in comprehensions, `every`, `else` and heads."""

from __future__ import annotations

import random
from collections.abc import Sequence

HELPERS = """package scratch

h1 := input.a if input.b

h2 if input.c == 1

h3 := 3

s1 contains x if some x in input.l

ob[k] := v if some k, v in input.o

recs := [{"p": 1, "q": "a"}, {"p": 2}]

f(x) := x.k if is_object(x)

f2(x) if x == 1

f3(x, y) := y if x != y

t(x) := "s" if {
	is_string(x)
} else := "o"

e(x) := y if {
	is_object(x)
	y := x.k
} else := y if {
	is_array(x)
	y := x[0]
} else := "none"

default d1 := 7

d1 := input.b.c

dd(x) := x if is_number(x)

default dd(_) := 0
"""

DOCUMENTS: Sequence[dict[str, object]] = (
    {},
    {"a": 1, "b": {"c": 1}, "c": 1, "l": [1, 2, {"k": 1}], "o": {"k": "v", "a": 1}},
    {"a": "k", "b": False, "c": 0, "l": [{"k": "a"}, {"k": 1}], "o": {"k": {"k": 1}}},
    {"a": None, "b": {"c": None}, "c": 2, "l": [], "o": {}},
    {"l": ["a", "b"], "x": True},
    {"a": [1], "b": {"c": "a"}, "o": {"b": [1], "k": 2}, "l": [[1], [2]]},
    {"a": {"k": 1}, "c": 1, "x": "a"},
)

_REFERENCES = [
    *("input.a", "input.b", "input.b.c", "input.c", "input.l", "input.o", "input.o.k", "input.l[0]", "input.l[1].k"),
    *("input.x", 'input["a"]', "h1", "h2", "h3", "d1", "s1", "ob", "ob.k", 'ob["k"]', "recs[0].p", "input.o[input.a]"),
    "input.l[input.c]",
]
_CONSTANTS = ["0", "1", "2", "3", '"a"', '"b"', '"k"', '""', "null", "true", "false"]
_COLLECTIONS = [
    *("input.l", "input.l", "input.o", "s1", "ob", "recs", '[1, 2, "a"]', "input.none", '{"k", 1}'),
    'object.get(input, "l", [])',
]
_KEYS = ['"a"', '"x"', '["b", "c"]', '["l", 0]']


class Rules:
    """Makes rules; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._names = 0

    def rule(self, name: str) -> str:
        """A rule with this name, of a random form."""
        self._names = 0
        form = self._chance.random()
        body, names = self._body([])
        if form < 0.4:
            return f"{name} := {self._value(2, names)} if {body}"
        if form < 0.65:
            return f"{name} contains {self._value(2, names)} if {body}"
        if form < 0.75:
            other, others = self._body([])
            return f"{name} := {self._value(1, names)} if {body} else := {self._value(1, others)} if {other}"
        if form < 0.85:
            return f"{name} if {body}"
        if form < 0.92:
            return f"{name} := 1 if {body}\n\n{name} := {self._pick(['1', 'h3', 'input.c'])} if {self._body([])[0]}"
        body, names = self._body(["x"])
        function = f"{name}_of(x) := {self._value(1, names)} if {body} else := {self._value(1, ['x'])}"
        return f'{function}\n\n{name} := [{name}_of(y) | some y in [1, "a", {{"k": 1}}, [1], null]]'

    def _pick(self, choices: Sequence[str]) -> str:
        return self._chance.choice(choices)

    def _new(self) -> str:
        self._names += 1
        return f"v{self._names}"

    def _body(self, names: list[str]) -> tuple[str, list[str]]:
        lines: list[str] = []
        for _ in range(self._chance.randint(1, 4)):
            line, new = self._statement(2, names)
            lines.append(line)
            names = names + new
        return "{\n\t" + "\n\t".join(lines) + "\n}", names

    def _statement(self, depth: int, names: list[str]) -> tuple[str, list[str]]:
        form = self._chance.random()
        one, other = self._value(depth, names), self._value(depth, names)
        if form < 0.2:
            return one, []
        if form < 0.35:
            return f"{one} {self._pick(['==', '!='])} {other}", []
        if form < 0.4:
            return f"{one} in {self._collection()}", []
        if form < 0.62:
            forms = [one, self._reference(names), f"{one} == {other}", f"{one} in {self._collection()}", f"f2({one})"]
            return f"not {self._pick(forms)}", []
        name, second = self._new(), self._new()
        if form < 0.8:
            return f"{name} := {one}", [name]
        if form < 0.9:
            return f"some {name} in {self._collection()}", [name]
        if form < 0.95:
            return f"some {name}, {second} in {self._collection()}", [name, second]
        inner = self._statement(depth - 1, [*names, name])[0]
        return f"every {name} in {self._collection()} {{\n\t\t{inner}\n\t\t{name} == {name}\n\t}}", []

    def _collection(self) -> str:
        return self._pick(_COLLECTIONS)

    def _reference(self, names: list[str]) -> str:
        chance = self._chance.random()
        if chance > 0.95:
            return f"input.l[{self._new()}]"
        if chance < 0.1 and names:
            return f"input.l[{self._pick(names)}]"
        return self._pick(
            [*_REFERENCES, *names * 3, *(f"{name}.k" for name in names), *(f"{name}[0]" for name in names)]
        )

    def _scalar(self, names: list[str]) -> str:
        """For sets, which hold no sets: the engines order these differently among objects."""
        return self._pick(
            ["1", "2", '"k"', "h3", "input.c", "null", "h2", "input.x", *(f"t({name})" for name in names)]
        )

    def _value(self, depth: int, names: list[str]) -> str:
        if depth <= 0 or self._chance.random() < 0.3:
            return self._pick([self._reference(names), self._reference(names), self._pick(_CONSTANTS)])
        one, other = self._value(depth - 1, names), self._value(depth - 1, names)
        number = self._pick(["1", "2", "h3", "count(s1)", "d1", "input.c"])
        forms = [
            f"[{one}, {other}]",
            f'{{"k": {one}}}',
            f"{{{self._scalar(names)}, {self._scalar(names)}}}",
            self._comprehension(depth, names),
            self._comprehension(depth, names),
            f"{self._pick(['f', 'f2', 't', 'e', 'dd', 'type_name', 'is_string', 'is_null', 'is_array'])}({one})",
            f"f3({one}, {other})",
            f"object.get(input, {self._pick(_KEYS)}, {one})",
            f"({one} {self._pick(['==', '!='])} {other})",
            f"(count({self._collection()}) {self._pick(['<', '>='])} {number})",
            f"({one} in {self._collection()})",
            f"count({self._pick(['s1', 'ob', f'[{one}]'])})",
            f"({self._pick(['count(s1)', '1', 'h3'])} {self._pick(['+', '-', '*'])} {number})",
            f"({{{self._scalar(names)}}} {self._pick(['|', '&', '-'])} {{{self._scalar(names)}}})",
            f'concat(",", [t({one}), "z"])',
        ]
        return self._pick(forms)

    def _comprehension(self, depth: int, names: list[str]) -> str:
        name, key = self._new(), self._new()
        bind = self._pick(
            [
                f"some {name} in {self._collection()}",
                f"{name} := {self._reference(names)}",
                f"{name} := {self._collection()}[_]",
            ]
        )
        inner = [*names, name]
        more = "" if self._chance.random() < 0.6 else f"; {self._statement(0, inner)[0]}"
        form = self._chance.random()
        if form < 0.6:
            return f"[{self._value(depth - 1, inner)} | {bind}{more}]"
        if form < 0.8:
            return f"{{{self._scalar(inner)} | {bind}{more}}}"
        value = self._value(depth - 1, [*inner, key])
        return f"{{{key}: {value} | some {key}, {name} in {self._collection()}{more}}}"
