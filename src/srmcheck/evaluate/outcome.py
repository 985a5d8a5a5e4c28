"""What the evaluation of one template gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from srmcheck.diagnostics import Diagnostic
from srmcheck.results import Finding, NotAssessed, Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict of one policy on one resource (`address` None: the template as a whole), the worst of its parts and
    worlds. Policies that do not apply have no outcome. `findings` has the failures, or the one unknown entry, or, for a
    pass, one entry at the subject's path with an empty message."""

    policy_id: str
    address: str | None
    type: str | None
    verdict: Verdict
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All outcomes of one template, in the order of resources and policies; `not_assessed` are stack checks without
    `--scope account`; `diagnostics` what could not be evaluated, and `failed` the same by policy and address."""

    outcomes: tuple[Outcome, ...]
    not_assessed: tuple[NotAssessed, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    failed: Mapping[tuple[str, str | None], Diagnostic] = field(default_factory=dict)
