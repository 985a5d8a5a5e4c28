"""The default engine: regorus, Microsoft's Rego interpreter in Rust, in process (docs: engines).

Its wheel is `gordon-to-regorus`, its import name `regorus`. The name and the version are checked, because the equality
of the engines was measured for one version only.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from srmcheck.diagnostics import Diagnostic, EngineError, PolicyError
from srmcheck.engine.answers import MalformedAnswer, malformed_answer, rule_value
from srmcheck.engine.base import Decision, Package, RuleValues, Task
from srmcheck.engine.documents import check_document

VERSION = "0.13.0"
WHEEL = "gordon-to-regorus"

_UNDEFINED = '"<undefined>"'
_EMPTY = "[]"
_NO_RULE = "not a valid rule path"
_PLACE = re.compile(r"^--> (?P<file>.+):(?P<row>\d+):(?P<column>\d+)$", re.MULTILINE)
_PLAIN_FAULTS = (
    ("`some .. in collection` expects array/set/object", "`some ... in` got a value that is no collection"),
    ("divide by zero", "a division by zero"),
    ("modulo by zero", "a division by zero"),
    ("rule conflicts with rule", "two bodies of one rule gave different values"),
    ("functions must not produce multiple outputs", "two bodies of one function gave different values"),
    ("complete rules should not produce multiple outputs", "two bodies of one rule gave different values"),
    ("could not find function", "a function that does not exist"),
    (" is unsafe", "a variable that has no value"),
    (" argument. Got ", "a built-in got a value of the wrong type"),
)

_checked_module: Any = None


def regorus_module() -> Any:
    """The module `regorus`, after its name and version were checked once.

    Raises EngineError where the wheel is missing or is another one; never falls back to anything.
    """
    global _checked_module
    if _checked_module is None:
        _no_backtraces()
        _checked_module = _checked_import()
    return _checked_module


def _no_backtraces() -> None:
    """A stack trace in an error text would show values of the input: Rust decides at its first error, so before."""
    os.environ["RUST_BACKTRACE"] = "0"
    os.environ["RUST_LIB_BACKTRACE"] = "0"


def _checked_import() -> Any:
    try:
        import regorus
    except ImportError as error:
        raise _unusable("Embedded policy engine is missing", "it is not installed, or not for this system") from error
    if not _is_our_wheel(Path(regorus.__file__ or "")):
        raise _unusable("Embedded policy engine is another one", f"the module `regorus` is not from {WHEEL} {VERSION}")
    try:
        version = orjson.loads(regorus.Engine().eval_query_as_json("opa.runtime()"))["result"][0]["expressions"][0][
            "value"
        ]["regorus-version"]
    except (AttributeError, RuntimeError, ValueError, LookupError, TypeError) as error:
        raise _unusable("Embedded policy engine is another one", "it does not tell its version") from error
    if version != VERSION:
        raise _unusable("Embedded policy engine is another one", f"it is not version {VERSION}")
    return regorus


def _is_our_wheel(module: Path) -> bool:
    name = WHEEL.replace("-", "_")
    if (module.parent.parent / f"{name}-{VERSION}.dist-info").is_dir():
        return True
    from importlib import metadata  # slow to import: only where the wheel does not lie as wheels do

    try:
        return metadata.version(WHEEL) == VERSION
    except metadata.PackageNotFoundError:
        return False


def _unusable(summary: str, why: str) -> EngineError:
    return EngineError(
        Diagnostic(
            summary=summary,
            detail=f"The embedded engine is the wheel {WHEEL} {VERSION}; {why}. On Linux it needs glibc 2.34 or later "
            "(x86_64, aarch64); there is none for musl.",
            hint=f"Install it (pip install {WHEEL}=={VERSION}), or put an opa binary on PATH and run with --engine opa.",
        )
    )


class EmbeddedEngine:
    """Runs policies in process.

    `modules` maps a file name, relative to the policies directory, to its Rego text (with or without comments); `data`
    is the `data` document beside them. To be used in the thread that made it only: the interpreter refuses others.

    Raises EngineError where the wheel is missing, PolicyError where a module does not parse.
    """

    def __init__(self, modules: Mapping[str, str], data: Mapping[str, Any]) -> None:
        module = regorus_module()
        self._thread = threading.get_ident()
        engine = module.Engine()
        for name, text in modules.items():
            add_module(engine, name, text)
        try:
            engine.add_data_json(orjson.dumps(data).decode())
        except (RuntimeError, TypeError) as error:
            raise PolicyError(
                Diagnostic(
                    summary="Policy data cannot be used",
                    detail="The engine refuses the policy data: it must be one JSON object without conflicts.",
                )
            ) from error
        self._pristine: Any = engine
        self._engine: Any = None
        self._rules: dict[str, str] = {}

    @property
    def version(self) -> str:
        return f"regorus {VERSION}"

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Decision]:
        """One decision for each task, in order. See Engine for what is raised; the next call starts afresh."""
        for task in tasks:
            self._check_usable()
            check_document(task.document, task.label)
            yield Decision(self._ask(task))

    def close(self) -> None:
        self._engine = self._pristine = None

    def _check_usable(self) -> None:
        if self._pristine is None:
            raise EngineError(Diagnostic(summary="Policy engine was used after it was closed"))
        if threading.get_ident() != self._thread:
            raise EngineError(Diagnostic(summary="Policy engine was used in another thread than its own"))

    def _ask(self, task: Task) -> dict[str, RuleValues]:
        if self._engine is None:
            self._engine = self._pristine.clone()
        place: tuple[Package, str] | None = None
        try:
            engine = self._engine
            engine.set_input_json(task.document.decode())
            answers: dict[str, RuleValues] = {}
            for package in task.packages:
                values: dict[str, Any] = {}
                for rule in package.rules:
                    place = (package, rule)
                    text = engine.eval_rule_as_json(f"data.{package.name}.{rule}")
                    if text == _EMPTY and rule != "not_applicable":
                        values[rule] = []
                    elif text != _UNDEFINED:
                        values[rule] = rule_value(rule, orjson.loads(text))
                answers[package.name] = values
            return answers
        except MalformedAnswer as error:
            raise malformed_answer(error, place[0].name if place else "", task.label) from None
        except Exception as error:
            raise _raised(str(error), place, task) from None
        except BaseException as error:
            self._engine = None  # a panic leaves the interpreter in the middle of things
            if type(error).__name__ != "PanicException":
                raise
            raise _raised("", place, task) from None


def add_module(engine: Any, name: str, text: str) -> None:
    """Parses one module into an interpreter. Raises PolicyError, with the place, for a syntax error."""
    try:
        engine.add_policy(name, text)
    except BaseException as error:
        if not isinstance(error, RuntimeError) and type(error).__name__ != "PanicException":
            raise
        row, column = _place(str(error))[1:]
        raise PolicyError(
            Diagnostic(
                summary="Policy does not parse",
                file=name,
                line=row,
                column=column,
                detail="The Rego of this module has a syntax error here.",
                hint="Run `opa check` on the file: it says what was expected.",
            )
        ) from error


def _place(text: str) -> tuple[str | None, int | None, int | None]:
    """File, row and column that an error text of the interpreter names first."""
    match = _PLACE.search(text)
    return (match["file"], int(match["row"]), int(match["column"])) if match else (None, None, None)


def _raised(text: str, place: tuple[Package, str] | None, task: Task) -> EngineError:
    """The error of a rule that raised. `text` is the interpreter's own and may quote values of the input: only the
    place and what matches a fixed phrase is passed on."""
    if place is None:
        return EngineError(
            Diagnostic(
                summary="Resource cannot be evaluated",
                detail=f"The policy engine does not take the input document of {task.label}.",
                hint="Please report this as a bug, with the resource's type.",
            )
        )
    package, rule = place
    if text.strip() == _NO_RULE:
        return EngineError(
            Diagnostic(
                summary="Policy is missing from the engine",
                detail=f"The engine has no rule {rule} in package {package.name}.",
                hint="Install srmcheck anew; a policy of your own must define every rule that its index lists.",
            )
        )
    file, row, column = _place(text)
    last = text.rsplit("\nerror: ", 1)[-1]
    fault = next((plain for phrase, plain in _PLAIN_FAULTS if phrase in last), "a value that it does not expect")
    return EngineError(
        Diagnostic(
            summary="Policy raised an error",
            file=file,
            line=row,
            column=column,
            detail=f"The rule {rule} of package {package.name} stopped at {task.label}: {fault}.",
            hint="Guard the expression (is_string, is_array, resource.text ...), or report the policy as a bug.",
        )
    )
