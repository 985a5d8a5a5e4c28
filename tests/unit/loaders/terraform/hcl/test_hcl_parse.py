"""The parser against the trees that HashiCorp's own gives (`corpus.json`, recorded with hclsyntax 2.23), and its faults.

A tree is a list of kind, start, end and parts; literal text inside templates and the arms of directives have no span.
"""

from __future__ import annotations

import json
import pickle
import stat
from pathlib import Path
from typing import Any

import pytest

from srmcheck.diagnostics import InternalError
from srmcheck.loaders.terraform.hcl import grammar, parse
from srmcheck.loaders.terraform.hcl import syntax as s
from srmcheck.loaders.terraform.hcl.parse import parse_body, parse_expression, parse_template
from srmcheck.loaders.terraform.hcl.tokens import MAX_DEPTH, Fault

CORPUS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "corpus.json").read_text(encoding="utf-8"))


def _steps(base: list[Any], steps: list[Any], start: int, end: int) -> list[Any]:
    if base[0] == "name":
        return ["trav", start, end, ["name", base[3]], steps]
    if base[0] == "trav":
        return ["trav", start, end, base[3], base[4] + steps]
    return ["trav", start, end, base, steps]


def _step(step: s.Step) -> list[Any]:
    if isinstance(step, s.GetAttr):
        return ["attr", step.name]
    if isinstance(step, s.GetIndex):
        return ["index", step.key.value] if isinstance(step.key, s.Literal) else ["idx", dump(step.key)]
    return ["splat"]


def _arm(tree: list[Any]) -> list[Any]:
    if tree[0] == "template":
        return ["template", tree[3]]
    if tree[0] == "lit" and isinstance(tree[3], str):
        return ["template", [["lit", tree[3]]] if tree[3] else []]
    return tree


def dump(expr: s.Expr) -> list[Any]:
    """The tree of an expression in the corpus's form."""
    at = [expr.start, expr.end]
    match expr:
        case s.Literal():
            return ["lit", *at, expr.value]
        case s.Name():
            return ["name", *at, expr.name]
        case s.Wrapped():
            return ["wrap", *at, dump(expr.of)]
        case s.Traversal():
            return _steps(dump(expr.root), [_step(step) for step in expr.steps], *at)
        case s.FunctionCall():
            return ["call", *at, expr.name, [dump(arg) for arg in expr.args], expr.expand]
        case s.Unary():
            return ["un", *at, expr.operator, dump(expr.of)]
        case s.Binary():
            return ["bin", *at, expr.operator, dump(expr.left), dump(expr.right)]
        case s.Conditional():
            return ["cond", dump(expr.condition), _arm(dump(expr.true)), _arm(dump(expr.false))]
        case s.TupleCons():
            return ["tuple", *at, [dump(item) for item in expr.items]]
        case s.ObjectCons():
            return ["object", *at, [[dump(item.key), dump(item.value)] for item in expr.items]]
        case s.For():
            optional = [dump(part) if part else None for part in (expr.key, expr.value, expr.condition)]
            names = [expr.key_name or "", expr.value_name]
            return ["for", *at, *names, dump(expr.collection), *optional, expr.group]
        case s.Template():
            texts = [isinstance(part, s.Literal) and isinstance(part.value, str) for part in expr.parts]
            parts = [dump(part) for part in expr.parts]
            return ["template", *at, [["lit", p[3]] if text else p for p, text in zip(parts, texts, strict=True)]]
        case s.TemplateFor():
            return ["tfor", expr.key_name or "", expr.value_name, dump(expr.collection), _arm(dump(expr.body))]
    raise AssertionError(type(expr))


def dump_body(body: s.Body) -> list[Any]:
    return [["attribute", a.start, a.end, a.name, dump(a.expr)] for _, a in sorted(body.attributes.items())] + [
        ["block", b.start, b.end, b.type, b.labels, dump_body(b.body)] for b in body.blocks
    ]


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: repr(case["text"])[:60])
def test_corpus(case: dict[str, Any]) -> None:
    text = case["text"]

    def tree() -> list[Any]:
        if case["kind"] == "body":
            return dump_body(parse_body(text))
        return dump(parse_expression(text)) if case["kind"] == "expression" else _arm(dump(parse_template(text)))

    if "refused" in case:
        with pytest.raises(Fault) as caught:
            tree()
        assert 0 <= caught.value.offset <= len(text)
        assert caught.value.detail
    else:
        assert tree() == case["tree"]


def test_spans_cut_the_right_text() -> None:
    text = 'resource "aws_x" "y" {\n  a = b + c # note\n  d = <<-E\n    ${f(g)} x\n  E\n}\n'
    block = parse_body(text).blocks[0]
    cut = [text[node.start : node.end] for node in s.walk(block.body)]
    assert text[block.start : block.header_end] == 'resource "aws_x" "y"'
    assert text[block.start : block.end] == text.rstrip()
    assert cut[1:6] == ["a = b + c", "b + c", "b", "c", "d = <<-E\n    ${f(g)} x\n  E"]
    assert "f(g)" in cut


def test_source_positions() -> None:
    source = s.Source("x.tf", "a = 1\r\nü = [2]\n")
    assert source.position(0) == (1, 1)
    assert source.position(7) == (2, 1)
    location = source.location(11, 14)
    assert (location.line, location.column, location.end_line, location.end_column) == (2, 5, 2, 8)


@pytest.mark.parametrize(
    ("text", "line", "summary", "detail"),
    [
        ("a = {\n  b = 1\n", 1, "Unclosed object", "No } closes this object before the end of the file."),
        ("a = [1, 2\nb = 3\n", 2, "Invalid syntax", "Expected a comma or ] or an operator, but found a name."),
        (
            "a = 1 b = 2\n",
            1,
            "Invalid syntax",
            "Expected a newline or the end of the file or an operator, but found a name.",
        ),
        ('a = "x\n', 1, "Newline in a string", "A quoted string ends on the line on which it starts."),
        ("a = 1\na = 2\n", 2, "Argument set twice", ""),
        ("a = (1]\n", 1, "Brackets do not match", "Expected ) to close the parenthesis before this ]."),
        ("a = <<E\nx\n", 1, "Unterminated heredoc", ""),
        ("a = ", 1, "Unexpected end of file", "Expected an expression, but found the end of the file."),
        ('a = "${b:c}"\n', 1, "Invalid syntax", ""),
        ("a = 1e999\n", 1, "Number out of range", ""),
        ("b {}\nc {\n", 2, "Unclosed block", ""),
        ("a = 'x'\n", 1, "Invalid character", "Single quotes are not valid."),
    ],
)
def test_faults_say_where_and_what(text: str, line: int, summary: str, detail: str) -> None:
    with pytest.raises(Fault) as caught:
        parse_body(text)
    fault = caught.value
    assert (s.Source("f", text).position(fault.offset)[0], fault.summary) == (line, summary)
    assert fault.detail.startswith(detail)


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 10_000 + "]" * 10_000, "a = " + "!" * 10_000 + "b", "a = 1" + " + 1" * 10_000,
             "a = " + "b ? c : " * 10_000 + "d", "a = b" + "[*]" * 10_000, "b {\n" * 10_000 + "}\n" * 10_000,
             'a = "' + "%{ if x }" * 10_000 + '"', 'a = ' + '"${' * 10_000]
)  # fmt: skip
def test_depth_is_bounded(text: str) -> None:
    with pytest.raises(Fault, match="Nesting too deep"):
        parse_body(text + "\n")


def test_wide_is_not_deep() -> None:
    many = MAX_DEPTH * 4
    assert len(parse_body("\n".join(f"a{i} = 1 + 2" for i in range(many))).attributes) == many
    items = parse_body("a = [" + "b + 1, " * many + "]\n").attributes["a"].expr
    assert isinstance(items, s.TupleCons)
    assert len(items.items) == many


@pytest.fixture
def fresh_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    parse._tables.cache_clear()


@pytest.mark.usefixtures("fresh_parser")
class TestCache:
    def test_written_and_read_back(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        expected = dump_body(parse_body("a = b + 1\n"))
        (written,) = (tmp_path / "srmcheck").iterdir()
        parse._tables.cache_clear()
        monkeypatch.setattr(grammar, "amended", lambda source: pytest.fail("built again"))
        assert dump_body(parse_body("a = b + 1\n")) == expected
        assert written.suffix == ".bin"

    @pytest.mark.parametrize("content", [b"", b"nonsense", pickle.dumps({"data": {}, "memo": {}})])
    def test_a_broken_one_is_no_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        parse_body("")
        (written,) = (tmp_path / "srmcheck").iterdir()
        written.write_bytes(content)
        parse._tables.cache_clear()
        assert "a" in parse_body("a = 1\n").attributes
        assert written.read_bytes() != content

    def test_one_that_would_run_code_is_not_loaded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        class Bomb:
            def __reduce__(self) -> tuple[Any, ...]:
                return (Path.touch, (tmp_path / "exploded",))

        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        parse_body("")
        (written,) = (tmp_path / "srmcheck").iterdir()
        written.write_bytes(pickle.dumps(Bomb()))
        parse._tables.cache_clear()
        assert "a" in parse_body("a = 1\n").attributes
        assert not (tmp_path / "exploded").exists()

    def test_a_folder_that_cannot_be_written_is_no_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "srmcheck").write_text("a file in the way")
        (tmp_path / "srmcheck").chmod(stat.S_IRUSR)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert "a" in parse_body("a = 1\n").attributes


def test_another_grammar_is_refused() -> None:
    with pytest.raises(InternalError, match="grammar of python-hcl2 has changed"):
        grammar.amended("// Rules\nstart : body\nbody : X\n")
