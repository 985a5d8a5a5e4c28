"""Paths that rules write down as lists are paths that METADATA names: `opa check` sees misspelt references only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from srmcheck.engine.lint.tree import Module, Node, Rule, Statement, parse
from srmcheck.policy.model import Policy, ReadPath
from tests.policies.twins import POLICIES

LIBRARIES = ("ebs", "finding", "iam", "launch", "network", "rds", "resource", "s3", "secrets")
Written = tuple[str | None, ...]
"""The steps of a path in a rule: a name, or None for an index or a variable, which may be anything."""


@pytest.mark.parametrize("policy", POLICIES.policies, ids=lambda policy: policy.id)
def test_written_paths_are_read(policy: Policy) -> None:
    text = POLICIES.modules_for([policy])[policy.file]
    module = parse(text, policy.file)
    paths = set(written_paths(module))
    unread = sorted(str(path) for path in paths if not is_read(path, policy))
    assert not unread


def test_a_misspelt_path_is_found() -> None:
    policy = next(policy for policy in POLICIES.policies if policy.id == "SRM-RDS-003")
    text = POLICIES.modules_for([policy])[policy.file].replace('["DBSubnetGroupName"]', '["DbSubnetGroupName"]')
    paths = set(written_paths(parse(text, policy.file)))
    assert [path for path in paths if not is_read(path, policy)] == [("DbSubnetGroupName",)]


def is_read(path: Written, policy: Policy) -> bool:
    """Whether a written path is one that the policy reads, of a judged type or a member, or leads towards one."""
    if path[0] is not None and path[0].startswith("@"):
        name, rest = path[0][1:], path[2:]
        relation = next((one for one in policy.related if one.name == name), None)
        reads = relation.reads if relation is not None else policy.types.get(name, None)
        return reads is not None and (not rest or any(_leads(rest, read) for read in reads))
    groups: list[tuple[ReadPath, ...]] = [*policy.types.values(), *(relation.reads for relation in policy.related)]
    return any(_leads(path, read) for group in groups for read in group)


def _leads(path: Written, read: ReadPath) -> bool:
    for step, other in zip(path, read, strict=False):
        if other == "**":
            return True
        if step is not None and step != other:
            return False
    return len(path) <= len(read)


def written_paths(module: Module) -> Iterator[Written]:
    """The lists of steps that stand as arguments of library functions."""
    for node in _nodes(module):
        if node.kind == "Call" and _callee(node.parts[0]) in LIBRARIES:
            for argument in node.parts[1:]:
                yield from _paths_in(argument)


def _callee(node: Node) -> str:
    return str(node.parts[0].value) if node.kind == "RefDot" else ""


def _paths_in(node: Node) -> Iterator[Written]:
    if node.kind != "Array" or not node.parts:
        return
    if all(part.kind == "Array" for part in node.parts):
        for part in node.parts:
            yield from _paths_in(part)
    elif node.parts[0].kind == "String":
        yield tuple(str(part.value) if part.kind == "String" else None for part in node.parts)


def _nodes(module: Module) -> Iterator[Node]:
    for rule in module.rules:
        yield from _nodes_of(rule)


def _nodes_of(rule: Rule) -> Iterator[Node]:
    for part in (rule.key, *(branch.value for branch in rule.branches)):
        if part is not None:
            yield from _deep(part)
    for branch in rule.branches:
        yield from _in_body(branch.body)


def _in_body(body: tuple[Statement, ...]) -> Iterator[Node]:
    for statement in body:
        if statement.node is not None:
            yield from _deep(statement.node)
        yield from _in_body(statement.body)


def _deep(node: Node) -> Iterator[Node]:
    for one in node.walk():
        yield one
        yield from _in_body(one.body)
