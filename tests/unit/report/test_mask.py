"""What a code frame may show of a line."""

from __future__ import annotations

import pytest

from srmcheck.report.mask import mask_line


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('  password = "hunter2"', '  password = "***"'),
        ('  "MasterUserPassword": "hunter2",', '  "MasterUserPassword": "***",'),
        ("  MasterUserPassword: hunter2", "  MasterUserPassword: ***"),
        ("  MasterUserPassword: 'hunter2'", "  MasterUserPassword: '***'"),
        ("  - API_KEY=abcdefgh", "  - API_KEY=***"),
        ("    export DB_PASSWORD=hunter2hunter2 && run", "    export DB_PASSWORD=*** && run"),
        ("    export DB_PASSWORD=$SECRET", "    export DB_PASSWORD=$SECRET"),
        ("  MasterUserPassword: !Ref DbPassword", "  MasterUserPassword: !Ref DbPassword"),
        ("  password = var.password", "  password = var.password"),
        ("  password = random_password.db.result", "  password = random_password.db.result"),
        ("  manage_master_user_password = true", "  manage_master_user_password = true"),
        ('  tokens = ["one", "two"]', '  tokens = ["***", "***"]'),
        ("  Tokens: [one-word, !Ref Token]", "  Tokens: [***, !Ref Token]"),
        ("  MasterUserPassword: !If [A, !Ref B, hunter2]", "  MasterUserPassword: !If [***, !Ref B, ***]"),
        ("  {Password: !Ref B, Names: [one, two]}", "  {Password: !Ref B, Names: [one, two]}"),
        ('  { name = "DB_PASSWORD", value = "hunter2" },', '  { name = "DB_PASSWORD", value = "***" },'),
        ('{"Name": "DB_PASSWORD", "Value": "hunter2"}', '{"Name": "DB_PASSWORD", "Value": "***"}'),
        ('  secret_string = "a \\"quoted\\" one"', '  secret_string = "***"'),
        ('  token = "never closed', '  token = "***"'),
        ('  cidr_blocks = ["0.0.0.0/0"]', '  cidr_blocks = ["0.0.0.0/0"]'),
        ("  id: AKIAABCDEFGHIJKLMNOP", "  id: ***"),
        ("  url: postgres://admin:hunter2@db/x", "  url: postgres://admin:***@db/x"),
        ("-----BEGIN RSA PRIVATE KEY----- MIIE", "***"),
    ],
)
def test_a_line(line: str, shown: str) -> None:
    assert mask_line(line, False) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('  value = "hunter2"', '  value = "***"'),
        ("    Value: hunter2", "    Value: ***"),
        ("    - hunter2", "    - ***"),
        ("hunter2", "***"),
        ("    hunter2 and more", "    ***"),
        ("    Value: !If [!Ref A, hunter2]", "    Value: !If [!Ref A, ***]"),
        ("    {Names: [one, two]}", "    {Names: [***, ***]}"),
        ('"Value": "hunter2"', '"Value": "***"'),
        ("  value = var.x", "  value = var.x"),
    ],
)
def test_a_line_that_is_marked_secret(line: str, shown: str) -> None:
    assert mask_line(line, True) == shown
