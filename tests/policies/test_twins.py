"""The name of a resource is its verdict, in both languages and in every form (docs/fixtures.md)."""

from __future__ import annotations

import pytest

from srmcheck.testing.verdicts import against_plan, shared, twin_of, unlike_names, unlike_stack
from tests.policies.twins import POLICIES, VERDICTS, Case, cases, graph_of, outcomes_of, policy_of, written_in

CASES = cases()


def ids(case: Case) -> str:
    return case.label


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_verdicts(case: Case) -> None:
    """Every resource has the verdict that its name says, and no other resource has one. What is read from HCL may be
    unknown, never another verdict."""
    written = written_in(case)
    assert {one.verdict(case.language) for one in written.values()} <= set(VERDICTS)
    wrong = [
        f"{address}: {got} instead of {wanted}"
        for address, got, wanted in unlike_names(case, written, outcomes_of(case))
    ]
    assert not wrong


@pytest.mark.parametrize("case", [case for case in CASES if case.stack], ids=ids)
def test_stack_verdicts(case: Case) -> None:
    """The directory's name says the verdict of the stack rule, on the template or on its resources."""
    assert not unlike_stack(case, policy_of(case.policy), graph_of(case), outcomes_of(case))


@pytest.mark.parametrize("case", [case for case in CASES if case.form == "template"], ids=ids)
def test_twins_hold_the_same_cases(case: Case) -> None:
    """What one language shows the other shows too, unless a mark says why it cannot."""
    twin = twin_of(case, CASES, "hcl")
    written = written_in(case)
    if twin is None:
        assert any(one.only for one in written.values()), "the CloudFormation fixture has no Terraform twin"
    assert shared(written) == (shared(written_in(twin)) if twin is not None else set())


@pytest.mark.parametrize("case", [case for case in CASES if case.form == "hcl"], ids=ids)
def test_a_fixture_without_a_twin_says_why(case: Case) -> None:
    """A Terraform fixture without a CloudFormation twin holds nothing that CloudFormation can say."""
    if twin_of(case, CASES, "template") is None:
        assert case.stack == "fail" or shared(written_in(case)) == set()


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
    plan = twin_of(case, CASES, "plan")
    assert plan is not None, "the Terraform fixture has no plan.json"
    assert not list(against_plan(outcomes_of(case), outcomes_of(plan)))
