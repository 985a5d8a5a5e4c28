"""Provider configurations: their names, regions and accounts, and how modules hand them down.

Source: developer.hashicorp.com/terraform/language/modules/develop/providers
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from srmcheck.loaders.terraform.hcl.partial import EvalError
from srmcheck.loaders.terraform.hcl.references import static_traversal
from srmcheck.loaders.terraform.hcl.scope import Scope
from srmcheck.loaders.terraform.hcl.syntax import Expr, Item, Name, ObjectCons, Source
from srmcheck.values import Node, Unknown

if TYPE_CHECKING:
    from srmcheck.loaders.terraform.hcl.config import Declaration
    from srmcheck.loaders.terraform.hcl.modules import ModuleInstance

_ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/")


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags that a provider configuration adds, and where they are written."""

    value: Node
    source: Source
    written: Expr


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider configuration by the name it has where it is configured (`aws`, `aws.eu`). `default_tags` is what it adds to
    the tags of every resource, a map or unknown; None for nothing."""

    name: str
    region: str | None = None
    account: str | None = None
    default_tags: Tags | None = None


def local_name(kind: str, provider: Expr | None) -> str:
    """The name by which a resource's module knows its provider: its provider argument, else its type's first word."""
    names = static_traversal(provider) if provider is not None else None
    return ".".join(names) if names else kind.split("_", 1)[0]


def configured(module: ModuleInstance, name: str, declaration: Declaration) -> Provider:
    """The provider that a provider block makes. `name` is `aws` or `aws.alias`, within the module."""
    full = f"{module.address}.{name}" if module.address else name
    region = _text(module, declaration, "region")
    account = None
    allowed = declaration.arguments.get("allowed_account_ids")
    if allowed is not None:
        node = _value(module, allowed.attribute.expr, Scope(module, allowed.source))
        items = node.value if node is not None and isinstance(node.value, list) else []
        if len(items) == 1 and isinstance(items[0].value, str):
            account = items[0].value
    tags = None
    for nested in declaration.blocks:
        default = nested.block.body.attributes.get("tags")
        if nested.block.type == "default_tags" and default is not None:
            node = _value(module, default.expr, Scope(module, nested.source)) or Node(Unknown("cannot be evaluated"))
            tags = Tags(node, nested.source, default.expr)
        role = nested.block.body.attributes.get("role_arn")
        if nested.block.type == "assume_role" and role is not None:
            node = _value(module, role.expr, Scope(module, nested.source))
            found = _ROLE.match(node.value) if node is not None and isinstance(node.value, str) else None
            account = found.group(1) if found else None
    return Provider(full, region, account, tags)


def _text(module: ModuleInstance, declaration: Declaration, name: str) -> str | None:
    argument = declaration.arguments.get(name)
    if argument is None:
        return None
    node = _value(module, argument.attribute.expr, Scope(module, argument.source))
    return node.value if node is not None and isinstance(node.value, str) and node.value else None


def _value(module: ModuleInstance, expr: Expr, scope: Scope) -> Node | None:
    try:
        return module.evaluator.resolved(module.evaluator.evaluate(expr, scope), scope)
    except EvalError:
        return None


def handed_down(expr: Expr | None) -> dict[str, str] | None:
    """The providers argument of a module call: the names inside to the names outside; None without one."""
    if not isinstance(expr, ObjectCons):
        return None
    names: dict[str, str] = {}
    for item in expr.items:
        inside, outside = _key(item), static_traversal(item.value)
        if inside and outside:
            names[inside] = ".".join(outside)
    return names


def _key(item: Item) -> str | None:
    if isinstance(item.key, Name):
        return item.key.name
    names = static_traversal(item.key)
    return ".".join(names) if names else None
