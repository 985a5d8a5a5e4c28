"""Every page, rule and control that the Shared Responsibility Model names was seen at AWS (tests/data/aws/README.md)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RULE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
IDENTIFIER = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
CONTROL = re.compile(r"[A-Z][A-Za-z0-9]*\.[1-9][0-9]*")
PAGE = re.compile(r"[a-z][a-z0-9-]+")


@cache
def load(path: str) -> Any:
    return yaml.load((ROOT / path).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


MODEL = load("policies/responsibility_model.yaml")
RULES: dict[str, dict[str, str]] = load("tests/data/aws/controls.yaml")["config_rules"]
CONTROLS: dict[str, dict[str, str]] = load("tests/data/aws/controls.yaml")["security_hub_controls"]
PAGES: dict[str, str] = load("tests/data/aws/pages.yaml")


def watchers(prefix: str) -> list[str]:
    """What the model names after `prefix`, each once."""
    named = (
        watcher for area in MODEL["responsibilities"] for item in area["not_visible"] for watcher in item["watched_by"]
    )
    return sorted({watcher.removeprefix(prefix) for watcher in named if watcher.startswith(prefix)})


def addresses(value: Any) -> Iterator[str]:
    """Every text of the model that looks like an address."""
    if isinstance(value, dict):
        for item in value.values():
            yield from addresses(item)
    elif isinstance(value, list):
        for item in value:
            yield from addresses(item)
    elif isinstance(value, str) and "://" in value:
        yield value


@pytest.mark.parametrize("rule", watchers("Config: "))
def test_a_config_rule_exists(rule: str) -> None:
    assert RULE.fullmatch(rule)
    assert rule in RULES


@pytest.mark.parametrize("control", watchers("Security Hub: "))
def test_a_security_hub_control_exists(control: str) -> None:
    assert CONTROL.fullmatch(control)
    assert control in CONTROLS


@pytest.mark.parametrize("page", sorted(set(addresses(MODEL))))
def test_a_page_is_one_of_aws_and_was_looked_up(page: str) -> None:
    parts = urlsplit(page)
    assert parts.scheme == "https"
    assert not parts.query and not parts.fragment
    if parts.netloc == "docs.aws.amazon.com":
        assert parts.path.endswith(".html")
    else:
        assert parts.netloc == "aws.amazon.com" and parts.path.endswith("/")
    assert PAGES[page] in {"read", "stored", "linked"}


def test_the_lists_hold_nothing_that_the_model_does_not_name() -> None:
    assert RULES.keys() == set(watchers("Config: "))
    assert CONTROLS.keys() == set(watchers("Security Hub: "))
    assert PAGES.keys() == set(addresses(MODEL))


def test_the_documentation_counts_what_was_seen() -> None:
    seen = Counter([row["seen"] for row in (*RULES.values(), *CONTROLS.values())])
    pages = Counter(PAGES.values())
    others = len(CONTROLS) - seen["fsbp-standard"]
    text = (ROOT / "docs/responsibility-model.md").read_text(encoding="utf-8")
    assert f"| AWS Config rules | {len(RULES)} | {seen['aws-cdk-lib']} in the list" in text
    assert f"{seen['page']} on their own pages |" in text
    assert f"| Security Hub controls | {len(CONTROLS)} | {seen['fsbp-standard']} on the page" in text
    assert f"FSBP standard, {others} on the pages" in text
    assert f"| AWS pages | {len(PAGES)} | {pages['read']} read, {pages['stored']} there" in text
    assert f"| {pages['linked']}: " in text


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_listed_rule_says_where_it_was_seen(rule: str) -> None:
    row = RULES[rule]
    assert row.keys() == {"identifier", "seen"}
    assert IDENTIFIER.fullmatch(row["identifier"])
    assert row["seen"] in {"aws-cdk-lib", "page"}


@pytest.mark.parametrize("control", sorted(CONTROLS))
def test_a_listed_control_says_where_it_was_seen(control: str) -> None:
    row = CONTROLS[control]
    assert row.keys() == {"seen"}
    assert PAGE.fullmatch(row["seen"])


@pytest.mark.parametrize("service", sorted({entry["service"] for entry in load("policies/catalogue.yaml")}))
def test_a_service_of_the_catalogue_is_in_the_model(service: str) -> None:
    assert service in MODEL["services"]


FURTHER = sorted(MODEL["services"].keys() - {entry["service"] for entry in load("policies/catalogue.yaml")})


@pytest.mark.parametrize("service", FURTHER)
def test_a_further_service_owns_a_type_that_the_catalogue_judges(service: str) -> None:
    """Such a service has no policies of its own: those of another service judge its types."""
    owned = MODEL["services"][service]["types"]
    judged = {name for entry in load("policies/catalogue.yaml") for name in entry["resource_types"]}
    assert any(name == own or name.startswith(f"{own}::") for own in owned for name in judged)
