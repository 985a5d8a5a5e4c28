"""What an expression refers to, without evaluating it."""

from __future__ import annotations

from srmcheck.loaders.terraform.hcl import syntax as s


def static_traversal(expr: s.Expr) -> tuple[str, ...] | None:
    """An expression that is nothing but names with dots (`aws.eu`, `module.a`), also in quotes as before Terraform
    0.12; None for any other."""
    if isinstance(expr, s.Name):
        return (expr.name,)
    if isinstance(expr, s.Literal) and isinstance(expr.value, str) and expr.value:
        return tuple(expr.value.split("."))
    if isinstance(expr, s.Traversal) and isinstance(expr.root, s.Name):
        names = [expr.root.name]
        for step in expr.steps:
            if not isinstance(step, s.GetAttr):
                return None
            names.append(step.name)
        return tuple(names)
    return None


def static_string(expr: s.Expr | None) -> str | None:
    """A string that is written out."""
    return expr.value if isinstance(expr, s.Literal) and isinstance(expr.value, str) else None
