"""What the embedded engine's parser cannot take, found in the text before it is parsed."""

from __future__ import annotations

import re

from srmcheck.diagnostics import Diagnostic
from srmcheck.engine.lint.faults import FAULTS

MAX_COLUMNS = 1024
MAX_NESTING = 12
"""How deep brackets may nest: the parser needs twice as long for every further level (0.2 s for 12, 3 s for 16)."""

_TOKENS = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*|[\[\]{}\n]')


def unfit_text(text: str, file: str) -> Diagnostic | None:
    """The fault of a text that must not be parsed, or None."""
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) + 3 * line.count("\t") >= MAX_COLUMNS:  # the parser counts a tab as four
            return _fault("line", file, number, f"This line has more than {MAX_COLUMNS} columns.")
    depth = 0
    line_number = 1
    for match in _TOKENS.finditer(text):
        token = match[0]
        line_number += token.count("\n")
        if token in ("[", "{"):
            depth += 1
            if depth > MAX_NESTING:
                return _fault("nesting", file, line_number, f"Brackets are nested more than {MAX_NESTING} deep here.")
        elif token in ("]", "}"):
            depth -= 1
    return None


def _fault(name: str, file: str, line: int, detail: str) -> Diagnostic:
    summary, hint = FAULTS[name]
    return Diagnostic(summary=summary, file=file, line=line, detail=detail, hint=hint)
