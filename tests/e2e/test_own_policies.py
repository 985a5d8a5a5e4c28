"""Policies of one's own, through the program as users start it (docs: own-policies)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.opa import opa_process, require_opa
from tests.own_policies import POLICY, RAISING, TEMPLATE, TERRAFORM, write

ID = "ACME-S3-001"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    write(tmp_path / "acme")
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def srmcheck(folder: Path, *arguments: str, opa: bool = False) -> tuple[int, str, str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "SRMCHECK_DEBUG")}
    if opa:
        environment["PATH"] = f"{Path(require_opa()).parent}{os.pathsep}{environment.get('PATH', '')}"
    command = [sys.executable, "-m", "srmcheck", *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=environment, check=False, timeout=300
    )
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done.returncode, done.stdout, done.stderr


OWN = ("--policy-dir", "acme/policies")
ENGINES: tuple[list[str], ...] = ([], ["--engine", "opa"])


@pytest.mark.parametrize("engine", ENGINES)
def test_they_judge(here: Path, engine: list[str]) -> None:
    code, out, err = srmcheck(here, "t.yaml", *OWN, "--select", "ACME-*", "--format", "json", *engine, opa=bool(engine))
    assert (code, err) == (1, "")
    report = json.loads(out)
    (finding,) = report["findings"]
    assert (finding["policy_id"], finding["resource"], finding["line"]) == (ID, "Nobodys", 6)
    assert finding["frameworks"] == {"acme_baseline": ["4.2"]}
    assert report["summary"]["verdicts"] == {"fail": 1, "pass": 1, "unknown": 0, "suppressed": 0}


def test_the_engines_print_the_same(here: Path) -> None:
    plain = [srmcheck(here, "t.yaml", *OWN, *engine, opa=True) for engine in ENGINES]
    assert plain[0] == plain[1]


def test_they_are_shown_like_the_others(here: Path) -> None:
    code, out, _ = srmcheck(here, "policies", "list", "--framework", "acme_baseline", *OWN)
    assert (code, [line.split()[0] for line in out.splitlines()]) == (0, [ID])
    code, out, _ = srmcheck(here, "policies", "show", ID, *OWN)
    assert "source: acme/policies/s3/owner_tag.rego:1" in out
    assert "Passes when" not in out and "fails:" not in out  # it has no page: its METADATA says all there is
    assert 'parameter key = "Owner" (string): The tag that names the owner' in out
    code, out, _ = srmcheck(here, "explain", "Mine", "t.yaml", *OWN)
    assert code == 0 and f"pass    {ID}" in out
    code, out, _ = srmcheck(here, "graph", "t.yaml", *OWN, "--select", ID)
    assert json.loads(out.splitlines()[0])["resource"]["properties"] == {"Tags": [{"Key": "Owner", "Value": "me"}]}
    code, out, _ = srmcheck(here, "t.yaml", *OWN, "--select", "framework:acme_baseline:4.2", "--format", "sarif")
    (run,) = json.loads(out)["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [ID]
    code, out, _ = srmcheck(here, "t.yaml", *OWN, "--format", "matrix")
    assert code == 1


def test_without_them_they_are_unknown(here: Path) -> None:
    assert srmcheck(here, "policies", "show", ID)[0] == 2
    assert srmcheck(here, "t.yaml", "--select", ID)[0] == 2


def test_a_settings_file_names_them(here: Path) -> None:
    (here / "srmcheck.yaml").write_text(f"policy-dir: acme/policies\ndata: d.yaml\nselect: {ID}\n", encoding="utf-8")
    (here / "d.yaml").write_text(f"{ID}: {{key: Nobody}}\n", encoding="utf-8")
    out = srmcheck(here, "t.yaml", "--format", "json")[1]
    assert [finding["resource"] for finding in json.loads(out)["findings"]] == ["Mine", "Nobodys"]
    assert ID in srmcheck(here, "policies", "list")[1]
    shown = srmcheck(here, "--show-config")[1]
    assert "acme/policies" in shown and "srmcheck.yaml:1" in shown


def test_data(here: Path) -> None:
    (here / "d.yaml").write_text(f"{ID}:\n  key: Team\n", encoding="utf-8")
    code, out, _ = srmcheck(here, "t.yaml", *OWN, "--data", "d.yaml", "--select", ID, "--format", "json")
    assert [finding["resource"] for finding in json.loads(out)["findings"]] == ["Mine", "Nobodys"]
    out = srmcheck(here, "policies", "show", ID, *OWN, "--data", "d.yaml")[1]
    assert 'parameter key = "Team" (string, else "Owner")' in out
    (here / "d.yaml").write_text(f"{ID}:\n  kye: Team\n", encoding="utf-8")
    code, _, err = srmcheck(here, "t.yaml", *OWN, "--data", "d.yaml")
    assert code == 2
    assert "error: Unknown parameter\n  --> d.yaml:2" in err and "did you mean key?" in err


@pytest.mark.parametrize(
    ("old", "new", "summary", "at"),
    [
        ("settled contains [] if is_owned", "settled contains [] if deep\n\ndeep if deep", "Recursion", "deep if deep"),
        (
            "settled contains [] if is_owned",
            "settled contains [] if http.send({})",
            "Built-in function is not allowed",
            "http.send",
        ),
        (
            "settled contains [] if is_owned",
            "settled contains [] if tags.none(1)",
            "Function that does not exist",
            "tags.none",
        ),
        ("#   severity: high\n", "", "Bad METADATA", "# custom"),
        ("'Tags[].Key'", "'Tags[].Kye'", "Path that the type does not have", "Kye"),
    ],
)
def test_a_policy_that_is_refused(here: Path, old: str, new: str, summary: str, at: str) -> None:
    file = here / "acme/policies/s3/owner_tag.rego"
    text = POLICY.replace(old, new)
    line = text[: text.rindex(at)].count("\n") + 1
    file.write_text(text, encoding="utf-8")
    for arguments in (["t.yaml"], ["policies", "list"], ["explain", "Mine", "t.yaml"], ["bundle", "-o", "b.tar.gz"]):
        code, out, err = srmcheck(here, *arguments, *OWN)
        assert (code, out) == (4, "")
        assert f"error: {summary}\n  --> acme/policies/s3/owner_tag.rego:{line}" in err


def test_folders_and_files_that_are_not_there(here: Path) -> None:
    assert srmcheck(here, "t.yaml", "--policy-dir", "none")[0] == 2
    assert srmcheck(here, "t.yaml", "--data", "none.yaml")[0] == 2
    code, _, err = srmcheck(here, "t.yaml", "--policy-dir", "acme")
    assert code == 4 and "did you mean --policy-dir acme/policies?" in err


@pytest.mark.parametrize("engine", ENGINES)
def test_a_policy_that_raises_hides_nothing(here: Path, engine: list[str]) -> None:
    (here / "acme/policies/s3/raising.rego").write_text(RAISING, encoding="utf-8")
    (here / "u.yaml").write_text(TEMPLATE.replace("Value: me", "Value: 10.0.0.1"), encoding="utf-8")
    arguments = ("t.yaml", "u.yaml", *OWN, "--select", "ACME-*", "--format", "json", "--show-passed", *engine)
    code, out, _ = srmcheck(here, *arguments, opa=bool(engine))
    report = json.loads(out)
    assert code == 4
    verdicts = {(one["template"], one["resource"], one["policy_id"], one["verdict"]) for one in report["findings"]}
    assert verdicts == {
        *((template, "Mine", ID, "pass") for template in ("t.yaml", "u.yaml")),
        *((template, "Nobodys", ID, "fail") for template in ("t.yaml", "u.yaml")),
        ("u.yaml", "Mine", "ACME-S3-002", "fail"),
        *((template, "Nobodys", "ACME-S3-002", "pass") for template in ("t.yaml", "u.yaml")),
    }
    (error,) = report["errors"]
    assert error["summary"] == "Policy raised an error"
    assert error["file"] == "acme/policies/s3/raising.rego"
    assert error["line"] == RAISING[: RAISING.index("net.cidr_contains")].count("\n") + 1
    code, out, _ = srmcheck(here, "explain", "Mine", "t.yaml", *OWN, *engine, opa=bool(engine))
    assert code == 4
    assert "error   ACME-S3-002" in out and f"pass    {ID}" in out


def test_a_server_with_the_bundle(here: Path) -> None:
    code, out, _ = srmcheck(here, "bundle", "--output", "bundle.tar.gz", *OWN)
    assert code == 0 and "wrote" in out and "sha256:" in out
    assert srmcheck(here, "bundle", "--output", "plain.tar.gz")[0] == 0
    plain = srmcheck(here, "t.yaml", *OWN)
    with opa_process("--bundle", str(here / "bundle.tar.gz")) as url:
        assert srmcheck(here, "t.yaml", *OWN, "--opa-url", url) == plain
        code, _, err = srmcheck(here, "t.yaml", "--opa-url", url)
        assert code == 4 and " ".join(err.split()).endswith("srmcheck bundle --output bundle.tar.gz")
    with opa_process("--bundle", str(here / "plain.tar.gz")) as url:
        assert srmcheck(here, "t.yaml", "--opa-url", url) == srmcheck(here, "t.yaml")
        code, _, err = srmcheck(here, "t.yaml", *OWN, "--opa-url", url)
        assert code == 4 and "OPA server holds other policies" in err
        assert "srmcheck bundle --output bundle.tar.gz --policy-dir acme/policies" in " ".join(err.split())


def test_a_bundle_is_the_same_wherever_the_folder_lies(here: Path) -> None:
    write(here / "elsewhere" / "other")
    for name, folder in (("a", "acme/policies"), ("b", "elsewhere/other/policies")):
        assert srmcheck(here, "bundle", "-o", f"{name}.tar.gz", "--policy-dir", folder)[0] == 0
    assert (here / "a.tar.gz").read_bytes() == (here / "b.tar.gz").read_bytes()
    assert srmcheck(here, "bundle", "-o", "none/a.tar.gz")[0] == 2


# --- srmcheck test ------------------------------------------------------------------------------------------------------


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_tests_that_pass(here: Path) -> None:
    code, out, err = srmcheck(here, "test", "acme", opa=True)
    assert (code, err) == (0, "")
    assert "8 of 8 as the names say (HCL 4, CloudFormation 4)" in out
    assert "2 of 2 pass (embedded engine and opa)" in out
    assert "1 of 1 policy pass: 8 verdicts of fixtures" in out
    assert "FAIL" not in out and "engines: embedded, opa 1." in out
    assert srmcheck(here / "acme", "test", opa=True)[0] == 0
    assert srmcheck(here, "test", ".", "--policy-dir", "acme/policies", "--fixtures", "acme/fixtures")[0] == 0


def test_without_opa_it_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    code, out, _ = srmcheck(here, "test", "acme")
    assert code == 0
    assert "engines: embedded only" in out and "2 of 2 pass (embedded engine)" in out


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        # a verdict that is not the one of the name
        ("fixtures/cloudformation/s3/owner_tag.yaml", "FailOther", "PassOther", "PassOther: fail instead of pass"),
        ("fixtures/terraform/s3/owner_tag/main.tf", "pass_owned", "fail_owned", "fail_owned: pass instead of fail (HCL)"),
        ("fixtures/cloudformation/s3/owner_tag.yaml", "FailOther", "FailElse", "FailElse has no twin"),
        # taken for known while it is unknown
        ("policies/s3/owner_tag.rego", "settled contains [] if is_owned", "settled contains []", "though it may be"),
        # a Rego test
        ("policies/s3/owner_tag_test.rego", "== 1 with", "== 2 with", "test_fail_absent fails under the embedded engine"),
    ],
)  # fmt: skip
def test_tests_that_fail(here: Path, file: str, old: str, new: str, words: str) -> None:
    replace(here / "acme" / file, old, new)
    code, out, _ = srmcheck(here, "test", "acme", opa=True)
    assert code == 1
    assert words in " ".join(out.split())
    assert "FAIL" in out and "0 of 1 policy pass, 1 fail" in out


def test_a_policy_without_fixtures_fails(here: Path) -> None:
    (here / "acme/fixtures/cloudformation/s3/owner_tag.yaml").rename(here / "acme/x.yaml")
    code, out, _ = srmcheck(here, "test", "acme")
    assert code == 0 and "note: there is no CloudFormation fixture" in out
    (here / "acme/fixtures/terraform/s3/owner_tag/main.tf").unlink()
    code, out, _ = srmcheck(here, "test", "acme")
    assert code == 1 and "cloudformation/s3/owner_tag.yaml" in out


def test_what_cannot_be_tried(here: Path) -> None:
    fixture = here / "acme/fixtures/terraform/s3/owner_tag/main.tf"
    fixture.write_text(TERRAFORM + "\nresource {{{\n", encoding="utf-8")
    code, out, _ = srmcheck(here, "test", "acme")
    assert code == 4 and "ERROR" in out and "main.tf" in out
    fixture.write_text(TERRAFORM.replace("fail_other", "other"), encoding="utf-8")
    code, out, _ = srmcheck(here, "test", "acme")
    assert code == 4 and "Fixture is named wrongly" in out
    fixture.write_text(TERRAFORM, encoding="utf-8")
    (here / "acme/policies/s3/owner_tag_test.rego").write_text("package x\n", encoding="utf-8")
    assert srmcheck(here, "test", "acme")[0] == 4
    (here / "acme/policies/s3/owner_tag_test.rego").write_text("package x\n\ntest_a if test_a\n", encoding="utf-8")
    code, out, _ = srmcheck(here, "test", "acme")
    assert code == 4 and "Recursion" in out
    replace(here / "acme/policies/s3/owner_tag.rego", "severity: high", "severity: x")
    code, out, err = srmcheck(here, "test", "acme")
    assert (code, out) == (4, "") and "Bad METADATA" in err


def test_wrong_usage(here: Path) -> None:
    assert srmcheck(here, "test", "none")[0] == 2
    code, _, err = srmcheck(here, "test", ".")
    assert code == 2 and "policies new" in err
    assert srmcheck(here, "test", "acme", "--select", "ACME-S3-9*")[0] == 2
    assert srmcheck(here, "test", "acme", "--select", "SRM-S3-003")[0] == 2


def test_a_policy_that_raises_fails_its_test(here: Path) -> None:
    (here / "acme/policies/s3/raising.rego").write_text(RAISING, encoding="utf-8")
    (here / "acme/fixtures/cloudformation/s3/raising.yaml").write_text(
        TEMPLATE.replace("Mine", "PassMine").replace("Nobodys", "FailNobodys"), encoding="utf-8"
    )
    code, out, _ = srmcheck(here, "test", "acme", "--select", "ACME-S3-002", opa=True)
    assert code == 1 and "stopped at PassMine" in " ".join(out.split())


def test_a_library_has_tests_too(here: Path) -> None:
    (here / "acme/policies/lib/tags_test.rego").write_text(
        'package acme.lib.tags_test\n\nimport data.acme.lib.tags\n\ntest_none if not tags.has({"properties": {}}, ["T"], "x")\n'
        "\ntest_wrong if 1 == 2\n",
        encoding="utf-8",
    )
    code, out, _ = srmcheck(here, "test", "acme", opa=True)
    assert code == 1 and "1 of 2 pass" in out and "test_wrong fails under opa" in out


def test_a_new_policy_is_refused_by_its_tests_until_it_says_something(here: Path) -> None:
    code, out, _ = srmcheck(here, "policies", "new", "ACME-SQS-001", "--type", "AWS::SQS::Queue", "--dir", "acme")
    assert code == 0 and out.splitlines()[-1].endswith("then srmcheck test acme")
    assert "no Terraform fixture" in out  # no table makes this type
    code, out, _ = srmcheck(here, "test", "acme", "--select", "ACME-SQS-001", opa=True)
    assert code == 1
    assert "PassOn: fail instead of pass" in out
    assert srmcheck(here, "t.yaml", *OWN, "--select", "ACME-*")[0] == 1
