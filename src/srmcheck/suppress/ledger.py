"""Which findings are suppressed and by what, and what the ignores and the baseline were good for (docs: suppressions)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from srmcheck.diagnostics import Diagnostic
from srmcheck.results import Finding
from srmcheck.source import Location

if TYPE_CHECKING:  # on the start path each dataclass costs, and most files have no ignore
    from srmcheck.suppress.baseline import Baseline
    from srmcheck.suppress.marks import Ignores, Mark

Head = Callable[[], "Location | None"]
Read = Callable[[str], "Ignores | None"]


def no_ignores(_file: str) -> Ignores | None:
    """A `read` for runs that take no ignores."""
    return None


class Ledger:
    """Decides for one run, finding after finding, and remembers.

    `read` gives the ignores of a file by its name in findings, None if there are none; it is asked for files that findings
    lie in only. `known` are the ids of all policies, `ran` of those whose verdicts this run has. After `today`
    (`YYYY-MM-DD`; "": no day is known, and nothing ends) an ignore holds no longer.
    """

    def __init__(
        self,
        read: Read = no_ignores,
        *,
        known: frozenset[str] = frozenset(),
        ran: frozenset[str] = frozenset(),
        today: str = "",
        baseline: Baseline | None = None,
    ) -> None:
        self.read = read
        self.known = known
        self.ran = ran
        self.today = today
        self.baseline = baseline
        self._files: dict[str, Ignores | None] = {}
        self._used: set[tuple[Mark, str]] = set()

    @property
    def has_list(self) -> bool:
        """Whether there is a baseline."""
        return self.baseline is not None

    def inline(self, finding: Finding, head: Head) -> Mapping[str, str] | None:
        """The ignore that covers a finding, by its own place, by that of its resource (`head`) or by a module call on the
        way to one of them; None if there is none that holds. The narrowest wins."""
        found = [mark for mark in self._covering(finding, head) if finding.policy_id in mark.directive.ids]
        self._used.update((mark, finding.policy_id) for mark in found)
        holding = [mark for mark in found if not self._is_over(mark)]
        if not holding:
            return None
        mark = min(holding, key=lambda item: (*item.size, item.line, item.column))
        said = {"kind": "inline", "reason": mark.directive.reason, "file": mark.file, "line": str(mark.line)}
        if mark.directive.until is not None:
            said["until"] = mark.directive.until
        return {**said, "verdict": finding.verdict}

    def listed(self, finding: Finding) -> Mapping[str, str] | None:
        """The baseline, if it has the finding; asked after findings have their fingerprints."""
        if self.baseline is None or not self.baseline.has(finding):
            return None
        return {
            "kind": "baseline",
            "reason": "in the baseline",
            "file": self.baseline.name,
            "verdict": finding.verdict,
        }

    def diagnostics(self) -> Iterator[Diagnostic]:
        """What is wrong with the ignores that were read: faults, ids of no policy."""
        for ignores in self._read():
            yield from ignores.diagnostics
            for mark in ignores.marks:
                for name in mark.directive.ids:
                    if name not in self.known:
                        yield _misspelt(mark, name, sorted(self.known))

    def notes(self) -> Iterator[Diagnostic]:
        """Which ignores have ended or are of no use, as far as this run can tell."""
        for ignores in self._read():
            for mark in ignores.marks:
                if self._is_over(mark):
                    yield self._over(mark)
                    continue
                idle = [name for name in mark.directive.ids if name in self.ran and (mark, name) not in self._used]
                if idle:
                    yield _idle(mark, idle)

    def _covering(self, finding: Finding, head: Head) -> Iterator[Mark]:
        own = None
        if finding.file is not None and finding.line is not None:
            own = Location(finding.file, finding.line, finding.column or 1, via=finding.via)
        marks = list(self._of(finding.template, finding.file, *(call.file for call in finding.via)))
        places = [own] if own is not None else []
        # An own block without any ignore in its file needs no look at where it begins.
        if finding.resource is not None and (marks or finding.source_address != finding.resource):
            start = head()
            if start is not None:
                places.append(start)
                marks = list(
                    self._of(
                        finding.template,
                        *(place.file for place in places),
                        *(call.file for place in places for call in place.via),
                    )
                )
        for mark in marks:
            if mark.whole:
                if mark.file == finding.template:
                    yield mark
            elif any(mark.covers(place) or any(map(mark.covers_call, place.via)) for place in places):
                yield mark

    def _read(self) -> Iterator[Ignores]:
        return (ignores for ignores in self._files.values() if ignores is not None)

    def _of(self, *files: str | None) -> Iterator[Mark]:
        for file in dict.fromkeys(files):
            if file is None:
                continue
            if file not in self._files:
                self._files[file] = self.read(file)
            ignores = self._files[file]
            if ignores is not None:
                yield from ignores.marks

    def _is_over(self, mark: Mark) -> bool:
        until = mark.directive.until
        return until is not None and until < self.today

    def _over(self, mark: Mark) -> Diagnostic:
        ids = mark.directive.ids
        again = [name for name in ids if (mark, name) in self._used]
        if again:
            what = f"What {_and(again)} found counts again."
            hint = "mend it, or give the ignore a later day"
        else:
            what, hint = f"{_and(ids)} found nothing that it would cover.", "remove it"
        return Diagnostic(
            "Ignore has ended",
            mark.file,
            mark.line,
            mark.column,
            f"It held until {mark.directive.until}. {what}",
            hint,
            "note",
        )


def _misspelt(mark: Mark, name: str, known: Sequence[str]) -> Diagnostic:
    import difflib

    close = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {close[0]}?" if close else "srmcheck policies list names them; --policy-dir adds your own"
    return Diagnostic(
        "Ignore of an unknown policy", mark.file, mark.line, mark.column, f"There is no policy {name}.", hint
    )


def _idle(mark: Mark, ids: Sequence[str]) -> Diagnostic:
    hint = "remove it"
    if mark.start is None:
        what = "It stands at nothing that it could cover."
        hint = "put it on the line above a resource, block, argument or module call, or at the end of its first line"
    elif mark.whole:
        what = f"{_and(ids)} found nothing in this template."
    else:
        last = mark.end[0]
        where = f"line {last}" if last == mark.start[0] else f"lines {mark.start[0]} to {last}"
        what = f"{_and(ids)} found nothing in what it covers, {where}."
        if mark.module is None:
            hint = "remove it, or put it on the line above the resource if it is about that as a whole"
    return Diagnostic("Ignore of no use", mark.file, mark.line, mark.column, what, hint, "note")


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
