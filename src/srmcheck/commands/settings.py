"""What a settings file may say, and how (docs: configuration; schema: schemas/config-v1.schema.json)."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from srmcheck.diagnostics import ConfigError, Diagnostic
from srmcheck.results import SEVERITIES

Kind = Literal["choice", "flag", "terms", "formats", "text", "file", "folder", "paths", "seconds", "outputs"]


@dataclass(frozen=True, slots=True)
class Key:
    """A setting: `name` is its key and, with two dashes, its option; `option` the parameter of the command line. One that
    is `trusted` counts only in a file that the user names: a file that is found comes with what is checked."""

    name: str
    option: str
    kind: Kind
    about: str
    choices: tuple[str, ...] = ()
    trusted: bool = False


KEYS: tuple[Key, ...] = (
    Key("format", "formats", "formats", "formats that are printed"),
    Key("output", "outputs", "outputs", "formats that are written, each with its file", trusted=True),
    Key("fail-on", "fail_on", "choice", "the lowest severity that fails", (*SEVERITIES, "none")),
    Key("fail-on-unknown", "fail_on_unknown", "flag", "unknown verdicts fail too"),
    Key("exit-zero", "exit_zero", "flag", "findings never fail"),
    Key("strict", "strict", "flag", "what lies outside is an error"),
    Key("allow-nothing", "allow_nothing", "flag", "nothing to check is no failure"),
    Key("select", "select", "terms", "the policies that run"),
    Key("ignore", "ignore", "terms", "policies that do not run"),
    Key("policy-dir", "policy_dirs", "paths", "folders with policies of your own"),
    Key("data", "data_files", "paths", "files with parameters of policies"),
    Key("profile", "profile", "choice", "policies of taste too: all", ("default", "all")),
    Key("scope", "scope", "choice", "account: the templates are an account's baseline", ("template", "account")),
    Key("baseline", "baseline", "file", "the file with the findings that are known"),
    Key("inline-ignores", "inline_ignores", "flag", "ignores in templates count"),
    Key("show-passed", "show_passed", "flag", "passes are listed"),
    Key("source", "source", "folder", "where a plan's .tf files are"),
    Key("root", "root", "folder", "nothing outside is read", trusted=True),
    Key("engine", "engine", "choice", "what runs the policies", ("embedded", "opa")),
    Key("opa-url", "opa_url", "text", "a running OPA", trusted=True),
    Key("opa-ca-cert", "opa_ca_cert", "file", "its certificate authority", trusted=True),
    Key("opa-client-cert", "opa_client_cert", "file", "our certificate for it", trusted=True),
    Key("opa-client-key", "opa_client_key", "file", "the key of our certificate", trusted=True),
    Key("opa-timeout", "opa_timeout", "seconds", "for one answer of it", trusted=True),
)
FEWEST_SECONDS, MOST_SECONDS = 0.1, 3600
_WORDS: Mapping[Kind, str] = {
    "flag": "true or false",
    "terms": "a text or a list of texts",
    "formats": "a format or a list of formats",
    "text": "a text",
    "file": "a path",
    "folder": "a path",
    "paths": "a path or a list of paths",
    "seconds": f"a number of seconds from {FEWEST_SECONDS} to {MOST_SECONDS:,}",
    "outputs": "a mapping of formats to files",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """The value of one setting as the command line would have it, and the line that it is written on."""

    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class FileSettings:
    """The settings of one file, by option."""

    file: str
    settings: Mapping[str, Setting]


@dataclass(frozen=True)
class Checker:
    """Turns what was read from `file` into settings. Relative paths are relative to the folder of the file. `top` bounds
    the paths of a file that was found; None for one that the user named."""

    file: Path
    shown: str
    top: Path | None

    def settings(self, values: Mapping[str, tuple[Any, int]]) -> FileSettings:
        """The settings for keys with their values and lines. Raises ConfigError for the first that is wrong."""
        known = {key.name: key for key in KEYS}
        found: dict[str, Setting] = {}
        for name, (value, line) in values.items():
            key = known.get(name)
            if key is None:
                raise self._fault("Unknown setting", line, f"There is no setting {name[:60]!r}.", _near(name, known))
            if key.trusted and self.top is not None:
                raise self._fault(
                    "Setting not taken from a file that was found",
                    line,
                    f"{name} counts only on the command line or in a file named with --config: a file that is found "
                    "comes with what is checked, and this setting reaches beyond that.",
                    f"use --{name}, or --config {self.shown}",
                )
            found[key.option] = Setting(self._value(key, value, line), line)
        return FileSettings(self.shown, found)

    def _value(self, key: Key, value: Any, line: int) -> Any:
        match key.kind:
            case "choice":
                return self._choice(key, value, key.choices, line)
            case "flag":
                if isinstance(value, bool):
                    return value
            case "terms":
                terms = [value] if isinstance(value, str) else value
                if isinstance(terms, list) and all(isinstance(term, str) and term for term in terms):
                    return tuple(terms)
            case "formats":
                from srmcheck.report import FORMATS

                names = [value] if isinstance(value, str) else value
                if isinstance(names, list):
                    return tuple(self._choice(key, name, tuple(FORMATS), line) for name in names)
            case "text":
                if isinstance(value, str) and value:
                    return value
            case "file" | "folder":
                if isinstance(value, str) and value:
                    return self._path(key, value, line)
            case "paths":
                names = [value] if isinstance(value, str) else value
                if isinstance(names, list) and all(isinstance(name, str) and name for name in names):
                    return tuple(self._path(key, name, line) for name in names)
            case "seconds":
                is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
                if is_number and FEWEST_SECONDS <= value <= MOST_SECONDS:
                    return float(value)
            case "outputs":
                return self._outputs(key, value, line)
        raise self._wrong(key, line)

    def _choice(self, key: Key, value: Any, choices: Sequence[str], line: int) -> str:
        if isinstance(value, str) and value in choices:
            return value
        hint = _near(value, choices) if isinstance(value, str) else ""
        raise self._fault(
            "Setting with a value that it cannot have", line, f"{key.name} is one of {', '.join(choices)}.", hint
        )

    def _outputs(self, key: Key, value: Any, line: int) -> tuple[tuple[str, Path], ...]:
        from srmcheck.report import FORMATS

        if not isinstance(value, dict):
            raise self._wrong(key, line)
        found: list[tuple[str, Path]] = []
        for name, file in value.items():
            self._choice(key, name, tuple(FORMATS), line)
            if not isinstance(file, str) or not file:
                raise self._wrong(key, line)
            path = self._path(key, file, line)
            if path.is_dir() or not path.parent.is_dir():
                detail = f"For {name}, {key.name} names a folder, or a file in a folder that is not there."
                raise self._fault("Setting with a path that cannot be", line, detail)
            found.append((name, path))
        return tuple(found)

    def _path(self, key: Key, value: str, line: int) -> Path:
        """A path of the file as seen from where srmcheck was started."""
        path = Path(os.path.normpath(self.file.parent / value))
        if self.top is not None and not path.resolve().is_relative_to(self.top):
            raise self._fault(
                "Setting leads outside",
                line,
                f"{key.name} lies outside of the git work tree or folder that the settings file is for.",
                f"use --{key.name}, or --config {self.shown}",
            )
        return path if Path(value).is_absolute() else Path(os.path.relpath(path))

    def _wrong(self, key: Key, line: int) -> ConfigError:
        return self._fault("Setting with a value that it cannot have", line, f"{key.name} is {_WORDS[key.kind]}.")

    def _fault(self, summary: str, line: int, detail: str, hint: str = "") -> ConfigError:
        return ConfigError(Diagnostic(summary, self.shown, line, detail=detail, hint=hint))


def _near(name: str, names: Sequence[str] | Mapping[str, Any]) -> str:
    import difflib

    close = difflib.get_close_matches(name.lower().replace("_", "-"), list(names), 1)
    return f"did you mean {close[0]}?" if close else f"there is {', '.join(names)}"
