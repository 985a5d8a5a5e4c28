"""What aws_iam_policy_document data sources make (docs: normalization, "Policy documents")."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.conditions import Opaque, negate
from srmcheck.template import SourceResource
from srmcheck.values import ABSENT, Choice, Node, Reference, Spread, Text, Unknown
from tests.unit.normalize.build import UNKNOWN, node_at, one, properties, resource, terraform, tree

COND = Opaque("var.wide")
X = "data.aws_iam_policy_document.x"


def data(name: str, **body: Any) -> SourceResource:
    return resource(f"data.aws_iam_policy_document.{name}", body, type="aws_iam_policy_document")


def json(name: str, attribute: str = "json") -> Reference:
    return Reference(f"data.aws_iam_policy_document.{name}", attribute)


def rendered(*sources: SourceResource, policy: Any = None) -> Any:
    user = resource("aws_iam_policy.p", {"policy": json("x") if policy is None else policy})
    return properties(terraform(*sources, user))["PolicyDocument"]


def statements(*sources: SourceResource) -> Any:
    return rendered(*sources)["Statement"]


def st(sid: str | None = None, action: str = "a", **rest: Any) -> dict[str, Any]:
    body = {"actions": [action], "resources": ["*"], **rest}
    return {"sid": sid, **body} if sid is not None else body


def actions(found: list[Any]) -> list[Any]:
    return [item["Action"][0] if isinstance(item, dict) and "Action" in item else item for item in found]


def test_a_statement() -> None:
    found = rendered(
        data(
            "x",
            statement=[
                {
                    "sid": "S",
                    "actions": ["s3:Get*", "s3:List*"],
                    "not_resources": ["arn:aws:s3:::x/&{aws:username}/*"],
                    "principals": [
                        {"type": "AWS", "identifiers": ["1", "2"]},
                        {"type": "Service", "identifiers": ["ec2.amazonaws.com"]},
                        {"type": "AWS", "identifiers": ["3"]},
                    ],
                    "condition": [
                        {"test": "Bool", "variable": "aws:SecureTransport", "values": [False]},
                        {"test": "StringLike", "variable": "aws:A", "values": ["x"]},
                        {"test": "StringLike", "variable": "aws:A", "values": ["y"]},
                    ],
                }
            ],
        )
    )
    assert found == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "S",
                "Effect": "Allow",
                "Action": ["s3:Get*", "s3:List*"],
                "NotResource": ["arn:aws:s3:::x/${aws:username}/*"],
                "Principal": {"AWS": ["1", "2", "3"], "Service": ["ec2.amazonaws.com"]},
                "Condition": {"Bool": {"aws:securetransport": ["false"]}, "StringLike": {"aws:a": ["x", "y"]}},
            }
        ],
    }


@pytest.mark.parametrize(
    ("principals", "expected"),
    [
        ([{"type": "*", "identifiers": ["*"]}], "*"),
        ([{"type": "AWS", "identifiers": ["*"]}], {"AWS": ["*"]}),
        ([{"type": "*", "identifiers": ["*"]}, {"type": "AWS", "identifiers": ["1"]}], {"AWS": ["*", "1"]}),
        ([{"type": UNKNOWN, "identifiers": ["*"]}], "?known after apply"),
        ([{"type": "AWS", "identifiers": UNKNOWN}], {"AWS": [{"spread": "?known after apply"}]}),
        (
            [{"type": "AWS", "identifiers": ["*"]}, Spread(Node(UNKNOWN))],
            {"AWS": ["*", {"spread": "?known after apply"}], "*": "?known after apply"},
        ),
        (UNKNOWN, "?known after apply"),
        ([], None),
    ],
)
def test_principals(principals: Any, expected: Any) -> None:
    (found,) = statements(data("x", statement=[st(principals=principals)]))
    assert found.get("Principal") == expected


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ("Deny", "Deny"),
        ("allow", "Allow"),
        (None, "Allow"),
        ("", "Allow"),
        (ABSENT, "Allow"),
        (UNKNOWN, "?known after apply"),
    ],
)
def test_effects(effect: Any, expected: str) -> None:
    (found,) = statements(data("x", statement=[st(effect=effect)]))
    assert found["Effect"] == expected


def test_without_effect_the_data_source_allows() -> None:
    assert statements(data("x", statement=[st()]))[0]["Effect"] == "Allow"


def test_version_and_id() -> None:
    found = rendered(data("x", version="2008-10-17", policy_id="me", statement=[]))
    assert found == {"Version": "2008-10-17", "Id": "me", "Statement": []}


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        # source documents first, the document's own statements replace by sid
        ({"source_policy_documents": [json("base")], "statement": [st("Ops", "narrow")]}, ["narrow", "read"]),
        ({"source_policy_documents": [json("base")], "statement": [st("List", "list")]}, ["wide", "read", "list"]),
        ({"source_policy_documents": [json("base")], "statement": [st(None, "own")]}, ["wide", "read", "own"]),
        # override documents replace last, the last of them wins
        ({"override_policy_documents": [json("base")], "statement": [st("Ops", "own")]}, ["wide", "read"]),
        (
            {"override_policy_documents": [json("base"), json("narrow")], "statement": [st("Ops", "own")]},
            ["narrow", "read"],
        ),
        (
            {"override_policy_documents": [json("narrow"), json("base")], "statement": [st("Ops", "own")]},
            ["wide", "read"],
        ),
        ({"override_policy_documents": [json("nosid")], "statement": [st("Ops", "own")]}, ["own", "queue"]),
        # texts, nulls and nested documents
        ({"source_policy_documents": ['{"Statement": {"Sid": "T", "Action": "text"}}', ABSENT, ""]}, ["text"]),
        ({"source_policy_documents": [json("nested", "minified_json")]}, ["narrow", "read", "queue"]),
        # unknown documents may hold, or replace, anything
        (
            {"source_policy_documents": [UNKNOWN], "statement": [st("A", "own")]},
            [{"spread": "?known after apply"}, "own"],
        ),
        (
            {"override_policy_documents": [UNKNOWN], "statement": [st("A", "own"), st(None, "free")]},
            ["?statement that an override document may replace", "free", {"spread": "?known after apply"}],
        ),
        (
            {"source_policy_documents": ["{"], "statement": [st()]},
            [{"spread": "?policy document that cannot be read"}, "a"],
        ),
        (
            {"source_policy_documents": [json("x")], "statement": [st()]},
            [{"spread": "?policy document that refers to itself"}, "a"],
        ),
    ],
)
def test_merging(x: dict[str, Any], expected: list[Any]) -> None:
    base = data("base", statement=[st("Ops", "wide"), st("Read", "read")])
    narrow = data("narrow", statement=[st("Ops", "narrow")])
    nosid = data("nosid", statement=[st(None, "queue")])
    nested = data(
        "nested",
        source_policy_documents=[json("base"), json("nosid")],
        override_policy_documents=[json("narrow")],
    )
    found = statements(base, narrow, nosid, nested, data("x", **x))
    assert actions(found) == expected


def test_a_statement_with_an_unknown_sid_may_replace_any() -> None:
    x = data(
        "x",
        source_policy_documents=['{"Statement": [{"Sid": "A", "Action": "a"}, {"Action": "b"}]}'],
        statement=[{"sid": UNKNOWN, "actions": ["c"]}],
    )
    assert actions(statements(x)) == ["?statement that an override document may replace", "b", "c"]


def test_conditional_blocks() -> None:
    block = Choice(((COND, tree([st("A", "wide")])), (negate(COND), tree([]))))
    x = data("x", statement=[st("A", "narrow"), Spread(Node(block))])
    found = statements(x)
    wide = {"Sid": "A", "Effect": "Allow", "Action": ["wide"], "Resource": ["*"]}
    assert actions(found) == ["narrow", {"choice": [wide, "absent"]}]
    base = data("base", statement=[st("A", "narrow")])
    over = data("x", source_policy_documents=[json("base")], statement=[Spread(Node(block))])
    assert statements(base, over) == [{"choice": [wide, {**wide, "Action": ["narrow"]}]}]


def test_conditional_conditions_and_principals() -> None:
    on = {"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}
    who = {"type": "AWS", "identifiers": ["*"]}
    x = data(
        "x",
        statement=[
            st(
                condition=[Choice(((COND, tree(on)), (negate(COND), Node(ABSENT))))],
                principals=[Spread(Node(Choice(((COND, tree([who])), (negate(COND), tree([]))))))],
            )
        ],
    )
    (found,) = statements(x)
    assert found["Condition"] == {"Bool": {"aws:securetransport": {"choice": [["false"], "absent"]}}}
    assert found["Principal"] == {"AWS": [{"spread": {"choice": [["*"], []]}}]}


def test_conditional_documents() -> None:
    wide, narrow = data("wide", statement=[st("A", "wide")]), data("narrow", statement=[st("A", "narrow")])
    chosen = Choice(((COND, Node(json("wide"))), (negate(COND), Node(json("narrow")))))
    x = data("x", source_policy_documents=[chosen], statement=[st("B", "own")])
    found = rendered(wide, narrow, x)
    assert [actions(branch["Statement"]) for branch in found["choice"]] == [["wide", "own"], ["narrow", "own"]]
    direct = rendered(wide, narrow, policy=Node(chosen))
    assert [actions(branch["Statement"]) for branch in direct["choice"]] == [["wide"], ["narrow"]]


def test_references_inside_statements() -> None:
    bucket = resource("aws_s3_bucket.b", {"bucket": "acme"})
    x = data(
        "x",
        statement=[
            st(resources=[Reference("aws_s3_bucket.b", "arn"), Text((Reference("aws_s3_bucket.b", "arn"), "/*"))])
        ],
    )
    user = resource("aws_iam_policy.p", {"policy": json("x")})
    found = properties(terraform(bucket, x, user), "aws_iam_policy.p")["PolicyDocument"]["Statement"]
    assert found[0]["Resource"] == ["⟦aws_s3_bucket.b#Arn⟧", "⟦aws_s3_bucket.b#Arn⟧/*"]


def test_places_point_into_the_data_source() -> None:
    x = data("x", statement=[st(action="*")])
    item = one(terraform(x, resource("aws_iam_policy.p", {"policy": json("x")})))
    action = node_at(item, "PolicyDocument", "Statement", 0, "Action", 0)
    assert action.place is not None
    assert (action.place.address, action.place.path) == (X, ("statement", 0, "actions", 0))
    statement = node_at(item, "PolicyDocument", "Statement", 0)
    assert statement.place is not None and statement.place.path == ("statement", 0)


def test_a_plan_takes_the_document_that_its_expression_names() -> None:
    x = data("x", statement=[st(resources=[UNKNOWN])])
    unknown = Unknown("known after apply", X, (X,), True, json("x"))
    plan = terraform(x, resource("aws_kms_key.k", {"policy": unknown}), format="plan")
    assert properties(plan)["KeyPolicy"]["Statement"][0]["Resource"] == ["?known after apply"]


def test_a_document_that_was_read_is_taken_from_its_statements() -> None:
    x = data("x", json='{"Statement": {"Action": "a"}}', statement=[st()])
    assert statements(x)[0]["Action"] == ["a"]
    only = data("x", json='{"Statement": {"Action": "b"}}')
    assert statements(only) == [{"Action": ["b"]}]


def test_other_data_sources_are_unknown() -> None:
    file = resource("data.local_file.f", {}, type="local_file")
    user = resource("aws_iam_policy.p", {"policy": Reference("data.local_file.f", "content")})
    assert properties(terraform(file, user))["PolicyDocument"] == "?read from the account by a data source"


def test_unknown_statements() -> None:
    assert statements(data("x", statement=UNKNOWN)) == [{"spread": "?known after apply"}]
    assert statements(data("x", statement=[UNKNOWN])) == ["?known after apply"]
