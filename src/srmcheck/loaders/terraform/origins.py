"""Where a known value of a plan comes from: a root variable, another resource, a data source, or the text itself.

The plan does not say what an expression does with its references, so a value is traced to the reference whose own value
it equals; a lone reference counts even if it was changed on the way. A local is not in the plan: its value is looked
for among the variables, data sources and generated values, else it counts as written in the template.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from srmcheck.loaders.terraform.inventory import Inventory, Record
from srmcheck.loaders.terraform.references import Resolver
from srmcheck.loaders.terraform.resolution import MISSING, Resolution, Target, VariableUse, dig
from srmcheck.values import Origin, Scalar

_SHORTEST_SECRET = 6
_LONGEST_JSON = 65536
_COMPUTES_ONLY = frozenset({"aws_iam_policy_document", "terraform_data", "null_resource", "template_file"})
"""Data sources and resources that give back what the template gives them."""


def sensitive_texts(variables: Mapping[str, Any], declared: Mapping[str, Any]) -> frozenset[str]:
    """The strings of six and more characters in the values of sensitive root variables, which stand in clear in a
    plan."""
    found: set[str] = set()
    for name, holder in variables.items():
        declaration = declared.get(name)
        if isinstance(declaration, dict) and declaration.get("sensitive") is True and isinstance(holder, dict):
            found.update(text for text in texts(holder.get("value")) if len(text) >= _SHORTEST_SECRET)
    return frozenset(found)


def texts(value: object) -> Iterator[str]:
    """Every string in a JSON value."""
    stack: list[object] = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


class Origins:
    """Finds origins. One object serves one plan."""

    def __init__(self, inventory: Inventory, resolver: Resolver, variables: Mapping[str, Any]) -> None:
        self._inventory = inventory
        self._resolver = resolver
        self._variables = variables
        self._declared = inventory.configuration.root.variables
        self._index: dict[str, Origin] | None = None

    def of(self, value: Scalar, resolution: Resolution, within: bool) -> Origin | None:
        """The origin of a known scalar that an expression gives, or that stands in what it gives (`within`)."""
        if not resolution.variables and not resolution.targets:
            return self._of_local(value, resolution) if resolution.local is not None else None
        passed: list[VariableUse] = []
        for use in resolution.variables:
            given = self._resolver.variable(use.name, use.path)
            if _gives(given, value, within or use.path is None):
                return self._parameter(use)
            if use.path is not None and given is not MISSING and given is not None:
                passed.append(use)
        targets = [target for target in resolution.targets.values() if not self._resolver.is_pending(target)]
        # what is pending cannot have given a value that is known
        for target in targets:
            if target.attribute and _gives(dig(target.record.values, target.attribute), value, within):
                return _named(target)
        if resolution.local is not None:
            return self._of_local(value, resolution)
        if within:
            return None
        if len(passed) + len(targets) > 1:
            passed.sort(key=lambda use: not self._is_sensitive(use))
        if passed:
            return self._parameter(passed[0])
        return _named(targets[0]) if targets else None

    def _of_local(self, value: Scalar, resolution: Resolution) -> Origin | None:
        if not isinstance(value, str):
            return None
        if self._index is None:
            self._index = self._values()
        return self._index.get(value) or Origin("literal", resolution.local or "")

    def _values(self) -> dict[str, Origin]:
        """The strings that variables, data sources and resources of other providers give, by what gives them."""
        index: dict[str, Origin] = {}
        for name, holder in self._variables.items():
            if isinstance(holder, dict):
                origin = self._parameter(VariableUse(name, ()))
                for text in texts(holder.get("value")):
                    if len(text) >= _SHORTEST_SECRET:
                        index.setdefault(text, origin)
        for record in self._inventory.kept:
            if (record.type.startswith("aws_") and record.mode == "managed") or record.type in _COMPUTES_ONLY:
                continue
            kind = _kind(record)
            for attribute, item in record.values.items():
                origin = Origin(kind, f"{record.address}.{attribute}")
                for text in _with_json(texts(item)):
                    if len(text) >= _SHORTEST_SECRET:
                        index.setdefault(text, origin)
        return index

    def _parameter(self, use: VariableUse) -> Origin:
        declaration = self._declared.get(use.name)
        if not isinstance(declaration, dict):
            declaration = {}
        has_default = declaration.get("default") not in (None, "")
        return Origin("parameter", f"var.{use.name}", declaration.get("sensitive") is True, has_default)

    def _is_sensitive(self, use: VariableUse) -> bool:
        declaration = self._declared.get(use.name)
        return isinstance(declaration, dict) and declaration.get("sensitive") is True


def _kind(record: Record) -> Any:
    return "data" if record.mode == "data" else "reference"


def _named(target: Target) -> Origin:
    address = target.record.address
    return Origin(_kind(target.record), f"{address}.{target.dotted}" if target.attribute else address)


def _gives(given: object, value: Scalar, within: bool) -> bool:
    """Whether a reference's value is the value, by its text; with `within`, or holds it."""
    if given is MISSING or given is None:
        return False
    if isinstance(given, (dict, list)):
        return within and isinstance(value, str) and value in texts(given)
    return given == value or (isinstance(value, str) and str(given) == value)


def _with_json(found: Iterable[str]) -> Iterator[str]:
    """The strings, and those in the ones that are JSON objects."""
    import orjson

    for text in found:
        yield text
        if text.startswith("{") and len(text) <= _LONGEST_JSON:
            try:
                yield from texts(orjson.loads(text))
            except orjson.JSONDecodeError:
                continue
