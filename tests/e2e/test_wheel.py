"""The built wheel, outside the checkout, does what the checkout does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "fixtures" / "terraform" / "example" / "plan.json"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the checkout, built as pip builds it."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(target), str(ROOT)]
    subprocess.run(command, check=True, timeout=300)
    (found,) = target.glob("*.whl")
    return found


def test_it_ships_policies_without_tests_and_catalogue(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {"srmcheck/_policies/index.json", "srmcheck/_policies/pages.json"} <= set(names)
    assert any(name.startswith("srmcheck/_policies/s3/") for name in names)
    assert not [name for name in names if name.endswith("_test.rego") or "catalogue" in name or "fixtures/" in name]
    assert "srmcheck/schema/schema.jsonl" in names
    assert "srmcheck/testing/documents.rego" in names
    assert "srmcheck/normalize/tables.jsonl" in names
    assert not [name for name in names if not name.startswith(("srmcheck/", "srmcheck-"))]


def test_it_checks_a_plan_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    installed, work = tmp_path / "site", tmp_path / "work"
    work.mkdir()
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(installed), str(wheel)]
    subprocess.run(command, check=True, timeout=300)
    (work / "plan.json").write_bytes(PLAN.read_bytes())
    where = [sys.executable, "-c", "import srmcheck; print(srmcheck.__file__)"]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    found = subprocess.run(where, cwd=work, env=environment, capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()).is_relative_to(installed)

    check = [sys.executable, "-m", "srmcheck", "plan.json", "--format", "json"]
    done = subprocess.run(check, cwd=work, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stderr
    outside = json.loads(done.stdout)
    here = subprocess.run(check, cwd=work, capture_output=True, text=True, timeout=120)
    inside = json.loads(here.stdout)
    assert outside["findings"] == inside["findings"]
    assert outside["tool"]["policies"] == inside["tool"]["policies"]
    assert {finding["policy_id"] for finding in outside["findings"]} >= {"SRM-VPC-001", "SRM-RDS-003"}

    show = [sys.executable, "-m", "srmcheck", "policies", "show", "SRM-S3-003"]
    outside, inside = (
        subprocess.run(show, cwd=work, env=given, capture_output=True, text=True, timeout=120, check=True).stdout
        for given in (environment, None)
    )
    assert outside == inside
    assert "\nFails when " in outside and "\nCloudFormation, passes:\n    Resources:\n" in outside
