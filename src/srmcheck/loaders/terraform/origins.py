"""Where a known value of a plan comes from: a root variable, another resource, a data source, or the text itself.

The plan does not say what an expression does with its references, so a value is traced to the reference whose own value
it equals; a lone reference counts even if it was changed on the way. What an argument of another resource gives is
followed to where that comes from. A local is not in the plan: its value is looked for among the variables, data sources
and generated values, else it counts as written in the template; so does what a dynamic block holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from srmcheck.loaders.terraform.configuration import Expression, is_expression
from srmcheck.loaders.terraform.inventory import Inventory, Record
from srmcheck.loaders.terraform.references import Resolver
from srmcheck.loaders.terraform.resolution import MISSING, Context, Resolution, Target, VariableUse, dig
from srmcheck.values import Origin, Scalar, strongest

_SHORTEST_SECRET = 6
_LONGEST_JSON = 65536
_MOST_HOPS = 8
_PSEUDO = frozenset({"aws_caller_identity", "aws_region", "aws_partition"})
"""Data sources that say where it is deployed, which is no secret."""
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


class Given(NamedTuple):
    """Something is given; `origin` is None where it cannot be told what."""

    origin: Origin | None


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
        return self._of(value, resolution, within, 0)

    def of_unknown(self, resolution: Resolution) -> Origin | None:
        """The origin of what is known after apply only: the first resource or data source that it waits for; None where a
        function alone makes it so (`uuid()`)."""
        for target in resolution.targets.values():
            if self._resolver.is_pending(target):
                return _named(target)
        return Origin("reference", resolution.name) if resolution.name is not None else None

    def of_untraced(self, value: Scalar) -> Origin | None:
        """The origin of a known scalar whose expression is not in the plan (of a dynamic block)."""
        return self._looked_up(value) if isinstance(value, str) else None

    def of_write_only(self, expression: Expression, context: Context, resolution: Resolution | None) -> Given | None:
        """What a write-only argument is given, which a plan does not show; None if that is null. Where several references
        have a part in it nobody can tell which one is passed on, so that only what is a secret in any case counts."""
        texts, lone = self._resolver.written(expression, context)
        found = [Origin("literal")] * bool(texts)
        if resolution is not None:
            for use in resolution.variables:
                given = self._resolver.variable(use.name, use.path)
                if given is MISSING or (isinstance(given, str) and given):
                    found.append(self._parameter(use))
            found.extend(_named(target) for target in resolution.targets.values() if target.attribute is not None)
            if resolution.open and resolution.name is not None and resolution.name.startswith("ephemeral."):
                found.append(Origin("reference", resolution.name))
            elif resolution.open and not found:
                return Given(None)
        if not found:
            return None
        first = found[0] if len(found) == 1 else strongest(found)
        return Given(first if lone or (first is not None and _is_given_in_secret(first)) else None)

    def _of(self, value: Scalar, resolution: Resolution, within: bool, hops: int) -> Origin | None:
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
            given = dig(target.record.values, target.attribute) if target.attribute else MISSING
            if _gives(given, value, within):
                return self._root(target, value, hops)
        if resolution.local is not None:
            return self._of_local(value, resolution)
        if within:
            return None
        found: list[Origin | None] = [self._parameter(use) for use in passed]
        if len(passed) + len(targets) == 1:
            found.extend(self._root(target, dig(target.record.values, target.attribute), hops) for target in targets)
            return found[0]
        found.extend(_named(target) for target in targets if target.record.type not in _PSEUDO)
        return strongest(found)

    def _root(self, target: Target, value: object, hops: int) -> Origin | None:
        """Where the attribute of another resource comes from: what its own configuration gives it, if that sets it."""
        config = target.record.config
        expression = config.expressions.get(_first(target)) if config is not None and target.attribute else None
        if not is_expression(expression) or not isinstance(value, (str, int, float, bool)) or hops >= _MOST_HOPS:
            return _named(target)
        assert isinstance(expression, dict)
        if "constant_value" in expression:
            return None
        resolution = self._resolver.resolve(expression, self._resolver.context(target.record))
        nested = target.attribute is not None and len(target.attribute) > 1
        if not resolution.variables and not resolution.targets and resolution.local is None:
            return _named(target) if resolution.function_only or resolution.open else None
        return self._of(value, resolution, nested, hops + 1)

    def _of_local(self, value: Scalar, resolution: Resolution) -> Origin | None:
        if not isinstance(value, str):
            return None
        return self._looked_up(value) or Origin("literal", resolution.local or "")

    def _looked_up(self, value: str) -> Origin | None:
        if self._index is None:
            self._index = self._values()
        return self._index.get(value)

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


def _kind(record: Record) -> Any:
    return "data" if record.mode == "data" else "reference"


def _first(target: Target) -> str:
    head = target.attribute[0] if target.attribute else ""
    return head if isinstance(head, str) else ""


def _is_given_in_secret(origin: Origin) -> bool:
    """Whether the value comes from outside the template, and from nowhere that shows it."""
    return origin.kind in ("reference", "data") or (
        origin.kind == "parameter" and origin.secret and not origin.has_default
    )


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
