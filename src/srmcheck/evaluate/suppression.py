"""What the evaluation asks about suppressions; who answers, and from which files, it does not know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from srmcheck.graph.resource import ResourceGraph
from srmcheck.results import Finding
from srmcheck.source import Location


class Suppressor(Protocol):
    """Decides what is suppressed (docs: suppressions)."""

    @property
    def has_list(self) -> bool:
        """Whether `listed` can say yes."""

    def inline(self, finding: Finding, head: Callable[[], Location | None]) -> Mapping[str, str] | None:
        """What suppresses a finding where it is written; `head` gives where its resource begins."""

    def listed(self, finding: Finding) -> Mapping[str, str] | None:
        """What suppresses a finding by its fingerprint."""


class Suppressions:
    """The suppressor bound to one graph; without one, nothing is suppressed."""

    def __init__(self, graph: ResourceGraph, suppressor: Suppressor | None) -> None:
        self.graph = graph
        self.suppressor = suppressor
        self._heads: dict[str, Location | None] = {}

    @property
    def has_list(self) -> bool:
        """Whether findings can be suppressed once they have fingerprints."""
        return self.suppressor is not None and self.suppressor.has_list

    def inline(self, finding: Finding) -> Finding:
        """The finding, suppressed if something covers it where it is written."""
        if self.suppressor is None:
            return finding
        return _with(finding, self.suppressor.inline(finding, lambda: self._head(finding.resource)))

    def listed(self, finding: Finding) -> Finding:
        """The finding with its fingerprint, suppressed if it is listed."""
        if self.suppressor is None or not self.suppressor.has_list:
            return finding
        said = self.suppressor.listed(finding)
        return finding if finding.suppression is not None else _with(finding, said)

    def _head(self, address: str | None) -> Location | None:
        if address is None:
            return None
        if address not in self._heads:
            location = None
            parts = self.graph.by_address.get(address)
            place = parts[0].source.place if parts else None
            if place is not None:
                location = place.location or self.graph.template.locate(place)
            self._heads[address] = location
        return self._heads[address]


def _with(finding: Finding, said: Mapping[str, str] | None) -> Finding:
    return finding if said is None else replace(finding, verdict="suppressed", suppression=said)
