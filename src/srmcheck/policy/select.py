"""Which policies run: the terms of `--select` and `--ignore` (docs: configuration, "Selection").

A term is a policy id or a pattern of ids (`SRM-S3-*`), or `service:s3`, `responsibility:network-security`,
`severity:high`, `framework:cis_aws_5_0`, `framework:cis_aws_5_0:2.1.4`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from srmcheck.diagnostics import ConfigError, Diagnostic

KINDS = ("service", "responsibility", "severity", "framework")
Entry = Mapping[str, Any]
"""The metadata of a policy as the index holds it."""


def choose(entries: Sequence[Entry], select: Sequence[str], ignore: Sequence[str], profile: str) -> frozenset[str]:
    """The ids of the policies that run: of the profile those that a term of `select` names (all, if there is none), less
    those that a term of `ignore` names. A policy that `select` names by its id runs whatever its profile.

    Raises ConfigError for a term that names nothing, with what it may have meant, and where no policy is left.
    """
    in_profile = {entry["id"] for entry in entries if profile == "all" or entry.get("profile", "default") == "default"}
    chosen = set(in_profile)
    if select:
        chosen = set()
        for term in select:
            named = _named(term, entries, "--select")
            is_id = ":" not in term and not _is_pattern(term)
            chosen |= named if is_id else named & in_profile
    for term in ignore:
        chosen -= _named(term, entries, "--ignore")
    if not chosen:
        wider = bool(select) and any(_named(term, entries, "--select") for term in select) and profile != "all"
        raise ConfigError(
            Diagnostic(
                "No policy is left to run",
                detail="What --select names is nothing, or all of it is left out by --ignore or the profile.",
                hint="--profile all adds the policies of taste" if wider else "srmcheck policies list names them all",
            )
        )
    return frozenset(chosen)


def _named(term: str, entries: Sequence[Entry], option: str) -> set[str]:
    """The ids of the policies that a term names; there is at least one."""
    kind, colon, value = term.partition(":")
    if not colon:
        found = {entry["id"] for entry in entries if fnmatchcase(entry["id"], term.upper())}
        if not found:
            raise _unknown(option, "policy", term, [entry["id"] for entry in entries])
        return found
    if kind not in KINDS:
        raise _unknown(option, "kind of term", kind, KINDS)
    if kind == "framework":
        return _of_framework(value, entries, option)
    found = {entry["id"] for entry in entries if entry[kind] == value}
    if not found and value not in _possible(kind, entries):
        raise _unknown(option, kind, value, sorted(_possible(kind, entries)), f"{kind}:")
    return found


def _of_framework(value: str, entries: Sequence[Entry], option: str) -> set[str]:
    name, _, control = value.partition(":")
    controls: dict[str, set[str]] = {}
    for entry in entries:
        for item in entry.get("frameworks", {}).get(name, ()):
            controls.setdefault(item, set()).add(entry["id"])
    if not controls:
        names = sorted({known for entry in entries for known in entry.get("frameworks", {})})
        raise _unknown(option, "framework", name, names, "framework:")
    if not control:
        return set().union(*controls.values())
    if control not in controls:
        raise _unknown(option, f"control of {name} with a policy", control, sorted(controls), f"framework:{name}:")
    return controls[control]


def _possible(kind: str, entries: Iterable[Entry]) -> set[str]:
    from srmcheck.results import RESPONSIBILITIES, SEVERITIES

    fixed = {"severity": SEVERITIES, "responsibility": RESPONSIBILITIES}
    return set(fixed.get(kind, ())) or {entry[kind] for entry in entries}


def _is_pattern(term: str) -> bool:
    return any(character in term for character in "*?[")


def _unknown(option: str, what: str, value: str, names: Sequence[str], prefix: str = "") -> ConfigError:
    import difflib

    close = difflib.get_close_matches(value, names, 3, 0.5) or difflib.get_close_matches(value.upper(), names, 3, 0.5)
    if close:
        hint = f"did you mean {' or '.join(prefix + name for name in close)}?"
    elif len(names) <= 12:
        hint = f"there is {', '.join(prefix + name for name in names)}"
    else:
        hint = "srmcheck policies list names them all, srmcheck policies show ID their frameworks"
    return ConfigError(Diagnostic(f"No such {what} for {option}: {value[:80]}", hint=hint))
