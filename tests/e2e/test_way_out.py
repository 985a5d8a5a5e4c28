"""Ignores, baseline, selection and settings, through the program as users start it (docs: suppressions, configuration)."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_exit_codes import srmcheck

BUCKET = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"
FUNCTION = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {Runtime: python2.7, Handler: x.y}\n"
RUNTIME = "SRM-LAMBDA-003"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "t.yaml").write_text(FUNCTION, encoding="utf-8")
    return tmp_path


def ignored(until: str = "") -> str:
    end = f" until={until}" if until else ""
    return FUNCTION.replace("  F:\n", f'  # srmcheck:ignore {RUNTIME} reason="migrated in spring"{end}\n  F:\n')


def report(folder: Path, *arguments: str) -> dict[str, Any]:
    done = srmcheck(folder, "--format", "json", *arguments)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def of(found: dict[str, Any], policy_id: str = RUNTIME) -> list[dict[str, Any]]:
    return [item for item in found["findings"] if item["policy_id"] == policy_id]


# --- inline ignores -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("until", ["", "2999-12-31"])
def test_an_ignore_lets_it_pass_and_is_shown(here: Path, until: str) -> None:
    (here / "t.yaml").write_text(ignored(until), encoding="utf-8")
    done = srmcheck(here, "--select", RUNTIME, "t.yaml")
    assert done.returncode == 0
    assert b"1 suppressed" in done.stdout and b"migrated in spring" in done.stdout
    (item,) = of(report(here, "t.yaml"))
    assert item["verdict"] == "suppressed"
    assert item["suppression"] == {
        "kind": "inline",
        "verdict": "fail",
        "reason": "migrated in spring",
        "until": until or None,
        "file": "t.yaml",
        "line": 2,
    }
    summary = report(here, "--select", RUNTIME, "t.yaml")["summary"]
    assert summary["verdicts"] == {"fail": 0, "pass": 0, "unknown": 0, "suppressed": 1}


def test_one_that_has_ended_does_not(here: Path) -> None:
    (here / "t.yaml").write_text(ignored("2020-01-31"), encoding="utf-8")
    found = report(here, "t.yaml")
    assert of(found)[0]["verdict"] == "fail"
    assert [(item["summary"], item["line"]) for item in found["notes"]] == [("Ignore has ended", 2)]
    assert srmcheck(here, "--select", RUNTIME, "t.yaml").returncode == 1


def test_no_inline_ignores(here: Path) -> None:
    (here / "t.yaml").write_text(ignored("2020-01-31"), encoding="utf-8")
    found = report(here, "--no-inline-ignores", "t.yaml")
    assert of(found)[0]["verdict"] == "fail" and not found["notes"]


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        (f"# srmcheck:ignore {RUNTIME}", (b"Ignore without a reason", b"t.yaml:2:3", b"say why")),
        (
            "# srmcheck:ignore SRM-LAMDBA-003 reason='x'",
            (b"Ignore of an unknown policy", b"did you mean SRM-LAMBDA-003?"),
        ),
        (f"# srmcheck:ignore {RUNTIME} reason='x' until=2027-13-01", (b"Date of an ignore not readable",)),
        ("# srmcheck:ignroe SRM-LAMBDA-003 reason='x'", (b"Unknown directive",)),
    ],
)
def test_an_ignore_that_is_wrong_is_4(here: Path, comment: str, words: tuple[bytes, ...]) -> None:
    (here / "t.yaml").write_text(FUNCTION.replace("  F:\n", f"  {comment}\n  F:\n"), encoding="utf-8")
    done = srmcheck(here, "t.yaml")
    assert done.returncode == 4
    assert all(word in done.stdout for word in words), done.stdout.decode()


def test_one_of_no_use_is_noted_and_fails_nothing(here: Path) -> None:
    text = FUNCTION.replace("python2.7", "python3.14").replace(
        "  F:\n", "  F: # srmcheck:ignore SRM-LAMBDA-003 reason='x'\n"
    )
    (here / "t.yaml").write_text(text + BUCKET.partition("\n")[2], encoding="utf-8")
    found = report(here, "--select", RUNTIME, "--select", "SRM-S3-003", "t.yaml")
    assert "Ignore of no use" in {item["summary"] for item in found["notes"]}
    assert srmcheck(here, "--strict", "--exit-zero", "--select", "service:s3", "t.yaml").returncode == 0


def test_explain_says_what_suppresses(here: Path) -> None:
    (here / "t.yaml").write_text(ignored(), encoding="utf-8")
    done = srmcheck(here, "explain", "F", "t.yaml")
    assert b"suppressed SRM-LAMBDA-003" in done.stdout
    assert b"suppressed by t.yaml:2: migrated in spring" in done.stdout
    assert b"suppressed by" not in srmcheck(here, "explain", "--no-inline-ignores", "F", "t.yaml").stdout


# --- baseline -----------------------------------------------------------------------------------------------------------


def test_only_what_is_new_fails(here: Path) -> None:
    done = srmcheck(here, "baseline", "write", "t.yaml", "-o", "known.json")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.startswith(b"wrote ")
    before = (here / "known.json").read_bytes()
    done = srmcheck(here, "--baseline", "known.json", "t.yaml")
    assert done.returncode == 0, done.stdout.decode()
    assert b"of the baseline" in done.stdout
    assert of(report(here, "--baseline", "known.json", "t.yaml"))[0]["suppression"]["kind"] == "baseline"

    (here / "t.yaml").write_text(
        "# moved\n\n" + FUNCTION + FUNCTION.partition("\n")[2].replace("F:", "G:"), encoding="utf-8"
    )
    done = srmcheck(here, "--baseline", "known.json", "--select", RUNTIME, "t.yaml")
    assert done.returncode == 1
    found = report(here, "--baseline", "known.json", "t.yaml")
    assert {item["resource"]: item["verdict"] for item in of(found)} == {"F": "suppressed", "G": "fail"}

    # Written anew, it does not see the old one; and it is the same file while nothing changes.
    (here / "t.yaml").write_text(FUNCTION, encoding="utf-8")
    srmcheck(here, "baseline", "write", "--baseline", "known.json", "t.yaml", "-o", "known.json")
    assert (here / "known.json").read_bytes() == before
    assert srmcheck(here, "baseline", "write", "t.yaml", "-o", "-").stdout == before


def test_what_is_gone_is_told_with_the_command(here: Path) -> None:
    srmcheck(here, "baseline", "write", "--select", RUNTIME, "t.yaml", "-o", "known.json")
    (here / "t.yaml").write_text(FUNCTION.replace("python2.7", "python3.14"), encoding="utf-8")
    found = report(here, "--baseline", "known.json", "--select", RUNTIME, "t.yaml")
    (note,) = [item for item in found["notes"] if "gone" in item["summary"]]
    assert "1 of 1 no longer stand: SRM-LAMBDA-003 on F." in note["detail"]
    command = note["hint"].removeprefix("write it anew: ")
    assert command == "srmcheck baseline write --select SRM-LAMBDA-003 t.yaml -o known.json"
    assert srmcheck(here, *shlex.split(command)[1:]).returncode == 0
    assert json.loads((here / "known.json").read_text(encoding="utf-8"))["findings"] == []
    # A policy that does not run says nothing about it, nor does another template.
    srmcheck(here, "baseline", "write", "t.yaml", "-o", "known.json")
    (here / "b.yaml").write_text(BUCKET, encoding="utf-8")
    notes = report(here, "--baseline", "known.json", "b.yaml")["notes"]
    assert not any("gone" in item["summary"] for item in notes)


def test_a_baseline_of_other_templates_is_told(here: Path) -> None:
    srmcheck(here, "baseline", "write", "t.yaml", "-o", "known.json")
    (here / "b.yaml").write_text(BUCKET, encoding="utf-8")
    notes = report(here, "--baseline", "known.json", "b.yaml")["notes"]
    assert "Baseline of other templates" in {item["summary"] for item in notes}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, b"No such file"),
        ("{", b"no JSON"),
        ('{"schema": "srmcheck.baseline/v9", "findings": []}', b"another version"),
        ("[]", b"cannot be used"),
    ],
)
def test_a_baseline_that_cannot_be_used_is_2(here: Path, content: str | None, word: bytes) -> None:
    if content is not None:
        (here / "known.json").write_text(content, encoding="utf-8")
    done = srmcheck(here, "--baseline", "known.json", "t.yaml")
    assert done.returncode == 2 and not done.stdout
    assert word in done.stderr and b"known.json" in done.stderr and b"srmcheck baseline write" in done.stderr


def test_baseline_write_and_its_exit_codes(here: Path) -> None:
    done = srmcheck(here, "baseline", "write", "t.yaml")
    assert done.returncode == 2 and b"-o srmcheck-baseline.json" in done.stderr
    (here / "empty").mkdir()
    done = srmcheck(here, "baseline", "write", "empty", "-o", "known.json")
    assert done.returncode == 3 and not (here / "known.json").exists()
    (here / "broken.yaml").write_text("Resources: {A: {Type: 'AWS::S3::Bucket'", encoding="utf-8")
    done = srmcheck(here, "baseline", "write", "broken.yaml", "t.yaml", "-o", "known.json")
    assert done.returncode == 4 and b"broken.yaml" in done.stderr and (here / "known.json").exists()
    done = srmcheck(here, "baseline", "write", "t.yaml", "-o", "none/known.json")
    assert done.returncode == 4 and b"cannot be written" in done.stderr


def test_ignored_findings_are_not_in_the_baseline(here: Path) -> None:
    (here / "t.yaml").write_text(ignored(), encoding="utf-8")
    srmcheck(here, "baseline", "write", "--select", RUNTIME, "t.yaml", "-o", "known.json")
    assert json.loads((here / "known.json").read_text(encoding="utf-8"))["findings"] == []


def test_unknown_verdicts_are_in_it_if_they_fail(here: Path) -> None:
    text = "Parameters:\n  R: {Type: String}\n" + FUNCTION.replace("python2.7", "!Ref R")
    (here / "t.yaml").write_text(text, encoding="utf-8")
    arguments = ("--fail-on-unknown", "--select", RUNTIME, "t.yaml")
    assert srmcheck(here, *arguments).returncode == 1
    srmcheck(here, "baseline", "write", "--select", RUNTIME, "t.yaml", "-o", "known.json")
    assert srmcheck(here, "--baseline", "known.json", *arguments).returncode == 1
    srmcheck(here, "baseline", "write", *arguments, "-o", "known.json")
    assert srmcheck(here, "--baseline", "known.json", *arguments).returncode == 0
    (here / "t.yaml").write_text(text.replace("Type: String", "Type: String, Default: python2.7"), encoding="utf-8")
    assert srmcheck(here, "--baseline", "known.json", *arguments).returncode == 1  # now it is known to be wrong


# --- selection ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--select", RUNTIME), 1),
        (("--select", "SRM-LAMBDA-*"), 1),
        (("--select", "service:lambda", "--select", "service:s3"), 1),
        (("--select", "service:s3"), 0),
        (("--select", "severity:critical"), 0),
        (("--ignore", "service:lambda"), 0),
        (("--ignore", "service:s3"), 1),
        (("--select", "framework:fsbp:Lambda.2"), 1),
        (("--select", "responsibility:network-security", "--allow-nothing"), 0),
    ],
)
def test_selection_decides_what_runs(here: Path, arguments: tuple[str, ...], code: int) -> None:
    assert srmcheck(here, *arguments, "t.yaml").returncode == code


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--select", "SRM-LAMDBA-003"), (b"No such policy for --select", b"SRM-LAMBDA-003")),
        (("--ignore", "service:lamda"), (b"No such service for --ignore", b"did you mean service:lambda?")),
        (("--select", "framework:cis:1"), (b"No such framework", b"framework:")),
        (("--ignore", "SRM-*"), (b"No policy is left to run",)),
    ],
)
def test_a_mistyped_term_is_2(here: Path, arguments: tuple[str, ...], words: tuple[bytes, ...]) -> None:
    done = srmcheck(here, *arguments, "t.yaml")
    assert done.returncode == 2
    assert all(word in done.stderr for word in words), done.stderr.decode()


def test_policies_not_selected_are_no_gap(here: Path) -> None:
    (here / "t.yaml").write_text(FUNCTION + BUCKET.partition("\n")[2], encoding="utf-8")
    whole, part = report(here, "t.yaml"), report(here, "--select", RUNTIME, "t.yaml")
    areas = {row["id"]: row["resources_without_policies"] for row in part["responsibilities"]}
    assert "B" not in areas["data-protection"]
    assert part["summary"]["types_without_policies"] == whole["summary"]["types_without_policies"]
    assert part["summary"]["policies"] < whole["summary"]["policies"]
    assert "1 of " in next(item["detail"] for item in part["notes"] if item["summary"] == "Policies selected")
    assert srmcheck(here, "--strict", "--exit-zero", "--select", RUNTIME, "t.yaml").returncode == 0
    matrix = srmcheck(here, "--format", "matrix-csv", "--select", RUNTIME, "t.yaml").stdout.decode()
    assert ",not selected," in matrix
    assert " x: yours" in " ".join(
        srmcheck(here, "--format", "matrix", "--select", RUNTIME, "t.yaml").stdout.decode().split()
    )


def test_graph_and_explain_take_a_selection(here: Path) -> None:
    (here / "t.yaml").write_text(BUCKET, encoding="utf-8")
    whole = srmcheck(here, "graph", "t.yaml").stdout
    assert whole and srmcheck(here, "graph", "--select", RUNTIME, "t.yaml").returncode == 3
    one = srmcheck(here, "graph", "--select", "SRM-S3-003", "t.yaml").stdout
    assert b"bucket_policies" in whole and b"bucket_policies" not in one
    done = srmcheck(here, "explain", "--select", "SRM-S3-003", "B", "t.yaml")
    assert b"SRM-S3-003" in done.stdout and b"SRM-S3-002" not in done.stdout


# --- the gate -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 1),
        (("--exit-zero",), 0),
        (("--exit-zero", "--no-exit-zero"), 1),
        (("--fail-on", "high"), 0),
        (("--fail-on", "none"), 0),
        (("--fail-on", "none", "--fail-on-unknown"), 0),
        (("--exit-zero", "--fail-on-unknown"), 0),
        (("--exit-zero", "--strict"), 4),
        (("--strict", "--fail-on", "none"), 4),
        (("--strict", "--no-strict"), 1),
    ],
)
def test_the_options_of_the_gate_hold_together(here: Path, arguments: tuple[str, ...], code: int) -> None:
    (here / "t.yaml").write_text(FUNCTION + "  Q:\n    Type: AWS::Location::Map\n", encoding="utf-8")
    assert srmcheck(here, "--select", RUNTIME, *arguments, "t.yaml").returncode == code


# --- settings -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(here: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(here)], check=True)
    (here / "infra").mkdir()
    (here / "infra" / "t.yaml").write_text(FUNCTION, encoding="utf-8")
    return here


SETTINGS = {
    "srmcheck.yaml": "select: SRM-LAMBDA-003\nfail-on: critical\nformat: json\n",
    "srmcheck.yml": "select: [SRM-LAMBDA-003]\nfail-on: critical\nformat: [json]\n",
    "pyproject.toml": "[tool.srmcheck]\nselect = 'SRM-LAMBDA-003'\nfail-on = 'critical'\nformat = ['json']\n",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_count_and_the_command_line_beats_them(repository: Path, name: str) -> None:
    (repository / name).write_text(SETTINGS[name], encoding="utf-8")
    done = srmcheck(repository, "infra/t.yaml")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert {item["policy_id"] for item in found["findings"]} == {RUNTIME}
    done = srmcheck(repository, "--fail-on", "low", "--format", "text", "--select", "SRM-LAMBDA-*", "infra/t.yaml")
    assert done.returncode == 1 and done.stdout.startswith(b"Application security")
    assert srmcheck(repository, "--no-config", "infra/t.yaml").returncode == 1


def test_a_flag_of_the_settings_is_switched_off(repository: Path) -> None:
    (repository / "srmcheck.yaml").write_text("exit-zero: true\ninline-ignores: false\n", encoding="utf-8")
    (repository / "t.yaml").write_text(ignored(), encoding="utf-8")
    arguments = ("--select", RUNTIME, "t.yaml")
    assert srmcheck(repository, *arguments).returncode == 0
    assert srmcheck(repository, "--no-exit-zero", *arguments).returncode == 1
    assert srmcheck(repository, "--no-exit-zero", "--inline-ignores", *arguments).returncode == 0


def test_settings_of_every_command(repository: Path) -> None:
    (repository / "srmcheck.yaml").write_text("select: SRM-LAMBDA-003\nbaseline: infra/known.json\n", encoding="utf-8")
    done = srmcheck(repository, "baseline", "write", "infra/t.yaml")
    assert done.stdout == b"wrote 1 finding to infra/known.json\n"
    assert srmcheck(repository, "infra/t.yaml").returncode == 0
    done = srmcheck(repository / "infra", "t.yaml")  # the same file, but templates go by the name that is given
    assert done.returncode == 1 and b"Baseline of other templates" in done.stdout
    assert b"SRM-LAMBDA-001" not in srmcheck(repository, "explain", "F", "infra/t.yaml").stdout


def test_show_config(repository: Path) -> None:
    (repository / "srmcheck.yaml").write_text("fail-on: high\nselect: [service:s3, service:kms]\n", encoding="utf-8")
    secret = "hunter2hunter2"
    done = srmcheck(
        repository / "infra",
        *("--show-config", "--strict", "--opa-url", f"https://me:{secret}@opa.example", "t.yaml"),
        environment={"SRMCHECK_OPA_TOKEN": secret, "NO_COLOR": "1"},
    )
    assert done.returncode == 0 and not done.stderr
    rows = {line.split()[0]: line.split() for line in done.stdout.decode().splitlines()[2:]}
    assert done.stdout.startswith(b"settings file: ../srmcheck.yaml\n")
    assert rows["fail-on"][1:] == ["high", "../srmcheck.yaml:1"]
    assert rows["select"][1:] == ["service:s3,", "service:kms", "../srmcheck.yaml:2"]
    assert rows["strict"][1:] == ["true", "command", "line"]
    assert rows["profile"][1:] == ["default", "default"]
    assert rows["opa-url"][1] == "https://***@opa.example"
    assert rows["opa-token"][1:] == ["(not", "shown)", "environment,", "SRMCHECK_OPA_TOKEN"]
    assert rows["no-color"][1:] == ["true", "environment,", "NO_COLOR"]
    assert secret.encode() not in done.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fial-on: high\n", (b"Unknown setting", b"srmcheck.yaml:1", b"did you mean fail-on?")),
        ("strict: true\nselect: service:s4\n", (b"No such service for select", b"srmcheck.yaml:2", b"service:s3")),
        ("root: ..\n", (b"Setting not taken", b"srmcheck.yaml:1", b"--root")),
        ("strict: [\n", (b"Settings file cannot be read", b"srmcheck.yaml:2")),
    ],
)
def test_wrong_settings_are_2(repository: Path, text: str, words: tuple[bytes, ...]) -> None:
    (repository / "srmcheck.yaml").write_text(text, encoding="utf-8")
    done = srmcheck(repository, "infra/t.yaml")
    assert done.returncode == 2 and not done.stdout
    assert all(word in done.stderr for word in words), done.stderr.decode()


def test_config_and_no_config(repository: Path) -> None:
    (repository / "ci.yaml").write_text("exit-zero: true\noutput: {json: report.json}\n", encoding="utf-8")
    assert srmcheck(repository, "--config", "ci.yaml", "t.yaml").returncode == 0
    assert json.loads((repository / "report.json").read_text(encoding="utf-8"))["schema"] == "srmcheck.report/v1"
    assert srmcheck(repository, "--config", "ci.yaml", "--no-config", "t.yaml").returncode == 2
    done = srmcheck(repository, "--config", "none.yaml", "t.yaml")
    assert done.returncode == 2 and b"none.yaml" in done.stderr


def test_a_settings_file_and_a_baseline_are_no_templates(repository: Path) -> None:
    srmcheck(repository, "baseline", "write", ".", "-o", "known.json")
    (repository / "srmcheck.yaml").write_text("baseline: known.json\n", encoding="utf-8")
    done = srmcheck(repository)
    assert done.returncode == 0, done.stdout.decode()
    assert report(repository)["errors"] == []
