"""Open conditions in the words of the template."""

from __future__ import annotations

from srmcheck.conditions import All, AnyOf, Condition, Const, Equals, Named, Not, Opaque, Variable


def condition_text(condition: Condition) -> str:
    """`IsProd`, `not IsProd`, `var.env == "dev" and var.public`."""
    match condition:
        case Const(value):
            return "always" if value else "never"
        case Named(name, _):
            return name
        case Opaque(text):
            return text
        case Equals(left, right):
            return f"{left.name} == {right.name}" if isinstance(right, Variable) else f'{left.name} == "{right}"'
        case Not(of):
            return f"not {_part(of)}"
        case All(of):
            return " and ".join(_part(part) for part in of)
        case AnyOf(of):
            return " or ".join(_part(part) for part in of)


def _part(condition: Condition) -> str:
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, (All, AnyOf)) else text
