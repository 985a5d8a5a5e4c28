"""Between nodes and plain values, and between Terraform's types."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from srmcheck.loaders.terraform.hcl.partial import MAX_ITEMS, MAX_LENGTH, EvalError, Whole, derive, each_world
from srmcheck.values import ABSENT, Choice, Json, Node, Reference, Spread, Text, Unknown, Value


class TfSet(list[Node]):
    """A set: sorted, without duplicates, its elements are their own keys."""

    __slots__ = ()


class TfList(list[Node]):
    """A list that is typed as one: never equal to a tuple, as `[...]` is."""

    __slots__ = ()


class TfMap(dict[str, Node]):
    """A map that is typed as one: never equal to an object, as `{...}` is."""

    __slots__ = ()


class NotKnown(Exception):
    """A value that would be needed is not known."""


def number_text(value: int | float) -> str:
    """A number as Terraform writes it: without exponent."""
    if isinstance(value, int):
        return str(value)
    from decimal import Decimal

    return format(Decimal(repr(value)), "f")


def type_name(value: Value) -> str:
    """What a value is, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, (str, Text, Json, Reference)):
        return "a string"
    if isinstance(value, TfSet):
        return "a set"
    return "a list" if isinstance(value, list) else "an object"


def to_string(value: Value) -> str | None:
    """A known scalar as a string; null stays null. Raises EvalError for what is none, NotKnown for what is unknown."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, Json):
        return json_text(plain(value.of))
    if isinstance(value, (Unknown, Reference, Text, Choice, Spread)):
        raise NotKnown
    raise EvalError("Unsuitable value", f"A string is required here, not {type_name(value)}.")


def to_number(value: Value) -> int | float | None:
    """A known scalar as a number; null stays null. Raises like to_string."""
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    if isinstance(value, str):
        return parse_number(value)
    if isinstance(value, (Unknown, Reference, Text, Choice, Spread)):
        raise NotKnown
    raise EvalError("Unsuitable value", f"A number is required here, not {type_name(value)}.")


def parse_number(text: str) -> int | float:
    """The number that a string holds. Raises EvalError."""
    from decimal import Decimal, InvalidOperation

    try:
        exact = Decimal(text) if len(text) <= 400 and text.isascii() and "_" not in text else Decimal("NaN")
    except InvalidOperation:
        exact = Decimal("NaN")
    if not exact.is_finite() or abs(exact.adjusted()) > 300:
        raise EvalError("Unsuitable value", "A number is required here, not this string.")
    return number(exact)


def number(exact: Any) -> int | float:
    """A Decimal in canonical form: an integral number is an int."""
    if exact == exact.to_integral_value():
        return int(exact)
    return float(exact)


def to_bool(value: Value) -> bool | None:
    """A known scalar as a boolean; null stays null. Raises like to_string."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if value in ("true", "1"):
            return True
        if value in ("false", "0"):
            return False
        raise EvalError("Unsuitable value", "A boolean is required here, not this string.")
    if isinstance(value, (Unknown, Reference, Text, Choice, Spread)):
        raise NotKnown
    raise EvalError("Unsuitable value", f"A boolean is required here, not {type_name(value)}.")


def plain(node: Node) -> Any:
    """The node as plain Python data, sets as sorted lists. Raises NotKnown if any of it is not known."""
    value = node.value
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Whole):
        raise NotKnown
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item.value is not ABSENT}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Json):
        return json_text(plain(value.of))
    if value is ABSENT:
        return None
    raise NotKnown


def nodes(value: Any) -> Node:
    """Plain data as a node; a Node stays itself."""
    if isinstance(value, Node):
        return value
    if isinstance(value, dict):
        return Node({str(key): nodes(item) for key, item in value.items()})
    if isinstance(value, list):
        return Node([nodes(item) for item in value])
    return Node(value)


def json_text(value: Any) -> str:
    """JSON as jsonencode writes it: sorted keys, no spaces, `<>&` and line separators escaped."""
    text = json.dumps(_jsonable(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for character in "<>&\u2028\u2029":
        if character in text:
            text = text.replace(character, f"\\u{ord(character):04x}")
    if len(text) > MAX_LENGTH:
        raise EvalError("Value too large", "The JSON text is longer than srmcheck keeps.")
    return text


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    return value


def string_list(items: Iterable[str]) -> Node:
    """A list of strings."""
    return Node([Node(item) for item in items])


def unify(items: list[Node]) -> list[Node]:
    """Elements in one type, as lists, sets and maps hold them: a string among scalars makes all of them strings."""
    kinds = {type(item.value) for item in items if isinstance(item.value, (bool, int, float, str))}
    if len(kinds) < 2 or kinds == {int, float} or not (str in kinds or bool in kinds):
        return items
    return [item.with_value(to_string(item.value)) if type(item.value) in kinds else item for item in items]


def sort_key(value: Value) -> tuple[int, Any]:
    """An order for the elements of a set, as Terraform has it for strings and numbers."""
    if isinstance(value, bool):
        return (0, value)
    if isinstance(value, (int, float)):
        return (1, value)
    if isinstance(value, str):
        return (2, value)
    return (3, 0)


def make_set(items: list[Node]) -> TfSet:
    """A set of the elements, in one type, sorted, known duplicates dropped."""
    result = TfSet()
    seen: set[Any] = set()
    for item in unify(items):
        value = item.value
        if isinstance(value, (bool, int, float, str, Reference)):
            key: Any = (type(value) if isinstance(value, bool) else None, value)
        else:
            try:
                key = json.dumps(plain(item), sort_keys=True)
            except NotKnown:
                key = None
        if key is None or key not in seen:
            if key is not None:
                seen.add(key)
            result.append(item)
    result.sort(key=lambda item: sort_key(item.value))
    return result


def check_items(count: int) -> None:
    """Refuse collections that are too large to go on with. Raises EvalError."""
    if count > MAX_ITEMS:
        raise EvalError("Value too large", f"A collection of more than {MAX_ITEMS} elements is not evaluated.")


def elements(node: Node) -> list[Node]:
    """The elements of a list or set, the values of a map. Raises NotKnown, or EvalError for what has none."""
    value = node.value
    if isinstance(value, Whole):
        raise NotKnown
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if isinstance(value, (Unknown, Reference, Choice, Spread)):
        raise NotKnown
    raise EvalError("Unsuitable value", f"A list, set or map is required here, not {type_name(value)}.")


def scalar(node: Node, name: str, apply: Any) -> Node:
    """`apply` to the known value of the node, in each world; unknown if it is not known."""

    def one(picked: list[Node]) -> Node:
        try:
            return Node(apply(picked[0].value), None, picked[0].origin, picked[0].secret)
        except NotKnown:
            return derive("", picked[0])

    return each_world([node], one, text=name)
