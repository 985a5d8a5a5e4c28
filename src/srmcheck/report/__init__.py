"""Reports: pure functions from a Report to text, one module for each format (docs: report)."""

from __future__ import annotations

from srmcheck.report.options import Options
from srmcheck.results import Report

FORMATS = {
    "text": "for people: findings by responsibility, and a summary",
    "json": "for programs: srmcheck.report/v1",
    "matrix": "for people: the Shared Responsibility Model of the templates",
    "matrix-csv": "the same for a spreadsheet",
}


def render(report: Report, name: str, options: Options) -> str:
    """The report in the format called `name` (one of FORMATS). Raises KeyError for any other name."""
    if name == "text":
        from srmcheck.report import text

        return text.render(report, options)
    if name == "json":
        from srmcheck.report import json_v1

        return json_v1.render(report, options)
    if name == "matrix":
        from srmcheck.report import matrix

        return matrix.render(report, options)
    if name == "matrix-csv":
        from srmcheck.report import matrix_csv

        return matrix_csv.render(report, options)
    raise KeyError(name)


__all__ = ["FORMATS", "Options", "render"]
