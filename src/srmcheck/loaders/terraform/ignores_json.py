"""Ignores under the `//` keys of a `.tf.json` file: each covers the object that it stands in (docs: suppressions)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from srmcheck.diagnostics import Diagnostic
from srmcheck.suppress.directive import MARK, Fault, directive_text, parse_directive
from srmcheck.suppress.marks import ANY_CALL, NO_IGNORES, Ignores, Mark, Position, fault_at, ignores

if TYPE_CHECKING:
    from srmcheck.loaders.terraform.hcl.json_syntax import _Value

_KEY = "//"


def terraform_json_ignores(text: str, file: str) -> Ignores:
    """The ignores of a `.tf.json` file, which is called `file` in findings; none of a file that is no JSON."""
    if MARK not in text:
        return NO_IGNORES
    from srmcheck.loaders.terraform.hcl.json_syntax import read_json_value
    from srmcheck.loaders.terraform.hcl.tokens import Fault as SyntaxFault

    text = text.removeprefix("\ufeff")
    try:
        root = read_json_value(text)
    except (SyntaxFault, RecursionError):
        return NO_IGNORES
    return ignores(_marks(root, text, file))


def _marks(root: _Value, text: str, file: str) -> Iterator[Mark | Diagnostic]:
    lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(offset: int) -> Position:
        line = bisect_right(lines, offset)
        return line, offset - lines[line - 1] + 1

    # Each value with where its key begins, and the keys that lead to it.
    stack: list[tuple[_Value, int, tuple[str, ...]]] = [(root, root.start, ())]
    while stack:
        value, begin, keys = stack.pop()
        if value.kind == "array":
            several = len(value.elements()) > 1
            stack.extend((item, item.start if several else begin, keys) for item in reversed(value.elements()))
        if value.kind != "object":
            continue
        members = value.members()
        stack.extend((item, start, (*keys[:2], name)) for name, start, item in reversed(members) if name != _KEY)
        for name, _, item in members:
            if name != _KEY:
                continue
            for comment in item.elements() if item.kind == "array" else (item,):
                said = directive_text(str(comment.content)) if comment.kind == "string" else None
                if said is None:
                    continue
                found = parse_directive(said) if isinstance(said, str) else said
                line, column = at(comment.start)
                if isinstance(found, Fault):
                    yield fault_at(found, file, line, column)
                    continue
                yield Mark(file, line, column, found, at(begin), at(value.end), _module(keys))


def _module(keys: tuple[str, ...]) -> str | None:
    """The module call whose object the keys lead to; any below the file as a whole or all its calls."""
    if not keys or keys == ("module",):
        return ANY_CALL
    return keys[1] if len(keys) == 2 and keys[0] == "module" else None
