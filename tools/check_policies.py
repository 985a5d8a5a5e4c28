"""Everything that must hold of the shipped policies before they are tried on templates.

    python -m tools.check_policies [--opa OPA]

Runs with a real OPA: `opa fmt`, `opa check --strict` with the schema of each policy and our capabilities, `opa test` with
coverage; and with our own lint. Says what is wrong and ends with 1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from srmcheck.diagnostics import PolicyError
from srmcheck.policy import load_policies

POLICIES = Path(__file__).resolve().parents[1] / "policies"
LEAST_COVERAGE = 98.0
DATA = "srmcheck.data:data"
"""Policy data lies at data.srmcheck.data, as the engines hold it."""


def main(arguments: Sequence[str]) -> int:
    """0 if all is well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--opa", default="opa")
    opa = parser.parse_args(arguments).opa
    wrong = False
    for step in (formatted, checked, linted, tested):
        for fault in step(opa):
            print(fault, file=sys.stderr)
            wrong = True
    return 1 if wrong else 0


def folders() -> list[str]:
    """The folders that hold Rego, by name."""
    return sorted({file.parent.name for file in POLICIES.glob("*/*.rego")})


def formatted(opa: str) -> Iterator[str]:
    """What `opa fmt` would change."""
    for line in _run(opa, "fmt", "--list", *folders()).stdout.splitlines():
        yield f"{line}: not formatted (opa fmt --write)"


def checked(opa: str) -> Iterator[str]:
    """What the compiler refuses, policy by policy: each has its own schema of `input`."""
    capabilities = POLICIES / "capabilities.json"
    limits = ["--capabilities", capabilities.name] if capabilities.is_file() else []
    for policy in load_policies(profile="all").policies:
        schema = f"schemas/{policy.file.replace('.rego', '.json')}"
        library = [
            str(file.relative_to(POLICIES)) for file in sorted(POLICIES.glob("lib/*.rego")) if not _is_test(file)
        ]
        done = _run(opa, "check", "--strict", "--schema", schema, *limits, policy.file, *library)
        if done.returncode:
            yield f"{policy.file}: {done.stderr.strip()}"
    done = _run(opa, "check", "--strict", *folders())
    if done.returncode:
        yield done.stderr.strip()


def linted(_opa: str) -> Iterator[str]:
    """What the engines read differently (docs/engines.md)."""
    from srmcheck.engine.lint import check_modules

    policies = load_policies(profile="all")
    texts = {
        str(file.relative_to(POLICIES)): file.read_text(encoding="utf-8")
        for file in sorted(POLICIES.glob("*/*.rego"))
        if not _is_test(file)
    }
    always = {policy.file: [one.name for one in policy.related if not one.of] for policy in policies.policies}
    for fault in check_modules(texts, policies.data, always):
        yield f"{fault.file}:{fault.line}: {fault.summary}: {fault.detail}"


def tested(opa: str) -> Iterator[str]:
    """Failing tests, and what no test reaches."""
    done = _run(opa, "test", *folders(), DATA)
    if done.returncode:
        yield done.stdout.strip() + done.stderr.strip()
        return
    report = json.loads(_run(opa, "test", "--coverage", "--format=json", *folders(), DATA).stdout)
    covered = lines = 0
    for name, file in sorted(report["files"].items()):
        if _is_test(Path(name)):
            continue
        covered += file.get("covered_lines", 0)
        lines += file.get("covered_lines", 0) + file.get("not_covered_lines", 0)
        for span in file.get("not_covered", ()):
            print(f"{name}:{span['start']['row']}: no test reaches this")
    share = 100 * covered / max(1, lines)
    print(f"{done.stdout.strip().splitlines()[-1]}, {share:.1f} % of {lines} lines covered")
    if share < LEAST_COVERAGE:
        yield f"coverage of the policies is {share:.1f} %, less than {LEAST_COVERAGE} %"


def _is_test(file: Path) -> bool:
    return file.name.endswith("_test.rego")


def _run(opa: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([opa, *arguments], cwd=POLICIES, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except PolicyError as error:
        sys.exit(
            f"{error.diagnostic.file}:{error.diagnostic.line}: {error.diagnostic.summary}: {error.diagnostic.detail}"
        )
