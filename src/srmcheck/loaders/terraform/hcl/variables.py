"""Input variables: declarations, defaults, allowed values, and the files that give them values.

Source: developer.hashicorp.com/terraform/language/values/variables
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from srmcheck.loaders.terraform.hcl import syntax as s
from srmcheck.loaders.terraform.hcl.partial import EvalError
from srmcheck.loaders.terraform.hcl.scope import Scope
from srmcheck.loaders.terraform.hcl.types import ANY, Type, parse_type
from srmcheck.values import Node

if TYPE_CHECKING:
    from srmcheck.loaders.terraform.hcl.config import Declaration
    from srmcheck.loaders.terraform.hcl.modules import ModuleInstance


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable. `allowed` are the values that its validation lists, None if it lists none."""

    name: str
    declaration: Declaration
    type: Type = ANY
    nullable: bool = True
    sensitive: bool = False
    allowed: tuple[str, ...] | None = None

    @classmethod
    def of(cls, name: str, declaration: Declaration, module: ModuleInstance) -> Variable:
        """The variable that a block declares."""
        wanted = declaration.arguments.get("type")
        kind = ANY
        if wanted is not None:
            scope = Scope(module, wanted.source)

            def constant(expr: s.Expr) -> Node:
                try:
                    return module.evaluator.evaluate(expr, scope)
                except EvalError:
                    return Node(None)

            kind = parse_type(wanted.attribute.expr, constant)
        return cls(
            name,
            declaration,
            kind,
            _flag(declaration, "nullable", True),
            _flag(declaration, "sensitive", False) or _flag(declaration, "ephemeral", False),
            _allowed(name, declaration),
        )

    def default(self, module: ModuleInstance) -> Node | None:
        """The default, None without one. Raises EvalError."""
        given = self.declaration.arguments.get("default")
        if given is None:
            return None
        return module.evaluator.evaluate(given.attribute.expr, Scope(module, given.source))


def _flag(declaration: Declaration, name: str, otherwise: bool) -> bool:
    argument = declaration.arguments.get(name)
    if argument is None or not isinstance(argument.attribute.expr, s.Literal):
        return otherwise
    value = argument.attribute.expr.value
    return value if isinstance(value, bool) else otherwise


def _allowed(name: str, declaration: Declaration) -> tuple[str, ...] | None:
    """The values of a validation `contains([...], var.name)`."""
    for nested in declaration.blocks:
        condition = nested.block.body.attributes.get("condition")
        if nested.block.type != "validation" or condition is None:
            continue
        call = condition.expr
        if not isinstance(call, s.FunctionCall) or call.name != "contains" or len(call.args) != 2:
            continue
        listed, asked = call.args
        if isinstance(listed, s.TupleCons) and _is_variable(asked, name):
            values = [item.value for item in listed.items if isinstance(item, s.Literal)]
            texts = [value for value in values if isinstance(value, str)]
            if texts and len(texts) == len(listed.items):
                return tuple(dict.fromkeys(texts))
    return None


def _is_variable(expr: s.Expr, name: str) -> bool:
    if not isinstance(expr, s.Traversal) or not isinstance(expr.root, s.Name) or expr.root.name != "var":
        return False
    return len(expr.steps) == 1 and isinstance(expr.steps[0], s.GetAttr) and expr.steps[0].name == name


def domains_of(path: str, variable: Variable) -> Mapping[str, tuple[str, ...]]:
    """The allowed values of a variable without a value and of its attributes, by name."""
    found = dict(_booleans(path, variable.type, 0))
    if variable.allowed is not None:
        found[path] = variable.allowed
    return found


def _booleans(path: str, kind: Type, depth: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    if kind.kind == "bool":
        yield path, ("true", "false")
    elif kind.kind == "object" and depth < 4:
        for name, attribute in kind.attributes.items():
            yield from _booleans(f"{path}.{name}", attribute.type, depth + 1)
