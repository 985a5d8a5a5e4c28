"""The Conditions section as formulas over open parameters.

Known comparisons are folded, as text: `yes` is "true", 2 is "2". A formula keeps the name that the template gives it.
Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from srmcheck.conditions import (
    FALSE,
    TRUE,
    All,
    AnyOf,
    Condition,
    Const,
    Named,
    Not,
    Opaque,
    Variable,
    conjoin,
    disjoin,
    equals,
    negate,
)
from srmcheck.loaders.cloudformation import scalars
from srmcheck.loaders.cloudformation.choices import Spend, combinations, is_impossible
from srmcheck.loaders.cloudformation.notes import safe_name
from srmcheck.loaders.cloudformation.parameters import IN_ACCOUNT, NO_VALUE
from srmcheck.loaders.cloudformation.tree import Array, Leaf, Object, Tree, text_at
from srmcheck.values import ABSENT, Node, Reference, Text, Unknown

if TYPE_CHECKING:
    from srmcheck.loaders.cloudformation.evaluate import Evaluator

MOST_PARTS = 500
"""Parts of one formula, the conditions that it names counted with theirs. CloudFormation allows ten per function."""
MOST_CHAIN = 30
"""Conditions that name each other in a row."""
MOST_LEVELS = 60
"""Functions in each other, through all names."""

FUNCTIONS = ("Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or")


class Conditions:
    """The named conditions of a template, evaluated when they are asked for."""

    def __init__(self, section: Mapping[str, Tree]) -> None:
        self._section = section
        self._known: dict[str, Condition] = {}
        self._size: dict[str, tuple[int, int]] = {}
        self._running: list[str] = []
        self._names: dict[object, str] = {}
        self._taken: set[str] = set()
        self._count = 0
        self._level = 0

    @property
    def names(self) -> list[str]:
        """The names, in the order of the template."""
        return list(self._section)

    def named(self, name: str, evaluator: Evaluator, at: Tree) -> Condition:
        """The condition of that name, which stands at `at`. An undefined one, one that hangs on itself and one that is
        too large are errors, and open truths of their own."""
        if name in self._known:
            return self._known[name]
        notes = evaluator.context.notes
        shown = safe_name(name) or "that"
        if name not in self._section:
            if evaluator.context.loose is None:
                notes.add(
                    "Undefined condition",
                    at,
                    f"The Conditions section does not define {shown}; it is taken as open.",
                    level="error",
                )
            return Opaque(f"condition {shown}")
        if name in self._running:
            notes.add("Condition hangs on itself", self._section[name], f"{shown} leads back to itself.", level="error")
            return Opaque(f"condition {shown}")
        if len(self._running) >= MOST_CHAIN:
            return self._too_large(shown, evaluator, name)
        self._running.append(name)
        try:
            formula = self.formula(self._section[name], evaluator.anywhere())
        except RecursionError:  # values nested deep that hang on conditions with values nested deep
            if len(self._running) > 1:
                raise
            formula = self._too_large(shown, evaluator, name)
        finally:
            self._running.pop()
        if not isinstance(formula, Const):
            size = self._measure(formula)
            formula = Named(name, formula)
            if size[0] > MOST_PARTS or size[1] > MOST_LEVELS:
                formula = self._too_large(shown, evaluator, name)
                size = (1, 1)
            self._size[name] = size
        return self._known.setdefault(name, formula)

    def _too_large(self, shown: str, evaluator: Evaluator, name: str) -> Condition:
        evaluator.context.notes.add(
            "Condition too large", self._section[name], f"{shown} is taken as open.", level="error"
        )
        return Opaque(f"condition {shown}")

    def _measure(self, condition: Condition) -> tuple[int, int]:
        """Parts and levels of a formula."""
        match condition:
            case Named(name, _) if name in self._size:
                size, levels = self._size[name]
                return size + 1, levels + 1
            case Not(of) | Named(_, of):
                size, levels = self._measure(of)
                return size + 1, levels + 1
            case All(parts) | AnyOf(parts):
                sizes = [self._measure(part) for part in parts]
                return sum(size for size, _ in sizes) + 1, max(levels for _, levels in sizes) + 1
            case _:
                return 1, 1

    # --- formulas --------------------------------------------------------------------------------------------------

    def formula(self, tree: Tree, evaluator: Evaluator) -> Condition:
        """The formula that a tree of condition functions writes; an open truth, with an error, where it writes none."""
        if isinstance(tree, Object) and len(tree.items) == 1 and self._level < MOST_LEVELS:
            ((name, argument),) = tree.items.items()
            if name == "Condition" and (text := text_at(argument)) is not None:
                return self.named(text, evaluator, argument)
            if name in FUNCTIONS and isinstance(argument, Array):
                self._level += 1
                try:
                    found = self._function(name, argument.items, evaluator)
                finally:
                    self._level -= 1
                if found is not None:
                    return found
        if isinstance(tree, Leaf):
            text = scalars.text_of(tree.value).lower()
            if text in ("true", "false"):
                return TRUE if text == "true" else FALSE
        evaluator.context.notes.add(
            "Malformed condition",
            tree,
            "A condition is Fn::Equals of two values, Fn::Not of one condition, Fn::And or Fn::Or of two to ten, or the"
            " name of one.",
            level="error",
        )
        return self.open_truth("a condition that cannot be read")

    def _function(self, name: str, arguments: list[Tree], evaluator: Evaluator) -> Condition | None:
        if name == "Fn::Equals":
            if len(arguments) != 2:
                return None
            return self.compare(
                evaluator.node(arguments[0], ()), evaluator.node(arguments[1], ()), evaluator.context.spend
            )
        if name == "Fn::Not":
            return negate(self.formula(arguments[0], evaluator)) if len(arguments) == 1 else None
        if not 1 <= len(arguments) <= 20:
            return None
        parts = [self.formula(argument, evaluator) for argument in arguments]
        return _folded(conjoin(*parts) if name == "Fn::And" else disjoin(*parts))

    def compare(self, left: Node, right: Node, spend: Spend) -> Condition:
        """Whether two values are equal, as text."""
        found = combinations([left, right], spend)
        if found is None:
            return self.open_truth("a comparison with too many branches")
        return _folded(disjoin(*(conjoin(guard, self._equal(*pair)) for guard, pair in found)))

    def _equal(self, left: Node, right: Node) -> Condition:
        first, second = self.term(left), self.term(right)
        if isinstance(first, str) and isinstance(second, str):
            return TRUE if first == second else FALSE
        if isinstance(first, Variable) and isinstance(second, Variable):
            return equals(first, second)
        if isinstance(first, Variable) and isinstance(second, str):
            return self._against_text(left, first, second)
        if isinstance(second, Variable) and isinstance(first, str):
            return self._against_text(right, second, first)
        a, b = _plain(left), _plain(right)
        if a is not None and b is not None:
            return TRUE if a == b else FALSE
        return self.open_truth("a comparison of lists")

    def _against_text(self, node: Node, variable: Variable, text: str) -> Condition:
        if isinstance(node.value, Text):
            first, last = node.value.parts[0], node.value.parts[-1]
            if isinstance(first, str) and not text.startswith(first):
                return FALSE
            if isinstance(last, str) and not text.endswith(last):
                return FALSE
        if node.secret:
            # The formula would hold what a secret is compared with, and reports show formulas.
            return Opaque(self._known_by((variable.name, text), f"a comparison with {variable.name}"))
        return equals(variable, text)

    def term(self, node: Node) -> str | Variable | None:
        """What a value is in a comparison: text, or a variable for what is open. None for lists and mappings. Two values
        get one variable only if they are known to be equal."""
        value = node.value
        if value is ABSENT:
            return ""
        if isinstance(value, (bool, int, float, str)):
            return scalars.text_of(value)
        if isinstance(value, Reference):
            return Variable(_reference_name(value))
        if isinstance(value, Unknown):
            return Variable(self._unknown_name(value))
        if isinstance(value, Text):
            key: list[object] = []
            shown: list[str] = []
            for part in value.parts:
                if isinstance(part, str):
                    key.append(part)
                    shown.append("…" if node.secret else part)
                else:
                    name = _reference_name(part) if isinstance(part, Reference) else self._unknown_name(part)
                    key.append(("open", name))
                    shown.append("${" + name + "}")
            return Variable(self._known_by(tuple(key), "".join(shown)))
        return None

    def _unknown_name(self, value: Unknown) -> str:
        """A parameter goes by its name; of any other unknown only the very same occurrence is known to be equal."""
        if value.reason in (NO_VALUE, IN_ACCOUNT) and value.name is not None:
            return value.name
        return self._unique(value.name or value.reason)

    def _known_by(self, key: object, name: str) -> str:
        """One name for one key: `name`, with a number if another key has it."""
        if key not in self._names:
            name = name[:120]
            if name in self._taken:
                name = self._unique(name)
            self._taken.add(name)
            self._names[key] = name
        return self._names[key]

    def _unique(self, name: str) -> str:
        self._count += 1
        return f"{name} #{self._count}"

    def open_truth(self, text: str) -> Condition:
        """An open truth that is like no other."""
        return Opaque(self._unique(text))


def _folded(condition: Condition) -> Condition:
    if is_impossible(condition):
        return FALSE
    return TRUE if is_impossible(negate(condition)) else condition


def _reference_name(value: Reference) -> str:
    return value.address if value.attribute == "Ref" else f"{value.address}.{value.attribute}"


def _plain(node: Node) -> object:
    """A wholly known list or mapping with scalars as text; None for all else."""
    value = node.value
    if value is ABSENT or isinstance(value, (bool, int, float, str)):
        return "" if value is ABSENT else scalars.text_of(value)
    if isinstance(value, list):
        items = [_plain(item) for item in value]
        return None if any(item is None for item in items) else items
    if isinstance(value, dict):
        entries = {key: _plain(item) for key, item in value.items()}
        return None if any(item is None for item in entries.values()) else entries
    return None
