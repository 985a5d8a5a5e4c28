"""YAML as Terraform reads and writes it: `yes` and `on` are booleans, dates are times, anchors, merge keys.

Source: github.com/zclconf/go-cty-yaml, resolve.go
"""

from __future__ import annotations

import json
import re
from typing import Any

from srmcheck.loaders.terraform.hcl.convert import number_text, parse_number
from srmcheck.loaders.terraform.hcl.partial import EvalError

MOST_NODES = 50_000
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])
_FALSE = frozenset(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME = re.compile(
    _DATE.pattern
    + r"(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(Z|[-+]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?)"
)
_INT = re.compile(r"[-+]?\d+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?")


def decode(text: str) -> Any:
    """The value of one YAML document. Raises EvalError."""
    import yaml

    try:
        events = list(yaml.parse(text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError):
        raise EvalError("Invalid YAML", "The string is not valid YAML.") from None
    return _Builder(events).document()


class _Builder:
    """Values from parser events, aliases shared and counted."""

    def __init__(self, events: list[Any]) -> None:
        self.events = events
        self.at = 0
        self.anchors: dict[str, Any] = {}
        self.sizes: dict[str, int] = {}
        self.count = 0

    def document(self) -> Any:
        import yaml

        while self.at < len(self.events) and not isinstance(self.events[self.at], yaml.NodeEvent):
            self.at += 1
        if self.at >= len(self.events):
            raise EvalError("Invalid YAML", "The string holds no document.")
        return self.value(0)

    def value(self, depth: int) -> Any:
        import yaml

        event = self.events[self.at]
        self.at += 1
        self._spend(1)
        if depth > 100:
            raise EvalError("Nesting too deep", "The decoded value is nested too deep.")
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise EvalError("Invalid YAML", "An alias names no anchor before it.")
            self._spend(self.sizes[event.anchor])
            return self.anchors[event.anchor]
        before = self.count
        if isinstance(event, yaml.ScalarEvent):
            made: Any = _scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            made = []
            while not isinstance(self.events[self.at], yaml.SequenceEndEvent):
                made.append(self.value(depth + 1))
            self.at += 1
        elif isinstance(event, yaml.MappingStartEvent):
            made = self._mapping(depth)
        else:
            raise EvalError("Invalid YAML", "The string is not one YAML document.")
        if event.anchor:
            self.anchors[event.anchor] = made
            self.sizes[event.anchor] = self.count - before + 1
        return made

    def _spend(self, nodes: int) -> None:
        self.count += nodes
        if self.count > MOST_NODES:
            raise EvalError("Value too large", f"More than {MOST_NODES} YAML values are not decoded.")

    def _mapping(self, depth: int) -> dict[str, Any]:
        import yaml

        made: dict[str, Any] = {}
        merged: list[dict[str, Any]] = []
        while not isinstance(self.events[self.at], yaml.MappingEndEvent):
            event = self.events[self.at]
            merge = isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]
            key = self.value(depth + 1)
            item = self.value(depth + 1)
            if merge:
                sources = item if isinstance(item, list) else [item]
                if not all(isinstance(source, dict) for source in sources):
                    raise EvalError("Invalid YAML", "A merge key needs mappings.")
                merged.extend(sources)
                continue
            if isinstance(key, (list, dict)):
                raise EvalError("Invalid YAML", "A key must be a scalar.")
            made[_key(key)] = item
        self.at += 1
        for source in merged:
            for key, item in source.items():
                made.setdefault(key, item)
        return made


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    return json.dumps(key)


def _scalar(event: Any) -> Any:
    text = event.value
    if not event.implicit[0]:
        return text
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text[4:5] == "-" and (written := _time(text)) is not None:
        return written
    if _HEX.fullmatch(text) or _OCTAL.fullmatch(text):
        return int(text, 0)
    if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
        return parse_number(text)
    return text


def _time(text: str) -> str | None:
    """A date or time as Terraform holds it; None if the text is none."""
    from datetime import datetime

    found = _TIME.fullmatch(text) or _DATE.fullmatch(text)
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part is not None and part.isdigit()]
    try:
        moment = datetime(*(parts + [0] * (6 - len(parts))))  # type: ignore[arg-type]
    except ValueError:
        return None
    zone = found.group(7) if found.re is _TIME and found.group(7) else "Z"
    return f"{moment:%Y-%m-%dT%H:%M:%S}{'Z' if zone == '+00:00' else zone}"


def encode(value: Any) -> str:
    """A value as yamlencode writes it: strings in quotes, lists not indented."""
    lines = _lines(value)
    if isinstance(value, str):
        lines = [lines[0], *(f"  {line}" if line else line for line in lines[1:])]
    return "\n".join(lines) + "\n"


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict) and value:
        lines: list[str] = []
        for key in sorted(value):
            item = value[key]
            inner = _lines(item)
            if isinstance(item, dict) and item:
                lines.append(f"{_quoted(key)}:")
                lines.extend(f"  {line}" for line in inner)
            elif isinstance(item, list) and item:
                lines.append(f"{_quoted(key)}:")
                lines.extend(inner)
            else:
                lines.append(f"{_quoted(key)}: {inner[0]}")
                lines.extend(f"  {line}" if line else line for line in inner[1:])
        return lines
    if isinstance(value, list) and value:
        lines = []
        for item in value:
            inner = _lines(item)
            lines.append(f"- {inner[0]}")
            lines.extend(f"  {line}" if line else line for line in inner[1:])
        return lines
    return _scalar_lines(value)


def _scalar_lines(value: Any) -> list[str]:
    if value is None:
        return ["null"]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, (int, float)):
        return [number_text(value)]
    if isinstance(value, str):
        if "\n" in value:
            return _block(value)
        return [_quoted(value)]
    return ["{}" if isinstance(value, dict) else "[]"]


def _block(text: str) -> list[str]:
    """Text of several lines as a literal block."""
    indicator = "|" if text.endswith("\n") and not text.endswith("\n\n") else "|+" if text.endswith("\n") else "|-"
    return [indicator, *text.removesuffix("\n").split("\n")]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
