"""The action and the CI examples: their commands are run as they are written, as the runner would."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from packaging.requirements import Requirement
from tools.lock import LOCK, wanted

import srmcheck
from srmcheck.cli import check_command
from tests.e2e.test_exit_codes import CLEAN, FAILING
from tests.e2e.test_pre_commit import FOLDERS, PARTS

CHECKOUT = Path(__file__).parents[2]
ACTION = yaml.safe_load((CHECKOUT / "action.yml").read_text(encoding="utf-8"))
INSTALL, CHECK = ACTION["runs"]["steps"]
WORKFLOW = yaml.safe_load((CHECKOUT / "examples/github-workflow.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((CHECKOUT / "examples/gitlab-ci.yml").read_text(encoding="utf-8"))["srmcheck"]
BIN = Path(sys.executable).parent
INJECTION = 'x"; touch pwned; $(touch pwned) `touch pwned` ${{ github.token }}'

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


class Runner:
    """As GitHub runs a step with `shell: bash`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.files = folder / "runner"
        self.folder.mkdir()
        self.files.mkdir()
        self.environment = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "RUNNER_TEMP": str(self.files),
            "GITHUB_ACTION_PATH": str(CHECKOUT),
            "GITHUB_REPOSITORY": "o/r",
        }
        for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
            (self.files / name).touch()
            self.environment[name] = str(self.files / name)

    def run(self, step: Mapping[str, Any], values: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """One step; `values` are what its expressions yield."""
        assert "${{" not in step["run"]
        environment = {name: expression(text, values) for name, text in step.get("env", {}).items()}
        script = self.files / "script.sh"
        script.write_text(step["run"], encoding="utf-8")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )

    def outputs(self) -> dict[str, str]:
        text = (self.files / "GITHUB_OUTPUT").read_text(encoding="utf-8")
        return dict(line.split("=", 1) for line in text.splitlines())


def expression(text: str, values: Mapping[str, str]) -> str:
    match = re.fullmatch(r"\$\{\{ ([\w.-]+) \}\}", text)
    assert match is not None, text
    return values[match[1]]


def inputs(**given: str) -> dict[str, str]:
    values = {f"inputs.{name}": item["default"] for name, item in ACTION["inputs"].items()}
    for name, value in given.items():
        key = f"inputs.{name.replace('_', '-')}"
        assert key in values
        values[key] = value
    return values


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    found = Runner(tmp_path)
    (found.folder / "t.yaml").write_text(FAILING, encoding="utf-8")
    return found


def test_no_input_stands_in_a_script_and_each_is_used() -> None:
    text = (CHECKOUT / "action.yml").read_text(encoding="utf-8")
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
    for name in ACTION["inputs"]:
        assert text.count(f"${{{{ inputs.{name} }}}}") == 1, name
    for item in ACTION["outputs"].values():
        assert re.fullmatch(r"\$\{\{ steps\.check\.outputs\.[\w-]+ \}\}", item["value"])
    assert CHECK["id"] == "check"


def test_an_srmcheck_of_this_version_is_not_installed_again(runner: Runner) -> None:
    done = runner.run(INSTALL, {})
    assert (done.returncode, done.stdout) == (0, "")
    assert list(runner.files.glob("srmcheck*")) == []


def test_srmcheck_is_installed_from_the_files_of_the_action(runner: Runner, tmp_path: Path) -> None:
    action = tmp_path / "action"
    action.mkdir()
    for name in (*PARTS, "requirements.lock"):
        shutil.copy(CHECKOUT / name, action / name)
    for name in FOLDERS:
        shutil.copytree(CHECKOUT / name, action / name, ignore=shutil.ignore_patterns("__pycache__"))
    only_python = tmp_path / "bin"
    only_python.mkdir()
    (only_python / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    runner.environment.update({"PATH": f"{only_python}:/usr/bin:/bin", "GITHUB_ACTION_PATH": str(action)})
    pip = {key: value for key, value in os.environ.items() if key.startswith(("PIP_", "SSL_")) or key == "HOME"}
    runner.environment.update(pip)
    done = runner.run(INSTALL, {})
    if done.returncode != 0 and not os.environ.get("CI"):
        pytest.skip(f"pip cannot install here: {done.stdout[-300:]}")
    assert done.returncode == 0, done.stdout
    done = runner.run(CHECK, inputs())
    assert done.returncode == 1, done.stdout
    assert "SRM-LAMBDA-003" in done.stdout


def test_what_the_action_installs_is_pinned_with_hashes_and_meets_the_requirements() -> None:
    pins: dict[str, list[str]] = {}
    blocks = re.split(r"\n(?=[a-z])", LOCK.read_text(encoding="utf-8"))[1:]
    for block in blocks:
        assert "--hash=sha256:" in block, block
        name, version = re.match(r"([a-z0-9-]+)==([^\s;]+)", block).groups()  # type: ignore[union-attr]
        pins.setdefault(name, []).append(version)
    for text in wanted():
        requirement = Requirement(text)
        versions = pins[requirement.name.lower().replace("_", "-")]
        assert all(requirement.specifier.contains(version) for version in versions), text


def test_a_run_with_findings(runner: Runner) -> None:
    done = runner.run(CHECK, inputs(comment_file="srmcheck.md"))
    assert done.returncode == 1
    assert done.stdout.startswith("::warning file=t.yaml,line=4,")
    expected = {"exit-code": "1", "sarif-file": "srmcheck.sarif", "comment-file": "srmcheck.md"}
    assert runner.outputs() == expected
    log = json.loads((runner.folder / "srmcheck.sarif").read_bytes())
    assert len(log["runs"][0]["results"]) == 1
    assert (runner.folder / "srmcheck.md").read_text(encoding="utf-8").startswith("<!-- srmcheck -->")
    assert "1 of 1 check fails" in (runner.files / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8")


def test_a_clean_run_without_files(runner: Runner) -> None:
    (runner.folder / "t.yaml").write_text(CLEAN, encoding="utf-8")
    done = runner.run(CHECK, inputs(sarif_file=""))
    assert done.returncode == 0, done.stdout
    assert runner.outputs() == {"exit-code": "0"}
    assert [item.name for item in runner.folder.iterdir()] == ["t.yaml"]


def test_paths_and_arguments_are_lines(runner: Runner) -> None:
    (runner.folder / "a b").mkdir()
    (runner.folder / "a b" / "-u.yaml").write_text(FAILING.replace("python2.7", "nodejs12.x"), encoding="utf-8")
    done = runner.run(CHECK, inputs(paths="a b\nt.yaml\n", arguments="--exit-zero\n--scope=account\n"))
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("SRM-LAMBDA-003") == 2
    assert "SRM-CLOUDTRAIL-002" in done.stdout


@pytest.mark.parametrize("name", [name.replace("-", "_") for name in ACTION["inputs"]])
def test_nothing_in_an_input_is_run(runner: Runner, name: str) -> None:
    done = runner.run(CHECK, inputs(**{name: INJECTION}))
    assert not [item for item in runner.folder.iterdir() if item.name == "pwned"]
    assert done.returncode in (1, 2, 4), done.stdout
    assert runner.outputs()["exit-code"] == str(done.returncode)


def test_an_output_is_one_line(runner: Runner) -> None:
    done = runner.run(CHECK, inputs(sarif_file="x\nexit-code=0"))
    assert done.returncode == 2
    assert runner.outputs() == {}


def test_a_log_of_another_run_is_not_handed_on(runner: Runner) -> None:
    (runner.folder / "srmcheck.sarif").write_text("old", encoding="utf-8")
    done = runner.run(CHECK, inputs(fail_on="nonsense"))
    assert done.returncode == 2
    assert runner.outputs() == {"exit-code": "2"}


def test_the_workflow_hands_the_action_only_what_it_knows() -> None:
    steps = WORKFLOW["jobs"]["srmcheck"]["steps"]
    (step,) = [item for item in steps if "/srmcheck@" in item.get("uses", "")]
    assert step["uses"].endswith(f"@v{srmcheck.__version__}")
    assert set(step["with"]) <= set(ACTION["inputs"])
    text = (CHECKOUT / "examples/github-workflow.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"steps\.srmcheck\.outputs\.([\w-]+)", text)) <= set(ACTION["outputs"])


GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$GH_LOG"
case "$*" in *--paginate*) printf '%s' "$GH_FOUND" ;; esac
"""


@pytest.mark.parametrize(
    ("found", "call"),
    [
        ("", "api --silent --method POST repos/o/r/issues/7/comments --field body=@srmcheck.md"),
        ("41\n42\n", "api --silent --method PATCH repos/o/r/issues/comments/41 --field body=@srmcheck.md"),
    ],
)
def test_the_comment_of_the_workflow_is_written_once(runner: Runner, tmp_path: Path, found: str, call: str) -> None:
    step = WORKFLOW["jobs"]["srmcheck"]["steps"][-1]
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text(GH, encoding="utf-8")
    (tools / "gh").chmod(0o755)
    log = tmp_path / "gh.log"
    path = f"{tools}:{runner.environment['PATH']}"
    runner.environment.update({"PATH": path, "GH_LOG": str(log), "GH_FOUND": found})
    values = {
        "github.token": "x",
        "github.event.pull_request.number": "7",
        "steps.srmcheck.outputs.comment-file": "srmcheck.md",
    }
    done = runner.run(step, values)
    assert done.returncode == 0, done.stdout
    assert log.read_text(encoding="utf-8").splitlines()[1:] == [call]


def gitlab(folder: Path) -> subprocess.CompletedProcess[str]:
    """The job's script, as GitLab's runner joins its lines."""
    script = "set -eo pipefail\n" + "\n".join(GITLAB["script"])
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), **GITLAB["variables"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=600,
    )


def test_the_job_of_gitlab(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    done = gitlab(tmp_path)
    assert done.returncode == 1, done.stdout
    assert "SRM-LAMBDA-003" in done.stdout
    reports = GITLAB["artifacts"]["reports"]
    (issue,) = json.loads((tmp_path / reports["codequality"]).read_bytes())
    assert issue["location"] == {"path": "t.yaml", "lines": {"begin": 4}}
    assert ElementTree.parse(tmp_path / reports["junit"]).getroot().attrib["failures"] == "1"
    (tmp_path / "t.yaml").write_text(CLEAN, encoding="utf-8")
    done = gitlab(tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_examples_name_this_version() -> None:
    assert GITLAB["variables"]["SRMCHECK_VERSION"] == srmcheck.__version__
    assert GITLAB["before_script"] == ['python3 -m pip install --quiet "srmcheck==$SRMCHECK_VERSION"']


@pytest.mark.parametrize("name", ["ci.md", "formats.md"])
def test_the_pages_name_options_that_are_there(name: str) -> None:
    text = (CHECKOUT / "docs" / name).read_text(encoding="utf-8")
    known = {option for item in check_command.params for option in (*item.opts, *item.secondary_opts)}
    spans = re.findall(r"`[^`\n]+`|args: \[.+\]", text)
    words = {word for span in spans for word in re.findall(r"(?<![\w-])--[a-z][a-z-]*", span)}
    assert len(words) >= 4
    assert words <= known
