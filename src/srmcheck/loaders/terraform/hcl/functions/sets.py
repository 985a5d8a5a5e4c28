"""Functions of sets."""

from __future__ import annotations

from srmcheck.loaders.terraform.hcl.convert import make_set, plain
from srmcheck.loaders.terraform.hcl.functions.base import Context, OverNodes, elements, fixed, wrong_number
from srmcheck.values import Node, Spread, Unknown


def setunion(context: Context, args: list[Node]) -> Node:
    items: list[Node] = []
    for arg in args:
        if isinstance(arg.value, Unknown):
            items.append(Node(Spread(arg)))
        else:
            items.extend(elements(arg, "A set"))
    return Node(make_set(items))


def _known(context: Context, arg: Node) -> list[Node]:
    items = fixed(elements(context.resolved(arg), "A set"))
    for item in items:
        plain(item)
    return items


def setintersection(context: Context, args: list[Node]) -> Node:
    if not args:
        raise wrong_number()
    kept = _known(context, args[0])
    for arg in args[1:]:
        other = [plain(item) for item in _known(context, arg)]
        kept = [item for item in kept if plain(item) in other]
    return Node(make_set(kept))


def setsubtract(context: Context, args: list[Node]) -> Node:
    if len(args) != 2:
        raise wrong_number()
    other = [plain(item) for item in _known(context, args[1])]
    return Node(make_set([item for item in _known(context, args[0]) if plain(item) not in other]))


FUNCTIONS: dict[str, OverNodes] = {
    "setintersection": setintersection,
    "setsubtract": setsubtract,
    "setunion": setunion,
}
