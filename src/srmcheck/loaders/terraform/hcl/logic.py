"""Truth: conditions of values, equality, and the choice between two branches."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from srmcheck import conditions
from srmcheck.conditions import FALSE, TRUE, Condition, Opaque, Variable, conjoin, disjoin, negate
from srmcheck.loaders.terraform.hcl.convert import NotKnown, plain, to_bool, to_string, type_name
from srmcheck.loaders.terraform.hcl.partial import (
    EvalError,
    Whole,
    assume,
    choice_of,
    combine,
    consistent,
    derive,
    describe,
    each_world,
    fail,
    is_open,
    is_variable,
    referred,
)
from srmcheck.values import ABSENT, Choice, Json, Node, Reference, Text, Unknown, Value

Domains = Mapping[str, tuple[str, ...]]


def variable_of(node: Node, domains: Domains) -> Variable | None:
    """The condition variable that a node is, if it is one (a variable, the workspace, a pseudo parameter)."""
    value = node.value
    if is_variable(value):
        assert isinstance(value, Unknown) and value.name is not None
        return Variable(value.name, domains.get(value.name))
    if isinstance(value, Reference) and value.address.startswith("AWS::"):
        return Variable(value.address)
    return None


def condition_of(node: Node, domains: Domains, fallback: Callable[[], str]) -> Condition | None:
    """The condition under which a boolean is true; None if it hangs on more than variables without a value.

    `fallback` gives a text of its own for a truth that cannot be described. Raises EvalError for what is no boolean.
    """
    value = node.value
    if isinstance(value, Choice):
        parts: list[Condition] = []
        for guard, branch in value.branches:
            part = condition_of(branch, domains, fallback)
            if part is None:
                return None
            parts.append(conjoin(guard, part))
        return disjoin(*parts)
    if isinstance(value, Reference):
        value = referred(value)
    if isinstance(value, Unknown):
        if is_variable(value):
            assert value.name is not None
            domain = domains.get(value.name)
            if domain is not None and set(domain) <= {"true", "false"}:
                return conditions.equals(Variable(value.name, domain), "true")
            return Opaque(value.name)
        return Opaque(describe(node) or fallback()) if is_open(value) else None
    if isinstance(value, Text):
        return None
    truth = to_bool(value)
    if truth is None:
        raise EvalError("Null condition", "A condition must be true or false, not null.")
    return TRUE if truth else FALSE


def negation(node: Node, domains: Domains, fallback: Callable[[], str]) -> Node:
    """`!x`"""
    condition = condition_of(node, domains, fallback)
    if condition is None:
        return derive(f"!({describe(node)})" if describe(node) else "", node)
    return choice_of(negate(condition), node.secret)


def both(operator: str, left: Node, right: Callable[[], Node], domains: Domains, fallback: Callable[[], str]) -> Node:
    """`left && right`, `left || right`. Terraform evaluates both; what one side decides is known whatever the other."""
    conjunction = operator == "&&"
    decisive = FALSE if conjunction else TRUE
    first = condition_of(left, domains, fallback)
    other = right()
    second = condition_of(other, domains, fallback)
    secret = left.secret or other.secret
    if decisive in (first, second):
        return Node(not conjunction, secret=secret)
    if first is not None and second is not None:
        return choice_of(conjoin(first, second) if conjunction else disjoin(first, second), secret)
    if first is None and second is None:
        return _joined(operator, left, other)
    known, unknown = (first, other) if second is None else (second, left)
    assert known is not None
    if known in (TRUE, FALSE):
        return unknown
    decided = Node(not conjunction)
    pair = ((known, unknown), (negate(known), decided)) if conjunction else ((known, decided), (negate(known), unknown))
    return Node(Choice(pair), secret=secret)


def _joined(operator: str, left: Node, right: Node) -> Node:
    texts = [describe(left), describe(right)]
    return derive(f"{texts[0]} {operator} {texts[1]}" if all(texts) else "", left, right)


def equal(left: Node, right: Node, domains: Domains, fallback: Callable[[], str]) -> Node:
    """`left == right`: known, the truth of an open condition, or unknown."""

    def one(pair: list[Node]) -> Node:
        return _equal(pair[0], pair[1], domains, fallback)

    return each_world([left, right], one, deep=_has_container(left, right))


def _has_container(*nodes: Node) -> bool:
    return any(isinstance(node.value, (list, dict)) for node in nodes)


def _equal(left: Node, right: Node, domains: Domains, fallback: Callable[[], str]) -> Node:
    secret = left.secret or right.secret
    for one, other in ((left, right), (right, left)):
        if other.value is None or other.value is ABSENT:
            return _is_null(one, fallback, secret)
    variables = [variable_of(left, domains), variable_of(right, domains)]
    for variable, opposite, node in ((variables[0], variables[1], right), (variables[1], variables[0], left)):
        if variable is None:
            continue
        if opposite is not None:
            return choice_of(conditions.equals(variable, opposite), secret)
        if node.secret and not isinstance(node.value, Unknown):
            return choice_of(Opaque(f"{variable.name} == a secret ({fallback().rpartition('(')[2]}"), secret)
        if node.value is None or isinstance(node.value, (bool, int, float, str)):
            return choice_of(conditions.equals(variable, to_string(node.value) or ""), secret)
    if _of_other_type(left.value, right.value):
        return Node(False, secret=secret)
    try:
        return Node(_same(plain(left), plain(right)), secret=secret)
    except NotKnown:
        pass
    if left.value == right.value and isinstance(left.value, (Reference, Text, Json)):
        return Node(True, secret=secret)
    result = _joined("==", left, right)
    assert isinstance(result.value, Unknown)
    if is_open(result.value):
        return choice_of(Opaque(describe(result) or fallback()), secret)
    return result


def _of_other_type(left: Value, right: Value) -> bool:
    """Whether a collection is compared with something of another type, which is never equal: `var.list == []`."""
    if not isinstance(left, (list, dict)) or isinstance(right, (Unknown, Reference)):
        return False
    return type(left) is not type(right) and not isinstance(left, Whole) and not isinstance(right, Whole)


def _same(left: object, right: object) -> bool:
    """Equality of plain values; a boolean is no number, and a string is neither."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(item, right[key]) for key, item in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def _is_null(node: Node, fallback: Callable[[], str], secret: bool) -> Node:
    value = node.value
    if value is None or value is ABSENT:
        return Node(True, secret=secret)
    if isinstance(value, Reference):
        if value.attribute in ("id", "arn", "Ref"):
            return Node(False, secret=secret)
        value = referred(value)
    if not isinstance(value, Unknown):
        return Node(False, secret=secret)
    text = describe(node)
    if is_open(value):
        return choice_of(Opaque(f"{text} == null" if text else fallback()), secret)
    return derive(f"{text} == null" if text else "", node)


def choose(condition: Condition | None, test: Node, then: Callable[[], Node], otherwise: Callable[[], Node]) -> Node:
    """The branch that the condition takes; both, guarded, if it is open; what they share if it is unknown.

    Raises the error of the branch that is taken.
    """
    if condition == TRUE:
        return _marked(then(), test)
    if condition == FALSE:
        return _marked(otherwise(), test)
    branches: list[Node] = []
    errors: list[EvalError] = []
    for branch in (then, otherwise):
        try:
            branches.append(branch())
        except EvalError as error:
            errors.append(error)
            branches.append(fail(error))
    if len(errors) == 2:
        raise errors[0]
    first, second = branches
    if condition is None:
        return _marked(_shared(first, second, test), test)
    pairs = [(condition, assume(first, condition)), (negate(condition), assume(second, negate(condition)))]
    possible = [(guard, node) for guard, node in pairs if consistent(guard)]
    return _marked(combine(possible or pairs), test)


def _marked(node: Node, test: Node) -> Node:
    if test.secret and not node.secret:
        return Node(node.value, node.place, node.origin, True)
    return node


def _shared(first: Node, second: Node, test: Node) -> Node:
    """What holds whichever of the two it is."""
    if first == second and type(first.value) is type(second.value):
        return first
    left, right = first.value, second.value
    whole = isinstance(left, Whole) or isinstance(right, Whole)
    if isinstance(left, dict) and isinstance(right, dict) and not whole and left.keys() == right.keys():
        return first.with_value({key: _shared(item, right[key], test) for key, item in left.items()})
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        return first.with_value([_shared(one, other, test) for one, other in zip(left, right, strict=True)])
    return derive("", test, first, second)


def require_type(node: Node, kinds: tuple[type, ...], wanted: str) -> None:
    """Raise EvalError unless the value is of one of the kinds."""
    if not isinstance(node.value, kinds):
        raise EvalError("Unsuitable value", f"{wanted} is required here, not {type_name(node.value)}.")
