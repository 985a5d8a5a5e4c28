"""Functions of maps and objects."""

from __future__ import annotations

from srmcheck.loaders.terraform.hcl import access, logic
from srmcheck.loaders.terraform.hcl.convert import NotKnown, check_items, to_string
from srmcheck.loaders.terraform.hcl.functions.base import (
    Context,
    OverNodes,
    Pure,
    elements,
    entries,
    fixed,
    open_members,
    take,
)
from srmcheck.loaders.terraform.hcl.partial import EvalError, Whole, derive, each_world
from srmcheck.values import ABSENT, Choice, Node, lift


def merge(context: Context, args: list[Node]) -> Node:
    """Later maps override. An entry that is only there under a condition leaves the earlier one where it is not."""
    merged: dict[str, Node] = {}
    for arg in args:
        if arg.value is None:
            continue
        for key, item in entries(arg).items():
            before = merged.get(key)
            if before is not None and isinstance(item.value, Choice):
                merged[key] = lift(item, lambda branch, old=before: old if branch.value is ABSENT else branch)  # type: ignore[misc]
            elif item.value is not ABSENT:
                merged[key] = item
        check_items(len(merged))
    return Node(merged)


def keys(context: Context, args: list[Node]) -> Node:
    take(args, 1, 1)
    if open_members(args[0]):
        return each_world([args[0]], lambda picked: keys(context, picked), deep=True)
    return Node([Node(key) for key, item in sorted(entries(args[0]).items()) if item.value is not ABSENT])


def values(context: Context, args: list[Node]) -> Node:
    take(args, 1, 1)
    if open_members(args[0]):
        return each_world([args[0]], lambda picked: values(context, picked), deep=True)
    return Node([item for _, item in sorted(entries(args[0]).items()) if item.value is not ABSENT])


def lookup(context: Context, args: list[Node]) -> Node:
    take(args, 2, 3)
    table, key = args[0], context.resolved(args[1])
    default = args[2] if len(args) == 3 else None
    variable = logic.variable_of(key, context.evaluator.domains)
    if isinstance(table.value, dict) and variable is not None and not isinstance(table.value, Whole):
        items = [(name, table.value[name]) for name in sorted(table.value)]
        if 0 < len(items) <= 16:
            return access.among(variable, items, default)
    try:
        name = to_string(key.value)
    except NotKnown:
        return derive("", key, table)
    if isinstance(table.value, dict) and not isinstance(table.value, Whole):
        found = table.value.get(name or "")
        if found is None or found.value is ABSENT:
            if default is None:
                raise EvalError("Missing key", "The map has no such key, and lookup has no default.")
            return default
        if isinstance(found.value, Choice) and default is not None:
            return lift(found, lambda branch: default if branch.value is ABSENT else branch)
        return access.index(table, Node(name), context.evaluator.domains)
    entries(table)
    raise NotKnown


def zipmap(context: Context, args: list[Node]) -> Node:
    take(args, 2, 2)
    names, items = fixed(elements(context.resolved(args[0]))), fixed(elements(args[1]))
    if len(names) != len(items):
        raise EvalError("Different lengths", "zipmap needs as many keys as values.")
    return Node({to_string(name.value) or "": item for name, item in zip(names, items, strict=True)})


def _transpose(table: dict[str, list[str]]) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {}
    for key in sorted(table):
        if not isinstance(table[key], list):
            raise EvalError("Unsuitable value", "transpose needs a map of lists of strings.")
        for item in table[key]:
            turned.setdefault(to_string(item) or "", []).append(key)
    return {key: sorted(turned[key]) for key in sorted(turned)}


FUNCTIONS: dict[str, Pure | OverNodes] = {
    "keys": keys,
    "lookup": lookup,
    "merge": merge,
    "transpose": Pure(_transpose, "map"),
    "values": values,
    "zipmap": zipmap,
}
