"""`docs/coverage.md`: what of the catalogue is built.

python -m tools.coverage_page --write
python -m tools.coverage_page --check     ends with 1 if the page is not current
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from srmcheck.policy import load_policies
from srmcheck.policy.responsibility import load_model
from srmcheck.report.words import FRAMEWORK_TITLES, RESPONSIBILITY_TITLES
from tools.generated import ROOT, check, write
from tools.markdown import code, escaped, table
from tools.page_facts import catalogue

PAGE = ROOT / "docs" / "coverage.md"
NOTE = "<!-- Made by tools/coverage_page.py (make generated). Do not edit. -->"
TIERS = ("core", "standard", "extended")
LISTED = ("cis_aws_5_0", "fsbp")
"""The frameworks whose controls are listed one by one."""

Entry = Mapping[str, Any]
Group = Callable[[Entry], str]


def page_lines(entries: Sequence[Entry], built: frozenset[str]) -> Iterator[str]:
    """The page; `built` are the ids that are implemented."""
    done = [entry for entry in entries if entry["id"] in built]
    yield NOTE
    yield ""
    yield "# Coverage"
    yield ""
    yield (
        f"The [catalogue](catalogue.md) specifies {len(entries)} policies. {len(done)} are built "
        f"({_share(len(done), len(entries))}); each has [a page](policies/README.md). The cells say how many of how many are built."
    )
    yield ""
    yield (
        "Tiers say how widely a policy is shared: *core*, four or more independent sources have it, or the Shared Responsibility "
        "Model names it; *standard*, two or three; *extended*, one."
    )
    yield ""
    yield "## By responsibility"
    yield ""
    titles = [(name, title) for name, title in RESPONSIBILITY_TITLES.items()]
    yield from _by(entries, built, lambda entry: str(entry["responsibility"]), titles, "responsibility")
    yield ""
    yield "## By service"
    yield ""
    services = load_model().services
    named = sorted({entry["service"] for entry in entries})
    titles = [(name, f"{services[name]['title']} ({services[name]['model']})") for name in named]
    yield from _by(entries, built, lambda entry: str(entry["service"]), titles, "service")
    yield ""
    yield "## By severity"
    yield ""
    titles = [(name, name) for name in ("critical", "high", "medium", "low")]
    yield from _by(entries, built, lambda entry: str(entry["severity"]), titles, "severity")
    yield ""
    yield "## By framework"
    yield ""
    yield (
        "Of the controls that the catalogue names, not of the whole framework: most frameworks hold much that no template can "
        "show. *All* are controls whose every policy of the catalogue is built, *some* those with at least one."
    )
    yield ""
    yield from _frameworks(entries, built)
    for name in LISTED:
        yield ""
        yield f"### {FRAMEWORK_TITLES[name]}"
        yield ""
        yield from _controls(entries, built, name)
    yield ""
    yield "## Not built yet"
    for name in named:
        missing = [entry for entry in entries if entry["service"] == name and entry["id"] not in built]
        if missing:
            yield ""
            yield f"### {services[name]['title']}: {len(missing)}"
            yield ""
            yield from table(
                ("policy", "severity", "tier", ""),
                ((entry["id"], entry["severity"], entry["tier"], escaped(entry["title"])) for entry in missing),
            )


def _by(
    entries: Sequence[Entry], built: frozenset[str], group: Group, titles: Iterable[tuple[str, str]], head: str
) -> list[str]:
    rows: list[list[str]] = []
    for name, title in titles:
        mine = [entry for entry in entries if group(entry) == name]
        rows.append([escaped(title), *_cells(mine, built)])
    rows.append(["**all**", *_cells(entries, built)])
    return table((head, *TIERS, "all", ""), rows)


def _cells(entries: Sequence[Entry], built: frozenset[str]) -> list[str]:
    cells = []
    for tier in (*TIERS, None):
        mine = [entry for entry in entries if tier is None or entry["tier"] == tier]
        done = sum(entry["id"] in built for entry in mine)
        cells.append(f"{done} of {len(mine)}" if mine else "-")
    total = sum(entry["id"] in built for entry in entries)
    return [*cells, _share(total, len(entries))]


def _share(part: int, whole: int) -> str:
    return f"{100 * part // whole} %" if whole else "-"


def controls_of(entries: Iterable[Entry], framework: str) -> dict[str, list[str]]:
    """The controls of a framework that the catalogue names, each with its policies."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        for control in entry["frameworks"].get(framework, ()):
            found.setdefault(control, []).append(entry["id"])
    return dict(sorted(found.items(), key=lambda item: _natural(item[0])))


def _frameworks(entries: Sequence[Entry], built: frozenset[str]) -> list[str]:
    rows = []
    for name, title in FRAMEWORK_TITLES.items():
        controls = controls_of(entries, name)
        some = sum(any(policy in built for policy in policies) for policies in controls.values())
        whole = sum(all(policy in built for policy in policies) for policies in controls.values())
        policies = {policy for ids in controls.values() for policy in ids}
        rows.append(
            (f"{title} ({code(name)})", len(controls), some, whole, f"{len(policies & built)} of {len(policies)}")
        )
    return table(("framework", "controls named", "some", "all", "policies built"), rows)


def _controls(entries: Sequence[Entry], built: frozenset[str], framework: str) -> list[str]:
    rows = []
    for control, policies in controls_of(entries, framework).items():
        links = ", ".join(f"[{name}](policies/{name}.md)" if name in built else name for name in policies)
        done = sum(name in built for name in policies)
        rows.append((escaped(control), "yes" if done == len(policies) else "in part" if done else "no", links))
    return table(("control", "built", "policies"), rows)


def _natural(text: str) -> list[tuple[int, str]]:
    """2.10 after 2.9."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", text) if part]


def text() -> str:
    """The page as it should be."""
    built = frozenset(policy.id for policy in load_policies(profile="all").policies)
    return "\n".join(page_lines(list(catalogue().values()), built)) + "\n"


def main(arguments: Sequence[str]) -> int:
    """0 if the page is current or was written."""
    if list(arguments) not in (["--check"], ["--write"]):
        print(__doc__, file=sys.stderr)
        return 2
    made = {PAGE: text()}
    if arguments[0] == "--write":
        write(made)
        return 0
    return check(made)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
