"""Numbers: + - * / %, comparison, and negation."""

from __future__ import annotations

from srmcheck.loaders.terraform.hcl.convert import NotKnown, number, to_number
from srmcheck.loaders.terraform.hcl.partial import EvalError, derive, describe, each_world
from srmcheck.values import Node

COMPARISONS = frozenset({"<", ">", "<=", ">="})


def negative(node: Node) -> Node:
    """`-x`"""

    def one(picked: list[Node]) -> Node:
        try:
            value = to_number(picked[0].value)
        except NotKnown:
            text = describe(picked[0])
            return derive(f"-{text}" if text else "", picked[0])
        return Node(-_present(value), secret=picked[0].secret)

    return each_world([node], one)


def binary(operator: str, left: Node, right: Node) -> Node:
    """`left operator right`, for all but logic and equality."""

    def one(pair: list[Node]) -> Node:
        first, second = pair
        try:
            values = _present(to_number(first.value)), _present(to_number(second.value))
        except NotKnown:
            texts = describe(first), describe(second)
            return derive(f"{texts[0]} {operator} {texts[1]}" if all(texts) else "", first, second)
        return Node(_apply(operator, *values), secret=first.secret or second.secret)

    return each_world([left, right], one)


def _present(value: int | float | None) -> int | float:
    if value is None:
        raise EvalError("Null operand", "A number is required here, not null.")
    return value


def _apply(operator: str, left: int | float, right: int | float) -> int | float | bool:
    match operator:
        case "<":
            return left < right
        case ">":
            return left > right
        case "<=":
            return left <= right
        case ">=":
            return left >= right
    if isinstance(left, int) and isinstance(right, int) and operator in "+-*":
        result = left + right if operator == "+" else left - right if operator == "-" else left * right
        return _bounded(result)
    if operator in "/%" and right == 0:
        raise EvalError("Division by zero", "The right side of / and % must not be zero.")
    return _exact(operator, left, right)


def _bounded(value: int) -> int:
    if abs(value).bit_length() > 2048:
        raise EvalError("Number out of range", "The result has more digits than Terraform keeps.")
    return value


def _exact(operator: str, left: int | float, right: int | float) -> int | float:
    """Decimal arithmetic, so that 0.1 + 0.2 is 0.3 as in Terraform."""
    from decimal import Context, Decimal, InvalidOperation

    context = Context(prec=160, Emax=10_000, Emin=-10_000)
    first, second = (Decimal(value) if isinstance(value, int) else Decimal(repr(value)) for value in (left, right))
    try:
        match operator:
            case "+":
                result = context.add(first, second)
            case "-":
                result = context.subtract(first, second)
            case "*":
                result = context.multiply(first, second)
            case "/":
                result = context.divide(first, second)
            case _:
                result = context.remainder(first, second)
    except (InvalidOperation, ArithmeticError):
        raise EvalError("Number out of range", "The result has more digits than Terraform keeps.") from None
    if not result.is_finite() or result.adjusted() > 300:
        raise EvalError("Number out of range", "The result has more digits than Terraform keeps.")
    return number(result)
