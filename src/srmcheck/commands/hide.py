"""Which values of a resource are not to be shown, marked or not: those under a secret-like name, and credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from srmcheck.graph.facts import holds_credential, is_secret_like
from srmcheck.report.mask import MASK

_NAMES = ("name", "key", "parametername")
_VALUES = ("value", "parametervalue")


def is_hidden(key: str, text: str) -> bool:
    """Whether the text of the property `key` must not be shown: a text under a secret-like name that is no reference, or
    one that holds a credential."""
    return (is_secret_like(key) and not text.startswith("⟦")) or holds_credential(text)


def is_value_key(key: str) -> bool:
    """Whether `key` is that of the value in a pair of name and value."""
    return key.lower() in _VALUES


def names_a_secret(pair: Mapping[str, object]) -> bool:
    """Whether a pair of name and value (`{"Name": "DB_PASSWORD", "Value": ...}`) has a secret-like name."""
    return any(key.lower() in _NAMES and isinstance(item, str) and is_secret_like(item) for key, item in pair.items())


def masked(value: Any, key: str = "", hidden: bool = False) -> Any:
    """JSON values with what must not be shown replaced by a mask."""
    if isinstance(value, dict):
        secret = names_a_secret(value)
        return {name: masked(item, name, secret and is_value_key(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [masked(item, key, hidden) for item in value]
    if isinstance(value, str) and (hidden or is_hidden(key, value)):
        return MASK
    return value
