"""The options of a command together with the settings file: the command line beats the file, the file the defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from srmcheck.cli_options import TOKEN_VARIABLE

if TYPE_CHECKING:
    from srmcheck.commands.settings import FileSettings


def settle(context: click.Context, paths: Sequence[str]) -> tuple[dict[str, Any], FileSettings | None]:
    """The parameters of a command by name, less those about the settings file itself: what the command line says, else the
    file (under `places` then, where), else the defaults; and what the file says, None without one. Raises ConfigError for a file that cannot be used,
    UsageError for --config beside --no-config."""
    values = dict(context.params)
    named: Path | None = values.pop("config", None)
    if values.pop("no_config", False):
        if named is not None:
            raise click.UsageError("--config and --no-config contradict each other.", context)
        return values, None
    from srmcheck.commands.settings_file import read_settings

    found = read_settings(paths, named)
    if found is not None:
        places: dict[str, tuple[str, int]] = {}
        for option, setting in found.settings.items():
            if option in values and not _is_given(context, option):
                values[option] = setting.value
                places[option] = (found.file, setting.line)
        values["places"] = places
    return values, found


def _is_given(context: click.Context, option: str) -> bool:
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


def shown_settings(
    context: click.Context, values: Mapping[str, Any], found: FileSettings | None, environment: Mapping[str, str]
) -> str:
    """Every setting with its value and where it came from, a line each (`--show-config`). Secrets are not shown."""
    from srmcheck.commands.settings import KEYS

    rows: list[tuple[str, str, str]] = []
    for key in KEYS:
        if key.option not in values:
            continue
        origin = "default"
        if _is_given(context, key.option):
            origin = "command line"
        elif found is not None and key.option in found.settings:
            origin = f"{found.file}:{found.settings[key.option].line}"
        rows.append((key.name, _shown(values[key.option]), origin))
    rows += _environment(environment)
    names, texts = (max(len(row[column]) for row in rows) for column in (0, 1))
    texts = min(texts, 40)
    lines = [f"settings file: {found.file if found is not None else 'none'}", ""]
    lines += [f"{name:<{names}}  {text:<{texts}}  {origin}" for name, text, origin in rows]
    return "\n".join(lines) + "\n"


def _environment(environment: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    token = environment.get(TOKEN_VARIABLE)
    yield "opa-token", "(not shown)" if token else "-", f"environment, {TOKEN_VARIABLE}" if token else "default"
    plain = environment.get("NO_COLOR")
    yield "no-color", "true" if plain else "false", "environment, NO_COLOR" if plain else "default"


def _shown(value: Any) -> str:
    if value is None or value == ():
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(f"{item[0]}={_shown(item[1])}" if isinstance(item, tuple) else str(item) for item in value)
    if isinstance(value, Path):
        return value.as_posix()
    if not isinstance(value, str):
        return f"{value:g}"
    return re.sub(r"(?<=//)[^@/]*(?=@)", "***", value)  # who asks, and by which password
