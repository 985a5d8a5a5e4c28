"""The files of a folder of users' own policies: `FOLDER/POLICY.rego`, `lib/*.rego` and `data/*.yaml` (docs: own-policies)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from srmcheck.diagnostics import ConfigError, Diagnostic

MOST_FILES = 2000
MOST_BYTES = 1 << 20
MOST_LEVELS = 12
LIBRARY = "lib"
DATA = "data"
TEST = "_test.rego"
DATA_SUFFIXES = (".yaml", ".yml", ".json")

_NAME = re.compile(r"[a-z][a-z0-9_]*")
KEYWORDS = frozenset(
    {
        *("as", "contains", "data", "default", "else", "every", "false", "if", "import", "in", "input", "not", "null"),
        *("package", "set", "some", "true", "with"),
    }
)
RESERVED_ROOTS = KEYWORDS | {"srmcheck", "system", "future", "rego"}
_PACKAGE = re.compile(r"(?m)^package[ \t]+(\w+(?:\.\w+)*)")
_LAYOUT = "a policy lies in a folder of its service: s3/owner_tag.rego; shared rules in lib/, data in data/"


@dataclass(frozen=True, slots=True)
class Module:
    """A Rego file. `name` is what it goes by wherever the folder lies: `acme/s3/owner_tag.rego`, after its package."""

    shown: str
    name: str
    package: str
    text: str

    @property
    def is_library(self) -> bool:
        return self.package.split(".")[1] == LIBRARY


@dataclass(frozen=True)
class Folder:
    """What a folder holds, and the faults of what cannot be used. `root` is the name that its packages start with."""

    directory: Path
    root: str = ""
    modules: list[Module] = field(default_factory=list)
    data: list[tuple[str, bytes]] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)


def read_folder(directory: Path) -> Folder:
    """Reads a folder of policies; their tests are left out. Raises ConfigError where it is none, or holds no policy."""
    shown = directory.as_posix()
    if not directory.is_dir():
        raise ConfigError(Diagnostic("--policy-dir is not a folder", shown, hint="name a folder that is there"))
    found = Folder(directory)
    texts: list[tuple[Path, str]] = []
    for file in _files(directory, found.faults):
        place = file.relative_to(directory)
        if file.suffix == ".rego" and not file.name.endswith(TEST):
            fault = _misplaced(place, file, directory)
            if fault is not None:
                found.faults.append(fault)
                continue
            content = _bytes(file, directory, found.faults)
            if content is not None:
                texts.append((place, _utf8(content, file, found.faults)))
        elif place.parent == Path(DATA) and file.suffix in DATA_SUFFIXES:
            content = _bytes(file, directory, found.faults)
            if content is not None:
                found.data.append((file.as_posix(), content))
    if not found.faults and all(place.parts[0] == LIBRARY for place, _ in texts):
        raise ConfigError(
            Diagnostic("No policies in the folder", shown, detail="It holds no Rego files of policies.", hint=_LAYOUT)
        )
    packages = {place: _PACKAGE.search(text) for place, text in texts}
    root = next((match[1].split(".")[0] for match in packages.values() if match), "")
    found = Folder(directory, root, found.modules, found.data, found.faults)
    for place, text in texts:
        file = directory / place
        match = packages[place]
        line = text.count("\n", 0, match.start()) + 1 if match else 1
        fault = _bad_package(file.as_posix(), line, match[1] if match else None, root, place)
        if fault is not None:
            found.faults.append(fault)
        else:
            package = ".".join([root, *place.with_suffix("").parts])
            found.modules.append(Module(file.as_posix(), f"{root}/{place.as_posix()}", package, text))
    return found


def _files(directory: Path, faults: list[Diagnostic]) -> Iterator[Path]:
    """The files below a folder, in order of their names; hidden folders are left out, and what leads out is a fault."""
    number = 0
    waiting = [directory]
    while waiting:
        folder = waiting.pop()
        try:
            entries = sorted(folder.iterdir(), reverse=True)
        except OSError as error:
            faults.append(Diagnostic("Folder cannot be read", folder.as_posix(), detail=f"{error.strerror}."))
            continue
        for entry in entries:
            if entry.is_dir():
                deep = len(entry.relative_to(directory).parts)
                if not entry.name.startswith(".") and not entry.is_symlink() and deep <= MOST_LEVELS:
                    waiting.append(entry)
        for entry in reversed(entries):
            if entry.is_file():
                number += 1
                if number > MOST_FILES:
                    faults.append(
                        Diagnostic(
                            "Too many files",
                            directory.as_posix(),
                            detail=f"A folder of policies has at most {MOST_FILES:,} files.",
                        )
                    )
                    return
                yield entry


def _bytes(file: Path, directory: Path, faults: list[Diagnostic]) -> bytes | None:
    shown = file.as_posix()
    if not file.resolve().is_relative_to(directory.resolve()):
        faults.append(Diagnostic("Policy leads outside", shown, detail="It is a link out of its folder of policies."))
        return None
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        faults.append(Diagnostic("Policy cannot be read", shown, detail=f"{error.strerror or 'Input error'}."))
        return None
    if len(content) > MOST_BYTES:
        faults.append(Diagnostic("Policy is too large", shown, detail="It holds more than 1 MiB."))
        return None
    return content


def _utf8(content: bytes, file: Path, faults: list[Diagnostic]) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.append(Diagnostic("Policy is no UTF-8", file.as_posix(), line))
        return ""


def _misplaced(place: Path, file: Path, directory: Path) -> Diagnostic | None:
    shown = file.as_posix()
    parts = [*place.parts[:-1], place.stem]
    if len(parts) != 2:
        inner = directory / place.parts[0] if len(parts) == 3 else None
        hint = f"did you mean --policy-dir {inner.as_posix()}?" if inner is not None else _LAYOUT
        where = "no folder" if len(parts) == 1 else "a folder of a folder"
        return Diagnostic("Policy lies elsewhere", shown, detail=f"It lies in {where} of {directory}.", hint=hint)
    for part in parts:
        if not _NAME.fullmatch(part) or part in KEYWORDS or (parts[0] == DATA):
            return Diagnostic(
                "Policy has an unusable file name",
                shown,
                detail=f"{part} is no name of a package: small letters, digits and underscores, and no word of Rego.",
                hint=_LAYOUT,
            )
    return None


def _bad_package(shown: str, line: int, package: str | None, root: str, place: Path) -> Diagnostic | None:
    expected = ".".join([*place.with_suffix("").parts])
    if package is None:
        return Diagnostic("Package missing", shown, line, detail=f"The file has no package such as acme.{expected}.")
    first = package.split(".")[0]
    if first in RESERVED_ROOTS or not _NAME.fullmatch(first):
        return Diagnostic(
            "Package name is taken",
            shown,
            line,
            detail=f"The package is {package}; {first} is not a name of your own.",
            hint=f"start it with a name of yours: acme.{expected}",
        )
    if package != f"{root}.{expected}":
        return Diagnostic(
            "Bad package",
            shown,
            line,
            detail=f"The package is {package}; its place asks for {root}.{expected}.",
            hint="the packages of a folder start with one name of yours, and end with folder and file",
        )
    return None
