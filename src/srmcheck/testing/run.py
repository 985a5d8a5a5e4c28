"""Everything that is tried of a policy, as results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import orjson

from srmcheck.diagnostics import Diagnostic, EngineError, InputError, PolicyError
from srmcheck.engine.base import Decision, Engine
from srmcheck.policy.model import Policy
from srmcheck.testing.completion import try_completions
from srmcheck.testing.judge import Judge
from srmcheck.testing.mutation import try_mutations
from srmcheck.testing.named import try_names
from srmcheck.testing.rego_tests import documents_module, read_tests, run_embedded, run_opa
from srmcheck.testing.results import Part, Result
from srmcheck.testing.suite import Suite

MOST_NEEDLESS = 0.35


def try_policy(suite: Suite, policy: Policy, opa: Engine | None, opa_program: str | None) -> Result:
    """Everything that is tried of one policy of a suite: the verdicts of its fixtures, completions, mutations, its Rego
    tests, and whether OPA, if there is one, decides alike. Raises EngineError where OPA fails as such."""
    result = Result(policy, suite.policies.shown.get(policy.file, policy.file))
    readable, verdicts = try_names(suite, policy, result)
    result.parts.append(verdicts)
    if readable:
        judge = Judge(policy, suite.engine_for(policy))
        try:
            for part in (_completion, _mutation):
                result.parts.append(_guarded(part, suite, policy, judge, result))
        finally:
            judge.engine.close()
        if opa is not None:
            result.parts.append(_engines(suite, policy, judge, opa))
    result.parts.append(_rego(suite, policy, opa_program))
    return result


def _guarded(
    part: Callable[[Suite, Policy, Judge, Result], Part], suite: Suite, policy: Policy, judge: Judge, result: Result
) -> Part:
    try:
        return part(suite, policy, judge, result)
    except EngineError as error:
        said = suite.policies.placed(error.diagnostic)
        return Part(part.__name__.strip("_"), "stopped, as the policy raised", [said])


def _completion(suite: Suite, policy: Policy, judge: Judge, result: Result) -> Part:
    found = try_completions(policy, judge, suite.documents_of(policy), suite.values_of(policy))
    result.documents += found.tried
    unknown, needless = found.counts["unknown"], sum(found.needless.values())
    part = Part(
        "completion",
        f"{found.tried - len(found.unsound):,} of {found.tried:,} documents with something unknown are judged soundly; "
        f"{needless:,} of {unknown:,} unknown verdicts are needless",
    )
    shown = dict.fromkeys(found.unsound)
    part.faults.extend(Diagnostic("Verdict is given too early", result.shown, detail=f"{one}.") for one in shown)
    if found.share > MOST_NEEDLESS:
        most = ", ".join(name for name, number in found.needless.most_common(3) if number)
        part.notes.append(
            f"many unknown verdicts are needless, with unknown {most}: settle what cannot change the verdict"
        )
    return part


def _mutation(suite: Suite, policy: Policy, judge: Judge, result: Result) -> Part:
    tried, moved = try_mutations(policy, judge, suite.documents_of(policy))
    result.documents += tried
    part = Part(
        "mutation", f"{tried - len(moved):,} of {tried:,} documents are judged alike with other values elsewhere"
    )
    shown = dict.fromkeys(moved)
    part.faults.extend(Diagnostic("Policy reads more than it names", result.shown, detail=f"{one}.") for one in shown)
    return part


def _engines(suite: Suite, policy: Policy, judge: Judge, opa: Engine) -> Part:
    """Every document that the policy was asked about, under OPA too."""
    tasks = list(judge.tasks.values())
    embedded = suite.engine_for(policy)
    try:
        pairs = zip(tasks, embedded.evaluate(tasks), opa.evaluate(tasks), strict=True)
        unlike = [task.label for task, one, other in pairs if _dumped(one) != _dumped(other)]
    finally:
        embedded.close()
    part = Part(
        "engines",
        f"embedded and {opa.version} decide alike on {len(tasks) - len(unlike):,} of {len(tasks):,} documents",
    )
    for label in dict.fromkeys(unlike):
        shown = suite.policies.shown.get(policy.file, policy.file)
        part.faults.append(Diagnostic("Engines decide differently", shown, detail=f"On a document about {label}."))
    return part


def _dumped(decision: Decision) -> tuple[bytes, bool]:
    return orjson.dumps(decision.answers, option=orjson.OPT_SORT_KEYS), bool(decision.failed)


def _rego(suite: Suite, policy: Policy, opa: str | None) -> Part:
    source = Path(suite.policies.shown.get(policy.file, policy.file))
    file = source.with_name(f"{source.stem}_test.rego")
    if not file.is_file():
        return Part("rego tests", "none", notes=[f"there are no Rego tests ({file.as_posix()})"])
    return rego_part(suite, file, suite.policies.modules_for([policy]), opa)


def rego_part(suite: Suite, file: Path, tested: Mapping[str, str], opa: str | None) -> Part:
    """The tests of one file, beside the modules that it tests and the whole library."""
    part = Part("rego tests")
    modules = {**tested, "srmcheck/lib/documents.rego": documents_module()}
    for name in suite.policies.index["modules"]:
        if name.startswith("lib/"):
            modules.setdefault(name, suite.policies.text_of(name))
    try:
        tests = read_tests(file)
        failed = run_embedded([tests], modules, suite.policies.data)
        if opa is not None:
            failed.extend(run_opa(opa, [tests], modules, suite.policies.data))
    except InputError as error:
        part.broken.append(error.diagnostic)
    except PolicyError as error:
        part.broken.extend((error.diagnostic, *error.others))
    else:
        part.faults.extend(failed)
        bad = {(one.file, one.line) for one in failed}
        names = "embedded engine" if opa is None else "embedded engine and opa"
        part.text = f"{max(0, len(tests.names) - len(bad))} of {len(tests.names)} pass ({names})"
    return part
