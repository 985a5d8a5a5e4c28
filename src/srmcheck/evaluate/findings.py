"""From raw findings to findings: places, one finding for one element, `when`, fingerprints (docs: verdicts, report)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from srmcheck.conditions import World
from srmcheck.evaluate.paths import below
from srmcheck.evaluate.verdict import RawFinding
from srmcheck.graph.reads import Reads
from srmcheck.graph.resource import Resource
from srmcheck.graph.view import View
from srmcheck.policy.model import Policy
from srmcheck.results import Blocker, Finding, Verdict
from srmcheck.template import Template
from srmcheck.values import Path, Place, Unknown

_COUNT = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a canonical path lies: its place in the source, the key of its element (what one finding is about), and
    whether its value must not be shown."""

    place: Place | None
    element: tuple[Any, ...]
    masked: bool


class Tracer:
    """Finds the source of canonical paths of one document; projects again with traces, so it is made for findings only."""

    def __init__(
        self,
        resource: Resource | None,
        members: Mapping[str, tuple[Resource, ...]],
        trees: Mapping[str, Reads],
        tree: Reads | None,
        world: World,
        masked: frozenset[Path] = frozenset(),
    ) -> None:
        self.resource = resource
        self.members = members
        self.trees = trees
        self.tree = tree
        self.world = world
        self.masked = masked
        self._views: dict[tuple[str, int], View] = {}

    def owner(self, path: Path) -> tuple[Resource | None, Path, Reads | None]:
        """The resource that a path lies in, the path within it, and what is read of it."""
        if path and isinstance(path[0], str) and path[0].startswith("@"):
            name = path[0][1:]
            rows = self.members.get(name, ())
            if len(path) > 1 and isinstance(path[1], int) and 0 <= path[1] < len(rows):
                return rows[path[1]], path[2:], self.trees.get(name)
            return self.resource, (), self.tree
        return self.resource, path, self.tree

    def spot(self, path: Path) -> Spot:
        """Where `path` lies: the deepest part of it that is written."""
        resource, inner, reads = self.owner(path)
        if resource is None:
            return Spot(None, ("template",), False)
        own = resource.source.place or Place(resource.source.address)
        if reads is None:
            return Spot(own, (resource.address,), False)
        key = (resource.address, id(resource))
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = View(resource.properties, reads, self.world, trace=True, type_name=resource.type)
        nodes = view.nodes or {}
        place = own
        for length in range(len(inner), 0, -1):
            node = nodes.get(inner[:length])
            if node is not None and node.place is not None:
                place = node.place
                break
        element = self._element(view, inner, resource, place)
        return Spot(place, element, path in self.masked or inner in view.masked)

    def rooted(self, one: RawFinding) -> Path:
        """The path of a finding from the root: a stack rule gives one within the resource that it names."""
        if one.address is not None and not (one.place and str(one.place[0]).startswith("@")):
            for name, rows in self.members.items():
                for index, row in enumerate(rows):
                    if row.address == one.address:
                        return (f"@{name}", index, *one.place)
        return one.place

    def _element(self, view: View, inner: Path, resource: Resource, place: Place) -> tuple[Any, ...]:
        """The innermost nested block or split-out resource, statement or list element of objects, else the top-level
        property."""
        here: Any = view.properties
        last = 0
        for index, step in enumerate(inner):
            here = below(here, step)
            if isinstance(step, int) and isinstance(here, dict):
                last = index + 1
        if last:
            node = (view.nodes or {}).get(inner[:last])
            if node is not None and node.place is not None:
                return (node.place.address, node.place.path, resource.address)
            return (resource.address, resource.part, inner[:last])
        return (place.address, inner[:1], resource.address)


def by_element(raw: Iterable[RawFinding], tracer: Tracer, *, apart: bool) -> list[list[tuple[RawFinding, Spot]]]:
    """The findings with their spots, those of one element (with `apart` of one path) together in the order of paths: the
    first stands for all."""
    groups: dict[tuple[Any, ...], list[tuple[RawFinding, Spot]]] = {}
    for one in sorted(raw, key=lambda item: (order_key(item.place), item.message)):
        spot = tracer.spot(tracer.rooted(one))
        if apart:
            spot = replace(spot, element=(*spot.element, one.place))
        groups.setdefault((one.address, *spot.element), []).append((one, spot))
    return list(groups.values())


def order_key(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Orders paths step by step, indexes as numbers."""
    return tuple((0, step, "") if isinstance(step, int) else (1, 0, step) for step in path)


def make_finding(
    policy: Policy,
    verdict: Verdict,
    template: Template,
    resource: Resource | None,
    path: Path,
    message: str,
    spot: Spot,
    *,
    when: Mapping[str, bool | str] | None = None,
    blocked_by: tuple[Blocker, ...] = (),
) -> Finding:
    """A finding of the report, without fingerprint; looks its location up."""
    place = spot.place
    location = None
    if place is not None:
        location = place.location or template.locate(place)
    return Finding(
        policy_id=policy.id,
        title=policy.title,
        severity=policy.severity,
        responsibility=policy.responsibility,
        service=policy.service,
        verdict=verdict,
        template=template.name,
        resource=resource.address if resource is not None else None,
        resource_type=resource.type if resource is not None else None,
        source_type=resource.source.type if resource is not None else None,
        path=path,
        message=message,
        source_address=place.address if place is not None else None,
        source_path=place.path if place is not None else (),
        file=location.file if location is not None else None,
        line=location.line if location is not None else None,
        column=location.column if location is not None else None,
        end_line=(location.end_line or location.line) if location is not None else None,
        via=location.via if location is not None else (),
        when=when or {},
        blocked_by=blocked_by,
        remediation=policy.remediation.get(template.language, ""),
        frameworks=policy.frameworks,
        links=policy.links,
        masked=spot.masked,
    )


def blocker(path: Path, unknown: Unknown, tracer: Tracer) -> Blocker:
    """What stands in the way, for the report."""
    resource, _, _ = tracer.owner(path)
    return Blocker(path, resource.address if resource is not None else None, unknown.reason, unknown.name)


def print_key(
    finding: Finding,
    tree: Mapping[str, Any],
    members: Mapping[str, tuple[Resource, ...]],
    reads: Reads | None,
    trees: Mapping[str, Reads],
) -> str:
    """What a fingerprint is over: template, address (for_each keys stay, count indexes go), policy and canonical path, list
    elements named by what the policy reads of them, members by address."""
    steps: list[Any] = []
    here: Any = tree
    tree_reads = reads
    path = finding.path
    for index, step in enumerate(path):
        here = below(here, step)
        if index == 0 and isinstance(step, str) and step.startswith("@"):
            tree_reads = None
            steps.append(step)
            continue
        if index == 1 and isinstance(step, int) and isinstance(path[0], str) and path[0].startswith("@"):
            rows = members.get(path[0][1:], ())
            steps.append(_COUNT.sub("[]", rows[step].address) if 0 <= step < len(rows) else step)
            tree_reads = trees.get(path[0][1:])
            continue
        if tree_reads is not None:
            tree_reads = tree_reads.element() if isinstance(step, int) else tree_reads.below(step)
        steps.append(_restrict(here, tree_reads) if isinstance(step, int) and tree_reads is not None else step)
    parts = [finding.template, _COUNT.sub("[]", finding.resource or ""), finding.policy_id, steps]
    return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS).decode()


def _restrict(value: Any, reads: Reads) -> Any:
    """Plain JSON, cut to what is read."""
    if reads.deep:
        return value
    if isinstance(value, dict):
        return {key: _restrict(value[key], step) for key, step in reads.keys.items() if key in value}
    if isinstance(value, list):
        return [_restrict(item, reads.element()) for item in value]
    return value


def report_key(finding: Finding) -> tuple[Any, ...]:
    """The order of the report: template, file, line, policy, resource, path; unknown places first."""
    return (
        finding.template,
        finding.file or "",
        finding.line or 0,
        finding.policy_id,
        finding.resource or "",
        order_key(finding.path),
        finding.message,
    )


def number_prints(pairs: Sequence[tuple[Finding, str]], counts: dict[str, int] | None = None) -> list[Finding]:
    """The findings with their fingerprints, in the given order; equal ones are numbered in report order, on from what
    `counts` says of earlier ones."""
    ranked = sorted(range(len(pairs)), key=lambda index: report_key(pairs[index][0]))
    counts = {} if counts is None else counts
    done: dict[int, Finding] = {}
    for index in ranked:
        finding, key = pairs[index]
        number = counts.get(key, 0)
        counts[key] = number + 1
        digest = hashlib.sha256(f"{key}\0{number}".encode()).hexdigest()[:32]
        done[index] = replace(finding, fingerprint=digest)
    return [done[index] for index in range(len(pairs))]
