"""From graphs and verdicts to a report: the counts, and the lines of the Shared Responsibility Model."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from srmcheck.diagnostics import Diagnostic
from srmcheck.policy.responsibility import Held, ResponsibilityModel
from srmcheck.results import (
    Cell,
    Finding,
    Input,
    NotAssessed,
    NotVisible,
    Report,
    ResourceRow,
    ResponsibilityRow,
    Rule,
    Tool,
    Verdict,
)
from srmcheck.template import SourceResource, Template

if TYPE_CHECKING:
    from srmcheck.evaluate.outcome import Evaluation, Outcome
    from srmcheck.graph import Resource, ResourceGraph
    from srmcheck.policy.model import Policy

_KINDS = {
    "plan": "terraform-plan",
    "hcl": "terraform-hcl",
    "state": "terraform-state",
    "template": "cloudformation",
    "sam": "cloudformation-sam",
    "cdk": "cloudformation-cdk",
}
_AWS = ("aws_", "awscc_", "AWS::")
_LEVELS = {"error": 0, "outside": 1, "note": 2}

Tally = Counter[Verdict]


@dataclass
class Assembly:
    """Collects one template after the other. `policies` are those that ran, by id; `left_out` the responsibilities that
    policies judge which were not selected, by judged type."""

    model: ResponsibilityModel
    policies: Mapping[str, Policy]
    inputs: list[Input] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: list[ResourceRow] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    resources: int = 0
    unchecked_types: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    by_area: dict[str, Tally] = field(default_factory=dict)
    by_severity: Counter[str] = field(default_factory=Counter)
    not_assessed: dict[str, NotAssessed] = field(default_factory=dict)
    left_out: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def add(self, graph: ResourceGraph, evaluation: Evaluation) -> None:
        """Adds a template with its verdicts."""
        template = graph.template
        self.inputs.append(input_of(template))
        self.resources += len({item.address for item in template.resources if _is_ours(item)})
        self.unread.update(template.unread)
        self.diagnostics.extend(evaluation.diagnostics)
        reasons = dict.fromkeys((*template.incomplete, *graph.incomplete))
        if reasons and all(item.level == "note" for item in template.diagnostics):  # else it has been said
            self.diagnostics.append(
                Diagnostic(
                    "Template not seen whole",
                    template.name,
                    detail=f"There may be further resources: {'; '.join(reasons)}. What depends on them is unknown.",
                    level="outside",
                )
            )
        for item in evaluation.not_assessed:
            self.not_assessed.setdefault(item.policy_id, item)
        judged = {name for policy in self.policies.values() for name in policy.types} | self.left_out.keys()
        addresses: dict[str, Resource] = {}
        for resource in graph.resources:
            addresses.setdefault(resource.address, resource)
        for resource in addresses.values():
            if resource.type not in judged:
                self.unchecked_types[resource.source.type] += 1
        for name, number in graph.unjudged.items():
            if name.startswith(_AWS):
                self.unchecked_types[name] += number
        tallies = self._count(evaluation.outcomes)
        self.rows.extend(self._rows(template, addresses.values(), tallies))

    def _count(self, outcomes: Sequence[Outcome]) -> Mapping[tuple[str, str], Tally]:
        tallies: dict[tuple[str, str], Tally] = {}
        for outcome in outcomes:
            self.findings.extend(outcome.findings)
            policy = self.policies[outcome.policy_id]
            area = policy.responsibility
            self.by_area.setdefault(area, Counter())[outcome.verdict] += 1
            if outcome.verdict == "fail":
                self.by_severity[policy.severity] += 1
            if outcome.address is not None:
                tallies.setdefault((outcome.address, area), Counter())[outcome.verdict] += 1
        return tallies

    def _rows(
        self, template: Template, resources: Iterable[Resource], tallies: Mapping[tuple[str, str], Tally]
    ) -> Iterable[ResourceRow]:
        areas = [area["id"] for area in self.model.areas]
        nothing: Tally = Counter()
        untouched: dict[tuple[Held, str, bool], Cell] = {}  # most cells are alike: no check looked at them
        for resource in resources:
            place = self.model.place(resource.type, resource.properties)
            if place is None:
                continue
            cells = []
            for area in areas:
                held = place.cells.get(area)
                tally = tallies.get((resource.address, area), nothing)
                if held is None:
                    if not tally:
                        continue
                    held = Held("customer", "a policy judges it", place.source)
                if tally:
                    numbers = (tally["pass"], tally["fail"], tally["unknown"], tally["suppressed"])
                    cells.append(Cell(area, held.holder, held.reason, *numbers, held.source))
                    continue
                idle = area in self.left_out.get(resource.type, ())
                cell = untouched.get((held, area, idle))
                if cell is None:
                    cell = Cell(area, held.holder, held.reason, source=held.source, left_out=idle)
                    untouched[held, area, idle] = cell
                cells.append(cell)
            yield ResourceRow(
                template=template.name,
                address=resource.address,
                type=resource.type,
                source_type=resource.source.type,
                service=place.service,
                model=place.model,
                model_reason=place.reason,
                cells=tuple(cells),
                service_title=place.service_title,
                model_source=place.source,
            )

    def report(self, tool: Tool) -> Report:
        """The report of all that was added."""
        self.findings.sort(key=report_key)
        self.rows.sort(key=lambda row: (row.template, row.service, row.address))
        total: Tally = Counter()
        for tally in self.by_area.values():
            total.update(tally)
        unique = dict.fromkeys(self.diagnostics)
        ordered = sorted(unique, key=lambda d: (_LEVELS[d.level], d.file or "", d.line or 0, d.column or 0, d.summary))
        return Report(
            tool=tool,
            inputs=tuple(sorted(self.inputs, key=lambda item: (item.template, item.path))),
            findings=tuple(self.findings),
            resources=self.resources,
            verdicts={name: total[name] for name in sorted(total)},
            by_severity=dict(self.by_severity),
            not_assessed=tuple(self.not_assessed[key] for key in sorted(self.not_assessed)),
            types_without_policies=dict(self.unchecked_types),
            rows=tuple(self.rows),
            responsibilities=tuple(self._areas()),
            inherited=tuple((duty["id"], duty["title"]) for duty in self.model.duties),
            diagnostics=tuple(ordered),
            unread=dict(self.unread),
            policies_run=len(self.policies),
            rules=tuple(_rule(self.policies[key]) for key in sorted(self.policies)),
        )

    def _areas(self) -> Iterable[ResponsibilityRow]:
        several = len({row.template for row in self.rows}) > 1
        services = {row.service for row in self.rows}
        held: dict[str, Counter[str]] = {area["id"]: Counter() for area in self.model.areas}
        unchecked: dict[str, list[str]] = {area["id"]: [] for area in self.model.areas}
        for row in self.rows:
            for cell in row.cells:
                held[cell.responsibility][cell.holder] += 1
                if cell.holder != "provider" and not cell.checks and not cell.left_out:
                    name = f"{row.template}: {row.address}" if several else row.address
                    unchecked[cell.responsibility].append(name)
        for area in self.model.areas:
            holders = held[area["id"]]
            tally = self.by_area.get(area["id"], Counter())
            yield ResponsibilityRow(
                id=area["id"],
                title=area["title"],
                customer=holders["customer"],
                shared=holders["shared"],
                provider=holders["provider"],
                passed=tally["pass"],
                failed=tally["fail"],
                unknown=tally["unknown"],
                suppressed=tally["suppressed"],
                resources_without_policies=tuple(unchecked[area["id"]]),
                not_visible=tuple(_not_visible(area["not_visible"], services)),
            )


def _not_visible(items: Iterable[Mapping[str, Sequence[str]]], services: set[str]) -> Iterable[NotVisible]:
    """What no template shows of the services that are there, or of any account."""
    for item in items:
        if not item["services"]:
            yield NotVisible(str(item["summary"]), tuple(item["watched_by"]))
            continue
        present = next((service for service in item["services"] if service in services), None)
        if present is not None:
            yield NotVisible(str(item["summary"]), tuple(item["watched_by"]), present)


def _rule(policy: Policy) -> Rule:
    return Rule(
        id=policy.id,
        title=policy.title,
        description=policy.description,
        severity=policy.severity,
        responsibility=policy.responsibility,
        service=policy.service,
        remediation=policy.remediation,
        frameworks=policy.frameworks,
        links=policy.links,
    )


def input_of(template: Template) -> Input:
    """The template as an input of the report; of several files, the digest is over their names and digests."""
    digests = list(template.files.values())
    if len(digests) == 1 and template.format != "hcl":
        digest = digests[0]
    else:
        lines = "".join(f"{name}\0{value}\n" for name, value in sorted(template.files.items()))
        digest = hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()
    return Input(template.name, _KINDS[template.format], digest, template.name)


def _is_ours(resource: SourceResource) -> bool:
    return resource.mode == "managed" and resource.type.startswith(_AWS)


def report_key(finding: Finding) -> tuple[object, ...]:
    """The order of the report: template, file, line, policy, resource, path; unknown places first."""
    path = tuple((0, step, "") if isinstance(step, int) else (1, 0, step) for step in finding.path)
    return (
        finding.template,
        finding.file or "",
        finding.line or 0,
        finding.policy_id,
        finding.resource or "",
        path,
        finding.message,
    )
