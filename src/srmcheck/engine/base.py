"""The protocol between the evaluator and whatever runs Rego."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from srmcheck.diagnostics import Diagnostic

RULES = ("not_applicable", "deny", "settled", "unknown")
STACK_RULES = ("deny_stack", "settled_stack", "unknown_stack")


@dataclass(frozen=True, slots=True)
class Package:
    """A policy as an engine needs it: its Rego package (`srmcheck.s3.bucket_versioning`) and which of RULES and
    STACK_RULES it defines and are to be asked."""

    name: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One input document (JSON bytes, `srmcheck.input/v1`) and the packages to ask about it. `label` names the
    resource in error messages."""

    document: bytes
    packages: tuple[Package, ...]
    label: str


RuleValues = Mapping[str, Any]
"""Rule name to its value: `not_applicable` True or False; the others a list, sorted, of

- deny, unknown: `{"place": [...], "message": "...", "paths": [[...], ...]}`
- settled: `[...]` (a path)
- deny_stack, unknown_stack: as deny, with `"address": "..." | null`
- settled_stack: a path

A rule that is undefined is absent."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answers to one task: package name to rule values. Every package of the task is there or in `failed`, with what
    went wrong: it raised, its answer has no form that a policy's has, or the document is too large for the engine."""

    answers: Mapping[str, RuleValues]
    failed: Mapping[str, Diagnostic] = field(default_factory=dict)


class Engine(Protocol):
    """Runs policies. Decisions come in the order of the tasks, one each. What a policy or a document is to blame for is in
    the decision, and the next task is asked.

    Raises EngineError when the engine is down, slow, refuses, answers nonsense, lacks a policy or holds another bundle:
    asking once more is of no use then.
    """

    @property
    def version(self) -> str:
        """For the report: "regorus 0.13.0", "opa 1.22.2"."""
        ...

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Decision]: ...

    def close(self) -> None:
        """Ends what the engine started. May be called twice."""
        ...
