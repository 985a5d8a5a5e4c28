"""Terraform's functions: a table from name to function.

Source: developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

from functools import cache

from srmcheck.loaders.terraform.hcl import syntax as s
from srmcheck.loaders.terraform.hcl.convert import NotKnown
from srmcheck.loaders.terraform.hcl.evaluate import Evaluator
from srmcheck.loaders.terraform.hcl.functions.base import Context, Lazy, OverNodes, Pure, elements, is_secret
from srmcheck.loaders.terraform.hcl.partial import EvalError, call_text, derive, each_world
from srmcheck.loaders.terraform.hcl.scope import Scope
from srmcheck.values import Choice, Node, Spread, Unknown

# Different at every run: what they give is not in the template.
UNSTABLE = frozenset({"timestamp", "plantimestamp", "uuid", "bcrypt"})
# What they give is true or false.
TRUTHS = frozenset(
    {"alltrue", "anytrue", "can", "contains", "endswith", "fileexists", "startswith", "strcontains", "tobool"}
)
# Known to Terraform, not evaluated here.
UNREAD = frozenset({"rsadecrypt", "base64gzip", "type"})


@cache
def table() -> dict[str, Pure | OverNodes]:
    """The functions over evaluated arguments by name."""
    from srmcheck.loaders.terraform.hcl.functions import (
        collections,
        combinations,
        encoding,
        files,
        formats,
        maps,
        network,
        numbers,
        sets,
        strings,
        times,
        types,
    )

    modules = (collections, combinations, encoding, files, formats, maps, network, numbers, sets, strings, times, types)
    return {name: function for module in modules for name, function in module.FUNCTIONS.items()}


@cache
def lazy() -> dict[str, Lazy]:
    """The functions that evaluate their arguments themselves."""
    from srmcheck.loaders.terraform.hcl.functions import attempts, files

    return {**attempts.LAZY, **files.LAZY}


def call(evaluator: Evaluator, expr: s.FunctionCall, scope: Scope) -> Node:
    """The value of a function call. Raises EvalError."""
    name = expr.name.removeprefix("core::")
    special = lazy().get(name)
    if special is not None:
        return special(evaluator, expr, scope)
    function = table().get(name)
    args = [evaluator.evaluate(arg, scope) for arg in expr.args]
    context = Context(evaluator, expr, scope)
    if function is None:
        return _not_evaluated(context, name, args)
    if not expr.expand:
        return _apply(context, name, function, args)
    last = evaluator.resolved(args.pop(), scope)

    def expanded(picked: list[Node]) -> Node:
        try:
            more = elements(picked[0])
        except NotKnown:
            return derive("", picked[0], *args)
        if any(isinstance(item.value, Spread) for item in more):
            return derive("", picked[0], *args)
        return _apply(context, name, function, [*args, *more])

    return each_world([last], expanded, deep=_open_list(last))


def _open_list(node: Node) -> bool:
    return isinstance(node.value, list) and any(
        isinstance(item.value, Spread) and isinstance(item.value.of.value, Choice) for item in node.value
    )


def _apply(context: Context, name: str, function: Pure | OverNodes, args: list[Node]) -> Node:
    if isinstance(function, Pure):
        return _truth(context, name, function.call(name, context, args))

    def one(picked: list[Node]) -> Node:
        try:
            return function(context, picked)
        except NotKnown:
            return derive(call_text(name, picked), *picked)

    node = each_world(args, one, text=call_text(name, args))
    if not isinstance(node.value, (list, dict)) and not node.secret and any(arg.secret for arg in args):
        node = Node(node.value, node.place, node.origin, True)
    return _truth(context, name, node)


def _truth(context: Context, name: str, node: Node) -> Node:
    return context.evaluator.truth(context.expr, node, context.scope) if name in TRUTHS else node


def _not_evaluated(context: Context, name: str, args: list[Node]) -> Node:
    secret = any(is_secret(arg) for arg in args)
    if name in UNSTABLE:
        return Node(Unknown(f"{name}() differs at every run", f"{name}()"), secret=secret)
    if name in UNREAD or "::" in name:
        context.evaluator.unread[f"function {name}"] += 1
        return Node(
            derive(call_text(name, args), *args, reason=f"function {name} is not evaluated").value, secret=secret
        )
    raise EvalError(
        "Unknown function",
        f"There is no function {name[:60]}.",
        "Check the spelling.",
    )
