"""Which modules a policy needs, from what it refers to: a policy is loaded with these and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from srmcheck.diagnostics import Diagnostic
from srmcheck.engine.lint.program import Program
from srmcheck.engine.lint.tree import Branch, Module, Node, Statement, inner_expressions


def needs_of(program: Program, modules: Mapping[str, Module], file: str) -> tuple[list[str], list[Diagnostic]]:
    """The library modules that a policy refers to, and those that these refer to; and what is wrong: a reference to
    another policy."""
    by_package: dict[str, str] = {module.package: name for name, module in modules.items()}
    found: dict[str, None] = {}
    faults: list[Diagnostic] = []
    waiting = [file]
    while waiting:
        module = modules[waiting.pop()]
        for node in _references(module):
            path = program.path_of(module, node)
            if path is None:
                continue
            package = path[0] if path[0] in by_package else path[0].rpartition(".")[0]
            name = by_package.get(package)
            if name is None or name == module.file or name in found:
                continue
            if package.split(".")[1:2] != ["lib"]:
                faults.append(_of_a_policy(module, node, package))
                continue
            found[name] = None
            waiting.append(name)
    return sorted(found), faults


def _of_a_policy(module: Module, node: Node, package: str) -> Diagnostic:
    return Diagnostic(
        "Reference to another policy",
        module.file,
        module.text.count(b"\n", 0, node.start) + 1,
        module.column(node.start),
        detail=f"data.{package} is a policy, and policies are run one by one.",
        hint="put what both need into a module of lib/",
    )


def _references(module: Module) -> Iterator[Node]:
    for rule in module.rules:
        for part in (*rule.args, rule.key):
            if part is not None:
                yield from _deep(part)
        for branch in rule.branches:
            yield from _of_branch(branch)


def _of_branch(branch: Branch) -> Iterator[Node]:
    if branch.value is not None:
        yield from _deep(branch.value)
    yield from _of_body(branch.body)


def _of_body(body: tuple[Statement, ...]) -> Iterator[Node]:
    for statement in body:
        if statement.node is not None:
            yield from _deep(statement.node)
        yield from _of_body(statement.body)


def _deep(node: Node) -> Iterator[Node]:
    if node.kind in ("Var", "RefDot", "RefBrack"):
        yield node
    elif node.kind == "Call":
        yield node.parts[0]
    for inner in inner_expressions(node):
        yield from _deep(inner)
    yield from _of_body(node.body)
