"""Each exit code, and each way a file can be wrong, through the program as users start it (docs: exit-codes)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CLEAN = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {Runtime: python3.13, Handler: x.y}\n"
FAILING = CLEAN.replace("python3.13", "python2.7")
EMPTY_PLAN = {"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {"root_module": {}}}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path


def srmcheck(
    folder: Path, *arguments: str, stdin: bytes = b"", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "SRMCHECK_DEBUG")}
    done = subprocess.run(
        [sys.executable, "-m", "srmcheck", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env={**kept, **(environment or {})},
        check=False,
        timeout=300,
    )
    assert b"Traceback" not in done.stderr + done.stdout, done.stderr.decode()
    return done


def change(address: str, kind: str, actions: list[str], after: Any, provider: str = "hashicorp/aws") -> dict[str, Any]:
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": address.rpartition(".")[2],
        "provider_name": f"registry.terraform.io/{provider}",
        "change": {"actions": actions, "before": None if after else {}, "after": after, "after_unknown": {}},
    }


def plan(*changes: dict[str, Any]) -> str:
    resources = [
        {
            "address": item["address"],
            "mode": "managed",
            "type": item["type"],
            "name": item["name"],
            "provider_name": item["provider_name"],
            "schema_version": 0,
            "values": item["change"]["after"],
        }
        for item in changes
        if item["change"]["after"] is not None
    ]
    configuration = {
        "root_module": {
            "resources": [
                {
                    "address": item["address"],
                    "mode": "managed",
                    "type": item["type"],
                    "name": item["name"],
                    "expressions": {},
                }
                for item in changes
                if item["change"]["after"] is not None
            ]
        }
    }
    return json.dumps(
        {
            **EMPTY_PLAN,
            "planned_values": {"root_module": {"resources": resources}},
            "resource_changes": list(changes),
            "configuration": configuration,
        }
    )


def test_0_clean(here: Path) -> None:
    (here / "t.yaml").write_text(CLEAN, encoding="utf-8")
    done = srmcheck(here, "t.yaml")
    assert done.returncode == 0, done.stdout.decode()
    assert done.stdout.startswith(b"No findings")
    assert not done.stderr


def test_1_findings(here: Path) -> None:
    (here / "t.yaml").write_text(FAILING, encoding="utf-8")
    done = srmcheck(here, "t.yaml")
    assert done.returncode == 1
    assert b"SRM-LAMBDA-003" in done.stdout
    assert b"t.yaml:4:" in done.stdout
    assert b"Runtime: python2.7" in done.stdout


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--exit-zero"], 0), (["--fail-on", "high"], 0), (["--fail-on", "none"], 0), (["--fail-on", "low"], 1)],
)
def test_0_and_1_by_the_gate(here: Path, options: list[str], code: int) -> None:
    (here / "t.yaml").write_text(FAILING, encoding="utf-8")
    assert srmcheck(here, *options, "t.yaml").returncode == code


def test_1_unknown_verdicts_if_they_count(here: Path) -> None:
    text = (
        "Parameters:\n  R: {Type: String}\nResources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n"
        "      Runtime: !Ref R\n"
    )
    (here / "t.yaml").write_text(text, encoding="utf-8")
    done = srmcheck(here, "t.yaml")
    assert done.returncode == 0
    assert b"depends on R" in done.stdout
    assert srmcheck(here, "--fail-on-unknown", "t.yaml").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "xml"], b"'xml' is not one of text, json, matrix, matrix-csv"),
        (["--fromat", "json"], b"--format"),
        (["--source", "ghost", "t.yaml"], b"--source is not a folder"),
        (["--root", "ghost", "t.yaml"], b"--root is not a folder"),
        (["explain", "Ghost", "t.yaml"], b"No resource Ghost"),
        (["--opa-url", "nonsense", "t.yaml"], b"--opa-url"),
    ],
)
def test_2_wrong_usage(here: Path, arguments: list[str], message: bytes) -> None:
    (here / "t.yaml").write_text(CLEAN, encoding="utf-8")
    done = srmcheck(here, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert b"hint: " in done.stderr
    assert not done.stdout


def test_3_an_empty_folder(here: Path) -> None:
    done = srmcheck(here)
    assert done.returncode == 3
    assert b"Nothing was checked" in done.stdout
    assert b"No template found" in done.stdout


def test_3_a_plan_that_only_destroys(here: Path) -> None:
    (here / "plan.json").write_text(
        plan(change("aws_s3_bucket.a", "aws_s3_bucket", ["delete"], None)), encoding="utf-8"
    )
    done = srmcheck(here, "plan.json")
    assert done.returncode == 3, done.stdout.decode()
    assert b"Nothing was checked" in done.stdout


def test_3_a_plan_of_another_provider(here: Path) -> None:
    other = change(
        "azurerm_storage_account.a", "azurerm_storage_account", ["create"], {"name": "a"}, "hashicorp/azurerm"
    )
    (here / "plan.json").write_text(plan(other), encoding="utf-8")
    done = srmcheck(here, "plan.json")
    assert done.returncode == 3, done.stdout.decode()


BROKEN: dict[str, tuple[str, bytes, bytes, int | None]] = {
    "cut plan": ("plan.json", plan()[:-9].encode(), b"JSON is cut off", 1),
    "plan that is no JSON": ("plan.json", plan().replace(": {", ": {,", 1).encode(), b"Not valid JSON", 1),
    "failed plan": ("plan.json", json.dumps({**EMPTY_PLAN, "errored": True}).encode(), b"Plan failed", None),
    "plan of the future": ("plan.json", plan().replace('"1.2"', '"9.0"').encode(), b"Unsupported plan format", None),
    "wrapper": ("plan.json", b"[command]/bin/terraform show\n" + plan().encode(), b"Text before the JSON", 1),
    "own format": ("tfplan", b"PK\x03\x04\0\0tfplan", b"Plan in Terraform's own format", None),
    "other file": ("k8s.yaml", b"kind: Service\n", b"Not a template that srmcheck reads", None),
    "template with a syntax error": (
        "t.yaml",
        b"Resources:\n  F:\n    Type: AWS::S3::Bucket\n   x: [1\n",
        b"error: ",
        4,
    ),
    "JSON template with a syntax error": (
        "t.json",
        b'{"Resources": {\n  "B": {"Type": "AWS::S3::Bucket" "x": 1}}}',
        b"error: ",
        2,
    ),
    "deep JSON": ("plan.json", b'{"format_version": "1.2", "x": ' + b"[" * 10_000, b"nested too deeply", 1),
    "deep JSON template": (
        "t.json",
        b'{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"X": '
        + b"[" * 10_000
        + b"]" * 10_000
        + b"}}}}",
        b"deep",
        1,
    ),
    "deep YAML": (
        "t.yaml",
        b"Resources:\n  B:\n    Type: AWS::S3::Bucket\n    X: " + b"[" * 10_000 + b"]" * 10_000 + b"\n",
        b"deep",
        4,
    ),
    "HCL with a syntax error": ("main.tf", b'resource "aws_s3_bucket" "b" {\n  bucket = = "x"\n}\n', b"error: ", 2),
    "deep HCL": ("main.tf", b"locals {\n  x = " + b"[" * 10_000 + b"]" * 10_000 + b"\n}\n", b"deep", 2),
    "binary HCL": ("main.tf", b"\xff\xfe\xfa\xfb\x00", b"error: ", None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_4_a_file_that_cannot_be_checked(here: Path, name: str) -> None:
    file, content, message, line = BROKEN[name]
    (here / file).write_bytes(content)
    done = srmcheck(here, file)
    assert done.returncode == 4, done.stdout.decode() + done.stderr.decode()
    assert message in done.stdout
    place = f"--> {file}:{line}:" if line else f"--> {file}"
    assert place in done.stdout.decode() or f"--> {file}:{line}\n" in done.stdout.decode(), done.stdout.decode()
    document = json.loads(srmcheck(here, "--format", "json", file).stdout)
    assert document["errors"]


def test_4_a_path_that_is_not_there(here: Path) -> None:
    done = srmcheck(here, "ghost.json")
    assert done.returncode == 4
    assert b"No such file or directory" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_4_a_path_that_may_not_be_read(here: Path) -> None:
    (here / "plan.json").write_text(plan(), encoding="utf-8")
    (here / "plan.json").chmod(0)
    done = srmcheck(here, "plan.json")
    assert done.returncode == 4
    assert b"Permission is denied" in done.stdout


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that gives an input error")
def test_4_a_path_that_gives_an_input_error(here: Path) -> None:
    done = srmcheck(here, "/proc/self/mem")
    assert done.returncode == 4
    assert b"File cannot be read" in done.stdout


def test_4_wins_over_1_and_the_findings_are_still_shown(here: Path) -> None:
    (here / "t.yaml").write_text(FAILING, encoding="utf-8")
    (here / "u.yaml").write_text("Resources:\n  F: {Type: AWS::S3::Bucket\n", encoding="utf-8")
    done = srmcheck(here)
    assert done.returncode == 4
    assert b"SRM-LAMBDA-003" in done.stdout
    assert srmcheck(here, "--exit-zero").returncode == 4


def test_4_if_strict_and_something_lies_outside(here: Path) -> None:
    (here / "t.yaml").write_text(CLEAN + "  L: {Type: AWS::Logs::LogGroup}\n", encoding="utf-8")
    assert srmcheck(here, "t.yaml").returncode == 0
    assert srmcheck(here, "--strict", "t.yaml").returncode == 4


def test_4_an_engine_that_does_not_answer(here: Path) -> None:
    (here / "t.yaml").write_text(CLEAN, encoding="utf-8")
    done = srmcheck(here, "--opa-url", "http://127.0.0.1:9", "t.yaml")
    assert done.returncode == 4
    assert b"OPA" in done.stdout + done.stderr
    assert b"No findings" not in done.stdout


def test_a_plan_of_50_megabytes_is_read(here: Path) -> None:
    bucket = change("aws_s3_bucket.a", "aws_s3_bucket", ["create"], {"bucket": "a", "tags": {"x": "y" * 50_000_000}})
    (here / "plan.json").write_text(plan(bucket), encoding="utf-8")
    done = srmcheck(here, "plan.json")
    assert done.returncode == 1, done.stdout.decode()[:2000]
    assert b"aws_s3_bucket.a" in done.stdout


def test_every_code_has_a_test() -> None:
    from srmcheck import gate

    codes = {gate.CLEAN, gate.FAILED, gate.USAGE, gate.NOTHING, gate.BROKEN}
    tested = {
        int(name.split("_")[1]) for name in globals() if name.startswith("test_") and name.split("_")[1].isdigit()
    }
    assert codes == tested == {0, 1, 2, 3, 4}
