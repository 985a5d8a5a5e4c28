"""Ref, Fn::GetAtt and Fn::ImportValue: values that something else gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from srmcheck.loaders.cloudformation import scalars
from srmcheck.loaders.cloudformation.choices import placed
from srmcheck.loaders.cloudformation.evaluate import PER_NODE, TOO_LARGE, UNDECLARED, Call
from srmcheck.loaders.cloudformation.notes import safe_name
from srmcheck.loaders.cloudformation.tree import Leaf, Tree
from srmcheck.values import Choice, Node, Origin, Reference, Unknown


def named_value(call: Call, name: str, at: Tree) -> Node:
    """What `name` means in a Ref, or in `${name}`: a parameter, a pseudo parameter, a resource; with a dot, an attribute
    of a resource."""
    context = call.evaluator.context
    if name in context.names:
        node = context.names[name]
        if isinstance(node.value, (list, Choice)):
            size = len(node.value) if isinstance(node.value, list) else len(node.value.branches)
            if not context.spend(PER_NODE * size):
                return call.node(Unknown(TOO_LARGE), node.origin, node.secret)
        return placed(node, call.place)
    if name in context.resources:
        return call.node(Reference(name, "Ref"), Origin("reference", name))
    if "." in name:
        address, attribute = name.split(".", 1)
        return attribute_of(call, address, attribute, at)
    return _undeclared(call, name, at)


def attribute_of(call: Call, address: str, attribute: str, at: Tree) -> Node:
    """An attribute of a resource of the template."""
    if address in call.evaluator.context.resources:
        return call.node(Reference(address, attribute), Origin("reference", address))
    return _undeclared(call, address, at)


def _undeclared(call: Call, name: str, at: Tree) -> Node:
    context = call.evaluator.context
    shown = safe_name(name)
    if context.loose is not None:
        return call.node(Unknown(context.loose, shown), Origin("reference", shown or ""))
    context.notes.add(
        "Reference to something undeclared",
        at,
        f"The template declares no parameter or resource {shown}; the value is unknown."
        if shown
        else "The template declares no parameter or resource of this name; the value is unknown.",
        "CloudFormation would refuse the template, unless a macro adds the declaration",
    )
    return call.node(Unknown(UNDECLARED, shown), Origin("reference", shown or ""))


def ref(call: Call) -> Node:
    """Ref: the value of a parameter, or what AWS gives back for a resource."""

    def look_up(nodes: Sequence[Node]) -> Node:
        name = nodes[0].value
        if isinstance(name, str):
            return named_value(call, name, call.tree)
        return _open_name(call, nodes[0], "the name of a parameter or resource")

    return call.distribute([_name_node(call, call.argument)], look_up)


def get_att(call: Call) -> Node:
    """Fn::GetAtt: `Id.Attribute`, or a list of the two, the attribute with dots or in several elements."""
    expected = "a resource and an attribute"
    if isinstance(call.argument, Leaf):
        names = [Node(part) for part in scalars.text_of(call.argument.value).split(".", 1)]
    else:
        arguments = call.arguments(2, 10)
        if arguments is None:
            return call.malformed(expected)
        names = [_name_node(call, argument) for argument in arguments]
    if len(names) < 2:
        return call.malformed(expected)

    def look_up(nodes: Sequence[Node]) -> Node:
        texts = [node.value for node in nodes]
        if all(isinstance(text, str) for text in texts):
            address, *attribute = (str(text) for text in texts)
            return attribute_of(call, address, ".".join(attribute), call.tree)
        return _open_name(call, next(node for node in nodes if not isinstance(node.value, str)), expected)

    return call.distribute(names, look_up)


def _name_node(call: Call, tree: Tree) -> Node:
    if isinstance(tree, Leaf):
        return Node(scalars.text_of(tree.value))
    return call.evaluator.node(tree, call.path)


def _open_name(call: Call, node: Node, expected: str) -> Node:
    if isinstance(node.value, Unknown):
        return call.node(Unknown("reference by a name that is not known", node.value.name), Origin("reference"))
    return call.malformed(expected)


def import_value(call: Call) -> Node:
    """Fn::ImportValue: what another stack exports."""
    name = call.argument_node().value
    shown = safe_name(name) if isinstance(name, str) else None
    return call.node(Unknown("import from another stack", shown), Origin("data", shown or ""))


def get_stack_output(call: Call) -> Node:
    """Fn::GetStackOutput: an output of another stack."""
    return call.node(Unknown("output of another stack"), Origin("data"))


def get_azs(call: Call) -> Node:
    """Fn::GetAZs: the availability zones that the account has in a region."""
    return call.node(Unknown("availability zones of the account"), Origin("data"))


REFERENCE_FUNCTIONS: dict[str, Callable[[Call], Node]] = {
    "Fn::GetAZs": get_azs,
    "Fn::GetAtt": get_att,
    "Fn::GetStackOutput": get_stack_output,
    "Fn::ImportValue": import_value,
    "Ref": ref,
}
