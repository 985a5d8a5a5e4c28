"""Verdicts of one policy on documents, and the documents that templates give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from srmcheck.diagnostics import EngineError
from srmcheck.engine.base import Decision, Engine, Package, Task
from srmcheck.evaluate.paths import rooted
from srmcheck.evaluate.verdict import Ruling, decide, read_order
from srmcheck.policy.model import Policy, ReadPath
from srmcheck.values import Path, Unknown

Body = dict[str, Any]
"""An input document, as engines see it."""
WHY = Unknown("made unknown by the test")


class Recorder:
    """An engine that keeps the documents it is asked about."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.bodies: list[Body] = []

    @property
    def version(self) -> str:
        return self.engine.version

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Decision]:
        for task in tasks:
            self.bodies.append(orjson.loads(task.document))
            yield from self.engine.evaluate([task])

    def close(self) -> None:
        self.engine.close()


class Judge:
    """Verdicts of one policy on documents. What it is asked about is in `tasks`, each once."""

    def __init__(self, policy: Policy, engine: Engine) -> None:
        self.policy = policy
        self.engine = engine
        self.tasks: dict[bytes, Task] = {}
        self._seen: dict[bytes, str] = {}

    def ruling(self, body: Body) -> Ruling:
        """The ruling on a document. Raises EngineError where the policy raises."""
        stack = "template" in body
        unknown = unknown_paths(body)
        rules = tuple(
            rule
            for rule in self.policy.rules
            if rule.endswith("_stack") == stack and (unknown or not rule.startswith("settled"))
        )
        package = Package(self.policy.package, rules)
        document = orjson.dumps(body)
        task = self.tasks[document] = Task(document, (package,), label_of(body))
        (decision,) = self.engine.evaluate([task])
        for said in decision.failed.values():
            raise EngineError(said)
        answers = decision.answers[self.policy.package]
        return decide(answers, unknown, self.order(body), rooted(body), stack=stack)

    def verdict(self, body: Body) -> str:
        """The verdict on a document, "none" where there is none. Raises as `ruling`."""
        key = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
        if key not in self._seen:
            self._seen[key] = self.ruling(body).verdict or "none"
        return self._seen[key]

    def order(self, body: Body) -> tuple[ReadPath, ...]:
        """What the policy reads of a document, in the metadata's order."""
        if "template" in body:
            order: list[ReadPath] = []
            for name, paths in self.policy.types.items():
                order.append((f"@{name}",))
                order.extend((f"@{name}", "[]", *path) for path in paths)
            return tuple(order)
        return read_order(self.policy, self.policy.types[body["resource"]["type"]], tuple(body["related"]))


def label_of(body: Body) -> str:
    """The resource that a document is about."""
    return str(body["resource"]["address"]) if "resource" in body else "the template as a whole"


def unknown_paths(body: Body) -> dict[Path, Unknown]:
    """The unknown paths of a document, those of relations and stack types too."""
    found: dict[Path, Unknown] = {(f"@{name}",): WHY for name in body["open"]}
    groups: Mapping[str, Any] = body["template"] if "template" in body else body["related"]
    for name, rows in groups.items():
        for index, row in enumerate(rows):
            found.update({(f"@{name}", index, *path): WHY for path in row["unknown"]})
    if "resource" in body:
        found.update({tuple(path): WHY for path in body["resource"]["unknown"]})
    return found
