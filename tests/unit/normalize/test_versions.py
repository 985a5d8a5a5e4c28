"""Versions of the AWS provider against the ranges of defaults."""

from __future__ import annotations

import pytest

from srmcheck.normalize.versions import in_range


@pytest.mark.parametrize(
    ("version", "wanted", "inside"),
    [
        ("5.100.0", "< 6", True),
        ("6.0.0", "< 6", False),
        ("6.1", ">= 6, < 7", True),
        ("4.67.0", ">= 5", False),
        ("5.0.0", "<= 5.0.0", True),
        ("5.0.1", "> 5.0.0", True),
        ("5.0.0", "= 5", True),
        ("6.0.0-beta1", "< 6", False),
    ],
)
def test_a_locked_version(version: str, wanted: str, inside: bool) -> None:
    assert in_range(version, ("~> 3.0",), wanted) is inside


@pytest.mark.parametrize(
    ("constraints", "inside"),
    [
        (("~> 5.0",), True),
        (("~> 5",), True),
        (("~> 5.31.0",), True),
        (("5.31.0",), True),
        (("= v5.31",), True),
        (("~> 6.0",), False),
        ((">= 6.2",), False),
        (("> 5.99.0, != 6.1.0",), None),
        ((">= 5.0",), None),
        ((">= 5.0, < 6.0.0",), True),
        ((">= 5.0", "<= 5.99.99"), True),
        ((">= 5.0, != 5.1.0", "~> 6.0"), False),
        ((), None),
        (("latest", ""), None),
        (("~> 5.0", "~> 6.0"), None),
    ],
)
def test_constraints(constraints: tuple[str, ...], inside: bool | None) -> None:
    assert in_range(None, constraints, "< 6") is inside
