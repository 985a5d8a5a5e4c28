"""Whether a plan holds the configuration that stands beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from srmcheck.loaders.text import MOST_BYTES

_BLOCK = re.compile(r'^[ \t]*(resource|data|module)[ \t]+"([^"\s]+)"(?:[ \t]+"([^"\s]+)")?[ \t]*\{', re.MULTILINE)


def listing(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder holds, in the order of the bytes of the names."""
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: os.fsencode(entry.name))


def written_blocks(folder: Path) -> set[tuple[str, ...]]:
    """The resource, data and module blocks of a folder's `.tf` files, by a scan of lines: what looks like a block in a
    heredoc counts too, which can only make a plan seem not to cover the folder;
    so does a link."""
    found: set[tuple[str, ...]] = set()
    for entry in listing(folder):
        if entry.name.endswith((".tf", ".tofu")) and entry.is_symlink():
            found.add(("link", entry.name))  # it may lead out of the root: left to the loader, which follows and checks
        elif entry.name.endswith((".tf", ".tofu")) and entry.is_file():
            if entry.stat().st_size > MOST_BYTES:
                return {("too large",)}
            text = (folder / entry.name).read_text(encoding="utf-8", errors="replace")
            found.update(tuple(part for part in match.groups() if part) for match in _BLOCK.finditer(text))
    return found


def planned_blocks(document: Any) -> set[tuple[str, ...]]:
    """The blocks of the root module in a plan's configuration."""
    return set(_planned(document))


def _planned(document: Any) -> Iterator[tuple[str, ...]]:
    module: Any = document
    for key in ("configuration", "root_module"):
        module = module.get(key) if isinstance(module, Mapping) else None
    if not isinstance(module, Mapping):
        return
    for resource in module.get("resources") or ():
        if isinstance(resource, Mapping):
            kind = "data" if resource.get("mode") == "data" else "resource"
            yield (kind, str(resource.get("type")), str(resource.get("name")))
    for name in module.get("module_calls") or ():
        yield ("module", str(name))
