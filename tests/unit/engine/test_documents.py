from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from srmcheck.engine.documents import MAX_BYTES, MAX_DEPTH, beyond_bounds


def depth(value: object) -> int:
    if isinstance(value, list):
        return 1 + max((depth(part) for part in value), default=0)
    if isinstance(value, dict):
        return 1 + max((depth(part) for part in value.values()), default=0)
    return 0


def nested(levels: int, kinds: str) -> bytes:
    opening = {"[": b"[", "{": b'{"a":'}
    closing = {"[": b"]", "{": b"}"}
    order = [kinds[index % len(kinds)] for index in range(levels)]
    return b"".join(opening[kind] for kind in order) + b"1" + b"".join(closing[kind] for kind in reversed(order))


@pytest.mark.parametrize("kinds", ["[", "{", "[{", "{[["])
def test_depth(kinds: str) -> None:
    assert beyond_bounds(nested(MAX_DEPTH, kinds), "x") is None
    said = beyond_bounds(nested(MAX_DEPTH + 1, kinds), "aws_x.y")
    assert said is not None and said.summary == "Resource is nested too deeply to evaluate"
    assert "aws_x.y" in said.detail


def test_ten_thousand_levels_are_refused_at_once() -> None:
    assert beyond_bounds(b"[" * 10_000 + b"]" * 10_000, "x") is not None


def test_brackets_in_texts_do_not_count() -> None:
    body = {"a": "[" * 1000, "[[[{": '\\"[' * 300, "b": ["{" * 200] * 150}
    assert beyond_bounds(orjson.dumps(body), "x") is None


def test_wide_is_not_deep() -> None:
    assert beyond_bounds(orjson.dumps([[{"a": []}] for _ in range(2000)]), "x") is None


def test_size() -> None:
    assert beyond_bounds(b'"' + b"a" * (MAX_BYTES - 2) + b'"', "x") is None
    said = beyond_bounds(b'"' + b"a" * MAX_BYTES + b'"', "aws_x.y")
    assert said is not None and said.summary == "Resource is too large to evaluate"


VALUES = st.recursive(
    st.none() | st.text(alphabet='[]{}"\\a'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='[]{}"\\'), inner, max_size=3),
    max_leaves=20,
)


@given(VALUES, st.integers(85, 105))
def test_agrees_with_a_plain_count(value: object, levels: int) -> None:
    for _ in range(levels):
        value = [value]
    document = orjson.dumps(value)
    assert (beyond_bounds(document, "x") is None) == (depth(value) <= MAX_DEPTH)
