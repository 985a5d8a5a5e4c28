"""Every document that the fixtures give is one of the published interface, schemas/input-v1.schema.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from srmcheck.conditions import ONLY_WORLD
from srmcheck.evaluate import documents
from srmcheck.graph.document import DocumentBuilder, stack_document
from srmcheck.graph.reads import reads_of
from tests.policies.twins import POLICIES, Case, cases, graph_of

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "schemas" / "input-v1.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.label)
def test_documents_of_a_fixture(case: Case) -> None:
    graph = graph_of(case)
    judged = {name for policy in POLICIES.policies if "deny" in policy.rules for name in policy.types}
    expected = any(resource.type in judged for resource in graph.resources)
    found = 0
    for document in documents(graph, POLICIES.policies, scope="account"):
        VALIDATOR.validate(json.loads(document.json()))
        found += 1
    assert found or not expected


def test_stack_documents() -> None:
    case = next(case for case in cases() if "multi_region_trail" in case.label)
    types = {"AWS::CloudTrail::Trail": (("IsLogging",),)}
    trees = {name: reads_of(paths) for name, paths in types.items()}
    document = stack_document(DocumentBuilder(graph_of(case)), types, trees, ONLY_WORLD)
    VALIDATOR.validate(json.loads(document.json()))
