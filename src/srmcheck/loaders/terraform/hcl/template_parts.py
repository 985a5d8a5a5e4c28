"""The parts of a string, heredoc or template file to one expression: `~`, indentation of `<<-`, directives.

Source: github.com/hashicorp/hcl, hclsyntax/parser_template.go
"""

from __future__ import annotations

import unicodedata

from srmcheck.loaders.terraform.hcl.syntax import (
    Conditional,
    Expr,
    Literal,
    Syntax,
    Template,
    TemplateFor,
    Wrapped,
)
from srmcheck.loaders.terraform.hcl.tokens import MAX_DEPTH, Fault, Token


class Sequence(Syntax):
    """`${...}` or `%{...}`. `kind` is interpolation, if, else, endif, for or endfor."""

    __slots__ = ("expr", "kind", "names", "strip_after", "strip_before")

    def __init__(
        self,
        start: int,
        end: int,
        kind: str,
        strips: tuple[bool, bool],
        expr: Expr | None = None,
        names: tuple[str | None, str] = (None, ""),
    ) -> None:
        super().__init__(start, end)
        self.kind = kind
        self.strip_before, self.strip_after = strips
        self.expr = expr
        self.names = names


Part = Literal | Sequence


def normalized(text: str) -> str:
    """Text as Terraform holds it: Unicode NFC."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def quoted(start: int, end: int, items: list[Token | Sequence]) -> Expr:
    """The expression of a quoted string."""
    if not items:
        return Literal(start, end, "")
    if len(items) == 1 and isinstance(items[0], Token):
        return Literal(start, end, normalized(items[0].value))
    return _assemble(start, end, _trimmed(items))


def heredoc(start: int, end: int, items: list[Token | Sequence], flush: bool) -> Expr:
    """The expression of a heredoc; `flush` for `<<-`, which takes the common indentation away."""
    parts = _trimmed(items)
    if flush:
        _flush(parts)
    return _assemble(start, end, parts)


def _trimmed(items: list[Token | Sequence]) -> list[Part]:
    """Literals and sequences, with the white space that `~` eats gone."""
    parts: list[Part] = []
    trim_next = False
    for item in items:
        if isinstance(item, Token):
            value = item.value.lstrip() if trim_next else item.value
            trim_next = False
            parts.append(Literal(item.start, item.end, value))
            continue
        if item.strip_before and parts and isinstance(before := parts[-1], Literal):
            before.value = str(before.value).rstrip()
        trim_next = item.strip_after
        parts.append(item)
    return parts


def _flush(parts: list[Part]) -> None:
    """Take the indentation away that all lines share; blank lines do not count, and `~` can hide a line's start."""
    least: int | None = None
    adjust: list[Literal] = []
    line_start = True
    for part in parts:
        if isinstance(part, Literal):
            value = str(part.value)
            if line_start:
                line_start = False
                stripped = value.lstrip()
                if stripped or not value.endswith("\n"):
                    spaces = len(value) - len(stripped)
                    least = spaces if least is None else min(least, spaces)
                    adjust.append(part)
            if value.endswith("\n"):
                line_start = True
        elif line_start:
            line_start = False
            least = 0
    for part in adjust:
        part.value = str(part.value)[least or 0 :]


def _assemble(start: int, end: int, parts: list[Part]) -> Expr:
    if len(parts) == 1 and isinstance(only := parts[0], Sequence) and only.kind == "interpolation":
        assert only.expr is not None
        return Wrapped(start, end, only.expr)
    exprs = _Directives(parts).run()
    if len(exprs) == 1 and isinstance(single := exprs[0], Literal):
        return Literal(start, end, single.value)
    if not exprs:
        return Literal(start, end, "")
    return Template(start, end, exprs)


class _Open:
    """A directive that is not closed yet. `then` is set from `else` on."""

    __slots__ = ("content", "directive", "then")

    def __init__(self, directive: Sequence | None) -> None:
        self.directive = directive
        self.content: list[Expr] = []
        self.then: list[Expr] | None = None


class _Directives:
    """Pairs if, else, endif, for and endfor."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self.stack = [_Open(None)]

    def run(self) -> list[Expr]:
        for part in self.parts:
            content = self.stack[-1].content
            if isinstance(part, Literal):
                self._literal(content, part)
            elif part.kind == "interpolation":
                assert part.expr is not None
                content.append(part.expr)
            elif part.kind in ("if", "for"):
                if len(self.stack) > MAX_DEPTH // 4:
                    raise Fault(part.start, "Nesting too deep", "Too many template directives inside each other.")
                self.stack.append(_Open(part))
            else:
                self._close(part)
        last = self.stack[-1].directive
        if last is not None:
            raise Fault(
                last.start,
                "Unclosed template directive",
                f"No end{last.kind} closes this {last.kind} directive.",
                f"Add %{{ end{last.kind} }}.",
            )
        return self.stack[0].content

    @staticmethod
    def _literal(content: list[Expr], part: Literal) -> None:
        value = normalized(str(part.value))
        if content and isinstance(before := content[-1], Literal) and isinstance(before.value, str):
            content[-1] = Literal(before.start, part.end, before.value + value)
        else:
            content.append(Literal(part.start, part.end, value))

    def _close(self, part: Sequence) -> None:
        opened = self.stack[-1]
        directive = opened.directive
        fits = directive is not None and (
            (part.kind == "else" and directive.kind == "if" and opened.then is None)
            or part.kind == f"end{directive.kind}"
        )
        if directive is None or not fits:
            raise Fault(
                part.start,
                f"Unexpected {part.kind} directive",
                "The template directives are unbalanced.",
                "Look for a missing if, for, endif or endfor.",
            )
        if part.kind == "else":
            opened.then = opened.content
            opened.content = []
            return
        self.stack.pop()
        assert directive.expr is not None
        start, end = directive.start, part.end
        body = Template(directive.end, part.start, opened.content)
        if directive.kind == "for":
            self.stack[-1].content.append(TemplateFor(start, end, directive.names, directive.expr, body))
            return
        then = body
        otherwise = Template(part.start, part.start, [])
        if opened.then is not None:
            stop = opened.then[-1].end if opened.then else directive.end
            then, otherwise = Template(directive.end, stop, opened.then), Template(stop, part.start, opened.content)
        self.stack[-1].content.append(Conditional(start, end, directive.expr, then, otherwise))
