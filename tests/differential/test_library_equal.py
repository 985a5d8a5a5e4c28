"""Library functions that make patterns of what templates hold: the lint takes them on trust, so they are compared here."""

from __future__ import annotations

import random
import re

import orjson

from srmcheck.engine.embedded import regorus_module
from srmcheck.engine.lint.calls import DYNAMIC_PATTERNS
from srmcheck.policy import load_policies
from tests.opa import ScratchOpa

POLICIES = load_policies(profile="all")
PIECES = [
    "s3",
    ":",
    "*",
    "?",
    "Get",
    "getobject",
    ".",
    "-",
    "_",
    "[a]",
    "(",
    "\\",
    "|",
    "+",
    "é",
    "{2}",
    "^",
    "$",
    "⟦a#b⟧",
    " ",
    "",
]
ACTIONS = [
    "s3:GetObject",
    "s3:getobject",
    "iam:PassRole",
    "a.b-c_d:E",
    "",
    "*",
    "s3",
    "s3:Get*",
    "é",
    "ss3:GetObjectAcl",
]


def test_trusted_packages_are_tested_here() -> None:
    assert {"srmcheck.lib.iam"} == DYNAMIC_PATTERNS


def test_action_patterns(scratch_opa: ScratchOpa) -> None:
    """Both engines, and a plain reading of AWS's rule: `*` any text, `?` one character, letters of any case."""
    chance = random.Random(7)
    patterns = ["".join(chance.choices(PIECES, k=chance.randint(1, 6))) for _ in range(300)]
    patterns += [_with_wildcards(chance.choice(ACTIONS), chance) for _ in range(300)]
    ask = "package action_patterns\n\nimport data.srmcheck.lib.iam\n\nr := [p | some p in input.patterns; iam.matches(p, input.action)]\n"
    modules = POLICIES.modules_for(POLICIES.policies)
    library = {name: modules[name] for name in ("lib/resource.rego", "lib/iam.rego")}
    engine = regorus_module().Engine()
    for name, text in [*library.items(), ("action_patterns.rego", ask)]:
        engine.add_policy(name, text)
        assert scratch_opa.load(text, name.replace("/", "-")) == []
    matched = 0
    for action in ACTIONS:
        document = orjson.dumps({"patterns": patterns, "action": action})
        engine.set_input_json(document.decode())
        embedded = orjson.loads(engine.eval_rule_as_json("data.action_patterns.r"))
        assert embedded == scratch_opa.ask("action_patterns.r", document)
        plain = [pattern for pattern in patterns if re.fullmatch("[A-Za-z0-9:_*?.-]+", pattern)]
        assert [pattern for pattern in embedded if pattern in plain] == [one for one in plain if _matches(one, action)]
        assert all(_matches(pattern, action) for pattern in embedded)
        matched += len(embedded)
    assert matched > 200


def _with_wildcards(action: str, chance: random.Random) -> str:
    """An action with some of its characters, or a stretch of them, replaced by wildcards."""
    start = chance.randint(0, len(action))
    end = chance.randint(start, len(action))
    return "".join("?" if chance.random() < 0.1 else char for char in action[:start] + "*" + action[end:])


def _matches(pattern: str, action: str) -> bool:
    if pattern == "*:*":
        return True
    parts = {"*": ".*", "?": "."}
    return (
        re.fullmatch("".join(parts.get(char, re.escape(char)) for char in pattern), action, re.IGNORECASE | re.DOTALL)
        is not None
    )
