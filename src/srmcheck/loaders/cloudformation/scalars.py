"""Plain YAML scalars as CloudFormation reads them: YAML 1.1 without timestamps, `=` and merge values.

`yes`, `on` and their kin are booleans, `012` is octal 10, `22:30` is sexagesimal 1350, `2010-09-09` and `1e3` are text.
Sources: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html (YAML 1.1; no timestamp tag),
yaml.org/type/ (the patterns). What JSON has no number for (`.inf`, `.nan`) stays text.
"""

from __future__ import annotations

import math
import re

from srmcheck.values import Scalar

MOST_DIGITS = 100
"""Longer numbers stay text: nothing that AWS takes is that long, and converting them takes quadratic time."""

_BOOLEANS = {
    spelling: value
    for words, value in ((("yes", "true", "on"), True), (("no", "false", "off"), False))
    for word in words
    for spelling in (word, word.capitalize(), word.upper())
}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_INTEGER = re.compile(
    r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+|0|[1-9][0-9_]*)", re.ASCII
)
_FLOAT = re.compile(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*",
    re.ASCII,
)


def resolve(text: str) -> Scalar:
    """The value of a plain scalar."""
    first = text[:1]
    if first and first not in "+-.0123456789~nNyYtTfFoO":
        return text
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text in _NULLS:
        return None
    if len(text) > MOST_DIGITS or first not in "+-.0123456789":
        return text
    whole = integer(text)
    if whole is not None:
        return whole
    number = decimal(text)
    return text if number is None else number


def boolean(text: str) -> bool | None:
    """A YAML 1.1 boolean, None if it is none."""
    return _BOOLEANS.get(text)


def is_null(text: str) -> bool:
    """Whether a plain scalar is null."""
    return text in _NULLS


def integer(text: str) -> int | None:
    """A YAML 1.1 integer, None if it is none."""
    if len(text) > MOST_DIGITS or not _INTEGER.fullmatch(text):
        return None
    digits = text.replace("_", "")
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    try:
        if digits.startswith("0b"):
            return sign * int(digits[2:], 2)
        if digits.startswith("0x"):
            return sign * int(digits[2:], 16)
        if len(digits) > 1 and digits.startswith("0"):
            return sign * int(digits, 8)
        number = 0
        for part in digits.split(":"):
            number = number * 60 + int(part)
    except ValueError:  # nothing but underscores after the prefix
        return None
    return sign * number


def decimal(text: str) -> float | None:
    """A YAML 1.1 float that JSON can hold, None if it is none."""
    if len(text) > MOST_DIGITS or not _FLOAT.fullmatch(text):
        return None
    digits = text.replace("_", "").lower()
    sign = -1.0 if digits.startswith("-") else 1.0
    digits = digits.lstrip("+-")
    try:
        number = 0.0
        for part in digits.split(":"):
            number = number * 60 + float(part)
    except ValueError:
        return None
    return sign * number if math.isfinite(number) else None


def text_of(value: Scalar) -> str:
    """A scalar as CloudFormation writes it into a string, and compares it: `yes` is "true", 2 is "2"."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)
