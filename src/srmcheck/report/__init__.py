"""Reports: pure functions from a Report to text, one module for each format (docs: formats)."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import NamedTuple

from srmcheck.report.options import Options
from srmcheck.results import Report


class Format(NamedTuple):
    """One format: what it is for, the module and function that write it, and whether passes are a part of it without
    being asked for."""

    about: str
    module: str
    function: str = "render"
    lists_passes: bool = False


FORMATS: dict[str, Format] = {
    "text": Format("for people: findings by responsibility, and a summary", "text"),
    "json": Format("for programs: srmcheck.report/v1", "json_v1"),
    "matrix": Format("for people: the Shared Responsibility Model of the templates", "matrix"),
    "matrix-csv": Format("the same for a spreadsheet", "matrix_csv"),
    "sarif": Format("SARIF 2.1.0: everything, as the standard says it", "sarif"),
    "sarif-github": Format(
        "SARIF for GitHub code scanning: what it takes for an alert, no more", "sarif", "render_github"
    ),
    "github": Format("annotations of GitHub Actions, and the step summary", "github"),
    "markdown": Format("a comment on a pull or merge request", "markdown"),
    "junit": Format("JUnit XML: one test case for each policy and resource", "junit", lists_passes=True),
    "gitlab": Format("GitLab's code quality report", "gitlab"),
}


def render(report: Report, name: str, options: Options) -> str:
    """The report in the format called `name` (one of FORMATS). Raises KeyError for any other name."""
    entry = FORMATS[name]
    if not (options.show_passed or entry.lists_passes):
        report = replace(report, findings=tuple(item for item in report.findings if item.verdict != "pass"))
    function = getattr(import_module(f"srmcheck.report.{entry.module}"), entry.function)
    return str(function(report, options))


__all__ = ["FORMATS", "Format", "Options", "render"]
