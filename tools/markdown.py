"""Text for Markdown pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_CODE = re.compile(r"(`[^`]+`)")
_SPECIAL = re.compile(r"([\\*<>\[\]|~]|(?<!\w)_|_(?!\w))")


def escaped(text: str) -> str:
    """Text with nothing in it that Markdown takes for markup; what stands in backticks is code."""
    parts = _CODE.split(text)
    return "".join(part.replace("|", "\\|") if part.startswith("`") else _SPECIAL.sub(r"\\\1", part) for part in parts)


def code(text: str) -> str:
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    return ", ".join(code(text) for text in texts)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of a table; cells are Markdown."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return lines + [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]


def block(language: str, text: str) -> list[str]:
    """Lines of a code block."""
    return [f"```{language}", *text.rstrip("\n").split("\n"), "```"]
