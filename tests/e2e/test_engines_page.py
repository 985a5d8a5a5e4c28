"""docs/engines.md: the commands that it names are there, and the server of the page answers as it says."""

from __future__ import annotations

import re
from pathlib import Path

from srmcheck.cli import COMMANDS, check_command
from srmcheck.engine.lint.faults import FAULTS
from tests.e2e.test_own_policies import srmcheck
from tests.opa import opa_process
from tests.own_policies import TEMPLATE

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "engines.md").read_text(encoding="utf-8")
OPA_OPTIONS = {"--server", "--addr", "--bundle", "--capabilities", "--strict"}


def test_options_and_commands_are_there() -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE)) - OPA_OPTIONS
    known = {
        option for command in (check_command, COMMANDS["bundle"]) for item in command.params for option in item.opts
    }
    assert named >= {"--opa-url", "--opa-client-cert", "--policy-dir", "--output"}
    assert named <= known
    assert set(re.findall(r"srmcheck ([a-z]+) --", PAGE)) <= COMMANDS.keys()


def test_the_server_of_the_page(tmp_path: Path) -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    write, serve, ask = block.splitlines()
    assert srmcheck(tmp_path, *write.split()[1:])[0] == 0
    (tmp_path / "plan.json").write_text(TEMPLATE, encoding="utf-8")  # what a file is, its content says
    assert serve.split()[:3] == ["opa", "run", "--server"] and serve.split()[-2:] == ["--bundle", "bundle.tar.gz"]
    with opa_process("--bundle", str(tmp_path / "bundle.tar.gz")) as url:
        words = [url if word.startswith("http://") else word for word in ask.split()[1:]]
        assert srmcheck(tmp_path, *words) == srmcheck(tmp_path, "plan.json")


def test_complaints_of_the_lint_are_on_the_page() -> None:
    assert [summary for summary, _ in FAULTS.values() if summary not in PAGE] == []
