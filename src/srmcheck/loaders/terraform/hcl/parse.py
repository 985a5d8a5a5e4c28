"""Text to syntax tree. What cannot be parsed raises `Fault` with an offset, and never quotes the text."""

from __future__ import annotations

from functools import cache
from typing import Any

from srmcheck.loaders.terraform.hcl import grammar, template_parts
from srmcheck.loaders.terraform.hcl.faults import unexpected
from srmcheck.loaders.terraform.hcl.lexer import Lexer
from srmcheck.loaders.terraform.hcl.syntax import (
    Attribute,
    Binary,
    Block,
    Body,
    Conditional,
    Expr,
    For,
    FunctionCall,
    GetAttr,
    GetIndex,
    Item,
    Literal,
    Name,
    ObjectCons,
    Splat,
    Step,
    Traversal,
    TupleCons,
    Unary,
    Wrapped,
)
from srmcheck.loaders.terraform.hcl.tables import SyntaxFault, Tables
from srmcheck.loaders.terraform.hcl.template_parts import Sequence
from srmcheck.loaders.terraform.hcl.tokens import Fault, Token

_Intro = tuple[tuple[str | None, str], Expr]
_KEYWORDS = {"true": True, "false": False, "null": None}


def parse_body(text: str) -> Body:
    """A configuration file, without its byte order mark. Raises Fault."""
    body = _parse(text, "start", Lexer(text))
    assert isinstance(body, Body)
    return body


def parse_template(text: str) -> Expr:
    """A template file, as templatefile reads it. Raises Fault."""
    expr = _parse(text, "template", Lexer(text, template=True))
    assert isinstance(expr, Expr)
    return expr


def parse_expression(text: str) -> Expr:
    """One expression, as JSON configuration holds them. Raises Fault."""
    expr = _parse(text, "sole", Lexer(text, expression=True))
    assert isinstance(expr, Expr)
    return expr


@cache
def _tables() -> Tables:
    return Tables(grammar.parser(_Builder()), frozenset({"expr_term"}))


def _parse(text: str, start: str, lexer: Lexer) -> object:
    late: Fault | None = None
    try:
        lexer.run()
    except Fault as fault:
        late = fault
    try:
        result = _tables().run(lexer.tokens, start)
    except SyntaxFault as fault:
        raise unexpected(fault.token, fault.expected) from None
    if late is not None:
        raise late
    return result


def _span(items: list[Any]) -> tuple[int, int]:
    return items[0].start, items[-1].end


class _Builder:
    """What Lark calls for each rule, with its parts, brackets included."""

    def start(self, items: list[Any]) -> Body:
        return items[0]  # type: ignore[no-any-return]

    def sole(self, items: list[Any]) -> Expr:
        return items[0]  # type: ignore[no-any-return]

    def template(self, items: list[Any]) -> Expr:
        end = items[-1].end if items else 0
        return template_parts.heredoc(0, end, items, flush=False)

    def body(self, items: list[Any]) -> Body:
        return _body(items, 0, items[-1].end if items else 0)

    block_body = body

    def attribute(self, items: list[Any]) -> Attribute:
        return Attribute(items[0].start, items[2].end, items[0].value, items[2])

    def block(self, items: list[Any]) -> Block:
        brace = next(i for i, item in enumerate(items) if isinstance(item, Token) and item.type == "LBRACE")
        labels: list[str] = []
        for label in items[1:brace]:
            if not isinstance(label, (Token, Literal)):
                raise Fault(
                    label.start,
                    "Invalid block label",
                    "A block label is plain text without template sequences.",
                    "Write ${ as $${ to mean it literally.",
                )
            labels.append(str(label.value))
        inner = items[brace + 1] if len(items) > brace + 2 else None
        start, end = items[brace].end, items[-1].start
        if isinstance(inner, Body):
            body = Body(start, end, inner.attributes, inner.blocks)
        else:
            body = _body([inner] if inner is not None else [], start, end)
        return Block(items[0].start, items[-1].end, items[0].value, labels, items[brace - 1].end, body)

    def identifier(self, items: list[Any]) -> Expr:
        token = items[0]
        if token.value in _KEYWORDS:
            return Literal(token.start, token.end, _KEYWORDS[token.value])
        return Name(token.start, token.end, token.value)

    def number(self, items: list[Any]) -> Literal:
        token = items[0]
        return Literal(token.start, token.end, parse_number(token.value, token.start))

    def string(self, items: list[Any]) -> Expr:
        return template_parts.quoted(items[0].start, items[-1].end, items[1:-1])

    def heredoc_template(self, items: list[Any]) -> Expr:
        return template_parts.heredoc(items[0].start, items[-1].end, items[1:-1], flush=False)

    def heredoc_template_trim(self, items: list[Any]) -> Expr:
        return template_parts.heredoc(items[0].start, items[-1].end, items[1:-1], flush=True)

    def interpolation(self, items: list[Any]) -> Sequence:
        return _sequence("interpolation", items)

    def template_if_start(self, items: list[Any]) -> Sequence:
        return _sequence("if", items)

    def template_else(self, items: list[Any]) -> Sequence:
        return _sequence("else", items)

    def template_endif(self, items: list[Any]) -> Sequence:
        return _sequence("endif", items)

    def template_for_start(self, items: list[Any]) -> Sequence:
        return _sequence("for", items)

    def template_endfor(self, items: list[Any]) -> Sequence:
        return _sequence("endfor", items)

    def conditional(self, items: list[Any]) -> Conditional:
        return Conditional(*_span(items), items[0], items[2], items[4])

    def binary_op(self, items: list[Any]) -> Binary:
        left, (operator, right) = items
        return Binary(left.start, right.end, operator, left, right)

    def binary_term(self, items: list[Any]) -> tuple[str, Expr]:
        return items[0], items[1]

    def binary_operator(self, items: list[Any]) -> str:
        return _OPERATORS[items[0].type]

    def unary_op(self, items: list[Any]) -> Unary:
        return Unary(*_span(items), "-" if items[0].type == "MINUS" else "!", items[1])

    def expr_term(self, items: list[Any]) -> Expr:
        if len(items) == 1:
            return items[0]  # type: ignore[no-any-return]
        return Wrapped(*_span(items), items[1])

    def tuple(self, items: list[Any]) -> TupleCons:
        return TupleCons(*_span(items), [item for item in items if isinstance(item, Expr)])

    def object(self, items: list[Any]) -> ObjectCons:
        return ObjectCons(*_span(items), [item for item in items if isinstance(item, Item)])

    def object_elem(self, items: list[Any]) -> Item:
        return Item(*_span(items), items[0], items[2])

    def function_call(self, items: list[Any]) -> FunctionCall:
        name = ""
        args: list[Expr] = []
        expand = False
        for item in items:
            if isinstance(item, list):
                args = [arg for arg in item if isinstance(arg, Expr)]
                expand = isinstance(item[-1], Token) and item[-1].type == "ELLIPSIS"
            elif item.type in ("NAME", "COLONS"):
                name += item.value or "::"
        return FunctionCall(*_span(items), name, args, expand)

    def arguments(self, items: list[Any]) -> list[Any]:
        return items

    def get_attr(self, items: list[Any]) -> Step:
        return GetAttr(*_span(items), items[1].value)

    def braces_index(self, items: list[Any]) -> Step:
        return GetIndex(*_span(items), items[1])

    def short_index(self, items: list[Any]) -> Step:
        token = items[1]
        return GetIndex(
            items[0].start, token.end, Literal(token.start, token.end, parse_number(token.value, token.start))
        )

    def attr_splat(self, items: list[Any]) -> Step:
        return Splat(items[0].start, items[0].end)

    full_splat = attr_splat

    def get_attr_expr_term(self, items: list[Any]) -> Traversal:
        return _traversal(items[0], items[1])

    def index_expr_term(self, items: list[Any]) -> Traversal:
        base, step = items
        if isinstance(base, Traversal):
            if _is_legacy(step):
                if _is_legacy(base.steps[-1]):
                    raise Fault(
                        step.start,
                        "Invalid legacy index",
                        "Two indexes with dots in a row are not permitted.",
                        "Write [0][1] for .0.1.",
                    )
            elif base.legacy:
                return Traversal(base.start, step.end, base, [step])
        return _traversal(base, step)

    def attr_splat_expr_term(self, items: list[Any]) -> Traversal:
        base, step = items
        if isinstance(base, Traversal) and base.legacy:
            raise Fault(
                step.start,
                "Nested splat",
                "A splat (.*) cannot stand inside another one.",
                "Use [*], or a for expression.",
            )
        traversal = _traversal(base, step)
        traversal.legacy = True
        return traversal

    def full_splat_expr_term(self, items: list[Any]) -> Traversal:
        return _traversal(items[0], items[1], fresh=isinstance(items[0], Traversal) and items[0].legacy)

    def for_intro(self, items: list[Any]) -> _Intro:
        return _names(items), items[-2]

    def for_cond(self, items: list[Any]) -> Expr:
        return items[1]  # type: ignore[no-any-return]

    def for_tuple_expr(self, items: list[Any]) -> For:
        names, collection = items[1]
        condition = items[3] if len(items) == 5 else None
        return For(*_span(items), names, collection, None, items[2], False, condition)

    def for_object_expr(self, items: list[Any]) -> For:
        names, collection = items[1]
        rest = items[5:-1]
        group = bool(rest) and isinstance(rest[0], Token)
        condition = rest[-1] if rest and isinstance(rest[-1], Expr) else None
        return For(*_span(items), names, collection, items[2], items[4], group, condition)


_OPERATORS = {
    "DOUBLE_PIPE": "||",
    "DOUBLE_AMP": "&&",
    "DOUBLE_EQ": "==",
    "NEQ": "!=",
    "LT": "<",
    "GT": ">",
    "LEQ": "<=",
    "GEQ": ">=",
    "PLUS": "+",
    "MINUS": "-",
    "ASTERISK": "*",
    "SLASH": "/",
    "PERCENT": "%",
}


def _is_legacy(step: Step) -> bool:
    """Whether the step is an index with a dot (`.0`)."""
    return isinstance(step, GetIndex) and step.end == step.key.end


def _traversal(base: Expr, step: Step, fresh: bool = False) -> Traversal:
    if isinstance(base, Traversal) and not fresh:
        base.steps.append(step)
        base.end = step.end
        return base
    return Traversal(base.start, step.end, base, [step])


def _body(items: list[Any], start: int, end: int) -> Body:
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    for item in items:
        if isinstance(item, Block):
            blocks.append(item)
        elif isinstance(item, Attribute):
            if item.name in attributes:
                raise Fault(
                    item.start,
                    "Argument set twice",
                    "Each argument may be set only once in a block; this one is set further up already.",
                    "Remove one of the two.",
                )
            attributes[item.name] = item
    return Body(start, end, attributes, blocks)


def _names(items: list[Any]) -> tuple[str | None, str]:
    names = [item.value for item in items if isinstance(item, Token) and item.type == "NAME"]
    return (names[0], names[1]) if len(names) == 2 else (None, names[0])


def _sequence(kind: str, items: list[Any]) -> Sequence:
    strips = (items[1].type == "STRIP_START" if isinstance(items[1], Token) else False, _strips_after(items))
    expr = next((item for item in items if isinstance(item, Expr)), None)
    names = _names(items) if kind == "for" else (None, "")
    return Sequence(*_span(items), kind, strips, expr, names)


def _strips_after(items: list[Any]) -> bool:
    return isinstance(items[-2], Token) and items[-2].type == "STRIP_END"


def parse_number(text: str, offset: int) -> int | float:
    """A number without sign as HCL and JSON write it; an integral one is an int. Raises Fault for what is out of
    Terraform's range."""
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > 400 or len(exponent) > 4 or abs(int(exponent or "0")) > 300:
        raise Fault(offset, "Number out of range", "This number has more digits than Terraform keeps.")
    if "." not in mantissa and not exponent:
        return int(mantissa)
    from decimal import Decimal

    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else float(exact)
