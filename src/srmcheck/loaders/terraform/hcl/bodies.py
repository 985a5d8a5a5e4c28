"""The body of a resource as the template holds it: every value with its path and its place in the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from srmcheck.loaders.terraform.hcl import syntax as s
from srmcheck.loaders.terraform.hcl.blocks import nested_types
from srmcheck.loaders.terraform.hcl.functions.encoding import lowered
from srmcheck.loaders.terraform.hcl.instances import META_ARGUMENTS, META_BLOCKS, ResourceInstance
from srmcheck.loaders.terraform.hcl.partial import EvalError, Whole
from srmcheck.source import Call, Location
from srmcheck.values import ABSENT, Choice, Json, Node, Path, Place, Spread, Text, Unknown

MOST_NODES = 200_000
MOST_NODES_IN_ALL = 5_000_000


@dataclass
class Placer:
    """Counts what is placed, so that shared values cannot multiply without bound."""

    left: int = MOST_NODES_IN_ALL


class _TooLarge(Exception):
    pass


def resource_body(instance: ResourceInstance, placer: Placer, report: Callable[[EvalError], None]) -> Node:
    """The body of one instance, without meta-arguments and what is null. Errors are reported, and the argument that has
    one is unknown."""
    content: dict[str, Node] = {}
    declaration = instance.declaration
    via = instance.module.via
    placing = _Placing(instance.address, via, placer)
    for name, argument in declaration.arguments.items():
        if name in META_ARGUMENTS:
            continue
        expr = argument.attribute.expr
        placing.source = argument.source
        _set(content, name, _evaluated(instance, name, report), expr, placing, report)
    blocks = [nested for nested in declaration.blocks if nested.block.type not in META_BLOCKS]
    for name in nested_types(blocks):
        first = next(nested for nested in blocks if name in nested_types([nested]))
        placing.source = first.source
        node = _evaluated(instance, name, report)
        made = [nested.block for nested in blocks if name in nested_types([nested])]
        _set(content, name, node, _Blocks(made), placing, report)
    header = declaration.source.location(declaration.block.start, declaration.block.header_end, via)
    return Node(content, Place(instance.address, (), header))


def _evaluated(instance: ResourceInstance, name: str, report: Callable[[EvalError], None]) -> Node:
    try:
        node = instance.argument(name)
    except EvalError as error:
        report(error)
        return Node(Unknown(f"cannot be evaluated ({error.summary.lower()})"))
    return Node(None) if node is None else node


class _Blocks:
    """The blocks of one type, as what a list of them was written as."""

    def __init__(self, blocks: list[s.Block]) -> None:
        self.blocks = blocks


_Written = s.Syntax | _Blocks | None


def _set(
    content: dict[str, Node],
    name: str,
    node: Node,
    written: _Written,
    placing: _Placing,
    report: Callable[[EvalError], None],
) -> None:
    if node.value is None or node.value is ABSENT:
        return
    placing.start(written)
    try:
        content[name] = placing.place(lowered(node), written, (name,))
    except _TooLarge:
        error = EvalError("Value too large", "The value is larger than srmcheck keeps, and counts as unknown.")
        report(error)
        content[name] = Node(
            Unknown("value too large"), Place(placing.address, (name,), placing.location(written)), secret=node.secret
        )


class _Placing:
    """Gives values their places: an element that is written out has its own, the rest that of what holds it."""

    def __init__(self, address: str, via: tuple[Call, ...], placer: Placer) -> None:
        self.address = address
        self.via = via
        self.placer = placer
        self.source: s.Source | None = None
        self.left = MOST_NODES
        self.outer: _Written = None

    def start(self, written: _Written) -> None:
        """Begin with an argument or the blocks of one type."""
        self.left = min(MOST_NODES, self.placer.left)
        self.outer = written

    def location(self, written: _Written) -> Location | None:
        """Where something is written."""
        if self.source is None or written is None:
            return None
        if isinstance(written, _Blocks):
            written = written.blocks[0] if written.blocks else None
            if written is None:
                return None
        end = written.header_end if isinstance(written, s.Block) else written.end
        return self.source.location(written.start, end, self.via)

    def place(self, node: Node, written: _Written, path: Path, location: Location | None = None) -> Node:
        """The node and all below with places."""
        self.left -= 1
        self.placer.left -= 1
        if self.left < 0:
            raise _TooLarge
        written = _unwrapped(written)
        if written is not None:
            location = self.location(written)
        value = node.value
        place = Place(self.address, path, location)
        if isinstance(value, dict) and not isinstance(value, Whole):
            parts = _parts(written)
            value = {
                key: self.place(item, parts.get(key), (*path, key), location)
                for key, item in value.items()
                if item.value is not None
            }
        elif isinstance(value, list):
            value = self._list(value, written, path, location)
        elif isinstance(value, Choice):
            arms = _arms(written, len(value.branches))
            value = Choice(
                tuple(
                    (guard, self._branch(branch, arm, path, location))
                    for (guard, branch), arm in zip(value.branches, arms, strict=True)
                )
            )
        elif isinstance(value, Json):
            value = Json(self.place_json(value.of, written, path, location))
        elif isinstance(value, Spread):
            value = Spread(self.place(value.of, written, path, location))
        elif isinstance(value, Unknown):
            value = _bare(value)
        elif isinstance(value, Text):
            value = Text(tuple(_bare(part) if isinstance(part, Unknown) else part for part in value.parts))
        return Node(value, place, node.origin, node.secret)

    def _branch(self, node: Node, written: _Written, path: Path, location: Location | None) -> Node:
        if node.value is None:
            return Node(ABSENT, Place(self.address, path, location), secret=node.secret)
        return self.place(node, written, path, location)

    def _list(self, items: list[Node], written: _Written, path: Path, location: Location | None) -> list[Node]:
        shapes = _items(written, len(items))
        return [
            self.place(item, shapes[at] if at < len(shapes) else None, (*path, at), location)
            for at, item in enumerate(items)
        ]

    def place_json(self, node: Node, written: _Written, path: Path, location: Location | None) -> Node:
        """What is encoded as JSON; null stays there."""
        if isinstance(written, s.FunctionCall) and written.args:
            written = written.args[0]
        return self._json(node, written, path, location)

    def _json(self, node: Node, written: _Written, path: Path, location: Location | None) -> Node:
        self.left -= 1
        if self.left < 0:
            raise _TooLarge
        written = _unwrapped(written)
        if written is not None:
            location = self.location(written)
        place = Place(self.address, path, location)
        value = node.value
        if isinstance(value, dict) and not isinstance(value, Whole):
            parts = _parts(written)
            value = {key: self._json(item, parts.get(key), (*path, key), location) for key, item in value.items()}
        elif isinstance(value, list):
            shapes = _items(written, len(value))
            value = [
                self._json(item, shapes[at] if at < len(shapes) else None, (*path, at), location)
                for at, item in enumerate(value)
            ]
        elif isinstance(value, Choice):
            value = Choice(
                tuple((guard, self._json(branch, written, path, location)) for guard, branch in value.branches)
            )
        elif isinstance(value, Json):
            value = Json(self.place_json(value.of, written, path, location))
        elif isinstance(value, Spread):
            value = Spread(self._json(value.of, written, path, location))
        elif isinstance(value, Unknown):
            value = _bare(value)
        elif isinstance(value, Text):
            value = Text(tuple(_bare(part) if isinstance(part, Unknown) else part for part in value.parts))
        return Node(value, place, node.origin, node.secret)


def _bare(value: Unknown) -> Unknown:
    """An unknown without what only the evaluation needs."""
    if type(value) is Unknown:
        return value
    return Unknown(value.reason, value.name, value.candidates, value.exact)


def _unwrapped(written: _Written) -> _Written:
    while isinstance(written, s.Wrapped):
        written = written.of
    return written


def _parts(written: _Written) -> dict[str, _Written]:
    """Where the keys of an object or the arguments and blocks of a block are written."""
    if isinstance(written, s.ObjectCons):
        found: dict[str, _Written] = {}
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
            known = found.setdefault(kind, _Blocks([]))
            if isinstance(known, _Blocks):
                known.blocks.append(block)
        return found
    return {}


def _arms(written: _Written, count: int) -> list[_Written]:
    """Where the branches of a choice are written."""
    if isinstance(written, s.Conditional) and count == 2:
        return [written.true, written.false]
    return [written] * count


def _items(written: _Written, count: int) -> list[_Written]:
    """Where the elements of a list are written."""
    if isinstance(written, s.TupleCons):
        return list(written.items)
    if isinstance(written, _Blocks):
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
