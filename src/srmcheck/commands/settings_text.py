"""The text of a settings file to keys with their values and lines, YAML or TOML."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from srmcheck.diagnostics import ConfigError, Diagnostic

if TYPE_CHECKING:
    from srmcheck.loaders.cloudformation.tree import Tree

_TABLE = re.compile(rb"(?m)^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*[\"']?srmcheck\b")
_HEADER = re.compile(r"[ \t]*\[[ \t]*([^\[\]#]+?)[ \t]*\]")
_KEY = re.compile(r"""[ \t]*(?:"([^"]*)"|'([^']*)'|([\w-]+))[ \t]*=""")

Values = Mapping[str, tuple[Any, int]]


def _text(data: bytes, shown: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(
            Diagnostic("Settings file is not UTF-8", shown, detail="Some of its bytes are no characters.")
        ) from None


def yaml_settings(data: bytes, shown: str) -> Values:
    """The keys of a YAML file with their values and lines. Raises ConfigError for what is no mapping."""
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


def project_settings(data: bytes, shown: str) -> Values | None:
    """The keys of `[tool.srmcheck]` with their values and lines; None without that table. Raises ConfigError for a broken
    file that has it."""
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
