"""Functions that make lists of lists, or of numbers."""

from __future__ import annotations

from srmcheck.loaders.terraform.hcl.convert import TfSet, check_items, plain, to_number
from srmcheck.loaders.terraform.hcl.functions.base import (
    Context,
    OverNodes,
    Pure,
    elements,
    fixed,
    take,
)
from srmcheck.loaders.terraform.hcl.partial import EvalError
from srmcheck.values import Node


def chunklist(context: Context, args: list[Node]) -> Node:
    take(args, 2, 2)
    items = fixed(elements(args[0]))
    size = to_number(context.resolved(args[1]).value)
    if size is None or size < 0:
        raise EvalError("Invalid size", "The size of chunks must be zero or more.")
    step = int(size) or max(len(items), 1)
    return Node([Node(items[at : at + step]) for at in range(0, len(items), step)])


def setproduct(context: Context, args: list[Node]) -> Node:
    """All combinations, in order; a set if all arguments are sets."""
    take(args, 2)
    lists = [fixed(elements(arg)) for arg in args]
    size = 1
    for items in lists:
        size *= len(items)
        check_items(size)
    combinations: list[list[Node]] = [[]]
    for items in lists:
        combinations = [[*combination, item] for combination in combinations for item in items]
    products = [Node(combination) for combination in combinations]
    return Node(TfSet(products) if all(isinstance(arg.value, TfSet) for arg in args) else products)


def matchkeys(context: Context, args: list[Node]) -> Node:
    """The values whose keys are among those searched."""
    take(args, 3, 3)
    items, names = fixed(elements(args[0])), fixed(elements(context.resolved(args[1])))
    searched = [plain(item) for item in fixed(elements(context.resolved(args[2])))]
    if len(items) != len(names):
        raise EvalError("Different lengths", "matchkeys needs as many keys as values.")
    return Node([item for item, name in zip(items, names, strict=True) if plain(name) in searched])


def _range(*limits: int | float) -> list[int | float]:
    start, end = (0, limits[0]) if len(limits) == 1 else limits[:2]
    step = limits[2] if len(limits) == 3 else (1 if start <= end else -1)
    if step == 0 or ((start < end) != (step > 0) and start != end):
        raise EvalError("Invalid step", "The step of range leads away from its end.")
    items: list[int | float] = []
    current = start
    while current < end if step > 0 else current > end:
        items.append(current)
        if len(items) > 1024:
            raise EvalError("Value too large", "range gives more than 1024 numbers.")
        current += step
    return items


FUNCTIONS: dict[str, Pure | OverNodes] = {
    "chunklist": chunklist,
    "matchkeys": matchkeys,
    "range": Pure(_range, "number", "number", "number", optional=2),
    "setproduct": setproduct,
}
