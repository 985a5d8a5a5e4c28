"""Dynamic references: `{{resolve:secretsmanager:...}}` and their like, which AWS resolves at deployment.

Source: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

import re

from srmcheck.values import Origin, Text, Value

_OPENING = re.compile(r"\{\{resolve:(secretsmanager|ssm|ssm-secure):")


def dynamic_reference(value: Value) -> Origin | None:
    """The origin of a text, or of a text in parts, that as a whole is one dynamic reference; None for all else."""
    if isinstance(value, str):
        parts: tuple[object, ...] = (value,)
    elif isinstance(value, Text):
        parts = value.parts
    else:
        return None
    first, last = parts[0], parts[-1]
    if not isinstance(first, str) or not isinstance(last, str) or not last.endswith("}}"):
        return None
    opening = _OPENING.match(first)
    if opening is None:
        return None
    text = "\0".join(part if isinstance(part, str) else "" for part in parts)
    if text.count("{{") != 1 or text.index("}}") != len(text) - 2:
        return None
    return Origin("dynamic-reference", opening.group(1))
