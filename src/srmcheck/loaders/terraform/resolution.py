"""What the references of an expression lead to: the types that `references` fills and its callers read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from srmcheck.loaders.terraform.addresses import InstanceKey, Key, Traversal, parse_traversal
from srmcheck.loaders.terraform.configuration import Expression
from srmcheck.loaders.terraform.inventory import ModuleInstance, Record
from srmcheck.values import Reference

_WHERE = frozenset({"aws_caller_identity", "aws_partition", "aws_region"})
MISSING = object()
"""Says that there is no value, where null is one."""

Rest = Traversal | None
"""Steps still to be taken in what an expression gives; None where they are lost."""


class Chain(NamedTuple):
    """One reference of an expression: as written, and its steps (None if they cannot be read)."""

    text: str
    steps: Traversal | None


class Context(NamedTuple):
    """Who asks: the module instance, and what count, for_each and their keys are there."""

    module: ModuleInstance
    by: str = ""
    repeat: Expression | None = None
    key: InstanceKey = None
    total: int = 0


class Target(NamedTuple):
    """An attribute of an instance; `attribute` is None where it is lost."""

    record: Record
    attribute: Traversal | None

    @property
    def dotted(self) -> str:
        """The attribute as a dotted path."""
        return ".".join(str(step.value if isinstance(step, Key) else step) for step in self.attribute or ())


class VariableUse(NamedTuple):
    """A root variable, the steps into it (None if lost), and whether its value is passed on as it is."""

    name: str
    path: Rest


class Resolution:
    """What an expression leads to. `open`: something in it cannot be followed (a local); `pending`: something in it is
    known after apply, or cannot be followed; `name` is the reference to look at, as written; `function_only`: there are
    no references, yet it is no constant; `sensitive`: a variable that is declared so is passed on; `touches_sensitive`: one
    may have a part in it."""

    __slots__ = (
        "candidates",
        "function_only",
        "local",
        "name",
        "open",
        "pending",
        "sensitive",
        "targets",
        "touches_sensitive",
        "variables",
    )

    def __init__(self) -> None:
        self.targets: dict[tuple[str, Traversal | None], Target] = {}
        self.variables: dict[VariableUse, None] = {}
        self.candidates: tuple[str, ...] = ()
        self.open = False
        self.pending = False
        self.local: str | None = None
        self.function_only = False
        self.sensitive = False
        self.touches_sensitive = False
        self.name: str | None = None

    @property
    def meant(self) -> list[Target]:
        """The targets, without what only says where the template is deployed, if there is anything else: in the ARN of a
        resource the account and the Region name nothing."""
        targets = list(self.targets.values())
        return [target for target in targets if not _says_where(target)] or targets

    @property
    def reference(self) -> Reference | None:
        """The one attribute of one instance that all of it leads to, if so."""
        meant = self.meant
        if self.open or len(meant) != 1:
            return None
        (target,) = meant
        return Reference(target.record.address, target.dotted) if target.attribute else None


def _says_where(target: Target) -> bool:
    return target.record.mode == "data" and target.record.type in _WHERE


def longest(references: object) -> Iterable[Chain]:
    """Each reference once, without the shorter forms that follow it."""
    previous: Traversal | None = None
    for text in references if isinstance(references, list) else ():
        if not isinstance(text, str):
            continue
        steps = parse_traversal(text)
        if (
            steps is not None
            and previous is not None
            and len(steps) < len(previous)
            and previous[: len(steps)] == steps
        ):
            previous = steps
            continue
        previous = steps
        yield Chain(text, steps)


def dig(value: Any, path: Traversal | None) -> object:
    """What lies at `path` of a JSON value; `MISSING` if nothing does."""
    for step in path or ():
        index: Any = step.value if isinstance(step, Key) else step
        if (isinstance(value, dict) and index in value) or (
            isinstance(value, list) and isinstance(index, int) and 0 <= index < len(value)
        ):
            value = value[index]
        else:
            return MISSING
    return value


def holds_true(marks: object) -> bool:
    """Whether `True` stands anywhere in a tree of marks."""
    if marks is True:
        return True
    if not isinstance(marks, (dict, list)):
        return False
    stack: list[Any] = [marks]
    while stack:
        item = stack.pop()
        if item is True:
            return True
        if isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return False
