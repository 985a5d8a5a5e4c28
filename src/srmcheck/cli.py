"""The command line: the only place that prints, reads the environment or exits (docs: usage, exit-codes)."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from srmcheck import __version__
from srmcheck.cli_options import (
    FORMAT_NAMES,
    SETTINGS,
    TOKEN_VARIABLE,
    Output,
    Suggested,
    colour_option,
    engine_options,
    input_options,
    paths_argument,
    policy_options,
    selection_options,
    settings_options,
    suppression_options,
)
from srmcheck.cli_policies import bundle_command, policies_command, test_command
from srmcheck.cli_settings import settle
from srmcheck.cli_streams import append, colour, complain, plain, read_stdin, say, width, write, write_all
from srmcheck.gate import BROKEN, CLEAN, NOTHING, USAGE

DEBUG_VARIABLE = "SRMCHECK_DEBUG"
SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
INTERRUPTED = 130
MOST_FAULTS = 50
SILENCED = ("text", "github")
"""The formats that have no word for nothing, where that is allowed."""
GATE_OPTIONS = ("fail_on", "fail_on_unknown", "exit_zero", "strict", "allow_nothing")

_EPILOG = """\b
Examples:
  terraform show -json tfplan > plan.json && srmcheck plan.json
  srmcheck infra/                        every template below a folder
  terraform show -json tfplan | srmcheck -
  srmcheck --format matrix plan.json     the Shared Responsibility Model of it
  srmcheck --output json=report.json --fail-on high plan.json

\b
Commands:
  srmcheck policies list | show ID | new ID
  srmcheck explain ADDRESS [PATHS]       one resource as it was evaluated
  srmcheck graph [PATHS]                 the documents that policies see
  srmcheck baseline write [PATHS] -o F   what there is now, so that only new findings fail
  srmcheck bundle -o F                   the policies for an OPA server
  srmcheck test DIR                      policies of your own, tried on their fixtures

\b
Exit codes:
  0 clean   1 findings at or above --fail-on   2 wrong usage
  3 nothing to check   4 something could not be checked
"""


@click.command(
    "srmcheck", context_settings=SETTINGS, epilog=_EPILOG, short_help="Check templates (the default command)."
)
@click.option(
    "--format", "formats", multiple=True, type=Suggested(FORMAT_NAMES), help="To standard output (default text)."
)
@click.option("--output", "outputs", multiple=True, type=Output(), metavar="FORMAT=FILE", help="To a file.")
@click.option(
    "--fail-on",
    type=Suggested(("critical", "high", "medium", "low", "none")),
    default="medium",
    help="The lowest severity that fails (default medium).",
)
@click.option("--fail-on-unknown/--no-fail-on-unknown", default=False, help="Unknown verdicts fail too.")
@click.option("--exit-zero/--no-exit-zero", default=False, help="Findings never fail.")
@click.option(
    "--strict/--no-strict", default=False, help="What lies outside (modules, types without policies) is an error."
)
@click.option(
    "--allow-nothing/--no-allow-nothing",
    default=False,
    help="Nothing to check is no failure: exit code 0, and nothing is printed for people.",
)
@click.option(
    "--scope",
    type=Suggested(("template", "account")),
    default="template",
    help="account: the templates are an account's baseline.",
)
@click.option("--show-passed/--no-show-passed", default=False, help="List the checks that pass.")
@selection_options
@policy_options
@suppression_options
@input_options
@engine_options
@settings_options
@click.option("--show-config", is_flag=True, help="Print each setting and where it came from, and check nothing.")
@colour_option
@click.version_option(__version__, prog_name="srmcheck", message="%(prog)s %(version)s")
@paths_argument
@click.pass_context
def check_command(context: click.Context, /, paths: tuple[str, ...], **_given: Any) -> int:
    """Check AWS templates before they are deployed, along the Shared Responsibility Model.

    PATHS are Terraform plans as JSON, folders with .tf files, Terraform states, CloudFormation templates, folders with
    any of these, or - for standard input. Default: the current folder.
    """
    from srmcheck.commands.check import check
    from srmcheck.gate import exit_code, is_silent
    from srmcheck.report import FORMATS, Options, render
    from srmcheck.report.options import SUMMARY_BYTES

    options, found = settle(context, paths)
    if options.pop("show_config"):
        from srmcheck.cli_settings import shown_settings

        say(shown_settings(context, options, found, os.environ))
        return CLEAN
    formats: tuple[str, ...] = options.pop("formats")
    outputs: tuple[tuple[str, Path], ...] = options.pop("outputs")
    no_colour: bool = options.pop("no_colour")
    passes = bool(options["show_passed"])
    names = dict.fromkeys(formats or ("text",))
    if any(FORMATS[name].lists_passes for name in (*names, *(name for name, _ in outputs))):
        options["show_passed"] = True
    config = _config(options)
    report, lines = check(config, read_stdin)
    unwritten = write_all(
        (file, render(report, name, Options(read_line=lines, show_passed=passes))) for name, file in outputs
    )
    if is_silent(report, config.gate):
        names = {name: None for name in names if name not in SILENCED}
    if "github" in names and os.environ.get(SUMMARY_VARIABLE):
        summary = Options(read_line=lines, show_passed=passes, most_bytes=SUMMARY_BYTES)
        append(Path(os.environ[SUMMARY_VARIABLE]), render(report, "markdown", summary))
    for name in names:
        say(render(report, name, Options(colour(no_colour), width(), lines, show_passed=passes)))
    if unwritten is not None:
        raise unwritten
    return exit_code(report, config.gate)


@click.command("explain", context_settings=SETTINGS)
@selection_options
@policy_options
@suppression_options
@input_options
@engine_options
@settings_options
@colour_option
@click.argument("address")
@paths_argument
@click.pass_context
def explain_command(context: click.Context, /, paths: tuple[str, ...], **_given: Any) -> int:
    """Show one resource as it was evaluated: its values, where each came from, and which policies looked at it and why
    they passed, failed or could not tell. ADDRESS is a Terraform address or a CloudFormation logical id."""
    from srmcheck.commands.explain import explain

    options, _ = settle(context, paths)
    address, no_colour = options.pop("address"), options.pop("no_colour")
    text, complete = explain(_config(options), address, read_stdin, colour(no_colour))
    say(text)
    return CLEAN if complete else BROKEN


@click.command("graph", context_settings=SETTINGS)
@selection_options
@policy_options
@input_options
@settings_options
@paths_argument
@click.pass_context
def graph_command(context: click.Context, /, paths: tuple[str, ...], **_given: Any) -> int:
    """Print the documents that policies see as `input`, one JSON object a line. Secret values are not in them."""
    from srmcheck.commands.graph import documents
    from srmcheck.report.text import render_diagnostic

    options, _ = settle(context, paths)
    lines, diagnostics = documents(_config(options), read_stdin)
    empty = True
    for line in lines:
        empty = False
        say(line + "\n")
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.level == "error"]
    for diagnostic in errors:
        complain("\n".join(render_diagnostic(diagnostic, plain())))
    if errors:
        return BROKEN
    return NOTHING if empty else CLEAN


@click.group("baseline", context_settings=SETTINGS)
def baseline_command() -> None:
    """The findings that are known, so that only new ones fail."""


@baseline_command.command("write", context_settings=SETTINGS)
@click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path), metavar="FILE", help="Default: that of the settings."
)
@click.option(
    "--fail-on-unknown/--no-fail-on-unknown", default=False, help="With verdicts that cannot be known, as they fail."
)
@click.option(
    "--scope",
    type=Suggested(("template", "account")),
    default="template",
    help="account: the templates are an account's baseline.",
)
@selection_options
@policy_options
@suppression_options
@input_options
@engine_options
@settings_options
@paths_argument
@click.pass_context
def write_command(context: click.Context, /, paths: tuple[str, ...], **_given: Any) -> int:
    """Check PATHS and write what fails to FILE (- is standard output). Findings that an ignore in a template covers are
    left out."""
    from srmcheck.commands.baseline import NO_FILE, written
    from srmcheck.diagnostics import ConfigError
    from srmcheck.gate import exit_code
    from srmcheck.report.text import render_diagnostic

    options, _ = settle(context, paths)
    file: Path | None = options.pop("file") or options["baseline"]
    if file is None:
        raise ConfigError(NO_FILE)
    config = _config({**options, "exit_zero": True})
    text, number, report = written(config, read_stdin)
    for diagnostic in report.diagnostics:
        if diagnostic.level == "error":
            complain("\n".join(render_diagnostic(diagnostic, plain())))
    if str(file) == "-":
        say(text)
    elif report.resources:
        write(file, text)
        say(f"wrote {number:,} finding{'' if number == 1 else 's'} to {file.as_posix()}\n")
    else:
        complain(f"nothing to check: {file.as_posix()} was not written")
    return exit_code(report, config.gate)


COMMANDS: dict[str, click.Command] = {
    "baseline": baseline_command,
    "bundle": bundle_command,
    "explain": explain_command,
    "graph": graph_command,
    "policies": policies_command,
    "test": test_command,
}


def _config(options: dict[str, Any]) -> Any:
    """The settings of a run from the parameters of a command."""
    from srmcheck.config import Config
    from srmcheck.gate import Gate

    gate = {name: options.pop(name) for name in GATE_OPTIONS if name in options}
    options["paths"] = options["paths"] or (".",)
    if "opa_url" in options:
        options["opa_token"] = os.environ.get(TOKEN_VARIABLE) or None
    debug = bool(os.environ.get(DEBUG_VARIABLE))
    today = time.strftime("%Y-%m-%d", time.gmtime())
    return Config(gate=Gate(**gate), debug=debug, today=today, **options)


def run(arguments: Sequence[str]) -> int:
    """One run of the command line; gives the exit code. Nothing is raised: every fault has its message."""
    try:
        return _dispatch(list(arguments))
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        complain(_usage_text(error))
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except BaseException as error:
        return _fault(error)


def _dispatch(arguments: list[str]) -> int:
    command = COMMANDS.get(arguments[0]) if arguments else None
    name, rest = "srmcheck", arguments
    if command is None:
        command = check_command
    else:
        name, rest = f"srmcheck {arguments[0]}", arguments[1:]
    with command.make_context(name, rest) as context:
        return int(command.invoke(context) or 0)


def _usage_text(error: click.ClickException) -> str:
    message = error.format_message()
    if type(error).__name__ == "NoArgsIsHelpError":  # `srmcheck policies`: its help, as click 8.2 raises it
        return message
    text = f"error: {message}"
    possible = getattr(error, "possibilities", None)
    if possible and "Did you mean" not in message:
        text += f" Did you mean {possible[0]}?"
    context = getattr(error, "ctx", None)
    name = context.command_path if context is not None else "srmcheck"
    return f"{text}\n  hint: {name} --help"


def _fault(error: BaseException) -> int:
    """Says what went wrong, without a traceback and without a word of the input."""
    from srmcheck.commands.faults import internal_error
    from srmcheck.diagnostics import ConfigError, PolicyError, SrmcheckError
    from srmcheck.report.text import render_diagnostic

    if isinstance(error, SrmcheckError):
        code = USAGE if isinstance(error, ConfigError) else BROKEN
        diagnostic = error.diagnostic
    else:
        code = BROKEN
        diagnostic = internal_error(error)
    if os.environ.get(DEBUG_VARIABLE):
        import traceback

        traceback.print_exception(error)
    others = error.others if isinstance(error, PolicyError) else ()
    for said in (diagnostic, *others[:MOST_FAULTS]):
        complain("\n".join(render_diagnostic(said, plain())))
    if len(others) > MOST_FAULTS:
        complain(f"and {len(others) - MOST_FAULTS:,} more")
    return code


def main() -> None:
    """The console script."""
    gc.set_threshold(200_000, 20, 50)  # one run makes few cycles and many objects: looking for cycles costs a tenth
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has left. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = BROKEN
    sys.exit(code)
