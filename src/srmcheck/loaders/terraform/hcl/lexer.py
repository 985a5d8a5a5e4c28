"""HCL text to tokens, as HashiCorp's scanner cuts them.

python-hcl2's own terminals lose text in silence and need a blank where HCL does not, so its grammar is fed from here: a
stack of brackets says where newlines count, where a template begins, and which names are keywords. Offsets are those of
the text, so every span is exact, in heredocs too. The stack and the operators that are open on it are bounded: whatever
comes out can be walked by recursion.

Source: github.com/hashicorp/hcl, hclsyntax/scan_tokens.rl and spec.md
"""

from __future__ import annotations

import re
from functools import lru_cache

from srmcheck.loaders.terraform.hcl import faults
from srmcheck.loaders.terraform.hcl.tokens import (
    CLOSERS,
    DIRECTIVES,
    MAX_DEPTH,
    NESTING,
    OPENERS,
    OPERANDS,
    OPERATORS,
    Fault,
    Token,
)

_NAME = r"[^\W\d][\w\u0300-\u036f\u200c\u200d\-]*"
_MAIN = re.compile(
    rf"""[ \t]*(?:
    (?P<name>{_NAME})
    |(?P<newline>\r?\n)
    |(?P<quote>")
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<comment>(?:\#|//)[^\n]*(?:\n|\Z))
    |(?P<block_comment>/\*)
    |(?P<heredoc><<(?P<flush>-?)(?P<marker>{_NAME})\r?\n)
    |(?P<close>[\])}}]|~\}})
    |(?P<open>[\[({{])
    |(?P<operator>==|!=|<=|>=|&&|\|\||=>|\.\.\.|::|[.,*/%+\-=<>!?:])
    |(?P<end>\Z)
    )""",
    re.VERBOSE,
)
_AFTER_DOT = re.compile(rf"[ \t]*(?:(?P<name>{_NAME})|(?P<index>\d+))")
_SPLAT = re.compile(r"\[\s*\*\s*\]")
_ATTR_SPLAT = re.compile(r"\.[ \t]*\*")
_FOR = re.compile(r"(?:\s|\#[^\n]*\n|//[^\n]*\n|/\*[\s\S]*?\*/)*for(?![\w\-])")
_QUOTED = re.compile(r'[^"\\$%\r\n]+|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{)')
_ESCAPE = re.compile(r"\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class _Frame:
    """An open bracket. `kind` is body, object, for, bracket, paren, interpolation, directive, quote or heredoc."""

    __slots__ = ("intro", "kind", "marker", "newlines", "start", "value", "weight")

    def __init__(self, kind: str, start: int, marker: str = "") -> None:
        self.kind = kind
        self.start = start
        self.marker = marker
        self.newlines = kind in ("body", "object")
        self.intro = False  # between "for" and "in"
        self.value = False  # in a body: behind "="
        self.weight = 0  # operators that are open at this level


@lru_cache(maxsize=256)
def _heredoc_pattern(marker: str) -> re.Pattern[str]:
    return re.compile(rf"\$\$\{{|%%\{{|\$\{{|%\{{|^[^\S\n]*{re.escape(marker)}(?=[^\S\n]*\n)", re.MULTILINE)


class Lexer:
    """Cuts `text` into tokens, `template` True if it is a template (a file for templatefile) and no configuration."""

    def __init__(self, text: str, *, template: bool = False, expression: bool = False) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.stack = [_Frame("paren" if expression else "body", 0)]
        self.depth = 0
        if template:
            self.stack.append(_Frame("heredoc", 0))

    def run(self) -> list[Token]:
        """All tokens, the last one `$END`. Raises Fault; `tokens` then holds what came before."""
        pos = 0
        while pos >= 0:
            kind = self.stack[-1].kind
            if kind == "quote":
                pos = self._quoted(pos)
            elif kind == "heredoc":
                pos = self._heredoc(pos)
            else:
                pos = self._main(pos)
        return self.tokens

    def _push(self, frame: _Frame) -> None:
        self.stack.append(frame)
        self._deepen(frame.start, 1)

    def _pop(self) -> None:
        frame = self.stack.pop()
        self.depth -= 1 + frame.weight

    def _deepen(self, offset: int, by: int) -> None:
        self.depth += by
        if self.depth > MAX_DEPTH:
            raise Fault(
                offset,
                "Nesting too deep",
                f"Expressions and blocks may be nested up to {MAX_DEPTH} levels, operators in a row included.",
                "Split the expression with locals.",
            )

    def _main(self, pos: int) -> int:
        """Tokens of an expression or body, until a template begins or ends, or the text does (-1)."""
        text, tokens, stack = self.text, self.tokens, self.stack
        match = _MAIN.match
        frame = stack[-1]
        add = tokens.append
        while True:
            found = match(text, pos)
            if found is None:
                raise faults.bad_character(text, pos)
            kind = found.lastgroup or "end"
            start, pos = found.start(kind), found.end()
            if kind == "name":
                add(Token(self._keyword(frame, name := found.group(kind)), start, pos, name))
            elif kind == "newline" or kind == "comment":
                if frame.newlines:
                    if kind == "comment" and text[pos - 1] != "\n":
                        continue
                    frame.value = False
                    if frame.weight:
                        self.depth -= frame.weight
                        frame.weight = 0
                    if tokens and tokens[-1].type != "NL_OR_COMMENT":
                        add(Token("NL_OR_COMMENT", start, pos))
            elif kind == "operator":
                pos = self._operator(frame, found.group(kind), start, pos)
            elif kind == "quote":
                add(Token("DBLQUOTE", start, pos))
                self._push(_Frame("quote", start))
                return pos
            elif kind == "number":
                add(Token("NUMBER", start, pos, found.group(kind)))
            elif kind == "open":
                frame = self._open(frame, found.group(kind), start, pos)
                if frame.kind == "splat":
                    frame = stack[-1]
                    pos = tokens[-1].end
            elif kind == "close":
                template_ended = self._close(frame, found.group(kind), start, pos)
                frame = stack[-1]
                if template_ended:
                    return pos
            elif kind == "heredoc":
                add(Token("HEREDOC_TRIM" if found.group("flush") else "HEREDOC", start, pos))
                self._push(_Frame("heredoc", start, found.group("marker")))
                return pos
            elif kind == "block_comment":
                closed = text.find("*/", pos)
                if closed < 0:
                    raise Fault(start, "Unterminated comment", "No */ closes this comment.", "Add */.")
                pos = closed + 2
            else:
                return self._finish(frame, start)

    def _keyword(self, frame: _Frame, name: str) -> str:
        """The token type of a name: NAME, or a keyword where HCL reads one."""
        kind = frame.kind
        if kind == "body" or kind == "object" or not self.tokens:
            return "NAME"
        before = self.tokens[-1].type
        if kind == "directive" and before in ("DIRECTIVE_START", "STRIP_START"):
            keyword = DIRECTIVES.get(name, "NAME")
            if keyword == "FOR":
                frame.intro = True
            return keyword
        if frame.intro:
            if name == "in" and before == "NAME":
                frame.intro = False
                return "IN"
        elif kind == "for":
            if name == "for" and self.tokens[-1].end <= frame.start + 1:
                frame.intro = True
                return "FOR"
            if name == "if" and (before in OPERANDS or before == "ELLIPSIS"):
                return "IF"
        return "NAME"

    def _operator(self, frame: _Frame, operator: str, start: int, end: int) -> int:
        text = self.text
        if operator == ".":
            splat = _ATTR_SPLAT.match(text, start)
            if splat:
                self._deepen(start, 1)
                frame.weight += 1
                self.tokens.append(Token("ATTR_SPLAT", start, splat.end()))
                return splat.end()
            self.tokens.append(Token("DOT", start, end))
            after = _AFTER_DOT.match(text, end)
            if after:
                index = after.lastgroup == "index"
                group = "index" if index else "name"
                self.tokens.append(
                    Token("INT_INDEX" if index else "NAME", after.start(group), after.end(), after.group(group))
                )
                return after.end()
            return end
        if operator in NESTING:
            frame.weight += 1
            self._deepen(start, 1)
        elif operator == ",":
            self.depth -= frame.weight
            frame.weight = 0
        elif operator == "=" and frame.kind == "body":
            frame.value = True
        self.tokens.append(Token(OPERATORS[operator], start, end))
        return end

    def _open(self, frame: _Frame, bracket: str, start: int, end: int) -> _Frame:
        if bracket == "[" and self.tokens and self.tokens[-1].type in OPERANDS:
            splat = _SPLAT.match(self.text, start)
            if splat:
                self._deepen(start, 1)
                frame.weight += 1
                self.tokens.append(Token("SPLAT", start, splat.end()))
                return _Frame("splat", start)
        if bracket == "(":
            kind = "paren"
        elif bracket == "[":
            kind = "for" if _FOR.match(self.text, end) else "bracket"
        elif frame.kind == "body" and not frame.value:
            kind = "body"
        else:
            kind = "for" if _FOR.match(self.text, end) else "object"
        self.tokens.append(Token(OPENERS[bracket], start, end))
        opened = _Frame(kind, start)
        self._push(opened)
        return opened

    def _close(self, frame: _Frame, bracket: str, start: int, end: int) -> bool:
        """Close the innermost bracket; True if that ends an interpolation or directive."""
        kind = frame.kind
        template = kind in ("interpolation", "directive")
        if bracket in ("}", "~}"):
            fits = template or (bracket == "}" and (kind in ("object", "body") or self._is_brace(frame)))
        elif bracket == "]":
            fits = kind == "bracket" or (kind == "for" and not self._is_brace(frame))
        else:
            fits = kind == "paren"
        if not fits or len(self.stack) == 1:
            raise faults.misplaced(kind if len(self.stack) > 1 else None, bracket, start, self._is_brace(frame))
        if bracket == "~}":
            self.tokens.append(Token("STRIP_END", start, start + 1))
            start += 1
        self.tokens.append(Token(CLOSERS[bracket], start, end))
        self._pop()
        return template

    def _is_brace(self, frame: _Frame) -> bool:
        return frame.kind == "for" and self.text[frame.start] == "{"

    def _quoted(self, pos: int) -> int:
        """The parts of a quoted template up to its end or to an interpolation or directive."""
        text = self.text
        start = pos
        pieces: list[str] = []
        while found := _QUOTED.match(text, pos):
            piece = found.group()
            if piece[0] == "\\":
                piece, pos = self._escape(pos)
                pieces.append(piece)
                continue
            pieces.append(piece[1:] if len(piece) == 3 and piece[2] == "{" and piece[0] in "$%" else piece)
            pos = found.end()
        if pieces:
            self.tokens.append(Token("STRING_CHARS", start, pos, "".join(pieces)))
        if pos >= len(text) or text[pos] in "\r\n\\":
            frame = self.stack[-1]
            if pos >= len(text):
                raise Fault(frame.start, "Unterminated string", "No quote closes this string.", 'Add the closing ".')
            raise Fault(
                pos,
                "Newline in a string",
                "A quoted string ends on the line on which it starts.",
                r"Close the quote, write \n, or use a heredoc (<<EOT).",
            )
        if text[pos] == '"':
            self.tokens.append(Token("DBLQUOTE_END", pos, pos + 1))
            self._pop()
            return pos + 1
        return self._begin_sequence(pos)

    def _escape(self, pos: int) -> tuple[str, int]:
        found = _ESCAPE.match(self.text, pos)
        assert found is not None
        simple, short, long, other = found.groups()
        if simple:
            return _ESCAPES[simple], found.end()
        code = int(short or long, 16) if short or long else -1
        if other is not None or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise Fault(
                pos,
                "Invalid escape sequence",
                r"A backslash in a quoted string begins one of \n, \r, \t, \", \\, \uNNNN and \UNNNNNNNN.",
                r"Write a backslash itself as \\.",
            )
        return chr(code), found.end()

    def _begin_sequence(self, pos: int) -> int:
        """At `${` or `%{`."""
        interpolation = self.text[pos] == "$"
        self.tokens.append(Token("INTERP_START" if interpolation else "DIRECTIVE_START", pos, pos + 2))
        self._push(_Frame("interpolation" if interpolation else "directive", pos))
        if self.text.startswith("~", pos + 2):
            self.tokens.append(Token("STRIP_START", pos + 2, pos + 3))
            return pos + 3
        return pos + 2

    def _heredoc(self, pos: int) -> int:
        """The literal parts of a heredoc (or of a template file), one token for each line, up to its end, an
        interpolation or a directive."""
        text = self.text
        frame = self.stack[-1]
        pattern = _heredoc_pattern(frame.marker) if frame.marker else _TEMPLATE
        start = pos
        literals: list[str] = []
        for found in pattern.finditer(text, pos):
            special = found.group()
            at = found.start()
            if special in ("$${", "%%{"):
                literals.append(text[pos:at] + special[1:])
                pos = found.end()
                continue
            if special[:2] in ("${", "%{"):
                self._lines(start, at, literals, pos)
                return self._begin_sequence(at)
            self._lines(start, at, literals, pos)
            self.tokens.append(Token("HEREDOC_END", at, found.end()))
            self._pop()
            return found.end()
        if not frame.marker:
            self._lines(start, len(text), literals, pos)
            self.tokens.append(Token("$END", len(text), len(text)))
            return -1
        raise Fault(
            frame.start,
            "Unterminated heredoc",
            "No line holds the end marker of this heredoc alone, followed by a newline.",
            "Put the marker on a line of its own.",
        )

    def _lines(self, start: int, end: int, literals: list[str], rest: int) -> None:
        """Add the literal text[start:end], whose value is `literals` and text[rest:end], as a token for each line."""
        literals.append(self.text[rest:end])
        value = "".join(literals)
        if start == end:
            return
        raw = self.text[start:end]
        if raw.count("\n") <= 1 and not raw[:-1].count("\n"):
            self.tokens.append(Token("STRING_CHARS", start, end, value))
            return
        offset = start
        for line, text_line in zip(value.split("\n"), raw.split("\n"), strict=True):
            last = offset + len(text_line) >= end
            stop = offset + len(text_line) + (0 if last else 1)
            if stop > offset:
                self.tokens.append(Token("STRING_CHARS", offset, stop, line if last else line + "\n"))
            offset = stop

    def _finish(self, frame: _Frame, pos: int) -> int:
        if len(self.stack) > 1:
            raise faults.unclosed(frame.kind, frame.start, self._is_brace(frame))
        self.tokens.append(Token("$END", pos, pos))
        return -1


_TEMPLATE = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
