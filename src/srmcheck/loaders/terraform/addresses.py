"""Addresses of Terraform resource instances and the traversals that expressions use, read without guessing.

An instance key may hold dots, brackets and quotes (`aws_x.y["eu/raw.v1"]`, `aws_x.y["ap].x[\\"0\\""]`), so an address
is never split at a character: it is read step by step, quoted keys as the strings they are.

Source: developer.hashicorp.com/terraform/cli/state/resource-addressing
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

InstanceKey = int | str | None


class Key(NamedTuple):
    """An index step of a traversal: `[0]` or `["eu"]`."""

    value: int | str


Traversal = tuple[str | Key, ...]


class Address(NamedTuple):
    """A resource instance: the module calls on the way to it (name and key), its mode, type, name and key."""

    modules: tuple[tuple[str, InstanceKey], ...]
    mode: str
    type: str
    name: str
    key: InstanceKey


_STEP = re.compile(
    r"""\.?(?P<name>[^\W\d][\w-]*)            # a name, after a dot but for the first
      | \.(?P<position>\d+)(?![\w-])           # the old way to write an index: x.0
      | \[(?P<number>\d+)\]
      | \["(?P<text>(?:[^"\\]|\\.)*)"\]
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.)|([$%])\2(?=\{)", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_QUOTED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def _unescape(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    code = match[1]
    if len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return _PLAIN.get(code, code)


def unquote(text: str) -> str:
    """The string that the inside of a quoted key stands for."""
    return _ESCAPE.sub(_unescape, text) if "\\" in text or "{" in text else text


def quote(text: str) -> str:
    """`text` as Terraform prints it in an address, with its quotes: template marks doubled, what cannot be printed as
    a code."""
    if text.isascii() and text.isprintable() and not ('"' in text or "\\" in text or "{" in text):
        return f'"{text}"'
    parts: list[str] = []
    for index, char in enumerate(text):
        if char in _QUOTED:
            parts.append(_QUOTED[char])
        elif char in "$%" and text[index + 1 : index + 2] == "{":
            parts.append(char * 2)
        elif char.isprintable():
            parts.append(char)
        else:
            parts.append(f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}")
    return f'"{"".join(parts)}"'


def format_key(key: InstanceKey) -> str:
    """`[0]`, `["eu"]`, or nothing."""
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) else f"[{quote(key)}]"


def format_address(module: str, mode: str, type_: str, name: str, key: InstanceKey) -> str:
    """The address as Terraform prints it; `module` is the address of the module instance, "" for the root."""
    local = f"{'data.' if mode == 'data' else ''}{type_}.{name}{format_key(key)}"
    return f"{module}.{local}" if module else local


@lru_cache(maxsize=16384)
def parse_traversal(text: str) -> Traversal | None:
    """The steps of a traversal (`each.value.id`, `aws_x.y["a.b"].arn`); None if `text` is none."""
    steps: list[str | Key] = []
    position = 0
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None:
            return None
        name = match["name"]
        if name is not None:
            if (text[position] == ".") != bool(steps):
                return None
            steps.append(name)
        elif not steps:
            return None
        elif match["text"] is not None:
            steps.append(Key(unquote(match["text"])))
        else:
            steps.append(Key(_number(match["number"] or match["position"])))
        position = match.end()
    return tuple(steps) or None


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= 18 else -1


@lru_cache(maxsize=16384)
def parse_modules(text: str) -> tuple[tuple[str, InstanceKey], ...] | None:
    """The module calls of a module instance's address (`module.a["x"].module.b`); () for "", None if it is none."""
    if not text:
        return ()
    steps = parse_traversal(text)
    if steps is None:
        return None
    modules, rest = _split_modules(steps)
    return None if rest else modules


def _split_modules(steps: Traversal) -> tuple[tuple[tuple[str, InstanceKey], ...], Traversal]:
    modules: list[tuple[str, InstanceKey]] = []
    while len(steps) >= 2 and steps[0] == "module" and isinstance(steps[1], str):
        name = steps[1]
        key: InstanceKey = None
        steps = steps[2:]
        if steps and isinstance(steps[0], Key):
            key = steps[0].value
            steps = steps[1:]
        modules.append((name, key))
    return tuple(modules), steps


def parse_address(text: str) -> Address | None:
    """The parts of a resource instance's address; None if `text` is none."""
    steps = parse_traversal(text)
    if steps is None:
        return None
    modules, steps = _split_modules(steps)
    mode = "managed"
    if steps and steps[0] == "data":
        mode, steps = "data", steps[1:]
    match steps:
        case (str(type_), str(name)):
            return Address(modules, mode, type_, name, None)
        case (str(type_), str(name), Key(value)):
            return Address(modules, mode, type_, name, value)
        case _:
            return None
