"""Finds and reads the settings file: `srmcheck.yaml`, `srmcheck.yml`, or `[tool.srmcheck]` of `pyproject.toml`.

Looked for in the folder of the first path and upward to the top of its git work tree (without one, in that folder
alone). Nothing is imported for that but what every check needs. Documentation: docs/configuration.md.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from srmcheck.diagnostics import ConfigError, Diagnostic

if TYPE_CHECKING:
    from srmcheck.commands.settings import FileSettings
    from srmcheck.commands.settings_text import Values

MOST_BYTES = 1 << 20
_NAMES = ("srmcheck.yaml", "srmcheck.yml")
_PROJECT = "pyproject.toml"


def read_settings(paths: Sequence[str], named: Path | None = None) -> FileSettings | None:
    """The settings for a run over `paths`: of the file that the user `named`, or of the one that is found; None without
    any. Raises ConfigError for a file that is not there, cannot be read, or says what no setting is."""
    if named is not None:
        from srmcheck.commands.settings_text import project_settings, yaml_settings

        shown = _display(named)
        data = _bytes(named, shown)
        values = project_settings(data, shown) if named.suffix == ".toml" else yaml_settings(data, shown)
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
            from srmcheck.commands.settings_text import project_settings

            values = project_settings(data, _display(project))
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
        from srmcheck.commands.settings_text import yaml_settings

        values = yaml_settings(_bytes(file, shown), shown)
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


def _display(path: Path) -> str:
    """As reports show paths: relative to where srmcheck was started where it lies there."""
    return Path(os.path.relpath(path)).as_posix() if path.is_absolute() else path.as_posix()
