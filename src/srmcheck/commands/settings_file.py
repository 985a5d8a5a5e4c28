"""Finds and reads the settings file: `srmcheck.yaml`, `srmcheck.yml`, or `[tool.srmcheck]` of `pyproject.toml`.

Looked for in the folder of the first path and upward to the top of its git work tree (without one, in that folder
alone). Nothing is imported for that but what every check needs. Documentation: docs/configuration.md.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from srmcheck.diagnostics import ConfigError, Diagnostic

if TYPE_CHECKING:
    from srmcheck.commands.settings import FileSettings
    from srmcheck.loaders.cloudformation.tree import Tree

MOST_BYTES = 1 << 20
_NAMES = ("srmcheck.yaml", "srmcheck.yml")
_PROJECT = "pyproject.toml"
_TABLE = re.compile(rb"(?m)^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*[\"']?srmcheck\b")
_HEADER = re.compile(r"[ \t]*\[[ \t]*([^\[\]#]+?)[ \t]*\]")
_KEY = re.compile(r"""[ \t]*(?:"([^"]*)"|'([^']*)'|([\w-]+))[ \t]*=""")

Values = Mapping[str, tuple[Any, int]]


def read_settings(paths: Sequence[str], named: Path | None = None) -> FileSettings | None:
    """The settings for a run over `paths`: of the file that the user `named`, or of the one that is found; None without
    any. Raises ConfigError for a file that is not there, cannot be read, or says what no setting is."""
    if named is not None:
        shown = _display(named)
        data = _bytes(named, shown)
        values = _project(data, shown) if named.suffix == ".toml" else _yaml(data, shown)
        if values is None:
            raise ConfigError(
                Diagnostic(
                    "No settings in the file",
                    shown,
                    detail="It has no table tool.srmcheck.",
                    hint="add [tool.srmcheck]",
                )
            )
        return _checked(named.absolute(), shown, None, values)
    start = _start(paths)
    top = _top(start)
    for folder in (start, *start.parents):
        found = _in_folder(folder, top)
        if found is not None:
            return found
        if folder == top:
            break
    return None


def _start(paths: Sequence[str]) -> Path:
    """The folder of the first path, links followed."""
    first = paths[0] if paths else "."
    real = Path(os.path.realpath("." if first == "-" else first))
    return real if real.is_dir() else real.parent


def _top(start: Path) -> Path:
    """The top of the git work tree that holds a folder, else the folder itself."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return start


def _in_folder(folder: Path, top: Path) -> FileSettings | None:
    there = [folder / name for name in _NAMES if (folder / name).is_file()]
    values: Values | None = None
    project = folder / _PROJECT
    if project.is_file():
        data = _bytes(project, _display(project))
        if b"srmcheck" in data:
            values = _project(data, _display(project))
            if values is not None:
                there.append(project)
    if not there:
        return None
    if len(there) > 1:
        raise ConfigError(
            Diagnostic(
                "Several settings files",
                _display(there[0]),
                detail=f"{there[1].name} beside it holds settings too, and which counts is not defined.",
                hint="keep one of them",
            )
        )
    file = there[0]
    shown = _display(file)
    if not file.resolve().is_relative_to(top):
        raise ConfigError(
            Diagnostic(
                "Settings file leads outside",
                shown,
                detail="It is a link out of the git work tree or folder that is checked.",
                hint=f"name it with --config {shown}, or use --no-config",
            )
        )
    if values is None:
        values = _yaml(_bytes(file, shown), shown)
    return _checked(file, shown, top, values)


def _checked(file: Path, shown: str, top: Path | None, values: Values) -> FileSettings:
    from srmcheck.commands.settings import Checker

    return Checker(file, shown, top).settings(values)


def _bytes(file: Path, shown: str) -> bytes:
    from srmcheck.diagnostics import InputError
    from srmcheck.loaders.text import read_bytes

    try:
        data = read_bytes(file, shown)
    except InputError as error:
        fault = error.diagnostic
        raise ConfigError(Diagnostic(fault.summary, shown, detail=fault.detail, hint=fault.hint)) from None
    if len(data) > MOST_BYTES:
        raise ConfigError(Diagnostic("Settings file too large", shown, detail="It holds more than 1 MiB."))
    return data


def _text(data: bytes, shown: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(
            Diagnostic("Settings file is not UTF-8", shown, detail="Some of its bytes are no characters.")
        ) from None


def _yaml(data: bytes, shown: str) -> Values:
    """Keys with their values and lines."""
    from srmcheck.loaders.cloudformation.tree import Fault, Lines, Object, Problem
    from srmcheck.loaders.cloudformation.yaml_reader import read_yaml

    text = _text(data, shown)
    if all(not line.strip() or line.lstrip().startswith(("#", "---")) for line in text.splitlines()):
        return {}
    lines = Lines(shown, text)
    problems: list[Problem] = []
    try:
        root, _ = read_yaml(text, problems)
    except Fault as fault:
        raise _broken(shown, lines.at(fault.offset)[0], fault.expected, fault.hint) from None
    if problems:
        problem = problems[0]
        detail = problem.detail.replace("{line}", str(lines.at(problem.other)[0]))
        raise _broken(shown, lines.at(problem.offset)[0], detail, problem.hint)
    if not isinstance(root, Object):
        raise _broken(shown, 1, "A mapping of settings to values is expected.", "write fail-on: high, for example")
    return {key: (_plain(tree), lines.at(root.keys[key][0])[0]) for key, tree in root.items.items()}


def _plain(tree: Tree) -> Any:
    """A shallow tree as plain values; None for what no setting holds."""
    from srmcheck.loaders.cloudformation.tree import Array, Leaf, Object

    if isinstance(tree, Array):
        return [item.value if isinstance(item, Leaf) else None for item in tree.items]
    if isinstance(tree, Object):
        return {key: item.value if isinstance(item, Leaf) else None for key, item in tree.items.items()}
    return tree.value if isinstance(tree, Leaf) else None


def _project(data: bytes, shown: str) -> Values | None:
    """The keys of `[tool.srmcheck]` with their values and lines; None without that table."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    text = _text(data, shown)
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        if _TABLE.search(data) is None:
            return None  # not ours to complain about
        line = re.search(r"at line (\d+)", str(error))
        raise _broken(shown, int(line[1]) if line else None, "The file is no well-formed TOML.") from None
    tool = document.get("tool")
    table = tool.get("srmcheck") if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise _broken(shown, None, "tool.srmcheck is a table.")
    lines = _toml_lines(text)
    return {key: (value, lines.get(key, lines.get("", 1))) for key, value in table.items()}


def _toml_lines(text: str) -> dict[str, int]:
    """The lines of the keys of `[tool.srmcheck]`, and under "" that of its header, as far as they are plain to see."""
    found: dict[str, int] = {}
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header is not None:
            names = [part.strip().strip("\"'") for part in header[1].split(".")]
            inside = names == ["tool", "srmcheck"]
            if names[:2] == ["tool", "srmcheck"]:
                found.setdefault(names[2] if len(names) > 2 else "", number)
            continue
        key = _KEY.match(line) if inside else None
        if key is not None:
            found.setdefault(key[1] or key[2] or key[3], number)
    return found


def _broken(shown: str, line: int | None, detail: str, hint: str = "") -> ConfigError:
    return ConfigError(Diagnostic("Settings file cannot be read", shown, line, detail=detail, hint=hint))


def _display(path: Path) -> str:
    """As reports show paths: relative to where srmcheck was started where it lies there."""
    return Path(os.path.relpath(path)).as_posix() if path.is_absolute() else path.as_posix()
