"""Functions of times given as text.

Source: developer.hashicorp.com/terraform/language/functions/formatdate
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from srmcheck.loaders.terraform.hcl.functions.base import Pure
from srmcheck.loaders.terraform.hcl.partial import EvalError

_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)")
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
_SEQUENCE = re.compile(r"'((?:[^']|'')*)'|([YMDEhHmsAaZ])\2*|[^YMDEhHmsAaZ']+")


def _time(text: str) -> datetime:
    match = _STAMP.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        zone = match.group(7)
        offset = timedelta(0)
        if zone != "Z":
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6])) * (-1 if zone[0] == "-" else 1)
        return datetime(*(int(part) for part in match.groups()[:6]), tzinfo=timezone(offset))  # type: ignore[arg-type,misc]
    except ValueError:
        raise EvalError("Invalid timestamp", "A time like 2026-01-31T12:00:00Z is required.") from None


def _zone(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta(0)
    if not offset:
        return "Z"
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0") + _zone(moment)


def timeadd(text: str, duration: str) -> str:
    moment = _time(text)
    sign, rest = (-1, duration[1:]) if duration.startswith("-") else (1, duration.removeprefix("+"))
    parts = _DURATION.findall(rest)
    if not rest or "".join(number + unit for number, unit in parts) != rest:
        raise EvalError("Invalid duration", "A duration like 1h30m is required.")
    try:
        return _written(moment + sign * timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts)))
    except OverflowError:
        raise EvalError("Invalid duration", "The time is out of range.") from None


def timecmp(left: str, right: str) -> int:
    first, second = _time(left), _time(right)
    return (first > second) - (first < second)


def formatdate(pattern: str, text: str) -> str:
    moment = _time(text)
    parts: list[str] = []
    at = 0
    for match in _SEQUENCE.finditer(pattern):
        if match.start() != at:
            break
        at = match.end()
        if match.group(1) is not None:
            parts.append(match.group(1).replace("''", "'"))
        elif match.group(2) is not None:
            parts.append(_sequence(match.group(), moment))
        else:
            parts.append(match.group())
    if at != len(pattern):
        raise EvalError("Invalid date format", "A quote in the format is not closed.")
    return "".join(parts)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _sequence(letters: str, moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    offset = _zone(moment)
    known = {
        "YYYY": f"{moment.year:04d}",
        "YY": f"{moment.year % 100:02d}",
        "MMMM": _MONTHS[moment.month - 1],
        "MMM": _MONTHS[moment.month - 1][:3],
        "MM": f"{moment.month:02d}",
        "M": str(moment.month),
        "DD": f"{moment.day:02d}",
        "D": str(moment.day),
        "EEEE": _DAYS[moment.weekday()],
        "EEE": _DAYS[moment.weekday()][:3],
        "hh": f"{moment.hour:02d}",
        "h": str(moment.hour),
        "HH": f"{hour:02d}",
        "H": str(hour),
        "mm": f"{moment.minute:02d}",
        "m": str(moment.minute),
        "ss": f"{moment.second:02d}",
        "s": str(moment.second),
        "AA": "AM" if moment.hour < 12 else "PM",
        "aa": "am" if moment.hour < 12 else "pm",
        "ZZZZZ": "+00:00" if offset == "Z" else offset,
        "ZZZZ": "+0000" if offset == "Z" else offset.replace(":", ""),
        "ZZZ": "UTC" if offset == "Z" else offset.replace(":", ""),
        "Z": offset,
    }
    if letters not in known:
        raise EvalError("Invalid date format", "The format holds a sequence of letters that Terraform does not have.")
    return known[letters]


FUNCTIONS: dict[str, Pure] = {
    "formatdate": Pure(formatdate, "string", "string"),
    "timeadd": Pure(timeadd, "string", "string"),
    "timecmp": Pure(timecmp, "string", "string"),
}
