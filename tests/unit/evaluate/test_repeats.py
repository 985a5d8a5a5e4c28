"""Documents that differ in names only are evaluated once, and every other one by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
import pytest

from srmcheck.conditions import ONLY_WORLD
from srmcheck.diagnostics import Diagnostic
from srmcheck.engine.base import Decision, Package, Task
from srmcheck.evaluate.repeats import Repeats, likeness
from srmcheck.graph.document import Document
from tests.unit.evaluate.scripted import resource

SHIPPED = (Package("srmcheck.s3.x", ("deny",)),)
OWN = (Package("acme.s3.x", ("deny",)),)


class Echo:
    """An engine that says how the property On is, and remembers what it was asked. It takes `ahead` tasks at a time."""

    version = "echo"

    def __init__(self, ahead: int = 1, *, fails: bool = False, names: bool = False) -> None:
        self.asked: list[str] = []
        self.ahead = ahead
        self.fails = fails
        self.names = names

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Decision]:
        batch: list[Task] = []
        for task in tasks:
            batch.append(task)
            if len(batch) == self.ahead:
                yield from map(self._decide, batch)
                batch = []
        yield from map(self._decide, batch)

    def _decide(self, task: Task) -> Decision:
        self.asked.append(task.label)
        (package,) = task.packages
        if self.fails:
            return Decision({}, {package.name: Diagnostic(summary="raised", detail=f"at {task.label}")})
        body = orjson.loads(task.document)["resource"]
        said = [body["address"] if self.names else "", body["properties"].get("On")]
        return Decision({package.name: {"deny": said}})

    def close(self) -> None: ...


def document(address: str, properties: dict[str, Any], *related: dict[str, Any]) -> Document:
    body = {
        "resource": {"address": address, "properties": properties},
        "related": {"parts": [{"properties": {}, **row} for row in related]},
    }
    return Document(body, resource(address, "AWS::S3::Bucket", {}), {}, {}, ONLY_WORLD)


MANY = [document(f"b[{number}]", {"On": number % 2 == 0}) for number in range(10)]


def said(engine: Echo, documents: Iterable[Document], packages: tuple[Package, ...] = SHIPPED) -> list[Any]:
    (package,) = packages
    found = Repeats(engine).evaluate((document, packages) for document in documents)
    return [decision.answers[package.name]["deny"][1] for decision in found]


@pytest.mark.parametrize("ahead", [1, 2, 3, 100])
def test_alike_are_asked_once_and_answered_in_order(ahead: int) -> None:
    engine = Echo(ahead)
    assert said(engine, MANY) == [True, False] * 5
    assert engine.asked == ["b[0]", "b[1]"]


@pytest.mark.parametrize("ahead", [1, 3, 100])
def test_an_answer_that_names_a_resource_serves_for_it_alone(ahead: int) -> None:
    engine = Echo(ahead, names=True)
    found = Repeats(engine).evaluate((document, SHIPPED) for document in MANY)
    assert [decision.answers["srmcheck.s3.x"]["deny"][0] for decision in found] == [f"b[{n}]" for n in range(10)]
    assert sorted(engine.asked) == sorted(f"b[{n}]" for n in range(10))


@pytest.mark.parametrize("ahead", [1, 100])
def test_a_failure_is_told_for_each(ahead: int) -> None:
    found = Repeats(Echo(ahead, fails=True)).evaluate((document, SHIPPED) for document in MANY)
    told = [decision.failed["srmcheck.s3.x"].detail for decision in found]
    assert told == [f"at b[{number}]" for number in range(10)]


def test_policies_of_ones_own_are_always_asked() -> None:
    engine = Echo()
    assert said(engine, MANY, OWN) == [True, False] * 5
    assert len(engine.asked) == 10
    assert likeness(MANY[0], (*SHIPPED, *OWN)) is None


A = document("a", {"Topic": "⟦t1#Arn⟧"}, {"address": "p1"})


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (document("b", {"Topic": "⟦t2#Arn⟧"}, {"address": "p2"}), True),
        (document("b", {"Topic": "⟦t1#Arn⟧"}, {"address": "p1"}), True),
        (document("b", {"Topic": "⟦t2#Ref⟧"}, {"address": "p2"}), False),
        (document("b", {"Topic": "⟦b#Arn⟧"}, {"address": "p2"}), False),
        (document("b", {"Topic": "⟦p2#Arn⟧"}, {"address": "p2"}), False),
        (document("b", {"Topic": "⟦t2#Arn⟧"}, {"address": "b"}), False),
        (document("b", {"Topic": "t2"}, {"address": "p2"}), False),
        (document("b", {"Topic": "⟦t2#Arn⟧"}), False),
        (document("b", {"Topic": "⟦t2#Arn⟧", "address": "b"}, {"address": "p2"}), False),
    ],
)
def test_what_is_alike(other: Document, alike: bool) -> None:
    assert (likeness(A, SHIPPED) == likeness(other, SHIPPED)) is alike


def test_names_are_told_apart_as_they_stand_in_tokens() -> None:
    """An address with a character that tokens encode is the same name in both."""
    first = document('a["*"]', {"Me": '⟦a["%2A"]#Ref⟧'})
    assert likeness(first, SHIPPED) == likeness(document("b", {"Me": "⟦b#Ref⟧"}), SHIPPED)
    assert likeness(first, SHIPPED) != likeness(document("b", {"Me": "⟦c#Ref⟧"}), SHIPPED)


def test_a_property_called_address_is_a_value() -> None:
    one, two = (document("a", {"address": value}) for value in ("10.0.0.1", "10.0.0.2"))
    assert likeness(one, SHIPPED) != likeness(two, SHIPPED)
