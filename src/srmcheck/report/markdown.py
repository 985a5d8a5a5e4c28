"""Markdown for a comment on a pull request, and for the step summary of GitHub Actions (docs: formats).

A table by responsibility, and each finding in a block that opens on a click. Sizes are bounded: what does not fit is
counted, the least severe first. What comes from a template stands in code or is escaped: it makes no link, no mention, no
image and no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape

from srmcheck.report.mask import mask_line
from srmcheck.report.options import Options
from srmcheck.report.style import clean, count, listed
from srmcheck.report.words import (
    FRAMEWORK_TITLES,
    RESPONSIBILITY_TITLES,
    by_level,
    diagnostic_place,
    diagnostic_text,
    input_kind,
    not_checked,
    notes,
    place_text,
    reason_text,
    shortened,
    subject_text,
    totals_text,
    when_text,
)
from srmcheck.results import SEVERITIES, Finding, Report

MARK = "<!-- srmcheck -->"
"""The first line: by it a workflow finds its own comment again."""

_RESERVE = 1_500
_MOST_LINES = 5
_LANGUAGES = {".tf": "hcl", ".tofu": "hcl", ".yaml": "yaml", ".yml": "yaml", ".template": "yaml"}
_SPECIAL = re.compile(r"[\\`*\[\]~|$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_AT_START = re.compile(r"^(\s*\d*)([-+=.)])")
_LINKING = re.compile(r"@|#|(?<=:)/(?=/)|www(?=\.)", re.IGNORECASE)
_TICKS = re.compile("`+")


@dataclass
class _Section:
    """A heading with its blocks; `ranks` says of each block how late it may be left out (0 last)."""

    heading: str
    blocks: list[str] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)
    ending: str = ""
    noun: tuple[str, str] = ("finding", "findings")


def render(report: Report, options: Options) -> str:
    """At most `options.most_bytes` bytes of UTF-8."""
    head = "\n".join(_head(report)) + "\n"
    sections = [item for item in _sections(report, options) if item.blocks]
    room = options.most_bytes - _size(head) - _RESERVE
    room -= sum(_size(item.heading) + _size(item.ending) + 100 for item in sections)
    shown: list[set[int]] = [set() for _ in sections]
    order = sorted(
        ((rank, number, place) for number, item in enumerate(sections) for place, rank in enumerate(item.ranks)),
    )
    cut = False
    for _, number, place in order:
        size = _size(sections[number].blocks[place])
        if size > room:
            cut = True
            break
        room -= size
        shown[number].add(place)
    parts = [head]
    for section, places in zip(sections, shown, strict=True):
        parts.append(section.heading)
        parts.extend(section.blocks[place] for place in sorted(places))
        left = len(section.blocks) - len(places)
        if left:
            parts.append(f"\n*{count(left, *section.noun)} not shown here.*\n")
        parts.append(section.ending)
    if cut:
        parts.append("\n*The report is cut to the size of a comment. Other formats show all of it.*\n")
    return "".join(parts)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))


def _head(report: Report) -> Iterator[str]:
    numbers = report.verdicts
    total = sum(numbers.get(name, 0) for name in ("fail", "pass", "unknown", "suppressed"))
    errors = list(by_level(report, "error"))
    yield MARK
    if numbers.get("fail"):
        yield f"### srmcheck: {numbers['fail']:,} of {count(total, 'check')} {'fails' if numbers['fail'] == 1 else 'fail'}"
    elif errors:
        yield "### srmcheck: not everything could be checked"
    elif total:
        yield "### srmcheck: no check fails"
    else:
        yield "### srmcheck: nothing was checked"
    yield ""
    names = [f"{input_kind(item.kind)} {_code(item.path)}" for item in report.inputs]
    facts = [listed(names, 5)] if names else []
    facts += [count(report.resources, "resource"), count(report.policies_run, "policy", "policies")]
    yield ", ".join(facts) + (f": {totals_text(report)}." if total else ".")
    if total:
        yield ""
        yield "| Your responsibility | Pass | Fail | Unknown | No policy looks |"
        yield "| :--- | ---: | ---: | ---: | ---: |"
        for row in report.responsibilities:
            checks = row.passed + row.failed + row.unknown + row.suppressed
            passed = f"{row.passed:,} of {checks:,}" if checks else "-"
            failed = f"**{row.failed:,}**" if row.failed else "-"
            unknown = f"{row.unknown:,}" if row.unknown else "-"
            unchecked = f"{len(row.resources_without_policies):,}" if row.resources_without_policies else "-"
            yield f"| {_prose(row.title)} | {passed} | {failed} | {unknown} | {unchecked} |"


def _sections(report: Report, options: Options) -> Iterator[_Section]:
    errors = _Section("\n#### Could not be checked\n\n", noun=("error", "errors"))
    for error in by_level(report, "error"):
        place = diagnostic_place(error)
        where = f"{_code(place)}: " if place else ""
        _add(errors, f"- {where}**{_prose(error.summary)}.** {_prose(diagnostic_text(error))}\n", -1)
    yield errors
    several = len({item.template for item in report.inputs}) > 1
    rank = {severity: number for number, severity in enumerate(SEVERITIES)}
    findings = [item for item in report.findings if item.folded_into is None]
    areas = dict.fromkeys((*RESPONSIBILITY_TITLES, *(item.responsibility for item in findings)))
    for area in areas:
        section = _Section(f"\n#### {_prose(RESPONSIBILITY_TITLES.get(area, area))}\n\n")
        fails = [item for item in findings if item.responsibility == area and item.verdict == "fail"]
        for finding in sorted(fails, key=lambda item: rank[item.severity]):
            _add(section, _failure(finding, several, options), rank[finding.severity])
        yield section
    if any(item.verdict == "fail" for item in findings):
        yield _Section("\n---\n", ["\n"], [-1])  # what follows is of no group
    for verdict, title in (("unknown", "Cannot be known yet"), ("suppressed", "Suppressed"), ("pass", "Passed")):
        items = [item for item in findings if item.verdict == verdict]
        section = _folded(f"{title} ({len(items):,})", ("check", "checks"))
        for item in items:
            _add(section, _short(item, several), len(SEVERITIES))
        yield section
    for title, texts in (("Not checked", not_checked(report)), ("Notes", notes(report))):
        section = _folded(f"{title} ({len(texts):,})", ("line", "lines"))
        for text in texts:
            _add(section, f"- {_prose(text)}\n", len(SEVERITIES))
        yield section


def _folded(title: str, noun: tuple[str, str]) -> _Section:
    return _Section(f"\n<details>\n<summary>{escape(title)}</summary>\n\n", ending="\n</details>\n", noun=noun)


def _add(section: _Section, block: str, rank: int) -> None:
    section.blocks.append(block)
    section.ranks.append(rank)


def _failure(finding: Finding, several: bool, options: Options) -> str:
    lines = [
        "<details>",
        f"<summary><b>{finding.severity}</b> {_html(finding.policy_id)} {_html(finding.title)}: "
        f"<code>{_html(subject_text(finding))}</code></summary>",
        "",
    ]
    place = place_text(finding)
    where = f"{_code(place)}: " if place else ""
    inside = f" (in {_code(finding.template)})" if several else ""
    lines += [f"{where}{_prose(finding.message)}{inside}", ""]
    frame = _frame(finding, options)
    if frame:
        lines += [*frame, ""]
    facts = []
    if finding.when:
        facts.append(f"**When:** {_prose(when_text(finding.when))}")
    if finding.remediation:
        facts.append(f"**Fix:** {_with_code(finding.remediation)}")
    facts.extend(f"**Via:** {_code(call.call)}, called at {_code(f'{call.file}:{call.line}')}" for call in finding.via)
    if finding.also:
        facts.append(f"**Also breaks:** {_prose(', '.join(finding.also))}")
    if finding.frameworks:
        facts.append(f"**Frameworks:** {_prose(_frameworks(finding))}")
    if finding.links:
        facts.append(f"**Read more:** <{finding.links[0]}>")
    lines += [f"- {fact}" for fact in facts]
    lines += ["", "</details>", ""]
    return "\n".join(lines) + "\n"


def _frameworks(finding: Finding) -> str:
    parts = []
    for name, ids in sorted(finding.frameworks.items()):
        parts.append(f"{FRAMEWORK_TITLES.get(name, name)} {listed(list(ids), 2)}")
    return "; ".join(parts)


def _short(finding: Finding, several: bool) -> str:
    text = f"- {_prose(finding.policy_id)} {_code(subject_text(finding))}"
    place = place_text(finding) or (finding.template if several else "")
    if place:
        text += f" at {_code(place)}"
    if finding.verdict == "unknown":
        text += f": {_prose(reason_text(finding))}"
    elif finding.verdict == "suppressed" and finding.suppression and finding.suppression.get("reason"):
        text += f": {_prose(finding.suppression['reason'])}"
    return text + "\n"


def _frame(finding: Finding, options: Options) -> list[str]:
    """The lines of the finding in a fence; none where a secret stands."""
    if finding.file is None or finding.line is None or finding.masked:
        return []
    last = finding.end_line or finding.line
    if last < finding.line or last - finding.line >= _MOST_LINES:
        last = finding.line
    lines = []
    for number in range(finding.line, last + 1):
        text = options.read_line(finding.file, number)
        if text is None or text.lstrip().startswith("::"):  # where a log is read for commands, it would be one
            return []
        lines.append(shortened(clean(mask_line(text, secret=False)), 200).rstrip())
    fence = "`" * max(3, _longest_ticks(lines) + 1)
    ending = finding.file[finding.file.rfind(".") :] if "." in finding.file else ""
    return [f"{fence}{_LANGUAGES.get(ending, '')}", *lines, fence]


def _longest_ticks(texts: Iterable[str]) -> int:
    return max((len(match) for text in texts for match in _TICKS.findall(text)), default=0)


def _code(text: str) -> str:
    """`text` as a code span, in which nothing has an effect. Not for tables."""
    inner = shortened(clean(text), 300)
    ticks = "`" * (_longest_ticks([inner]) + 1)
    padding = " " if inner[:1] in ("`", " ", "") or inner[-1:] in ("`", " ") else ""
    return f"{ticks}{padding}{inner}{padding}{ticks}"


def _html(text: str) -> str:
    """`text` inside of HTML, where Markdown has no effect."""
    return escape(shortened(clean(text), 300))


def _prose(text: str, start: bool = True) -> str:
    """`text` without any effect: no markup, link, mention, reference or image, nor a list if it is at the `start`."""
    inner = escape(shortened(clean(text), 1_500), quote=False)
    inner = _SPECIAL.sub(r"\\\g<0>", inner)
    if start:
        inner = _AT_START.sub(r"\1\\\2", inner)
    return _LINKING.sub(r"\g<0><!-- -->", inner)


def _with_code(text: str) -> str:
    """Prose of a policy, in which `this` is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return _prose(text)
    return "".join(_code(part) if number % 2 else _prose(part, False) for number, part in enumerate(parts))
