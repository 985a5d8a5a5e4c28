"""Which resources of a policy's fixtures become its examples."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from srmcheck.evaluate.verdict import worst
from srmcheck.policy.load import PolicySet
from srmcheck.policy.model import Policy
from tools.examples import cloudformation, terraform
from tools.examples.judge import Judge, Judgement
from tools.examples.parts import Parts, Piece

LANGUAGES = ("terraform", "cloudformation")
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
MOST_LINES = 60
"""What is longer is an example only where nothing shorter is."""
_STACK = re.compile(r"(pass|fail)_stack_[a-z0-9_]+")
_TOKEN = re.compile(r"[\w.:/*-]+|\S")
_NEAR = 0.03
"""Of resources that are this much alike the first is taken."""
_WORD = 0.05
"""What each further word of a name costs: the names of corner cases are long."""


@dataclass(frozen=True)
class Example:
    """One example: a template, and the resource in it whose verdict it shows; `address` None: the template as a whole.
    `account`: it is judged as the baseline of an account."""

    verdict: str
    text: str
    address: str | None
    about: str
    account: bool
    others: frozenset[str] = frozenset()
    """The verdicts that other resources of the template have."""
    marked: bool = False


@dataclass(frozen=True)
class Case:
    """One template of a policy's fixtures. `stack` is the verdict of the template as an account's baseline, or ""."""

    language: str
    text: str
    stack: str
    account: bool

    @cached_property
    def parts(self) -> Parts:
        if self.language == "terraform":
            return terraform.pieces_of(self.text)
        return cloudformation.pieces_of(self.text)

    @property
    def everything(self) -> set[str]:
        return set(self.parts.pieces)


def examples_of(policies: PolicySet, policy: Policy) -> dict[str, dict[str, Example]]:
    """By language and verdict ("fail", "pass"). A language that cannot say what the policy judges has none."""
    judge = Judge(policies, policy)
    try:
        return _examples(policy, judge)
    finally:
        judge.close()


def _examples(policy: Policy, judge: Judge) -> dict[str, dict[str, Example]]:
    found: dict[str, dict[str, Example]] = {}
    twins: Mapping[str, Example] = {}
    for language in LANGUAGES:
        chosen: dict[str, Example] = {}
        cases = list(_cases(policy, language))
        for verdict in ("fail", "pass"):
            candidates = _short(_clean(list(_candidates(cases, verdict, judge)), verdict))
            if candidates:
                chosen[verdict] = _best(candidates, chosen.get("fail"), twins.get(verdict))
        found[language] = chosen
        twins = chosen
    return found


def _cases(policy: Policy, language: str) -> Iterator[Case]:
    """The main template first, then those beside it."""
    folder, name = policy.file.removesuffix(".rego").split("/")
    base = FIXTURES / language / folder
    if language == "terraform":
        files = [(path.parent.name, path) for path in sorted((base / name).glob("*/main.tf"))]
        files.insert(0, ("", base / name / "main.tf"))
    else:
        files = [(path.stem, path) for path in sorted((base / name).glob("*.yaml"))]
        files.insert(0, ("", base / f"{name}.yaml"))
    for case, path in files:
        if path.is_file():
            stack = _STACK.fullmatch(case)
            account = policy.scope == "account" or stack is not None
            yield Case(language, path.read_text(encoding="utf-8"), stack.group(1) if stack else "", account)


def _candidates(cases: list[Case], verdict: str, judge: Judge) -> Iterator[Example]:
    """What shows the verdict: a resource cut out with its helpers, or a whole baseline."""
    for case in cases:
        if case.stack and case.stack != verdict:
            continue
        whole = judge.judge(case.language, case.parts.template(case.everything), account=case.account)
        for piece in case.parts.resources(verdict):
            example = _cut(case, piece, verdict, whole, judge)
            if example is not None:
                yield example
    for case in cases:
        if case.stack == verdict:
            text = case.parts.template(case.everything)
            judged = judge.judge(case.language, text, account=case.account)
            if judged.verdicts and worst(list(judged.verdicts.values())) == verdict:
                yield Example(verdict, text, None, "", case.account)


def _cut(case: Case, piece: Piece, verdict: str, whole: Judgement, judge: Judge) -> Example | None:
    """The resource with its helpers, if it has the verdict there for the reason that it has in the fixture."""
    for keys in case.parts.around(piece):
        text = case.parts.template(keys)
        judged = judge.judge(case.language, text, account=case.account)
        for address in (piece.key, None) if case.stack else (piece.key,):
            if judged.verdicts.get(address) != verdict:
                continue
            if address in whole.messages and not judged.messages[address] <= whole.messages[address]:
                continue
            others = frozenset(found for key, found in judged.verdicts.items() if key != address)
            return Example(verdict, text, address, piece.about, case.account, others, piece.marked)
    return None


def _clean(candidates: list[Example], verdict: str) -> list[Example]:
    """A good example holds nothing that fails, and nothing unknown, if there is one like that."""
    for unwanted in ({"fail", "unknown"}, {"fail"}):
        clean = [item for item in candidates if verdict == "fail" or not item.others & unwanted]
        if clean:
            return clean
    return candidates


def _short(candidates: list[Example]) -> list[Example]:
    """Those that fit a page, else the shortest."""
    fitting = [item for item in candidates if item.text.count("\n") <= MOST_LINES]
    return fitting or sorted(candidates, key=lambda item: item.text.count("\n"))[:1]


def _best(candidates: list[Example], other: Example | None, twin: Example | None) -> Example:
    """The marked one, or the one of the same name as in the other language; else the first, and beside an example that
    fails the one that passes and is most alike, so that the difference is the point."""
    for item in candidates:
        if item.marked or (twin is not None and item.about and _squeezed(item.about) == _squeezed(twin.about)):
            return item
    if other is None:
        return candidates[0]
    likeness = [_likeness(item, other) for item in candidates]
    return candidates[next(number for number, value in enumerate(likeness) if value >= max(likeness) - _NEAR)]


def _likeness(one: Example, other: Example) -> float:
    left, right = (_TOKEN.findall(item.text.replace(item.about or "\0", "example")) for item in (one, other))
    alike = difflib.SequenceMatcher(None, left, right, autojunk=False).ratio()
    return alike - _WORD * one.about.count("_")


def _squeezed(about: str) -> str:
    """The name without its separators, in which the twins agree."""
    return about.replace("_", "")
