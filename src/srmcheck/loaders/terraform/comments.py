"""The comments of a `.tf` file, and the brackets around them: what looks like one in a string or heredoc is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from srmcheck.loaders.terraform.outline import IN_EXPRESSION, IN_STRING, MOST_DEPTH, OPENERS, heredoc_end


@dataclass(frozen=True, slots=True)
class Comments:
    """`ends` maps the offset of each comment to its end (of a line comment, that of its line); `openers` the offset of
    each closing bracket to that of the bracket that it closes."""

    ends: Mapping[int, int]
    openers: Mapping[int, int]


def comments(text: str) -> Comments:
    """All comments of a file. It never fails: what is no HCL has whatever looks like comments."""
    ends: dict[int, int] = {}
    openers: dict[int, int] = {}
    stack: list[tuple[str, int]] = []
    quotes = 0  # strings that are open, with what stands in their templates
    position = 0
    length = len(text)
    while len(stack) <= MOST_DEPTH:
        in_string = bool(stack) and stack[-1][0] == '"'
        match = (IN_STRING if in_string else IN_EXPRESSION).search(text, position)
        if match is None:
            break
        token, start = match[0], match.start()
        position = match.end()
        if in_string:
            if token in ('"', "\n"):  # a string does not go over the end of a line
                stack.pop()
                quotes -= 1
            elif token in ("${", "%{"):
                stack.append(("}", start))
        elif token in ("#", "//"):
            newline = text.find("\n", position)
            position = length if newline < 0 else newline
            if not quotes:
                ends[start] = position - text.endswith("\r", start, position)
        elif token == "/*":
            close = text.find("*/", position)
            position = length if close < 0 else close + 2
            if not quotes:
                ends[start] = position
        elif token == '"':
            stack.append(('"', start))
            quotes += 1
        elif token in OPENERS:
            stack.append((OPENERS[token], start))
        elif token in ("}", "]", ")"):
            if stack and stack[-1][0] == token:
                openers[start] = stack.pop()[1]
        elif token != "\n":
            position = heredoc_end(text, position, match[1])
    return Comments(ends, openers)
