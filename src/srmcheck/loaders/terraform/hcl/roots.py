"""Which directories of a tree are Terraform root modules."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from srmcheck.loaders.terraform.hcl.reading import LOCAL, Reader, configuration_files
from srmcheck.loaders.terraform.hcl.references import static_string

SKIPPED = frozenset({".terraform", ".git", ".hg", ".svn", "node_modules", "__pycache__", ".terragrunt-cache"})
MOST_DIRECTORIES = 100_000
_MODULE = re.compile(r"\bmodule\b")


def find_roots(where: Path | Iterable[Path]) -> set[Path]:
    """The root modules at or below a folder, or among the folders given: those with configuration files that no module
    call among them reaches, whatever its count, through links or not. Of modules that only call each other the first
    one is a root. Folders that are one and the same through links count once; `.terraform` is not walked."""
    folders = _walked(where) if isinstance(where, Path) else list(where)
    found: dict[str, Path] = {}
    for folder in folders:
        found.setdefault(os.path.realpath(folder), folder)
    if not found:
        return set()
    boundary = Path(os.path.commonpath(found))
    calls = {real: _called(path, boundary) for real, path in found.items()}
    called = {target for real, targets in calls.items() for target in targets if target != real}
    roots = [real for real in found if real not in called]
    reached: set[str] = set()
    for root in roots:
        _reach(root, calls, reached)
    for real in found:
        if real not in reached:
            roots.append(real)
            _reach(real, calls, reached)
    return {found[real] for real in roots}


def _reach(start: str, calls: dict[str, set[str]], reached: set[str]) -> None:
    stack = [start]
    while stack:
        current = stack.pop()
        if current not in reached:
            reached.add(current)
            stack.extend(calls.get(current, ()))


def _walked(top: Path) -> list[Path]:
    """The folders with configuration files, in order."""
    found: list[Path] = []
    for seen, (current, folders, files) in enumerate(os.walk(top)):
        folders[:] = sorted((name for name in folders if name not in SKIPPED), key=os.fsencode)
        if seen >= MOST_DIRECTORIES:
            break
        if configuration_files(files):
            found.append(Path(current))
    return found


def _called(directory: Path, boundary: Path) -> set[str]:
    """The real paths of the folders that the module calls of a folder name."""
    reader = Reader(boundary)
    targets: set[str] = set()
    for name in configuration_files(reader.names(directory) or []):
        path = directory / name
        text = reader.text(path, name) if path.is_file() else None
        if text is None or not _MODULE.search(text):
            continue
        parsed = reader.parse(path, name)
        for block in parsed.body.blocks if parsed is not None else ():
            source = block.body.attributes.get("source") if block.type == "module" else None
            where = static_string(source.expr) if source is not None else None
            if where is not None and LOCAL.match(where):
                targets.add(os.path.realpath(os.path.normpath(directory / where)))
    return targets
