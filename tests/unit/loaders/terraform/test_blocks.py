"""Which static block an instance of a block may come from."""

from __future__ import annotations

import pytest

from srmcheck.loaders.terraform.blocks import alike, match
from tests.unit.loaders.terraform.plans import Json, const, refs


def static(**values: object) -> Json:
    return {key: value if isinstance(value, (dict, list)) else const(value) for key, value in values.items()}


def test_one_and_one_belong_together_whatever_they_say() -> None:
    block = static(a="x")
    assert match([{"a": "y"}], [False], [block]) == [((block,), False)]


def test_constants_tell_blocks_apart_in_any_order() -> None:
    one, two = static(port=22, name="a"), static(port="443", name="a")
    assert match([{"port": 443, "name": "a"}, {"port": 22, "name": "a"}], [False] * 2, [one, two]) == [
        ((two,), False),
        ((one,), False),
    ]


def test_what_is_unknown_is_no_constant() -> None:
    one, two = static(key="k"), static(key=refs("local.k"))
    assert match([{}, {"key": "k"}], [{"key": True}, {}], [one, two])[0] == ((two,), False)


def test_a_nested_block_that_is_not_there_tells_too() -> None:
    one, two = static(principals=[{}]), static(name=refs("local.n"))
    assert match([{"principals": []}, {"principals": [{}]}], [{}, {}], [one, two]) == [((two,), False), ((one,), False)]


def test_what_can_come_from_one_only_leaves_the_others_to_the_rest() -> None:
    one, two = static(a="x"), static(a=refs("local.a"))
    assert match([{"a": "x"}, {"a": "y"}], [{}, {}], [one, two]) == [((one,), False), ((two,), False)]


def test_with_more_instances_than_static_blocks_some_are_dynamic() -> None:
    one = static(a="x")
    assert match([{"a": "y"}, {"a": "x"}], [{}, {}], [one]) == [((), True), ((one,), False)]
    assert match([{"a": "x"}, {"a": "x"}], [{}, {}], [one]) == [((one,), True), ((one,), True)]
    assert match([{"a": "x"}], [{}], []) == [((), True)]


def test_too_many_to_compare_are_left_open() -> None:
    blocks = [static(a=refs("local.a")) for _ in range(100)]
    assert match([{"a": "x"}] * 100, [{}] * 100, blocks) == [((), True)] * 100
    named = [static(a=str(number)) for number in range(1000)]
    found = match([{"a": str(number)} for number in reversed(range(1000))], [{}] * 1000, named)
    assert found[0] == ((named[999],), False)


@pytest.mark.parametrize(
    ("value", "constant", "verdict"),
    [
        (443, "443", True),
        (True, "true", True),
        ("1", 1.0, True),
        ("a", "b", False),
        (["b", "a"], ["a", "b"], True),
        (["a"], ["a", "b"], False),
        (["a"], "a", False),
        ([{"x": 1}], [{"y": 1}], True),
        ({"x": 1}, {"y": 1}, True),
    ],
)
def test_values_as_terraform_converts_them(value: object, constant: object, verdict: bool) -> None:
    assert alike(value, constant) is verdict
