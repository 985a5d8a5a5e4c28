"""Tokens, and what is wrong with a text.

The names of the tokens are those of the grammar (`grammar`).
"""

from __future__ import annotations

MAX_DEPTH = 250
"""How deep expressions and blocks may be nested, operators in a row included."""

OPERATORS = {
    "==": "DOUBLE_EQ",
    "!=": "NEQ",
    "<=": "LEQ",
    ">=": "GEQ",
    "<": "LT",
    ">": "GT",
    "&&": "DOUBLE_AMP",
    "||": "DOUBLE_PIPE",
    "=>": "FOR_OBJECT_ARROW",
    "...": "ELLIPSIS",
    "::": "COLONS",
    ".": "DOT",
    ",": "COMMA",
    "*": "ASTERISK",
    "/": "SLASH",
    "%": "PERCENT",
    "+": "PLUS",
    "-": "MINUS",
    "=": "EQ",
    "!": "NOT",
    "?": "QMARK",
    ":": "COLON",
}
NESTING = frozenset(["==", "!=", "<=", ">=", "<", ">", "&&", "||", "*", "/", "%", "+", "-", "!", "?"])
OPENERS = {"(": "LPAR", "[": "LSQB", "{": "LBRACE"}
CLOSERS = {")": "RPAR", "]": "RSQB", "}": "RBRACE", "~}": "RBRACE"}
OPERANDS = frozenset({"NAME", "NUMBER", "DBLQUOTE_END", "HEREDOC_END", "RPAR", "RSQB", "RBRACE", "SPLAT", "ATTR_SPLAT"})
DIRECTIVES = {"if": "IF", "else": "ELSE", "endif": "ENDIF", "for": "FOR", "endfor": "ENDFOR"}


class Fault(Exception):
    """What is wrong with the text, and where (an offset). The words never quote the text."""

    def __init__(self, offset: int, summary: str, detail: str, hint: str = "") -> None:
        super().__init__(summary)
        self.offset = offset
        self.summary = summary
        self.detail = detail
        self.hint = hint


class Token:
    """One token: its name in the grammar, its span as offsets, and its text (of strings: what the escapes mean)."""

    __slots__ = ("end", "start", "type", "value")

    def __init__(self, type: str, start: int, end: int, value: str = "") -> None:
        self.type = type
        self.start = start
        self.end = end
        self.value = value

    def __repr__(self) -> str:
        return f"{self.type}[{self.start}:{self.end}]"
