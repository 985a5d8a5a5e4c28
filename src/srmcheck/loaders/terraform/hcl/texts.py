"""Strings put together from parts that may be references or unknown."""

from __future__ import annotations

import json
from collections.abc import Sequence

from srmcheck.loaders.terraform.hcl.convert import NotKnown as NotKnown
from srmcheck.loaders.terraform.hcl.convert import json_text, plain, to_string
from srmcheck.loaders.terraform.hcl.partial import (
    MAX_LENGTH,
    EvalError,
    Whole,
    causes,
    derive,
    describe,
    each_world,
    origin_of,
)
from srmcheck.values import ABSENT, Choice, Json, Node, Reference, Spread, Text, Unknown, text_of

Part = str | Reference | Unknown


def template(parts: Sequence[Node]) -> Node:
    """The text of a template: the parts in a row. A part that is null or a collection is an error."""
    deep = any(isinstance(part.value, Json) for part in parts)
    return each_world(parts, _join, deep=deep)


def joined(separator: str, items: Sequence[Node]) -> Node:
    """The items as text with a separator between them."""
    parts: list[Node] = []
    for item in items:
        if parts:
            parts.append(Node(separator))
        parts.append(item)
    return template(parts)


def _join(nodes: list[Node]) -> Node:
    pieces: list[Part] = []
    length = 0
    for node in nodes:
        for piece in pieces_of(node):
            pieces.append(piece)
            length += len(piece) if isinstance(piece, str) else 0
    if length > MAX_LENGTH:
        raise EvalError("Value too large", "The text is longer than srmcheck keeps.")
    secret = any(node.secret for node in nodes)
    if len(nodes) == 1 and nodes[0].secret == secret and isinstance(nodes[0].value, (Reference, Unknown)):
        return nodes[0]
    return Node(text_of(pieces), None, origin_of(nodes), secret)


def pieces_of(node: Node) -> list[Part]:
    """The parts that a value has as text. Raises EvalError for null and for collections."""
    value = node.value
    if isinstance(value, (Reference, Unknown)):
        return [value]
    if isinstance(value, Text):
        return list(value.parts)
    if isinstance(value, Json):
        return json_pieces(value.of)
    if isinstance(value, (Choice, Spread)):
        return [_unknown(node)]
    if isinstance(value, Whole):
        return [_unknown(node)]
    text = to_string(value) if value is not ABSENT else None
    if text is None:
        raise EvalError("Null in a template", "The value of an interpolation is null; a string is required.")
    return [text]


def _unknown(node: Node) -> Unknown:
    found = derive(describe(node), node).value
    assert isinstance(found, Unknown)
    return found


def json_pieces(node: Node) -> list[Part]:
    """The JSON of a value as text in parts. A reference and a text stand in quotes, an unknown stands bare."""
    try:
        return [json_text(plain(node))]
    except NotKnown:
        pass
    value = node.value
    pieces: list[Part] = []
    if isinstance(value, dict) and not isinstance(value, Whole):
        for key in sorted(value):
            if value[key].value is not ABSENT:
                pieces += ["{" if not pieces else ",", json_text(key), ":", *json_pieces(value[key])]
        return [*(pieces or ["{"]), "}"]
    if isinstance(value, list):
        for item in value:
            pieces += ["[" if not pieces else ",", *json_pieces(item)]
        return [*(pieces or ["["]), "]"]
    if isinstance(value, (Text, Json, Reference)):
        quoted = [piece if not isinstance(piece, str) else _escaped(piece) for piece in pieces_of(node)]
        return ['"', *quoted, '"']
    if isinstance(value, Unknown):
        return [value]
    found = causes([node])
    return [found[0] if found else Unknown("not evaluated")]


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
