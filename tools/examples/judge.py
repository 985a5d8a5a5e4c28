"""What a policy says about the text of a template."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.evaluate import run
from srmcheck.evaluate.verdict import worst
from srmcheck.normalize import normalize
from srmcheck.policy.load import PolicySet
from srmcheck.policy.model import Policy
from srmcheck.results import Verdict
from srmcheck.template import Template


@dataclass(frozen=True)
class Judgement:
    """Verdicts by address, with the messages of failures. None is the template as a whole."""

    verdicts: Mapping[str | None, Verdict]
    messages: Mapping[str | None, frozenset[str]]


class Judge:
    """Judges templates by one policy, with the embedded engine."""

    def __init__(self, policies: PolicySet, policy: Policy) -> None:
        self._policy = policy
        self._engine = EmbeddedEngine(policies.modules_for([policy]), policies.data)

    def judge(self, language: str, text: str, *, account: bool) -> Judgement:
        """What the policy says about a template; `account`: as the baseline of an account."""
        template = load(language, text)
        scope = "account" if account else "template"
        evaluation = run(normalize(template), [self._policy], self._engine, scope=scope)  # type: ignore[arg-type]
        if evaluation.diagnostics:
            raise ValueError(f"{self._policy.id}: {evaluation.diagnostics[0].summary}")
        verdicts: dict[str | None, list[Verdict]] = {}
        messages: dict[str | None, set[str]] = {}
        for outcome in evaluation.outcomes:
            verdicts.setdefault(outcome.address, []).append(outcome.verdict)
            said = messages.setdefault(outcome.address, set())
            said.update(finding.message for finding in outcome.findings)
        return Judgement(
            {address: worst(found) for address, found in verdicts.items()},
            {address: frozenset(said) for address, said in messages.items()},
        )

    def close(self) -> None:
        self._engine.close()


def load(language: str, text: str) -> Template:
    """A template from its text. Raises ValueError if anything in it cannot be read."""
    if language == "cloudformation":
        from srmcheck.loaders.cloudformation import load_cloudformation

        template = load_cloudformation(text, "example")
    else:
        from srmcheck.loaders.terraform.hcl import load_hcl

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder).resolve()
            (path / "main.tf").write_text(text, encoding="utf-8")
            template = load_hcl(path, "example", boundary=path)
    for diagnostic in template.diagnostics:
        if diagnostic.level == "error":
            raise ValueError(f"{diagnostic.summary} (line {diagnostic.line})")
    return template
