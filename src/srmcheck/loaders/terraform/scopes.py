"""Which account and region the resources of a plan go to, as far as the plan tells.

A provider configuration tells by a constant or a variable with a value, by what `aws_caller_identity` and `aws_region`
gave while planning, or by an account in `allowed_account_ids` or in the role that is assumed; configurations that take
their credentials from the same place go to the same account. Provider 6 lets a resource name its own region, and an
existing resource's ARN names both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from srmcheck.loaders.terraform.configuration import is_expression
from srmcheck.loaders.terraform.inventory import Inventory, ModuleInstance, Record
from srmcheck.loaders.terraform.references import Resolver
from srmcheck.loaders.terraform.resolution import Context
from srmcheck.template import Scope

_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}")
_ACCOUNT = re.compile(r"\d{12}")
_CREDENTIALS = (
    "access_key",
    "assume_role",
    "assume_role_with_web_identity",
    "endpoints",
    "profile",
    "secret_key",
    "shared_config_files",
    "shared_credentials_file",
    "shared_credentials_files",
    "token",
)
_ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/")


class Scopes:
    """The scopes of one plan."""

    def __init__(self, inventory: Inventory, resolver: Resolver) -> None:
        self._inventory = inventory
        self._resolver = resolver
        self._providers: dict[str, Scope] = {}
        self._keys: dict[str, str] = {}
        self._told: dict[tuple[str, str], str] = {}
        told: dict[tuple[str, str], set[str]] = {}
        for record in inventory.kept:
            if record.mode == "data":
                for what, value in _told_by(record).items():
                    key = self._key(record)
                    told.setdefault((what, key), set()).add(value)
        self._told = {key: next(iter(values)) for key, values in told.items() if len(values) == 1}
        self.account = _agreed(told, "account")
        self.region = _agreed(told, "region")
        self.partition = _agreed(told, "partition")

    def of(self, record: Record) -> Scope:
        """The scope of a resource."""
        key = self._key(record)
        scope = self._providers.get(key)
        if scope is None:
            scope = self._providers[key] = self._provider(key)
        if record.mode == "data":
            return scope
        return refine(scope, record.values)

    def _key(self, record: Record) -> str:
        """The key of the provider configuration. A module that inherits it without saying so has a key of its own with
        nothing behind it: the configuration is that of the nearest module around it that has one."""
        key = record.config.provider if record.config is not None else ""
        found = self._keys.get(key)
        if found is None:
            found = self._keys[key] = self._inherited(key)
        return found

    def _inherited(self, key: str) -> str:
        known = self._inventory.configuration.providers
        module, colon, name = key.rpartition(":")
        while colon:
            raw = known.get(f"{module}:{name}")
            if isinstance(raw, dict) and "expressions" in raw:
                return f"{module}:{name}"
            if not module:
                break
            module = module.rpartition("module.")[0].rstrip(".")
        return name or key

    def _provider(self, key: str) -> Scope:
        raw = self._inventory.configuration.providers.get(key)
        expressions = raw.get("expressions") if isinstance(raw, dict) else None
        if not isinstance(raw, dict) or not isinstance(expressions, dict):
            expressions = {}
        module = self._inventory.root
        address = raw.get("module_address") if isinstance(raw, dict) else None
        if isinstance(address, str):
            module = self._inventory.module(address) or module
        region = self._value(expressions.get("region"), module)
        if not isinstance(region, str) or not _REGION.fullmatch(region):
            region = self._told.get(("region", key))
        return Scope(key, self._account(key, expressions, module), region)

    def _account(self, key: str, expressions: Mapping[str, Any], module: ModuleInstance) -> str | None:
        told = self._told.get(("account", key)) or self._account_of_like(key, expressions)
        if told is not None:
            return told
        roles = expressions.get("assume_role")
        if isinstance(roles, list) and roles:
            last = roles[-1]
            role = self._value(last.get("role_arn"), module) if isinstance(last, dict) else None
            found = _ROLE.match(role) if isinstance(role, str) else None
            if found is not None:
                return found[1]
        allowed = self._value(expressions.get("allowed_account_ids"), module)
        if isinstance(allowed, list) and len(allowed) == 1 and _ACCOUNT.fullmatch(str(allowed[0])):
            return str(allowed[0])
        return None

    def _account_of_like(self, key: str, expressions: Mapping[str, Any]) -> str | None:
        """The account of another configuration in the root that takes its credentials from the same place."""
        providers = self._inventory.configuration.providers
        found = set()
        for (what, other), account in self._told.items():
            raw = providers.get(other)
            if what != "account" or not isinstance(raw, dict) or "module_address" in raw:
                continue
            theirs = raw.get("expressions")
            if _credentials(theirs if isinstance(theirs, dict) else {}) == _credentials(expressions):
                found.add(account)
        return next(iter(found)) if len(found) == 1 and "module_address" not in providers.get(key, {}) else None

    def _value(self, expression: object, module: ModuleInstance) -> object:
        """The value of a constant, or of an expression that is one variable and nothing else."""
        if not isinstance(expression, dict) or not is_expression(expression):
            return None
        if "constant_value" in expression:
            return expression["constant_value"]
        found = self._resolver.resolve(expression, Context(module))
        if found.open or found.targets or len(found.variables) != 1:
            return None
        use = next(iter(found.variables))
        return None if use.path is None else self._resolver.variable(use.name, use.path)


def _credentials(expressions: Mapping[str, Any]) -> dict[str, Any]:
    return {name: expressions[name] for name in _CREDENTIALS if name in expressions}


def refine(scope: Scope, values: Mapping[str, Any]) -> Scope:
    """`scope`, with the region that a resource names itself, and else with what its ARN tells."""
    region, account = values.get("region"), scope.account
    if not isinstance(region, str) or not _REGION.fullmatch(region):
        region = scope.region
    arn = values.get("arn")
    if isinstance(arn, str) and (region is None or account is None):
        parts = arn.split(":", 5)
        if len(parts) == 6 and parts[0] == "arn":
            if region is None and _REGION.fullmatch(parts[3]):
                region = parts[3]
            if account is None and _ACCOUNT.fullmatch(parts[4]):
                account = parts[4]
    if region == scope.region and account == scope.account:
        return scope
    return Scope(scope.provider, account, region)


def _told_by(record: Record) -> dict[str, str]:
    """What a data source that was read tells of its provider configuration."""
    values = record.values
    if record.type == "aws_caller_identity":
        account = values.get("account_id")
        return {"account": account} if isinstance(account, str) and _ACCOUNT.fullmatch(account) else {}
    if record.type == "aws_partition":
        partition = values.get("partition")
        return {"partition": partition} if isinstance(partition, str) and partition.startswith("aws") else {}
    if record.type == "aws_region":
        if record.config is not None and record.config.expressions:
            return {}  # it looks up a region that it names
        for attribute in ("region", "name", "id"):
            region = values.get(attribute)
            if isinstance(region, str) and _REGION.fullmatch(region):
                return {"region": region}
    return {}


def _agreed(told: Mapping[tuple[str, str], set[str]], what: str) -> str | None:
    """The one value that all provider configurations tell, or the default configuration's."""
    default = told.get((what, "aws"), set())
    values = default or {value for (kind, _), found in told.items() if kind == what for value in found}
    return next(iter(values)) if len(values) == 1 else None
