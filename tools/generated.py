"""Files of a folder that are generated: written, or held against what stands there."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def write(made: Mapping[Path, str], stale: Iterable[Path] = ()) -> None:
    """Writes the files that differ; removes those that are no longer made."""
    for path in stale:
        path.unlink()
    for path, text in made.items():
        if not _is_current(path, text):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def check(made: Mapping[Path, str], stale: Iterable[Path] = ()) -> int:
    """Names the files that are not current; 1 if there is one."""
    wrong = [*stale, *(path for path, text in made.items() if not _is_current(path, text))]
    for path in sorted(wrong):
        print(f"not current: {path.relative_to(ROOT)}", file=sys.stderr)
    return 1 if wrong else 0


def _is_current(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
