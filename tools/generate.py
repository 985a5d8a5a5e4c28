"""All generated files: `python -m tools.generate --check | --write | --schemas` (make check, make generated, make schemas).

`--check` says which files are not current and ends with 1. `--schemas` takes a new snapshot of the CloudFormation schemas
from the installed cfn-lint first.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

MODEL = [
    "srmcheck.policy.model_source",
    "policies/responsibility_model.yaml",
    "src/srmcheck/policy/responsibility_model.json",
]

STEPS: tuple[tuple[str, list[str], list[str]], ...] = (
    ("compiled CloudFormation schemas", ["srmcheck.schema.build", "check"], ["srmcheck.schema.build", "compile"]),
    ("compiled translation tables", ["srmcheck.normalize.compile", "check"], ["srmcheck.normalize.compile", "compile"]),
    ("responsibility model", [*MODEL, "--check"], MODEL),
    ("index of the policies", ["srmcheck.policy.index", "--check"], ["srmcheck.policy.index", "--write"]),
    ("schemas of the policies' input", ["tools.policy_schemas", "--check"], ["tools.policy_schemas", "--write"]),
    ("pages of the policies", ["tools.policy_pages", "--check"], ["tools.policy_pages", "--write"]),
    ("coverage of the catalogue", ["tools.coverage_page", "--check"], ["tools.coverage_page", "--write"]),
)
"""What is generated, the module and arguments that check it, and those that write it, in the order of their needs."""

SNAPSHOT = ["srmcheck.schema.build", "snapshot"]


def run(module: Sequence[str]) -> int:
    """Runs a module in this environment; its exit code."""
    return subprocess.run([sys.executable, "-m", *module], check=False).returncode


def main(arguments: Sequence[str]) -> int:
    """0 if all is current or was written."""
    if list(arguments) not in (["--check"], ["--write"], ["--schemas"]):
        print(__doc__, file=sys.stderr)
        return 2
    if arguments[0] == "--check":
        stale = [name for name, check, _ in STEPS if run(check) != 0]
        for name in stale:
            print(f"not current: {name} (make generated)", file=sys.stderr)
        return 1 if stale else 0
    steps = [write for _, _, write in STEPS]
    if arguments[0] == "--schemas":
        steps.insert(0, SNAPSHOT)
    return max(run(step) for step in steps)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
