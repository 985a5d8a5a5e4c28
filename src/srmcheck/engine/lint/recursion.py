"""Rules that need themselves: the embedded engine's process dies of one."""

from __future__ import annotations

from collections.abc import Iterator

from srmcheck.diagnostics import Diagnostic
from srmcheck.engine.lint.faults import fault
from srmcheck.engine.lint.program import Program
from srmcheck.engine.lint.tree import Module, Node, Rule, Statement, inner_expressions


def recursive_rules(program: Program) -> Iterator[Diagnostic]:
    """A diagnostic for each rule that needs itself, through others or directly."""
    needs = {name: sorted(_needs(program, rules)) for name, rules in program.rules.items()}
    for name in sorted(needs):
        way = _way_back(needs, name)
        if way:
            module, rule = program.rules[name][0]
            yield fault("recursion", module, rule.start, f"The rule needs itself: {' -> '.join([*way, name])}.")


def _way_back(needs: dict[str, list[str]], start: str) -> list[str]:
    """The names on a shortest way from a rule to itself, without the last; empty if there is none."""
    came_from: dict[str, str | None] = {start: None}
    waiting = [start]
    for name in waiting:
        for other in needs.get(name, ()):
            if other == start:
                way: list[str] = []
                at: str | None = name
                while at is not None:
                    way.append(at)
                    at = came_from[at]
                return way[::-1]
            if other not in came_from:
                came_from[other] = name
                waiting.append(other)
    return []


def _needs(program: Program, rules: list[tuple[Module, Rule]]) -> set[str]:
    found: set[str] = set()
    for module, rule in rules:
        for node in _nodes(rule):
            if node.kind in ("Var", "RefDot", "RefBrack"):
                path = program.path_of(module, node)
                if path is not None:
                    found.update(name for name in program.rules if _reaches(path[0], name))
    return found


def _reaches(path: str, name: str) -> bool:
    """Whether a reference to `path` takes the rule `name`: it names it, or a package above it."""
    return path == name or (bool(path) and name.startswith(f"{path}."))


def _nodes(rule: Rule) -> Iterator[Node]:
    for argument in (*rule.args, rule.key):
        if argument is not None:
            yield from _deep(argument)
    for branch in rule.branches:
        if branch.value is not None:
            yield from _deep(branch.value)
        yield from _of_body(branch.body)


def _of_body(body: tuple[Statement, ...]) -> Iterator[Node]:
    for statement in body:
        for node in (statement.node, *statement.patterns):
            if node is not None:
                yield from _deep(node)
        yield from _of_body(statement.body)


def _deep(node: Node) -> Iterator[Node]:
    """The expressions in one, references whole, and those in the bodies of comprehensions."""
    yield node
    if node.kind == "Call":
        yield node.parts[0]
    for inner in inner_expressions(node):
        yield from _deep(inner)
    yield from _of_body(node.body)
