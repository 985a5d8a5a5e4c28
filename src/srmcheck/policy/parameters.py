"""`--data FILE`: values for the parameters of policies, by id (docs: own-policies, "Parameters")."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from srmcheck.diagnostics import ConfigError, Diagnostic
from srmcheck.policy.checked_yaml import Path as Keys

MOST_BYTES = 1 << 20
MOST_INTEGER = 2**53 - 1
_WORDS = {"string": "a text", "integer": "an integer", "boolean": "true or false", "list": "a list"}
Parameters = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""The parameters of each policy that has some, as METADATA describes them: type, default, description."""


def parameters_of(entries: Sequence[Mapping[str, Any]]) -> Parameters:
    """The parameters of the policies of an index, by id."""
    return {entry["id"]: entry["parameters"] for entry in entries if entry.get("parameters")}


def with_values(known: Parameters, ids: Sequence[str], files: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """The value of every parameter by id and name: what the files say, the last first, else the default. `ids` are those of
    all policies. Raises ConfigError, with file and line, for what is no parameter and for values of another type."""
    values = {policy: {name: one["default"] for name, one in own.items()} for policy, own in known.items()}
    for file in files:
        shown = file.as_posix()
        data, lines = _read(file, shown)
        if not isinstance(data, dict):
            raise _fault("Data file is no mapping", shown, 1, "Policies' ids are expected, each with its parameters.")
        for policy, given in data.items():
            line = lines.get((policy,), 1)
            if policy not in known:
                raise _unknown_policy(policy, ids, known, shown, line)
            if not isinstance(given, dict):
                raise _fault("Data of a wrong type", shown, line, f"{policy}: a mapping of parameters is expected.")
            for name, value in given.items():
                at = lines.get((policy, name), line)
                parameter = known[policy].get(name)
                if parameter is None:
                    raise _fault(
                        "Unknown parameter",
                        shown,
                        at,
                        f"{policy} has no parameter {name!r}.",
                        _near(name, list(known[policy])),
                    )
                expected = mismatch(parameter, value)
                if expected:
                    raise _fault("Data of a wrong type", shown, at, f"{name} of {policy} is {expected}.")
                values[policy][name] = value
    return values


def mismatch(parameter: Mapping[str, Any], value: Any) -> str:
    """What a parameter takes, if the value is none of it; else ""."""
    kind = parameter["type"]
    if kind == "list":
        default = parameter["default"]
        kinds = {_kind(item) for item in default} if isinstance(default, list) else set()
        item = next(iter(kinds)) if len(kinds) == 1 else None
        if isinstance(value, list) and all(_kind(one) == item if item else _kind(one) is not None for one in value):
            return ""
        return f"a list of {item}s" if item else "a list of texts, integers or booleans"
    return "" if _kind(value) == kind else _WORDS[kind]


def _kind(value: Any) -> str | None:
    """The kind of a value that both engines read alike."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) and abs(value) <= MOST_INTEGER:
        return "integer"
    return "string" if isinstance(value, str) else None


def _read(file: Path, shown: str) -> tuple[Any, Mapping[Keys, int]]:
    try:
        if not file.is_file():
            raise ConfigError(Diagnostic("Data file is not there", shown, hint="name a YAML or JSON file"))
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise _fault("Data file cannot be read", shown, None, f"{error.strerror or 'Input error'}.") from None
    if len(content) > MOST_BYTES:
        raise _fault("Data file is too large", shown, None, "It holds more than 1 MiB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _fault("Data file is no UTF-8", shown, None, "") from None
    if file.suffix == ".json":
        return _json(text, shown)
    import yaml

    from srmcheck.policy.checked_yaml import read

    try:
        return read(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "syntax error"
        raise _fault("Data file is no YAML", shown, mark.line + 1 if mark else None, f"{problem}.") from None


def _json(text: str, shown: str) -> tuple[Any, Mapping[Keys, int]]:
    import json

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            raise ValueError("a key is written twice")
        return found

    try:
        value = json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise _fault("Data file is no JSON", shown, error.lineno, f"{error.msg}.") from None
    except (ValueError, RecursionError) as error:
        raise _fault("Data file is no JSON", shown, None, f"{error}.") from None
    lines: dict[Keys, int] = {}
    if isinstance(value, dict):
        for policy, given in value.items():
            start = _find(text, policy, 0)
            lines[(policy,)] = text.count("\n", 0, start) + 1
            for name in given if isinstance(given, dict) else ():
                lines[policy, name] = text.count("\n", 0, _find(text, name, start)) + 1
    return value, lines


def _find(text: str, key: str, start: int) -> int:
    match = re.compile(rf'"{re.escape(key)}"\s*:').search(text, start)
    return match.start() if match else start


def _unknown_policy(policy: str, ids: Sequence[str], known: Parameters, shown: str, line: int) -> ConfigError:
    if policy in ids:
        some = ", ".join(sorted(known)[:6])
        hint = f"there are parameters of {some}" if some else "no policy has parameters"
        return _fault("Policy has no parameters", shown, line, f"{policy} has none that could be set.", hint)
    return _fault("Unknown policy", shown, line, f"There is no policy {str(policy)[:80]}.", _near(policy, list(ids)))


def _near(name: str, names: Sequence[str]) -> str:
    import difflib

    close = difflib.get_close_matches(str(name).upper(), names, 1) or difflib.get_close_matches(str(name), names, 1)
    if close:
        return f"did you mean {close[0]}?"
    return f"there is {', '.join(names)}" if len(names) <= 12 else "srmcheck policies list names them all"


def _fault(summary: str, file: str, line: int | None, detail: str, hint: str = "") -> ConfigError:
    return ConfigError(Diagnostic(summary, file, line, detail=detail, hint=hint))
