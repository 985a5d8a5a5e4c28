"""The text of an ignore: `srmcheck:ignore SRM-S3-003 reason="public web site" until=2027-01-31` (docs: suppressions)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MOST_CHARACTERS = 4000
MARK = "srmcheck:"
"""What a file without any ignore does not hold."""

_START = re.compile(r"srmcheck:(?:[ \t]?ignore(?![\w-])|(?P<other>[\w-]+))")
_ITEM = re.compile(
    r"""[\s,]*(?:
      (?P<key>[A-Za-z][\w-]*)[ \t]*=[ \t]*(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)'|(?P<bare>[^\s,"']*))
    | (?P<id>[^\s,=]+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.]*(?:-[A-Za-z0-9_.]+)+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_KEYS = ("reason", "until")
EXAMPLE = 'srmcheck:ignore SRM-S3-003 reason="public web site" until=2027-01-31'


@dataclass(frozen=True, slots=True)
class Directive:
    """The policies (in capitals) that are ignored and why; `until` is the last day, `YYYY-MM-DD`, None for no end."""

    ids: tuple[str, ...]
    reason: str
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no ignore that can be used."""

    summary: str
    detail: str
    hint: str = f"write it as {EXAMPLE}"


def directive_text(comment: str) -> str | Fault | None:
    """What follows `srmcheck:ignore` in the text of a comment that starts with it; a fault for another word behind
    `srmcheck:`, None for any other comment."""
    text = comment.strip()
    found = _START.match(text)
    if found is None:
        return None
    if found["other"]:
        return Fault("Unknown directive", "The only word that srmcheck knows behind srmcheck: is ignore.")
    return text[found.end() :]


def parse_directive(text: str) -> Directive | Fault:
    """The ignore whose text behind `srmcheck:ignore` is `text`. Whether its policies exist is not looked at."""
    if len(text) > MOST_CHARACTERS:
        return Fault("Ignore too long", f"It has more than {MOST_CHARACTERS:,} characters.")
    ids: list[str] = []
    given: dict[str, str] = {}
    rest = text.rstrip().rstrip(",")
    position = 0
    while position < len(rest):
        item = _ITEM.match(rest, position)
        if item is None:
            return Fault("Ignore not readable", "It is made of policy ids, reason and until; here is something else.")
        position = item.end()
        key = item["key"]
        if key is None:
            ids.append(item["id"])
            continue
        if key not in _KEYS:
            return Fault("Unknown word in an ignore", f"An ignore has reason and until; it knows no {key}.", _near(key))
        if key in given:
            return Fault("Ignore not readable", f"It gives {key} twice.")
        value = item["bare"]
        if value == "" and rest[position : position + 1] in ('"', "'"):
            return Fault("Quote not closed", f"The {key} of an ignore opens a quote that nothing closes.")
        if key == "reason" and value is not None:
            return Fault("Reason not in quotes", "The reason of an ignore stands in quotes.")
        if value is None:
            value = item["single"] if item["double"] is None else _ESCAPE.sub(r"\1", item["double"])
        given[key] = value
    return make_directive(ids, given.get("reason"), given.get("until"))


def make_directive(ids: list[str], reason: str | None, until: str | None) -> Directive | Fault:
    """The ignore with these parts, or what is wrong with them."""
    if not ids:
        return Fault("Ignore without a policy", "It names no policy.")
    for name in ids:
        if "*" in name or "?" in name:
            return Fault(
                "Pattern in an ignore",
                "An ignore names each policy: a pattern would also hide what policies of later releases find.",
            )
        if not _ID.fullmatch(name):
            return Fault("Ignore not readable", "What stands where a policy's id is expected is none.")
    words = " ".join((reason or "").split())
    if not words:
        return Fault(
            "Ignore without a reason",
            f"{', '.join(ids[:5])} would be ignored, but nobody could tell later whether that still holds.",
            'say why, as in reason="public web site, reviewed by the security team"',
        )
    if until is not None and not _is_date(until):
        return Fault("Date of an ignore not readable", "until is a day that exists, written as 2027-01-31.")
    return Directive(tuple(dict.fromkeys(name.upper() for name in ids)), words, until)


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _near(key: str) -> str:
    import difflib

    close = difflib.get_close_matches(key.lower(), _KEYS, 1)
    return f"did you mean {close[0]}?" if close else f"write it as {EXAMPLE}"
