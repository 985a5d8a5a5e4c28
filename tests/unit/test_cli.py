"""The command line: words, faults, streams."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from srmcheck import cli, cli_streams
from srmcheck.cli import COMMANDS, check_command, run
from srmcheck.policy import load_policies
from srmcheck.report import FORMATS
from srmcheck.results import RESPONSIBILITIES


class Streams:
    def __init__(self, capture: pytest.CaptureFixture[bytes]) -> None:
        self.capture = capture

    def run(self, *arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        out, err = self.capture.readouterr()
        return code, out.decode(), err.decode()


@pytest.fixture
def streams(capsysbinary: pytest.CaptureFixture[bytes]) -> Streams:
    return Streams(capsysbinary)


def words_of(option: str) -> tuple[str, ...]:
    found = next(item for item in check_command.params if option in item.opts)
    return found.type.words  # type: ignore[attr-defined,no-any-return]


def test_the_words_are_those_of_the_program() -> None:
    assert words_of("--format") == tuple(FORMATS)
    policies_list = COMMANDS["policies"].commands["list"]  # type: ignore[attr-defined]
    responsibility = next(item for item in policies_list.params if item.name == "responsibility")
    assert responsibility.type.words == RESPONSIBILITIES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "jsn"], "Did you mean 'json'?"),
        (["--fail-on", "hgih"], "Did you mean 'high'?"),
        (["--scope", "acount"], "Did you mean 'account'?"),
        (["--engine", "opal"], "Did you mean 'opa'?"),
        (["--profile", "al"], "Did you mean 'all'?"),
        (["--frmat", "json"], "--format"),
        (["--output", "json"], "is not FORMAT=FILE"),
        (["--output", "jsn=x"], "Did you mean 'json'?"),
        (["--output", "json=no/such/folder/x.json"], "is not there"),
        (["--output", "json=."], "is a folder"),
        (["--opa-timeout", "soon"], "is not a valid float"),
        (["policies", "lst"], "No such command"),
        (["policies", "show", "SRM-S3-03"], "did you mean SRM-S3-003"),
        (["policies", "list", "--service", "s33"], "did you mean s3"),
        (["policies", "list", "--severity", "hihg"], "Did you mean 'high'?"),
        (["policies", "list", "SRM-NO-*"], "No such policy"),
        (["policies", "list", "--type", "AWS::S3::Buket"], "did you mean AWS::S3::Bucket"),
        (["policies", "new", "nonsense", "--service", "s3", "--name", "x"], "Bad policy id"),
        (["explain"], "Missing argument"),
    ],
)
def test_wrong_usage_is_2_and_says_what_was_meant(streams: Streams, arguments: list[str], message: str) -> None:
    code, out, err = streams.run(*arguments)
    assert code == 2
    assert message in err
    assert err.startswith("error: ")
    assert not out


def test_version_and_help(streams: Streams) -> None:
    assert streams.run("--version")[:2] == (0, "srmcheck 0.1.0\n")
    code, out, _ = streams.run("--help")
    assert code == 0
    assert "Examples:" in out and "Exit codes:" in out
    assert streams.run("policies", "--help")[0] == 0


def test_an_internal_error_has_no_traceback_and_quotes_nothing(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_arguments: list[str]) -> int:
        raise ValueError("hunter2")

    monkeypatch.delenv("SRMCHECK_DEBUG", raising=False)
    monkeypatch.setattr(cli, "_dispatch", fail)
    code, out, err = streams.run()
    assert code == 4
    assert err.startswith("error: Internal error\n")
    assert "ValueError" in err and "please report it" in err
    assert "hunter2" not in err and "Traceback" not in err
    assert not out


def test_the_traceback_is_there_for_who_asks(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_arguments: list[str]) -> int:
        raise RecursionError

    monkeypatch.setenv("SRMCHECK_DEBUG", "1")
    monkeypatch.setattr(cli, "_dispatch", fail)
    assert "Traceback" in streams.run()[2]


def test_a_panic_that_is_no_exception_is_caught(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def fail(_arguments: list[str]) -> int:
        raise PanicException

    monkeypatch.setattr(cli, "_dispatch", fail)
    code, _, err = streams.run()
    assert code == 4
    assert "PanicException" in err


def test_ctrl_c(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_dispatch", fail)
    assert streams.run() == (130, "", "interrupted\n")


def test_colour_only_on_a_terminal_and_only_if_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not cli_streams.colour(False)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert cli_streams.colour(False)
    assert not cli_streams.colour(True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not cli_streams.colour(False)
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "dumb")
    assert not cli_streams.colour(False)


def test_what_the_terminal_cannot_show_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "ascii"))
    cli_streams.say("caf\u00e9\n")
    assert raw.getvalue() == b"caf\\xe9\n"


def test_policies_are_listed_and_filtered(streams: Streams) -> None:
    code, out, _ = streams.run("policies", "list", "--service", "s3")
    assert code == 0
    ids = [line.split()[0] for line in out.splitlines()]
    assert ids == [policy.id for policy in load_policies(profile="all").policies if policy.service == "s3"]
    assert "SRM-S3-009" in ids


@pytest.mark.parametrize("group", ["policies", "baseline"])
def test_a_group_without_a_command_is_answered_with_its_help(streams: Streams, group: str) -> None:
    _, out, err = streams.run(group)
    assert (out + err).startswith(f"Usage: srmcheck {group} ")
    assert "error:" not in out + err


def test_a_filter_that_nothing_meets_is_nothing(streams: Streams) -> None:
    assert streams.run("policies", "list", "--service", "s3", "--responsibility", "os-security")[:2] == (3, "")


def test_a_policy_is_shown(streams: Streams) -> None:
    code, out, _ = streams.run("policies", "show", "srm-rds-003")
    assert code == 0
    assert "severity:        critical" in out
    assert "AWS::RDS::DBInstance: " in out
    assert "fix (terraform): " in out


def test_a_policy_is_started(streams: Streams, tmp_path: Path) -> None:
    arguments: list[Any] = [
        "policies",
        "new",
        "ACME-S3-001",
        "--service",
        "s3",
        "--name",
        "mine",
        "--dir",
        str(tmp_path),
    ]
    code, out, _ = streams.run(*arguments)
    assert code == 0
    assert (tmp_path / "policies" / "s3" / "mine.rego").is_file()
    *wrote, after = out.splitlines()
    assert len(wrote) == 4
    assert after.endswith(f"then srmcheck test {tmp_path.as_posix()}")


def test_reports_that_cannot_be_written_are_said(streams: Streams, tmp_path: Path) -> None:
    from srmcheck.diagnostics import SrmcheckError

    with pytest.raises(SrmcheckError, match="cannot be written"):
        cli_streams.write(tmp_path / "gone" / "x", "text")
