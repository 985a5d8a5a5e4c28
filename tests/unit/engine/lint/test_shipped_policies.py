"""The policies that srmcheck ships pass its own lint."""

from __future__ import annotations

from srmcheck.engine.lint import check_modules
from srmcheck.policy import load_policies
from srmcheck.policy.load import sources
from srmcheck.policy.locate import policies_dir


def test_policies_pass() -> None:
    modules = {name: text.decode() for name, text in sources(policies_dir()).items() if name.endswith(".rego")}
    policies = load_policies(profile="all")
    relations = {
        policy.file: {
            relation.name for relation in policy.related if not set(policy.types) - set(relation.of or policy.types)
        }
        for policy in policies.policies
    }
    assert len(modules) > len(policies.policies) > 10
    assert check_modules(modules, policies.data, relations) == []
