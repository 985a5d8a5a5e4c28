"""No secret of an input occurs in any output: some are planted, every format and command is run, and searched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from srmcheck.report import FORMATS
from tests.e2e.test_exit_codes import change, plan, srmcheck

SECRET = "Zq7-planted-Secret-9xW"

TEMPLATE = f"""
Parameters:
  Password:
    Type: String
    NoEcho: true
    Default: {SECRET}1
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      PubliclyAccessible: true
      MasterUsername: admin
      MasterUserPassword: !Ref Password
  Other:
    Type: AWS::RDS::DBInstance
    Properties:
      PubliclyAccessible: true
      MasterUserPassword: {SECRET}2
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: x
          Image: x
          Environment:
            - {{Name: DB_PASSWORD, Value: {SECRET}3}}
            - Name: API_TOKEN
              Value: {SECRET}4
            - {{Name: URL, Value: "postgres://admin:{SECRET}5@db/x?password={SECRET}6"}}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python2.7
      Environment:
        Variables: {{DB_PASSWORD: {SECRET}7}}
"""

COMMANDS = [["--show-passed", *(word for name in FORMATS for word in ("--format", name))], ["graph"]]


def secret_plan() -> str:
    database = change(
        "aws_db_instance.main",
        "aws_db_instance",
        ["create"],
        {"engine": "mysql", "password": f"{SECRET}1", "publicly_accessible": True, "username": "admin"},
    )
    database["change"]["after_sensitive"] = {"password": True}
    task = change(
        "aws_ecs_task_definition.task",
        "aws_ecs_task_definition",
        ["create"],
        {
            "family": "x",
            "container_definitions": json.dumps(
                [{"name": "x", "image": "x", "environment": [{"name": "DB_PASSWORD", "value": f"{SECRET}2"}]}]
            ),
        },
    )
    document = json.loads(plan(database, task))
    document["variables"] = {"password": {"value": f"{SECRET}1"}}
    variables = {"password": {"sensitive": True}}
    document["configuration"]["root_module"]["variables"] = variables
    document["configuration"]["root_module"]["resources"][0]["expressions"] = {
        "password": {"references": ["var.password"]}
    }
    return json.dumps(document)


def write(folder: Path) -> dict[str, list[str]]:
    """The files, each with the addresses of its resources."""
    (folder / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "plan.json").write_text(secret_plan(), encoding="utf-8")
    return {
        "t.yaml": ["Database", "Other", "Task", "Function"],
        "plan.json": ["aws_db_instance.main", "aws_ecs_task_definition.task"],
    }


def test_no_report_or_document_shows_a_secret(tmp_path: Path) -> None:
    write(tmp_path)
    for file in ("t.yaml", "plan.json"):
        for arguments in COMMANDS:
            done = srmcheck(tmp_path, *arguments, file)
            assert done.returncode in (0, 1), done.stdout.decode() + done.stderr.decode()
            assert done.stdout
            assert SECRET.encode() not in done.stdout + done.stderr, arguments


def test_the_credential_is_found_and_its_line_is_shown_without_it(tmp_path: Path) -> None:
    write(tmp_path)
    text = srmcheck(tmp_path, "t.yaml").stdout.decode()
    assert "SRM-ECS-006" in text
    assert "Environment:" in text or "Value: ***" in text


def test_no_explanation_shows_a_secret(tmp_path: Path) -> None:
    for file, addresses in write(tmp_path).items():
        for address in addresses:
            done = srmcheck(tmp_path, "explain", address, file)
            assert done.returncode == 0, done.stderr.decode()
            assert SECRET.encode() not in done.stdout + done.stderr, address


@pytest.mark.parametrize("content", [TEMPLATE + "  x: [\n", TEMPLATE.replace("Type: String", "Type: [")])
def test_no_error_quotes_a_secret(tmp_path: Path, content: str) -> None:
    (tmp_path / "t.yaml").write_text(content, encoding="utf-8")
    done = srmcheck(tmp_path, *(word for name in FORMATS for word in ("--format", name)), "t.yaml")
    assert done.returncode == 4
    assert SECRET.encode() not in done.stdout + done.stderr


def test_a_cut_plan_quotes_no_secret(tmp_path: Path) -> None:
    text = secret_plan()
    for length in range(len(text) - 400, len(text) - 1, 37):
        (tmp_path / "plan.json").write_text(text[:length], encoding="utf-8")
        done = srmcheck(tmp_path, "plan.json")
        assert done.returncode == 4
        assert SECRET.encode() not in done.stdout + done.stderr
