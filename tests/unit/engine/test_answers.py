from __future__ import annotations

from typing import Any

import pytest

from srmcheck.engine.answers import MalformedAnswer, malformed_answer, rule_value

FINDING = {"place": ["A", 0], "message": "wrong", "paths": [["A"], []]}
ON = {**FINDING, "address": None}


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("not_applicable", True),
        ("not_applicable", False),
        ("deny", []),
        ("deny", [FINDING]),
        ("unknown", [FINDING]),
        ("settled", [["A", 1, "B"], []]),
        ("deny_stack", [ON]),
        ("unknown_stack", [{**ON, "address": "aws_s3_bucket.a"}]),
        ("settled_stack", [["@AWS::S3::Bucket", 0]]),
    ],
)
def test_taken(rule: str, value: Any) -> None:
    assert rule_value(rule, value) == value


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("not_applicable", 1),
        ("not_applicable", None),
        ("not_applicable", [True]),
        ("other", []),
        ("deny", True),
        ("deny", {"a": 1}),
        ("deny", ["secret"]),
        ("deny", [{**FINDING, "more": "secret"}]),
        ("deny", [{"place": [], "message": "secret"}]),
        ("deny", [{**FINDING, "message": ""}]),
        ("deny", [{**FINDING, "message": 5}]),
        ("deny", [{**FINDING, "place": "secret"}]),
        ("deny", [{**FINDING, "place": None}]),
        ("deny", [{**FINDING, "place": [True]}]),
        ("deny", [{**FINDING, "place": [1.5]}]),
        ("deny", [{**FINDING, "paths": [["A"], "secret"]}]),
        ("deny", [{**FINDING, "paths": None}]),
        ("deny", [ON]),
        ("deny_stack", [FINDING]),
        ("deny_stack", [{**ON, "address": 5}]),
        ("settled", [["A", None]]),
        ("settled", ["secret"]),
        ("settled", [FINDING]),
    ],
)
def test_refused(rule: str, value: Any) -> None:
    with pytest.raises(MalformedAnswer) as caught:
        rule_value(rule, value)
    assert "secret" not in str(caught.value)


def test_sorted_whatever_the_engine_s_order() -> None:
    one, two = {**FINDING, "message": "a"}, {**FINDING, "message": "b"}
    assert rule_value("deny", [two, one]) == [one, two]
    assert rule_value("deny", [dict(reversed(list(two.items()))), one]) == [one, two]
    assert rule_value("settled", [["B"], ["A", 1], ["A"]]) == rule_value("settled", [["A"], ["B"], ["A", 1]])


def test_error_names_package_and_resource() -> None:
    said = malformed_answer(MalformedAnswer("deny must be a set"), "a.b", "aws_s3_bucket.x")
    assert said.summary == "Policy gave a malformed answer"
    assert "a.b" in said.detail and "aws_s3_bucket.x" in said.detail
