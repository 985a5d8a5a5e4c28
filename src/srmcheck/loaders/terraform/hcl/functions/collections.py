"""Functions of lists, maps and objects. Elements move as they are; only what decides is looked at."""

from __future__ import annotations

from srmcheck.loaders.terraform.hcl import access, logic
from srmcheck.loaders.terraform.hcl.convert import (
    NotKnown,
    TfSet,
    check_items,
    plain,
    to_number,
    to_string,
    type_name,
    unify,
)
from srmcheck.loaders.terraform.hcl.functions.base import (
    Context,
    OverNodes,
    Pure,
    elements,
    fixed,
    open_members,
    take,
)
from srmcheck.loaders.terraform.hcl.partial import EvalError, Whole, call_text, derive, each_world
from srmcheck.values import ABSENT, Choice, Json, Node, Reference, Spread, Text, Unknown, lift


def concat(context: Context, args: list[Node]) -> Node:
    items: list[Node] = []
    for arg in args:
        node = context.resolved(arg) if isinstance(arg.value, Reference) else arg
        if isinstance(node.value, Unknown):
            items.append(Node(Spread(node)))
        elif isinstance(node.value, TfSet):
            raise EvalError("Unsuitable value", "concat needs lists, not sets.", "Wrap the set in tolist().")
        else:
            items.extend(elements(node))
        check_items(len(items))
    return Node(items)


def flatten(context: Context, args: list[Node]) -> Node:
    take(args, 1, 1)
    items: list[Node] = []
    _flatten(elements(args[0]), items, 0)
    return Node(items)


def _flatten(nested: list[Node], items: list[Node], depth: int) -> None:
    if depth > 60:
        raise EvalError("Nesting too deep", "The lists are nested too deep to be flattened.")
    for item in nested:
        value = item.value
        if isinstance(value, list):
            _flatten(value, items, depth + 1)
        elif isinstance(value, Spread):
            items.append(item.with_value(Spread(lift(value.of, _flat))))
        elif isinstance(value, Choice):
            items.append(Node(Spread(lift(item, _flat_or_one))))
        elif isinstance(value, Unknown):
            items.append(Node(Spread(item)))
        else:
            items.append(item)
        check_items(len(items))


def _flat(node: Node) -> Node:
    if not isinstance(node.value, list):
        return node
    items: list[Node] = []
    _flatten(node.value, items, 0)
    return node.with_value(items)


def _flat_or_one(node: Node) -> Node:
    return _flat(node) if isinstance(node.value, list) else Node([node])


def compact(context: Context, args: list[Node]) -> Node:
    """Without empty strings and nulls."""
    take(args, 1, 1)
    items: list[Node] = []
    for item in elements(args[0]):
        value = item.value
        if value is None or value == "":
            continue
        if isinstance(value, Choice):
            items.append(Node(Spread(lift(item, lambda branch: Node([] if branch.value in (None, "") else [branch])))))
        elif isinstance(value, Unknown):
            items.append(Node(Spread(item)))
        else:
            items.append(
                item if isinstance(value, (Reference, Text, Json, Spread)) else item.with_value(to_string(value))
            )
    return Node(items)


def distinct(context: Context, args: list[Node]) -> Node:
    take(args, 1, 1)
    if open_members(args[0]):
        return each_world([args[0]], lambda picked: distinct(context, picked), deep=True)
    items: list[Node] = []
    seen: set[str] = set()
    for item in unify(list(elements(args[0]))):
        try:
            key = repr(plain(item))
        except NotKnown:
            key = repr(item.value) if isinstance(item.value, Reference) else ""
        if key and key in seen:
            continue
        seen.add(key)
        items.append(item)
    return Node(items)


def length(context: Context, args: list[Node]) -> Node:
    take(args, 1, 1)
    node = context.resolved(args[0]) if isinstance(args[0].value, Reference) else args[0]
    value = node.value
    if open_members(node):
        return each_world([node], lambda picked: length(context, picked), deep=True, text=call_text("length", [node]))
    if isinstance(value, Whole):
        raise NotKnown
    if isinstance(value, dict):
        return Node(sum(item.value is not ABSENT for item in value.values()))
    if isinstance(value, list):
        return Node(len(fixed(value)))
    if isinstance(value, str):
        return Node(_graphemes(value))
    if isinstance(value, (Unknown, Text, Json, Reference)):
        raise NotKnown
    raise EvalError("Unsuitable value", f"length needs a collection or a string, not {type_name(value)}.")


def _graphemes(text: str) -> int:
    """Characters as a reader counts them, as far as combining marks go."""
    if text.isascii():
        return len(text)
    import unicodedata

    joiners = sum(character == "\u200d" for character in text)
    marks = sum(bool(unicodedata.combining(character)) or character == "\ufe0f" for character in text)
    return max(0, len(text) - marks - 2 * joiners)


def element(context: Context, args: list[Node]) -> Node:
    """The element at an index, counted around."""
    take(args, 2, 2)
    items = fixed(elements(args[0]))
    key = context.resolved(args[1])
    variable = logic.variable_of(key, context.evaluator.domains)
    if not items:
        raise EvalError("Empty list", "element needs a list that is not empty.")
    if isinstance(key.value, Unknown):
        pairs = [(str(at), item) for at, item in enumerate(items)]
        if variable is not None and len(pairs) <= 16:
            return access.among(variable, pairs, None)
        return access.index(args[0], key, context.evaluator.domains)
    at = to_number(key.value)
    if at is None or at != int(at) or at < 0:
        raise EvalError("Invalid index", "The index of element must be a whole number, zero or more.")
    return access.index(Node(list(items)), Node(int(at) % len(items)), context.evaluator.domains)


def contains(context: Context, args: list[Node]) -> Node:
    take(args, 2, 2)
    wanted = context.resolved(args[1])
    result = Node(False)
    uncertain: Node | None = None
    for item in elements(context.resolved(args[0])):
        if isinstance(item.value, Spread):
            if open_members(args[0]):
                return each_world(args, lambda picked: contains(context, picked), deep=True)
            uncertain = item.value.of
            continue
        same = logic.equal(item, wanted, context.evaluator.domains, context.text)
        result = logic.both("||", result, lambda same=same: same, context.evaluator.domains, context.text)  # type: ignore[misc]
        if result.value is True:
            return result
    if uncertain is not None:
        return derive(call_text("contains", args), uncertain, wanted)
    return result


def coalesce(context: Context, args: list[Node]) -> Node:
    """The first argument that is neither null nor an empty string."""
    take(args, 1)
    for position, arg in enumerate(args):
        value = arg.value
        if value is None or value is ABSENT or value == "":
            continue
        if isinstance(value, Reference) and value.attribute not in ("id", "arn", "Ref", "json"):
            found = context.resolved(arg)
            if isinstance(found.value, Unknown):
                return derive(call_text("coalesce", args), *args[position:])
            if found.value in (None, ""):
                continue
        if isinstance(value, Unknown):
            return derive(call_text("coalesce", args), *args[position:])
        return arg
    raise EvalError("No argument", "All arguments of coalesce are null or empty strings.")


def coalescelist(context: Context, args: list[Node]) -> Node:
    """The first list that is not empty."""
    for position, arg in enumerate(args):
        if arg.value is None:
            continue
        try:
            items = fixed(elements(arg))
        except NotKnown:
            return derive(call_text("coalescelist", args), *args[position:])
        if items:
            return arg
    raise EvalError("No argument", "All arguments of coalescelist are null or empty.")


def one(context: Context, args: list[Node]) -> Node:
    """null for no element, the element for one."""
    take(args, 1, 1)
    if open_members(args[0]):
        return each_world([args[0]], lambda picked: one(context, picked), deep=True)
    items = fixed(elements(args[0]))
    if len(items) > 1:
        raise EvalError("More than one element", "one needs a list with at most one element.")
    return items[0] if items else Node(None)


def reverse(context: Context, args: list[Node]) -> Node:
    take(args, 1, 1)
    return Node(list(reversed(elements(args[0]))))


def slice_(context: Context, args: list[Node]) -> Node:
    take(args, 3, 3)
    items = fixed(elements(args[0]))
    start, end = (to_number(context.resolved(arg).value) for arg in args[1:])
    if start is None or end is None or not 0 <= start <= end <= len(items):
        raise EvalError("Invalid index", "The indexes of slice are outside the list.")
    return Node(list(items[int(start) : int(end)]))


def sort(context: Context, args: list[Node]) -> Node:
    """Strings in order. With references among them the order is open, and kept."""
    take(args, 1, 1)
    items = elements(args[0])
    resolved = [context.resolved(item) for item in items]
    try:
        pairs = [(to_string(item.value) or "", item) for item in resolved]
    except NotKnown:
        return Node(list(items))
    return Node([item.with_value(text) for text, item in sorted(pairs, key=lambda pair: pair[0])])


def index(context: Context, args: list[Node]) -> Node:
    """The position of a value."""
    take(args, 2, 2)
    wanted = plain(context.resolved(args[1]))
    for at, item in enumerate(fixed(elements(context.resolved(args[0])))):
        found = plain(item)
        if found == wanted and isinstance(found, bool) == isinstance(wanted, bool):
            return Node(at)
    raise EvalError("Missing value", "The list does not hold the value.")


def _all(context: Context, args: list[Node], operator: str) -> Node:
    take(args, 1, 1)
    result = Node(operator == "&&")
    for item in elements(context.resolved(args[0])):
        if isinstance(item.value, Spread):
            raise NotKnown
        if item.value is None:
            continue
        result = logic.both(operator, result, lambda item=item: item, context.evaluator.domains, context.text)  # type: ignore[misc]
    return result


def alltrue(context: Context, args: list[Node]) -> Node:
    return _all(context, args, "&&")


def anytrue(context: Context, args: list[Node]) -> Node:
    return _all(context, args, "||")


FUNCTIONS: dict[str, Pure | OverNodes] = {
    "alltrue": alltrue,
    "anytrue": anytrue,
    "coalesce": coalesce,
    "coalescelist": coalescelist,
    "compact": compact,
    "concat": concat,
    "contains": contains,
    "distinct": distinct,
    "element": element,
    "flatten": flatten,
    "index": index,
    "length": length,
    "one": one,
    "reverse": reverse,
    "slice": slice_,
    "sort": sort,
}
