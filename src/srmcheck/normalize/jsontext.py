"""JSON that a template holds as text, with unknown parts and references in their places (docs: normalization, "Policy text").

A part that stands inside a JSON string becomes part of that string; one that stands outside is a value of its own.
"""

from __future__ import annotations

from typing import Any

from srmcheck.values import Node, Reference, Text, Unknown, Value, text_of

MOST_LEVELS = 60
_OPEN, _CLOSE = "\ue000", "\ue001"
Part = Reference | Unknown


def parse_json(node: Node) -> Node | None:
    """The tree of a known text, or of a text in parts, all at the place of `node`; None if it does not parse, is nested more
    than 60 levels deep, or an unknown part stands where a key does."""
    import orjson

    parts: list[Part] = []
    value = node.value
    if isinstance(value, str):
        source = value
    elif isinstance(value, Text):
        joined = _with_placeholders(value, parts)
        if joined is None:
            return None
        source = joined
    else:
        return None
    try:
        parsed = orjson.loads(source.lstrip("\ufeff"))
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return None
    return _Tree(node, parts).build(parsed, 0)


def looks_like_json(value: object) -> bool:
    """Whether a text begins as a JSON object or list does."""
    if isinstance(value, Text):
        value = next((part for part in value.parts if not isinstance(part, str) or part.strip()), None)
    return isinstance(value, str) and value.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def _with_placeholders(text: Text, parts: list[Part]) -> str | None:
    pieces: list[str] = []
    inside = False
    for part in text.parts:
        if isinstance(part, str):
            if _OPEN in part:
                return None
            pieces.append(part)
            inside = _ends_inside(part, inside)
            continue
        mark = f"{_OPEN}{len(parts)}{_CLOSE}"
        parts.append(part)
        pieces.append(mark if inside else f'"{mark}"')
    return "".join(pieces)


def _ends_inside(piece: str, inside: bool) -> bool:
    """Whether a JSON string is open at the end of a piece."""
    position = 0
    while True:
        quote = piece.find('"', position)
        if quote < 0:
            return inside
        backslashes = 0
        while quote - backslashes - 1 >= 0 and piece[quote - backslashes - 1] == "\\":
            backslashes += 1
        if not inside or backslashes % 2 == 0:
            inside = not inside
        position = quote + 1


class _Tree:
    def __init__(self, node: Node, parts: list[Part]) -> None:
        self.node = node
        self.parts = parts
        self.failed = False

    def build(self, parsed: Any, level: int) -> Node | None:
        found = self._node(parsed, level)
        return None if self.failed else found

    def _node(self, parsed: Any, level: int) -> Node:
        if level > MOST_LEVELS:
            self.failed = True
            return self.node
        value: Value
        if isinstance(parsed, dict):
            fields: dict[str, Node] = {}
            for key, item in parsed.items():
                name = self._text(key) if self.parts else key
                if isinstance(name, str):
                    fields[name] = self._node(item, level + 1)
                else:
                    fields["*"] = self.node.with_value(_unknown_of(name))
            value = fields
        elif isinstance(parsed, list):
            value = [self._node(item, level + 1) for item in parsed]
        elif isinstance(parsed, str) and self.parts:
            value = self._text(parsed)
        else:
            value = parsed
        # the origin of a text in parts is that of a part: what holds none is written out
        is_written = bool(self.parts) and not isinstance(value, (dict, list)) and value == parsed
        return Node(value, self.node.place, None if is_written else self.node.origin, self.node.secret)

    def _text(self, written: str) -> Value:
        if _OPEN not in written:
            return written
        pieces: list[str | Reference | Unknown] = []
        for piece in written.split(_OPEN):
            number, close, rest = piece.partition(_CLOSE)
            if close and number.isdecimal() and int(number) < len(self.parts):
                pieces.append(self.parts[int(number)])
                pieces.append(rest)
            else:
                pieces.append(piece)
        return text_of(pieces)


def _unknown_of(value: Value) -> Unknown:
    parts = value.parts if isinstance(value, Text) else (value,)
    for part in parts:
        if isinstance(part, Unknown):
            return part
    addresses = tuple(part.address for part in parts if isinstance(part, Reference))
    return Unknown("key with a reference in it", None, addresses, bool(addresses))
