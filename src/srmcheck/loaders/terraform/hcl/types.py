"""Type constraints of variables, and the conversion of values to them, defaults of optional attributes included.

Sources: developer.hashicorp.com/terraform/language/expressions/type-constraints,
github.com/hashicorp/hcl/tree/main/ext/typeexpr
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from srmcheck.loaders.terraform.hcl import syntax as s
from srmcheck.loaders.terraform.hcl.access import lift_errors
from srmcheck.loaders.terraform.hcl.convert import (
    NotKnown,
    TfList,
    TfMap,
    make_set,
    to_bool,
    to_number,
    to_string,
    type_name,
    unify,
)
from srmcheck.loaders.terraform.hcl.partial import EvalError, Whole, fail
from srmcheck.values import ABSENT, Json, Node, Reference, Spread, Text, Unknown, Value, lift

Kind = Literal["any", "string", "number", "bool", "list", "set", "map", "object", "tuple"]


@dataclass(frozen=True)
class Attribute:
    """One attribute of an object type. `default` None: none is given (null where the attribute is left out)."""

    type: Type
    optional: bool = False
    default: Node | None = None


@dataclass(frozen=True)
class Type:
    """A type constraint: `of` for collections, `attributes` for objects, `items` for tuples."""

    kind: Kind = "any"
    of: Type | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    items: tuple[Type, ...] = ()


ANY = Type()
_PRIMITIVES: Mapping[str, Type] = {
    "any": ANY,
    "string": Type("string"),
    "number": Type("number"),
    "bool": Type("bool"),
    "list": Type("list", ANY),
    "map": Type("map", ANY),
    "set": Type("set", ANY),
}
_COLLECTIONS: Mapping[str, Kind] = {"list": "list", "set": "set", "map": "map"}


def parse_type(expr: s.Expr, constant: Callable[[s.Expr], Node]) -> Type:
    """The type that an expression writes; what is not understood is `any`. `constant` evaluates a default."""
    if isinstance(expr, s.Wrapped):
        return parse_type(expr.of, constant)
    if isinstance(expr, s.Name):
        return _PRIMITIVES.get(expr.name, ANY)
    if isinstance(expr, s.Literal) and isinstance(expr.value, str):
        return _PRIMITIVES.get(expr.value, ANY)
    if not isinstance(expr, s.FunctionCall) or not expr.args:
        return ANY
    inner = expr.args[0]
    if expr.name in _COLLECTIONS:
        return Type(_COLLECTIONS[expr.name], parse_type(inner, constant))
    if expr.name == "tuple" and isinstance(inner, s.TupleCons):
        return Type("tuple", items=tuple(parse_type(item, constant) for item in inner.items))
    if expr.name == "object" and isinstance(inner, s.ObjectCons):
        attributes = {}
        for item in inner.items:
            name = item.key.name if isinstance(item.key, s.Name) else getattr(item.key, "value", None)
            if isinstance(name, str):
                attributes[name] = _attribute(item.value, constant)
        return Type("object", attributes=attributes)
    return ANY


def _attribute(expr: s.Expr, constant: Callable[[s.Expr], Node]) -> Attribute:
    if isinstance(expr, s.FunctionCall) and expr.name == "optional" and expr.args:
        default = constant(expr.args[1]) if len(expr.args) > 1 else None
        return Attribute(parse_type(expr.args[0], constant), True, default)
    return Attribute(parse_type(expr, constant))


def convert(node: Node, wanted: Type) -> Node:
    """The node as a value of the type. Unknown parts stay as they are. Raises EvalError where it does not fit."""
    if wanted.kind == "any":
        return node
    return lift_errors(node, lambda branch: _convert(branch, wanted))


def _convert(node: Node, wanted: Type) -> Node:
    value = node.value
    if value is None or value is ABSENT or isinstance(value, (Unknown, Reference, Whole)):
        return node
    if isinstance(value, Spread):
        return node.with_value(Spread(lift(value.of, lambda branch: _spread(branch, wanted))))
    match wanted.kind:
        case "string" | "number" | "bool":
            return node.with_value(_primitive(value, wanted.kind))
        case "list" | "set":
            return node.with_value(_collection(value, wanted))
        case "map":
            if not isinstance(value, dict):
                raise _mismatch("a map", value)
            assert wanted.of is not None
            content = {key: convert(item, wanted.of) for key, item in value.items()}
            return node.with_value(TfMap(zip(content, _unified(list(content.values()), wanted.of), strict=True)))
        case "tuple":
            if not isinstance(value, list) or len(value) != len(wanted.items):
                raise _mismatch(f"a tuple of {len(wanted.items)} elements", value)
            return node.with_value([convert(item, of) for item, of in zip(value, wanted.items, strict=True)])
        case "object":
            return node.with_value(_object(value, wanted))
    return node


def _spread(node: Node, wanted: Type) -> Node:
    if not isinstance(node.value, list):
        return node
    try:
        return node.with_value([convert(item, wanted) for item in node.value])
    except EvalError as error:
        return fail(error)


def _primitive(value: Value, kind: Kind) -> Value:
    if isinstance(value, (Text, Json)) and kind == "string":
        return value
    try:
        if kind == "string":
            return to_string(value)
        return to_number(value) if kind == "number" else to_bool(value)
    except NotKnown:
        return value


def _collection(value: Value, wanted: Type) -> list[Node]:
    if not isinstance(value, list):
        raise _mismatch(f"a {wanted.kind}", value)
    assert wanted.of is not None
    items = _unified([convert(item, wanted.of) for item in value], wanted.of)
    return make_set(items) if wanted.kind == "set" else TfList(items)


def _unified(items: list[Node], of: Type) -> list[Node]:
    return unify(items) if of.kind == "any" else items


def _object(value: Value, wanted: Type) -> dict[str, Node]:
    if not isinstance(value, dict):
        raise _mismatch("an object", value)
    content: dict[str, Node] = {}
    for name, attribute in wanted.attributes.items():
        given = value.get(name)
        if given is None or given.value is ABSENT:
            if not attribute.optional:
                raise EvalError("Missing attribute", "The value lacks an attribute that the variable's type requires.")
            given = Node(None)
        if attribute.optional and attribute.default is not None and given.value is None:
            given = attribute.default
        content[name] = convert(given, attribute.type)
    return content


def _mismatch(wanted: str, value: Value) -> EvalError:
    return EvalError("Unsuitable value", f"The variable's type requires {wanted}, not {type_name(value)}.")
