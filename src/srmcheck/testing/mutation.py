"""Changing what a policy does not read changes nothing (docs/verdicts.md)."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from srmcheck.policy.model import Policy, ReadPath
from srmcheck.schema import load as load_schema
from srmcheck.testing.judge import Body, Judge, label_of
from srmcheck.testing.unknowns import Holder, holders

NOISE: tuple[Any, ...] = (True, False, "x", "*", 0, 22, [], {}, ["0.0.0.0/0"], {"Enabled": False})


def try_mutations(policy: Policy, judge: Judge, documents: Sequence[Body]) -> tuple[int, list[str]]:
    """How many documents were tried, and what is said of those that are judged otherwise: every property of the type that
    is not read, and a made-up one in every object on the way, takes any value. Raises EngineError where the policy
    raises."""
    tried = 0
    moved: list[str] = []
    for body in documents:
        before = judge.ruling(body)
        for mutated in mutations(body, holders(policy, body)):
            tried += 1
            if judge.ruling(mutated) != before:
                moved.append(f"what is not read changes the verdict on {label_of(body)}")
    return tried, moved


def mutations(body: Body, all_holders: list[Holder]) -> Iterator[Body]:
    """The document with other values where nothing is read."""
    for number, holder in enumerate(all_holders):
        read = {path[0] for path in holder.reads}
        known = load_schema().get(holder.type)
        assert known is not None
        others = sorted(known.root.properties.keys() - read)
        for shift in range(3 if number == 0 else 1):
            changed: Body = copy.deepcopy(body)
            properties = holder.of(changed)["properties"]
            for index, name in enumerate(others):
                properties[name] = copy.deepcopy(NOISE[(index + shift + number) % len(NOISE)])
            for at, container in enumerate(_objects(properties, holder.reads)):
                container["NotRead"] = copy.deepcopy(NOISE[(at + shift) % len(NOISE)])
            yield changed
    elsewhere: Body = copy.deepcopy(body)
    for holder in all_holders:
        row = holder.of(elsewhere)
        row["unknown"] = [*row["unknown"], ["NotRead"], ["NotReadEither", 0, "x"]]
    yield elsewhere


def _objects(properties: Any, reads: tuple[ReadPath, ...]) -> list[dict[str, Any]]:
    """The objects on the way of read paths, of which only some keys are read."""
    found: dict[int, dict[str, Any]] = {}

    def walk(value: Any, rest: ReadPath) -> None:
        if not rest or rest[0] == "**":
            return
        if isinstance(value, dict):
            found[id(value)] = value
            walk(value.get(rest[0]), rest[1:])
        elif isinstance(value, list) and rest[0] == "[]":
            for item in value:
                walk(item, rest[1:])

    for read in reads:
        walk(properties, read)
    return list(found.values())
