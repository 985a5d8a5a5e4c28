"""The three engines decide alike, to the byte, on every document that the fixtures give, and on documents that no template
gives: random ones for every policy."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import orjson
import pytest

from srmcheck.engine.base import RULES, STACK_RULES, Decision, Package, Task
from srmcheck.engine.bundle import Bundle
from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.engine.opa_binary import OpaBinaryEngine
from srmcheck.engine.opa_server import OpaServerEngine, OpaSettings
from srmcheck.evaluate import run
from srmcheck.policy.model import Policy, ReadPath
from tests.opa import opa_process, require_opa
from tests.policies.twins import POLICIES, cases, graph_of

MODULES = POLICIES.modules_for(POLICIES.policies)
BUNDLE = Bundle(MODULES, POLICIES.data, {policy.package: policy.rules for policy in POLICIES.policies}, POLICIES.digest)


class Recorder:
    """The embedded engine, with all that it was asked and said."""

    def __init__(self) -> None:
        self._engine = EmbeddedEngine(MODULES, POLICIES.data)
        self.said: dict[Task, Decision] = {}

    @property
    def version(self) -> str:
        return self._engine.version

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Decision]:
        for task in tasks:
            (decision,) = self._engine.evaluate([task])
            self.said[task] = decision
            yield decision

    def close(self) -> None:
        self._engine.close()


@cache
def documents_of_fixtures() -> tuple[tuple[Task, Decision], ...]:
    """Every task that judging the fixtures by all policies makes, each once, and what the embedded engine decided."""
    recorder = Recorder()
    for case in cases():
        run(graph_of(case), POLICIES.policies, recorder, scope="account")
    recorder.close()
    return tuple(recorder.said.items())


def dumped(decisions: Iterable[Decision]) -> list[bytes]:
    """Decisions as bytes, none of them failed. Sets are sorted already; the order of keys is no part of a decision."""
    found = list(decisions)
    assert not [decision.failed for decision in found if decision.failed]
    return [orjson.dumps(decision.answers, option=orjson.OPT_SORT_KEYS) for decision in found]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpaServerEngine]:
    directory = tmp_path_factory.mktemp("bundle")
    BUNDLE.write(directory)
    with opa_process("--bundle", str(directory)) as url:
        engine = OpaServerEngine(OpaSettings(url), POLICIES.digest)
        yield engine
        engine.close()


def test_fixtures_ask_everything() -> None:
    """Every policy and every rule of it is asked, and every rule that decides says something."""
    asked = {
        (package.name, rule)
        for task, _ in documents_of_fixtures()
        for package in task.packages
        for rule in package.rules
    }
    assert asked == {(policy.package, rule) for policy in POLICIES.policies for rule in policy.rules}
    said = {
        rule
        for _, decision in documents_of_fixtures()
        for values in decision.answers.values()
        for rule in values
        if values[rule]
    }
    assert said == set(RULES) | {
        rule for rule in STACK_RULES if any(rule in policy.rules for policy in POLICIES.policies)
    }


def test_server_on_fixtures(server: OpaServerEngine) -> None:
    pairs = documents_of_fixtures()
    assert dumped(server.evaluate(task for task, _ in pairs)) == dumped(decision for _, decision in pairs)


def test_binary_on_fixtures() -> None:
    pairs = documents_of_fixtures()
    with OpaBinaryEngine(BUNDLE, require_opa()) as engine:
        assert dumped(engine.evaluate(task for task, _ in pairs)) == dumped(decision for _, decision in pairs)


TASKS = 600

AWKWARD: Sequence[Any] = (
    *(None, True, False, 0, 1, -1, 22, 65535, "", "*", "a", "A", "22", "tcp", "-1", "0.0.0.0/0", "::/0", "10.0.0.0/8"),
    *(
        "Enabled",
        "disabled",
        "aurora",
        "default",
        "Allow",
        "é😀",
        "[",
        "(",
        "\\",
        "%",
        "a,b",
        "arn:aws:iam::*:root",
        "⟦a#Arn⟧",
    ),
    *(
        [],
        {},
        ["*"],
        [None],
        [1, "a"],
        {"AWS": "*"},
        [{"Effect": "Allow"}],
        {"Status": "Enabled"},
        [[]],
        1.5,
        2**53 - 1,
    ),
)


def awkward_tasks(policy: Policy) -> list[Task]:
    """Documents for a policy: some made up, some from its fixtures with one to three values changed."""
    chance = random.Random(policy.id)
    real = [
        task for task, _ in documents_of_fixtures() if policy.package in {package.name for package in task.packages}
    ]
    return [_made_task(policy, chance) if number % 4 == 0 else _changed_task(chance.choice(real), policy, chance)
            for number in range(TASKS)]  # fmt: skip


def _changed_task(task: Task, policy: Policy, chance: random.Random) -> Task:
    document = orjson.loads(task.document)
    stack = "template" in document
    rules = tuple(rule for rule in policy.rules if (rule in STACK_RULES) == stack)
    places = [part for part in _containers(document.get("resource", document), document.get("related")) if part]
    for _ in range(chance.choice([0, 1, 2, 3]) if places else 0):
        container = chance.choice(places)
        key = chance.choice(list(container) if isinstance(container, dict) else range(len(container)))
        if isinstance(container, dict) and chance.random() < 0.3:
            del container[key]
            places = [part for part in places if part]
        else:
            container[key] = chance.choice(AWKWARD)
        if not places:
            break
    return Task(orjson.dumps(document), (Package(policy.package, rules),), "awkward")


def _containers(resource: Any, related: Any) -> Iterator[Any]:
    """The properties of the resource and of the members of its relations, and all containers in them."""
    members = [member for found in (related or {}).values() for member in found]
    stacks = [part for found in resource.get("template", {}).values() for part in found]
    waiting = [one["properties"] for one in (resource, *members, *stacks) if "properties" in one]
    while waiting:
        at = waiting.pop()
        yield at
        parts = at.values() if isinstance(at, dict) else at
        waiting.extend(part for part in parts if isinstance(part, (dict, list)))


def _made_task(policy: Policy, chance: random.Random) -> Task:
    """A document for a policy of the right outline, with awkward values at the paths that it reads."""
    type_name = chance.choice(sorted(policy.types))
    resource = _resource(type_name, policy.types[type_name], chance)
    related = {
        relation.name: [
            _resource(chance.choice(relation.types), relation.reads, chance) for _ in range(chance.choice([0, 0, 1, 2]))
        ]
        for relation in policy.related
        if not relation.of or type_name in relation.of
    }
    document: dict[str, Any] = {
        "schema": "srmcheck.input/v1",
        "source": {"language": "terraform", "format": "plan", "provider": None},
        "resource": {**resource, "scope": {"provider": None, "account": None, "region": None}, "carries": None},
        "related": related,
        "open": [],
        "outside": [],
    }
    if policy.origins:
        document["resource"]["origins"] = []
    if policy.facts:
        facts = [
            {"path": list(path), "fact": fact}
            for path in _paths(resource["properties"])
            for fact in ("credential-pattern", "examined")
        ]
        document["resource"]["facts"] = chance.sample(facts, min(len(facts), 2))
    rules = tuple(rule for rule in policy.rules if rule in RULES)
    return Task(orjson.dumps(document), (Package(policy.package, rules),), "awkward")


def _resource(type_name: str, reads: Sequence[ReadPath], chance: random.Random) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for path in reads:
        if chance.random() < 0.7:
            properties = _put(properties, path, chance)
    paths = sorted(_paths(properties), key=repr)
    unknown = [list(path) for path in chance.sample(paths, min(len(paths), chance.choice([0, 0, 1, 2])))]
    return {
        "address": chance.choice(["a", 'm["x#*%"].a']),
        "type": type_name,
        "properties": properties,
        "unknown": unknown,
    }


def _put(into: Any, path: ReadPath, chance: random.Random) -> Any:
    """A value at a path, in what is there already if it fits. A list where the path has one, an object where it has one:
    documents keep the schema's outline (docs/engines.md), whatever their leaves are."""
    if not path or path == ("**",):
        return chance.choice(AWKWARD)
    step, rest = path[0], path[1:]
    if step == "[]":
        found = list(into) if isinstance(into, list) else []
        while len(found) < chance.choice([0, 1, 2]):
            found.append(None)
        return [_put(part, rest, chance) for part in found]
    return {
        **(into if isinstance(into, dict) else {}),
        step: _put(into.get(step) if isinstance(into, dict) else None, rest, chance),
    }


def _paths(value: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [above] if above else []
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for step, part in items:
        found.extend(_paths(part, (*above, step)))
    return found


@pytest.mark.parametrize("policy", POLICIES.policies, ids=lambda policy: policy.package)
def test_awkward_documents(policy: Policy, server: OpaServerEngine) -> None:
    """No policy raises on values that no template should hold, and the engines decide alike."""
    tasks = awkward_tasks(policy)
    embedded = EmbeddedEngine(POLICIES.modules_for([policy]), POLICIES.data)
    assert dumped(server.evaluate(tasks)) == dumped(embedded.evaluate(tasks))


def test_awkward_documents_reach_the_rules() -> None:
    """Else they would prove nothing."""
    said: dict[str, set[str]] = {}
    for policy in POLICIES.policies:
        embedded = EmbeddedEngine(POLICIES.modules_for([policy]), POLICIES.data)
        for decision in embedded.evaluate(awkward_tasks(policy)):
            said.setdefault(policy.package, set()).update(
                rule for rule, value in decision.answers[policy.package].items() if value
            )
    silent = {
        (policy.package, rule)
        for policy in POLICIES.policies
        for rule in policy.rules
        if rule not in said[policy.package]
    }
    assert not [pair for pair in silent if pair[1] in ("deny", "deny_stack")]
    assert len(silent) < sum(len(policy.rules) for policy in POLICIES.policies) / 10, silent
