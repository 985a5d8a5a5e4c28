"""Finds what is to be checked: the files that the user names, and those in the folders that the user names.

The order is that of names, whatever the file system says. Documentation: docs/usage.md.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.loaders.coverage import listing, planned_blocks, written_blocks
from srmcheck.loaders.detect import HEAD, detect, may_be_template
from srmcheck.loaders.text import read_bytes

MOST_FILES = 200_000
STDIN = "stdin"

_HCL = (".tf", ".tofu", ".tf.json", ".tofu.json")
_READ_WHOLE = (".json", ".yaml", ".yml", ".template")
_PASSED_OVER = frozenset({"node_modules", "__pycache__"})
_BINARY = frozenset(
    [
        ".7z",
        ".a",
        ".avif",
        ".bin",
        ".bmp",
        ".bz2",
        ".class",
        ".dll",
        ".docx",
        ".dylib",
        ".eot",
        ".exe",
        ".gif",
        ".gz",
        ".ico",
        ".jar",
        ".jpeg",
        ".jpg",
        ".mov",
        ".mp3",
        ".mp4",
        ".o",
        ".otf",
        ".parquet",
        ".pdf",
        ".png",
        ".pyc",
        ".rar",
        ".so",
        ".tar",
        ".tgz",
        ".ttf",
        ".wasm",
        ".webm",
        ".webp",
        ".whl",
        ".woff",
        ".woff2",
        ".xlsx",
        ".xz",
        ".zip",
        ".zst",
    ]
)


@dataclass(frozen=True, slots=True)
class Found:
    """One template to load. `name` is how reports call it; `path` its file or folder (None: standard input); `document`
    is the parsed JSON of a plan or state, `text` that of a CloudFormation template; `boundary` is the folder outside
    which nothing is read for it."""

    kind: Literal["plan", "state", "cloudformation", "hcl"]
    name: str
    path: Path | None
    boundary: Path | None
    sha256: str = ""
    document: Any = None
    text: str = ""
    named: bool = False


@dataclass
class Discovery:
    """What was found, in order, and what could not be read on the way."""

    found: list[Found] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def discover(paths: Sequence[str], *, read_stdin: Callable[[], bytes], root: Path | None = None) -> Discovery:
    """Everything below `paths`; "-" is standard input. `root` widens what may be read (default: the git work tree that
    holds the path, else the path's own folder)."""
    seeker = _Seeker(root)
    for path in paths:
        try:
            if path == "-":
                seeker.standard_input(read_stdin())
            else:
                seeker.named(path)
        except InputError as error:
            seeker.result.diagnostics.append(error.diagnostic)
    seeker.finish()
    seeker.result.found.sort(key=lambda item: (item.name, item.kind))
    return seeker.result


def display(path: Path) -> str:
    """A path as reports show it: relative to the current folder where it lies in it, with forward slashes; bytes that are
    no characters as escapes."""
    return _normal(path).as_posix().encode("utf-8", "backslashreplace").decode()


def _normal(path: Path) -> Path:
    normal = Path(os.path.normpath(path))
    if normal.is_absolute():
        here = Path.cwd()
        if normal.is_relative_to(here):
            return normal.relative_to(here)
    return normal


def boundary_of(folder: Path) -> Path:
    """The git work tree that holds `folder`, else `folder` itself (resolved)."""
    resolved = folder.resolve()
    for parent in (resolved, *resolved.parents):
        if (parent / ".git").exists():
            return parent
    return resolved


class _Seeker:
    def __init__(self, root: Path | None) -> None:
        self.result = Discovery()
        self._root = root.resolve() if root is not None else None
        self._seen: set[Path] = set()
        self._folders: dict[Path, Path] = {}  # folders with Terraform files -> boundary
        self._named_folders: set[Path] = set()
        self._tops: list[Path] = []
        self._count = 0

    def standard_input(self, data: bytes) -> None:
        self._add(data, STDIN, None, Path.cwd(), named=True)

    def named(self, text: str) -> None:
        path = Path(text)
        name = display(path)
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            hint = "check the spelling, and where srmcheck was started"
            raise InputError(Diagnostic("No such file or directory", name, hint=hint)) from None
        except (OSError, ValueError):
            raise InputError(Diagnostic("File cannot be read", name)) from None
        boundary = self._root or boundary_of(path if stat.S_ISDIR(mode) else path.parent)
        self._within(path, name, boundary)
        if stat.S_ISDIR(mode):
            before = len(self.result.found), len(self.result.diagnostics), len(self._folders)
            self._tops.append(path)
            self._walk(path, boundary)
            if before == (len(self.result.found), len(self.result.diagnostics), len(self._folders)):
                self.result.diagnostics.append(
                    Diagnostic(
                        "No template found",
                        name,
                        detail="The folder holds no Terraform and no CloudFormation that srmcheck reads.",
                        hint="hidden folders, node_modules and .terraform are not looked into; name a file to have it read",
                        level="note",
                    )
                )
            return
        if name.endswith(_HCL):
            self._named_hcl(path, name, boundary)
            return
        self._file(path, name, boundary, named=True)

    def _within(self, path: Path, name: str, boundary: Path) -> None:
        if self._root is not None and not path.resolve().is_relative_to(boundary):
            raise InputError(
                Diagnostic("Outside of the root", name, detail="--root names another folder.", hint="widen --root")
            )

    def _named_hcl(self, path: Path, name: str, boundary: Path) -> None:
        if name.endswith(".json"):
            data = read_bytes(path, name)
            found = detect(data, name, named=False)
            if found is not None:
                self._add(data, name, path, boundary, named=True)
                return
        folder = path.parent
        self._folders.setdefault(folder, boundary)
        self._named_folders.add(folder)
        others = [item for item in listing(folder) if item.name.endswith(_HCL) and item.name != path.name]
        if others:
            self.result.diagnostics.append(
                Diagnostic(
                    "Checked with the rest of its folder",
                    name,
                    detail="Terraform reads a folder as a whole, and so does srmcheck.",
                    level="note",
                )
            )

    def _walk(self, top: Path, boundary: Path) -> None:
        stack = [top]
        while stack:
            folder = stack.pop()
            try:
                entries = listing(folder)
            except OSError as error:
                self._report("Folder cannot be read", folder, f"{error.strerror or 'Input error'}.")
                continue
            below: list[Path] = []
            for entry in entries:
                self._count += 1
                if self._count > MOST_FILES:
                    self._report("Too many files", top, f"srmcheck looks at {MOST_FILES:,} files at most.")
                    return
                path = folder / entry.name
                if entry.is_symlink():
                    self._link(entry, path, top, boundary)
                elif entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith(".") and entry.name not in _PASSED_OVER:
                        below.append(path)
                elif entry.is_file(follow_symlinks=False):
                    self._visit(path, boundary)
            stack.extend(reversed(below))

    def _link(self, entry: os.DirEntry[str], path: Path, top: Path, boundary: Path) -> None:
        """Links to files inside the root are read, unless the walk meets their target itself; a link that leads out is
        said: as an error if its name is that of a template, else as lying outside."""
        claimed = entry.name.endswith((*_HCL, *_READ_WHOLE))
        if entry.name.startswith(".") and not claimed:
            return
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            if claimed:
                self._report("Link leads nowhere", path)
            return
        if not target.is_relative_to(boundary):
            if claimed or target.is_dir():
                self.result.diagnostics.append(
                    Diagnostic(
                        "Link leads out of the root",
                        display(path),
                        detail="Nothing is read outside of the root.",
                        hint="widen the root with --root, or name the target itself",
                        level="error" if claimed else "outside",
                    )
                )
            return
        if target.is_relative_to(top.resolve()):
            return
        if target.is_file():
            self._visit(path, boundary)
        elif target.is_dir():
            self.result.diagnostics.append(
                Diagnostic(
                    "Link to a folder not followed",
                    display(path),
                    hint="name its target to have it checked",
                    level="outside",
                )
            )

    def _visit(self, path: Path, boundary: Path) -> None:
        name = path.name
        if name.endswith(_HCL):
            if not name.endswith(".json"):
                self._folders.setdefault(path.parent, boundary)
                return
        elif name.endswith(".backup") or path.suffix.lower() in _BINARY:
            return
        shown = display(path)
        try:
            if not name.endswith(_READ_WHOLE) and not self._promising(path):
                return
            if not self._file(path, shown, boundary, named=False) and name.endswith(_HCL):
                self._folders.setdefault(path.parent, boundary)
        except InputError as error:
            self.result.diagnostics.append(error.diagnostic)

    def _promising(self, path: Path) -> bool:
        try:
            with path.open("rb") as file:
                return may_be_template(file.read(HEAD))
        except OSError:
            return False

    def _file(self, path: Path, name: str, boundary: Path, *, named: bool) -> bool:
        resolved = path.resolve()
        if resolved in self._seen:
            return True
        data = read_bytes(path, name)
        found = self._add(data, name, path, boundary, named=named)
        if found:
            self._seen.add(resolved)
        return found

    def _add(self, data: bytes, name: str, path: Path | None, boundary: Path, *, named: bool) -> bool:
        detected = detect(data, name, named=named)
        if detected is None:
            return False
        digest = hashlib.sha256(data).hexdigest()
        self.result.found.append(
            Found(detected.kind, name, path, boundary, digest, detected.document, detected.text, named)
        )
        return True

    def finish(self) -> None:
        """Adds the Terraform configurations, and leaves out what a plan beside them covers."""
        if self._folders:
            self._configurations()
        self._states()

    def _configurations(self) -> None:
        from srmcheck.loaders.terraform.hcl.roots import find_roots

        plans: dict[Path, list[Found]] = {}
        for item in self.result.found:
            if item.kind == "plan" and item.path is not None:
                plans.setdefault(item.path.parent, []).append(item)
        roots = set(self._named_folders)
        for top in self._tops:
            roots.update(folder for folder in find_roots(top) if folder in self._folders)
        for folder in sorted(roots):
            beside = () if folder in self._named_folders else plans.get(folder, ())
            blocks = written_blocks(folder) if beside else set()
            cover = next((plan for plan in beside if blocks and blocks <= planned_blocks(plan.document)), None)
            name = display(folder)
            if cover is not None:
                self.result.diagnostics.append(
                    Diagnostic(
                        "Configuration covered by its plan",
                        name,
                        detail=f"{cover.name} holds every block of it, and its values; so the plan is what is checked.",
                        level="note",
                    )
                )
                continue
            for plan in beside:
                self.result.diagnostics.append(
                    Diagnostic(
                        "Plan of another configuration",
                        plan.name,
                        detail="It lacks blocks of the .tf files beside it, so both are checked.",
                        hint="make the plan again",
                        level="note",
                    )
                )
            self.result.found.append(Found("hcl", name, _normal(folder), self._folders[folder]))

    def _states(self) -> None:
        """A state beside a plan or configuration is what was, not what will be; it is checked only if it is named."""
        folders = {item.path.parent for item in self.result.found if item.kind == "plan" and item.path is not None}
        folders.update(self._folders)
        kept: list[Found] = []
        for item in self.result.found:
            if item.kind == "state" and not item.named and item.path is not None and item.path.parent in folders:
                self.result.diagnostics.append(
                    Diagnostic(
                        "State not checked",
                        item.name,
                        detail="The plan or configuration beside it says what will be; a state says what was.",
                        hint="name the file to have it checked",
                        level="note",
                    )
                )
            else:
                kept.append(item)
        self.result.found[:] = kept

    def _report(self, summary: str, path: Path, detail: str = "") -> None:
        self.result.diagnostics.append(Diagnostic(summary, display(path), detail=detail))
