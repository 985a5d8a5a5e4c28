"""JSON values to text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def dumps(data: Any) -> str:
    """`data` as JSON, indented, ending with a newline. Lone surrogates, as in the name of a file that is not UTF-8, become
    question marks."""
    import orjson

    try:
        text = orjson.dumps(data, option=orjson.OPT_INDENT_2)
    except TypeError:
        text = orjson.dumps(_scrubbed(data), option=orjson.OPT_INDENT_2)
    return text.decode() + "\n"


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_scrubbed(key): _scrubbed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_scrubbed(item) for item in value]
    return value
