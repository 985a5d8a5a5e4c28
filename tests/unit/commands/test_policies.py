"""`srmcheck policies show` tells all that the page of a policy tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from srmcheck.commands.policies import all_policies, show_lines
from srmcheck.policy.model import Policy
from srmcheck.policy.pages import Page, load_page
from srmcheck.report.style import Style

POLICIES = all_policies()
LANGUAGES = ("terraform", "cloudformation")


def shown(policy: Policy, language: str | None = None) -> str:
    return "".join(f"{line}\n" for line in show_lines(policy, Style(False), POLICIES, language))


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("policy", POLICIES.policies, ids=lambda policy: policy.id)
def test_every_shipped_policy_has_all_of_its_page(policy: Policy) -> None:
    page, text = load_page(policy.id), shown(policy)
    words = flat(text)
    for part in (policy.title, policy.description, page.fails_when, page.passes, *policy.remediation.values()):
        assert part and flat(part) in words
    for link in policy.links:
        assert f"\nsee: {link}\n" in text
    for table in (policy.frameworks, policy.equivalents):
        assert all(control in words for ids in table.values() for control in ids)
    assert set(page.examples) == set(LANGUAGES)
    assert any(page.examples.values())
    for examples in page.examples.values():
        for example in examples.values():
            assert "".join(f"    {line}".rstrip() + "\n" for line in example.splitlines()) in text
    assert all(name in words for names in page.terraform_types.values() for name in names)


def test_one_language_is_asked_for() -> None:
    policy = next(policy for policy in POLICIES.policies if policy.id == "SRM-S3-003")
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        text = shown(policy, language)
        assert policy.remediation[language].split()[0] in text
        assert load_page(policy.id).examples[language]["fail"].splitlines()[0] in text
        assert f"fix ({other})" not in text
        assert load_page(policy.id).examples[other]["fail"].splitlines()[0] not in text


def test_a_policy_without_a_page_is_shown_by_its_metadata() -> None:
    own = replace(POLICIES.policies[0], id="ACME-S3-001", parameters={})
    assert load_page(own.id) == Page()
    text = shown(own)
    assert own.title in text and "Passes when" not in text and "fails:" not in text
    assert "\n\n\n" not in text


def test_the_first_word_of_a_sentence_is_lowered_unless_it_is_a_name() -> None:
    assert Page(passes_when="Tokens are required.").passes == "Passes when: tokens are required."
    assert Page(passes_when="SSE is on.").passes == "Passes when: SSE is on."
    assert Page().passes == ""
