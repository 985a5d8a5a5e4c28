"""The canonical vocabulary: CloudFormation's resource types and our extensions (docs: normalization)."""

from __future__ import annotations

from functools import cache

from srmcheck.schema.model import ResourceType, Schema, Shape

__all__ = ["ResourceType", "Schema", "Shape", "load"]


@cache
def load() -> Schema:
    """The schema that ships with this version. It is read once."""
    from pathlib import Path

    from srmcheck.schema.indexed import IndexedFile

    return Schema(IndexedFile(Path(__file__).with_name("schema.jsonl")))
