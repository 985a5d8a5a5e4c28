"""`srmcheck policies`: lists and shows the policies (docs: usage)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from srmcheck.diagnostics import ConfigError, Diagnostic
from srmcheck.report.style import Style, wrap

if TYPE_CHECKING:
    from srmcheck.policy.load import PolicySet
    from srmcheck.policy.model import Policy, ReadPath

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


def show_lines(policy: Policy, style: Style, policies: PolicySet) -> Iterator[str]:
    """Everything that the METADATA of a policy says, one of `policies`."""
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
    yield "judges:"
    for name, paths in policy.types.items():
        reads = ", ".join(pattern_text(path) for path in paths) or "by related resources"
        yield from wrap(f"{name}: {reads}", _WIDTH, "  ", "    ")
    if policy.related:
        yield "joins:"
        for relation in policy.related:
            yield from wrap(f"{relation.name}: {', '.join(relation.types)}", _WIDTH, "  ", "    ")
    for name, parameter in policy.parameters.items():
        value, default = policies.data["srmcheck"]["parameters"][policy.id][name], parameter["default"]
        what = parameter["type"] if value == default else f"{parameter['type']}, else {_value_text(default)}"
        text = f"parameter {name} = {_value_text(value)} ({what}): {parameter['description']}"
        yield from wrap(text, _WIDTH, "", "  ")
    for language, text in policy.remediation.items():
        yield from wrap(text, _WIDTH, f"fix ({language}): ", "  ")
    if policy.yields_to:
        yield from wrap(", ".join(policy.yields_to), _WIDTH, "yields to: ")
    for title, table in (("frameworks:", policy.frameworks), ("equivalents:", policy.equivalents)):
        if table:
            yield title
            for name, ids in table.items():
                yield from wrap(f"{name}: {', '.join(ids)}", _WIDTH, "  ", "    ")
    for link in policy.links:
        yield f"see: {link}"
    yield f"source: {policies.shown.get(policy.file, f'policies/{policy.file}')}:{policy.line}"


def _value_text(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def pattern_text(path: ReadPath) -> str:
    """A read path as METADATA writes it: `A.B[].C`."""
    text = ""
    for step in path:
        text += step if step == "[]" or not text else f".{step}"
    return text
