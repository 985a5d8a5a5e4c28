"""Places of values: an element that is written out in an argument has its own, the rest that of what holds it.

Here values leave the evaluation: what only it needs (handles of whole resources, how an unknown was computed, which
kind of collection) is left behind.
"""

from __future__ import annotations

from dataclasses import dataclass

from srmcheck.loaders.terraform.hcl import syntax as s
from srmcheck.loaders.terraform.hcl.access import Handle
from srmcheck.loaders.terraform.hcl.partial import MAX_SIZE, Whole
from srmcheck.source import Call, Location
from srmcheck.values import ABSENT, Choice, Json, Node, Path, Place, Spread, Text, Unknown, Value

MOST_NODES_IN_ALL = 5_000_000
MOST_LEVELS = 100


class TooLarge(Exception):
    """The value holds more nodes or levels than are kept."""


@dataclass
class Budget:
    """How many nodes may still be placed, so that shared values cannot multiply without bound."""

    left: int = MOST_NODES_IN_ALL


class Blocks:
    """The blocks of one type, as what a list of them was written as."""

    __slots__ = ("blocks",)

    def __init__(self, blocks: list[s.Block]) -> None:
        self.blocks = blocks


Written = s.Syntax | Blocks | None


class Placing:
    """Gives the values of one resource their places."""

    def __init__(self, address: str, via: tuple[Call, ...], budget: Budget) -> None:
        self.address = address
        self.via = via
        self.budget = budget
        self.source: s.Source | None = None
        self._left = 0

    def argument(self, node: Node, source: s.Source, written: Written, path: Path) -> Node:
        """An argument or the blocks of one type. Raises TooLarge."""
        self.source = source
        self._left = min(MAX_SIZE, self.budget.left)
        before = self._left
        try:
            return self._place(node, written, path, None, False)
        finally:
            self.budget.left -= before - self._left

    def location(self, written: Written) -> Location | None:
        """Where something is written."""
        if isinstance(written, Blocks):
            written = written.blocks[0] if written.blocks else None
        if self.source is None or written is None:
            return None
        end = written.header_end if isinstance(written, s.Block) else written.end
        return self.source.location(written.start, end, self.via)

    def _place(self, node: Node, written: Written, path: Path, location: Location | None, encoded: bool) -> Node:
        """The node and all below with places; `encoded` inside JSON, where null is a value."""
        self._left -= 1
        if self._left < 0 or len(path) > MOST_LEVELS:
            raise TooLarge
        while isinstance(written, s.Wrapped):
            written = written.of
        if written is not None:
            location = self.location(written)
        place = Place(self.address, path, location)
        value = node.value
        if value is None and path and not encoded:
            return Node(None, place, node.origin, node.secret)
        return Node(self._value(value, written, path, location, encoded), place, node.origin, node.secret)

    def _value(self, value: Value, written: Written, path: Path, location: Location | None, encoded: bool) -> Value:
        if isinstance(value, Whole):
            return _whole(value)
        if isinstance(value, dict):
            parts = _parts(written)
            return {
                key: self._place(item, parts.get(key), (*path, key), location, encoded)
                for key, item in value.items()
                if item.value is not ABSENT and (encoded or item.value is not None)
            }
        if isinstance(value, list):
            shapes = _items(written, len(value))
            return [
                self._place(item, shapes[at] if at < len(shapes) else None, (*path, at), location, encoded)
                for at, item in enumerate(value)
            ]
        if isinstance(value, Choice):
            return self._choice(value, written, path, location, encoded)
        if isinstance(value, Json):
            inner = written.args[0] if isinstance(written, s.FunctionCall) and written.args else written
            return Json(self._place(value.of, inner, path, location, True))
        if isinstance(value, Spread):
            return Spread(self._place(value.of, written, path, location, encoded))
        if isinstance(value, Text):
            return Text(tuple(_bare(part) if isinstance(part, Unknown) else part for part in value.parts))
        return _bare(value) if isinstance(value, Unknown) else value

    def _choice(self, value: Choice, written: Written, path: Path, location: Location | None, encoded: bool) -> Choice:
        """Branches; null is absence in them, as the argument is not set then."""
        arms = _arms(written, len(value.branches))
        branches = []
        for (guard, branch), arm in zip(value.branches, arms, strict=True):
            if branch.value is None and not encoded:
                branch = branch.with_value(ABSENT)
            branches.append((guard, self._place(branch, arm, path, location, encoded)))
        return Choice(tuple(branches))


def _whole(value: Whole) -> Unknown:
    address = value.address if isinstance(value, Handle) else None
    return Unknown("a whole resource", address, (address,) if address else (), address is not None)


def _bare(value: Unknown) -> Unknown:
    """An unknown without what only the evaluation needs."""
    if type(value) is Unknown:
        return value
    return Unknown(value.reason, value.name, value.candidates, value.exact)


def _parts(written: Written) -> dict[str, Written]:
    """Where the keys of an object or the arguments and blocks of a block are written."""
    if isinstance(written, s.ObjectCons):
        found: dict[str, Written] = {}
        for item in written.items:
            if isinstance(item.key, s.Name):
                found[item.key.name] = item.value
            elif isinstance(item.key, s.Literal) and isinstance(item.key.value, str):
                found[item.key.value] = item.value
        return found
    if isinstance(written, s.Block):
        if written.type == "dynamic":
            content = next((inner for inner in written.body.blocks if inner.type == "content"), None)
            return _parts(content) if content is not None else {}
        found = {name: attribute.expr for name, attribute in written.body.attributes.items()}
        for block in written.body.blocks:
            kind = block.labels[0] if block.type == "dynamic" and block.labels else block.type
            known = found.setdefault(kind, Blocks([]))
            if isinstance(known, Blocks):
                known.blocks.append(block)
        return found
    return {}


def _arms(written: Written, count: int) -> list[Written]:
    """Where the branches of a choice are written."""
    if isinstance(written, s.Conditional) and count == 2:
        return [written.true, written.false]
    return [written] * count


def _items(written: Written, count: int) -> list[Written]:
    """Where the elements of a list are written."""
    if isinstance(written, s.TupleCons):
        return list(written.items)
    if isinstance(written, Blocks):
        blocks = written.blocks
        dynamic = [block for block in blocks if block.type == "dynamic"]
        if not dynamic:
            return list(blocks)
        if len(dynamic) == 1:
            at = blocks.index(dynamic[0])
            middle = count - len(blocks) + 1
            return [*blocks[:at], *([dynamic[0]] * middle), *blocks[at + 1 :]]
        return [dynamic[0]] * count if len(dynamic) == len(blocks) else []
    if isinstance(written, s.Block):
        return [written] * count
    return []
