"""What is wrong with a call: the function, the number of arguments, and arguments that engines read differently."""

from __future__ import annotations

from collections.abc import Iterator

from srmcheck.engine.builtins import BUILTINS
from srmcheck.engine.lint.patterns import fault_of
from srmcheck.engine.lint.program import Program
from srmcheck.engine.lint.tree import Module, Node, root_of, steps_of

Fault = tuple[str, int, str]

DYNAMIC_PATTERNS = frozenset({"srmcheck.lib.iam"})
"""Library packages whose patterns are made of the input: each is reviewed, and holds what it takes to a few characters
that stand for themselves before it makes a pattern of it."""


def call_faults(program: Program, module: Module, call: Node) -> Iterator[Fault]:
    """Faults of one call, as rule of the lint, byte offset and detail."""
    target, *arguments = call.parts
    written = ".".join([str(root_of(target).value), *map(str, steps_of(target))])
    name = program.function_of(module, call)
    if name is None:
        yield from _unknown(program, module, target, written)
        return
    if name in program.rules:
        functions = [rule for _, rule in program.rules[name] if rule.kind in ("function", "default")]
        takes = {len(rule.args) for rule in functions}
        if takes != {len(arguments)} or not takes - {0}:
            yield "unknown-function", call.start, f"{written} does not take {len(arguments)} arguments."
        return
    wanted = BUILTINS[name].arguments
    if len(arguments) != wanted:
        yield "unknown-function", call.start, f"{name} takes {wanted} arguments, and gets {len(arguments)}."
        return
    yield from _arguments(program, module, name, call)


def _unknown(program: Program, module: Module, target: Node, written: str) -> Iterator[Fault]:
    if program.path_of(module, target) is None and root_of(target).kind == "Var":
        yield "builtin", target.start, f"{written} is neither a function of the policies nor an allowed built-in."
    else:
        yield "unknown-function", target.start, f"{written} is no function of the policies."


def _arguments(program: Program, module: Module, name: str, call: Node) -> Iterator[Fault]:
    arguments = call.parts[1:]
    if name == "count" and _is_text(program, module, arguments[0]):
        yield "text-length", call.start, "count gets a text here."
    if name in ("replace", "indexof"):
        sought = constant_text(program, module, arguments[1])
        if not sought:
            yield "argument", arguments[1].start, f"The second argument of {name} must be a literal text, not empty."
    if name == "format_int" and not (arguments[1].kind == "Number" and arguments[1].value == 10):
        yield "argument", arguments[1].start, "The second argument of format_int must be 10."
    if name in ("regex.match", "regex.replace"):
        at = arguments[0] if name == "regex.match" else arguments[1]
        yield from _pattern(program, module, at)
    if name == "regex.replace":
        text = constant_text(program, module, arguments[2])
        if text is None or "$" in text:
            yield (
                "argument",
                arguments[2].start,
                "The third argument of regex.replace must be a literal text without $.",
            )


def _pattern(program: Program, module: Module, node: Node) -> Iterator[Fault]:
    pattern = constant_text(program, module, node)
    if pattern is None:
        if module.package not in DYNAMIC_PATTERNS:
            yield "pattern", node.start, "The pattern is not a literal text."
        return
    why = fault_of(pattern)
    if why is not None:
        yield "pattern", node.start, f"The pattern has {why}."


def _is_text(program: Program, module: Module, node: Node) -> bool:
    if node.kind in ("String", "RawString"):
        return True
    name = program.function_of(module, node) if node.kind == "Call" else None
    return name is not None and name in BUILTINS and BUILTINS[name].gives == "string"


def constant_text(program: Program, module: Module, node: Node) -> str | None:
    """The text that an expression always gives: a literal, or concat of literals; None if it is none of them."""
    if node.kind in ("String", "RawString"):
        return str(node.value)
    if node.kind != "Call" or program.function_of(module, node) != "concat" or len(node.parts) != 3:
        return None
    separator = constant_text(program, module, node.parts[1])
    if separator is None or node.parts[2].kind != "Array":
        return None
    parts = [constant_text(program, module, part) for part in node.parts[2].parts]
    return None if None in parts else separator.join(part for part in parts if part is not None)
