"""Policy documents in their one form, whatever holds them (docs: normalization, "Policy documents")."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.conditions import Opaque, negate
from srmcheck.normalize.documents import operator
from srmcheck.normalize.jsontext import looks_like_json, parse_json
from srmcheck.values import ABSENT, Choice, Node, Origin, Place, Reference, Spread, Text, Unknown
from tests.unit.normalize.build import (
    BY_VARIABLE,
    UNKNOWN,
    cloudformation,
    node_at,
    one,
    plain,
    properties,
    resource,
    terraform,
    tree,
)

BUCKET = resource("Logs", {"BucketName": "acme-logs"}, type="AWS::S3::Bucket")
PROD = Opaque("IsProd")


def document(written: Any, *others: Any) -> Any:
    template = cloudformation(resource("P", {"PolicyDocument": written}, type="AWS::IAM::ManagedPolicy"), *others)
    return properties(template, "P")["PolicyDocument"]


def statement(written: dict[str, Any], *others: Any) -> Any:
    (found,) = document({"Statement": [written]}, *others)["Statement"]
    return found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"Effect": "allow", "Action": "s3:*"}, {"Effect": "Allow", "Action": ["s3:*"]}),
        ({"effect": "DENY", "ACTION": ["a", "b"]}, {"Effect": "Deny", "Action": ["a", "b"]}),
        ({"Action": "s3:*"}, {"Action": ["s3:*"]}),
        ({"Effect": "Maybe"}, {"Effect": "Maybe"}),
        ({"Resource": "*", "notresource": "x"}, {"Resource": ["*"], "NotResource": ["x"]}),
        ({"NotAction": ["iam:*"]}, {"NotAction": ["iam:*"]}),
        ({"Principal": "*"}, {"Principal": "*"}),
        ({"Principal": {"AWS": "*"}}, {"Principal": {"AWS": ["*"]}}),
        ({"Principal": ["*"]}, {"Principal": {"AWS": ["*"]}}),
        ({"Principal": {"aws": 123456789012}}, {"Principal": {"AWS": ["123456789012"]}}),
        (
            {"Principal": {"Service": "ec2.amazonaws.com.cn", "Federated": "x.amazonaws.com.cn"}},
            {"Principal": {"Service": ["ec2.amazonaws.com"], "Federated": ["x.amazonaws.com.cn"]}},
        ),
        (
            {"Condition": {"bool": {"AWS:SecureTransport": False}}},
            {"Condition": {"Bool": {"aws:securetransport": ["false"]}}},
        ),
        (
            {"Condition": {"BoolIfExists": {"aws:SecureTransport": ["False"]}}},
            {"Condition": {"BoolIfExists": {"aws:securetransport": ["false"]}}},
        ),
        (
            {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-A"}, "NumericLessThan": {"s3:TlsVersion": 1.2}}},
            {
                "Condition": {
                    "StringEquals": {"aws:principalorgid": ["o-A"]},
                    "NumericLessThan": {"s3:tlsversion": ["1.2"]},
                }
            },
        ),
        (
            {"Condition": {"Bool": {"a:b": True, "A:B": False}}},
            {"Condition": {"Bool": {"a:b": "?policy document that cannot be read"}}},
        ),
        ({"Resource": ["arn:aws-cn:s3:::x/*"]}, {"Resource": ["arn:aws:s3:::x/*"]}),
        ({"Sid": 1, "Other": True}, {"Sid": "1", "Other": "true"}),
    ],
)
def test_statements(written: dict[str, Any], expected: dict[str, Any]) -> None:
    assert statement(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"statement": {"Effect": "Allow"}}, {"Statement": [{"Effect": "Allow"}]}),
        ({"Version": "2012-10-17", "Id": "x"}, {"Version": "2012-10-17", "Id": "x"}),
        ('{"Statement": {"Action": "a"}}', {"Statement": [{"Action": ["a"]}]}),
        ("\ufeff {}", {}),
        ("", ""),
        ("{", "?policy document that cannot be read"),
        ("[1]", "?policy document that cannot be read"),
        ("null and void", "?policy document that cannot be read"),
        (7, "?policy document that cannot be read"),
        (["x"], "?policy document that cannot be read"),
        ({"Statement": ["x"]}, {"Statement": ["?policy document that cannot be read"]}),
        ({"Statement": UNKNOWN}, {"Statement": "?known after apply"}),
        (
            {"Statement": [{"Action": UNKNOWN}, UNKNOWN]},
            {"Statement": [{"Action": "?known after apply"}, "?known after apply"]},
        ),
        (UNKNOWN, "?known after apply"),
        ("[" * 5000 + "]" * 5000, "?policy document that cannot be read"),
        ('{"a":' * 100 + "1" + "}" * 100, "?policy document that cannot be read"),
    ],
)
def test_documents(written: Any, expected: Any) -> None:
    assert document(written) == expected


def test_choices_and_spreads_stay_in_their_places() -> None:
    written = {
        "Statement": [
            {"Effect": "Allow", "Action": Choice(((PROD, tree("a")), (negate(PROD), tree(["b", "c"]))))},
            Choice(((PROD, tree({"Action": "d"})), (negate(PROD), Node(ABSENT)))),
            Spread(tree(Choice(((PROD, tree([{"Action": "e"}])), (negate(PROD), tree([])))))),
            Spread(Node(UNKNOWN)),
        ]
    }
    assert document(written) == {
        "Statement": [
            {"Effect": "Allow", "Action": {"choice": [["a"], ["b", "c"]]}},
            {"choice": [{"Action": ["d"]}, "absent"]},
            {"spread": {"choice": [[{"Action": ["e"]}], []]}},
            {"spread": "?known after apply"},
        ]
    }


def test_what_a_transform_may_add_is_kept() -> None:
    rest = Unknown("by a transform")
    written = {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": "x", "*": rest},
            "Condition": {"Bool": {"*": rest}, "*": rest},
            "*": rest,
        }
    }
    assert document(written)["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"AWS": ["x"], "*": "?by a transform"},
            "Condition": {"Bool": {"*": "?by a transform"}, "*": "?by a transform"},
            "*": "?by a transform",
        }
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("arn:aws:s3:::acme-logs", "⟦Logs#Arn⟧"),
        ("arn:aws:s3:::acme-logs/*", "⟦Logs#Arn⟧/*"),
        ("arn:aws-cn:s3:::acme-logs*", "⟦Logs#Arn⟧*"),
        ("arn:aws:s3:::acme-logs-2/*", "arn:aws:s3:::acme-logs-2/*"),
        ("arn:aws:s3:::acme/*", "arn:aws:s3:::acme/*"),
        (Reference("Logs", "Arn"), "⟦Logs#Arn⟧"),
        (Text((Reference("Logs", "Arn"), "/*")), "⟦Logs#Arn⟧/*"),
        (Text(("arn:aws:s3:::", Reference("Logs", "Ref"))), "⟦Logs#Arn⟧"),
        (Text(("arn:aws:s3:::", Reference("Logs", "Ref"), "/*")), "⟦Logs#Arn⟧/*"),
        (
            Text(("arn:", Reference("AWS::Partition", "Ref"), ":s3:::", Reference("Logs", "Ref"), "/x/*")),
            "⟦Logs#Arn⟧/x/*",
        ),
        (Text(("arn:", Reference("AWS::Partition", "Ref"), ":s3:::acme-logs/*")), "⟦Logs#Arn⟧/*"),
        (Text(("arn:aws:s3:::acme-logs/", UNKNOWN)), "⟦Logs#Arn⟧/?known after apply"),
        (Text(("arn:aws:s3:::x-", Reference("Logs", "Ref"))), "arn:aws:s3:::x-⟦Logs#Ref⟧"),
        (Text(("arn:aws:sqs:::", Reference("Logs", "Ref"))), "arn:aws:sqs:::⟦Logs#Ref⟧"),
    ],
)
def test_arns_of_buckets_of_the_template(written: Any, expected: str) -> None:
    assert statement({"Resource": written}, BUCKET)["Resource"] == [expected]


def test_arns_of_roles_of_the_template() -> None:
    role = resource("R", {"RoleName": "deploy"}, type="AWS::IAM::Role")
    account = Reference("AWS::AccountId", "Ref")
    found = statement(
        {
            "Resource": [
                Text(("arn:aws:iam::", account, ":role/", Reference("R", "Ref"))),
                Text(("arn:aws:iam::", account, ":role/deploy")),
                "arn:aws:iam::123456789012:role/deploy",
            ]
        },
        role,
    )
    assert found["Resource"] == ["⟦R#Arn⟧", "⟦R#Arn⟧", "arn:aws:iam::123456789012:role/deploy"]


def test_service_principals_with_the_suffix_of_the_partition() -> None:
    suffix = Reference("AWS::URLSuffix", "Ref")
    assert statement({"Principal": {"Service": Text(("ec2.", suffix))}}) == {
        "Principal": {"Service": ["ec2.amazonaws.com"]}
    }


def test_text_with_open_parts_is_parsed_with_them_in_their_places() -> None:
    text = Text(
        (
            '{"Statement": [{"Effect": "Allow", "Action": ["',
            BY_VARIABLE,
            '"], "Resource": "',
            Reference("Logs", "Arn"),
            '/\\"q\\"/*", "Condition": ',
            UNKNOWN,
            "}]}",
        )
    )
    assert document(text, BUCKET) == {
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["?variable without a value"],
                "Resource": ['⟦Logs#Arn⟧/"q"/*'],
                "Condition": "?known after apply",
            }
        ]
    }


def test_a_key_with_an_open_part_leaves_the_rest_unknown() -> None:
    text = Text(('{"Statement": {"Condition": {"StringLike": {"', Reference("Logs", "Ref"), ':sub": "x"}}}}'))
    (found,) = document(text, BUCKET)["Statement"]
    assert found == {"Condition": {"StringLike": {"*": "?key with a reference in it"}}}


def test_references_in_text_are_resolved_before_it_is_parsed() -> None:
    other = resource("O", {"Handler": '"a:b"'}, type="AWS::Lambda::Function")
    text = Text(('{"Statement": {"Action": ', Reference("O", "Handler"), "}}"))
    assert document(text, other)["Statement"] == [{"Action": ['"a:b"']}]


def test_everything_from_a_text_has_its_place() -> None:
    place = Place("P", ("PolicyDocument",))
    source = resource(
        "P", {"PolicyDocument": Node('{"Statement": {"Action": "a"}}', place)}, type="AWS::IAM::ManagedPolicy"
    )
    item = one(cloudformation(source))
    for path in (
        ("PolicyDocument",),
        ("PolicyDocument", "Statement", 0),
        ("PolicyDocument", "Statement", 0, "Action", 0),
    ):
        assert node_at(item, *path).place == place


def test_a_secret_document_stays_secret() -> None:
    source = resource(
        "P", {"PolicyDocument": Node('{"Statement": {}}', None, None, True)}, type="AWS::IAM::ManagedPolicy"
    )
    assert node_at(one(cloudformation(source)), "PolicyDocument").secret


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("stringequals", "StringEquals"),
        ("STRINGLIKEIFEXISTS", "StringLikeIfExists"),
        ("foranyvalue:arnlike", "ForAnyValue:ArnLike"),
        ("ForAllValues:StringEqualsIgnoreCase", "ForAllValues:StringEqualsIgnoreCase"),
        ("DateGreaterThan", "DateGreaterThan"),
        ("Nonsense", "Nonsense"),
        ("Some:StringEquals", "Some:StringEquals"),
        ("IfExists", "IfExists"),
    ],
)
def test_operators(written: str, spelled: str) -> None:
    assert operator(written) == spelled


@pytest.mark.parametrize(
    "written",
    ["", "{", '{"a": NaN}', '{"a": 1,}', '"\ud800"', '{"a": "\n"}'],
)
def test_text_that_is_no_json(written: str) -> None:
    assert parse_json(Node(written)) is None


def test_a_text_with_the_marks_that_we_use_ourselves_is_not_parsed() -> None:
    assert parse_json(Node(Text(('{"a": "\ue000', UNKNOWN, '"}')))) is None
    assert parse_json(Node(5)) is None


def test_what_holds_no_part_of_a_text_in_parts_is_written_out() -> None:
    origin = Origin("parameter", "var.image")
    made = parse_json(Node(Text(('{"a": "', UNKNOWN, '", "b": "written", "c": 1}')), None, origin))
    assert made is not None and isinstance(made.value, dict)
    assert {key: node.origin for key, node in made.value.items()} == {"a": origin, "b": None, "c": None}
    whole = parse_json(Node('{"b": "given"}', None, origin))
    assert whole is not None and isinstance(whole.value, dict) and whole.value["b"].origin == origin


def test_marks_in_a_known_text_are_text() -> None:
    found = parse_json(Node('{"a": "\ue0000\ue001"}'))
    assert found is not None and plain(found) == {"a": "\ue0000\ue001"}


def test_looks_like_json() -> None:
    assert looks_like_json(' \n{"a"') and looks_like_json(Text(("[", UNKNOWN)))
    assert not looks_like_json("a{") and not looks_like_json(5) and not looks_like_json(Text((UNKNOWN, "{")))


def test_terraform_documents_take_the_same_form() -> None:
    found = properties(terraform(resource("aws_kms_key.k", {"policy": '{"Statement": {"Principal": "*"}}'})))
    assert found["KeyPolicy"] == {"Statement": [{"Principal": "*"}]}
