"""What the lint refuses for the engines' sake, the engines do read differently: otherwise the rule could go."""

from __future__ import annotations

import subprocess
import sys

import orjson
import pytest

from srmcheck.engine.embedded import regorus_module
from srmcheck.engine.lint.faults import FAULTS
from tests.differential.both import Both
from tests.opa import RAISED, ScratchOpa
from tests.unit.engine.lint.examples import HEADERS, REFUSED, Example

CASES = [(name, example) for name, examples in REFUSED.items() for example in examples if example.differs is not None]

NOT_ABOUT_ENGINES = {
    "argument-pattern": "kept plain, so that whether a call has a value can be told",
    "data-reference": "a misspelt name is undefined in both",
    "default-value": "kept plain",
    "import": "kept plain",
    "mock": "a policy sees one document",
    "package": "the dispatcher's name",
    "recursion": "shown below, in a process of its own",
    "unification": "kept plain: `=` binds and compares, in whatever order an engine chooses",
    "verdict-rule": "the contract",
    "line": "shown below",
    "nesting": "shown below",
}
"""Rules of the lint without such an example, and why they stand."""


def test_every_rule_is_shown_or_has_a_reason() -> None:
    assert {name for name, _ in CASES} | set(NOT_ABOUT_ENGINES) == set(FAULTS)
    assert not {name for name, _ in CASES} & set(NOT_ABOUT_ENGINES)


@pytest.mark.parametrize(("name", "example"), CASES)
def test_differs(name: str, example: Example, scratch_opa: ScratchOpa) -> None:
    """The answers differ, or one engine refuses the module and the other does not."""
    complaints = scratch_opa.load(example.module)
    if complaints:
        engine = regorus_module().Engine()
        engine.add_policy("scratch.rego", example.module)  # the embedded engine takes it
        return
    embedded, opa = Both(scratch_opa, example.module).ask("scratch.r", example.differs)
    assert embedded != opa


def test_recursion_ends_the_embedded_process(scratch_opa: ScratchOpa) -> None:
    for example in REFUSED["recursion"]:
        assert any("recursive" in complaint for complaint in scratch_opa.load(example.module))
    text = REFUSED["recursion"][1].module
    script = (
        "import sys; from srmcheck.engine.embedded import regorus_module\n"
        "engine = regorus_module().Engine(); engine.add_policy('x.rego', sys.argv[1])\n"
        "engine.set_input_json('{}')\n"
        "try:\n    engine.eval_rule_as_json('data.scratch.r')\n"
        "except Exception as error:\n    sys.exit(3)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, text], capture_output=True, timeout=120, check=False)
    assert ended.returncode not in (0, 3)


def test_long_lines_and_deep_brackets(scratch_opa: ScratchOpa) -> None:
    """OPA takes both."""
    (line,) = HEADERS["line"]
    assert scratch_opa.load(line) == []
    with pytest.raises(RuntimeError):
        regorus_module().Engine().add_policy("x.rego", line)
    assert scratch_opa.load(HEADERS["nesting"][0]) == []


def test_raising_is_told_from_silence(scratch_opa: ScratchOpa) -> None:
    """What the harness calls raised is an error in both engines, not a missing value."""
    both = Both(scratch_opa, "package scratch\n\nr := lower(input.x)\n")
    assert both.ask("scratch.r", {"x": 1}) == (RAISED, RAISED)
    assert orjson.loads(orjson.dumps(both.ask("scratch.r", {"x": "A"}))) == ["a", "a"]
