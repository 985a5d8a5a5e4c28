from __future__ import annotations

import pytest

from srmcheck.engine.lint import check_module, check_modules
from srmcheck.engine.lint.faults import FAULTS
from tests.unit.engine.lint.examples import DATA, HEADERS, HELPERS, REFUSED, TAKEN

BAD = [(name, example.also, example.module) for name, examples in REFUSED.items() for example in examples]
BAD += [(name, None, module) for name, modules in HEADERS.items() for module in modules]
GOOD = [(name, f"{HELPERS}\n{text}\n") for name, texts in TAKEN.items() for text in texts]


def test_every_rule_has_examples() -> None:
    assert set(REFUSED) | set(HEADERS) == set(FAULTS)
    assert set(TAKEN) == set(FAULTS)


def test_helpers_are_taken() -> None:
    assert check_module(HELPERS, "scratch.rego") == []


@pytest.mark.parametrize(("name", "also", "module"), BAD)
def test_refuses(name: str, also: str | None, module: str) -> None:
    """The rule's own summary, with the place, and no complaint that is not expected."""
    found = check_module(module, "scratch.rego", data=DATA)
    assert {(fault.summary, fault.hint) for fault in found} == {FAULTS[one] for one in (name, also) if one is not None}
    first = HELPERS.count("\n") + 2 if module.startswith(HELPERS) else 1
    for fault in found:
        assert fault.file == "scratch.rego"
        assert fault.line is not None and first <= fault.line <= module.count("\n") + 1


@pytest.mark.parametrize(("name", "module"), GOOD)
def test_takes(name: str, module: str) -> None:
    assert check_module(module, "scratch.rego", data=DATA) == []


def test_place_of_a_fault() -> None:
    (found,) = check_module('package p\n\nr if {\n\t"é" == "é"; not input.x < 5\n}\n', "p/x.rego")
    assert (found.file, found.line, found.column) == ("p/x.rego", 4, 18)
    assert "`input.x`" in found.detail


def test_syntax_error_has_its_place() -> None:
    (found,) = check_module("package p\n\nr := [1,\n", "x.rego")
    assert (found.summary, found.file) == ("Policy does not parse", "x.rego")
    assert found.line is not None and found.line >= 3


def test_template_strings_do_not_parse() -> None:
    """OPA's template strings are unknown to the other engine."""
    (found,) = check_module('package p\n\nr := $"a {input.x}"\n', "x.rego")
    assert found.summary == "Policy does not parse"


def test_library_is_taken_as_checked() -> None:
    library = {
        "lib/helpers.rego": "package lib.helpers\n\nkept(x) := object.get({}, x, null)\n\nbad if not input.x < 1\n"
    }
    text = "package p\n\nimport data.lib.helpers\n\nr if not helpers.kept(1) == 1\n\ns if not helpers.maybe(1)\n"
    (found,) = check_module(text, "p.rego", library)
    assert (found.summary, found.line) == ("Function that does not exist", 7)


def test_recursion_through_another_module() -> None:
    modules = {
        "a.rego": "package a\n\nimport data.b\n\nr if b.s\n",
        "b.rego": "package b\n\nimport data.a\n\ns if a.r\n",
    }
    found = check_modules(modules, {})
    assert [(fault.file, fault.line, fault.summary) for fault in found] == [
        ("a.rego", 5, "Recursion"),
        ("b.rego", 5, "Recursion"),
    ]
    assert "a.r -> b.s -> a.r" in found[0].detail


def test_relations_that_are_always_there() -> None:
    text = 'package p\n\nr if not "a" in input.related.logs\n'
    assert [fault.summary for fault in check_modules({"p.rego": text}, {})] == [FAULTS["negation"][0]]
    assert check_modules({"p.rego": text}, {}, {"p.rego": {"logs"}}) == []


def test_order_is_by_place() -> None:
    text = "package p\n\nr if {\n\tnot input.y < 1\n\tnot input.x < 1\n}\n\ns := 1.5\n"
    assert [fault.line for fault in check_module(text, "x.rego")] == [4, 5, 8]
