"""Which fields an object surely has, where the policies' own text makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from srmcheck.engine.lint.tree import Node, Rule, Statement

Fields = frozenset[str]
RulesOf = Callable[[str], Iterable[Rule]]
"""The rules of the module's own package with a name."""

NONE: Fields = frozenset()


def local_fields(statements: Iterable[Statement], rules_of: RulesOf) -> Mapping[str, Fields]:
    """For the local names of a body that stand for objects which the policies make: the fields that these have."""
    found: dict[str, Fields] = {}
    for statement in statements:
        node = statement.node
        if node is None:
            continue
        if statement.kind == "Expr" and node.kind == "AssignExpr" and node.parts[0].kind == "Var":
            found[str(node.parts[0].value)] = _fields(node.parts[1], rules_of)
        elif statement.kind == "SomeIn" and statement.patterns[-1].kind == "Var":
            found[str(statement.patterns[-1].value)] = _fields_of_elements(node, rules_of)
    return {name: fields for name, fields in found.items() if fields}


def _fields(node: Node, rules_of: RulesOf) -> Fields:
    """The fields of the object that an expression gives."""
    if node.kind == "Object":
        keys = node.parts[::2]
        return frozenset(str(key.value) for key in keys if key.kind == "String")
    if node.kind == "RefBrack" and node.parts[0].kind == "Var":
        rules = list(rules_of(str(node.parts[0].value)))
        if rules and all(rule.kind == "object" for rule in rules):
            return _shared(_values(rules), rules_of)
    return NONE


def _fields_of_elements(node: Node, rules_of: RulesOf) -> Fields:
    """The fields of every element of the collection that an expression gives."""
    if node.kind in ("Array", "Set"):
        return _shared(node.parts, rules_of)
    if node.kind == "Var":
        rules = list(rules_of(str(node.value)))
        if rules and all(rule.kind == "set" for rule in rules):
            return _shared([rule.key for rule in rules if rule.key is not None], rules_of)
        if rules and all(rule.kind == "complete" for rule in rules):
            values = _values(rules)
            if all(value.kind in ("Array", "Set") for value in values):
                return _shared([part for value in values for part in value.parts], rules_of)
    return NONE


def _values(rules: Iterable[Rule]) -> list[Node]:
    return [branch.value for rule in rules for branch in rule.branches if branch.value is not None]


def _shared(nodes: Iterable[Node], rules_of: RulesOf) -> Fields:
    """The fields that all the objects have."""
    each = [_fields(node, rules_of) for node in nodes]
    return frozenset.intersection(*each) if each else NONE
