"""Verdicts held against the names of fixtures, of one language against the other, of HCL against the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from srmcheck.evaluate import Outcome
from srmcheck.evaluate.verdict import worst
from srmcheck.graph import ResourceGraph
from srmcheck.policy.model import Policy
from srmcheck.results import Verdict
from srmcheck.testing.fixtures import Case, Written, squeezed

NONE = "none"
NO_RESOURCE = "no resource"


def by_address(outcomes: Iterable[Outcome]) -> dict[str | None, Verdict]:
    """The worst verdict on each address; None is the template as a whole."""
    verdicts: dict[str | None, list[Verdict]] = defaultdict(list)
    for outcome in outcomes:
        verdicts[outcome.address].append(outcome.verdict)
    return {address: worst(found) for address, found in verdicts.items()}


def unlike_names(
    case: Case, written: Mapping[str, Written], outcomes: Iterable[Outcome]
) -> Iterator[tuple[str, str, str]]:
    """Each resource whose verdict is not the one that its name says, with its verdict and the one it should have. A
    resource that no name says has none. What is read from HCL may be unknown, never another verdict."""
    found = by_address(outcomes)
    for address in sorted(written.keys() | {name for name in found if name is not None}):
        named = written.get(address)
        wanted = named.verdict(case.language) if named is not None else NO_RESOURCE
        got = found.get(address, NONE)
        if got == wanted or (wanted == "aux" and got == NONE):
            continue
        if case.form == "hcl" and got == "unknown" and wanted in ("pass", "fail", NONE):
            continue
        yield address, got, wanted


def unlike_stack(case: Case, policy: Policy, graph: ResourceGraph, outcomes: Iterable[Outcome]) -> str:
    """What is wrong with the verdict of the stack rule that the name of a case says, "" if nothing is."""
    known = list(outcomes)
    on_template = [outcome.verdict for outcome in known if outcome.address is None]
    worst_one = worst([outcome.verdict for outcome in known])
    if policy.scope == "account":
        return "" if worst_one == case.stack else f"{worst_one} instead of {case.stack}"
    if policy.reports == "template" or not any(graph.by_type.get(name) for name in policy.types):
        if on_template == [case.stack]:
            return ""
        return f"{', '.join(on_template) or NONE} on the template as a whole instead of {case.stack}"
    if on_template:
        return f"{', '.join(on_template)} on the template as a whole, and its resources are reported on"
    return "" if worst_one == case.stack else f"{worst_one} instead of {case.stack}"


def twin_of(case: Case, cases: Iterable[Case], form: str) -> Case | None:
    """The same case of a policy in another form."""
    return next((one for one in cases if (one.policy, one.case, one.form) == (case.policy, case.case, form)), None)


def shared(written: Mapping[str, Written]) -> set[str]:
    """What a fixture shows that the other language can show too."""
    return {squeezed(one.about) for one in written.values() if one.only is None and not one.about.startswith("aux")}


def against_plan(known: Iterable[Outcome], real: Iterable[Outcome]) -> Iterator[tuple[str | None, str, str]]:
    """Each address on which HCL says what the plan does not, with both verdicts. HCL may be unknown."""
    planned = by_address(real)
    for address, verdict in by_address(known).items():
        if verdict != "unknown" and verdict != planned.get(address, NONE):
            yield address, verdict, planned.get(address, NONE)
