"""What is shown of a resource's values."""

from __future__ import annotations

from srmcheck.commands.hide import masked


def test_what_must_not_be_shown() -> None:
    shown = {
        "Engine": "mysql",
        "ManageMasterUserPassword": True,
        "KmsKeyId": "⟦aws_kms_key.a#Arn⟧",
        "SecretArn": "⟦aws_secret.a#Arn⟧",
        "Environment": [{"Name": "LEVEL", "Value": "debug"}],
        "Number": 7,
    }
    assert masked(shown) == shown
    hidden = {
        "MasterUserPassword": "short",
        "UserData": "export DB_PASSWORD=hunter2hunter2",
        "Id": "AKIAABCDEFGHIJKLMNOP",
        "Environment": [{"Name": "DB_PASSWORD", "Value": "short"}, {"key": "api-key", "value": ["a", "b"]}],
        "Tokens": ["a"],
    }
    assert masked(hidden) == {
        "MasterUserPassword": "***",
        "UserData": "***",
        "Id": "***",
        "Environment": [{"Name": "DB_PASSWORD", "Value": "***"}, {"key": "api-key", "value": ["***", "***"]}],
        "Tokens": ["***"],
    }
