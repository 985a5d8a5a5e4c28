"""Which policies run: the terms of `--select` and `--ignore` (docs: configuration, "Selection").

A term is a policy id or a pattern of ids (`SRM-S3-*`), or `service:s3`, `responsibility:network-security`,
`severity:high`, `framework:cis_aws_5_0`, `framework:cis_aws_5_0:2.1.4`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from srmcheck.diagnostics import ConfigError, Diagnostic

MOST_NAMED = 12
KINDS = ("service", "responsibility", "severity", "framework")
Entry = Mapping[str, Any]
"""The metadata of a policy as the index holds it."""
Places = Mapping[str, tuple[str, int]]
"""File and line of the settings "select" and "ignore", where they do not come from the command line."""


def choose(
    entries: Sequence[Entry], select: Sequence[str], ignore: Sequence[str], profile: str, places: Places
) -> frozenset[str]:
    """The ids of the policies that run: of the profile those that a term of `select` names (all, if there is none), less
    those that a term of `ignore` names. A policy that `select` names by its id runs whatever its profile.

    Raises ConfigError for a term that names nothing, with what it may have meant, and where no policy is left.
    """
    in_profile = {entry["id"] for entry in entries if profile == "all" or entry.get("profile", "default") == "default"}
    chosen = set(in_profile)
    if select:
        chosen = set()
        for term in select:
            named = _named(term, entries, "select", places)
            is_id = ":" not in term and not _is_pattern(term)
            chosen |= named if is_id else named & in_profile
    for term in ignore:
        chosen -= _named(term, entries, "ignore", places)
    if not chosen:
        wider = bool(select) and any(_named(term, entries, "select", places) for term in select) and profile != "all"
        raise ConfigError(
            Diagnostic(
                "No policy is left to run",
                detail="What --select names is nothing, or all of it is left out by --ignore or the profile.",
                hint="--profile all adds the policies of taste" if wider else "srmcheck policies list names them all",
            )
        )
    return frozenset(chosen)


def _named(term: str, entries: Sequence[Entry], option: str, places: Places) -> set[str]:
    """The ids of the policies that a term names; there is at least one, or the term is no mistake."""
    kind, colon, value = term.partition(":")

    def unknown(what: str, name: str, names: Sequence[str], prefix: str = "") -> ConfigError:
        return _unknown(what, name, names, prefix, option, places)

    if not colon:
        found = {entry["id"] for entry in entries if fnmatchcase(entry["id"], term.upper())}
        if not found:
            raise unknown("policy", term, [entry["id"] for entry in entries])
        return found
    if kind not in KINDS:
        raise unknown("kind of term", kind, KINDS)
    if kind != "framework":
        found = {entry["id"] for entry in entries if entry[kind] == value}
        if not found and value not in _possible(kind, entries):
            raise unknown(kind, value, sorted(_possible(kind, entries)), f"{kind}:")
        return found
    name, _, control = value.partition(":")
    controls: dict[str, set[str]] = {}
    for entry in entries:
        for item in entry.get("frameworks", {}).get(name, ()):
            controls.setdefault(item, set()).add(entry["id"])
    if not controls:
        names = sorted({known for entry in entries for known in entry.get("frameworks", {})})
        raise unknown("framework", name, names, "framework:")
    if not control:
        return set().union(*controls.values())
    if control not in controls:
        raise unknown(f"control of {name} with a policy", control, sorted(controls), f"framework:{name}:")
    return controls[control]


def _possible(kind: str, entries: Iterable[Entry]) -> set[str]:
    from srmcheck.results import RESPONSIBILITIES, SEVERITIES

    fixed = {"severity": SEVERITIES, "responsibility": RESPONSIBILITIES}
    return set(fixed.get(kind, ())) or {entry[kind] for entry in entries}


def _is_pattern(term: str) -> bool:
    return any(character in term for character in "*?[")


def _unknown(what: str, name: str, names: Sequence[str], prefix: str, option: str, places: Places) -> ConfigError:
    import difflib

    nearness = 0.6 if len(name) > 3 else 0.5  # one wrong letter of two is half of a short name
    close = next(
        (found for one in (name, name.upper()) if (found := difflib.get_close_matches(one, names, 3, nearness))), None
    )
    if close:
        hint = f"did you mean {' or '.join(prefix + one for one in close)}?"
    else:
        more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
        hint = f"there is {', '.join(prefix + one for one in names[:MOST_NAMED])}{more}"
    file, line = places.get(option, (None, None))
    by = option if file is not None else f"--{option}"
    return ConfigError(Diagnostic(f"No such {what} for {by}: {name[:80]}", file, line, hint=hint))
