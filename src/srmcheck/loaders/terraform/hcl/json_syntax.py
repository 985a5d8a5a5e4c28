"""Terraform's JSON syntax to the same tree: strings are templates, objects below block types are blocks.

Which properties of a resource are blocks and which are arguments only a provider's schema tells, so a nested object or
list of objects stays an argument; normalization reads both shapes alike. Only what Terraform itself knows to be a block
(`dynamic`, `lifecycle`, `provisioner`, `connection`, validation) becomes one.

Source: developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from srmcheck.loaders.terraform.hcl import syntax as s
from srmcheck.loaders.terraform.hcl.parse import parse_number, parse_template
from srmcheck.loaders.terraform.hcl.template_parts import normalized
from srmcheck.loaders.terraform.hcl.tokens import MAX_DEPTH, Fault

_LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "check": 1,
    "locals": 0,
    "terraform": 0,
    "moved": 0,
    "removed": 0,
    "import": 0,
}
_NESTED = {
    "resource": {"lifecycle", "provisioner", "connection", "dynamic"},
    "data": {"lifecycle", "dynamic"},
    "variable": {"validation"},
    "terraform": {"required_providers", "backend", "cloud", "provider_meta"},
    "output": {"precondition"},
}
_COMMENT = "//"
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"((?:[^"\\\x00-\x1f]|\\.)*)"')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))|\\')
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class _Value:
    """A JSON value with its span: `content` is a list of members, of elements, or a scalar."""

    __slots__ = ("content", "end", "kind", "start")

    def __init__(self, kind: str, start: int, end: int, content: object) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.content = content

    def members(self) -> list[tuple[str, int, _Value]]:
        """Key, its offset, and value of each property."""
        assert isinstance(self.content, list)
        return self.content

    def elements(self) -> list[_Value]:
        assert isinstance(self.content, list)
        return self.content


def parse_json_body(text: str) -> s.Body:
    """A configuration file in JSON. Raises Fault."""
    value = read_json_value(text)
    body = s.Body(0, len(text), {}, [])
    for top in _objects(value):
        for name, at, inner in top.members():
            if name != _COMMENT:
                body.blocks.extend(_blocks(name, at, inner, _LABELS.get(name, 0), []))
    return body


def read_json_value(text: str) -> _Value:
    """The one JSON value in `text`, with the spans of all that is in it. Raises Fault."""
    value, end = _read(text, _skip(text, 0), 0)
    end = _skip(text, end)
    if end != len(text):
        raise Fault(end, "Invalid JSON", "Expected the end of the file.", "A file holds one object.")
    return value


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _read(text: str, at: int, depth: int) -> tuple[_Value, int]:
    if depth > MAX_DEPTH:
        raise Fault(at, "Nesting too deep", f"Values may be nested up to {MAX_DEPTH} levels.")
    character = text[at : at + 1]
    if character == "{":
        return _read_object(text, at, depth)
    if character == "[":
        return _read_array(text, at, depth)
    if character == '"':
        value, end = _read_string(text, at)
        return _Value("string", at, end, value), end
    for word, constant in (("true", True), ("false", False), ("null", None)):
        if text.startswith(word, at):
            return _Value("scalar", at, at + len(word), constant), at + len(word)
    found = _NUMBER.match(text, at)
    if found is None:
        raise Fault(at, "Invalid JSON", "Expected a JSON value here.", "Look for a missing or a trailing comma.")
    sign, digits = (-1, found.group()[1:]) if found.group().startswith("-") else (1, found.group())
    return _Value("scalar", at, found.end(), sign * parse_number(digits, at)), found.end()


def _read_string(text: str, at: int) -> tuple[str, int]:
    found = _STRING.match(text, at)
    if found is None:
        raise Fault(at, "Invalid JSON", "No quote closes this string on its line.", 'Add the closing ".')
    raw = found.group(1)
    if "\\" not in raw:
        return raw, found.end()

    def unescape(match: re.Match[str]) -> str:
        if match.group(1):
            return chr(int(match.group(1), 16))
        if not match.group(2):
            raise Fault(at, "Invalid JSON", "This string holds an escape sequence that JSON does not have.")
        return _ESCAPES[match.group(2)]

    plain = _ESCAPE.sub(unescape, raw)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), found.end()


def _read_object(text: str, at: int, depth: int) -> tuple[_Value, int]:
    members: list[tuple[str, int, _Value]] = []
    start = at
    at = _skip(text, at + 1)
    if text[at : at + 1] == "}":
        return _Value("object", start, at + 1, members), at + 1
    while True:
        if text[at : at + 1] != '"':
            raise Fault(at, "Invalid JSON", "Expected a property name in quotes.", "Look for a trailing comma.")
        name_at = at
        name, at = _read_string(text, at)
        at = _skip(text, at)
        if text[at : at + 1] != ":":
            raise Fault(at, "Invalid JSON", "Expected a colon after the property name.")
        value, at = _read(text, _skip(text, at + 1), depth + 1)
        members.append((name, name_at, value))
        at = _skip(text, at)
        character = text[at : at + 1]
        if character == "}":
            return _Value("object", start, at + 1, members), at + 1
        if character != ",":
            raise Fault(at, "Invalid JSON", "Expected a comma or } after the property.")
        at = _skip(text, at + 1)


def _read_array(text: str, at: int, depth: int) -> tuple[_Value, int]:
    items: list[_Value] = []
    start = at
    at = _skip(text, at + 1)
    if text[at : at + 1] == "]":
        return _Value("array", start, at + 1, items), at + 1
    while True:
        value, at = _read(text, at, depth + 1)
        items.append(value)
        at = _skip(text, at)
        character = text[at : at + 1]
        if character == "]":
            return _Value("array", start, at + 1, items), at + 1
        if character != ",":
            raise Fault(at, "Invalid JSON", "Expected a comma or ] after the element.")
        at = _skip(text, at + 1)


def _objects(value: _Value) -> Iterator[_Value]:
    """The object, or the objects of an array of them: both are one or more bodies."""
    if value.kind == "object":
        yield value
    elif value.kind == "array":
        for item in value.elements():
            yield from _objects(item)
    else:
        raise Fault(value.start, "Invalid JSON configuration", "Expected an object, or an array of objects.")


def _blocks(kind: str, at: int, value: _Value, labels: int, named: list[str]) -> Iterator[s.Block]:
    """The blocks of one type: a level of properties for each label, then one or more bodies."""
    for inner in _objects(value):
        if labels:
            for name, name_at, below in inner.members():
                if name != _COMMENT:
                    yield from _blocks(kind, name_at, below, labels - 1, [*named, name])
        else:
            yield s.Block(at, inner.end, kind, named, inner.start, _body(kind, inner))


def _body(kind: str, value: _Value) -> s.Body:
    body = s.Body(value.start, value.end, {}, [])
    nested = _NESTED.get(kind, set())
    for name, at, inner in value.members():
        if name == _COMMENT and kind != "locals":
            continue
        if name in nested:
            body.blocks.extend(_nested(name, at, inner))
        elif name in body.attributes:
            raise Fault(at, "Argument set twice", "Each argument may be set only once in an object.")
        else:
            body.attributes[name] = s.Attribute(at, inner.end, name, _argument(kind, name, inner))
    return body


def _nested(name: str, at: int, value: _Value) -> Iterator[s.Block]:
    if name == "dynamic":
        for kind_value in _objects(value):
            for label, label_at, inner in kind_value.members():
                for one in _objects(inner):
                    yield _dynamic(label, label_at, one)
        return
    labels = 1 if name in ("provisioner", "backend", "provider_meta") else 0
    yield from _blocks(name, at, value, labels, [])


def _dynamic(label: str, at: int, value: _Value) -> s.Block:
    body = s.Body(value.start, value.end, {}, [])
    for name, name_at, inner in value.members():
        if name == "content":
            for one in _objects(inner):
                body.blocks.append(s.Block(name_at, one.end, "content", [], one.start, _content(one)))
        elif name != _COMMENT:
            body.attributes[name] = s.Attribute(name_at, inner.end, name, _argument("dynamic", name, inner))
    return s.Block(at, value.end, "dynamic", [label], value.start, body)


def _content(value: _Value) -> s.Body:
    body = s.Body(value.start, value.end, {}, [])
    for name, at, inner in value.members():
        if name == "dynamic":
            body.blocks.extend(_nested(name, at, inner))
        elif name != _COMMENT:
            body.attributes[name] = s.Attribute(at, inner.end, name, _expression(inner))
    return body


# Arguments that hold a reference or a type, not a template.
_BARE = {("variable", "type"), ("resource", "provider"), ("data", "provider"), ("dynamic", "iterator")}
_PLAIN = {("variable", "default"), ("module", "source"), ("module", "version"), ("provider", "alias")}


def _argument(kind: str, name: str, value: _Value) -> s.Expr:
    if value.kind == "string" and (kind, name) in _BARE:
        from srmcheck.loaders.terraform.hcl.parse import parse_expression

        try:
            return _moved(parse_expression(str(value.content)), value)
        except Fault as fault:
            raise Fault(value.start, fault.summary, fault.detail, fault.hint) from None
    if (kind, name) in _PLAIN:
        return _expression(value, template=False)
    if (kind, name) == ("module", "providers") and value.kind == "object":
        return _expression(value, template=False)
    return _expression(value)


def _expression(value: _Value, template: bool = True) -> s.Expr:
    match value.kind:
        case "object":
            items = [
                s.Item(at, inner.end, _key(name, at, template), _expression(inner, template))
                for name, at, inner in value.members()
                if name != _COMMENT
            ]
            return s.ObjectCons(value.start, value.end, items)
        case "array":
            return s.TupleCons(value.start, value.end, [_expression(item, template) for item in value.elements()])
        case "string":
            return _text(str(value.content), value.start, value.end, template)
    content = value.content
    assert content is None or isinstance(content, (bool, int, float))
    return s.Literal(value.start, value.end, content)


def _key(name: str, at: int, template: bool) -> s.Expr:
    return _text(name, at, at + len(name) + 2, template)


def _text(text: str, start: int, end: int, template: bool) -> s.Expr:
    if not template or ("${" not in text and "%{" not in text):
        return s.Literal(start, end, normalized(text))
    try:
        expr = parse_template(text)
    except Fault as fault:
        raise Fault(start, fault.summary, fault.detail, fault.hint) from None
    return _moved(expr, _Value("string", start, end, text))


def _moved(expr: s.Expr, value: _Value) -> s.Expr:
    """The tree of a string's content with the span of the string: offsets in it are not offsets in the file."""
    for node in s.walk(expr):
        node.start, node.end = value.start, value.end
    return expr
