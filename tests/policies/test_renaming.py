"""A shipped policy takes the name of a resource as a whole or not at all: with other names it says the same, which is what
lets documents that differ in names only be evaluated once (srmcheck.evaluate.repeats)."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest

from srmcheck.engine.base import RULES, Package, Task
from srmcheck.engine.embedded import EmbeddedEngine
from srmcheck.graph.token import encoded
from srmcheck.policy.model import Policy
from tests.policies.twins import PACKAGES, POLICIES, SUITE, engine_for, policy_of

TOKEN = re.compile("⟦([^⟧#]*)#")


def renamed(value: Any, names: dict[str, str]) -> Any:
    """A document or an answer with other names, in addresses and in reference tokens."""
    text = orjson.dumps(value).decode()
    for old, new in names.items():
        text = text.replace(f'"{quoted(old)}"', f'"{quoted(new)}"')
        text = text.replace(f"⟦{quoted(encoded(old))}#", f"⟦{quoted(encoded(new))}#")
    return orjson.loads(text)


def quoted(text: str) -> str:
    return orjson.dumps(text)[1:-1].decode()


def names_in(body: Any) -> list[str]:
    """Every resource that a document names."""
    rows = [body["resource"], *(row for found in body["related"].values() for row in found)]
    found = dict.fromkeys(str(row["address"]) for row in rows)
    known = {encoded(name) for name in found}
    text = orjson.dumps(body).decode()
    found.update(dict.fromkeys(name for name in TOKEN.findall(text) if "\\" not in name and name not in known))
    return list(found)


def moved(policy: Policy, engine: EmbeddedEngine) -> tuple[int, list[str]]:
    """How many documents were tried, and the resources about which other names change what the policy says."""
    package = Package(policy.package, tuple(rule for rule in policy.rules if rule in RULES))
    tried = 0
    found: list[str] = []
    for body in SUITE.documents_of(policy):
        if "template" in body:
            continue
        names = {name: f'module.m["x:/{number}"].aws_z.n{number}[0]' for number, name in enumerate(names_in(body))}
        tasks = [Task(orjson.dumps(one), (package,), "x") for one in (body, renamed(body, names))]
        first, second = engine.evaluate(tasks)
        assert not first.failed and not second.failed
        tried += 1
        if renamed(first.answers, names) != second.answers:
            found.append(str(body["resource"]["address"]))
    return tried, found


@pytest.mark.parametrize("package", PACKAGES)
def test_other_names_change_nothing(package: str) -> None:
    policy = policy_of(package)
    tried, found = moved(policy, engine_for(policy))
    assert not found
    assert tried > 3 or not any(rule in RULES for rule in policy.rules)


def test_a_policy_that_looks_into_names_is_found() -> None:
    """The test above can fail."""
    policy = policy_of("srmcheck.rds.public_access")
    modules = dict(POLICIES.modules_for([policy]))
    modules[policy.file] += '\nsettled contains [] if contains(input.resource.address, "fail")\n'
    assert moved(policy, EmbeddedEngine(modules, POLICIES.data))[1]
