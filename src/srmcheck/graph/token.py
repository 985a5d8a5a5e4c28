"""Reference tokens: how a reference to a resource looks inside text (docs: input document)."""

from __future__ import annotations

from srmcheck.values import Reference

_ENCODED = {"⟦": "%E2%9F%A6", "⟧": "%E2%9F%A7", "#": "%23", "*": "%2A", "%": "%25"}
_TABLE = str.maketrans(_ENCODED)


def token(reference: Reference) -> str:
    """`⟦address#Attribute⟧`, the address percent-encoded where it holds one of `⟦⟧#*%`, so that a token has no `*`."""
    return f"⟦{encoded(reference.address)}#{reference.attribute}⟧"


def encoded(address: str) -> str:
    """An address as it stands in a token."""
    return address.translate(_TABLE)
