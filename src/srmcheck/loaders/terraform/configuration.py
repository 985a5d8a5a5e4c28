"""The `configuration` part of a plan: modules, their resources and calls, as expressions.

Expressions are left as the plan has them, dicts with `constant_value` or `references`; `{}` is an expression without
references that is not constant (a function call). Nested blocks are lists or dicts of expressions. Dynamic blocks are
not there. Source: developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Expression = Mapping[str, Any]
Expressions = Mapping[str, Any]

_EXPRESSION_KEYS = frozenset({"constant_value", "references"})
NO_EXPRESSIONS: Expressions = {}


def is_expression(item: object) -> bool:
    """Whether `item` is the expression of an attribute, not a nested block."""
    return isinstance(item, dict) and item.keys() <= _EXPRESSION_KEYS


class ResourceConfig:
    """A `resource` or `data` block. `repeat` is its count or for_each expression, `by` says which ("" for neither)."""

    __slots__ = ("by", "expressions", "provider", "repeat")

    def __init__(self, raw: Mapping[str, Any]) -> None:
        expressions = raw.get("expressions")
        self.expressions: Expressions = expressions if isinstance(expressions, dict) else NO_EXPRESSIONS
        self.provider = _text(raw.get("provider_config_key"))
        self.by, self.repeat = _repetition(raw)


class CallConfig:
    """A `module` block, and the module that it calls."""

    __slots__ = ("by", "expressions", "module", "repeat")

    def __init__(self, raw: Mapping[str, Any]) -> None:
        expressions = raw.get("expressions")
        self.expressions: Expressions = expressions if isinstance(expressions, dict) else NO_EXPRESSIONS
        self.by, self.repeat = _repetition(raw)
        self.module = ModuleConfig()


class ModuleConfig:
    """A module, as every call of it sees it."""

    __slots__ = ("calls", "outputs", "resources", "variables")

    def __init__(self) -> None:
        self.resources: dict[tuple[str, str, str], ResourceConfig] = {}
        self.calls: dict[str, CallConfig] = {}
        self.outputs: Mapping[str, Any] = {}
        self.variables: Mapping[str, Any] = {}


class Configuration:
    """The whole of it. `present` is False where the plan has none; then nothing can be said of what is left out."""

    def __init__(self, raw: object) -> None:
        self.root = ModuleConfig()
        self.providers: Mapping[str, Any] = {}
        self.present = isinstance(raw, dict) and isinstance(raw.get("root_module"), dict)
        if not isinstance(raw, dict):
            return
        self.providers = _mapping(raw.get("provider_config"))
        todo: list[tuple[ModuleConfig, object]] = [(self.root, raw.get("root_module"))]
        while todo:
            module, source = todo.pop()
            todo.extend(_read_module(module, source))


def _read_module(module: ModuleConfig, source: object) -> list[tuple[ModuleConfig, object]]:
    if not isinstance(source, dict):
        return []
    module.variables = _mapping(source.get("variables"))
    module.outputs = _mapping(source.get("outputs"))
    for raw in _sequence(source.get("resources")):
        if isinstance(raw, dict):
            key = (_text(raw.get("mode")) or "managed", _text(raw.get("type")), _text(raw.get("name")))
            module.resources.setdefault(key, ResourceConfig(raw))
    inner: list[tuple[ModuleConfig, object]] = []
    for name, raw in _mapping(source.get("module_calls")).items():
        if isinstance(raw, dict):
            call = CallConfig(raw)
            module.calls[name] = call
            inner.append((call.module, raw.get("module")))
    return inner


def _repetition(raw: Mapping[str, Any]) -> tuple[str, Expression | None]:
    for by in ("for_each", "count"):
        expression = raw.get(f"{by}_expression")
        if isinstance(expression, dict):
            return by, expression
    return "", None


def _mapping(item: object) -> Mapping[str, Any]:
    return item if isinstance(item, dict) else {}


def _sequence(item: object) -> list[Any]:
    return item if isinstance(item, list) else []


def _text(item: object) -> str:
    return item if isinstance(item, str) else ""
