from __future__ import annotations

import json
from pathlib import Path

import pytest

from srmcheck.engine.builtins import BUILTINS, OPERATORS, capabilities
from srmcheck.engine.embedded import regorus_module

CAPABILITIES = json.loads((Path(__file__).resolve().parents[3] / "policies" / "capabilities.json").read_text())


def test_file_is_the_table() -> None:
    assert [builtin["name"] for builtin in CAPABILITIES["builtins"]] == sorted(set(BUILTINS) | OPERATORS)
    assert CAPABILITIES["allow_net"] == [] and CAPABILITIES["future_keywords"] == []
    assert CAPABILITIES["features"] == ["rego_v1"]


def test_nothing_from_outside() -> None:
    """No network, clock, chance or environment."""
    assert not any(builtin.get("nondeterministic") for builtin in CAPABILITIES["builtins"])
    roots = {name.split(".")[0] for name in BUILTINS}
    assert not roots & {
        "http",
        "time",
        "rand",
        "opa",
        "uuid",
        "io",
        "crypto",
        "providers",
        "graphql",
        "rego",
        "print",
        "trace",
    }
    assert "net.lookup_ip_addr" not in BUILTINS


def test_embedded_engine_has_them_all() -> None:
    answer = json.loads(regorus_module().Engine().eval_query_as_json("opa.runtime().builtins"))
    there = set(answer["result"][0]["expressions"][0]["value"])
    assert set(BUILTINS) <= there


def test_opa_without_one_of_them() -> None:
    full = {"builtins": CAPABILITIES["builtins"], "features": ["rego_v1", "other"]}
    assert capabilities(full) == CAPABILITIES
    with pytest.raises(LookupError, match="abs"):
        capabilities({**full, "builtins": [one for one in full["builtins"] if one["name"] != "abs"]})
    changed = [{**one, "decl": {"args": []}} if one["name"] == "count" else one for one in full["builtins"]]
    with pytest.raises(LookupError, match="count takes 0 arguments"):
        capabilities({**full, "builtins": changed})
