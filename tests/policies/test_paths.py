"""Paths that rules read are paths that METADATA names: `opa check` sees misspelt references only."""

from __future__ import annotations

import re
from functools import cache

import pytest

from srmcheck.engine.lint.program import Program
from srmcheck.engine.lint.tree import Module, parse
from srmcheck.policy.known_paths import unknown_paths
from srmcheck.policy.locate import policies_dir
from srmcheck.policy.model import Policy
from srmcheck.policy.reads import unread
from tests.policies.twins import POLICIES


@cache
def library() -> tuple[Module, ...]:
    return tuple(parse(POLICIES.text_of(name), name) for name in POLICIES.index["modules"] if name.startswith("lib/"))


def unread_in(policy: Policy, text: str) -> list[str]:
    module = parse(text, policy.file)
    return [detail for _, detail in unread(Program([*library(), module], POLICIES.data, {}), module, policy)]


@pytest.mark.parametrize("policy", POLICIES.policies, ids=lambda policy: policy.id)
def test_what_is_read_is_named(policy: Policy) -> None:
    assert unread_in(policy, POLICIES.text_of(policy.file)) == []


@pytest.mark.parametrize("policy", POLICIES.policies, ids=lambda policy: policy.id)
def test_what_is_named_is_there(policy: Policy) -> None:
    """In the schemas of the types, relations included."""
    text = (policies_dir() / policy.file).read_text(encoding="utf-8")
    assert list(unknown_paths(policy, text)) == []


def test_misspelt_paths_are_found() -> None:
    """Each name of a property in the text of each policy, one after the other; what is put together cannot be told."""
    found = tried = 0
    for policy in POLICIES.policies:
        text = POLICIES.text_of(policy.file)
        paths = [*policy.types.values(), *(relation.reads for relation in policy.related)]
        names = {step for group in paths for path in group for step in path}
        for match in re.finditer(r'(?<=")[A-Z]\w+(?=")|(?<=\.)[A-Z]\w+', text):
            if match[0] in names:
                tried += 1
                found += bool(unread_in(policy, f"{text[: match.end()]}x{text[match.end() :]}"))
    assert found >= 0.6 * tried > 100
