"""Writes requirements.lock: what srmcheck and its build need, for every platform and Python, with hashes.

The action installs exactly that. By hand, when the dependencies change or get updates: `make lock` (it needs a package
index and uv).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
HEADER = "# Written by `make lock`; do not edit. What the action installs besides srmcheck itself (docs/ci.md).\n"


def wanted() -> list[str]:
    """The requirements of the package and of its build, as pyproject.toml has them."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [*data["project"]["dependencies"], *data["build-system"]["requires"]]


def compile_lock(requirements: list[str]) -> str:
    """The lock file for the requirements. Raises CalledProcessError if they cannot be met."""
    options = [
        "--universal",
        "--python-version",
        "3.10",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        "--quiet",
    ]
    command = [sys.executable, "-m", "uv", "pip", "compile", "-", *options]
    text = "\n".join(requirements) + "\n"
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return HEADER + done.stdout


def main() -> None:
    """The command."""
    LOCK.write_text(compile_lock(wanted()), encoding="utf-8")


if __name__ == "__main__":
    main()
