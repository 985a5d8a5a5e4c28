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
# A key with its value without quotes, up to the end, or, in braces, to the next comma or brace.
_PAIR = re.compile(r"""([\w.$/-]+["']?\s*(?::(?=\s)|=(?![=>]))\s*)((?![\s"'{\[])[^,}\]]*[^,}\]\s])""")
# An element without quotes of a list in brackets.
_ELEMENT = re.compile(r"""([\[,]\s*)([^\s"'\[\]{},][^"'\[\]{},]*?)(?=\s*[\],])""")
_KEY = re.compile(r"""[\w"']\s*[:=]""")
_KEY_NAME = re.compile(r"""([\w.$/-]+)["']?\s*[:=]""")
_ITEM = re.compile(r"^(\s*(?:-\s+)*)(\S.*)$")
# What is no literal: a tag, a reference, a collection, a block mark, a boolean, a mask, an expression of Terraform, a block.
_NO_PLAIN = re.compile(
    r"""[!&*\[{|>#'"}\])]|(?:true|false|null|yes|no)\b|(?:[A-Za-z_][\w-]*(?:\.|\()|\$)|<<|[\w-]+(?:\s+"[^"]*")*\s*\{\s*$""",
    re.IGNORECASE,
)


def mask_line(line: str, secret: bool) -> str:
    """`line` without what looks like a secret. If `secret` (the place is marked so, or a policy found a credential there,
    or nothing is known of the line), every literal on it is taken out; else only literals under a secret-like name and
    known patterns."""
    masked = _URL.sub(rf"\g<1>{MASK}", _PATTERN.sub(MASK, line))
    if not secret and _SECRET_KEY.search(line) is None:
        return masked
    masked = _BASE64.sub(MASK, masked)
    masked = _ASSIGNED.sub(lambda match: match.group()[: match.start(2) - match.start()] + MASK, masked)
    masked = _strings(masked, secret)
    return _plain_values(masked, secret)


def _strings(line: str, secret: bool) -> str:
    """Takes out strings that are no keys; those of a key that is not secret-like only if `secret`."""
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
    return "".join(parts)


def _plain_values(line: str, secret: bool) -> str:
    """Takes out values without quotes: of YAML, after a key or a dash, in braces too."""

    def hide(match: re.Match[str]) -> str:
        key, value = match.group(1), match.group(2)
        hidden = secret or _SECRET_KEY.search(key) or _VALUE_KEY.search(key)
        return key + MASK if hidden and not _NO_PLAIN.match(value) else match.group()

    def hide_element(match: re.Match[str]) -> str:
        value = match.group(2)
        keys = _KEY_NAME.findall(match.string, 0, match.start())
        hidden = secret or (bool(keys) and _SECRET_KEY.search(keys[-1]) is not None)
        if not hidden or _NO_PLAIN.match(value) or _KEY.search(value):
            return match.group()
        return match.group(1) + MASK

    result = _ELEMENT.sub(hide_element, _PAIR.sub(hide, line))
    if secret:
        item = _ITEM.match(result)
        if item and not _KEY.search(result) and not _NO_PLAIN.match(item.group(2)):
            return item.group(1) + MASK
    return result
