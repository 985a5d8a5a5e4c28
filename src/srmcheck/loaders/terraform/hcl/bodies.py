"""The body of a resource as the template holds it."""

from __future__ import annotations

from collections.abc import Callable

from srmcheck.loaders.terraform.hcl.blocks import block_type, nested_types
from srmcheck.loaders.terraform.hcl.instances import META_ARGUMENTS, META_BLOCKS, ResourceInstance
from srmcheck.loaders.terraform.hcl.partial import EvalError
from srmcheck.loaders.terraform.hcl.placing import Blocks, Budget, Placing, TooLarge, Written
from srmcheck.loaders.terraform.hcl.providers import Tags
from srmcheck.loaders.terraform.hcl.syntax import Source
from srmcheck.values import ABSENT, Node, Place, Unknown

Report = Callable[[EvalError], None]


def resource_body(instance: ResourceInstance, budget: Budget, report: Report) -> Node:
    """The body of one instance, without meta-arguments and what is null. Errors are reported, and the argument that has
    one is unknown."""
    content: dict[str, Node] = {}
    declaration = instance.declaration
    placing = Placing(instance.address, instance.module.via, budget)

    def add(name: str, source: Source, written: Written) -> None:
        node = _evaluated(instance, name, report)
        if node.value is None or node.value is ABSENT:
            return
        try:
            content[name] = placing.argument(node, source, written, (name,))
        except TooLarge:
            report(EvalError("Value too large", "The value is larger than srmcheck keeps, and counts as unknown."))
            place = Place(instance.address, (name,), placing.location(written))
            content[name] = Node(Unknown("value too large"), place, secret=node.secret)

    for name, argument in declaration.arguments.items():
        if name not in META_ARGUMENTS:
            add(name, argument.source, argument.attribute.expr)
    blocks = [nested for nested in declaration.blocks if nested.block.type not in META_BLOCKS]
    for name in nested_types(blocks):
        made = [nested for nested in blocks if block_type(nested.block) == name]
        add(name, made[0].source, Blocks([nested.block for nested in made]))
    header = declaration.source.location(declaration.block.start, declaration.block.header_end, instance.module.via)
    return Node(content, Place(instance.address, (), header))


def default_tags(instance: ResourceInstance, tags: Tags | None, budget: Budget) -> Node | None:
    """The tags that the provider configuration of an instance adds; None for none."""
    if tags is None or instance.mode == "data":
        return None
    placing = Placing(instance.address, (), budget)
    try:
        return placing.argument(tags.value, tags.source, tags.written, ("tags_all",))
    except TooLarge:
        return Node(Unknown("value too large"), Place(instance.address, ("tags_all",), placing.location(tags.written)))


def _evaluated(instance: ResourceInstance, name: str, report: Report) -> Node:
    try:
        node = instance.argument(name)
    except EvalError as error:
        report(error)
        return Node(Unknown(f"cannot be evaluated ({error.summary.lower()})"))
    return Node(None) if node is None else node
