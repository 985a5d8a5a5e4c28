"""A graph by hand, and an engine whose policies are Python functions, for tests of the evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from srmcheck.conditions import TRUE, Condition
from srmcheck.diagnostics import Diagnostic
from srmcheck.engine.base import Decision, RuleValues, Task
from srmcheck.graph.resource import Resource, ResourceGraph
from srmcheck.policy.model import Policy, Relation, parse_path
from srmcheck.template import Scope, SourceResource, Template
from srmcheck.values import Node, Place, Value

Rule = Callable[[dict[str, Any]], Any]


class ScriptedEngine:
    """Answers by functions: package -> rule -> function of the document. A function that raises fails."""

    version = "scripted"

    def __init__(self, rules: Mapping[str, Mapping[str, Rule]]) -> None:
        self.rules = rules
        self.documents: list[dict[str, Any]] = []

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Decision]:
        for task in tasks:
            document = orjson.loads(task.document)
            self.documents.append(document)
            answers: dict[str, RuleValues] = {}
            failed: dict[str, Diagnostic] = {}
            for package in task.packages:
                try:
                    answers[package.name] = {rule: self.rules[package.name][rule](document) for rule in package.rules}
                except ArithmeticError:
                    detail = f"{package.name} stopped at {task.label}."
                    failed[package.name] = Diagnostic(
                        "Policy raised an error", f"{package.name}.rego", 7, detail=detail
                    )
            yield Decision(answers, failed)

    def close(self) -> None:
        pass


def tree(value: Any, address: str, path: tuple[str | int, ...] = ()) -> Node:
    """Python values to nodes with places; values that are no JSON (References, Choices ...) stay."""
    place = Place(address, path)
    if isinstance(value, Node):
        return value
    if isinstance(value, dict):
        return Node({key: tree(item, address, (*path, key)) for key, item in value.items()}, place)
    if isinstance(value, list):
        return Node([tree(item, address, (*path, index)) for index, item in enumerate(value)], place)
    return Node(value, place)


def choice(*branches: tuple[Condition, Value | dict[str, Any] | list[Any]]) -> Any:
    from srmcheck.values import Choice

    return Choice(tuple((guard, tree(value, "x")) for guard, value in branches))


def resource(
    address: str,
    type_name: str,
    properties: dict[str, Any],
    *,
    exists: Condition = TRUE,
    carries: tuple[str, ...] | None = None,
    scope: Scope | None = None,
    part: int = 0,
) -> Resource:
    body = tree(properties, address)
    source = SourceResource(address, type_name, body, exists=exists, place=Place(address))
    return Resource(address, type_name, body, source, scope or Scope(), exists, part, carries)


def graph(*resources: Resource, incomplete: tuple[str, ...] = ()) -> ResourceGraph:
    template = Template("t", "cloudformation", "template")
    return ResourceGraph(template, resources, incomplete=incomplete)


def policy(
    number: str,
    types: dict[str, list[str]],
    rules: Iterable[str] = ("deny", "settled"),
    related: Iterable[Relation] = (),
    **more: Any,
) -> Policy:
    return Policy(
        id=f"SRM-TEST-{number}",
        title=f"Policy {number}",
        description="",
        severity="high",
        responsibility="data-protection",
        service="test",
        since="0.1.0",
        profile="default",
        package=f"srmcheck.test.p{number}",
        rules=tuple(rules),
        types={name: tuple(parse_path(path) for path in paths) for name, paths in types.items()},
        related=tuple(related),
        **more,
    )


def at(path: list[Any], message: str, rests: list[list[Any]] | None = None) -> dict[str, Any]:
    return {"place": path, "message": message, "paths": [path] if rests is None else rests}
