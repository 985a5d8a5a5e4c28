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
from srmcheck.engine.documents import beyond_bounds

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
            refused = beyond_bounds(task.document, task.label) or self._set_input(task)
            if refused is not None:
                yield Decision({}, {package.name: refused for package in task.packages})
            else:
                yield self._decision(task)

    def close(self) -> None:
        self._engine = self._pristine = None

    def _check_usable(self) -> None:
        if self._pristine is None:
            raise EngineError(Diagnostic(summary="Policy engine was used after it was closed"))
        if threading.get_ident() != self._thread:
            raise EngineError(Diagnostic(summary="Policy engine was used in another thread than its own"))

    def _set_input(self, task: Task) -> Diagnostic | None:
        """Gives the interpreter the document of a task; what to say if it does not take it."""
        if self._engine is None:
            self._engine = self._pristine.clone()
        try:
            self._engine.set_input_json(task.document.decode())
        except Exception:
            return _unreadable(task.label)
        except BaseException as error:
            self._after_panic(error)
            return _unreadable(task.label)
        return None

    def _decision(self, task: Task) -> Decision:
        answers: dict[str, RuleValues] = {}
        failed: dict[str, Diagnostic] = {}
        for package in task.packages:
            if self._engine is None:  # a panic at the package before
                self._set_input(task)
            values: dict[str, Any] = {}
            rule = ""
            try:
                for rule in package.rules:
                    text = self._engine.eval_rule_as_json(f"data.{package.name}.{rule}")
                    if text == _EMPTY and rule != "not_applicable":
                        values[rule] = []
                    elif text != _UNDEFINED:
                        values[rule] = rule_value(rule, orjson.loads(text))
                answers[package.name] = values
            except MalformedAnswer as error:
                failed[package.name] = malformed_answer(error, package.name, task.label)
            except Exception as error:
                failed[package.name] = _raised(str(error), package, rule, task.label)
            except BaseException as error:
                self._after_panic(error)
                failed[package.name] = _raised("", package, rule, task.label)
        return Decision(answers, failed)

    def _after_panic(self, error: BaseException) -> None:
        """Lets go of an interpreter that a panic left in the middle of things; raises what is no panic."""
        self._engine = None
        if type(error).__name__ != "PanicException":
            raise error


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


def _unreadable(label: str) -> Diagnostic:
    return Diagnostic(
        summary="Resource cannot be evaluated",
        detail=f"The policy engine does not take the input document of {label}.",
        hint="Please report this as a bug, with the resource's type.",
    )


def _raised(text: str, package: Package, rule: str, label: str) -> Diagnostic:
    """What to say of a rule that raised. `text` is the interpreter's own and may quote values of the input: only the
    place and what matches a fixed phrase is passed on. Raises EngineError where the rule is not there."""
    if text.strip() == _NO_RULE:
        raise EngineError(
            Diagnostic(
                summary="Policy is missing from the engine",
                detail=f"The engine has no rule {rule} in package {package.name}.",
                hint="Install srmcheck anew; a policy of your own must define every rule that its index lists.",
            )
        ) from None
    file, row, column = _place(text)
    last = text.rsplit("\nerror: ", 1)[-1]
    fault = next((plain for phrase, plain in _PLAIN_FAULTS if phrase in last), "a value that it does not expect")
    return Diagnostic(
        summary="Policy raised an error",
        file=file,
        line=row,
        column=column,
        detail=f"The rule {rule} of package {package.name} stopped at {label}: {fault}.",
        hint="Guard the expression (is_string, is_array, resource.text ...), or report the policy as a bug.",
    )
