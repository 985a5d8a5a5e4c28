"""What could not be evaluated, for the report: one entry for each place in a policy, whatever the number of resources."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from srmcheck.diagnostics import Diagnostic

MOST_NAMED = 3
Key = tuple[str, str, str | None, int | None, int | None]


@dataclass
class Faults:
    """Collects what engines say of policies and documents. `pairs` holds the policies and addresses (None: the template
    as a whole) without a full answer."""

    pairs: dict[tuple[str, str | None], Diagnostic] = field(default_factory=dict)
    _groups: dict[Key, tuple[Diagnostic, dict[str, None]]] = field(default_factory=dict)

    def add(self, policy_id: str, address: str | None, said: Diagnostic) -> None:
        """Takes what was said of one policy on one resource, or, with None, on the template as a whole."""
        self.pairs.setdefault((policy_id, address), said)
        is_of_policy = said.file is not None
        key = (policy_id if is_of_policy else said.detail, said.summary, said.file, said.line, said.column)
        _, addresses = self._groups.setdefault(key, (said, {}))
        addresses.setdefault(address or "the template as a whole")

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """One for each policy and place in it, with the first resource and some of the others by name."""
        return tuple(_told(said, list(addresses)[1:]) for said, addresses in self._groups.values())


def _told(said: Diagnostic, others: list[str]) -> Diagnostic:
    if not others:
        return said
    more = f" and {len(others) - MOST_NAMED:,} more" if len(others) > MOST_NAMED else ""
    return replace(said, detail=f"{said.detail} The same at {', '.join(others[:MOST_NAMED])}{more}.")
