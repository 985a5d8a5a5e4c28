"""What is wrong with a text, in words of our own that never quote it."""

from __future__ import annotations

from srmcheck.loaders.terraform.hcl.tokens import Fault, Token

_FRAMES = {
    "body": ("block", "}"),
    "object": ("object", "}"),
    "for": ("for expression", "]"),
    "bracket": ("list or index", "]"),
    "paren": ("parenthesis", ")"),
    "interpolation": ("interpolation", "}"),
    "directive": ("template directive", "}"),
    "quote": ("string", '"'),
    "heredoc": ("heredoc", "end marker"),
}


def unclosed(kind: str, start: int, brace: bool) -> Fault:
    """A bracket that nothing closes; `brace` if it is one of a for expression in braces."""
    name, closer = _FRAMES[kind]
    closer = "}" if brace else closer
    return Fault(
        start,
        f"Unclosed {name}",
        f"No {closer} closes this {name} before the end of the file.",
        f"Add the missing {closer}, or look for brackets that do not match further down.",
    )


def misplaced(kind: str | None, bracket: str, start: int, brace: bool) -> Fault:
    """A closing bracket that does not fit what is open (`kind` None: nothing is)."""
    if kind is None:
        return Fault(start, "Unexpected closing bracket", f"No bracket is open that {bracket} could close.")
    name, closer = _FRAMES[kind]
    closer = "}" if brace else closer
    return Fault(
        start,
        "Brackets do not match",
        f"Expected {closer} to close the {name} before this {bracket}.",
        f"Add the missing {closer}.",
    )


def bad_character(text: str, pos: int) -> Fault:
    """A character that begins no token."""
    while pos < len(text) and text[pos] in " \t":
        pos += 1
    character = text[pos : pos + 1]
    if character == "'":
        return Fault(pos, "Invalid character", "Single quotes are not valid.", 'Use double quotes (").')
    if character in "&|":
        return Fault(pos, "Unsupported operator", f"Expected {character * 2}.", f"Write {character * 2}.")
    if character == ";":
        return Fault(pos, "Invalid character", "Semicolons are not valid.", "Use a newline.")
    return Fault(pos, "Invalid character", "This character is not used within the language.")


_PHRASES = (
    (frozenset({"NUMBER", "LPAR", "DBLQUOTE", "LSQB"}), "an expression"),
    (frozenset({"NL_OR_COMMENT"}), "a newline"),
    (frozenset({"$END"}), "the end of the file"),
    (frozenset({"EQ"}), "="),
    (frozenset({"COLON"}), ":"),
    (frozenset({"COMMA"}), "a comma"),
    (frozenset({"LBRACE"}), "{"),
    (frozenset({"RBRACE"}), "}"),
    (frozenset({"RPAR"}), ")"),
    (frozenset({"RSQB"}), "]"),
    (frozenset({"FOR_OBJECT_ARROW"}), "=>"),
    (frozenset({"IN"}), "in"),
    (frozenset({"NAME"}), "a name"),
    (frozenset({"PLUS", "DOUBLE_AMP"}), "an operator"),
)
_FOUND = {
    "NAME": "a name",
    "NUMBER": "a number",
    "DBLQUOTE": "a string",
    "STRING_CHARS": "text",
    "NL_OR_COMMENT": "the end of the line",
    "$END": "the end of the file",
    "HEREDOC": "a heredoc",
    "HEREDOC_TRIM": "a heredoc",
    "EQ": "=",
    "COLON": ":",
    "COMMA": "a comma",
    "LBRACE": "{",
    "RBRACE": "}",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
}


def unexpected(token: Token, expected: set[str]) -> Fault:
    """The parser's complaint in words of our own."""
    wanted: list[str] = []
    rest = set(expected)
    for names, phrase in _PHRASES:
        if names <= rest:
            wanted.append(phrase)
            if phrase == "an expression":
                rest -= {"NAME", "LBRACE", "LSQB", "LPAR"}
    if not wanted:
        wanted = ["something else"]
    found = _FOUND.get(token.type, "an operator or keyword")
    detail = f"Expected {' or '.join(wanted)}, but found {found}."
    hint = ""
    if token.type == "COMMA" and "a newline" in wanted:
        hint = "Arguments end with a newline, not with a comma."
    elif token.type == "COLON" and "}" in wanted:
        hint = "If this text is meant for another language, write ${ as $${."
    elif "a newline" in wanted and found != "the end of the line":
        hint = "Put each argument and each block on a line of its own."
    summary = "Unexpected end of file" if token.type == "$END" else "Invalid syntax"
    return Fault(token.start, summary, detail, hint)
