"""JSON text to a tree with places.

ECMA-404, and beyond it what CloudFormation takes because it reads JSON as YAML: a comma before a closing bracket, a tab
inside a string. Numbers that JSON cannot hold (1e400) and half surrogates are made harmless.
"""

from __future__ import annotations

import math
import re

from srmcheck.loaders.cloudformation.scalars import MOST_DIGITS
from srmcheck.loaders.cloudformation.tree import (
    MOST_DEPTH,
    WRITTEN_TWICE,
    Array,
    Broken,
    Fault,
    Leaf,
    Object,
    OpenString,
    Problem,
    TooDeep,
    Tree,
    duplicate_key,
)
from srmcheck.values import Scalar

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
      (?P<sign>[{}\[\],:])
    | "(?P<text>[^"\\\x00-\x08\x0a-\x1f]*)"
    | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![0-9A-Za-z_.+-])
    | (?P<word>true|false|null)(?![0-9A-Za-z_])
    | (?P<escaped>")
    )""",
    re.VERBOSE,
)
_SPACE = re.compile(r"[ \t\r\n]*")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None}

_VALUE = "a value"
_KEY = "a key in double quotes"


def read_json(text: str, problems: list[Problem]) -> Tree:
    """The one value of `text`. Adds duplicate keys to `problems`. Raises Fault for what is no JSON or is nested too
    deeply."""
    match = _TOKEN.match
    # Open containers with the key that waits for its value.
    stack: list[tuple[Object | Array, tuple[str, int, int] | None]] = []
    into: Object | Array | None = None
    key: tuple[str, int, int] | None = None
    position = 0
    # What may come: a value; a value or the end of the list; a key or the end of the object; a comma or the end.
    wants = _VALUE
    may_close = False
    while True:
        token = match(text, position)
        if token is None:
            raise _fault(text, position, wants, into)
        kind = token.lastgroup
        start, position = token.start(kind or 0), token.end()
        tree: Tree
        if kind == "text":
            start -= 1
            value: Scalar = token["text"]
        elif kind == "escaped":
            value, position = _escaped(text, start)
        elif kind == "sign":
            value = token["sign"]
        elif kind == "number":
            value = _number(token["number"])
        else:
            value = _WORDS[token["word"]]
        if kind == "sign":
            if value == "," and wants == ",":
                wants, may_close = (_KEY if isinstance(into, Object) else _VALUE), True
                continue
            if value in ("}", "]"):
                closes = Object if value == "}" else Array
                if into is None or type(into) is not closes or not may_close:
                    raise _fault(text, start, wants, into)
                into.end = position
                tree = into
                into, key = stack.pop() if stack else (None, None)
            elif value in ("{", "[") and wants == _VALUE:
                if len(stack) + (into is not None) >= MOST_DEPTH:
                    raise TooDeep(start)
                if into is not None:
                    stack.append((into, key))
                key = None
                if value == "{":
                    into, wants, may_close = Object({}, {}, start, start), _KEY, True
                else:
                    into, wants, may_close = Array([], start, start), _VALUE, True
                continue
            else:
                raise _fault(text, start, wants, into)
        elif wants == _KEY and isinstance(value, str):
            end = position
            colon = _SPACE.match(text, end)
            position = colon.end() if colon else end
            if text[position : position + 1] != ":":
                raise _fault(text, position, "a colon", into)
            position += 1
            key, wants, may_close = (value, start, end), _VALUE, False
            continue
        elif wants == _VALUE:
            tree = Leaf(value, start, position)
        else:
            raise _fault(text, start, wants, into)
        # A value is complete.
        if into is None:
            rest = _SPACE.match(text, position)
            position = rest.end() if rest else position
            if position < len(text):
                raise _fault(text, position, "the end of the file", None)
            return tree
        if isinstance(into, Array):
            into.items.append(tree)
        else:
            assert key is not None
            _put(into, key, tree, problems)
            key = None
        wants, may_close = ",", True


def _put(into: Object, key: tuple[str, int, int], tree: Tree, problems: list[Problem]) -> None:
    name, start, end = key
    if name in into.items:
        problems.append(duplicate_key(start, into.keys[name][0]))
        tree = Broken(WRITTEN_TWICE, start, end)
    into.items[name] = tree
    into.keys[name] = (start, end)


def _number(digits: str) -> Scalar:
    if len(digits) > MOST_DIGITS:
        return digits
    if digits.lstrip("-").isdigit():
        return int(digits)
    number = float(digits)
    return number if math.isfinite(number) else digits


def _escaped(text: str, start: int) -> tuple[str, int]:
    """A string with escapes, whose opening quote is at `start`, and where it ends."""
    from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

    try:
        value, end = scanstring(text, start + 1, False)
    except JSONDecodeError as error:
        if error.pos > start and text[error.pos : error.pos + 1]:
            raise Fault(
                error.pos, "A string has a backslash that JSON does not know.", "write \\\\ for one backslash"
            ) from None
        raise Fault(start, "A string is not closed.", "close the quote") from None
    if _CONTROL.search(text, start, end):
        raise OpenString(start, "A string is not closed on its line.", "close the quote, or write \\n for a new line")
    return _SURROGATE.sub("\ufffd", value), end


def _fault(text: str, position: int, wants: str, into: Object | Array | None) -> Fault:
    if wants == ",":
        wants = "a comma or }" if isinstance(into, Object) else "a comma or ]"
    space = _SPACE.match(text, position)
    at = space.end() if space else position
    if at >= len(text):
        return Fault(at, f"The file ends where {wants} is expected.", "the file may be cut short")
    return Fault(at, f"{wants[0].upper()}{wants[1:]} is expected here.")
