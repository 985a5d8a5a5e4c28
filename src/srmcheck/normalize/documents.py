"""The one form in which policies see IAM policy documents (docs: normalization, "Policy documents").

- the keys of a document and of a statement are spelled as in AWS's grammar;
- `Statement` is a list; `Action`, `NotAction`, `Resource` and `NotResource` are lists of texts;
- `Effect` is spelled Allow or Deny; a statement without it stays without;
- `Principal` and `NotPrincipal` are a text (`"*"`) or an object of lists of texts (`{"AWS": [...]}`); a bare list counts as
  AWS principals;
- `Condition` is `{operator: {key: [text, ...]}}`, keys in small letters, operators spelled as in AWS's grammar, and of
  Bool and Null operators the values in small letters;
- the partition of an ARN is written "aws", and service principals end in ".amazonaws.com".

Choices, unknowns and spreads stand wherever they stood. What AWS would reject stays as it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from srmcheck.normalize.scalars import URL_SUFFIX, service
from srmcheck.values import ABSENT, Node, Spread, Text, Unknown, lift, text_of

UNREADABLE = Unknown("policy document that cannot be read")

_DOCUMENT = {"version": "Version", "id": "Id", "statement": "Statement"}
_STATEMENT = {
    name.lower(): name
    for name in (
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    )
}
_LISTS = frozenset({"Action", "NotAction", "Resource", "NotResource"})
_EFFECTS = {"allow": "Allow", "deny": "Deny"}
_PRINCIPALS = {name.lower(): name for name in ("AWS", "Service", "Federated", "CanonicalUser")}
_COMPARISONS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
_OPERATORS = {
    name.lower(): name
    for name in (
        *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
        *("StringLike", "StringNotLike", "Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "Null"),
        *("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"),
        *(f"Numeric{comparison}" for comparison in _COMPARISONS),
        *(f"Date{comparison}" for comparison in _COMPARISONS),
    )
}
_QUANTIFIERS = {"forallvalues": "ForAllValues", "foranyvalue": "ForAnyValue"}


class Reader(Protocol):
    """What the caller knows: how texts in documents are written, and what is behind JSON texts and references."""

    def plain(self, node: Node) -> Node:
        """A text of the document in canonical form, its references resolved."""
        ...

    def opened(self, node: Node) -> Node:
        """What an element that is a reference stands for."""
        ...


def policy(node: Node, reader: Reader) -> Node:
    """A policy document in its one form. `node` holds the document itself: an object, a choice of objects, or an unknown."""
    return lift(node, lambda one: _document(one, reader))


def _document(node: Node, reader: Reader) -> Node:
    value = node.value
    if not isinstance(value, dict):
        if isinstance(value, Unknown) or value is ABSENT or value is None or value == "":
            return node
        return Node(UNREADABLE, node.place, None, node.secret)
    document: dict[str, Node] = {}
    for key, inner in value.items():
        name = _DOCUMENT.get(key.lower(), key)
        document[name] = _elements(inner, reader, _statement) if name == "Statement" else reader.plain(inner)
    return node.with_value(document)


def _elements(node: Node, reader: Reader, one: Callable[[Node, Reader], Node]) -> Node:
    """A list of what `one` makes of each element; a single element is a list of one."""
    node = reader.opened(node)

    def make(branch: Node) -> Node:
        value = branch.value
        if value is ABSENT or value is None or isinstance(value, Unknown):
            return branch
        if not isinstance(value, list):
            return Node([one(branch, reader)], branch.place, None, branch.secret)
        made: list[Node] = []
        for element in value:
            if isinstance(element.value, Spread):
                made.append(element.with_value(Spread(_elements(element.value.of, reader, one))))
            elif element.value is not ABSENT:
                made.append(lift(reader.opened(element), lambda inner: one(inner, reader)))
        return branch.with_value(made)

    return lift(node, make)


def _statement(node: Node, reader: Reader) -> Node:
    value = node.value
    if not isinstance(value, dict):
        return node if value is ABSENT or isinstance(value, Unknown) else node.with_value(UNREADABLE)
    statement: dict[str, Node] = {}
    for key, inner in value.items():
        name = _STATEMENT.get(key.lower(), key)
        if name in _LISTS:
            inner = _elements(inner, reader, _leaf)
        elif name == "Effect":
            inner = lift(reader.plain(inner), _effect)
        elif name in ("Principal", "NotPrincipal"):
            inner = lift(reader.opened(inner), lambda one: _principal(one, reader))
        elif name == "Condition":
            inner = lift(reader.opened(inner), lambda one: _condition(one, reader))
        else:
            inner = reader.plain(inner)
        statement[name] = inner
    return node.with_value(statement)


def _leaf(node: Node, reader: Reader) -> Node:
    return reader.plain(node)


def _effect(node: Node) -> Node:
    value = node.value
    known = _EFFECTS.get(value.strip().lower()) if isinstance(value, str) else None
    return node if known is None or known == value else node.with_value(known)


def _principal(node: Node, reader: Reader) -> Node:
    value = node.value
    if isinstance(value, list):
        return Node({"AWS": _elements(node, reader, _leaf)}, node.place, None, node.secret)
    if not isinstance(value, dict):
        return reader.plain(node)
    principal: dict[str, Node] = {}
    for key, inner in value.items():
        name = _PRINCIPALS.get(key.lower(), key)
        if key == "*" and isinstance(inner.value, Unknown):
            principal[key] = inner
            continue
        principal[name] = _elements(inner, reader, _service if name == "Service" else _leaf)
    return node.with_value(principal)


def _service(node: Node, reader: Reader) -> Node:
    return lift(reader.plain(node), _with_suffix)


def _with_suffix(node: Node) -> Node:
    value = node.value
    if isinstance(value, str):
        written = service(value)
        return node if written == value else node.with_value(written)
    if isinstance(value, Text) and value.parts[-1] == URL_SUFFIX:
        return node.with_value(text_of([*value.parts[:-1], "amazonaws.com"]))
    return node


def _condition(node: Node, reader: Reader) -> Node:
    value = node.value
    if not isinstance(value, dict):
        return node
    condition: dict[str, Node] = {}
    for key, inner in value.items():
        if key == "*" and isinstance(inner.value, Unknown):
            condition[key] = inner
            continue
        name = operator(key)
        folded = name.endswith(("Bool", "BoolIfExists", "Null"))
        made = lift(reader.opened(inner), _keys_of(reader, folded))
        condition[name] = made if name not in condition else Node(UNREADABLE, node.place)
    return node.with_value(condition)


def _keys_of(reader: Reader, folded: bool) -> Callable[[Node], Node]:
    def make(node: Node) -> Node:
        value = node.value
        if not isinstance(value, dict):
            return node
        keys: dict[str, Node] = {}
        for key, inner in value.items():
            if key == "*" and isinstance(inner.value, Unknown):
                keys[key] = inner
                continue
            name = _lower(key)
            made = _elements(inner, reader, _folded if folded else _leaf)
            keys[name] = made if name not in keys else Node(UNREADABLE, node.place)
        return node.with_value(keys)

    return make


def _folded(node: Node, reader: Reader) -> Node:
    return lift(reader.plain(node), _small)


def _small(node: Node) -> Node:
    value = node.value
    if isinstance(value, str) and value != value.lower():
        return node.with_value(value.lower())
    return node


def operator(written: str) -> str:
    """A condition operator as AWS's grammar spells it; an unknown one stays."""
    quantifier, colon, rest = written.partition(":")
    if not colon:
        quantifier, rest = "", written
    small = rest.lower()
    suffix = "IfExists" if small.endswith("ifexists") and len(small) > 8 else ""
    known = _OPERATORS.get(small[: len(small) - len(suffix)])
    prefix = _QUANTIFIERS.get(quantifier.lower()) if colon else ""
    if known is None or prefix is None:
        return written
    return f"{prefix}{colon}{known}{suffix}"


def _lower(key: str) -> str:
    return key.lower() if key.isascii() else key
