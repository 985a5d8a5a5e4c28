"""Makes `plan.json` for the Terraform fixtures with a real Terraform (docs/fixtures.md).

    python tools/make_plan.py --plugin-dir DIR --endpoint URL [FIXTURE ...]

A FIXTURE is a directory with a main.tf; without one, all below fixtures/terraform are made. DIR holds the provider (a
filesystem mirror), URL is an emulator of AWS on this machine, which answers what the provider asks before it plans. Nothing
else of the environment, no account and no network are used.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "terraform"


def main(arguments: Sequence[str]) -> int:
    """Plans each fixture; gives 1 if one could not be planned."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin-dir", type=Path, required=True)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("fixtures", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    fixtures = options.fixtures or sorted(file.parent for file in FIXTURES.rglob("main.tf"))
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        for fixture in fixtures:
            message = plan(fixture, work, options.plugin_dir.resolve(), options.endpoint)
            print(f"{fixture}: {message or 'planned'}", flush=True)
            failed += bool(message)
    return 1 if failed else 0


def plan(fixture: Path, work: Path, plugins: Path, endpoint: str) -> str:
    """Writes the plan of one fixture beside its main.tf; gives what went wrong, or "". Terraform's own files stay in
    `work`, so that the provider is set up once."""
    for pattern in ("*.tf", "*.tfvars"):
        for old in work.glob(pattern):
            old.unlink()
        for file in fixture.glob(pattern):
            shutil.copy(file, work)
    for command in (
        ["init", "-input=false", "-no-color", f"-plugin-dir={plugins}"],
        ["plan", "-input=false", "-no-color", "-out=tfplan"],
        ["show", "-json", "-no-color", "tfplan"],
    ):
        done = subprocess.run(
            ["terraform", *command],
            cwd=work,
            env=_environment(work, endpoint),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            return f"terraform {command[0]} failed\n{done.stdout}{done.stderr}"
    if endpoint in done.stdout:
        return "the emulator's address is in the plan"
    text = json.dumps(json.loads(done.stdout), separators=(",", ":"), ensure_ascii=False)
    (fixture / "plan.json").write_text(text + "\n", encoding="utf-8")
    return ""


def _environment(work: Path, endpoint: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
    return {
        **kept,
        "TF_DATA_DIR": str(work / ".terraform"),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
