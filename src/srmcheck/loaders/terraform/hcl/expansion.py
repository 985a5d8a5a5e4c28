"""count and for_each: how many instances a resource or module call has, under which conditions, and with which keys.

Sources: developer.hashicorp.com/terraform/language/meta-arguments/count and .../for_each
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from srmcheck.conditions import FALSE, TRUE, Condition, Opaque, conjoin, disjoin
from srmcheck.loaders.terraform.hcl.access import Handle, Many
from srmcheck.loaders.terraform.hcl.convert import NotKnown, TfSet, make_set, to_number, type_name
from srmcheck.loaders.terraform.hcl.evaluate import Evaluator
from srmcheck.loaders.terraform.hcl.partial import Derived, EvalError, derive, describe, each_world
from srmcheck.loaders.terraform.hcl.scope import Scope
from srmcheck.loaders.terraform.hcl.syntax import Expr
from srmcheck.values import ABSENT, Choice, Node, Origin, Reference, Spread, Unknown, lift

MOST_INSTANCES = 4096


@dataclass(frozen=True, slots=True)
class Member:
    """One instance: what follows the address, when it exists, and what each or count is in it."""

    suffix: str
    exists: Condition = TRUE
    each: tuple[Node, Node] | None = None
    count: Node | None = None


@dataclass(frozen=True, slots=True)
class Expansion:
    """The instances. `shape` is the evaluated count or for_each."""

    kind: Literal["single", "count", "for_each", "many"]
    members: tuple[Member, ...]
    shape: Node = field(default_factory=lambda: Node(None))

    def value(self, address: str, handle: Callable[[Member], Handle]) -> Node:
        """What the name of the resource or module means: one object, a list or map of them, or an unknown number."""
        if self.kind == "single":
            return Node(handle(self.members[0]))
        if self.kind == "many":
            cause = self.shape.value
            if not isinstance(cause, Unknown):
                cause = derive(describe(self.shape), self.shape).value
                assert isinstance(cause, Unknown)
            return Node(Many(address, handle(self.members[0]), _key_text(self.shape), cause))
        handles = {member.suffix: Node(handle(member)) for member in self.members}
        if self.kind == "count":
            return lift(
                self.shape,
                lambda node: Node([handles[f"[{at}]"] for at in range(_whole(node)) if f"[{at}]" in handles]),
            )

        def group(node: Node) -> Node:
            pairs = _pairs(node) or ()
            return Node({key: handles[key_suffix(key)] for key, _ in pairs if key_suffix(key) in handles})

        return each_world([self.shape], lambda picked: group(picked[0]), deep=open_entries(self.shape))


SINGLE = Expansion("single", (Member(""),))


def key_suffix(key: str) -> str:
    """An instance key as addresses write it."""
    return f"[{json.dumps(key, ensure_ascii=False)}]"


def expand_count(evaluator: Evaluator, expr: Expr, scope: Scope) -> Expansion:
    """The instances of a count. Raises EvalError."""
    node = evaluator.resolved(evaluator.evaluate(expr, scope), scope)
    branches = _branches(node)
    sizes: list[tuple[Condition, int]] = []
    for guard, branch in branches:
        try:
            sizes.append((guard, _whole(branch)))
        except NotKnown:
            return _many(evaluator, expr, scope, node, "count")
    most = max(size for _, size in sizes)
    members = [
        Member(
            f"[{at}]",
            disjoin(*(guard for guard, size in sizes if size > at)) if len(sizes) > 1 else TRUE,
            count=Node(at),
        )
        for at in range(most)
    ]
    return Expansion("count", tuple(member for member in members if member.exists != FALSE), node)


def _whole(node: Node) -> int:
    """A count. Raises NotKnown, or EvalError for what is none."""
    size = to_number(node.value)
    if size is None or size != int(size) or size < 0:
        raise EvalError("Invalid count argument", "count must be a whole number, zero or more.")
    if size > MOST_INSTANCES:
        raise EvalError("Too many instances", f"More than {MOST_INSTANCES} instances of one block are not evaluated.")
    return int(size)


def expand_for_each(evaluator: Evaluator, expr: Expr, scope: Scope) -> Expansion:
    """The instances of a for_each. Raises EvalError."""
    node = evaluator.resolved(evaluator.evaluate(expr, scope), scope)
    if isinstance(node.value, Many):
        return _chained(evaluator, expr, scope, node, node.value)
    node = each_world([node], lambda picked: _with_known_keys(picked[0], scope), deep=open_entries(node))
    there: dict[str, list[tuple[Condition, Node]]] = {}
    branches = _branches(node)
    for guard, branch in branches:
        pairs = _pairs(branch)
        if pairs is None:
            return _many(evaluator, expr, scope, node, "for_each")
        for key, value in pairs:
            there.setdefault(key, []).append((guard, value))
    if len(there) > MOST_INSTANCES:
        raise EvalError("Too many instances", f"More than {MOST_INSTANCES} instances of one block are not evaluated.")
    members = [
        Member(
            key_suffix(key),
            disjoin(*(guard for guard, _ in values)) if len(values) < len(branches) else TRUE,
            each=(Node(key), _merged(values)),
        )
        for key, values in sorted(there.items())
    ]
    return Expansion("for_each", tuple(members), node)


def _merged(values: list[tuple[Condition, Node]]) -> Node:
    from srmcheck.loaders.terraform.hcl.partial import combine

    return values[0][1] if len(values) == 1 else combine(values)


def _branches(node: Node, guard: Condition = TRUE) -> list[tuple[Condition, Node]]:
    if not isinstance(node.value, Choice):
        return [(guard, node)]
    return [pair for test, branch in node.value.branches for pair in _branches(branch, conjoin(guard, test))]


def open_entries(node: Node) -> bool:
    """Whether what is in the collection hangs on open conditions."""
    for _, branch in _branches(node):
        value = branch.value
        items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for item in items:
            inner = item.value
            if isinstance(inner, Spread) and isinstance(inner.of.value, Choice):
                return True
            if isinstance(inner, Choice) and (
                isinstance(value, list) or any(part.value is ABSENT for _, part in inner.branches)
            ):
                return True
    return False


def _with_known_keys(node: Node, scope: Scope) -> Node:
    """In one world: a map without the entries that are not there, a set with its references as the values they are."""
    value = node.value
    if isinstance(value, TfSet):
        items = [scope.dereference(item) if isinstance(item.value, Reference) else item for item in value]
        return node.with_value(make_set(items))
    if isinstance(value, dict) and any(item.value is ABSENT for item in value.values()):
        return node.with_value({key: item for key, item in value.items() if item.value is not ABSENT})
    return node


def _pairs(node: Node) -> list[tuple[str, Node]] | None:
    """Keys and values of a for_each; None if its keys are not known. Raises EvalError for what is no map or set."""
    value = node.value
    if isinstance(value, Handle):
        raise EvalError("Invalid for_each argument", "for_each needs a map or a set of strings, not one object.")
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, TfSet):
        pairs: list[tuple[str, Node]] = []
        for item in value:
            if isinstance(item.value, (Unknown, Reference, Choice, Spread)) or not isinstance(item.value, str):
                if isinstance(item.value, (bool, int, float)) or item.value is None:
                    raise EvalError("Invalid for_each argument", "The set must hold strings.")
                return None
            pairs.append((item.value, item))
        return pairs
    if isinstance(value, (Unknown, Reference)):
        return None
    raise EvalError(
        "Invalid for_each argument",
        f"for_each needs a map or a set of strings, not {type_name(value)}.",
        "Wrap a list in toset().",
    )


def _key_text(shape: Node) -> str:
    if isinstance(shape.value, Many):
        return shape.value.key
    text = describe(shape)
    return f"each.key of {text}" if text else ""


def _chained(evaluator: Evaluator, expr: Expr, scope: Scope, node: Node, many: Many) -> Expansion:
    """for_each over a resource whose instances are not known: each.value is that instance."""
    found = _many(evaluator, expr, scope, node, "for_each")
    (member,) = found.members
    assert member.each is not None
    return Expansion("many", (Member("[*]", member.exists, (member.each[0], Node(many.one))),), node)


def _many(evaluator: Evaluator, expr: Expr, scope: Scope, node: Node, what: str) -> Expansion:
    """An unknown number of instances: one stands for all of them, if there are any."""
    evaluator.unread[what] += 1
    text = describe(node)
    test = f"{text} > 0" if what == "count" else f"length({text}) > 0"
    exists = Opaque(test if text else f"{what} of {evaluator.own_text(expr, scope)} > 0")
    cause = node.value if isinstance(node.value, Unknown) else derive("", node).value
    assert isinstance(cause, Unknown)
    key_text = _key_text(node) or f"each.key of {evaluator.own_text(expr, scope)}"
    open_ = getattr(cause, "open", False)

    def part(label: str) -> Node:
        value = Derived(cause.reason, cause.name, cause.candidates, False, None, label, open_)
        origin = Origin("parameter", cause.name) if node.origin is not None and cause.name else node.origin
        return Node(value, None, origin, node.secret)

    if what == "count":
        index = part(f"count.index of {text}" if text else key_text.replace("each.key", "count.index"))
        return Expansion("many", (Member("[*]", exists, count=index),), node)
    key = part(key_text)
    value = key if isinstance(node.value, TfSet) else part(key_text.replace("each.key", "each.value", 1))
    return Expansion("many", (Member("[*]", exists, each=(key, value)),), node)
