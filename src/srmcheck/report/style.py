"""Text for terminals: colours, wrapping, and the cleaning of what comes from a template."""

from __future__ import annotations

import re

_CODES = {
    "bold": "1",
    "dim": "2",
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "fail": "31",
    "pass": "32",
    "unknown": "35",
    "error": "1;31",
}

# Control characters, and marks that reorder what follows them: they would let a template write on the terminal.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
# On the start path `textwrap` would cost more than it gives.
_LINE = re.compile(r"\S+")


def clean(text: str) -> str:
    """`text` on one line with unsafe characters shown as escapes (`\\x1b`), tabs as spaces."""
    if text.isprintable():
        return text
    return _UNSAFE.sub(_escaped, text.replace("\t", "    "))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code == 10:
        return "\\n"
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """`text` in lines of at most `width` columns; a word that is longer has a line of its own. `first` starts the first
    line, `rest` the others (as many spaces as `first` is long, if None)."""
    if rest is None:
        rest = " " * len(first)
    lines: list[str] = []
    line = first
    empty = True
    for word in _LINE.findall(clean(text)):
        if not empty and len(line) + 1 + len(word) > width:
            lines.append(line)
            line, empty = rest, True
        line = line + word if empty else f"{line} {word}"
        empty = False
    lines.append(line)
    return lines


class Style:
    """Paints words if `colour` is on."""

    __slots__ = ("colour",)

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def __call__(self, name: str, text: str) -> str:
        """`text` in the style called `name` ("bold", "dim", a severity, a verdict, "error")."""
        return f"\x1b[{_CODES[name]}m{text}\x1b[0m" if self.colour else text


def columns(text: str) -> int:
    """How many columns of a terminal `text` takes: wide East Asian characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    import unicodedata

    total = 0
    for character in text:
        if not unicodedata.combining(character):
            total += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return total


def count(number: int, singular: str, plural: str | None = None) -> str:
    """ "1 check", "2 checks"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(items: list[str], most: int) -> str:
    """The first `most` items, and how many more there are."""
    shown = ", ".join(items[:most])
    more = len(items) - most
    return f"{shown} and {more:,} more" if more > 0 else shown
