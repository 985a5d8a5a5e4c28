"""One resource as policies see it: projected to what they read, in one world, with its unknown paths.

The shapes are those of docs: input document ("Unknowns in containers", "Reference tokens", "Secrets").
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import orjson

from srmcheck.conditions import World
from srmcheck.graph.facts import CREDENTIAL_FACTS, facts_about, is_secret_like
from srmcheck.graph.reads import Reads
from srmcheck.graph.token import token
from srmcheck.schema import load
from srmcheck.values import ABSENT, Choice, Json, Node, Origin, Path, Reference, Scalar, Spread, Text, Unknown

MISSING: Final = object()
MOST_LEVELS = 60
SECRET = Unknown("secret")
TOO_DEEP = Unknown("nested too deeply")


class View:
    """A projected resource.

    `properties` is plain JSON. `unknown` maps each unknown path to what is not known. `facts` and `origins` are as in
    the input document. With `trace`, `nodes` maps every path of `properties`, and every unknown path, to the node that
    it came from. `masked` holds paths whose value must not be shown. `type_name` is the canonical type.
    """

    __slots__ = ("facts", "masked", "named_secret", "nodes", "origins", "properties", "type_name", "unknown", "world")

    def __init__(self, root: Node, reads: Reads, world: World, *, trace: bool = False, type_name: str = "") -> None:
        self.world = world
        self.unknown: dict[Path, Unknown] = {}
        self.facts: list[tuple[Path, str]] = []
        self.origins: list[tuple[Path, Origin | None]] = []
        self.masked: set[Path] = set()
        self.named_secret = False
        self.nodes: dict[Path, Node] | None = {} if trace else None
        self.type_name = type_name
        properties = self._project(root, reads, (), False)
        self.properties: dict[str, Any] = properties if isinstance(properties, dict) else {}

    def _project(self, node: Node, reads: Reads, path: Path, secret: bool) -> Any:
        node, secret = self._resolve(node, secret)
        value = node.value
        if value is ABSENT or value is None:
            return MISSING
        if self.nodes is not None:
            self.nodes[path] = node
        if isinstance(value, dict):
            if len(path) > MOST_LEVELS:
                return self._hide(path, TOO_DEEP)
            return self._object(value, reads, path, secret)
        if isinstance(value, list):
            if len(path) > MOST_LEVELS:
                return self._hide(path, TOO_DEEP)
            return self._list(value, reads, path, secret)
        text = value if isinstance(value, Unknown) else self._scalar(value)
        if isinstance(text, Unknown):
            if node.origin is not None:
                self.origins.append((path, node.origin))
                if reads.facts and node.origin.kind == "dynamic-reference":
                    self._add_facts(_written(value), node.origin, reads, path)
            return self._hide(path, text)
        return self._leaf(text, node, reads, path, secret)

    def _resolve(self, node: Node, secret: bool) -> tuple[Node, bool]:
        """The node in this world, without choices."""
        secret = secret or node.secret
        while isinstance(node.value, Choice):
            for guard, branch in node.value.branches:
                if self.world.truth(guard):
                    node = branch
                    break
            else:
                return Node(ABSENT, node.place), secret
            secret = secret or node.secret
        return node, secret

    def _hide(self, path: Path, unknown: Unknown) -> Any:
        self.unknown[path] = unknown
        return MISSING

    def _object(self, value: dict[str, Node], reads: Reads, path: Path, secret: bool) -> dict[str, Any]:
        outer = self.named_secret
        self.named_secret = outer or any(_says_secret(value.get(key)) for key in _NAME_KEYS)
        try:
            return self._members(value, reads, path, secret)
        finally:
            self.named_secret = outer

    def _members(self, value: dict[str, Node], reads: Reads, path: Path, secret: bool) -> dict[str, Any]:
        out: dict[str, Any] = {}
        if reads.deep:
            for key, child in value.items():
                if key != "*":
                    item = self._project(child, reads.below(key), (*path, key), secret)
                    if item is not MISSING:
                        out[key] = item
        else:
            for key, step in reads.keys.items():
                found = value.get(key)
                if found is not None:
                    item = self._project(found, step, (*path, key), secret)
                    if item is not MISSING:
                        out[key] = item
        rest = value.get("*")
        if rest is not None:
            rest, _ = self._resolve(rest, secret)
            if isinstance(rest.value, Unknown) and (reads.deep or reads.keys):
                rest_at = (*path, "*")
                self._hide(rest_at, rest.value)
                if self.nodes is not None:
                    self.nodes[rest_at] = rest
        return out

    def _list(self, value: list[Node], reads: Reads, path: Path, secret: bool) -> list[Any]:
        out: list[Any] = []
        if reads.items is None and not reads.deep:
            return out
        element_reads = reads.element()
        tail: Unknown | None = None
        tail_node: Node | None = None
        objects: bool | None = True if element_reads.keys else None
        for node, element_secret in self._elements(value, secret):
            element = node.value
            if isinstance(element, _Tail):
                tail, tail_node = tail or element.unknown, tail_node or node
                continue
            if isinstance(element, Unknown):
                if objects is None:
                    objects = element_reads.deep and (
                        path[-1:] == ("Statement",) or any(isinstance(other.value, dict) for other in value)
                    )
                if objects:
                    self._unknown_object(node, element, element_reads, (*path, len(out)))
                    out.append({})
                    continue
                tail, tail_node = tail or element, tail_node or node
                continue
            at = (*path, len(out))
            item = self._project(node, element_reads, at, element_secret)
            if item is not MISSING:
                out.append(item)
            elif at in self.unknown:
                hidden = self.unknown.pop(at)
                self.masked.discard(at)
                tail, tail_node = tail or hidden, tail_node or node
        if tail is not None:
            at = (*path, len(out))
            self.unknown[at] = tail
            if self.nodes is not None and tail_node is not None:
                self.nodes[at] = tail_node
        return out

    def _unknown_object(self, node: Node, unknown: Unknown, reads: Reads, at: Path) -> None:
        if self.nodes is not None:
            self.nodes[at] = node
        for key in ["*"] if reads.deep else reads.keys:
            leaf = (*at, key)
            self.unknown[leaf] = unknown

    def _elements(self, value: list[Node], secret: bool) -> list[tuple[Node, bool]]:
        """The elements in this world, with spreads in their place."""
        found: list[tuple[Node, bool]] = []
        for item in value:
            node, item_secret = self._resolve(item, secret)
            if isinstance(node.value, Spread):
                inner, inner_secret = self._resolve(node.value.of, item_secret)
                if isinstance(inner.value, list):
                    found.extend(self._elements(inner.value, inner_secret))
                elif isinstance(inner.value, Unknown):
                    found.append((Node(_Tail(inner.value), inner.place), inner_secret))  # type: ignore[arg-type]
                elif inner.value is not ABSENT:
                    found.append((inner, inner_secret))
            else:
                found.append((node, item_secret))
        return found

    def _scalar(self, value: object) -> Scalar | Unknown:
        if isinstance(value, Reference):
            return token(value)
        if isinstance(value, Text):
            parts: list[str] = []
            for part in value.parts:
                if isinstance(part, Unknown):
                    return part
                parts.append(token(part) if isinstance(part, Reference) else part)
            return "".join(parts)
        if isinstance(value, Json):
            inner = View(Node({"": value.of}), Reads(deep=True), self.world)
            if inner.unknown:
                return next(iter(inner.unknown.values()))
            return orjson.dumps(inner.properties.get(""), option=orjson.OPT_SORT_KEYS).decode()
        if isinstance(value, float):
            return int(value) if value.is_integer() and abs(value) < 1 << 53 else value
        assert value is None or isinstance(value, (bool, int, str))
        return value

    def _is_named_secret(self, path: Path) -> bool:
        """Whether the name beside a value, or the key that it stands under, speaks of a secret."""
        return self.named_secret or (bool(path) and isinstance(path[-1], str) and is_secret_like(path[-1]))

    def _add_facts(self, text: str, origin: Origin | None, reads: Reads, path: Path) -> list[str]:
        found = facts_about(text, origin, reads.facts)
        self.facts.extend((path, fact) for fact in found)
        return found

    def _leaf(self, value: Scalar, node: Node, reads: Reads, path: Path, secret: bool) -> Any:
        found: list[str] = []
        if reads.facts and isinstance(value, (str, int)) and not isinstance(value, bool):
            found = self._add_facts(str(value), node.origin, reads, path)
        if value != "":
            self.origins.append((path, node.origin))
        if not CREDENTIAL_FACTS.isdisjoint(found) or ("secret-literal" in found and self._is_named_secret(path)):
            self.masked.add(path)
            return self._hide(path, SECRET)
        secret = secret or path[-1] in _secrets(self.type_name)
        if secret and not (value == "" or isinstance(value, (bool, int, float)) or value in _words(self.type_name)):
            self.masked.add(path)
            return self._hide(path, SECRET)
        return value


def _written(value: object) -> str:
    """What a template holds of a value with dynamic references, which are no credentials."""
    parts = value.parts if isinstance(value, Text) else ()
    return "".join(part if isinstance(part, str) else "{{}}" for part in parts)


def _says_secret(node: Node | None) -> bool:
    """Whether a name in a key/value pair speaks of a secret."""
    return node is not None and isinstance(node.value, str) and is_secret_like(node.value)


@cache
def _words(type_name: str) -> frozenset[str]:
    """The texts that a type's schema enumerates: no secrets, marked or not."""
    found = load().get(type_name)
    return found.enumerations() if found is not None else frozenset()


@cache
def _secrets(type_name: str) -> frozenset[str]:
    """The names of a type's properties that hold a secret, however they are marked."""
    found = load().get(type_name)
    return found.secrets if found is not None else frozenset()


_NAME_KEYS = ("Name", "Key", "ParameterName")


class _Tail:
    """Inside a list: unknown elements in an unknown number."""

    __slots__ = ("unknown",)

    def __init__(self, unknown: Unknown) -> None:
        self.unknown = unknown
