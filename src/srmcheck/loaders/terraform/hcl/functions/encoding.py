"""JSON, YAML, CSV, base64, URLs and digests."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

from srmcheck.loaders.terraform.hcl.convert import NotKnown, json_text, number, plain
from srmcheck.loaders.terraform.hcl.functions.base import Context, OverNodes, Pure, is_secret, wrong_number
from srmcheck.loaders.terraform.hcl.partial import EvalError
from srmcheck.values import Json, Node

MOST_DEPTH = 100


def jsonencode(context: Context, args: list[Node]) -> Node:
    """JSON text where all is known, else the encoding of the value with what is known of it."""
    if len(args) != 1:
        raise wrong_number()
    node = args[0]
    try:
        return Node(json_text(plain(node)), secret=is_secret(node))
    except NotKnown:
        return Node(Json(node), secret=node.secret)


def jsondecode(context: Context, args: list[Node]) -> Node:
    if len(args) != 1:
        raise wrong_number()
    node = context.resolved(args[0])
    if isinstance(node.value, Json):
        return node.value.of
    text = plain(node)
    if not isinstance(text, str):
        raise EvalError("Unsuitable value", "jsondecode needs a string.")
    try:
        decoded = json.loads(text, parse_float=_float, parse_int=_integer, parse_constant=_no_number)
        return Node(_nested(decoded).value, secret=node.secret)
    except (ValueError, RecursionError):
        raise EvalError("Invalid JSON", "The string is not valid JSON.") from None


def _float(text: str) -> int | float:
    from decimal import Decimal

    exact = Decimal(text)
    if not exact.is_finite() or abs(exact.adjusted()) > 300:
        raise ValueError
    return number(exact)


def _integer(text: str) -> int:
    if len(text) > 400:
        raise ValueError
    return int(text)


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _nested(value: Any, depth: int = 0) -> Node:
    if depth > MOST_DEPTH:
        raise EvalError("Nesting too deep", "The decoded value is nested too deep.")
    if isinstance(value, dict):
        return Node({str(key): _nested(item, depth + 1) for key, item in value.items()})
    if isinstance(value, list):
        return Node([_nested(item, depth + 1) for item in value])
    return Node(value)


def yamldecode(text: str) -> Any:
    from srmcheck.loaders.terraform.hcl.functions.yaml_values import decode

    return decode(text)


def yamlencode(value: Any) -> str:
    from srmcheck.loaders.terraform.hcl.functions.yaml_values import encode

    return encode(value)


def csvdecode(text: str) -> list[dict[str, str]]:
    import csv

    try:
        rows = list(csv.reader(text.splitlines(), strict=True))
    except csv.Error:
        raise EvalError("Invalid CSV", "The string is not valid CSV.") from None
    rows = [row for row in rows if row]
    if not rows:
        raise EvalError("Invalid CSV", "A header row is required.")
    header, *rest = rows
    if len(set(header)) != len(header) or any(len(row) != len(header) for row in rest):
        raise EvalError("Invalid CSV", "Rows have other fields than the header.")
    return [dict(zip(header, row, strict=True)) for row in rest]


def base64decode(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except ValueError:
        raise EvalError("Invalid base64", "The string is not base64 of UTF-8 text.") from None


def urlencode(text: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text)


def textencodebase64(text: str, encoding: str) -> str:
    try:
        return base64.b64encode(text.encode(_codec(encoding))).decode("ascii")
    except (LookupError, UnicodeEncodeError):
        raise EvalError("Unsupported encoding", "The text cannot be encoded so.") from None


def textdecodebase64(text: str, encoding: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode(_codec(encoding))
    except (LookupError, ValueError):
        raise EvalError("Unsupported encoding", "The text cannot be decoded so.") from None


def _codec(name: str) -> str:
    """Python's name of an encoding; UTF-16 is big endian without a mark there."""
    known = name.lower().replace("_", "-")
    return {"utf-16": "utf-16-be", "utf16": "utf-16-be"}.get(known, known)


def _digest(algorithm: str, encoded: bool = False) -> Callable[[str], str]:
    def digest(text: str) -> str:
        value = hashlib.new(algorithm, text.encode("utf-8"), usedforsecurity=False)
        return base64.b64encode(value.digest()).decode("ascii") if encoded else value.hexdigest()

    return digest


def uuidv5(namespace: str, name: str) -> str:
    import uuid

    known = {
        "dns": uuid.NAMESPACE_DNS,
        "url": uuid.NAMESPACE_URL,
        "oid": uuid.NAMESPACE_OID,
        "x500": uuid.NAMESPACE_X500,
    }
    try:
        return str(uuid.uuid5(known.get(namespace) or uuid.UUID(namespace), name))
    except ValueError:
        raise EvalError("Invalid namespace", "uuidv5 needs dns, url, oid, x500 or a UUID.") from None


FUNCTIONS: dict[str, Pure | OverNodes] = {
    "base64decode": Pure(base64decode, "string"),
    "base64encode": Pure(lambda text: base64.b64encode(text.encode("utf-8")).decode("ascii"), "string"),
    "base64sha256": Pure(_digest("sha256", True), "string"),
    "base64sha512": Pure(_digest("sha512", True), "string"),
    "csvdecode": Pure(csvdecode, "string"),
    "jsondecode": jsondecode,
    "jsonencode": jsonencode,
    "md5": Pure(_digest("md5"), "string"),
    "sha1": Pure(_digest("sha1"), "string"),
    "sha256": Pure(_digest("sha256"), "string"),
    "sha512": Pure(_digest("sha512"), "string"),
    "textdecodebase64": Pure(textdecodebase64, "string", "string"),
    "textencodebase64": Pure(textencodebase64, "string", "string"),
    "urlencode": Pure(urlencode, "string"),
    "uuidv5": Pure(uuidv5, "string", "string"),
    "yamldecode": Pure(yamldecode, "string"),
    "yamlencode": Pure(yamlencode, "any"),
}
