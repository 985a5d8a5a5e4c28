"""States, as `terraform show -json` prints them and as the raw file."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.diagnostics import InputError
from srmcheck.loaders.terraform.state import load_state, looks_like_state
from srmcheck.template import Scope, Template
from srmcheck.values import Unknown, walk
from tests.unit.loaders.terraform.plans import AWS, Json, at, document, plain, resource


def raw(*resources: Json, **more: Any) -> Json:
    return {"version": 4, "serial": 1, "lineage": "x", "resources": list(resources), **more}


def entry(address: str, *instances: Json, provider: str = f'provider["{AWS}"]', **more: Any) -> Json:
    type_, name = address.split(".")
    return {"mode": "managed", "type": type_, "name": name, "provider": provider, "instances": list(instances), **more}


def shown(*resources: Json, **more: Any) -> Json:
    return {"format_version": "1.0", "values": {"root_module": {"resources": list(resources), **more}}}


def load(found: object) -> Template:
    return load_state(found, "state.json", sha256="abc")  # type: ignore[arg-type]


@pytest.mark.parametrize("case", ["changes", "odd_keys"])
def test_both_forms_of_a_state_say_the_same(case: str) -> None:
    one = load(document(case, "state.json"))
    other = load(document(case, "terraform.tfstate"))
    assert [item.address for item in one.resources] == [item.address for item in other.resources]
    for item in one.resources:
        assert plain(item.body) == plain(resource(other, item.address).body)
        assert item.scope == resource(other, item.address).scope
    assert (one.language, one.format, one.files) == ("terraform", "state", {"state.json": "abc"})


def test_addresses_are_those_that_terraform_prints() -> None:
    addresses = {item.address for item in load(document("odd_keys", "terraform.tfstate")).resources}
    assert 'terraform_data.odd["$${x}"]' in addresses
    assert 'terraform_data.odd["tab\\tnew\\nline"]' in addresses
    assert 'module.m["$${z}"].terraform_data.in[0]' in addresses


def test_computed_values_count_and_all_is_known() -> None:
    template = load(document("changes", "state.json"))
    assert plain(at(template, "aws_security_group.web", "arn")).startswith("arn:aws:ec2:eu-west-1:")
    assert plain(at(template, "aws_s3_bucket_versioning.renamed", "bucket")) == "srmcheck-renamed-one"
    assert not any(isinstance(node.value, Unknown) for item in template.resources for node in walk(item.body))
    assert resource(template, "aws_security_group.web").stale == frozenset()
    assert (template.account, template.region) == ("123456789012", "eu-west-1")


def test_data_sources_are_told_apart() -> None:
    template = load(document("changes", "state.json"))
    assert resource(template, "data.aws_region.current").mode == "data"


def test_secrets_by_paths() -> None:
    attribute = {"type": "get_attr", "value": "token"}
    inner = [
        {"type": "get_attr", "value": "user"},
        {"type": "index", "value": {"value": 1, "type": "number"}},
        {"type": "get_attr", "value": "password"},
    ]
    attributes = {"token": "t", "user": [{"name": "a", "password": "p"}, {"name": "b", "password": "q"}], "n": 1}
    instance = {"attributes": attributes, "sensitive_attributes": [[attribute], inner]}
    template = load(raw(entry("aws_mq_broker.a", instance)))
    marked = {node.place.path for node in walk(template.resources[0].body) if node.secret and node.place}
    assert marked == {("token",), ("user", 1, "password")}


@pytest.mark.parametrize("paths", ["x", [[]], [[7]], [[{"type": "odd"}]]])
def test_paths_that_cannot_be_read_mark_everything(paths: object) -> None:
    template = load(raw(entry("aws_x.a", {"attributes": {"n": "v"}, "sensitive_attributes": paths})))
    assert template.resources[0].body.secret


def test_secrets_in_the_shown_form() -> None:
    found = {"address": "aws_x.a", "mode": "managed", "type": "aws_x", "name": "a", "values": {"p": "q", "n": 1}}
    template = load(shown({**found, "sensitive_values": {"p": True}}))
    assert [node.value for node in walk(template.resources[0].body) if node.secret] == ["q"]


def test_deposed_objects_are_left_out_and_tainted_ones_are_not() -> None:
    live = {"index_key": "k", "attributes": {"n": 1}, "status": "tainted"}
    old = {"index_key": "k", "attributes": {"n": 0}, "deposed": "00000001"}
    template = load(raw(entry("aws_x.a", old, live)))
    assert [(item.address, plain(item.body)) for item in template.resources] == [('aws_x.a["k"]', {"n": 1})]
    found = {"address": "aws_x.a", "mode": "managed", "type": "aws_x", "name": "a", "values": {}}
    template = load(shown({**found, "deposed_key": "00000001"}, {**found, "values": {"n": 1}, "tainted": True}))
    assert [plain(item.body) for item in template.resources] == [{"n": 1}]


def test_providers_of_a_raw_state() -> None:
    def key(region: str) -> Json:
        return {"attributes": {"arn": f"arn:aws:kms:{region}:111122223333:key/1"}}

    template = load(
        raw(
            entry("aws_kms_key.a", key("eu-west-1")),
            entry("aws_kms_key.b", key("us-east-1"), provider=f'provider["{AWS}"].far'),
            entry("aws_kms_key.c", key("us-east-1"), provider=f'module.m.provider["{AWS}"].far'),
            entry("aws_kms_key.d", key("us-east-1"), provider="provider.aws.old"),
            entry("aws_kms_key.e", key("us-east-1"), provider='provider["registry.terraform.io/acme/aws"]'),
        )
    )
    assert [item.scope.provider for item in template.resources] == ["aws", "aws.far", "aws.far", "aws.old", "aws"]
    assert [item.scope.region for item in template.resources][:2] == ["eu-west-1", "us-east-1"]
    assert template.resources[4].type == "aws_kms_key (acme/aws)"
    assert (template.account, template.region) == ("111122223333", None)


def test_without_provider_configurations_only_one_region_is_taken_for_one() -> None:
    def key(name: str, region: str) -> Json:
        return {
            "mode": "managed",
            "type": "aws_kms_key",
            "name": name,
            "provider_name": AWS,
            "values": {"arn": f"arn:aws:kms:{region}:111122223333:key/1"},
        }

    plainly = {"mode": "managed", "type": "aws_route", "name": "r", "provider_name": AWS, "values": {}}
    one = load(shown(key("a", "eu-west-1"), plainly))
    assert [item.scope for item in one.resources] == [
        Scope("aws", "111122223333", "eu-west-1"),
        Scope("aws", "111122223333"),
    ]
    two = load(shown(key("a", "eu-west-1"), key("b", "us-east-1"), plainly))
    assert len({item.scope.provider for item in two.resources}) == 3


@pytest.mark.parametrize("found", [{"format_version": "1.0"}, {"format_version": "1.0", "terraform_version": "1.11.4"}])
def test_a_state_of_nothing(found: Json) -> None:
    assert looks_like_state(found)
    assert load(found).resources == ()


@pytest.mark.parametrize(
    ("found", "summary"),
    [
        ([], "Not a state"),
        ({"format_version": "2.0", "values": {}}, "Unsupported state format"),
        ({"version": 3, "serial": 1, "modules": []}, "Unsupported state format"),
        ({"version": True, "serial": 1}, "Unsupported state format"),
        ({"serial": 1, "lineage": "x", "encrypted_data": "x", "encryption_version": "v0"}, "Encrypted state"),
    ],
)
def test_states_that_are_not_read(found: object, summary: str) -> None:
    with pytest.raises(InputError) as caught:
        load(found)
    assert caught.value.diagnostic.summary == summary


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (raw(), True),
        ({"version": 3, "serial": 1, "modules": []}, True),
        ({"serial": 1, "encrypted_data": "x", "encryption_version": "v0"}, True),
        ({"format_version": "1.2", "planned_values": {}}, False),
        ({"version": "3.8", "services": {}}, False),
        ({"version": 2, "name": "package"}, False),
        ("x", False),
    ],
)
def test_what_looks_like_a_state(found: object, verdict: bool) -> None:
    assert looks_like_state(found) is verdict


def test_entries_that_cannot_be_read_are_named() -> None:
    template = load(
        raw(
            7,  # type: ignore[arg-type]
            {"type": "aws_x"},
            entry("aws_x.a", 7),  # type: ignore[arg-type]
            entry("aws_x.b", {"index_key": [1], "attributes": {}}),
            entry("aws_x.c", {"attributes": "x"}),
            entry("aws_x.d", {"attributes": {"n": 1}}, {"attributes": {"n": 2}}),
            entry("aws_x.e", {"attributes": {}}, mode="ephemeral"),
        )
    )
    assert [item.address for item in template.resources] == ["aws_x.d"]
    assert len(template.diagnostics) == 6
    assert template.unread == {"ephemeral resource": 1}
    template = load(shown(7, {"type": 7}, {**entry("aws_x.a"), "values": 7}, child_modules=[7]))  # type: ignore[arg-type]
    assert len(template.diagnostics) == 4
