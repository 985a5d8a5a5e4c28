"""Named fixtures: where they are, what the names of their resources say, and their templates (docs/fixtures.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.policy.model import Policy
from srmcheck.template import Template

VERDICTS = ("fail", "pass", "unknown", "none", "aux")
LANGUAGES = ("terraform", "cloudformation")

_NAME = re.compile(r"(pass|fail|unknown|none|aux)(?:_|$)")
_BLOCK = re.compile(r'resource "([a-z0-9_]+)" "([a-z0-9_]+)" \{')
_LOGICAL_ID = re.compile(r"  ([A-Za-z0-9]+):\s*")
_MARK = re.compile(r"\s*# (only|differs): (.*)")
_STACK = re.compile(r"(pass|fail|unknown)_stack_[a-z0-9_]+")


@dataclass(frozen=True)
class Case:
    """One template of a policy's fixtures: of a language, in one form (plan, hcl or template). `policy` is the package;
    `case` is "" for the main one, else the name of the directory (or file) beside it. `file` holds the names."""

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

    @property
    def file(self) -> Path:
        """The file whose resources are named."""
        if self.form == "template":
            return self.path
        return (self.path if self.form == "hcl" else self.path.parent) / "main.tf"


@dataclass(frozen=True)
class Written:
    """One resource of a fixture as its text names it: the address, what it is about (`fail_absent`), the verdict that the
    name says, the only language that can say it, and verdicts of languages that differ by design."""

    address: str
    about: str
    only: str | None
    differs: Mapping[str, str]
    line: int = 1

    def verdict(self, language: str) -> str:
        return self.differs.get(language, self.about.split("_", 1)[0])


def find_cases(policy: Policy, fixtures: Path) -> list[Case]:
    """Every template of a policy's fixtures below the folder `fixtures`; a plan where there is one."""
    folder, name = policy.package.split(".")[1:]
    found: list[Case] = []
    terraform = fixtures / "terraform" / folder / name
    for main in sorted(terraform.rglob("main.tf")):
        case = "" if main.parent == terraform else main.parent.name
        found.append(Case(policy.package, case, "hcl", main.parent))
        plan = main.parent / "plan.json"
        if plan.is_file():
            found.append(Case(policy.package, case, "plan", plan))
    cloudformation = fixtures / "cloudformation" / folder
    single = cloudformation / f"{name}.yaml"
    if single.is_file():
        found.append(Case(policy.package, "", "template", single))
    beside = sorted((cloudformation / name).glob("*.yaml"))
    found.extend(Case(policy.package, file.stem, "template", file) for file in beside)
    return found


def template_of(case: Case) -> Template:
    """The template of a case. Raises InputError for one that cannot be read."""
    shown = case.file.as_posix()
    if case.form == "plan":
        from srmcheck.loaders.terraform.lines import SourceFiles
        from srmcheck.loaders.terraform.plan import load_plan

        source = SourceFiles(case.path.parent, case.path.parent, "")
        return load_plan(_json(case.path), case.label, source=source)
    if case.form == "hcl":
        from srmcheck.loaders.terraform.hcl import load_hcl

        return load_hcl(case.path, case.label, boundary=case.path)
    from srmcheck.loaders.cloudformation import load_cloudformation

    return load_cloudformation(_text(case.path, shown), case.label)


def written_in(case: Case) -> dict[str, Written]:
    """The resources of a fixture by address. Raises InputError for a name that says no verdict, and for a mark that is
    none."""
    shown = case.file.as_posix()
    text = _text(case.file, shown)
    found: dict[str, Written] = {}
    for line, address, about, marks in _terraform(text) if case.language == "terraform" else _cloudformation(text):
        found[address] = _written(shown, line, address, about, marks)
    return found


def squeezed(about: str) -> str:
    """The name without its separators, in which the twins agree: `fail_sse_s3` and `FailSseS3`."""
    return about.replace("_", "")


Marks = list[tuple[str, str]]
Named = tuple[int, str, str, Marks]
"""Line, address, what it is about, marks."""


def _terraform(text: str) -> Iterator[Named]:
    for number, line, marks in _lines_with_marks(text):
        match = _BLOCK.match(line)
        if match:
            yield number, f"{match.group(1)}.{match.group(2)}", match.group(2), marks


def _cloudformation(text: str) -> Iterator[Named]:
    section = ""
    for number, line, marks in _lines_with_marks(text):
        if line and not line.startswith((" ", "#")):
            section = line.rstrip()
        match = _LOGICAL_ID.fullmatch(line)
        if section == "Resources:" and match:
            address = match.group(1)
            yield number, address, re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", address).lower(), marks


def _lines_with_marks(text: str) -> Iterator[tuple[int, str, Marks]]:
    """Every line that is no comment, with the marks in the comments right above it."""
    marks: Marks = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("#"):
            match = _MARK.fullmatch(line)
            if match:
                marks.append((match.group(1), match.group(2)))
            continue
        yield number, line, marks
        marks = []


def _written(shown: str, line: int, address: str, about: str, marks: Marks) -> Written:
    def bad(detail: str) -> InputError:
        return InputError(Diagnostic("Fixture is named wrongly", shown, line, detail=detail, hint=_HINT))

    if not _NAME.match(about):
        raise bad(f"{address}: the name starts with none of {', '.join(VERDICTS)}.")
    only: str | None = None
    differs: dict[str, str] = {}
    for kind, text in marks:
        what, _, why = text.partition(": ")
        language, _, verdict = what.partition("=")
        if not why or language not in LANGUAGES or (kind == "differs" and verdict not in VERDICTS):
            raise bad(f"{address}: a mark is `# {_FORMS[kind]}: why`.")
        if kind == "only":
            only = what
        else:
            differs[language] = verdict
    return Written(address, about, only, differs, line)


_HINT = "docs/fixtures.md says how resources are named"
_FORMS = {"only": "only: terraform", "differs": "differs: cloudformation=unknown"}


def _text(file: Path, shown: str) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(Diagnostic("Fixture cannot be read", shown, detail=f"{error.strerror}.")) from None
    except UnicodeDecodeError:
        raise InputError(Diagnostic("Fixture is no UTF-8", shown)) from None


def _json(file: Path) -> Any:
    try:
        return orjson.loads(file.read_bytes())
    except (OSError, ValueError):
        raise InputError(Diagnostic("Fixture is no JSON", file.as_posix(), hint=_PLAN)) from None


_PLAN = "make it with terraform show -json tfplan > plan.json"
