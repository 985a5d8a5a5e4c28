"""Plans that cannot be checked, and what is said of them."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.diagnostics import InputError
from srmcheck.loaders.terraform.plan import load_plan, looks_like_plan
from tests.unit.loaders.terraform.plans import change, config, load, plan, refs


def refused(document: Any) -> str:
    with pytest.raises(InputError) as caught:
        load_plan(document, "plan.json")
    assert caught.value.diagnostic.file == "plan.json"
    assert caught.value.diagnostic.detail
    return caught.value.diagnostic.summary


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.2", "1.99"])
def test_versions_that_are_read(version: str) -> None:
    assert load({**plan([]), "format_version": version}).resources == ()


@pytest.mark.parametrize("version", ["2.0", "10.1", "", "x", None, 1, "1", "99999999999999999999.1"])
def test_versions_that_are_not_read(version: object) -> None:
    assert refused({**plan([]), "format_version": version}) == "Unsupported plan format"


def test_a_plan_that_failed() -> None:
    assert refused({**plan([]), "errored": True}) == "Plan failed"


@pytest.mark.parametrize("document", [None, [], "x", 7])
def test_no_object(document: object) -> None:
    assert refused(document) == "Not a plan"


def test_a_cut_plan() -> None:
    assert refused({"format_version": "1.2", "configuration": {}}) == "Incomplete plan file"
    assert refused({"format_version": "1.2", "resource_changes": {}, "planned_values": []}) == "Incomplete plan file"


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def test_values_nested_too_deeply() -> None:
    expressions = {"deep": refs("local.l")}
    assert refused(plan([change("aws_x.a", {"deep": nested(900)})], [config("aws_x.a", expressions)])) == (
        "Values nested too deeply"
    )
    assert load(plan([change("aws_x.a", {"deep": nested(100)})], [config("aws_x.a", expressions)])).diagnostics == ()


def test_entries_that_cannot_be_read_are_named_and_the_rest_is_loaded() -> None:
    broken: list[Any] = [
        7,
        {"address": "aws_x.b"},
        {**change("aws_x.c"), "type": 7},
        {**change("aws_x.d"), "index": [1]},
        {**change("aws_x.e"), "module_address": "module"},
        change("aws_x.f", actions=["dance"]),
        change("aws_x.a", {"n": 2}),
    ]
    broken[2]["change"]["after"] = {}
    template = load(plan([change("aws_x.a", {"n": 1}), *broken], [config("aws_x.a")]))
    assert [item.address for item in template.resources] == ["aws_x.a"]
    assert [item.summary for item in template.diagnostics] == ["Malformed plan entry"] * 7
    assert all(item.level == "error" for item in template.diagnostics)
    assert "resource_changes[1]" in template.diagnostics[0].detail


@pytest.mark.parametrize("more", [{}, {"type": "aws_y"}, {"name": "b"}])
def test_an_address_is_taken_once(more: dict[str, str]) -> None:
    template = load(plan([change("aws_x.a", {}), {**change("aws_x.a", {}), **more}]))
    assert [item.address for item in template.resources] == ["aws_x.a"]
    assert [one.detail for one in template.diagnostics] == [
        "resource_changes[1] has the address of another entry, so it was not checked."
    ]


def test_not_every_one_of_very_many_faults_is_named() -> None:
    template = load(plan([7] * 1000))  # type: ignore[list-item]
    assert len(template.diagnostics) == 11


@pytest.mark.parametrize("key", ["configuration", "variables", "prior_state", "planned_values", "resource_changes"])
def test_parts_of_the_wrong_kind(key: str) -> None:
    document = plan([change("aws_x.a")], [config("aws_x.a")], planned_values={}, variables={})
    template = load({**document, key: 7})
    assert any(key in item.detail for item in template.diagnostics)


@pytest.mark.parametrize(
    ("document", "verdict"),
    [
        ({"format_version": "1.2", "planned_values": {}}, True),
        ({"format_version": "9.0", "resource_changes": []}, True),
        ({"format_version": "1.0", "values": {}}, False),
        ({"format_version": "1.0", "provider_schemas": {}}, False),
        ({"planned_values": {}}, False),
        ([], False),
    ],
)
def test_what_looks_like_a_plan(document: object, verdict: bool) -> None:
    assert looks_like_plan(document) is verdict
