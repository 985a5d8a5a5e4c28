"""Which ignore covers which finding, and what is told of those that end, idle or are misspelt."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.results import Finding
from srmcheck.source import Call, Location
from srmcheck.suppress.baseline import Baseline, Entry
from srmcheck.suppress.directive import Directive
from srmcheck.suppress.ledger import Ledger
from srmcheck.suppress.marks import Ignores, Mark

ID = "SRM-S3-003"
KNOWN = frozenset({ID, "SRM-S3-002", "SRM-S3-009"})


def finding(**more: Any) -> Finding:
    given: dict[str, Any] = {
        "policy_id": ID,
        "title": "t",
        "severity": "high",
        "responsibility": "data-protection",
        "service": "s3",
        "verdict": "fail",
        "template": "plan.json",
        "resource": "aws_s3_bucket.a",
        "resource_type": "AWS::S3::Bucket",
        "source_type": "aws_s3_bucket",
        "path": (),
        "message": "m",
        "source_address": "aws_s3_bucket.a",
        "file": "main.tf",
        "line": 12,
        "column": 3,
        **more,
    }
    return Finding(**given)


def mark(start: int | None, end: int = 0, *, file: str = "main.tf", ids: tuple[str, ...] = (ID,), **more: Any) -> Mark:
    until = more.pop("until", None)
    line = more.pop("line", start or 1)
    begin = None if start is None else (start, 1)
    return Mark(file, line, 1, Directive(ids, f"reason {line}", until), begin, (end, 2), **more)


def ledger(*marks: Mark, today: str = "2026-06-01", **more: Any) -> Ledger:
    files: dict[str, list[Mark]] = {}
    for item in marks:
        files.setdefault(item.file, []).append(item)
    return Ledger(
        lambda file: Ignores(tuple(files[file])) if file in files else None,
        known=KNOWN,
        ran=more.pop("ran", KNOWN),
        today=today,
        **more,
    )


def nowhere() -> Location | None:
    return None


def test_by_its_own_place() -> None:
    book = ledger(mark(10, 20))
    said = book.inline(finding(), nowhere)
    assert said == {"kind": "inline", "reason": "reason 10", "file": "main.tf", "line": "10", "verdict": "fail"}
    assert book.inline(finding(line=9), nowhere) is None
    assert book.inline(finding(line=21), nowhere) is None
    assert book.inline(finding(file="other.tf"), nowhere) is None
    assert book.inline(finding(policy_id="SRM-S3-002"), nowhere) is None


def test_by_where_its_resource_begins() -> None:
    book = ledger(mark(10, 20))
    part = finding(line=30, source_address="aws_s3_bucket_public_access_block.a")
    assert book.inline(part, nowhere) is None
    assert book.inline(part, lambda: Location("main.tf", 10)) is not None
    assert book.inline(part, lambda: Location("other.tf", 10)) is None


def test_a_resource_is_located_only_if_that_can_matter() -> None:
    def fail() -> Location | None:
        raise AssertionError("not needed")

    assert ledger(mark(10, 20, file="other.tf")).inline(finding(), fail) is None


def test_by_a_module_call_on_the_way() -> None:
    via = (Call("main.tf", 3, "module.a"), Call("a/main.tf", 7, "module.a.module.b"))
    inner = finding(file="b/main.tf", line=1, via=via)
    assert ledger(mark(3, 5, module="a")).inline(inner, nowhere) is not None
    assert ledger(mark(7, 9, module="b", file="a/main.tf")).inline(inner, nowhere) is not None
    assert ledger(mark(3, 5)).inline(inner, nowhere) is None
    assert ledger(mark(3, 5, module="other")).inline(inner, nowhere) is None
    head = Location("b/main.tf", 1, via=via)
    elsewhere = finding(file="x.tf", line=1, source_address="data.x.y")
    assert ledger(mark(3, 5, module="a")).inline(elsewhere, lambda: head) is not None


def test_a_mark_about_the_template() -> None:
    book = ledger(mark(1, 99, file="t.yaml", whole=True))
    assert book.inline(finding(template="t.yaml", file=None, line=None, resource=None), nowhere) is not None
    assert book.inline(finding(template="t.yaml", file="t.yaml"), nowhere) is not None
    assert book.inline(finding(template="u.yaml", file="u.yaml"), nowhere) is None


def test_the_narrowest_counts_and_all_are_used() -> None:
    book = ledger(mark(1, 50), mark(10, 20), mark(1, 99, whole=True))
    said = book.inline(finding(template="main.tf"), nowhere)
    assert said is not None and said["line"] == "10"
    assert list(book.notes()) == []


@pytest.mark.parametrize(("until", "holds"), [("2026-05-31", False), ("2026-06-01", True), ("2026-06-02", True)])
def test_until_is_the_last_day(until: str, holds: bool) -> None:
    book = ledger(mark(10, 20, until=until))
    said = book.inline(finding(), nowhere)
    assert (said is not None) is holds
    notes = list(book.notes())
    if holds:
        assert said is not None and said["until"] == until and not notes
    else:
        assert [(note.summary, note.level, note.line) for note in notes] == [("Ignore has ended", "note", 10)]
        assert "What SRM-S3-003 found counts again." in notes[0].detail


def test_one_that_ended_gives_way_to_one_that_holds() -> None:
    book = ledger(mark(11, 13, until="2026-01-01"), mark(10, 20))
    said = book.inline(finding(), nowhere)
    assert said is not None and said["line"] == "10"


def test_no_day_is_known() -> None:
    assert ledger(mark(10, 20, until="2000-01-01"), today="").inline(finding(), nowhere) is not None


def test_an_ended_one_of_no_use() -> None:
    book = ledger(mark(30, 40, until="2026-01-01"))
    assert book.inline(finding(), nowhere) is None
    (note,) = book.notes()
    assert "found nothing that it would cover" in note.detail and note.hint == "remove it"


def test_ignores_of_no_use_are_told() -> None:
    book = ledger(mark(10, 20, ids=(ID, "SRM-S3-002")), mark(None, line=25), mark(40, 40, line=40))
    book.inline(finding(), nowhere)
    notes = list(book.notes())
    assert [(note.summary, note.line, note.level) for note in notes] == [
        ("Ignore of no use", 10, "note"),
        ("Ignore of no use", 25, "note"),
        ("Ignore of no use", 40, "note"),
    ]
    assert notes[0].detail == "SRM-S3-002 found nothing in what it covers, lines 10 to 20."
    assert notes[1].detail == "It stands at nothing that it could cover."
    assert notes[2].detail == "SRM-S3-003 found nothing in what it covers, line 40."


def test_policies_that_did_not_run_say_nothing_about_use() -> None:
    book = ledger(mark(30, 40), ran=frozenset({"SRM-S3-002"}))
    book.inline(finding(policy_id="SRM-S3-002"), nowhere)
    assert list(book.notes()) == []


def test_files_without_findings_are_not_read() -> None:
    book = ledger(mark(10, 20), mark(10, 20, file="other.tf"))
    book.inline(finding(), nowhere)
    assert [note.file for note in book.notes()] == []


def test_a_misspelt_id() -> None:
    book = ledger(mark(10, 20, ids=("SRM-S3-033", "ZZ-9", ID)))
    assert book.inline(finding(), nowhere) is not None
    first, second = book.diagnostics()
    assert (first.summary, first.level, first.line) == ("Ignore of an unknown policy", "error", 10)
    assert first.detail == "There is no policy SRM-S3-033." and first.hint == "did you mean SRM-S3-003?"
    assert "--policy-dir" in second.hint


def test_the_baseline() -> None:
    entries = {"f1": Entry("f1", ID, "fail", "plan.json", "aws_s3_bucket.a")}
    book = ledger(baseline=Baseline("b.json", entries))
    assert book.has_list and not ledger().has_list
    said = book.listed(finding(fingerprint="f1"))
    assert said == {"kind": "baseline", "reason": "in the baseline", "file": "b.json", "verdict": "fail"}
    assert book.listed(finding(fingerprint="f2")) is None
    assert ledger().listed(finding(fingerprint="f1")) is None
