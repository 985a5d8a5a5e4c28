"""Functions of numbers."""

from __future__ import annotations

import math

from srmcheck.loaders.terraform.hcl.convert import number
from srmcheck.loaders.terraform.hcl.functions.base import Pure
from srmcheck.loaders.terraform.hcl.partial import EvalError

Number = int | float


def _canonical(value: Number) -> Number:
    if isinstance(value, int):
        return value
    if not math.isfinite(value):
        raise EvalError("Number out of range", "The result is not a finite number.")
    return int(value) if value.is_integer() else value


def _log(value: Number, base: Number) -> Number:
    if value <= 0 or base <= 0 or base == 1:
        raise EvalError("Number out of range", "The logarithm of these numbers is not defined.")
    return _canonical(math.log(value) / math.log(base))


def _pow(base: Number, exponent: Number) -> Number:
    try:
        return _canonical(math.pow(base, exponent))
    except (OverflowError, ValueError):
        raise EvalError("Number out of range", "The power of these numbers is not defined.") from None


def _parseint(text: str, base: Number) -> int:
    digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if not 2 <= base <= 62 or base != int(base):
        raise EvalError("Invalid base", "The base must be a whole number from 2 to 62.")
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if base <= 36:
        rest = rest.lower()
    if not rest or len(rest) > 400 or any(digits.find(character) not in range(int(base)) for character in rest):
        raise EvalError("Not a number", "The string is not a whole number in that base.")
    value = 0
    for character in rest:
        value = value * int(base) + digits.index(character)
    return sign * value


def _sum(numbers: list[Number]) -> Number:
    from decimal import Decimal

    if not numbers:
        raise EvalError("Empty list", "sum needs at least one number.")
    return number(sum(Decimal(repr(item)) for item in numbers))


def _largest(*numbers: Number) -> Number:
    return max(numbers)


def _smallest(*numbers: Number) -> Number:
    return min(numbers)


FUNCTIONS: dict[str, Pure] = {
    "abs": Pure(abs, "number"),
    "ceil": Pure(math.ceil, "number"),
    "floor": Pure(math.floor, "number"),
    "log": Pure(_log, "number", "number"),
    "max": Pure(_largest, "number", rest="number"),
    "min": Pure(_smallest, "number", rest="number"),
    "parseint": Pure(_parseint, "string", "number"),
    "pow": Pure(_pow, "number", "number"),
    "signum": Pure(lambda value: (value > 0) - (value < 0), "number"),
    "sum": Pure(_sum, "numbers"),
}
