"""One resource as it was evaluated."""

from __future__ import annotations

from srmcheck.commands.conditions_text import condition_text
from srmcheck.commands.explain import _Explanation, leaves, value_text
from srmcheck.conditions import Equals, Named, Opaque, Variable, conjoin, disjoin, negate
from srmcheck.report.style import Style
from srmcheck.values import Choice, Json, Node, Text, Unknown, known
from tests.unit.commands.samples import RDS, S3, evaluation, graph


def explained(address: str) -> str:
    of = graph()
    outcomes = {outcome.policy_id: outcome for outcome in evaluation(of).outcomes if outcome.address == address}
    return "\n".join(_Explanation(of, (RDS, S3), outcomes, {}, Style(False)).lines(address))


def test_values_origins_references_and_verdicts() -> None:
    text = explained("aws_db_instance.main")
    assert 'Engine = "mysql"' in text
    assert "KmsKeyId = aws_kms_key.db.Arn" in text
    assert "StorageEncrypted = (unknown: var.encrypted, variable without a value)" in text
    assert "main.tf:7, from parameter var.password" in text
    assert "KmsKeyId -> aws_kms_key.db (Arn)" in text
    assert "Tags = []" in text
    assert "fail    SRM-RDS-003" in text and "it is wrong (main.tf:3)" in text
    assert "SRM-S3-002" not in text  # it does not judge this type
    assert "Amazon RDS (PaaS)" in text


def test_no_secret_is_shown() -> None:
    text = explained("aws_db_instance.main")
    assert "hunter2" not in text
    assert "MasterUserPassword = (secret)" in text
    assert "Environment[0].Value = (secret)" in text
    assert 'Environment[1].Value = "shown"' in text


def test_an_unknown_verdict_names_what_is_missing() -> None:
    assert "depends on var.key: variable without a value" in explained("aws_s3_bucket.logs")


def test_who_refers_to_it() -> None:
    text = explained("aws_kms_key.db")
    assert "<- aws_db_instance.main (KmsKeyId)" in text
    assert "no policy looks at this type" in text


def test_choices_are_shown_branch_by_branch() -> None:
    prod = Named("IsProd", Opaque("x"))
    inner = Choice(((Opaque("y"), Node(1)), (negate(Opaque("y")), Node(2))))
    tree = Node({"A": Node(Choice(((prod, Node(inner)), (negate(prod), Node(3)))))})
    assert [(value_text(node, path), guard) for path, node, guard in leaves(tree)] == [
        ("1", "IsProd and y"),
        ("2", "IsProd and not y"),
        ("3", "not IsProd"),
    ]


def test_texts() -> None:
    assert value_text(Node(Text(("a-", Unknown("x", "var.b")))), ("A",)) == '"a-${var.b}"'
    assert value_text(Node("x" * 500), ("A",)).endswith("…")
    assert value_text(Node("AKIAABCDEFGHIJKLMNOP"), ("A",)) == '"***"'
    assert value_text(Node("hunter2"), ("Options", "Password")) == '"***"'
    assert value_text(Node(None), ("A",)) == "null"
    assert value_text(Node({}), ()) == "{}"
    assert [value_text(node, path) for path, node, _ in leaves(Node({"A": Node(Json(known({"B": 1})))}))] == ["1"]


def test_conditions_in_words() -> None:
    stage = Variable("Stage")
    either = disjoin(Equals(stage, "dev"), Opaque("IsTest"))
    assert condition_text(either) in ('Stage == "dev" or IsTest', 'not (not Stage == "dev" and not IsTest)')
    assert condition_text(conjoin(Equals(stage, Variable("Other")), negate(Opaque("x")))) == "Stage == Other and not x"
