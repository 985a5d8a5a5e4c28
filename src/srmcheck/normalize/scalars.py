"""Plain values in canonical form: booleans, numbers, texts, IP ranges, ARNs (docs: normalization, "Coercion")."""

from __future__ import annotations

import re
from functools import lru_cache

from srmcheck.values import Reference, Scalar, Unknown

_BOOLEANS = {"true": True, "false": False}
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_PARTITION = re.compile(r"arn:(?:aws-[a-z-]{1,20}|\*):")
_COMMON = {"0.0.0.0/0": "0.0.0.0/0", "::/0": "::/0"}
_SUFFIXES = (".amazonaws.com.cn", ".c2s.ic.gov", ".sc2s.sgov.gov")

PARTITION = Reference("AWS::Partition", "Ref")
URL_SUFFIX = Reference("AWS::URLSuffix", "Ref")


def boolean(value: Scalar) -> Scalar:
    """ "true", "True" -> True; what is no boolean stays."""
    return _BOOLEANS.get(value.strip().lower(), value) if isinstance(value, str) else value


def integer(value: Scalar) -> Scalar:
    """ "443", 443.0 -> 443; what is no integer stays."""
    if isinstance(value, str):
        text = value.strip()
        return int(text) if _INTEGER.fullmatch(text) else value
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 63 else value


def number(value: Scalar) -> Scalar:
    """ "0.5" -> 0.5, 2.0 -> 2; what is no number stays."""
    if isinstance(value, str):
        text = value.strip()
        if not _NUMBER.fullmatch(text):
            return value
        value = float(text) if "." in text else int(text)
    return integer(value)


def text(value: Scalar) -> Scalar:
    """True -> "true", 443 and 443.0 -> "443"; None stays."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(integer(value))
    return value


@lru_cache(maxsize=4096)
def cidr(written: str) -> str:
    """An IP range without host bits, in its shortest spelling: "10.0.0.7/8" -> "10.0.0.0/8", "0::0/0" -> "::/0". What is no
    range stays as it is."""
    common = _COMMON.get(written)
    if common is not None:
        return common
    if "/" not in written:
        return written
    from ipaddress import ip_network

    try:
        return str(ip_network(written.strip(), strict=False))
    except ValueError:
        return written


def arn(written: str) -> str:
    """An ARN with the partition written "aws", as all partitions are one to policies, and with one word for an elastic IP,
    which Shield calls by another than EC2; another text stays."""
    if not written.startswith("arn:"):
        return written
    found = written if written.startswith("arn:aws:") else _PARTITION.sub("arn:aws:", written, count=1)
    return found.replace(":eip-allocation/", ":elastic-ip/", 1) if found.startswith("arn:aws:ec2:") else found


Parts = tuple[str | Reference | Unknown, ...]


def arn_parts(parts: Parts) -> Parts:
    """The same for a text in parts."""
    first = parts[0]
    if not isinstance(first, str) or not first.startswith("arn:"):
        return parts
    if first == "arn:" and len(parts) > 2 and isinstance(parts[2], str) and parts[2].startswith(":"):
        partition = parts[1]
        if partition == PARTITION or (isinstance(partition, Unknown) and not partition.candidates):
            return (f"arn:aws{parts[2]}", *parts[3:])
    changed = arn(first)
    return parts if changed == first else (changed, *parts[1:])


def service(written: str) -> str:
    """A service principal with the suffix of the commercial partition: "ec2.amazonaws.com.cn" -> "ec2.amazonaws.com"."""
    for suffix in _SUFFIXES:
        if written.endswith(suffix):
            return written[: -len(suffix)] + ".amazonaws.com"
    return written
