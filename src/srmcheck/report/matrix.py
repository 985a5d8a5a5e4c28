"""The Shared Responsibility Model of the checked templates, for people: who holds what, and what was seen of it."""

from __future__ import annotations

from collections.abc import Iterator

from srmcheck.report.options import Options
from srmcheck.report.style import Style, clean, columns, count, listed, wrap
from srmcheck.report.words import by_level, input_kind, not_checked, notes
from srmcheck.results import Cell, Report, ResourceRow, ResponsibilityRow

SHORT = {
    "data-protection": "data",
    "identity-and-access": "identity",
    "application-security": "app",
    "os-security": "OS",
    "network-security": "network",
    "logging-and-monitoring": "logging",
}
_CELL = 9
_NAME = 80 - 2 - _CELL * len(SHORT)


def render(report: Report, options: Options) -> str:
    """The matrix, ending with a newline."""
    return "\n".join(_Matrix(report, options).lines()) + "\n"


class _Matrix:
    def __init__(self, report: Report, options: Options) -> None:
        self.report = report
        self.style = Style(options.colour)
        self.width = options.width

    def lines(self) -> Iterator[str]:
        yield self.style("bold", "The Shared Responsibility Model of")
        names = [f"{input_kind(item.kind)} {item.path}" for item in self.report.inputs]
        yield from wrap(listed([clean(name) for name in names], 5) or "nothing", self.width, "  ")
        yield ""
        yield self.style("bold", "AWS's: security of the cloud (inherited)")
        for _, title in self.report.inherited:
            yield f"  {title}"
        yield ""
        yield self.style("bold", "Yours: security in the cloud")
        yield from wrap(
            "AWS: inherited. 2/3: yours, and two of three checks pass. -: yours, but no policy looks. "
            + ("x: yours, but its policies were not selected. " if self.is_partial() else "")
            + "A + stands where AWS shares the duty with you, ! where a check fails, ? where one cannot be known yet; "
            "a blank cell is a layer that the resource lacks.",
            self.width,
            "  ",
        )
        groups: dict[tuple[str, str, str, str], list[ResourceRow]] = {}
        for row in self.report.rows:
            groups.setdefault((row.service, row.service_title or row.service, row.model, row.model_reason), []).append(
                row
            )
        for key in sorted(groups):
            yield ""
            yield from self.service(key, groups[key])
        for area in self.report.responsibilities:
            yield ""
            yield from self.area(area)
        for heading, texts in (("Not checked", not_checked(self.report)), ("Notes", notes(self.report))):
            if texts:
                yield ""
                yield self.style("bold", heading)
                for text in texts:
                    yield from wrap(text, self.width, "  - ")
        errors = list(by_level(self.report, "error"))
        if errors:
            yield ""
            yield self.style("error", f"{count(len(errors), 'error')}: not everything could be checked")
            for error in errors:
                yield from wrap(f"{error.file}: {error.summary}" if error.file else error.summary, self.width, "  - ")

    def is_partial(self) -> bool:
        """Whether policies that would look at something here were left out."""
        return any(cell.left_out for row in self.report.rows for cell in row.cells)

    def service(self, key: tuple[str, str, str, str], rows: list[ResourceRow]) -> Iterator[str]:
        _, title, model, reason = key
        yield self.style("bold", f"{title} ({model})")
        yield from wrap(reason, self.width, "  ")
        shared = {
            SHORT.get(cell.responsibility, cell.responsibility): cell.reason
            for row in rows
            for cell in row.cells
            if cell.holder == "shared"
        }
        for name, why in shared.items():
            yield from wrap(f"{name}+: {why}", self.width, "  ")
        yield "  " + " " * _NAME + "".join(f"{name:>{_CELL}}" for name in SHORT.values())
        for row in rows:
            yield from self.row(row)

    def row(self, row: ResourceRow) -> Iterator[str]:
        cells = {cell.responsibility: cell for cell in row.cells}
        line = "".join(self.cell(cells.get(area)) for area in SHORT)
        name = clean(row.address)
        if columns(name) > _NAME:
            yield f"  {name}"
            yield "  " + " " * _NAME + line.rstrip()
        else:
            yield "  " + name + " " * (_NAME - columns(name)) + line.rstrip()

    def cell(self, cell: Cell | None) -> str:
        if cell is None:
            return " " * _CELL
        if cell.holder == "provider":
            return " " * (_CELL - 3) + self.style("dim", "AWS")
        text = f"{cell.passed}/{cell.checks}" if cell.checks else "x" if cell.left_out else "-"
        name = "fail" if cell.failed else "unknown" if cell.unknown else "pass" if cell.checks else "dim"
        text += "!" if cell.failed else "?" if cell.unknown else ""
        text += "+" if cell.holder == "shared" else ""
        return " " * max(_CELL - len(text), 1) + self.style(name, text)

    def area(self, row: ResponsibilityRow) -> Iterator[str]:
        yield self.style("bold", row.title)
        held = [f"yours on {count(row.customer, 'resource')}"]
        if row.shared:
            held.append(f"shared on {row.shared:,}")
        if row.provider:
            held.append(f"AWS's on {row.provider:,}")
        yield f"  {', '.join(held)}"
        total = row.passed + row.failed + row.unknown + row.suppressed
        if total:
            parts = [self.style("pass" if row.passed else "dim", f"{row.passed:,} of {total:,} checks pass")]
            if row.failed:
                parts.append(self.style("fail", f"{row.failed:,} fail"))
            if row.unknown:
                parts.append(self.style("unknown", f"{row.unknown:,} cannot be known yet"))
            if row.suppressed:
                parts.append(f"{row.suppressed:,} suppressed")
            yield f"  {', '.join(parts)}"
        else:
            yield "  no check looked at it"
        if row.resources_without_policies:
            names = listed([clean(name) for name in row.resources_without_policies], 6)
            yield from wrap(
                f"yours, but no policy looks ({len(row.resources_without_policies):,}): {names}",
                self.width,
                "  ",
                "    ",
            )
        if row.not_visible:
            yield "  not visible in a template:"
            for item in row.not_visible:
                yield from wrap(f"{item.summary} ({'; '.join(item.watched_by)})", self.width, "    - ")
