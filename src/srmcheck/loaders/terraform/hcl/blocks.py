"""Nested blocks to values: a list of objects for each type, dynamic blocks expanded in their place."""

from __future__ import annotations

from collections.abc import Sequence

from srmcheck.loaders.terraform.hcl.access import lift_errors
from srmcheck.loaders.terraform.hcl.config import Nested
from srmcheck.loaders.terraform.hcl.convert import NotKnown, TfSet, check_items, type_name
from srmcheck.loaders.terraform.hcl.evaluate import Evaluator
from srmcheck.loaders.terraform.hcl.expansion import open_entries
from srmcheck.loaders.terraform.hcl.partial import EvalError, Whole, derive, each_world
from srmcheck.loaders.terraform.hcl.references import static_traversal
from srmcheck.loaders.terraform.hcl.scope import Scope
from srmcheck.loaders.terraform.hcl.syntax import Block
from srmcheck.values import ABSENT, Node, Reference, Spread, Unknown, lift


def block_type(block: Block) -> str:
    """The type that a block, or the blocks a dynamic block makes, have."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def nested_types(blocks: Sequence[Nested]) -> dict[str, None]:
    """The types of the blocks, in order of first appearance."""
    return dict.fromkeys(block_type(nested.block) for nested in blocks)


def block_list(evaluator: Evaluator, blocks: Sequence[Nested], kind: str, scope: Scope) -> Node:
    """All blocks of one type as a list of objects. Raises EvalError."""
    items: list[Node] = []
    for nested in blocks:
        block = nested.block
        if block_type(block) != kind:
            continue
        inner = scope.at(nested.source)
        if block.type == "dynamic":
            items.extend(_dynamic(evaluator, block, inner))
        else:
            items.append(block_value(evaluator, block, inner))
        check_items(len(items))
    return Node(items)


def block_value(evaluator: Evaluator, block: Block, scope: Scope) -> Node:
    """One block as an object: its arguments, and lists for its blocks. Null arguments are left out."""
    content: dict[str, Node] = {}
    for name, attribute in block.body.attributes.items():
        node = evaluator.evaluate(attribute.expr, scope)
        if node.value is not None:
            content[name] = node
    nested = [Nested(inner, scope.source) for inner in block.body.blocks]
    for kind in nested_types(nested):
        content[kind] = block_list(evaluator, nested, kind, scope)
    return Node(content)


def _dynamic(evaluator: Evaluator, block: Block, scope: Scope) -> list[Node]:
    """The blocks that a dynamic block makes; a Spread where their number is open or unknown."""
    attributes = block.body.attributes
    if "for_each" not in attributes:
        raise EvalError("Missing for_each", "A dynamic block needs a for_each argument.")
    content = next((inner for inner in block.body.blocks if inner.type == "content"), None)
    if content is None:
        raise EvalError("Missing content", "A dynamic block needs a content block.")
    iterator = block_type(block)
    if "iterator" in attributes:
        names = static_traversal(attributes["iterator"].expr)
        iterator = names[0] if names else iterator
    collection = evaluator.resolved(evaluator.evaluate(attributes["for_each"].expr, scope), scope)
    made = each_world(
        [collection],
        lambda picked: lift_errors(picked[0], lambda branch: _blocks(evaluator, content, iterator, branch, scope)),
        deep=open_entries(collection),
    )
    if isinstance(made.value, list):
        return made.value
    return [Node(Spread(made))]


def _blocks(evaluator: Evaluator, content: Block, iterator: str, collection: Node, scope: Scope) -> Node:
    try:
        pairs = _pairs(collection)
    except NotKnown:
        evaluator.unread["dynamic block"] += 1
        return derive("", collection)
    items: list[Node] = []
    for key, value in pairs:
        if isinstance(value.value, Spread):
            items.append(Node(Spread(_spread(evaluator, content, iterator, value.value.of, scope))))
        else:
            items.append(_one(evaluator, content, iterator, key, value, scope))
    return Node(items)


def _one(evaluator: Evaluator, content: Block, iterator: str, key: Node, value: Node, scope: Scope) -> Node:
    inner = scope.with_name(iterator, Node({"key": key, "value": value}))
    return block_value(evaluator, content, inner)


def _spread(evaluator: Evaluator, content: Block, iterator: str, of: Node, scope: Scope) -> Node:
    """The blocks of elements that may not be there, or of an unknown number of them."""

    def one(branch: Node) -> Node:
        if not isinstance(branch.value, list):
            evaluator.unread["dynamic block"] += 1
            return derive("", branch)
        key = derive("", branch, reason="index not known")
        return Node([_one(evaluator, content, iterator, key, item, scope) for item in branch.value])

    return lift(of, one)


def _pairs(node: Node) -> list[tuple[Node, Node]]:
    """Keys and values of what a dynamic block runs over. Raises NotKnown and EvalError."""
    value = node.value
    if isinstance(value, (Unknown, Reference, Whole)):
        raise NotKnown
    if isinstance(value, dict):
        return [(Node(key), value[key]) for key in sorted(value) if value[key].value is not ABSENT]
    if isinstance(value, TfSet):
        return [(item, item) for item in value]
    if isinstance(value, list):
        return [(Node(at), item) for at, item in enumerate(value)]
    raise EvalError("Invalid for_each argument", f"A dynamic block needs a list, set or map, not {type_name(value)}.")
