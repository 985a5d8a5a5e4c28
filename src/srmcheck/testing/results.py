"""What trying a policy gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from srmcheck.diagnostics import Diagnostic
from srmcheck.policy.model import Policy


@dataclass
class Part:
    """One kind of test of a policy: what was tried in words with its numbers, what is wrong, and what is worth knowing.
    `broken` is what could not be tried."""

    name: str
    text: str = ""
    faults: list[Diagnostic] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    broken: list[Diagnostic] = field(default_factory=list)


@dataclass
class Result:
    """What was tried of one policy. `verdicts` and `documents` are how many were held against something."""

    policy: Policy
    shown: str
    parts: list[Part] = field(default_factory=list)
    verdicts: int = 0
    documents: int = 0

    @property
    def fails(self) -> bool:
        return any(part.faults for part in self.parts)

    @property
    def is_broken(self) -> bool:
        return any(part.broken for part in self.parts)
