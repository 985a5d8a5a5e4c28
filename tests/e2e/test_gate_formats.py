"""The gate as a pipeline meets it: several formats in one run, the step summary, and nothing to check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from tests.e2e.test_exit_codes import CLEAN, FAILING, srmcheck


def test_several_formats_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING + CLEAN.split("\n", 1)[1].replace("F:", "G:"), encoding="utf-8")
    outputs = [
        f"--output={name}={name}.out" for name in ("sarif", "sarif-github", "junit", "gitlab", "markdown", "json")
    ]
    done = srmcheck(tmp_path, *outputs, "t.yaml")
    assert done.returncode == 1, done.stderr.decode()
    assert done.stdout.decode().count("SRM-LAMBDA-003 Functions") == 1
    for name in ("sarif", "sarif-github"):
        (result,) = json.loads((tmp_path / f"{name}.out").read_bytes())["runs"][0]["results"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "t.yaml"
        assert place["region"]["startLine"] == 4
        assert place["region"]["snippet"]["text"].startswith("python2.7")
    suite = ElementTree.parse(tmp_path / "junit.out").getroot()[0]
    assert suite.attrib["tests"] == "2"
    assert suite.attrib["failures"] == "1"
    assert json.loads((tmp_path / "gitlab.out").read_bytes())[0]["check_name"] == "SRM-LAMBDA-003"
    # a pass is a part of junit, but not of what nobody asked to list it
    assert {item["verdict"] for item in json.loads((tmp_path / "json.out").read_bytes())["findings"]} == {"fail"}


def test_annotations_come_with_a_step_summary_that_is_appended(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    done = srmcheck(tmp_path, "--format", "github", "t.yaml", environment={"GITHUB_STEP_SUMMARY": str(summary)})
    assert done.returncode == 1
    assert done.stdout.startswith(b"::warning file=t.yaml,line=4,col=27,title=SRM-LAMBDA-003 (medium)%3A ")
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- srmcheck -->\n### srmcheck: 1 of 1 check fails")
    assert "SRM-LAMBDA-003" in text


def test_no_other_format_writes_a_step_summary(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    summary = tmp_path / "summary.md"
    srmcheck(tmp_path, "--format", "markdown", "t.yaml", environment={"GITHUB_STEP_SUMMARY": str(summary)})
    assert not summary.exists()


def test_a_summary_that_cannot_be_written_changes_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    done = srmcheck(tmp_path, "--format", "github", "t.yaml", environment={"GITHUB_STEP_SUMMARY": str(tmp_path)})
    assert done.returncode == 1
    assert b"note: the step summary cannot be written" in done.stderr


def test_nothing_to_check_is_quiet_if_it_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x"}', encoding="utf-8")
    done = srmcheck(tmp_path, "--allow-nothing", "--output", "json=report.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    summary = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    done = srmcheck(tmp_path, "--allow-nothing", "--format", "github", environment=summary)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert not (tmp_path / "summary.md").exists()
    assert b"warning title=srmcheck%3A nothing was checked" in srmcheck(tmp_path, "--format", "github").stdout
    assert json.loads((tmp_path / "report.json").read_bytes())["summary"]["resources"] == 0
    assert srmcheck(tmp_path).returncode == 3


def test_something_to_check_is_not_quiet(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    done = srmcheck(tmp_path, "--allow-nothing")
    assert done.returncode == 1
    assert b"SRM-LAMBDA-003" in done.stdout
    (tmp_path / "u.yaml").write_text("Resources:\n  F: {Type: AWS::S3::Bucket\n", encoding="utf-8")
    assert srmcheck(tmp_path, "--allow-nothing").returncode == 4


def test_files_are_written_even_if_nobody_reads_the_rest(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    command = [sys.executable, "-m", "srmcheck", "--show-passed", "--output", "json=report.json", "t.yaml"]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=300)
    finally:
        os.close(writing)
    assert done.returncode == 4
    assert b"Traceback" not in done.stderr
    assert json.loads((tmp_path / "report.json").read_bytes())["findings"]


def test_a_file_that_cannot_be_written_hides_neither_the_others_nor_the_report(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    (tmp_path / "loop").symlink_to("loop")
    done = srmcheck(tmp_path, "--output", "json=loop", "--output", "gitlab=g.json", "t.yaml")
    assert done.returncode == 4
    assert b"Report cannot be written" in done.stderr
    assert b"SRM-LAMBDA-003" in done.stdout
    assert json.loads((tmp_path / "g.json").read_bytes())
