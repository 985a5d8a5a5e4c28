"""Functions and operators against what Terraform 1.11.4 gives (`console.json`, recorded with `terraform output`), and
what they make of values that are not known."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from srmcheck.loaders.terraform.hcl import functions
from srmcheck.loaders.terraform.hcl.convert import plain
from srmcheck.loaders.terraform.hcl.partial import EvalError
from tests.unit.loaders.terraform.hcl.conftest import Evaluate

RECORDED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "console.json").read_text(encoding="utf-8"))
CFG = 'variable "cfg" {\n  default = { a = 1, b = "x" }\n}\n'


def same(left: object, right: object) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return math.isclose(left, right, rel_tol=1e-15)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
    return left == right


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["expr"][:60])
def test_as_terraform(case: dict[str, Any], evaluate: Evaluate) -> None:
    if "error" in case:
        with pytest.raises(EvalError):
            evaluate(case["expr"], CFG)
    else:
        assert same(plain(evaluate(case["expr"], CFG)), case["value"])


def test_every_function_has_a_recorded_case() -> None:
    text = "\n".join(case["expr"] for case in RECORDED)
    other = {"file", "filebase64", "filebase64sha256", "filebase64sha512", "filemd5", "fileset", "filesha1"}
    other |= {"filesha256", "filesha512", "abspath", "pathexpand", "templatefile", "issensitive", "fileexists"}
    other |= {"ephemeralasnull"}
    missing = [name for name in [*functions.table(), *functions.lazy()] if f"{name}(" not in text]
    assert set(missing) == other
