"""Documents that differ in the names of resources only are evaluated once (docs: speed).

Large templates repeat themselves: a module with `count` or `for_each` makes the same resources again and again, and a
document holds only what is read of them. What is left to tell two such documents apart is addresses, and a shipped policy
takes an address as a whole or not at all (tests/policies/test_renaming.py), so the engine's answer to the first serves for
all. Policies of one's own may look into addresses and are always asked.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from srmcheck.engine.base import Decision, Engine, Package, Task
from srmcheck.graph.document import Document
from srmcheck.graph.token import encoded

SHIPPED = "srmcheck."
MOST_KEPT = 50_000
_OPENING = "⟦".encode()
_TOKEN = re.compile("⟦([^⟧#]*)")

Key = tuple[tuple[Package, ...], bytes]


@dataclass(slots=True)
class _Waiting:
    """A document in line, with what it is like; `asked` if the engine is asked about it."""

    document: Document
    packages: tuple[Package, ...]
    key: Key | None
    asked: bool


class Repeats:
    """An engine's answers, each kept for the documents that are alike. One for a run over one template."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: dict[Key, Decision | None] = {}

    def evaluate(self, asked: Iterable[tuple[Document, tuple[Package, ...]]]) -> Iterator[Decision]:
        """One decision for each document, in order, as the engine would give it. Raises EngineError as the engine does."""
        line: deque[_Waiting] = deque()
        answers = self._engine.evaluate(self._fresh(asked, line))
        for decision in answers:
            yield from self._known(line)
            first = line.popleft()
            if first.key is not None:
                self._kept[first.key] = decision if is_nameless(decision, first.document) else None
            yield decision
        yield from self._known(line)

    def _fresh(self, asked: Iterable[tuple[Document, tuple[Package, ...]]], line: deque[_Waiting]) -> Iterator[Task]:
        """The tasks that the engine is to be asked about, while all stand in line."""
        promised: set[Key] = set()
        for document, packages in asked:
            key = likeness(document, packages)
            if key is not None and (key in promised or self._kept.get(key) is not None):
                line.append(_Waiting(document, packages, key, asked=False))
                continue
            if key is not None and (key in self._kept or len(self._kept) >= MOST_KEPT):
                key = None
            if key is not None:
                promised.add(key)
            line.append(_Waiting(document, packages, key, asked=True))
            yield _task(document, packages)

    def _known(self, line: deque[_Waiting]) -> Iterator[Decision]:
        """The decisions of those at the head of the line that the engine was not asked about."""
        while line and not line[0].asked:
            waiting = line.popleft()
            assert waiting.key is not None
            kept = self._kept[waiting.key]
            if kept is not None:
                yield kept
            else:
                yield from self._engine.evaluate([_task(waiting.document, waiting.packages)])


def likeness(document: Document, packages: tuple[Package, ...]) -> Key | None:
    """What two documents have in common that differ in the names of resources only: the packages that are asked, and the
    document with a number for each name, in the order of their places. None where a package may look into names."""
    if not all(package.name.startswith(SHIPPED) for package in packages):
        return None
    body = document.body
    resource = body["resource"]
    numbers: dict[str, int] = {}

    def number(name: str) -> int:
        return numbers.setdefault(name, len(numbers))

    alike = {
        **body,
        "resource": {**resource, "address": number(_in_tokens(resource["address"]))},
        "related": {
            name: [{**row, "address": number(_in_tokens(row["address"]))} for row in rows]
            for name, rows in body["related"].items()
        },
    }
    text = orjson.dumps(alike)
    if _OPENING in text:
        text = _TOKEN.sub(lambda match: f"⟦{number(match[1])}", text.decode()).encode()
    return packages, text


def _in_tokens(address: str) -> str:
    """An address as it stands in tokens in JSON."""
    return orjson.dumps(encoded(address))[1:-1].decode()


def is_nameless(decision: Decision, document: Document) -> bool:
    """Whether a decision about a document serves for those with other names: it names none, and nothing failed."""
    if decision.failed:
        return False
    said = orjson.dumps(decision.answers)
    body = document.body
    addresses = {body["resource"]["address"], *(row["address"] for rows in body["related"].values() for row in rows)}
    return _OPENING not in said and not any(orjson.dumps(address)[1:-1] in said for address in addresses)


def _task(document: Document, packages: tuple[Package, ...]) -> Task:
    return Task(document.json(), packages, document.resource.address)
