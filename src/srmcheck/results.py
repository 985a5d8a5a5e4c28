"""What a run of srmcheck found: plain data, all that a report format needs (docs: report, `srmcheck.report/v1`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from srmcheck.diagnostics import Diagnostic
from srmcheck.source import Call
from srmcheck.values import Path

Verdict = Literal["fail", "pass", "unknown", "suppressed"]
Severity = Literal["critical", "high", "medium", "low"]
Holder = Literal["customer", "shared", "provider"]

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
RESPONSIBILITIES: tuple[str, ...] = (
    "data-protection",
    "identity-and-access",
    "application-security",
    "os-security",
    "network-security",
    "logging-and-monitoring",
)
SHIPPED = "SRM-"
"""What the ids of the policies that ship start with, and no others."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a verdict is unknown: the canonical `path` (`["@name", ...]` in a relation) of the resource at `address`,
    the `reason` ("known after apply") and the `name` that the user must look at (`var.kms_key_arn`)."""

    path: Path
    address: str | None
    reason: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry of the report: a failure, an unknown (one for each policy and resource), or, on request, a pass.

    `path` is canonical, `source_path` in the source's own words under `source_address` (the owner: a split-out part, a
    member of a relation, a data source). Lines and columns count from 1, None where unknown. `when` maps conditions, as
    the user writes them, to the values under which it fails. `folded_into` is the fingerprint of the finding that
    reports the same cause; `also` the policy ids that were folded into this one. `masked`: the value at the place must
    never be shown. `suppression` says what suppresses it: `kind` "inline" or "baseline", `reason`, `file`, `verdict` (what
    it would be), and where there are any `line` and `until` (`YYYY-MM-DD`).
    """

    policy_id: str
    title: str
    severity: Severity
    responsibility: str
    service: str
    verdict: Verdict
    template: str
    resource: str | None
    resource_type: str | None
    source_type: str | None
    path: Path
    message: str
    source_address: str | None = None
    source_path: Path = ()
    file: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    via: tuple[Call, ...] = ()
    when: Mapping[str, bool | str] = field(default_factory=dict)
    blocked_by: tuple[Blocker, ...] = ()
    folded_into: str | None = None
    also: tuple[str, ...] = ()
    suppression: Mapping[str, str] | None = None
    remediation: str = ""
    frameworks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    fingerprint: str | None = None
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """One file or directory that was read: `kind` is "terraform-plan", "terraform-hcl", "terraform-state",
    "cloudformation", "cloudformation-sam" or "cloudformation-cdk"; `sha256` over its bytes (of a directory, over its
    files' names and digests); `template` the template that it belongs to."""

    path: str
    kind: str
    sha256: str
    template: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One responsibility of one resource: who holds it, why and by which AWS page (`source`), and how many checks of it
    passed, failed, are unknown or are suppressed. A customer's or shared cell with no check at all is "yours, but no
    policy looks", unless `left_out`: policies look at it that were not selected for this run."""

    responsibility: str
    holder: Holder
    reason: str
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    suppressed: int = 0
    source: str = ""
    left_out: bool = False

    @property
    def checks(self) -> int:
        """How many policies gave a verdict here."""
        return self.passed + self.failed + self.unknown + self.suppressed


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """One resource along the Shared Responsibility Model. `model` is "IaaS", "PaaS" or "SaaS", with the reason and the
    AWS page (`model_source`); `service_title` is how AWS calls the service. Layers that it lacks have no cell."""

    template: str
    address: str
    type: str
    source_type: str
    service: str
    model: str
    model_reason: str
    cells: tuple[Cell, ...]
    service_title: str = ""
    model_source: str = ""


@dataclass(frozen=True, slots=True)
class NotVisible:
    """What no template can show, and the AWS Config rule or Security Hub control that watches it."""

    summary: str
    watched_by: tuple[str, ...]
    service: str | None = None


@dataclass(frozen=True, slots=True)
class ResponsibilityRow:
    """One responsibility over all resources: how many hold it, and what the checks of it said. `passed`, `failed`,
    `unknown` and `suppressed` count (policy, resource) pairs."""

    id: str
    title: str
    customer: int
    shared: int
    provider: int
    passed: int
    failed: int
    unknown: int
    suppressed: int
    resources_without_policies: tuple[str, ...]
    not_visible: tuple[NotVisible, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """Versions of what ran. `policies` is the digest of the policies, `data_date` the date of the policy data."""

    version: str
    engine: str
    policies: str
    data_date: str


@dataclass(frozen=True, slots=True)
class NotAssessed:
    """A check that did not run, and why (a stack rule without `--scope account`)."""

    policy_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy that ran, as formats describe it: `remediation` by language ("terraform", "cloudformation"), `frameworks`
    with the ids of their controls, `links` the pages behind it."""

    id: str
    title: str
    description: str
    severity: Severity
    responsibility: str
    service: str
    remediation: Mapping[str, str] = field(default_factory=dict)
    frameworks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about one run. `findings` are in report order; `verdicts` counts (policy, resource) pairs;
    `by_severity` counts failing pairs; `types_without_policies` counts resources by source type that no policy looks
    at; `inherited` are AWS's own duties (ids and titles); `unread` counts what was not evaluated, by name; `rules` are the
    policies that ran, by id."""

    tool: Tool
    inputs: tuple[Input, ...]
    findings: tuple[Finding, ...]
    resources: int
    verdicts: Mapping[str, int]
    by_severity: Mapping[str, int]
    not_assessed: tuple[NotAssessed, ...]
    types_without_policies: Mapping[str, int]
    rows: tuple[ResourceRow, ...]
    responsibilities: tuple[ResponsibilityRow, ...]
    inherited: tuple[tuple[str, str], ...]
    diagnostics: tuple[Diagnostic, ...]
    unread: Mapping[str, int] = field(default_factory=dict)
    policies_run: int = 0
    rules: tuple[Rule, ...] = ()
