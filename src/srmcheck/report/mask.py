"""Takes secrets out of source lines before they are shown."""

from __future__ import annotations

import re

MASK = "***"

# The catalogue's words: a name that holds one of these, in any case and with any separator, is secret-like.
_NAME = r"(?:passwo?r?d|passwd|passphrase|secret|token|credential|api[\W_]?key|access[\W_]?key|private[\W_]?key)"
_SECRET_KEY = re.compile(_NAME, re.IGNORECASE)
# `{name = "DB_PASSWORD", value = "..."}`: the name that tells is a value itself.
_VALUE_KEY = re.compile(r"\bvalue\b", re.IGNORECASE)
_PATTERN = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY.*")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*(?:"|$)' + r"|'(?:[^']|'')*(?:'|$)")
# `PASSWORD=literal`, wherever it stands: in a script, an environment, an argument.
_ASSIGNED = re.compile(
    _NAME + r"""([\w-]*["']?\s*[:=]\s*["']?)(?![A-Za-z_][\w-]*[.(]|!)([^\s"'$<{(\[,;|>&*]{8,})""", re.IGNORECASE
)
_URL = re.compile(r"(://[^/@\s:]*:)[^/@\s]+(?=@)")
_KEY_ENDS = re.compile(r"\s*[:=](?!=)")
# A YAML value without quotes that is no tag, reference, collection, block mark, number, boolean or comment.
_PLAIN = re.compile(
    r"""^(\s*(?:-\s+)*[\w.$:/-]*?\s*[:=]\s+|\s*-\s+)(?![!&*\[{|>#'"]|(?:true|false|null|yes|no)\b)(\S.*)$""", re.I
)
_EXPRESSION = re.compile(r"(?:[A-Za-z_][\w-]*(?:\.|\()|\$\{).*")


def mask_line(line: str, secret: bool) -> str:
    """`line` without what looks like a secret. If `secret` (the place is marked so, or a policy found a credential
    there), every literal on it is taken out; else only literals under a secret-like name and known patterns."""
    masked = _URL.sub(rf"\g<1>{MASK}", _PATTERN.sub(MASK, line))
    named = _SECRET_KEY.search(line) is not None
    if not secret and not named:
        return masked
    masked = _BASE64.sub(MASK, masked)
    masked = _ASSIGNED.sub(lambda match: match.group()[: match.start(2) - match.start()] + MASK, masked)
    return _literals(masked, secret)


def _literals(line: str, secret: bool) -> str:
    """Takes out strings that are no keys (of a key that is not secret-like only if `secret`), and plain YAML values."""
    parts: list[str] = []
    position = 0
    key = ""
    for match in _STRING.finditer(line):
        between = line[position : match.start()]
        parts.append(between)
        position = match.end()
        text = match.group()
        if _KEY_ENDS.match(line, position):
            key = text
            parts.append(text)
            continue
        if between.strip(" \t,[({:="):
            key = between
        hidden = secret or _SECRET_KEY.search(key) or _VALUE_KEY.search(key)
        parts.append(f"{text[0]}{MASK}{text[0]}" if hidden else text)
    parts.append(line[position:])
    result = "".join(parts)
    plain = _PLAIN.match(result)
    if plain and (secret or _SECRET_KEY.search(plain.group(1))) and not _EXPRESSION.match(plain.group(2)):
        return plain.group(1) + MASK
    if secret and MASK not in result and not re.search(r"[:=]", result):
        return re.sub(r"\S.*", MASK, result, count=1)
    return result
