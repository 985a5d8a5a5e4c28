"""The Rego tests beside policies (`owner_tag_test.rego`): under the embedded engine, and under OPA where there is one.

A failing Rego test is undefined, hence absent from any result: the names come from the text.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from srmcheck.diagnostics import Diagnostic, InputError, PolicyError
from srmcheck.engine.embedded import add_module, regorus_module
from srmcheck.engine.lint.program import Program
from srmcheck.engine.lint.recursion import recursive_rules
from srmcheck.engine.lint.text import unfit_text
from srmcheck.engine.lint.tree import parse

OPA_SECONDS = 300
DOCUMENTS = "lib/documents_test.rego"
"""The name of the library of input documents, which tests may import as data.srmcheck.lib.documents."""

_TEST = re.compile(r"(?m)^(test_\w+)")
_PACKAGE = re.compile(r"(?m)^package[ \t]+([\w.]+)")


@dataclass(frozen=True)
class RegoFile:
    """A file of Rego tests: where it lies, its package, its text and the names and lines of its tests."""

    shown: str
    package: str
    text: str
    names: Mapping[str, int]


def documents_module() -> str:
    """The text of the library of input documents for tests: beside this file in a wheel, with the policies in a checkout."""
    from srmcheck.policy.locate import policies_dir

    shipped = Path(__file__).with_name("documents.rego")
    return (shipped if shipped.is_file() else policies_dir() / DOCUMENTS).read_text(encoding="utf-8")


def read_tests(file: Path) -> RegoFile:
    """A file of tests. Raises InputError for one without a package or tests."""
    shown = file.as_posix()
    try:
        text = file.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        raise InputError(Diagnostic("Rego tests cannot be read", shown)) from None
    package = _PACKAGE.search(text)
    names = {match[1]: text.count("\n", 0, match.start()) + 1 for match in reversed(list(_TEST.finditer(text)))}
    if package is None or not names:
        detail = "A file of tests has a package and rules named test_..."
        raise InputError(Diagnostic("No tests in the file", shown, 1, detail=detail))
    return RegoFile(shown, package[1], text, dict(reversed(names.items())))


def run_embedded(files: Sequence[RegoFile], modules: Mapping[str, str], data: Mapping[str, Any]) -> list[Diagnostic]:
    """The tests that fail under the embedded engine. Raises PolicyError for a file that cannot be run."""
    texts = {file.shown: file.text for file in files}
    _check(texts, modules)
    engine = regorus_module().Engine()
    for name, text in {**modules, **texts}.items():
        add_module(engine, name, text)
    engine.add_data_json(orjson.dumps(data).decode())
    engine.set_input_json("{}")
    failed: list[Diagnostic] = []
    for file in files:
        for name, line in file.names.items():
            if not _holds(engine, f"data.{file.package}.{name}"):
                failed.append(
                    Diagnostic("Rego test fails", file.shown, line, detail=f"{name} fails under the embedded engine.")
                )
    return failed


def _check(texts: Mapping[str, str], modules: Mapping[str, str]) -> None:
    """What would end this process or never end, before it is run."""
    for file, text in texts.items():
        unfit = unfit_text(text, file)
        if unfit is not None:
            raise PolicyError(unfit)
    program = Program([parse(text, file) for file, text in {**modules, **texts}.items()], {}, {})
    found = [said for said in recursive_rules(program) if said.file in texts]
    if found:
        raise PolicyError(found[0], tuple(found[1:]))


def _holds(engine: Any, path: str) -> bool:
    try:
        return bool(engine.eval_rule_as_json(path) == "true")
    except Exception:
        return False
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return False


def run_opa(
    opa: str, files: Sequence[RegoFile], modules: Mapping[str, str], data: Mapping[str, Any]
) -> list[Diagnostic]:
    """The tests that fail under `opa test`, or what it refuses."""
    with tempfile.TemporaryDirectory(prefix="srmcheck-test-") as scratch:
        names: dict[str, RegoFile] = {}
        for number, text in enumerate(modules.values()):
            Path(scratch, f"module_{number}.rego").write_text(text, encoding="utf-8")
        for number, file in enumerate(files):
            names[f"tests_{number}_test.rego"] = file
            Path(scratch, f"tests_{number}_test.rego").write_text(file.text, encoding="utf-8")
        Path(scratch, "data.json").write_bytes(orjson.dumps(data))
        try:
            done = subprocess.run(
                [opa, "test", "--format=json", "."],
                cwd=scratch,
                capture_output=True,
                text=True,
                check=False,
                timeout=OPA_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired):
            return [Diagnostic("OPA did not run the tests", detail=f"opa test did not end well in {OPA_SECONDS} s.")]
    results = _results(done.stdout)
    if results is None:
        said = done.stderr.strip().splitlines() or ["opa test gave no results"]
        for name, file in names.items():
            said = [line.replace(name, file.shown) for line in said]
        return [Diagnostic("OPA refuses the tests", detail=" ".join(said[:5]))]
    passed = {(one["package"], one["name"]) for one in results if not one.get("fail") and not one.get("error")}
    return [
        Diagnostic("Rego test fails", file.shown, line, detail=f"{name} fails under opa.")
        for file in files
        for name, line in file.names.items()
        if (f"data.{file.package}", name) not in passed
    ]


def _results(output: str) -> list[dict[str, Any]] | None:
    try:
        found = json.loads(output)
    except ValueError:
        return None
    return found if isinstance(found, list) else None
