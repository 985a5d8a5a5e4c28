"""The verdicts of a policy's fixtures, held against their names, the other language and the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.evaluate import Outcome
from srmcheck.policy.model import Policy
from srmcheck.testing.fixtures import Case, Written, written_in
from srmcheck.testing.results import Part, Result
from srmcheck.testing.suite import Suite
from srmcheck.testing.verdicts import against_plan, shared, twin_of, unlike_names, unlike_stack

FORMS = {"hcl": "HCL", "plan": "plan", "template": "CloudFormation"}


def try_names(suite: Suite, policy: Policy, result: Result) -> tuple[bool, Part]:
    """The part about verdicts; and whether there are fixtures, and every one could be read."""
    part = Part("verdicts")
    cases = suite.cases([policy])
    if not cases:
        place = "/".join(policy.package.split(".")[1:])
        part.faults.append(
            Diagnostic(
                "Policy has no fixtures",
                result.shown,
                policy.line,
                detail=f"Neither cloudformation/{place}.yaml nor terraform/{place}/main.tf is in {suite.fixtures.as_posix()}.",
                hint="docs/fixtures.md says how they look",
            )
        )
        return False, part
    named: dict[Case, Mapping[str, Written]] = {}
    said: dict[Case, tuple[Outcome, ...]] = {}
    for case in cases:
        try:
            named[case] = written_in(case)
            broken = [one for one in suite.graph_of(case).template.diagnostics if one.level == "error"]
        except InputError as error:
            broken = [error.diagnostic]
        if broken:
            part.broken.extend(broken)
            continue
        evaluation = suite.evaluation_of(case)
        part.faults.extend(map(suite.policies.placed, evaluation.diagnostics))
        said[case] = evaluation.outcomes
    wrong = list(_wrong(suite, policy, named, said))
    part.faults.extend(wrong)
    part.faults.extend(_vacuous(policy, result.shown, named))
    counts: Counter[str] = Counter()
    for case in said:
        counts[case.form] += len(named[case]) + bool(case.stack)
    result.verdicts = sum(counts.values())
    forms = ", ".join(f"{FORMS[form]} {number}" for form, number in counts.items())
    part.text = f"{result.verdicts - len(wrong)} of {result.verdicts} as the names say ({forms or 'none'})"
    part.faults.extend(_unlike_twins(named))
    part.faults.extend(_unlike_plans(said))
    part.notes.extend(_missing(cases))
    return not part.broken, part


def _wrong(
    suite: Suite, policy: Policy, named: Mapping[Case, Mapping[str, Written]], said: Mapping[Case, Sequence[Outcome]]
) -> Iterator[Diagnostic]:
    for case, outcomes in said.items():
        for address, got, wanted in unlike_names(case, named[case], outcomes):
            line = named[case][address].line if address in named[case] else None
            yield Diagnostic(
                "Verdict is not the one of the name",
                case.file.as_posix(),
                line,
                detail=f"{address}: {got} instead of {wanted} ({FORMS[case.form]}).",
                hint=_why_none(case, suite, policy) if got == "none" else "",
            )
        if case.stack:
            wrong = unlike_stack(case, policy, suite.graph_of(case), outcomes)
            if wrong:
                yield Diagnostic(
                    "Verdict is not the one of the name", case.file.as_posix(), detail=f"The stack rule: {wrong}."
                )


def _why_none(case: Case, suite: Suite, policy: Policy) -> str:
    """What keeps a policy from judging anything of a fixture, if that is plain to see."""
    graph = suite.graph_of(case)
    if any(graph.by_type.get(name) for name in policy.types):
        return ""
    types = ", ".join(policy.types)
    if graph.unjudged and case.language == "terraform":
        names = ", ".join(sorted(graph.unjudged)[:5])
        return f"nothing here is of the type {types}; of {names} srmcheck has no translation into a type"
    return f"nothing here is of the type {types}"


def _vacuous(policy: Policy, shown: str, named: Mapping[Case, Mapping[str, Written]]) -> Iterator[Diagnostic]:
    """A policy whose fixtures show no failure, or nothing but failures, could say anything."""
    abouts = {one.about for written in named.values() for one in written.values()}
    abouts |= {case.case for case in named if case.stack}
    for verdict in ("fail", "pass"):
        if named and not any(name.startswith(f"{verdict}_") or name == verdict for name in abouts):
            yield Diagnostic(
                "Fixtures show too little",
                shown,
                policy.line,
                detail=f"No resource of the fixtures has a name that starts with {verdict}.",
            )


def _unlike_twins(named: Mapping[Case, Mapping[str, Written]]) -> Iterator[Diagnostic]:
    for case in named:
        twin = twin_of(case, named, "hcl") if case.form == "template" else None
        if twin is None:
            continue
        ours, theirs = shared(named[case]), shared(named[twin])
        for one, other, missing in ((case, twin, ours - theirs), (twin, case, theirs - ours)):
            for address, written in named[one].items():
                if written.about.replace("_", "") in missing:
                    yield Diagnostic(
                        "Twin is missing",
                        one.file.as_posix(),
                        written.line,
                        detail=f"{address} has no twin in {other.file.as_posix()}.",
                        hint=f"add it, or say why not: # only: {one.language}: ...",
                    )


def _unlike_plans(said: Mapping[Case, Sequence[Outcome]]) -> Iterator[Diagnostic]:
    for case, outcomes in said.items():
        plan = twin_of(case, said, "plan") if case.form == "hcl" else None
        for address, known, planned in against_plan(outcomes, said[plan]) if plan is not None else ():
            yield Diagnostic(
                "HCL is against the plan", case.file.as_posix(), detail=f"{address}: {known}; the plan: {planned}."
            )


def _missing(cases: Sequence[Case]) -> Iterator[str]:
    languages = {case.language for case in cases}
    if languages == {"terraform"}:
        yield "there is no CloudFormation fixture"
    elif languages == {"cloudformation"}:
        yield "there is no Terraform fixture"
    for case in cases:
        if case.form == "hcl" and twin_of(case, cases, "plan") is None:
            yield f"{case.path.as_posix()} has no plan.json: what HCL leaves unknown was not tried"
