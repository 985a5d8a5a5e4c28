"""The twin fixtures: where they are, what the names of their resources say, and their graphs (docs/fixtures.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.evaluate import Outcome, run
from srmcheck.graph import ResourceGraph
from srmcheck.normalize import normalize
from srmcheck.policy import load_policies
from srmcheck.policy.model import Policy
from srmcheck.template import Template

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
POLICIES = load_policies(profile="all")
VERDICTS = ("fail", "pass", "unknown", "none", "aux")

_NAME = re.compile(r"(pass|fail|unknown|none|aux)(?:_|$)|(Pass|Fail|Unknown|None|Aux)(?![a-z])")
_BLOCK = re.compile(r'resource "([a-z0-9_]+)" "([a-z0-9_]+)" \{')
_LOGICAL_ID = re.compile(r"  ([A-Za-z0-9]+):\s*")
_MARK = re.compile(r"\s*# (only|differs): (.*)")
_STACK = re.compile(r"(pass|fail|unknown)_stack_[a-z0-9_]+")


@dataclass(frozen=True)
class Case:
    """One template of a policy's fixtures: of a language, in one form (plan, hcl or template). `case` is "" for the main
    one, else the name of the directory (or file) beside it."""

    policy: str
    case: str
    form: str
    path: Path

    @property
    def language(self) -> str:
        return "cloudformation" if self.form == "template" else "terraform"

    @property
    def stack(self) -> str | None:
        """The verdict of the stack rule, where the case is an account baseline."""
        match = _STACK.fullmatch(self.case)
        return match.group(1) if match else None

    @property
    def label(self) -> str:
        return "-".join(part for part in (self.policy.split(".", 1)[1], self.case, self.form) if part)


@dataclass(frozen=True)
class Written:
    """One resource of a fixture as its text names it: the address, what it is about (`fail_absent`), the verdict that the
    name says, the only language that can say it, and verdicts of languages that differ by design."""

    address: str
    about: str
    only: str | None
    differs: Mapping[str, str]

    def verdict(self, language: str) -> str:
        return self.differs.get(language, self.about.split("_", 1)[0])


def policy_of(package: str) -> Policy:
    """The policy with this package."""
    return next(policy for policy in POLICIES.policies if policy.package == package)


def cases() -> list[Case]:
    """Every template of every policy's fixtures."""
    found: list[Case] = []
    for policy in POLICIES.policies:
        folder, name = policy.file.removesuffix(".rego").split("/")
        terraform = FIXTURES / "terraform" / folder / name
        for main in sorted(terraform.rglob("main.tf")):
            case = "" if main.parent == terraform else main.parent.name
            found.append(Case(policy.package, case, "hcl", main.parent))
            found.append(Case(policy.package, case, "plan", main.parent / "plan.json"))
        cloudformation = FIXTURES / "cloudformation" / folder
        single = cloudformation / f"{name}.yaml"
        if single.is_file():
            found.append(Case(policy.package, "", "template", single))
        beside = sorted((cloudformation / name).glob("*.yaml"))
        found.extend(Case(policy.package, file.stem, "template", file) for file in beside)
    return found


@cache
def graph_of(case: Case) -> ResourceGraph:
    """The case's template as a graph."""
    return normalize(_template(case))


def _template(case: Case) -> Template:
    if case.form == "plan":
        from srmcheck.loaders.terraform.lines import SourceFiles
        from srmcheck.loaders.terraform.plan import load_plan

        source = SourceFiles(case.path.parent, case.path.parent, "")
        return load_plan(orjson.loads(case.path.read_bytes()), case.label, source=source)
    if case.form == "hcl":
        from srmcheck.loaders.terraform.hcl import load_hcl

        return load_hcl(case.path, case.label, boundary=case.path)
    from srmcheck.loaders.cloudformation import load_cloudformation

    return load_cloudformation(case.path.read_text(encoding="utf-8"), case.label)


def engine_for(policy: Policy) -> EmbeddedEngine:
    """The embedded engine with one policy."""
    return EmbeddedEngine(POLICIES.modules_for([policy]), POLICIES.data)


def outcomes_of(case: Case) -> tuple[Outcome, ...]:
    """What the case's policy says about its template."""
    policy = policy_of(case.policy)
    engine = engine_for(policy)
    try:
        evaluation = run(graph_of(case), [policy], engine, scope="account" if case.stack else "template")
    finally:
        engine.close()
    assert not evaluation.diagnostics
    return evaluation.outcomes


def written_in(case: Case) -> dict[str, Written]:
    """The resources of a fixture by address."""
    if case.language == "terraform":
        folder = case.path if case.form == "hcl" else case.path.parent
        return _terraform((folder / "main.tf").read_text(encoding="utf-8"))
    return _cloudformation(case.path.read_text(encoding="utf-8"))


def _terraform(text: str) -> dict[str, Written]:
    found: dict[str, Written] = {}
    for line, marks in _lines_with_marks(text):
        match = _BLOCK.match(line)
        if match:
            address = f"{match.group(1)}.{match.group(2)}"
            found[address] = _written(address, match.group(2), marks)
    return found


def _cloudformation(text: str) -> dict[str, Written]:
    found: dict[str, Written] = {}
    section = ""
    for line, marks in _lines_with_marks(text):
        if line and not line.startswith((" ", "#")):
            section = line.rstrip()
        match = _LOGICAL_ID.fullmatch(line)
        if section == "Resources:" and match:
            address = match.group(1)
            about = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", address).lower()
            found[address] = _written(address, about, marks)
    return found


def _lines_with_marks(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every line that is no comment, with the marks in the comments right above it."""
    marks: list[tuple[str, str]] = []
    for line in text.split("\n"):
        if line.lstrip().startswith("#"):
            match = _MARK.fullmatch(line)
            if match:
                marks.append((match.group(1), match.group(2)))
            continue
        yield line, marks
        marks = []


def _written(address: str, about: str, marks: list[tuple[str, str]]) -> Written:
    if not _NAME.match(about):
        raise AssertionError(f"{address}: the name says no verdict")
    only: str | None = None
    differs: dict[str, str] = {}
    for kind, text in marks:
        what, _, why = text.partition(": ")
        if not why:
            raise AssertionError(f"{address}: the mark gives no reason")
        if kind == "only":
            only = what
        else:
            language, _, verdict = what.partition("=")
            differs[language] = verdict
    return Written(address, about, only, differs)


def squeezed(about: str) -> str:
    """The name without its separators, in which the twins agree: `fail_sse_s3` and `FailSseS3`."""
    return about.replace("_", "")
