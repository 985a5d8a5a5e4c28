"""What a rule may answer, checked and put in order: the same for every engine.

Both engines hand over JSON. Sets arrive as lists in the engine's own order, so lists of findings and paths are sorted
here, by their canonical JSON text.
"""

from __future__ import annotations

from typing import Any

import orjson

from srmcheck.diagnostics import Diagnostic
from srmcheck.engine.base import RULES, STACK_RULES

_FINDING = frozenset({"place", "message", "paths"})
_STACK_FINDING = _FINDING | {"address"}
_PATH_RULES = frozenset({"settled", "settled_stack"})
_STACK_FINDING_RULES = frozenset({"deny_stack", "unknown_stack"})


class MalformedAnswer(ValueError):
    """A rule's value has not the form that the contract gives it. The text says what was expected, and never quotes
    what was there, which may hold a value of the input."""


def malformed_answer(error: MalformedAnswer, package: str, label: str) -> Diagnostic:
    """What the user is told: which package, asked about which resource."""
    return Diagnostic(
        summary="Policy gave a malformed answer",
        detail=f"Package {package}, asked about {label}: {error}.",
        hint="Use the functions of data.srmcheck.lib.finding to make findings.",
    )


def rule_value(rule: str, value: Any) -> Any:
    """The value of `rule`, checked and sorted: a bool for `not_applicable`, else a list.

    Raises MalformedAnswer, and for a rule that is none of RULES and STACK_RULES too.
    """
    if rule == "not_applicable":
        if not isinstance(value, bool):
            raise MalformedAnswer("not_applicable must be true or false")
        return value
    if rule not in RULES and rule not in STACK_RULES:
        raise MalformedAnswer("a policy has no rule of this name")
    if not isinstance(value, list):
        raise MalformedAnswer(f"{rule} must be a set (`{rule} contains ...`)")
    if not value:
        return value
    if rule in _PATH_RULES:
        for item in value:
            _check_path(rule, item)
    else:
        for item in value:
            _check_finding(rule, item)
    return sorted(value, key=_canonical) if len(value) > 1 else value


def _canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _check_finding(rule: str, item: Any) -> None:
    stack = rule in _STACK_FINDING_RULES
    keys = _STACK_FINDING if stack else _FINDING
    if not isinstance(item, dict) or item.keys() != keys:
        raise MalformedAnswer(f"a finding of {rule} must be an object with {', '.join(sorted(keys))}")
    if not isinstance(item["message"], str) or not item["message"]:
        raise MalformedAnswer(f"the message of a finding of {rule} must be a text that is not empty")
    if stack and not (item["address"] is None or isinstance(item["address"], str)):
        raise MalformedAnswer(f"the address of a finding of {rule} must be a text or null")
    if not isinstance(item["paths"], list):
        raise MalformedAnswer(f"the paths of a finding of {rule} must be an array of paths")
    _check_path(rule, item["place"])
    for path in item["paths"]:
        _check_path(rule, path)


def _check_path(rule: str, path: Any) -> None:
    if not isinstance(path, list) or not all(type(step) in (str, int) for step in path):
        raise MalformedAnswer(f"a path of {rule} must be an array of property names and list indexes")
