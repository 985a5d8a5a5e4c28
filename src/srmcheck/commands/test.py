"""`srmcheck test`: users' own policies, tried on their fixtures (docs: own-policies)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from srmcheck.diagnostics import ConfigError, Diagnostic
from srmcheck.report.options import Options
from srmcheck.report.style import Style, wrap
from srmcheck.report.text import render_diagnostic
from srmcheck.report.words import diagnostic_place
from srmcheck.testing.results import Part, Result

if TYPE_CHECKING:
    from srmcheck.policy.load import PolicySet

POLICIES, FIXTURES = "policies", "fixtures"
MOST_FAULTS = 20
_WIDTH = 100


@dataclass(frozen=True)
class Tried:
    """The results of all policies, the tests of libraries, and which engines decided."""

    results: Sequence[Result]
    libraries: Sequence[tuple[str, Part]]
    engines: str

    @property
    def fails(self) -> bool:
        return any(result.fails for result in self.results) or any(part.faults for _, part in self.libraries)

    @property
    def is_broken(self) -> bool:
        return any(result.is_broken for result in self.results) or any(part.broken for _, part in self.libraries)


def folders_of(directory: Path, policy_dirs: Sequence[Path]) -> tuple[tuple[Path, ...], Path]:
    """The folders of the policies to test, and that of their fixtures. Raises ConfigError where they are not there."""
    if not directory.is_dir():
        raise ConfigError(
            Diagnostic("Not a folder", directory.as_posix(), hint="name the folder with policies/ and fixtures/")
        )
    own = tuple(policy_dirs) or (directory / POLICIES,)
    if not policy_dirs and not own[0].is_dir():
        raise ConfigError(
            Diagnostic(
                "No policies to test",
                directory.as_posix(),
                detail=f"It has no folder {POLICIES}/, and --policy-dir names none.",
                hint="srmcheck policies new ACME-S3-001 --dir DIR starts a policy, with its tests and fixtures",
            )
        )
    return own, directory / FIXTURES


def try_all(policies: PolicySet, own: Sequence[Path], fixtures: Path, opa_program: str | None) -> Tried:
    """Tries every own policy of `policies` that was selected. Raises EngineError where an engine fails as such."""
    from srmcheck.engine.bundle import Bundle
    from srmcheck.engine.opa_binary import OpaBinaryEngine
    from srmcheck.testing.run import rego_part, try_policy
    from srmcheck.testing.suite import Suite

    suite = Suite(policies, fixtures)
    chosen = [policy for policy in policies.policies if policy.file in policies.shown]
    if not chosen:
        raise ConfigError(Diagnostic("No policies to test", detail="None of your own policies is selected."))
    opa: OpaBinaryEngine | None = None
    if opa_program is not None:
        packages = {policy.package: policy.rules for policy in chosen}
        opa = OpaBinaryEngine(
            Bundle(policies.modules_for(chosen), policies.data, packages, policies.digest), opa_program
        )
    try:
        results = [try_policy(suite, policy, opa, opa_program) for policy in chosen]
        modules = policies.modules_for(chosen)
        modules = {**policies.own, **modules}
        libraries = [
            (file.as_posix(), rego_part(suite, file, modules, opa_program))
            for folder in own
            for file in sorted((folder / "lib").glob("*_test.rego"))
        ]
        engines = "embedded" if opa is None else f"embedded, {opa.version}"
    finally:
        if opa is not None:
            opa.close()
    return Tried(results, libraries, engines)


def lines_of(tried: Tried, style: Style) -> Iterator[str]:
    """What was tried and what came of it."""
    for result in tried.results:
        yield f"{style('bold', result.policy.id)} {result.policy.title} ({result.shown})"
        for part in result.parts:
            yield from _part(part.name, part, style)
        yield ""
    for name, part in tried.libraries:
        yield f"{style('bold', 'library')} ({name})"
        yield from _part(part.name, part, style)
        yield ""
    failed = sum(result.fails for result in tried.results)
    broken = sum(result.is_broken and not result.fails for result in tried.results)
    number = len(tried.results)
    verdicts = sum(result.verdicts for result in tried.results)
    documents = sum(result.documents for result in tried.results)
    words = [f"{number - failed - broken:,} of {number:,} {'policy' if number == 1 else 'policies'} pass"]
    if failed:
        words.append(f"{failed:,} fail")
    if broken:
        words.append(f"{broken:,} could not be tried")
    yield ", ".join(words) + f": {verdicts:,} verdicts of fixtures, {documents:,} documents made of them"
    if "opa" in tried.engines:
        yield f"engines: {tried.engines}"
    else:
        yield "engines: embedded only; with a program opa on PATH, that they decide alike is tried too"


def _part(name: str, part: Part, style: Style) -> Iterator[str]:
    word = style("fail", "ERROR") if part.broken else style("fail", "FAIL ") if part.faults else style("pass", "ok   ")
    first, *more = wrap(part.text or "could not be tried", _WIDTH, " " * 21)
    yield f"  {word}  {name:<12}{first.strip()}"
    yield from more
    for said in part.broken:
        for line in render_diagnostic(said, Options(style.colour, _WIDTH)):
            yield f"    {line}"
    for said in part.faults[:MOST_FAULTS]:
        place = diagnostic_place(said)
        yield from wrap(f"{place}: {said.detail}" if place else said.detail, _WIDTH, "    ", "      ")
        if said.hint:
            yield from wrap(said.hint, _WIDTH, "      hint: ")
    if len(part.faults) > MOST_FAULTS:
        yield f"    and {len(part.faults) - MOST_FAULTS:,} more"
    for note in part.notes:
        yield from wrap(note, _WIDTH, "    note: ", "      ")
