"""Facts about values that no policy may see: does it look like a credential?

Source of the words: the catalogue's "Secret-like name" and "Credential pattern" (docs: metadata, facts).
"""

from __future__ import annotations

import re

from srmcheck.values import Origin

FACTS = ("credential-pattern", "examined", "secret-literal")
"""`credential-pattern`: the text holds a credential. `secret-literal`: the text is a literal of the template that would be
one beside a secret-like name. `examined`: the host knows the value, so that the other facts are all that can be said."""

CREDENTIAL_FACTS = frozenset({"credential-pattern"})
"""Facts that make a value secret by themselves."""

_NAME = r"pass(?:word|wd)|secret|token|credential|api[\W_]{0,3}key|access[\W_]{0,3}key|private[\W_]{0,3}key"
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
_ACCESS_KEY = re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])")
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_SECRET_KEY = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_ASSIGNED = re.compile(
    rf"(?:{_NAME})[A-Za-z0-9_.-]{{0,40}}[\"']?\s{{0,3}}[=:]\s{{0,3}}([\"']?)([^\s\"',;&]{{8,}})", re.IGNORECASE
)
_NO_LITERAL = re.compile(r"\$|<.*>$|[.~]{0,2}[/\\]|[A-Za-z]:\\|[A-Za-z][A-Za-z0-9+.-]*://|arn:|\{\{|⟦", re.IGNORECASE)
_ARN = re.compile(r"arn:[^\s\"',;]+")
_PLACEHOLDERS = frozenset({"changeme", "placeholder"})
_MOST = 1 << 20


def is_secret_like(name: str) -> bool:
    """Whether a name speaks of a secret: password, passwd, secret, token, credential, api key, access key, private key,
    in any case and with any separator."""
    return _SECRET_NAME.search(name) is not None


def counts_as_literal(text: str) -> bool:
    """Whether a text beside a secret-like name is a credential: 8 or more characters, and no variable, command, path, URL,
    ARN, reference or placeholder."""
    text = text.strip()
    if len(text) < 8 or text.lower() in _PLACEHOLDERS:
        return False
    return _NO_LITERAL.match(text) is None


def holds_credential(text: str) -> bool:
    """Whether a text matches a credential pattern; ARNs hold none. Texts beyond 1 MiB are searched in their first MiB."""
    text = _ARN.sub("arn", text[:_MOST])
    if _ACCESS_KEY.search(text) or _PRIVATE_KEY.search(text):
        return True
    for line in text.splitlines():
        if not _SECRET_NAME.search(line):
            continue
        if _SECRET_KEY.search(line):
            return True
        if any(counts_as_literal(match.group(2)) for match in _ASSIGNED.finditer(line)):
            return True
    return False


def is_literal(origin: Origin | None) -> bool:
    """Whether a value with this origin stands in the template: a literal, or a parameter's default."""
    return origin is None or origin.kind in ("literal", "unsaid") or (origin.kind == "parameter" and origin.has_default)


def facts_about(text: str, origin: Origin | None, wanted: tuple[str, ...]) -> list[str]:
    """Those of `wanted` that hold for a known text, with `examined` first."""
    found = ["examined"]
    if "credential-pattern" in wanted and holds_credential(text):
        found.append("credential-pattern")
    if "secret-literal" in wanted and is_literal(origin) and counts_as_literal(text):
        found.append("secret-literal")
    return found
