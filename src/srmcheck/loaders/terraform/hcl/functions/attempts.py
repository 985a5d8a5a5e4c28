"""try, can, and the marks sensitive and nonsensitive."""

from __future__ import annotations

from srmcheck.loaders.terraform.hcl.evaluate import Evaluator
from srmcheck.loaders.terraform.hcl.functions.base import Lazy, wrong_number
from srmcheck.loaders.terraform.hcl.partial import EvalError, Failure, call_text, derive
from srmcheck.loaders.terraform.hcl.scope import Scope
from srmcheck.loaders.terraform.hcl.syntax import Expr, FunctionCall
from srmcheck.values import Choice, Node, Unknown, lift, walk


def _try(evaluator: Evaluator, expr: FunctionCall, scope: Scope) -> Node:
    """The first argument without an error. false and null are no errors."""
    if not expr.args:
        raise wrong_number()
    return _first(evaluator, expr.args, scope)


def _first(evaluator: Evaluator, args: list[Expr], scope: Scope) -> Node:
    try:
        node = evaluator.evaluate(args[0], scope)
    except EvalError:
        if len(args) == 1:
            raise EvalError("No argument without an error", "All arguments of try have errors.") from None
        return _first(evaluator, args[1:], scope)
    if len(args) == 1 or not _may_fail(node):
        return node
    return lift(node, lambda branch: _first(evaluator, args[1:], scope) if _may_fail(branch) else branch)


def _may_fail(node: Node) -> bool:
    """Whether an error is among the branches."""
    if isinstance(node.value, Choice):
        return any(_may_fail(branch) for _, branch in node.value.branches)
    return isinstance(node.value, Failure)


def _can(evaluator: Evaluator, expr: FunctionCall, scope: Scope) -> Node:
    """Whether the argument has no error."""
    if len(expr.args) != 1:
        raise wrong_number()
    try:
        node = evaluator.evaluate(expr.args[0], scope)
    except EvalError:
        return Node(False)

    def one(branch: Node) -> Node:
        if isinstance(branch.value, Failure):
            return Node(False)
        if isinstance(branch.value, Unknown):
            return derive(call_text("can", [branch]), branch)
        return Node(True)

    return evaluator.truth(expr, lift(node, one), scope)


def _sensitive(evaluator: Evaluator, expr: FunctionCall, scope: Scope) -> Node:
    if len(expr.args) != 1:
        raise wrong_number()
    node = evaluator.evaluate(expr.args[0], scope)
    return Node(node.value, node.place, node.origin, True)


def _nonsensitive(evaluator: Evaluator, expr: FunctionCall, scope: Scope) -> Node:
    """The author declares it harmless; what looks like a credential is still treated as one later."""
    if len(expr.args) != 1:
        raise wrong_number()
    node = evaluator.evaluate(expr.args[0], scope)
    return Node(node.value, node.place, node.origin, False)


def _issensitive(evaluator: Evaluator, expr: FunctionCall, scope: Scope) -> Node:
    if len(expr.args) != 1:
        raise wrong_number()
    return Node(any(node.secret for node in walk(evaluator.evaluate(expr.args[0], scope))))


def _ephemeral_as_null(evaluator: Evaluator, expr: FunctionCall, scope: Scope) -> Node:
    if len(expr.args) != 1:
        raise wrong_number()
    node = evaluator.evaluate(expr.args[0], scope)
    return Node(None) if isinstance(node.value, Unknown) and node.value.reason == "ephemeral value" else node


LAZY: dict[str, Lazy] = {
    "try": _try,
    "can": _can,
    "sensitive": _sensitive,
    "nonsensitive": _nonsensitive,
    "issensitive": _issensitive,
    "ephemeralasnull": _ephemeral_as_null,
}
