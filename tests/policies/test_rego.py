"""The Rego tests of the policies under the embedded engine, and everything else about them under a real OPA.

A failing Rego test is undefined, hence absent from any result: the names come from the text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from tools import check_policies, policy_schemas

from srmcheck.engine.embedded import add_module, regorus_module
from srmcheck.policy import load_policies
from tests.opa import require_opa

ROOT = Path(__file__).resolve().parents[2] / "policies"
TESTS = sorted(ROOT.glob("*/*_test.rego"))


@pytest.fixture(scope="module")
def engine() -> Any:
    """An interpreter with every module, tests included."""
    made = regorus_module().Engine()
    for file in sorted(ROOT.glob("*/*.rego")):
        add_module(made, str(file.relative_to(ROOT)), file.read_text(encoding="utf-8"))
    made.add_data_json(orjson.dumps(load_policies().data).decode())
    made.set_input_json("{}")
    return made


@pytest.mark.parametrize("file", TESTS, ids=lambda file: f"{file.parent.name}.{file.stem}")
def test_under_the_embedded_engine(engine: Any, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    package = re.findall(r"(?m)^package (\S+)", text)[0]
    names = re.findall(r"(?m)^(test_[a-z0-9_]+)", text)
    assert names
    failed = [name for name in names if engine.eval_rule_as_json(f"data.{package}.{name}") != "true"]
    assert not failed


def test_each_policy_and_library_module_has_a_test() -> None:
    modules = {file for file in ROOT.glob("*/*.rego") if not file.name.endswith("_test.rego")}
    assert modules
    assert {file.with_name(f"{file.stem}_test.rego") for file in modules} <= set(TESTS)


def test_under_opa(capsys: pytest.CaptureFixture[str]) -> None:
    """Format, compiler with schemas and capabilities, lint, tests and their coverage."""
    assert check_policies.main(["--opa", require_opa()]) == 0, capsys.readouterr().err


def test_schemas_are_current() -> None:
    assert policy_schemas.main(["--check"]) == 0


def test_a_misspelt_property_does_not_compile(tmp_path: Path) -> None:
    opa = require_opa()
    policy = ROOT / "rds" / "public_access.rego"
    bad = tmp_path / "bad.rego"
    bad.write_text(policy.read_text(encoding="utf-8").replace("properties.PubliclyAccessible", "properties.Public"))
    library = [str(file.relative_to(ROOT)) for file in ROOT.glob("lib/*.rego") if not file.name.endswith("_test.rego")]
    arguments = ["check", "--strict", "--schema", "schemas/rds/public_access.json", str(bad), *library]
    done = check_policies._run(opa, *arguments)
    assert done.returncode
    assert "undefined ref: input.resource.properties.Public" in done.stderr
