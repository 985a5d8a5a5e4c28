"""The report for people: findings by responsibility, with the line, the reason and the remedy, and a summary."""

from __future__ import annotations

from collections.abc import Iterator

from srmcheck.diagnostics import Diagnostic
from srmcheck.report.frame import frame
from srmcheck.report.options import Options
from srmcheck.report.style import Style, clean, columns, count, listed, wrap
from srmcheck.report.words import (
    RESPONSIBILITY_TITLES,
    blocker_text,
    by_level,
    diagnostic_place,
    failing_severities,
    input_kind,
    not_checked,
    notes,
    page_command,
    path_text,
    place_text,
    when_text,
)
from srmcheck.results import SEVERITIES, Finding, Report, ResponsibilityRow

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def render(report: Report, options: Options) -> str:
    """The whole report, ending with a newline."""
    writer = _Writer(report, options)
    return "\n".join(writer.lines()) + "\n"


class _Writer:
    def __init__(self, report: Report, options: Options) -> None:
        self.report = report
        self.options = options
        self.style = Style(options.colour)
        self.width = options.width
        self.several = len({item.template for item in report.inputs}) > 1

    def lines(self) -> Iterator[str]:
        groups: dict[str, list[Finding]] = {}
        for finding in self.report.findings:
            groups.setdefault(finding.responsibility, []).append(finding)
        rows = {row.id: row for row in self.report.responsibilities}
        for area in (*RESPONSIBILITY_TITLES, *sorted(set(groups) - set(RESPONSIBILITY_TITLES))):
            if area in groups:
                yield from self.group(area, groups[area], rows.get(area))
        yield from self.summary()
        yield from self.texts("Not checked", not_checked(self.report))
        yield from self.texts("Notes", notes(self.report))
        for diagnostic in by_level(self.report, "error"):
            yield ""
            yield from self.diagnostic(diagnostic, "error")

    def group(self, area: str, findings: list[Finding], row: ResponsibilityRow | None) -> Iterator[str]:
        title = RESPONSIBILITY_TITLES.get(area, area)
        right = _checks(row) if row else ""
        gap = max(self.width - len(title) - len(right), 2)
        yield self.style("bold", title) + " " * gap + right
        yield self.style("dim", "-" * self.width)
        shown = [finding for finding in findings if finding.folded_into is None]
        fails = [finding for finding in shown if finding.verdict == "fail"]
        for finding in sorted(fails, key=lambda item: _RANK[item.severity]):
            yield from self.failure(finding)
            yield ""
        for verdict, heading in (("unknown", "Cannot be known yet"), ("suppressed", "Suppressed"), ("pass", "Passed")):
            rest = [finding for finding in shown if finding.verdict == verdict]
            if rest:
                yield f"{heading} ({len(rest):,})"
                listed_apart = [finding for finding in rest if not _is_known(finding)]
                for finding in listed_apart:
                    yield from self.short(finding)
                known = len(rest) - len(listed_apart)
                if known:  # a baseline can be long, and who wrote it has read it
                    yield f"  {count(known, 'finding')} of the baseline"
                yield ""

    def failure(self, finding: Finding) -> Iterator[str]:
        severity = self.style(finding.severity, f"{finding.severity:<8}")
        first, *more = wrap(f"{finding.policy_id}  {finding.title}", self.width, " " * 10)
        yield severity + first[8:]
        yield from more
        yield from self.subject(finding)
        place = place_text(finding)
        if place:
            yield f"  {clean(place)}"
        elif finding.source_path:
            yield f"  at {clean(path_text(finding.source_path))}"
        yield from (f"    {line}" for line in self.frame(finding))
        yield from wrap(finding.message, self.width, "  why:   ")
        if finding.when:
            yield from wrap(f"fails when {when_text(finding.when)}", self.width, "  when:  ")
        if finding.remediation:
            yield from wrap(finding.remediation, self.width, "  fix:   ")
        for call in finding.via:
            yield from wrap(f"{call.call}, called at {call.file}:{call.line}", self.width, "  via:   ")
        if finding.also:
            yield from wrap(f"also breaks {', '.join(finding.also)}", self.width, "  also:  ")

    def subject(self, finding: Finding) -> Iterator[str]:
        yield f"  {clean(self.named(finding))}"
        if finding.source_address and finding.source_address != finding.resource:
            yield f"    set in {clean(finding.source_address)}"

    def named(self, finding: Finding) -> str:
        text = finding.resource if finding.resource is not None else "the template as a whole"
        return f"{text} [{finding.template}]" if self.several else text

    def frame(self, finding: Finding) -> list[str]:
        if finding.file is None or finding.line is None:
            return []
        return frame(
            self.options.read_line,
            finding.file,
            finding.line,
            finding.column,
            finding.end_line,
            secret=finding.masked,
            style=self.style,
            colour=finding.severity,
            width=self.width - 4,
        )

    def short(self, finding: Finding) -> Iterator[str]:
        line = f"  {finding.policy_id}  {clean(self.named(finding))}"
        place = clean(place_text(finding))
        if place and columns(line) + 2 + columns(place) <= self.width:
            yield f"{line}  {self.style('dim', place)}"
        else:
            yield line
            if place:
                yield f"      {self.style('dim', place)}"
        if finding.verdict == "unknown":
            reason = "; ".join(dict.fromkeys(blocker_text(item, finding) for item in finding.blocked_by))
            yield from wrap(reason or finding.message, self.width, "      ")
        elif finding.verdict == "suppressed" and finding.suppression:
            until = finding.suppression.get("until")
            reason = finding.suppression.get("reason", "") + (f" (until {until})" if until else "")
            yield from wrap(reason, self.width, "      ")

    def summary(self) -> Iterator[str]:
        report = self.report
        verdicts = report.verdicts
        total = sum(verdicts.get(name, 0) for name in ("fail", "pass", "unknown", "suppressed"))
        fails, unknown = verdicts.get("fail", 0), verdicts.get("unknown", 0)
        broken = any(by_level(report, "error"))
        names = [f"{input_kind(item.kind)} {item.path}" for item in report.inputs]
        if total and not fails and not unknown and not broken:
            yield self.style("pass", "No findings") + f": {verdicts.get('pass', 0):,} of {total:,} checks pass."
        elif total:
            yield self.style("bold", "Summary")
        else:
            nothing = "No policy looks at what is here" if report.resources else "Nothing was checked"
            yield self.style("bold", nothing)
        if names:
            yield from wrap(listed([clean(name) for name in names], 5), self.width, "  ")
        yield f"  {count(report.resources, 'resource')}, {count(report.policies_run, 'policy', 'policies')}, " + count(
            total, "check"
        )
        if fails or unknown or verdicts.get("suppressed"):
            parts = []
            if fails:
                parts.append(self.style("fail", f"{fails:,} fail") + f" ({failing_severities(report)})")
            parts.append(self.style("pass", f"{verdicts.get('pass', 0):,} pass"))
            if unknown:
                parts.append(self.style("unknown", f"{unknown:,} unknown"))
            if verdicts.get("suppressed"):
                parts.append(f"{verdicts['suppressed']:,} suppressed")
            yield f"  {', '.join(parts)}"
        yield from self.page()
        if total:
            yield from self.areas()

    def page(self) -> Iterator[str]:
        """Once for all findings, where a terminal ends: how to read on about the most severe of them."""
        fails = [item for item in self.report.findings if item.verdict == "fail" and item.folded_into is None]
        for finding in sorted(fails, key=lambda item: _RANK[item.severity]):
            command = page_command(finding.policy_id)
            if command:
                yield f"  More on a policy, with examples: {command}"
                return

    def areas(self) -> Iterator[str]:
        yield ""
        title = 32
        yield f"  {'Yours':<{title}}{'pass':>10}{'fail':>8}{'unknown':>10}{'unchecked':>12}"
        for row in self.report.responsibilities:
            checks = row.passed + row.failed + row.unknown + row.suppressed
            passed = f"{row.passed:,} of {checks:,}" if checks else "-"
            yield (
                f"  {row.title:<{title}}"
                + f"{passed:>10}"
                + self._number("fail", row.failed, 8)
                + self._number("unknown", row.unknown, 10)
                + self._number("dim", len(row.resources_without_policies), 12)
            )
        hidden = sum(len(row.not_visible) for row in self.report.responsibilities)
        note = "Unchecked: resources for which the duty is yours, but no policy looks."
        if self.report.inherited:
            titles = "; ".join(name for _, name in self.report.inherited)
            note += f" Inherited from AWS: {titles}."
        if hidden:
            note += f" What no template can show ({hidden:,}): see --format matrix."
        yield ""
        yield from wrap(note, self.width, "  ")

    def _number(self, name: str, number: int, width: int) -> str:
        text = f"{number:,}" if number else "-"
        return " " * (width - len(text)) + (self.style(name, text) if number else text)

    def texts(self, heading: str, texts: list[str]) -> Iterator[str]:
        if texts:
            yield ""
            yield self.style("bold", heading)
            for text in texts:
                yield from wrap(text, self.width, "  - ")

    def diagnostic(self, diagnostic: Diagnostic, name: str) -> Iterator[str]:
        yield from render_diagnostic(diagnostic, self.options, name)


def render_diagnostic(diagnostic: Diagnostic, options: Options, name: str = "error") -> list[str]:
    """One diagnostic: its summary, place, line (secrets masked), detail and hint."""
    style = Style(options.colour)
    lines = [f"{style('error' if name == 'error' else 'bold', name + ':')} {clean(diagnostic.summary)}"]
    place = diagnostic_place(diagnostic)
    if place:
        lines.append(f"  --> {clean(place)}")
    if diagnostic.file and diagnostic.line:
        shown = frame(
            options.read_line,
            diagnostic.file,
            diagnostic.line,
            diagnostic.column,
            None,
            secret=True,  # of a file that cannot be read nobody knows which values are secrets
            style=style,
            colour="error",
            width=options.width - 4,
        )
        lines += [f"  {line}" for line in shown]
    if diagnostic.detail:
        lines += wrap(diagnostic.detail, options.width, "  ")
    if diagnostic.hint:
        lines += wrap(diagnostic.hint, options.width, "  hint: ")
    return lines


def _checks(row: ResponsibilityRow) -> str:
    total = row.passed + row.failed + row.unknown + row.suppressed
    return f"yours: {row.passed:,} of {total:,} checks pass" if total else ""


def _is_known(finding: Finding) -> bool:
    return finding.suppression is not None and finding.suppression.get("kind") == "baseline"
