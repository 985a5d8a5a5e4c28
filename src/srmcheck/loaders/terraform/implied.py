"""The attribute that an index by an expression loses, where the argument's name leaves no doubt.

`bucket = aws_s3_bucket.zone[each.key].id` is `["aws_s3_bucket.zone", "each.key"]` in a plan. An argument that is named
after the kind of resource that it is given (`bucket`, `subnet_id`, `kms_master_key_id`, `role_arn`) takes what names that
resource, and nothing else of it.
"""

from __future__ import annotations

import re

from srmcheck.loaders.terraform.inventory import Record

_ENDING = re.compile(r"_?(ids?|arns?|names?|urls?|identifiers?)\Z")
_ATTRIBUTES = {"arn": "arn", "url": "url"}
_DOCUMENT = "aws_iam_policy_document"


def implied_attribute(argument: str, record: Record) -> str | None:
    """The attribute of `record` that `argument` takes; None where the name does not tell."""
    if record.type == _DOCUMENT:
        return "json" if record.mode == "data" and argument.endswith(("policy", "policy_documents", "json")) else None
    ending = _ENDING.search(argument)
    stem = argument[: ending.start()] if ending is not None else argument
    what = stem.rpartition("_")[2].removesuffix("s")
    if not what or record.type.rpartition("_")[2] != what:
        return None
    return _ATTRIBUTES.get(ending[1].removesuffix("s"), "id") if ending is not None else "id"
