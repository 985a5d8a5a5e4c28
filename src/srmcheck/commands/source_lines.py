"""The text of source files, once something asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_FRAMED = (".tf", ".tofu", ".yaml", ".yml", ".template")


class SourceLines:
    """The text of the checked files, by line for code frames: `texts` are those at hand, others are read when first asked
    for. Lines of plans, states and other JSON are never shown."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self._read: dict[str, str | None] = {}
        self._lines: dict[str, list[str]] = {}

    def __call__(self, file: str, line: int) -> str | None:
        lines = self._lines.get(file)
        if lines is None:
            shown = file in self.texts or file.endswith(_FRAMED)
            text = self.text(file) if shown else None
            lines = self._lines[file] = [] if text is None else text.replace("\r\n", "\n").split("\n")
        return lines[line - 1] if 0 < line <= len(lines) else None

    def text(self, file: str) -> str | None:
        """The text of a file by its name in findings; None if it cannot be read."""
        if file in self.texts:
            return self.texts[file]
        if file not in self._read:
            from srmcheck.diagnostics import InputError
            from srmcheck.loaders.text import decode, read_bytes

            try:
                self._read[file] = decode(read_bytes(Path(file), file), file)
            except InputError:
                self._read[file] = None
        return self._read[file]
