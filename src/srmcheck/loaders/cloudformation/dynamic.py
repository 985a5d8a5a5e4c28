"""Dynamic references: `{{resolve:secretsmanager:...}}` and their like, which AWS resolves at deployment.

Source: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from srmcheck.values import DYNAMIC, Choice, Json, Node, Origin, Reference, Spread, Text, Unknown, Value, text_of

_MARK = "{{resolve:"
_REFERENCE = re.compile(r"\{\{resolve:(secretsmanager|ssm|ssm-secure):[^{}]*\}\}")

Part = str | Reference | Unknown


def dynamic_reference(value: Value) -> Origin | None:
    """The origin of a text, or of a text in parts, that holds a dynamic reference; None for all else. Of several, the one
    that reads a plaintext parameter counts."""
    services = [match[1] for match in _REFERENCE.finditer(_flat(_parts(value)))]
    if not services:
        return None
    return Origin("dynamic-reference", "ssm" if "ssm" in services else services[0])


def resolved(node: Node) -> Node:
    """The value as AWS makes it: each dynamic reference in its texts is unknown. To be called once all functions are
    evaluated, as AWS does: they work on the text of a reference, never on what it stands for."""
    value = node.value
    if isinstance(value, str) and _MARK not in value:
        return node
    if isinstance(value, (str, Text)):
        origin = dynamic_reference(value)
        return node if origin is None else Node(text_of(list(_cut(_parts(value)))), node.place, origin, node.secret)
    if isinstance(value, dict):
        entries = {key: resolved(child) for key, child in value.items()}
        return node if all(entries[key] is child for key, child in value.items()) else node.with_value(entries)
    if isinstance(value, list):
        items = [resolved(item) for item in value]
        return node if all(new is old for new, old in zip(items, value, strict=True)) else node.with_value(items)
    if isinstance(value, Choice):
        branches = tuple((guard, resolved(branch)) for guard, branch in value.branches)
        same = all(new[1] is old[1] for new, old in zip(branches, value.branches, strict=True))
        return node if same else node.with_value(Choice(branches))
    if isinstance(value, (Json, Spread)):
        inner = resolved(value.of)
        return node if inner is value.of else node.with_value(type(value)(inner))
    return node


def _parts(value: Value) -> tuple[Part, ...]:
    return (value,) if isinstance(value, str) else value.parts if isinstance(value, Text) else ()


def _flat(parts: tuple[Part, ...]) -> str:
    """The text with one character for each part that is none."""
    return "".join(part if isinstance(part, str) else "\0" for part in parts)


def _cut(parts: tuple[Part, ...]) -> Iterator[Part]:
    """The parts with an unknown one for each dynamic reference."""
    flat = _flat(parts)
    others: dict[int, Part] = {}
    position = 0
    for part in parts:
        if not isinstance(part, str):
            others[position] = part
        position += len(part) if isinstance(part, str) else 1
    position = 0
    for match in _REFERENCE.finditer(flat):
        yield from _between(flat, others, position, match.start())
        whole = not any(match.start() <= place < match.end() for place in others)
        yield Unknown(DYNAMIC, match[0] if whole else None)
        position = match.end()
    yield from _between(flat, others, position, len(flat))


def _between(flat: str, others: dict[int, Part], start: int, end: int) -> Iterator[Part]:
    for place in sorted(place for place in others if start <= place < end):
        yield flat[start:place]
        yield others[place]
        start = place + 1
    yield flat[start:end]
