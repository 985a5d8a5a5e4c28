"""The rules of the lint: for each its fixed summary and what to do instead (docs: engines, "What policies may not use")."""

from __future__ import annotations

from collections.abc import Mapping

from srmcheck.diagnostics import Diagnostic
from srmcheck.engine.lint.tree import Module

FAULTS: Mapping[str, tuple[str, str]] = {
    "argument": (
        "Argument that engines read differently",
        "Give a literal text that is not empty.",
    ),
    "argument-pattern": (
        "Parameter that is no name",
        "Name the parameter, and compare it in the body.",
    ),
    "builtin": (
        "Built-in function is not allowed",
        "Use one of those in policies/capabilities.json: the others need the network, the clock or chance, or the "
        "engines read them differently.",
    ),
    "data-reference": (
        "Reference to nothing that is known",
        "Import the rule's package, or add the data to the policies' data directory.",
    ),
    "default-value": (
        "Default that is no constant",
        "Give a constant; compute in a rule of its own.",
    ),
    "division": (
        "Division",
        "Compare products instead: engines write fractions differently.",
    ),
    "head": (
        "Rule name with dots or brackets",
        "Give the rule a plain name; a rule for each key may be written `name[key] := value`.",
    ),
    "head-value": (
        "Value of a rule that may be undefined",
        "Compute it in the body (`value := ...`): the body fails then, in both engines.",
    ),
    "import": (
        "Import that is not allowed",
        "Import packages under `data`; write `input` where you use it.",
    ),
    "iteration": (
        "Iteration over what is no collection",
        "Iterate over an array, an object or a set: resource.list gives one for every path.",
    ),
    "line": (
        "Line is too long",
        "Break it: the embedded engine takes 1024 columns.",
    ),
    "membership": (
        "Membership test that may be undefined used as a value",
        "Make it a statement of its own, or test a value that is always there (resource.value, resource.text ...).",
    ),
    "minus": (
        "Minus before an expression",
        "Subtract from 0.",
    ),
    "mock": (
        "`with` outside a test",
        "Give the value as an argument.",
    ),
    "negation": (
        "Negation of what may be undefined",
        "Negate a helper rule without arguments, `==`, or a call on values that are always there (resource.value, "
        "resource.text ...).",
    ),
    "nesting": (
        "Brackets are nested too deeply",
        "Give the inner parts names of their own.",
    ),
    "number": (
        "Number that engines write differently",
        "Use integers up to 9007199254740991.",
    ),
    "ordering": (
        "Order of sets or objects",
        "Compare their members, or count them.",
    ),
    "package": (
        "Package name is taken",
        "Choose another package: srmcheck.entry is the dispatcher's.",
    ),
    "pattern": (
        "Regular expression that engines read differently",
        "Use a literal pattern of plain characters, [a-z] classes, groups and repetitions; write [0-9] for \\d, "
        "[A-Za-z0-9_] for \\w and [ \\t\\r\\n] for \\s.",
    ),
    "recursion": (
        "Recursion",
        "Write a rule for each level: an engine dies of recursion.",
    ),
    "shadow": (
        "Local name hides another",
        "Give it a name of its own.",
    ),
    "text-length": (
        "Length of a text",
        "Compare the text itself: engines count characters differently.",
    ),
    "unification": (
        "Unification with `=`",
        "Assign with `:=`, compare with `==`.",
    ),
    "unknown-function": (
        "Function that does not exist",
        "Check the name and the imports.",
    ),
    "unsafe": (
        "Variable without a value",
        "Declare it with `:=` or `some` in a line before.",
    ),
    "verdict-rule": (
        "Verdict rule has another form",
        "Write `not_applicable if ...`, and `deny contains ...` (settled, unknown and the stack rules alike).",
    ),
}


def fault(name: str, module: Module, start: int, detail: str) -> Diagnostic:
    """The diagnostic of one rule of the lint at a byte offset of a module."""
    summary, hint = FAULTS[name]
    line = module.text.count(b"\n", 0, start) + 1
    return Diagnostic(
        summary=summary, file=module.file, line=line, column=module.column(start), detail=detail, hint=hint
    )
