"""Regular expressions: those that Python and RE2 read alike, within bounds of time.

RE2 takes linear time whatever the pattern; Python's does not. A pattern that could take long is not evaluated.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from srmcheck.loaders.terraform.hcl.convert import NotKnown
from srmcheck.loaders.terraform.hcl.partial import EvalError

MOST_WORK = 10_000_000
_QUANTIFIER = re.compile(r"[*+?]|\{\d*,?\d*\}")
_CLASSES = {
    "[:alnum:]": "0-9A-Za-z",
    "[:alpha:]": "A-Za-z",
    "[:digit:]": "0-9",
    "[:lower:]": "a-z",
    "[:upper:]": "A-Z",
    "[:space:]": r"\t\n\v\f\r ",
    "[:punct:]": r"!-/:-@\[-`{-~",
    "[:xdigit:]": "0-9A-Fa-f",
    "[:word:]": "0-9A-Za-z_",
}


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> tuple[re.Pattern[str], int, int]:
    """The pattern for Python, and how many repetitions and options are in it.

    Raises EvalError for what RE2 refuses, NotKnown for what would take too long or is read differently.
    """
    for name, members in _CLASSES.items():
        pattern = pattern.replace(name, members)
    pattern = pattern.replace(r"\z", r"\Z")
    if re.search(r"\\[1-9]|\\[pPQCK]|\(\?[=!<](?![\w]+>)|\(\?[a-zA-Z-]*[sUu]|\[\[:", pattern):
        raise NotKnown
    repeats, options = _work(pattern)
    try:
        compiled = re.compile(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        raise EvalError("Invalid regular expression", "The pattern cannot be parsed.") from None
    return compiled, repeats, options


def _work(pattern: str) -> tuple[int, int]:
    """How many repetitions stand beside each other, and how many options. Raises NotKnown for a repetition of what
    holds one, or an option: its time can grow without bound."""
    stack = [0]
    at = repeats = options = 0
    while at < len(pattern):
        character = pattern[at]
        inside = 0
        if character == "\\":
            at += 2
        elif character == "[":
            at = _class_end(pattern, at)
        elif character == "(":
            stack.append(0)
            at += 1
            continue
        elif character == ")" and len(stack) > 1:
            inside = stack.pop()
            stack[-1] += inside
            at += 1
        else:
            at += 1
            if character == "|":
                options += 1
                stack[-1] += 1
            if character in "|^$":
                continue
        quantifier = _QUANTIFIER.match(pattern, at)
        if quantifier is None:
            continue
        at = quantifier.end()
        if pattern[at : at + 1] == "?":
            at += 1
        low, _, high = quantifier.group().strip("{}").partition(",")
        if quantifier.group() == "?":
            options += 1
        elif inside:
            raise NotKnown
        elif low.isdigit() and not high and "," not in quantifier.group():
            continue
        else:
            repeats += 1
        stack[-1] += 1
    return repeats, options


def _class_end(pattern: str, at: int) -> int:
    """Behind the class that begins at an offset."""
    at += 1
    if pattern[at : at + 1] == "^":
        at += 1
    if pattern[at : at + 1] == "]":
        at += 1
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def _run(pattern: str, text: str) -> re.Pattern[str]:
    compiled, repeats, options = _compiled(pattern)
    if (len(text) + 1) ** (repeats + 1) * 2**options > MOST_WORK:
        raise NotKnown
    return compiled


def _result(match: re.Match[str]) -> Any:
    """The whole match, or its groups: by name if they have names, else in order."""
    if match.re.groupindex:
        return {name: match.group(name) for name in match.re.groupindex}
    if match.re.groups:
        return list(match.groups())
    return match.group()


def regex(pattern: str, text: str) -> Any:
    match = _run(pattern, text).search(text)
    if match is None:
        raise EvalError("No match", "The pattern does not match the string.")
    return _result(match)


def regexall(pattern: str, text: str) -> list[Any]:
    return [_result(match) for match in _run(pattern, text).finditer(text)]


def replaced(pattern: str, text: str, replacement: str) -> str:
    """All matches replaced; `$1`, `${1}` and `$name` in the replacement are groups."""
    compiled = _run(pattern, text)

    def expand(match: re.Match[str]) -> str:
        def group(reference: re.Match[str]) -> str:
            if reference.group() == "$$":
                return "$"
            name = reference.group(1) or reference.group(2)
            try:
                return match.group(int(name) if name.isdigit() else name) or ""
            except (IndexError, error):
                return ""

        return re.sub(r"\$\$|\$(\w+)|\$\{(\w+)\}", group, replacement)

    error = re.error
    return compiled.sub(expand, text)
