"""Whatever the text, parsing gives a tree or a Fault, and spans cut out what they name."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from srmcheck.loaders.terraform.hcl import syntax as s
from srmcheck.loaders.terraform.hcl.parse import parse_body, parse_expression, parse_template
from srmcheck.loaders.terraform.hcl.tokens import Fault

CORPUS = json.loads((Path(__file__).parents[1] / "unit/loaders/terraform/hcl/corpus.json").read_text(encoding="utf-8"))
BODIES = [case["text"] for case in CORPUS if case["kind"] == "body"] + [
    f"x = {case['text']}\n" for case in CORPUS if case["kind"] == "expression"
]
PIECES = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        '"',
        "${",
        "%{",
        "~",
        "=",
        "\n",
        ":",
        "=>",
        "...",
        ".",
        ",",
        "*",
        "[*]",
        "0",
        "1.5",
        "a",
        "b.c",
        '"x"',
        "<<E\n",
        "E\n",
        "$${",
        "?",
        "!",
        "-",
        "&&",
        "#",
        "/*",
        "*/",
        "é",
        "for",
        "in",
        "if",
    ]
)
MUTATED = st.builds(
    lambda text, edits: _edit(text, edits),
    st.sampled_from(BODIES),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 3), PIECES | st.just("")), min_size=1, max_size=3),
)


def _edit(text: str, edits: list[tuple[int, int, str]]) -> str:
    for at, length, piece in edits:
        at %= len(text) + 1
        text = text[:at] + piece + text[at + length :]
    return text


def check_spans(text: str, root: s.Syntax) -> None:
    for node in s.walk(root):
        assert 0 <= node.start <= node.end <= len(text)
        cut = text[node.start : node.end]
        match node:
            case s.Name():
                assert cut == node.name
            case s.Attribute():
                assert cut.startswith(node.name)
                assert cut.endswith(text[node.expr.start : node.expr.end])
            case s.Block():
                assert cut.startswith(node.type)
                assert cut.endswith("}")
            case s.FunctionCall():
                assert cut.endswith(")")
            case s.Traversal():
                assert cut.endswith(text[node.steps[-1].start : node.steps[-1].end])
            case s.TupleCons():
                assert (cut[0], cut[-1]) == ("[", "]")
            case s.ObjectCons():
                assert (cut[0], cut[-1]) == ("{", "}")
            case s.Binary():
                assert cut.startswith(text[node.left.start : node.left.end])
                assert cut.endswith(text[node.right.start : node.right.end])
        if isinstance(node, (s.Traversal, s.FunctionCall, s.Binary, s.For, s.ObjectCons, s.TupleCons)):
            again = parse_expression(cut)
            assert type(again) is type(node)
            assert (again.start, again.end) == (0, len(cut))


@given(st.text(max_size=200) | MUTATED)
@settings(max_examples=400, deadline=None)
def test_a_body_parses_or_faults(text: str) -> None:
    try:
        body = parse_body(text)
    except Fault as fault:
        assert 0 <= fault.offset <= len(text)
        return
    check_spans(text, body)


@given(st.text(alphabet='ab${}%~" \nifelsendor.,=:[]()1\\', max_size=60))
@settings(max_examples=400, deadline=None)
def test_templates_and_expressions_parse_or_fault(text: str) -> None:
    for parse in (parse_template, parse_expression):
        try:
            tree = parse(text)
        except Fault:
            continue
        check_spans(text, tree)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=12, max_size=30), MUTATED)
@settings(max_examples=150, deadline=None)
def test_a_fault_never_quotes_the_text(secret: str, text: str) -> None:
    quoted = json.dumps(secret, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    try:
        parse_body(f"password = {quoted}\n{text}")
    except Fault as fault:
        assert secret not in f"{fault.summary} {fault.detail} {fault.hint}"
