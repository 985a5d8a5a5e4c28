"""The part of regular expressions that Go (OPA) and Rust (regorus) read alike.

Left out: the classes \\w \\d \\s \\b and their opposites (ASCII in one, Unicode in the other), Unicode and POSIX classes, set
operations in brackets, named groups, flags but a leading (?i), and every escape of a letter or digit but \\n, \\r, \\t.
"""

from __future__ import annotations

import re

MAX_LENGTH = 1000
MAX_REPEAT = 100

_ESCAPED = frozenset("nrt") | frozenset(r"\.+*?()|[]{}^$-/&~#:,;=<>@!%\"'`_ ")
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}", re.ASCII)


def fault_of(pattern: str) -> str | None:
    """What makes a pattern one that the engines may read differently, or None."""
    if len(pattern) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH} characters"
    at = 4 if pattern.startswith("(?i)") else 0
    if at and not pattern.isascii():
        return "(?i) with letters beyond ASCII"
    depth = 0
    repeatable = False
    while at < len(pattern):
        char = pattern[at]
        width = 1
        if char == "\\":
            if pattern[at + 1 : at + 2] not in _ESCAPED or at + 1 == len(pattern):
                return f"the escape \\{pattern[at + 1 : at + 2]}"
            width, repeatable = 2, True
        elif char == "[":
            fault, width = _class(pattern, at)
            if fault:
                return fault
            repeatable = True
        elif char == "(":
            depth += 1
            if pattern.startswith("(?", at):
                if not pattern.startswith("(?:", at):
                    return "a group with flags, a name or a look-around"
                width = 3
            repeatable = False
        elif char == ")":
            depth -= 1
            if depth < 0:
                return "a bracket that was not opened"
            repeatable = True
        elif char in "*+?":
            if not repeatable:
                return f"{char} with nothing to repeat"
            repeatable = False
            if pattern[at + 1 : at + 2] == "?":
                width = 2
        elif char == "{":
            match = _REPEAT.match(pattern, at)
            if match is None or not repeatable:
                return "{ that is no repetition (write [{])"
            low, high = int(match[1]), int(match[2] or match[1])
            if max(low, high) > MAX_REPEAT or high < low:
                return f"a repetition of more than {MAX_REPEAT}, or from more to less"
            width, repeatable = len(match[0]), False
            if pattern[at + width : at + width + 1] == "?":
                width += 1
        elif char == "}" or char == "]":
            return f"{char} that closes nothing (write [{char}])" if char == "}" else "] that closes nothing"
        else:
            repeatable = char not in "^$|"
        at += width
    return "a bracket that is not closed" if depth else None


def _class(pattern: str, start: int) -> tuple[str | None, int]:
    """A bracket expression that starts at `start`: its fault or None, and its length."""
    at = start + 1
    if pattern[at : at + 1] == "^":
        at += 1
    first = True
    while at < len(pattern):
        char = pattern[at]
        if char == "]":
            return ("an empty class" if first else None), at + 1 - start
        if char == "[" or pattern[at : at + 2] in ("&&", "--", "~~"):
            return f"{pattern[at : at + 2]} in a class", 0
        if char == "\\":
            if pattern[at + 1 : at + 2] not in _ESCAPED or at + 1 == len(pattern):
                return f"the escape \\{pattern[at + 1 : at + 2]}", 0
            at += 1
        first = False
        at += 1
    return "a class that is not closed", 0
