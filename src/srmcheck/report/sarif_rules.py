"""Rules and taxonomies of a SARIF log: the policies that ran, with their help, responsibilities and frameworks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from srmcheck.report.words import FRAMEWORK_TITLES, LANGUAGE_TITLES, RESPONSIBILITY_TITLES, page_command
from srmcheck.results import Finding, Report, Rule, Severity

MODEL_NAME = "AWS Shared Responsibility Model"
MODEL_URI = "https://aws.amazon.com/compliance/shared-responsibility-model/"

LEVELS: Mapping[Severity, str] = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
# GitHub: over 9.0 is critical, from 7.0 high, from 4.0 medium, below low.
_SCORES: Mapping[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.5"}


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One classification of rules: its `taxa` by id, with their titles."""

    name: str
    taxa: Mapping[str, str]
    uri: str | None = None
    comprehensive: bool = False


def rules_of(report: Report) -> tuple[Rule, ...]:
    """The policies that ran, by id, and those that only a finding names."""
    found = {rule.id: rule for rule in report.rules}
    for finding in report.findings:
        if finding.policy_id not in found:
            found[finding.policy_id] = _rule_of(finding)
    return tuple(found[key] for key in sorted(found))


def _rule_of(finding: Finding) -> Rule:
    return Rule(
        id=finding.policy_id,
        title=finding.title,
        description="",
        severity=finding.severity,
        responsibility=finding.responsibility,
        service=finding.service,
        frameworks=finding.frameworks,
        links=finding.links,
    )


def taxonomies_of(rules: Iterable[Rule]) -> dict[str, Taxonomy]:
    """The responsibilities, under "", and each framework that a rule serves, under its key, in order."""
    frameworks: dict[str, set[str]] = {}
    for rule in rules:
        for name, ids in rule.frameworks.items():
            frameworks.setdefault(name, set()).update(ids)
    result = {"": Taxonomy(MODEL_NAME, RESPONSIBILITY_TITLES, MODEL_URI, comprehensive=True)}
    for name in sorted(frameworks):
        taxa = dict.fromkeys(sorted(frameworks[name], key=_natural), "")
        result[name] = Taxonomy(FRAMEWORK_TITLES.get(name, name), taxa)
    return result


def _natural(control: str) -> list[tuple[int, str]]:
    """2.10 after 2.9."""
    parts = control.replace(".", " ").replace("(", " (").split()
    return [(int(part), "") if part.isdigit() else (0, part) for part in parts]


def taxonomy(item: Taxonomy) -> dict[str, Any]:
    """As a toolComponent."""
    result: dict[str, Any] = {"name": item.name}
    if item.uri:
        result["informationUri"] = item.uri
    result["shortDescription"] = {"text": f"{item.name}."}
    result["isComprehensive"] = item.comprehensive
    result["taxa"] = [
        {"id": key, "name": title, "shortDescription": {"text": f"{title}."}} if title else {"id": key}
        for key, title in item.taxa.items()
    ]
    return result


def reference(name: str, index: int) -> dict[str, Any]:
    """A reference to the taxonomy of that name at that index of the run."""
    return {"name": name, "index": index}


def descriptor(rule: Rule, taxonomies: Mapping[str, Taxonomy]) -> dict[str, Any]:
    """As a reportingDescriptor, with its help in text and Markdown."""
    places = {key: (index, list(item.taxa)) for index, (key, item) in enumerate(taxonomies.items())}
    result: dict[str, Any] = {
        "id": rule.id,
        "name": rule.title,
        "shortDescription": {"text": _sentence(rule.title)},
        "fullDescription": {"text": _sentence(rule.description or rule.title)},
        "help": {"text": help_text(rule), "markdown": help_markdown(rule)},
    }
    if rule.links:
        result["helpUri"] = rule.links[0]
    result["defaultConfiguration"] = {"level": LEVELS[rule.severity]}
    targets = [("", rule.responsibility)] if rule.responsibility in RESPONSIBILITY_TITLES else []
    for name, ids in sorted(rule.frameworks.items()):
        targets += [(name, control) for control in ids]
    result["relationships"] = [
        {
            "target": {
                "id": control,
                "index": places[name][1].index(control),
                "toolComponent": reference(taxonomies[name].name, places[name][0]),
            },
            "kinds": ["relevant"],
        }
        for name, control in targets
    ]
    result["properties"] = {
        "tags": ["security", rule.responsibility, rule.service],
        "precision": "high",
        "security-severity": _SCORES[rule.severity],
        "severity": rule.severity,
        "responsibility": rule.responsibility,
        "service": rule.service,
    }
    return result


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def help_text(rule: Rule) -> str:
    """Why, how to fix it in each language, and where to read more, as plain text."""
    lines = [_sentence(rule.title)]
    if rule.description:
        lines += ["", rule.description]
    for language, text in rule.remediation.items():
        lines += ["", f"How to fix it in {LANGUAGE_TITLES.get(language, language)}: {text}"]
    lines += ["", f"Severity: {rule.severity}. Responsibility: {_responsibility(rule)}."]
    command = page_command(rule.id)
    if rule.links or command:
        lines += ["", "Read more:", *rule.links]
        lines += [f"{command} (with examples)"] if command else []
    return "\n".join(lines)


def help_markdown(rule: Rule) -> str:
    """The same as Markdown, with the frameworks."""
    lines = [f"## {rule.title}"]
    if rule.description:
        lines += ["", rule.description]
    lines += ["", f"**Severity** {rule.severity} · **Responsibility** {_responsibility(rule)} · **Policy** `{rule.id}`"]
    if rule.remediation:
        lines += ["", "### How to fix it"]
        for language, text in rule.remediation.items():
            lines += ["", f"**{LANGUAGE_TITLES.get(language, language)}**: {text}"]
    if rule.frameworks:
        lines += ["", "### Frameworks", ""]
        for name, ids in sorted(rule.frameworks.items()):
            lines.append(f"- {FRAMEWORK_TITLES.get(name, name)}: {', '.join(ids)}")
    command = page_command(rule.id)
    if rule.links or command:
        lines += ["", "### Read more", ""]
        lines += [f"- <{link}>" for link in rule.links]
        lines += [f"- `{command}` (with examples)"] if command else []
    return "\n".join(lines) + "\n"


def _responsibility(rule: Rule) -> str:
    return RESPONSIBILITY_TITLES.get(rule.responsibility, rule.responsibility)
