"""The built-in functions that policies may call: those that both engines have, that are deterministic and offline, and
that a differential test proves equal on awkward arguments (docs: engines).

`tools/capabilities.py` makes `policies/capabilities.json` of this table and of OPA's own list; the lint reads the table.
What is left out, and why, stands in docs/engines.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Builtin:
    """How many arguments a built-in takes, and the type of what it gives ("any" if it depends on them)."""

    arguments: int
    gives: str


BUILTINS: Mapping[str, Builtin] = {
    "abs": Builtin(1, "number"),
    "array.concat": Builtin(2, "array"),
    "array.reverse": Builtin(1, "array"),
    "array.slice": Builtin(3, "array"),
    "concat": Builtin(2, "string"),
    "contains": Builtin(2, "boolean"),
    "count": Builtin(1, "number"),
    "endswith": Builtin(2, "boolean"),
    "format_int": Builtin(2, "string"),
    "indexof": Builtin(2, "number"),
    "intersection": Builtin(1, "set"),
    "is_array": Builtin(1, "boolean"),
    "is_boolean": Builtin(1, "boolean"),
    "is_null": Builtin(1, "boolean"),
    "is_number": Builtin(1, "boolean"),
    "is_object": Builtin(1, "boolean"),
    "is_set": Builtin(1, "boolean"),
    "is_string": Builtin(1, "boolean"),
    "lower": Builtin(1, "string"),
    "max": Builtin(1, "any"),
    "min": Builtin(1, "any"),
    "net.cidr_contains": Builtin(2, "boolean"),
    "net.cidr_is_valid": Builtin(1, "boolean"),
    "numbers.range": Builtin(2, "array"),
    "numbers.range_step": Builtin(3, "array"),
    "object.filter": Builtin(2, "object"),
    "object.get": Builtin(3, "any"),
    "object.keys": Builtin(1, "set"),
    "object.remove": Builtin(2, "object"),
    "object.union": Builtin(2, "object"),
    "object.union_n": Builtin(1, "object"),
    "regex.match": Builtin(2, "boolean"),
    "regex.replace": Builtin(3, "string"),
    "replace": Builtin(3, "string"),
    "sort": Builtin(1, "array"),
    "split": Builtin(2, "array"),
    "startswith": Builtin(2, "boolean"),
    "strings.any_prefix_match": Builtin(2, "boolean"),
    "strings.any_suffix_match": Builtin(2, "boolean"),
    "strings.reverse": Builtin(1, "string"),
    "substring": Builtin(3, "string"),
    "trim": Builtin(2, "string"),
    "trim_left": Builtin(2, "string"),
    "trim_prefix": Builtin(2, "string"),
    "trim_right": Builtin(2, "string"),
    "trim_space": Builtin(1, "string"),
    "trim_suffix": Builtin(2, "string"),
    "type_name": Builtin(1, "string"),
    "union": Builtin(1, "set"),
}

OPERATORS = frozenset(
    {
        "and",
        "assign",
        "eq",
        "equal",
        "gt",
        "gte",
        "internal.member_2",
        "internal.member_3",
        "lt",
        "lte",
        "minus",
        "mul",
        "neq",
        "or",
        "plus",
        "rem",
    }
)
"""The operators of the language, which OPA lists as built-ins: all but division, which makes fractions."""

FEATURES = ("rego_v1",)
"""OPA's language features that both engines have."""


def capabilities(of_opa: Mapping[str, Any]) -> dict[str, Any]:
    """The capabilities that policies are checked with, from all that an OPA has (`opa capabilities --current`).

    Raises LookupError where OPA lacks one of ours, or has it with another number of arguments.
    """
    there = {builtin["name"]: builtin for builtin in of_opa["builtins"]}
    missing = sorted((set(BUILTINS) | OPERATORS) - set(there))
    if missing:
        raise LookupError(f"OPA has no {', '.join(missing)}")
    for name, builtin in BUILTINS.items():
        arguments = len(there[name]["decl"].get("args", ()))
        if arguments != builtin.arguments:
            raise LookupError(f"{name} takes {arguments} arguments in OPA, not {builtin.arguments}")
    return {
        "allow_net": [],
        "builtins": [_without_prose(there[name]) for name in sorted(set(BUILTINS) | OPERATORS)],
        "features": [feature for feature in FEATURES if feature in of_opa["features"]],
        "future_keywords": [],
    }


def _without_prose(value: Any) -> Any:
    """A built-in's declaration without descriptions, which change from release to release."""
    if isinstance(value, Mapping):
        prose = ("description", "categories", "introduced")
        return {key: _without_prose(part) for key, part in value.items() if key not in prose}
    return [_without_prose(part) for part in value] if isinstance(value, list) else value
