"""The words and options of the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

TOKEN_VARIABLE = "SRMCHECK_OPA_TOKEN"


class Suggested(click.ParamType[str]):
    """One of several words; of a misspelt one the message says which was meant."""

    name = "choice"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "[" + "|".join(self.words) + "]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if text not in self.words:
            self.fail(f"{text!r} is not one of {', '.join(self.words)}.{suggestion(text, self.words)}", param, ctx)
        return text


def suggestion(text: str, words: Sequence[str]) -> str:
    """ " Did you mean ...?" for a misspelt word, or nothing."""
    import difflib

    close = difflib.get_close_matches(text.lower(), words, 1)
    return f" Did you mean {close[0]!r}?" if close else ""


class Output(click.ParamType[tuple[str, Path]]):
    """FORMAT=FILE."""

    name = "FORMAT=FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path]:
        from srmcheck.report import FORMATS

        if isinstance(value, tuple):
            return value
        name, equals, file = str(value).partition("=")
        if not equals or not file:
            self.fail(f"{value!r} is not FORMAT=FILE, as in json=report.json.", param, ctx)
        if name not in FORMATS:
            words = tuple(FORMATS)
            self.fail(f"{name!r} is not one of {', '.join(words)}.{suggestion(name, words)}", param, ctx)
        path = Path(file)
        if path.is_dir():
            self.fail(f"{file!r} is a folder.", param, ctx)
        if not path.parent.is_dir():
            self.fail(f"the folder of {file!r} is not there.", param, ctx)
        return name, path


FORMAT_NAMES = (
    "text",
    "json",
    "matrix",
    "matrix-csv",
    "sarif",
    "sarif-github",
    "github",
    "markdown",
    "junit",
    "gitlab",
)
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

Decorated = Callable[..., Any]


def _options(*options: Callable[[Decorated], Decorated]) -> Callable[[Decorated], Decorated]:
    def decorate(function: Decorated) -> Decorated:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


input_options = _options(
    click.option("--source", type=click.Path(path_type=Path), metavar="DIR", help="Where a plan's .tf files are."),
    click.option(
        "--root",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Nothing outside is read (default: the git work tree of the input).",
    ),
    click.option(
        "--profile", type=Suggested(("default", "all")), default="default", help="Policies of taste too: all."
    ),
)
engine_options = _options(
    click.option("--engine", type=Suggested(("embedded", "opa")), default="embedded", help="What runs the policies."),
    click.option("--opa-url", metavar="URL", help=f"Ask a running OPA (token: {TOKEN_VARIABLE})."),
    click.option("--opa-ca-cert", type=click.Path(path_type=Path), metavar="FILE", help="Its certificate authority."),
    click.option("--opa-client-cert", type=click.Path(path_type=Path), metavar="FILE", help="Our certificate for it."),
    click.option(
        "--opa-client-key", type=click.Path(path_type=Path), metavar="FILE", help="The key of our certificate."
    ),
    click.option(
        "--opa-timeout",
        type=click.FloatRange(0.1, 3600),
        default=30.0,
        metavar="SECONDS",
        help="For one answer (default 30).",
    ),
)
colour_option = click.option(
    "--no-color", "--no-colour", "no_colour", is_flag=True, help="No colours (also: NO_COLOR)."
)
settings_options = _options(
    click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="This settings file."),
    click.option("--no-config", is_flag=True, help="No settings file."),
)
policy_options = _options(
    click.option(
        "--policy-dir",
        "policy_dirs",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Policies of your own, beside those that ship.",
    ),
    click.option(
        "--data",
        "data_files",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Parameters of policies, as YAML or JSON.",
    ),
)
selection_options = _options(
    click.option(
        "--select",
        multiple=True,
        metavar="TERM",
        help="Only these policies: an id or pattern (SRM-S3-*), service:s3, responsibility:network-security, "
        "severity:high, framework:cis_aws_5_0 or framework:cis_aws_5_0:2.1.4.",
    ),
    click.option("--ignore", multiple=True, metavar="TERM", help="Not these policies; terms as for --select."),
)
suppression_options = _options(
    click.option(
        "--inline-ignores/--no-inline-ignores", default=True, help="Ignores in templates count (default), or not."
    ),
    click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="What is in it does not fail."),
)
paths_argument = click.argument("paths", nargs=-1, metavar="[PATHS]...")
