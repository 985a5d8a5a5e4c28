"""The name of a resource is its verdict, in both languages and in every form (docs/fixtures.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest

from srmcheck.evaluate import Outcome
from srmcheck.evaluate.verdict import worst
from tests.policies.twins import POLICIES, VERDICTS, Case, cases, graph_of, outcomes_of, policy_of, squeezed, written_in

CASES = cases()


def ids(case: Case) -> str:
    return case.label


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_verdicts(case: Case) -> None:
    """Every resource has the verdict that its name says, and no other resource has one. What is read from HCL may be
    unknown, never another verdict."""
    expected = {written.address: written.verdict(case.language) for written in written_in(case).values()}
    assert set(expected.values()) <= set(VERDICTS)
    found = {address: verdict for address, verdict in _by_address(outcomes_of(case)).items() if address is not None}
    wrong: list[str] = []
    for address in sorted(expected.keys() | found.keys()):
        wanted = expected.get(address, "no resource")
        got = found.get(address, "none")
        if got == wanted or (wanted == "aux" and got == "none"):
            continue
        if case.form == "hcl" and got == "unknown" and wanted in ("pass", "fail", "none"):
            continue
        wrong.append(f"{address}: {got} instead of {wanted}")
    assert not wrong


@pytest.mark.parametrize("case", [case for case in CASES if case.stack], ids=ids)
def test_stack_verdicts(case: Case) -> None:
    """The directory's name says the verdict of the stack rule, on the template or on its resources."""
    policy = policy_of(case.policy)
    outcomes = outcomes_of(case)
    on_template = [outcome.verdict for outcome in outcomes if outcome.address is None]
    if policy.scope == "account":
        assert worst([outcome.verdict for outcome in outcomes]) == case.stack
    elif policy.reports == "template" or not any(graph_of(case).by_type.get(name) for name in policy.types):
        assert on_template == [case.stack]
    else:
        assert on_template == []
        assert worst([outcome.verdict for outcome in outcomes]) == case.stack


@pytest.mark.parametrize("case", [case for case in CASES if case.form == "template"], ids=ids)
def test_twins_hold_the_same_cases(case: Case) -> None:
    """What one language shows the other shows too, unless a mark says why it cannot."""
    twin = next(
        (other for other in CASES if (other.policy, other.case, other.form) == (case.policy, case.case, "hcl")), None
    )
    assert twin is not None, "the CloudFormation fixture has no Terraform twin"
    assert _shared(case) == _shared(twin)


@pytest.mark.parametrize("case", [case for case in CASES if case.form == "hcl"], ids=ids)
def test_a_fixture_without_a_twin_says_why(case: Case) -> None:
    """A Terraform fixture without a CloudFormation twin holds nothing that CloudFormation can say."""
    if not any((other.policy, other.case, other.form) == (case.policy, case.case, "template") for other in CASES):
        assert case.stack == "fail" or _shared(case) == set()


@pytest.mark.parametrize("package", [policy.package for policy in POLICIES.policies])
def test_every_policy_shows_each_verdict(package: str) -> None:
    """Fail, pass, unknown and the absent value are shown."""
    abouts = {written.about for case in CASES if case.policy == package for written in written_in(case).values()}
    stacks = {case.case for case in CASES if case.policy == package and case.stack}
    for verdict in ("fail", "pass", "unknown"):
        assert any(name.startswith(f"{verdict}_") for name in abouts | stacks), verdict
    assert any(word in name for name in abouts | stacks for word in ("absent", "none", "no_")), "absent"


@pytest.mark.parametrize("case", [case for case in CASES if case.form == "hcl"], ids=ids)
def test_hcl_agrees_with_the_plan(case: Case) -> None:
    """Wherever HCL is known, the plan says the same; where it is not, no verdict is against the plan's."""
    plan = next(other for other in CASES if (other.policy, other.case, other.form) == (case.policy, case.case, "plan"))
    known, real = _by_address(outcomes_of(case)), _by_address(outcomes_of(plan))
    for address, verdict in known.items():
        assert verdict in ("unknown", real.get(address, "none")), address


def _shared(case: Case) -> set[str]:
    return {
        squeezed(written.about)
        for written in written_in(case).values()
        if written.only is None and not written.about.startswith("aux")
    }


def _by_address(outcomes: Iterable[Outcome]) -> dict[str | None, str]:
    verdicts: dict[str | None, list[str]] = defaultdict(list)
    for outcome in outcomes:
        verdicts[outcome.address].append(outcome.verdict)
    return {address: worst(found) for address, found in verdicts.items()}  # type: ignore[arg-type]
