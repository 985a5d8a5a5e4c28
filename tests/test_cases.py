"""The cases behind real bug reports about other tools (tests/cases/README.md): every line holds, or waits with its reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from srmcheck.policy import load_policies

ROOT = Path(__file__).parent / "cases"
CASES = sorted(str(path.parent.relative_to(ROOT)) for path in ROOT.glob("*/*/case.yaml"))
WAITING: dict[str, dict[str, Any]] = {
    entry["case"]: entry for entry in yaml.safe_load((ROOT / "waiting.yaml").read_text("utf-8"))
}
BUILT = {policy.id for policy in load_policies(profile="all").policies}
ORDER = ("fail", "unknown", "pass")


def run(case: str) -> tuple[dict[str, Any], subprocess.CompletedProcess[str], dict[str, Any] | None]:
    """The case, the run of srmcheck in its directory, and the report (None if there is none)."""
    folder = ROOT / case
    spec = yaml.safe_load((folder / "case.yaml").read_text("utf-8"))
    command = [sys.executable, "-m", "srmcheck", "--format", "json", "--show-passed", *spec["args"], spec["input"]]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, env={**os.environ, "NO_COLOR": "1"}
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = None
    return spec, done, report


def verdicts(report: dict[str, Any] | None) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for finding in (report or {}).get("findings", []):
        key = (finding["policy_id"], finding["resource"])
        known = found.get(key)
        if known is None or ORDER.index(finding["verdict"]) < ORDER.index(known):
            found[key] = finding["verdict"]
    return found


def broken_lines(spec: dict[str, Any], found: dict[tuple[str, str], str], report: dict[str, Any] | None) -> set[str]:
    """The lines of a case, as "POLICY RESOURCE", that do not hold; those of policies that are not built do not count."""
    broken = set()
    for line in spec["expect"]:
        wanted = line["verdict"] if isinstance(line["verdict"], list) else [line["verdict"]]
        if line["policy"] in BUILT and found.get((line["policy"], line["resource"])) not in wanted:
            broken.add(f"{line['policy']} {line['resource']}")
    for line in spec["not_expected"]:
        if line["policy"] in BUILT and (line["policy"], line["resource"]) in found:
            broken.add(f"{line['policy']} {line['resource']}")
    for line in spec.get("places", []):
        if line["policy"] not in BUILT:
            continue
        first, last = line["lines"]
        places = [
            (finding["file"], finding["line"])
            for finding in (report or {}).get("findings", [])
            if finding["policy_id"] == line["policy"] and finding["resource"] == line["resource"]
        ]
        if not places or not all(file == line["file"] and first <= (number or 0) <= last for file, number in places):
            broken.add(f"place {line['policy']} {line['resource']}")
    return broken


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    spec, done, report = run(case)
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    found = verdicts(report)
    broken = broken_lines(spec, found, report)
    concerned = any(line["policy"] in BUILT for line in [*spec["expect"], *spec["not_expected"]])
    if spec.get("exit") in (3, 4) and concerned and done.returncode != spec.get("exit"):
        broken.add(f"exit {done.returncode}")
    if spec.get("exit", 1) in (0, 1) and concerned and done.returncode not in (0, 1):
        broken.add(f"exit {done.returncode}")
    for text in spec.get("not_in_output", []):
        assert text not in done.stdout + done.stderr
    for text in spec.get("error_names", []):
        if text not in done.stdout + done.stderr:
            broken.add(f"error names {text}")
    entry = WAITING.get(case)
    if entry is None:
        detail = {line: found.get((line.partition(" ")[0], line.partition(" ")[2])) for line in sorted(broken)}
        assert not broken, f"{detail}\n{done.stderr[-1500:]}"
        return
    assert entry["reason"]
    if entry["lines"] == "all":
        assert broken, "the case holds: take it off tests/cases/waiting.yaml"
    else:
        assert broken == set(entry["lines"])


def test_the_waiting_list_names_cases() -> None:
    assert set(WAITING) <= set(CASES)
