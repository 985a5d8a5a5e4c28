"""What counts as a credential, and what does not."""

from __future__ import annotations

import pytest

from srmcheck.graph.facts import counts_as_literal, facts_about, holds_credential, is_secret_like
from srmcheck.values import Origin

KEY_ID = "AKIA" + "IOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize("name", ["DB_PASSWORD", "dbPasswd", "API-KEY", "apiKey", "Access Key", "private.key", "TOKEN"])
def test_secret_like_names(name: str) -> None:
    assert is_secret_like(name)


@pytest.mark.parametrize("name", ["PORT", "KEY", "DATABASE_HOST", "pass", "apikeeper"[:5]])
def test_other_names(name: str) -> None:
    assert not is_secret_like(name)


@pytest.mark.parametrize(
    "text",
    [
        f"id {KEY_ID} here",
        f"aws_secret_access_key = {SECRET_KEY}",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "password=hunter2hunter2",
        'export DB_PASSWORD="correct-horse"',
        "token: abcdefgh12345678",
        "a=1\npassword = 'long-enough'",
    ],
)
def test_credentials(text: str) -> None:
    assert holds_credential(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        SECRET_KEY,
        KEY_ID + "X",
        "password=$DB_PASSWORD_FILE",
        "password=${db_password_value}",
        "password=$(get-the-password)",
        "password=<your-password-here>",
        "password_file=/etc/secrets/db",
        "token_url: https://example.com/token",
        "secret = arn:aws:secretsmanager:eu-west-1:111122223333:secret:x",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf12345",
        "DB=arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf12345 PORT=5432",
        "password=changeme",
        "password: placeholder",
        "password=short",
        "token=⟦aws_x.y#Arn⟧",
        "the password\n" + SECRET_KEY,
    ],
)
def test_no_credentials(text: str) -> None:
    assert not holds_credential(text)


def test_a_literal_is_one_that_the_template_holds() -> None:
    wanted = ("credential-pattern", "secret-literal")
    assert facts_about("correct-horse", None, wanted) == ["examined", "secret-literal"]
    assert facts_about("correct-horse", Origin("parameter", "P", False, True), wanted) == ["examined", "secret-literal"]
    assert facts_about("correct-horse", Origin("parameter", "P", False, False), wanted) == ["examined"]
    assert facts_about("correct-horse", Origin("reference", "r"), wanted) == ["examined"]
    assert facts_about(KEY_ID, None, ("credential-pattern",)) == ["examined", "credential-pattern"]


@pytest.mark.parametrize("text", ["/etc/app/key", "./key.pem", "{{resolve:ssm:/a}}", "1234567", "s3://bucket/key"])
def test_no_literal(text: str) -> None:
    assert not counts_as_literal(text)
