"""`srmcheck policies`: lists and shows the policies (docs: usage)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from srmcheck.diagnostics import ConfigError, Diagnostic
from srmcheck.report.style import Style, wrap
from srmcheck.report.words import EQUIVALENT_TITLES, FRAMEWORK_TITLES, LANGUAGE_TITLES

if TYPE_CHECKING:
    from srmcheck.policy.load import PolicySet
    from srmcheck.policy.model import Policy, ReadPath
    from srmcheck.policy.pages import Page

_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Filter:
    """Which policies to list; an empty filter means all. `ids` are globs; a policy must meet every filter that is set."""

    ids: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    responsibilities: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()

    def takes(self, policy: Policy) -> bool:
        """Whether the policy is listed."""
        return (
            (not self.ids or any(fnmatchcase(policy.id, glob.upper()) for glob in self.ids))
            and (not self.services or policy.service in self.services)
            and (not self.responsibilities or policy.responsibility in self.responsibilities)
            and (not self.severities or policy.severity in self.severities)
            and (not self.types or any(name in policy.types for name in self.types))
            and (not self.frameworks or any(name in policy.frameworks for name in self.frameworks))
        )


def all_policies(own: Sequence[Path] = (), data: Sequence[Path] = ()) -> PolicySet:
    """Every policy, of every profile, with users' own of these folders and the parameters of these files. Raises what
    load_policies raises."""
    from srmcheck.policy.load import load_policies

    return load_policies(profile="all", own=own, data=data)


def check_filter(chosen: Filter, policies: Sequence[Policy]) -> None:
    """Raises ConfigError for a filter that no policy meets because it is misspelt, with what it may have meant."""
    known: tuple[tuple[str, tuple[str, ...], set[str]], ...] = (
        ("service", chosen.services, {policy.service for policy in policies}),
        ("type", chosen.types, {name for policy in policies for name in policy.types}),
        ("framework", chosen.frameworks, {name for policy in policies for name in policy.frameworks}),
    )
    for what, values, names in known:
        for value in values:
            if value not in names:
                raise _unknown(what, value, sorted(names))
    for glob in chosen.ids:
        if not any(fnmatchcase(policy.id, glob.upper()) for policy in policies):
            raise _unknown("policy", glob, [policy.id for policy in policies])


def find_policy(policy_id: str, policies: Sequence[Policy]) -> Policy:
    """The policy with this id (in any case). Raises ConfigError with what it may have meant."""
    for policy in policies:
        if policy.id == policy_id.upper():
            return policy
    raise _unknown("policy", policy_id, [policy.id for policy in policies])


def _unknown(what: str, value: str, names: Sequence[str]) -> ConfigError:
    import difflib

    close = difflib.get_close_matches(value, names, 3) or difflib.get_close_matches(value.upper(), names, 3)
    hint = f"did you mean {' or '.join(close)}?" if close else "srmcheck policies list names them"
    return ConfigError(Diagnostic(f"No such {what}: {value}", hint=hint))


def list_lines(policies: Sequence[Policy], style: Style) -> Iterator[str]:
    """One line a policy: id, severity, responsibility, title."""
    for policy in policies:
        mark = "" if policy.profile == "default" else f" [--profile {policy.profile}]"
        yield f"{policy.id:<20} {style(policy.severity, f'{policy.severity:<8}')} {policy.responsibility:<22} " + (
            policy.title + mark
        )


def show_lines(policy: Policy, style: Style, policies: PolicySet, language: str | None = None) -> Iterator[str]:
    """What the page of a policy says, one of `policies`: its METADATA, and of a shipped one when it fails, and examples.
    With `language` ("terraform", "cloudformation"), the fix and the examples of that one alone."""
    from srmcheck.policy.pages import load_page

    page = load_page(policy.id)
    yield style("bold", f"{policy.id}  {policy.title}")
    yield from wrap(policy.description, _WIDTH, "")
    yield ""
    yield f"severity:        {style(policy.severity, policy.severity)}"
    yield f"responsibility:  {policy.responsibility}"
    yield f"service:         {policy.service}"
    yield f"since:           {policy.since}"
    yield f"profile:         {policy.profile}"
    if policy.scope == "account":
        yield "scope:           judges an account baseline, run with --scope account"
    elif policy.asks_account:
        yield "scope:           has a check of the account, run with --scope account"
    yield ""
    if page.fails_when:
        yield from wrap(page.fails_when, _WIDTH, "")
        yield from wrap(page.passes, _WIDTH)
        yield ""
    for name, text in policy.remediation.items():
        if language in (None, name):
            yield from wrap(text, _WIDTH, f"fix ({name}): ", "  ")
    yield ""
    yield from _example_lines(page, style, language)
    yield "judges:"
    for name, paths in policy.types.items():
        reads = ", ".join(pattern_text(path) for path in paths) or "by related resources"
        yield from wrap(f"{name}: {reads}", _WIDTH, "  ", "    ")
        if page.terraform_types.get(name):
            yield from wrap(", ".join(page.terraform_types[name]), _WIDTH, "    in Terraform: ", "      ")
    if policy.related:
        yield "joins:"
        for relation in policy.related:
            names = (_with_terraform(name, page) for name in relation.types)
            yield from wrap(f"{relation.name}: {', '.join(names)}", _WIDTH, "  ", "    ")
    for name, parameter in policy.parameters.items():
        value, default = policies.data["srmcheck"]["parameters"][policy.id][name], parameter["default"]
        what = parameter["type"] if value == default else f"{parameter['type']}, else {_value_text(default)}"
        text = f"parameter {name} = {_value_text(value)} ({what}): {parameter['description']}"
        yield from wrap(text, _WIDTH, "", "  ")
    if policy.yields_to:
        yield from wrap(", ".join(policy.yields_to), _WIDTH, "yields to: ")
    for heading, titles, table in (
        ("frameworks:", FRAMEWORK_TITLES, policy.frameworks),
        ("the same in other tools:", EQUIVALENT_TITLES, policy.equivalents),
    ):
        if table:
            yield heading
            for name, ids in table.items():
                title = f" ({titles[name]})" if name in titles else ""
                yield from wrap(f"{name}{title}: {', '.join(ids)}", _WIDTH, "  ", "    ")
    for link in policy.links:
        yield f"see: {link}"
    yield f"source: {policies.shown.get(policy.file, f'policies/{policy.file}')}:{policy.line}"


def _with_terraform(name: str, page: Page) -> str:
    types = page.terraform_types.get(name)
    return f"{name} (in Terraform {', '.join(types)})" if types else name


def _example_lines(page: Page, style: Style, language: str | None) -> Iterator[str]:
    account = " (with --scope account)" if page.baseline else ""
    for name, examples in page.examples.items():
        if language not in (None, name):
            continue
        for verdict, heading in (("fail", "fails"), ("pass", "passes")):
            if verdict in examples:
                yield f"{LANGUAGE_TITLES[name]}, {style(verdict, heading)}{account}:"
                yield from (f"    {line}".rstrip() for line in examples[verdict].splitlines())
                yield ""
        if not examples:
            yield f"{LANGUAGE_TITLES[name]}: no example, as it cannot say what this policy judges."
            yield ""


def _value_text(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def pattern_text(path: ReadPath) -> str:
    """A read path as METADATA writes it: `A.B[].C`."""
    text = ""
    for step in path:
        text += step if step == "[]" or not text else f".{step}"
    return text
