"""Whatever is done to the structure of a plan or state, it loads, or it is refused with an InputError."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from srmcheck.diagnostics import InputError
from srmcheck.loaders.terraform.outline import outline
from srmcheck.loaders.terraform.plan import load_plan
from srmcheck.loaders.terraform.state import load_state
from srmcheck.template import Template
from srmcheck.values import Unknown, walk
from tests.unit.loaders.terraform.plans import document

PLANS = [("changes", "plan.json"), ("modules", "plan.json"), ("secrets", "plan.json"), ("dynamic", "plan.json")]
STATES = [("changes", "state.json"), ("changes", "terraform.tfstate"), ("odd_keys", "terraform.tfstate")]

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "x", "aws_x.y", "[", "var.a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["references", "constant_value", "resources", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a JSON value."""
    found: list[tuple[Any, Any]] = []
    stack = [value]
    while stack:
        item = stack.pop()
        keys: Any = item if isinstance(item, dict) else range(len(item)) if isinstance(item, list) else ()
        for key in keys:
            found.append((item, key))
            stack.append(item[key])
    return found


@st.composite
def mutated(draw: st.DrawFn, cases: list[tuple[str, str]]) -> Any:
    """A real file with a few values taken away, replaced, doubled or exchanged."""
    found = copy.deepcopy(document(*draw(st.sampled_from(cases))))
    for _ in range(draw(st.integers(1, 6))):
        places = _places(found)
        if not places:
            break
        container, key = places[draw(st.integers(0, len(places) - 1))]
        match draw(st.sampled_from(["drop", "junk", "swap", "double", "wrap"])):
            case "drop":
                del container[key]
            case "junk":
                container[key] = draw(junk)
            case "swap":
                other, other_key = places[draw(st.integers(0, len(places) - 1))]
                container[key] = copy.deepcopy(other[other_key]) if other_key in _keys(other) else None
            case "double" if isinstance(container, list):
                container.append(copy.deepcopy(container[key]))
            case _:
                container[key] = [container[key]]
    return found


def _keys(container: Any) -> Any:
    return container if isinstance(container, dict) else range(len(container))


def _whole(template: Template) -> None:
    """The tree is built as it should be: addresses once, and every unknown says why."""
    addresses = [item.address for item in template.resources]
    assert len(addresses) == len(set(addresses))
    for resource in (*template.resources, *template.before):
        assert isinstance(resource.body.value, dict)
        for node in walk(resource.body):
            assert node.place is not None
            if isinstance(node.value, Unknown):
                assert node.value.reason


@settings(max_examples=300, deadline=None)
@given(mutated(PLANS))
def test_a_mutated_plan_loads_or_is_refused(found: Any) -> None:
    try:
        template = load_plan(found, "plan.json")
    except InputError:
        return
    _whole(template)


@settings(max_examples=200, deadline=None)
@given(mutated(STATES))
def test_a_mutated_state_loads_or_is_refused(found: Any) -> None:
    try:
        template = load_state(found, "state.json")
    except InputError:
        return
    _whole(template)


@settings(max_examples=200, deadline=None)
@given(junk)
def test_junk_is_refused(found: Any) -> None:
    for load in (load_plan, load_state):
        with pytest.raises(InputError):
            load(found, "x")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='a1 \n"{}[]()$%<>=#/*-\\EOT', max_size=200))
def test_an_outline_is_a_tree_of_spans(text: str) -> None:
    stack = [outline(text)]
    while stack:
        block = stack.pop()
        assert 0 <= block.start <= block.header <= block.end <= len(text)
        for attribute in block.attributes.values():
            assert block.start <= attribute.start < attribute.value <= attribute.end <= len(text)
            assert text.startswith(attribute.name, attribute.start)
        for inner in block.blocks:
            assert block.header <= inner.start
            stack.append(inner)
