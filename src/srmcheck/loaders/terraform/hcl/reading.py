"""Files of a configuration: found, read within bounds, and parsed once.

Nothing outside the boundary is read, through whatever link or path. Trees are kept by the digest of their text, so that
a module that many roots call is parsed once in a run.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from srmcheck.diagnostics import Diagnostic
from srmcheck.loaders.terraform.hcl.parse import parse_body
from srmcheck.loaders.terraform.hcl.syntax import Body, Source
from srmcheck.loaders.terraform.hcl.tokens import Fault

MOST_BYTES = 16 * 1024 * 1024
MOST_FILES = 5000
LOCAL = re.compile(r"\.\.?(?:[/\\]|$)")
"""What the source of a local module begins with."""
SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """One configuration file."""

    name: str
    source: Source
    body: Body


@dataclass
class Reader:
    """Reads below `boundary` (resolved) and collects what is wrong and what was read."""

    boundary: Path
    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    """Files that could not be read or parsed: what they declare is missing."""

    def inside(self, path: Path) -> bool:
        """Whether the path, links followed, lies inside the boundary."""
        real = os.path.realpath(path)
        return real == str(self.boundary) or Path(real).is_relative_to(self.boundary)

    def names(self, directory: Path) -> list[str] | None:
        """The names in a directory in byte order; None (and a diagnostic) if it cannot be listed."""
        if not self.inside(directory):
            self._complain(
                "Path leads outside",
                directory.as_posix(),
                "The folder lies outside the root, where srmcheck reads nothing.",
                "Widen the root with --root DIR.",
            )
            return None
        try:
            return sorted((path.name for path in directory.iterdir()), key=os.fsencode)
        except OSError as error:
            self._complain("Folder cannot be read", directory.as_posix(), f"{error.strerror or 'Input error'}.", "")
            return None

    def text(self, path: Path, name: str) -> str | None:
        """The text of a file without byte order mark; None (and a diagnostic) if it cannot be read."""
        data = self.bytes(path, name)
        if data is None:
            return None
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            self._complain(
                "Not UTF-8",
                name,
                "Terraform files are UTF-8 text; this one holds bytes that are not.",
                "Save it as UTF-8.",
                data.count(b"\n", 0, error.start) + 1,
            )
            return None
        return text.removeprefix("\ufeff")

    def bytes(self, path: Path, name: str) -> bytes | None:
        """The content of a regular file; None (and a diagnostic) if it cannot be read."""
        if not self.inside(path):
            self._complain(
                "Path leads outside",
                name,
                "The file is a link that leads outside the root, where srmcheck reads nothing.",
                "Widen the root with --root DIR, or copy the file.",
            )
            return None
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                self._complain("Not a file", name, "A regular file is expected here.", "")
                return None
            if status.st_size > MOST_BYTES:
                self._complain(
                    "File too large",
                    name,
                    f"Configuration files are read up to {MOST_BYTES // 1024 // 1024} MiB.",
                    "Split it, or check a plan instead.",
                )
                return None
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            self._complain("File cannot be read", name, f"{error.strerror or 'Input error'}.", "")
            return None
        self.files[name] = hashlib.sha256(data).hexdigest()
        return data

    def configuration(self, directory: Path, shown: str) -> list[ParsedFile]:
        """The configuration files of a directory in byte order, as far as they can be read and parsed. `shown` is how
        the user names the directory ("" for the one where srmcheck was started)."""
        names = self.names(directory)
        if names is None:
            self.unread.append(shown or ".")
            return []
        parsed: list[ParsedFile] = []
        for name in configuration_files(names):
            path = directory / name
            if path.is_dir():
                continue
            if len(self.files) >= MOST_FILES:
                self._complain("Too many files", shown, f"More than {MOST_FILES} files in one configuration.", "")
                self.unread.append(shown)
                break
            label = shown_path(shown, name)
            found = self.parse(path, label)
            if found is None:
                self.unread.append(label)
            else:
                parsed.append(found)
        return parsed

    def parse(self, path: Path, label: str) -> ParsedFile | None:
        """One configuration file; None (and a diagnostic) if it cannot be read or parsed."""
        text = self.text(path, label)
        if text is None:
            return None
        source = Source(label, text)
        try:
            if path.name.endswith(".json"):
                from srmcheck.loaders.terraform.hcl.json_syntax import parse_json_body

                body = parse_json_body(text)
            else:
                body = _parsed(text, self.files[label])
        except Fault as fault:
            line, column = source.position(fault.offset)
            self.diagnostics.append(Diagnostic(fault.summary, label, line, column, fault.detail, fault.hint))
            return None
        return ParsedFile(label, source, body)

    def _complain(self, summary: str, name: str, detail: str, hint: str, line: int | None = None) -> None:
        self.diagnostics.append(Diagnostic(summary, name, line, detail=detail, hint=hint))


_TREES: OrderedDict[str, Body] = OrderedDict()
_MOST_TREES = 2000


def _parsed(text: str, digest: str) -> Body:
    """The tree of a text, from memory if it was parsed before. Raises Fault."""
    body = _TREES.get(digest)
    if body is None:
        body = _TREES[digest] = parse_body(text)
        if len(_TREES) > _MOST_TREES:
            _TREES.popitem(last=False)
    return body


def configuration_files(names: list[str]) -> list[str]:
    """Those of the names that Terraform reads (or OpenTofu: `x.tofu` in place of `x.tf`), in their order."""
    wanted = [name for name in names if name.endswith(SUFFIXES) and not _ignored(name)]
    present = set(wanted)
    return [name for name in wanted if _in_tofu(name) not in present]


def _in_tofu(name: str) -> str | None:
    """The OpenTofu file that stands in for a Terraform file."""
    if name.endswith(".tf"):
        return name.removesuffix(".tf") + ".tofu"
    return name.removesuffix(".tf.json") + ".tofu.json" if name.endswith(".tf.json") else None


def _ignored(name: str) -> bool:
    """Editors' backups and hidden files."""
    return name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#"))


def shown_path(directory: str, name: str) -> str:
    """A file or folder below a directory as the user would write it."""
    joined = os.path.normpath(f"{directory or '.'}/{name}").replace(os.sep, "/")
    return "" if joined == "." else joined
