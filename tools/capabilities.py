"""`policies/capabilities.json`: what policies may use, made from the table in srmcheck.engine.builtins and OPA's own list.

python -m tools.capabilities --write [OPA]     OPA: the program, `opa` on PATH by default
python -m tools.capabilities --check [OPA]     ends with 1 if the file is not current
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from srmcheck.engine.builtins import capabilities

FILE = Path(__file__).resolve().parents[1] / "policies" / "capabilities.json"


def text(opa: str) -> str:
    """The file's text by the list of an OPA program. Raises LookupError where it lacks a built-in of the table."""
    listed = subprocess.run([opa, "capabilities", "--current"], check=True, capture_output=True)
    return json.dumps(capabilities(json.loads(listed.stdout)), indent=2, sort_keys=True) + "\n"


def main(arguments: Sequence[str]) -> int:
    """0 if the file is current or was written."""
    if not 1 <= len(arguments) <= 2 or arguments[0] not in ("--check", "--write"):
        print(__doc__, file=sys.stderr)
        return 2
    made = text(arguments[1] if len(arguments) == 2 else "opa")
    if arguments[0] == "--write":
        FILE.write_text(made)
        return 0
    if FILE.read_text() == made:
        return 0
    print("not current: policies/capabilities.json (python -m tools.capabilities --write)", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
