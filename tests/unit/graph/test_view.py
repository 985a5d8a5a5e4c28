"""What policies see of values that nobody may see, and of where values come from."""

from __future__ import annotations

from srmcheck.conditions import ONLY_WORLD
from srmcheck.graph.reads import reads_of
from srmcheck.graph.view import View
from srmcheck.values import Node, Origin, Text, Unknown

READS = reads_of([("MasterUserPassword",), ("Engine",), ("Port",)])


def view(**properties: Node) -> View:
    return View(Node(dict(properties)), READS, ONLY_WORLD, type_name="AWS::RDS::DBInstance")


def test_a_property_that_holds_a_secret_is_never_seen() -> None:
    seen = view(MasterUserPassword=Node("made-up"), Engine=Node("mysql-x"))
    assert seen.properties == {"Engine": "mysql-x"}
    assert seen.unknown == {("MasterUserPassword",): Unknown("secret")}
    assert seen.masked == {("MasterUserPassword",)}


def test_that_a_secret_is_empty_is_seen() -> None:
    assert view(MasterUserPassword=Node("", secret=True)).properties == {"MasterUserPassword": ""}


def test_a_secret_of_another_type_is_none_here() -> None:
    root = Node({"TokenKey": Node("made-up")})
    seen = View(root, reads_of([("TokenKey",)]), ONLY_WORLD, type_name="AWS::RDS::DBInstance")
    assert seen.properties == {"TokenKey": "made-up"}


def test_origins_of_what_is_seen_and_of_what_is_not() -> None:
    given = Origin("parameter", "Password", True)
    later = Origin("reference", "random_password.r.result")
    seen = view(
        MasterUserPassword=Node(Unknown("parameter without a value"), None, given, True),
        Engine=Node(Text(("x", Unknown("known after apply"))), None, later),
        Port=Node(3306),
    )
    assert seen.origins == [(("MasterUserPassword",), given), (("Engine",), later), (("Port",), None)]


def test_an_unknown_without_an_origin_has_none() -> None:
    assert view(Engine=Node(Unknown("known after apply"))).origins == []


def test_what_one_policy_reads_narrowly_another_still_reads_whole() -> None:
    statement = Node({"Effect": Node("Deny"), "Action": Node([Node("s3:*")]), "Principal": Node({"AWS": Node("*")})})
    root = Node({"Document": Node({"Statement": Node([statement])})})
    narrow = [("Document", "Statement", "[]", "Effect"), ("Document", "Statement", "[]", "Principal", "**")]
    whole = ("Document", "Statement", "**")
    wanted = {"Document": {"Statement": [{"Effect": "Deny", "Action": ["s3:*"], "Principal": {"AWS": "*"}}]}}
    for paths in ([*narrow, whole], [whole, *narrow]):
        assert View(root, reads_of(paths), ONLY_WORLD).properties == wanted
