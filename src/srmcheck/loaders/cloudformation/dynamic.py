"""Dynamic references: `{{resolve:secretsmanager:...}}` and their like, which AWS resolves at deployment.

Source: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

import re

from srmcheck.values import Origin, Text, Value

_REFERENCE = re.compile(r"\{\{resolve:(secretsmanager|ssm|ssm-secure):[^{}]*\}\}")


def dynamic_reference(value: Value) -> Origin | None:
    """The origin of a text, or of a text in parts, that holds a dynamic reference; None for all else. Of several, the one
    that reads a plaintext parameter counts."""
    if isinstance(value, str):
        parts: tuple[object, ...] = (value,)
    elif isinstance(value, Text):
        parts = value.parts
    else:
        return None
    text = "".join(part if isinstance(part, str) else "\0" for part in parts)
    services = _REFERENCE.findall(text)
    if not services:
        return None
    return Origin("dynamic-reference", "ssm" if "ssm" in services else services[0])
