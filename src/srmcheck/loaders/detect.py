"""Tells what a file is by its content (docs: usage)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.loaders.text import decode, has_mark, parse_json

Kind = Literal["plan", "state", "cloudformation"]

HEAD = 4096

_PLAN_MARKS = (b'"format_version"', b'"planned_values"', b'"resource_changes"')
_STATE_MARKS = (b'"terraform_version"', b'"lineage"')
_TEMPLATE_MARKS = (b'"AWSTemplateFormatVersion"', b'"Resources"')
_YAML_TEMPLATE = re.compile(rb"""^["']?(?:AWSTemplateFormatVersion|Resources)["']?[ \t]*:""", re.MULTILINE)
_YAML_VERSION = re.compile(rb"""^["']?AWSTemplateFormatVersion["']?[ \t]*:""", re.MULTILINE)
_RESOURCE_TYPE = re.compile(rb"\b(?:AWS|Custom|Alexa)::")
_JSON_LATER = re.compile(rb'^[ \t]*\{[ \t\r\n]*"(?:format_version|terraform_version)"', re.MULTILINE)
_LOG = re.compile(rb'\A\s*\{"@level"')
_SPACE = b" \t\r\n"

_PLAN_HINT = "terraform show -json tfplan > plan.json"


@dataclass(frozen=True, slots=True)
class Detected:
    """A file that srmcheck reads. `document` is the parsed JSON of a plan or state, `text` the text of a CloudFormation
    template."""

    kind: Kind
    document: Any = None
    text: str = ""


def may_be_template(head: bytes) -> bool:
    """Whether a file whose name tells nothing is worth reading whole, by its first HEAD bytes."""
    if has_mark(head):
        return True
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(_SPACE)
    if start[:1] == b"{":
        return any(mark in head for mark in (*_PLAN_MARKS, *_STATE_MARKS, *_TEMPLATE_MARKS))
    return _YAML_VERSION.search(head) is not None or _JSON_LATER.search(head) is not None


def detect(data: bytes, name: str, *, named: bool) -> Detected | None:
    """What the file is; None for one that srmcheck does not read. Of a file that the user named, that is an error.

    Raises InputError for a file that is of a kind srmcheck reads, but broken: cut, not valid, no text; and, if `named`,
    for any other.
    """
    data = _as_utf8(data, name)
    start = data.lstrip(_SPACE)
    is_json = start[:1] == b"{" and b"\0" not in start[:HEAD]
    found = _json(data, name, named) if is_json else _other(data, start, name)
    if found is None and named:
        raise _not_ours(start, name)
    return found


def _as_utf8(data: bytes, name: str) -> bytes:
    if has_mark(data):
        return decode(data, name).encode()
    return data.removeprefix(b"\xef\xbb\xbf")


def _json(data: bytes, name: str, named: bool) -> Detected | None:
    plan = data.find(b'"format_version"', 0, HEAD) >= 0 or all(mark in data for mark in _PLAN_MARKS[1:])
    state = all(mark in data for mark in _STATE_MARKS)
    template = any(mark in data for mark in _TEMPLATE_MARKS) and _RESOURCE_TYPE.search(data) is not None
    if not (plan or state or template or named):
        return None
    try:
        document = parse_json(data, name)
    except InputError:
        if (
            template and not plan and not state
        ):  # JSON as people have it: the loader is more patient, or says where it breaks
            return Detected("cloudformation", text=decode(data, name))
        if _LOG.match(data):
            return None
        raise
    from srmcheck.loaders.terraform.plan import looks_like_plan
    from srmcheck.loaders.terraform.state import looks_like_state

    if looks_like_plan(document):
        return Detected("plan", document)
    if looks_like_state(document):
        return Detected("state", document)
    if isinstance(document, dict) and isinstance(document.get("Resources"), dict) and (template or named):
        return Detected("cloudformation", text=decode(data, name))
    if isinstance(document, dict) and "AWSTemplateFormatVersion" in document:
        return Detected("cloudformation", text=decode(data, name))
    return None


def _other(data: bytes, start: bytes, name: str) -> Detected | None:
    if start[:2] == b"PK" or b"\0" in start[:HEAD]:
        return None
    later = _JSON_LATER.search(data)
    if later is not None:
        line = data.count(b"\n", 0, later.start()) + 1
        raise InputError(
            Diagnostic(
                "Text before the JSON",
                name,
                1,
                None,
                f"The JSON starts in line {line} only; what stands before it was written by a wrapper around the command.",
                "switch the wrapper off (setup-terraform: terraform_wrapper: false) or delete the lines before the first {",
            )
        )
    if _YAML_TEMPLATE.search(data) and (_YAML_VERSION.search(data) or _RESOURCE_TYPE.search(data)):
        return Detected("cloudformation", text=decode(data, name))
    return None


def _not_ours(start: bytes, name: str) -> InputError:
    """The error for a named file of another kind, with the way to one that srmcheck reads."""
    if not start:
        return InputError(Diagnostic("Empty file", name, hint="does the command that writes it succeed?"))
    if start[:2] == b"PK":
        return InputError(
            Diagnostic(
                "Plan in Terraform's own format",
                name,
                detail="Only Terraform itself reads this file; srmcheck reads it as JSON.",
                hint=_PLAN_HINT,
            )
        )
    if _LOG.match(start):
        return InputError(
            Diagnostic(
                "Log of a plan, not a plan",
                name,
                detail="`terraform plan -json` prints what it does, not what it plans.",
                hint=f"terraform plan -out=tfplan; {_PLAN_HINT}",
            )
        )
    if b"\0" in start[:HEAD]:
        decode(start, name)
    return InputError(
        Diagnostic(
            "Not a template that srmcheck reads",
            name,
            detail="It is no Terraform plan or state as JSON, no Terraform configuration and no CloudFormation template.",
            hint="name a plan (terraform show -json), a folder with .tf files, or a template with Resources",
        )
    )
