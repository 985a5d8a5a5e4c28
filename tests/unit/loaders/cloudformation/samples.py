"""Shared by the tests of this package: loading a text, and values as they read best in an assertion."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

from srmcheck.conditions import All, AnyOf, Condition, Const, Equals, Named, Not, Opaque, Variable
from srmcheck.loaders.cloudformation import load_cloudformation
from srmcheck.template import Template
from srmcheck.values import ABSENT, Choice, Json, Node, Reference, Spread, Text, Unknown

FILE = "stack.yaml"


def load(text: str, parameters: Mapping[str, str] | None = None) -> Template:
    return load_cloudformation(dedent(text), FILE, sha256="abc", parameters=parameters)


def shown(node: Node) -> Any:
    """Known values as they are, references as `<Id.Attribute>`, unknowns as `?reason`, choices as a dict of the guard's
    text to the value."""
    value = node.value
    if value is ABSENT:
        return "absent"
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    if isinstance(value, Reference):
        return f"<{value.address}.{value.attribute}>"
    if isinstance(value, Text):
        return "".join(part if isinstance(part, str) else shown(Node(part)) for part in value.parts)
    if isinstance(value, Unknown):
        return f"?{value.reason}"
    if isinstance(value, Choice):
        return {said(guard): shown(branch) for guard, branch in value.branches}
    if isinstance(value, Json):
        return {"json": shown(value.of)}
    if isinstance(value, Spread):
        return ("*", shown(value.of))
    return value


def said(condition: Condition) -> str:
    match condition:
        case Named(name, _):
            return name
        case Not(of):
            return f"not ({said(of)})" if isinstance(of, All | AnyOf) else f"not {said(of)}"
        case Equals(left, Variable(name)):
            return f"{left.name} == {name}"
        case Equals(left, right):
            return f"{left.name} == {right!r}"
        case All(of):
            return " and ".join(said(part) for part in of)
        case AnyOf(of):
            return " or ".join(said(part) for part in of)
        case Opaque(text):
            return text
        case Const(value):
            return str(value)


def body(text: str, parameters: Mapping[str, str] | None = None, address: str = "X") -> Any:
    """The properties of one resource, as `shown`."""
    template = load(text, parameters)
    return shown(next(resource for resource in template.resources if resource.address == address).body)


def value(expression: str, head: str = "", parameters: Mapping[str, str] | None = None) -> Any:
    """What an expression is worth as the property V of a resource X, beside a bucket `Bucket`."""
    return shown(node(expression, head, parameters))


def node(expression: str, head: str = "", parameters: Mapping[str, str] | None = None) -> Node:
    template = template_of(expression, head, parameters)
    found = template.resources[-1].body.value
    assert isinstance(found, dict)
    return found.get("V", Node("absent"))


def template_of(expression: str, head: str = "", parameters: Mapping[str, str] | None = None) -> Template:
    text = dedent(head) + dedent(
        """
        Resources:
          Bucket: {Type: AWS::S3::Bucket}
          X:
            Type: Custom::Thing
            Properties:
              V: """
    )
    lines = dedent(expression).strip("\n").splitlines()
    text += lines[0] if len(lines) == 1 else "\n" + "\n".join(" " * 8 + line for line in lines)
    return load_cloudformation(text + "\n", FILE, parameters=parameters)


def summaries(template: Template) -> list[tuple[str, str, int | None]]:
    return [(found.level, found.summary, found.line) for found in template.diagnostics]
