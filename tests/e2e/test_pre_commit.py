"""The hook, with the real pre-commit, in a git repository that the test makes.

It is installed by pip from a copy of this checkout, which needs a package index; once it is there, nothing does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_exit_codes import CLEAN, FAILING

CHECKOUT = Path(__file__).parents[2]
PARTS = ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "NOTICE", ".pre-commit-hooks.yaml")
FOLDERS = ("src", "policies")
NO_NETWORK = {"PIP_NO_INDEX": "1", "HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}


class Repository:
    """A git repository with pre-commit."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        self.environment = {
            **kept,
            "PRE_COMMIT_HOME": str(home),
            "PRE_COMMIT_COLOR": "never",
            "GIT_CONFIG_GLOBAL": os.devnull,
            **{f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        folder.mkdir()
        self.git("init", "--quiet")

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )

    def git(self, *arguments: str) -> str:
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip()

    def pre_commit(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "pre_commit", *arguments, **environment)

    def commit(self, **files: str) -> subprocess.CompletedProcess[str]:
        """Writes files (`a__b` is `a.b`) and commits them, without any network."""
        for name, content in files.items():
            (self.folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
        self.git("add", "--all")
        return self.run("git", "commit", "--message", "x", **NO_NETWORK)


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as a repository of hooks."""
    shutil.which("git") or pytest.skip("git is not there")
    folder = tmp_path_factory.mktemp("hook") / "srmcheck"
    repository = Repository(folder, folder)
    for name in PARTS:
        shutil.copy(CHECKOUT / name, folder / name)
    for name in FOLDERS:
        shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "x")
    return folder


@pytest.fixture(scope="module")
def home(hook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the installed hook."""
    home = tmp_path_factory.mktemp("home")
    repository = configured(hook, tmp_path_factory.mktemp("first") / "r", home)
    done = repository.pre_commit("install-hooks")
    if done.returncode != 0 and not os.environ.get("CI"):
        pytest.skip(f"pip cannot install here: {done.stdout[-300:]}")
    assert done.returncode == 0, done.stdout
    return home


def configured(hook: Path, folder: Path, home: Path) -> Repository:
    repository = Repository(folder, home)
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=hook, capture_output=True, text=True, check=True
    ).stdout.strip()
    (folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hook}\n  rev: {revision}\n  hooks:\n  - id: srmcheck\n", encoding="utf-8"
    )
    return repository


@pytest.fixture
def repository(hook: Path, home: Path, tmp_path: Path) -> Iterator[Repository]:
    found = configured(hook, tmp_path / "r", home)
    assert found.pre_commit("install").returncode == 0
    yield found


def test_the_manifest_is_valid(hook: Path, tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", tmp_path)
    done = repository.pre_commit("validate-manifest", str(hook / ".pre-commit-hooks.yaml"))
    assert done.returncode == 0, done.stdout


def test_a_commit_with_findings_is_refused_and_one_without_is_not(repository: Repository) -> None:
    done = repository.commit(t__yaml=FAILING)
    assert done.returncode == 1
    assert "srmcheck" in done.stdout
    assert "Failed" in done.stdout
    assert "SRM-LAMBDA-003" in done.stdout
    assert "t.yaml:4:" in done.stdout
    done = repository.commit(t__yaml=CLEAN)
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout
    assert "SRM-" not in done.stdout
    assert repository.git("log", "--oneline").count("\n") == 0


def test_a_commit_without_such_files_is_not_looked_at(repository: Repository) -> None:
    (repository.folder / "t.yaml").write_text(FAILING, encoding="utf-8")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--no-verify", "--message", "as it was")
    done = repository.commit(README__md="# x\n")
    assert done.returncode == 0, done.stdout
    assert "(no files to check)Skipped" in done.stdout


def test_a_repository_without_templates_passes_without_a_word(repository: Repository) -> None:
    files = {"package__json": '{"name": "x"}\n', "service__yaml": "kind: Service\nmetadata: {name: x}\n"}
    done = repository.commit(**files)
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout
    done = repository.pre_commit("run", "--all-files", "--verbose", **NO_NETWORK)
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if not line.startswith(("srmcheck", "- "))] == []


def test_a_terraform_folder_is_checked_whole(repository: Repository) -> None:
    open_group = 'resource "aws_security_group" "web" {\n  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    cidr_blocks = var.ranges\n  }\n}\n'
    done = repository.commit(main__tf=open_group, variables__tf='variable "ranges" {\n  default = ["0.0.0.0/0"]\n}\n')
    assert done.returncode == 1
    assert "SRM-VPC-001" in done.stdout
    done = repository.commit(variables__tf='variable "ranges" {\n  default = ["10.0.0.0/8"]\n}\n')
    assert done.returncode == 0, done.stdout


def test_a_template_that_cannot_be_read_is_refused(repository: Repository) -> None:
    done = repository.commit(t__yaml="Resources:\n  F: {Type: AWS::S3::Bucket\n")
    assert done.returncode == 1
    assert "- exit code: 4" in done.stdout
    assert "t.yaml" in done.stdout


def test_arguments_narrow_it(repository: Repository) -> None:
    config = repository.folder / ".pre-commit-config.yaml"
    text = config.read_text(encoding="utf-8") + "    args: [--fail-on, high, infra]\n"
    config.write_text(text, encoding="utf-8")
    (repository.folder / "infra").mkdir()
    (repository.folder / "infra" / "t.yaml").write_text(FAILING, encoding="utf-8")
    done = repository.commit(u__yaml="Resources:\n  F: {Type: AWS::S3::Bucket\n")
    assert done.returncode == 0, done.stdout
