"""Policies with their fixtures, read once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.evaluate import Evaluation, run
from srmcheck.graph import ResourceGraph
from srmcheck.normalize import normalize
from srmcheck.policy.load import PolicySet
from srmcheck.policy.model import Policy
from srmcheck.testing.fixtures import Case, find_cases, template_of
from srmcheck.testing.judge import Body, Recorder
from srmcheck.testing.unknowns import Values, values_of


class Suite:
    """`policies` whose fixtures lie below the folder `fixtures`. What is asked for is computed once."""

    def __init__(self, policies: PolicySet, fixtures: Path) -> None:
        self.policies = policies
        self.fixtures = fixtures
        self._cases: dict[str, list[Case]] = {}
        self._graphs: dict[Case, ResourceGraph] = {}
        self._documents: dict[str, tuple[Body, ...]] = {}
        self._values: dict[str, Values] = {}

    def policy_of(self, package: str) -> Policy:
        """The policy with this package."""
        return next(policy for policy in self.policies.policies if policy.package == package)

    def cases(self, policies: Iterable[Policy] | None = None) -> list[Case]:
        """Every template of the fixtures of some policies, or of all."""
        found: list[Case] = []
        for policy in self.policies.policies if policies is None else policies:
            if policy.package not in self._cases:
                self._cases[policy.package] = find_cases(policy, self.fixtures)
            found.extend(self._cases[policy.package])
        return found

    def graph_of(self, case: Case) -> ResourceGraph:
        """The case's template as a graph. Raises InputError for one that cannot be read."""
        if case not in self._graphs:
            self._graphs[case] = normalize(template_of(case))
        return self._graphs[case]

    def engine_for(self, policy: Policy) -> EmbeddedEngine:
        """The embedded engine with one policy. The caller closes it."""
        return EmbeddedEngine(self.policies.modules_for([policy]), self.policies.data)

    def evaluation_of(self, case: Case) -> Evaluation:
        """What the case's policy says about its template."""
        policy = self.policy_of(case.policy)
        engine = self.engine_for(policy)
        try:
            return run(self.graph_of(case), [policy], engine, scope="account" if case.stack else "template")
        finally:
            engine.close()

    def documents_of(self, policy: Policy) -> tuple[Body, ...]:
        """Every document that the policy's fixtures make, stack documents too, each once."""
        if policy.package not in self._documents:
            found: dict[bytes, Body] = {}
            for case in self.cases([policy]):
                recorder = Recorder(self.engine_for(policy))
                run(self.graph_of(case), [policy], recorder, scope="account" if case.stack else "template")
                recorder.close()
                for body in recorder.bodies:
                    found.setdefault(orjson.dumps(_nameless(body), option=orjson.OPT_SORT_KEYS), body)
            self._documents[policy.package] = tuple(found.values())
        return self._documents[policy.package]

    def values_of(self, policy: Policy) -> Values:
        """The values that the policy's fixtures give."""
        if policy.package not in self._values:
            self._values[policy.package] = values_of(policy, self.documents_of(policy))
        return self._values[policy.package]


def _nameless(body: Body) -> Body:
    """The document without what no policy judges: equal ones are tried once."""
    text = orjson.dumps({**body, "source": None, "scope": None}).decode()
    resource = body.get("resource")
    return orjson.loads(text.replace(resource["address"], "x") if resource else text)  # type: ignore[no-any-return]
