"""Addresses are read by their steps; keys may hold anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from srmcheck.loaders.terraform.addresses import (
    Address,
    Key,
    format_address,
    format_key,
    parse_address,
    parse_modules,
    parse_traversal,
    quote,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("aws_kms_key.this", Address((), "managed", "aws_kms_key", "this", None)),
        ("aws_kms_key.this[0]", Address((), "managed", "aws_kms_key", "this", 0)),
        ('aws_kms_key.this["a.b[0]"]', Address((), "managed", "aws_kms_key", "this", "a.b[0]")),
        (r'aws_x.y["ap].x[\"0\""]', Address((), "managed", "aws_x", "y", 'ap].x["0"')),
        ('aws_x.y["$${a}"]', Address((), "managed", "aws_x", "y", "${a}")),
        ("data.aws_vpc.main", Address((), "data", "aws_vpc", "main", None)),
        ("module.data.aws_vpc.main", Address((("data", None),), "managed", "aws_vpc", "main", None)),
        ("module.data.data.aws_vpc.main", Address((("data", None),), "data", "aws_vpc", "main", None)),
        (
            'module.a["x/y.z"].module.b[1].aws_vpc.main["k"]',
            Address((("a", "x/y.z"), ("b", 1)), "managed", "aws_vpc", "main", "k"),
        ),
    ],
)
def test_an_address_is_read_by_its_steps(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", "aws_x", "module.a", 'aws_x.y["a"', "aws_x..y", ".aws_x.y", "aws_x.y.z.w", "aws_x.y[a]"]
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse_address(text) is None


def test_a_traversal_keeps_keys_apart_from_names() -> None:
    assert parse_traversal('module.a["b"].out.x[0].y') == ("module", "a", Key("b"), "out", "x", Key(0), "y")
    assert parse_traversal("aws_x.y.0.id") == ("aws_x", "y", Key(0), "id")


def test_module_addresses() -> None:
    assert parse_modules("") == ()
    assert parse_modules('module.a["module.b"]') == (("a", "module.b"),)
    assert parse_modules("module.a.aws_x.y") is None


@pytest.mark.parametrize(
    ("key", "printed"),
    [
        (None, ""),
        (3, "[3]"),
        ("a", '["a"]'),
        ('q"q', '["q\\"q"]'),
        ("back\\slash", '["back\\\\slash"]'),
        ("tab\tnew\nline", '["tab\\tnew\\nline"]'),
        ("${x}", '["$${x}"]'),
        ("%{y}", '["%%{y}"]'),
        ("$x", '["$x"]'),
        ("\u00e9", '["\u00e9"]'),
        ("\u200b", '["\\u200b"]'),
        ("\U000e0001", '["\\U000e0001"]'),
    ],
)
def test_keys_are_printed_as_terraform_prints_them(key: int | str | None, printed: str) -> None:
    assert format_key(key) == printed


@given(st.text())
def test_what_is_printed_is_read_back(key: str) -> None:
    address = format_address("module.m[0]", "data", "aws_x", "y", key)
    assert parse_address(address) == Address((("m", 0),), "data", "aws_x", "y", key)
    assert quote(key).startswith('"')
