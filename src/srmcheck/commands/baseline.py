"""`srmcheck baseline write`: what fails now, so that from then on only new findings fail (docs: suppressions)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from srmcheck.commands.check import check
from srmcheck.config import Config
from srmcheck.diagnostics import Diagnostic
from srmcheck.results import Report
from srmcheck.suppress.baseline import baseline_findings, baseline_text

NO_FILE = Diagnostic(
    "No file for the baseline",
    detail="Neither the command line nor a settings file names one.",
    hint="srmcheck baseline write PATHS -o srmcheck-baseline.json",
)


def written(config: Config, read_stdin: Callable[[], bytes]) -> tuple[str, int, Report]:
    """The text of the baseline of a run, how many findings it has, and the report. What another baseline says counts for
    nothing. Raises what `check` raises."""
    report, _ = check(replace(config, baseline=None, show_passed=False), read_stdin)
    kept = baseline_findings(report.findings, unknown=config.gate.fail_on_unknown)
    return baseline_text(kept), len(kept), report
