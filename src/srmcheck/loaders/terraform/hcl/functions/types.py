"""Conversions: tostring, tonumber, tobool, tolist, toset, tomap."""

from __future__ import annotations

from collections.abc import Callable

from srmcheck.loaders.terraform.hcl.convert import (
    TfList,
    TfMap,
    TfSet,
    make_set,
    to_bool,
    to_number,
    to_string,
    type_name,
    unify,
)
from srmcheck.loaders.terraform.hcl.functions.base import Context, OverNodes, open_members, wrong_number
from srmcheck.loaders.terraform.hcl.partial import EvalError, Whole, each_world
from srmcheck.values import ABSENT, Json, Node, Reference, Text, Unknown, Value


def _one(args: list[Node]) -> Node:
    if len(args) != 1:
        raise wrong_number()
    return args[0]


def _scalar(convert: Callable[[Value], Value], text: bool) -> OverNodes:
    def apply(context: Context, args: list[Node]) -> Node:
        node = _one(args)
        if text and isinstance(node.value, (Reference, Text, Json)):
            return node
        if isinstance(node.value, Unknown):
            return node
        node = context.resolved(node)
        return node.with_value(convert(node.value))

    return apply


def _tolist(context: Context, args: list[Node]) -> Node:
    node = _one(args)
    value = node.value
    if value is None or isinstance(value, (Unknown, Reference)):
        return node
    if isinstance(value, list):
        return node.with_value(TfList(unify(list(value))))
    raise EvalError("Unsuitable value", f"A list or set is required here, not {type_name(value)}.")


def _toset(context: Context, args: list[Node]) -> Node:
    node = _one(args)
    if open_members(node):
        return each_world([node], lambda picked: _toset(context, picked), deep=True)
    value = node.value
    if value is None or isinstance(value, (Unknown, TfSet)):
        return node
    if isinstance(value, Reference):
        return context.resolved(node)
    if isinstance(value, list):
        return node.with_value(make_set(list(value)))
    raise EvalError("Unsuitable value", f"A list or set is required here, not {type_name(value)}.")


def _tomap(context: Context, args: list[Node]) -> Node:
    node = _one(args)
    value = node.value
    if value is None or isinstance(value, (Unknown, Reference, Whole)):
        return node
    if isinstance(value, dict):
        items = unify([item for item in value.values() if item.value is not ABSENT])
        keys = [key for key, item in value.items() if item.value is not ABSENT]
        return node.with_value(TfMap(zip(keys, items, strict=True)))
    raise EvalError("Unsuitable value", f"A map or object is required here, not {type_name(value)}.")


FUNCTIONS: dict[str, OverNodes] = {
    "tostring": _scalar(to_string, True),
    "tonumber": _scalar(to_number, False),
    "tobool": _scalar(to_bool, False),
    "tolist": _tolist,
    "toset": _toset,
    "tomap": _tomap,
}
