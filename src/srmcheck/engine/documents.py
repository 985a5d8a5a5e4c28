"""The bounds of what is fed to an engine. Neither engine bounds itself, and one ends the process when it overflows."""

from __future__ import annotations

import re

from srmcheck.diagnostics import Diagnostic

MAX_BYTES = 4 * 1024 * 1024
"""The largest input document, in bytes. A batch for an OPA server (8 MiB) holds any document."""

MAX_DEPTH = 100
"""How deep a document may nest. The embedded engine refuses 128 levels; an OPA server nests it once more."""

_TEXTS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_PAIRS = re.compile(rb"\[\]|\{\}")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def beyond_bounds(document: bytes, label: str) -> Diagnostic | None:
    """What to say of a document beyond MAX_BYTES or MAX_DEPTH, None of any other; `label` names the resource.

    The document is JSON; no more than its brackets is looked at.
    """
    if len(document) > MAX_BYTES:
        return Diagnostic(
            summary="Resource is too large to evaluate",
            detail=f"The input document of {label} has {len(document)} bytes; {MAX_BYTES} are allowed.",
            hint="Split the resource, or move its long texts out of the template.",
        )
    if document.count(b"[") + document.count(b"{") > MAX_DEPTH and _deeper(document, MAX_DEPTH):
        return Diagnostic(
            summary="Resource is nested too deeply to evaluate",
            detail=f"The input document of {label} nests more than {MAX_DEPTH} levels.",
            hint="Flatten the property, or move it out of the template.",
        )
    return None


def _deeper(document: bytes, levels: int) -> bool:
    """Whether the brackets nest more than `levels` deep: each turn takes the innermost pairs away."""
    brackets = _TEXTS.sub(b"", document).translate(None, _NOT_BRACKETS)
    for _ in range(levels):
        if not brackets:
            return False
        brackets = _PAIRS.sub(b"", brackets)
    return bool(brackets)
