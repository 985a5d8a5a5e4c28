"""The matrix for spreadsheets: one line for each resource and responsibility, AWS's duties, and what no template shows."""

from __future__ import annotations

import csv
import io

from srmcheck.report.options import Options
from srmcheck.report.style import clean
from srmcheck.report.words import by_level, not_checked, notes
from srmcheck.results import Cell, Report

COLUMNS = (
    "kind",
    "template",
    "address",
    "type",
    "source_type",
    "service",
    "model",
    "responsibility",
    "holder",
    "state",
    "passed",
    "failed",
    "unknown",
    "suppressed",
    "reason",
    "source",
    "watched_by",
)


def render(report: Report, _options: Options) -> str:
    """RFC 4180 with a header, lines ending in a newline. `kind` is "cell", "inherited", "not-visible", "not-checked",
    "note" or "error"; `state` of a cell is "inherited", "checked", "no policy" or "not selected"."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in report.rows:
        about = (row.template, row.address, row.type, row.source_type, row.service, row.model)
        for cell in row.cells:
            numbers = (cell.passed, cell.failed, cell.unknown, cell.suppressed)
            line = ("cell", *about, cell.responsibility, cell.holder, _state(cell), *numbers, cell.reason, cell.source)
            writer.writerow([*(_safe(item) for item in line), ""])
    for key, title in report.inherited:
        writer.writerow(["inherited", *[""] * 6, key, "provider", "inherited", *[""] * 4, _safe(title), "", ""])
    for area in report.responsibilities:
        for item in area.not_visible:
            start = ["not-visible", *[""] * 4, item.service or "", "", area.id, "customer", "not visible", *[""] * 4]
            writer.writerow([*start, _safe(item.summary), "", _safe("; ".join(item.watched_by))])
    for text in not_checked(report):
        writer.writerow(["not-checked", *[""] * 8, "not checked", *[""] * 4, _safe(text), "", ""])
    for text in notes(report):
        writer.writerow(["note", *[""] * 13, _safe(text), "", ""])
    for error in by_level(report, "error"):
        where = _safe(error.file or "")
        writer.writerow(["error", where, *[""] * 7, "not checked", *[""] * 4, _safe(error.summary), "", ""])
    return out.getvalue()


def _state(cell: Cell) -> str:
    if cell.holder == "provider":
        return "inherited"
    if cell.checks:
        return "checked"
    return "not selected" if cell.left_out else "no policy"


def _safe(item: str | int) -> str | int:
    """A text that a spreadsheet does not take for a formula."""
    if isinstance(item, int):
        return item
    text = clean(item)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
