"""ARNs of resources of the template inside texts, as references (docs: normalization, "References")."""

from __future__ import annotations

import re
from collections.abc import Iterable

from srmcheck.normalize import scalars
from srmcheck.normalize.references import References, canonical
from srmcheck.template import Scope
from srmcheck.values import Choice, Node, Reference, Text, Unknown, Value, text_of

_BUCKET = "AWS::S3::Bucket"
_BUCKET_ARN = "arn:aws:s3:::"
_BEHIND_BUCKET = re.compile(r"[/*?]")


class Arns:
    """Knows the ARNs of the resources of one template."""

    def __init__(self, references: References) -> None:
        self._references = references

    def of_text(self, value: str, scope: Scope) -> Value:
        """An ARN of a resource of the template as a reference; of a bucket also with something behind it. A choice where the
        resource has that name in some branches of an open condition."""
        written = scalars.arn(value)
        if not written.startswith("arn:"):
            return written
        types = self._references.arn_types()
        if written.startswith(_BUCKET_ARN) and _BUCKET in types:
            return self._bucket((written,), scope)
        return self._named((written,), types, (), scope)

    def of_parts(self, parts: scalars.Parts, scope: Scope) -> Value:
        """The same for a text in parts: `arn:aws:s3:::` and a bucket's name as the bucket's ARN, and the like for other
        types."""
        first = parts[0]
        if not isinstance(first, str) or not first.startswith("arn:"):
            return text_of(list(parts))
        types = self._references.arn_types()
        prefix = ""
        for number, part in enumerate(parts):
            if isinstance(part, str):
                prefix += part
            elif isinstance(part, Reference) and part.address in ("AWS::AccountId", "AWS::Region"):
                prefix += "{account}" if part.address == "AWS::AccountId" else "{region}"
            elif isinstance(part, Reference) and part.attribute == "Ref":
                if any(text == prefix and self._references.is_type(part.address, name) for name, text in types.items()):
                    return _joined(Reference(part.address, "Arn"), parts[number + 1 :])
                break
            else:
                break
        if first.startswith(_BUCKET_ARN) and _BUCKET in types:
            return self._bucket(parts, scope)
        return self._named(parts, types, (), scope)

    def _bucket(self, parts: scalars.Parts, scope: Scope) -> Value:
        """The ARN of a bucket as a reference, with what stands behind the name."""
        for number, part in enumerate(parts):
            end = _BEHIND_BUCKET.search(part, len(_BUCKET_ARN) if number == 0 else 0) if isinstance(part, str) else None
            if isinstance(part, str) and end is not None:
                name = (*parts[:number], part[: end.start()])
                return self._named(name, (_BUCKET,), (part[end.start() :], *parts[number + 1 :]), scope)
        return self._named(parts, (_BUCKET,), (), scope)

    def _named(self, arn: scalars.Parts, types: Iterable[str], behind: scalars.Parts, scope: Scope) -> Value:
        """The resource that has this ARN, and what stands behind it; the text as it is where none has."""
        key = canonical(text_of(list(arn)))
        named = self._references.named(key, types, scope) if key is not None else None
        if named is not None and isinstance(named.value, Reference):
            return _joined(named.value, behind)
        if named is not None and isinstance(named.value, Choice):
            return Choice(tuple((guard, Node(_joined(one.value, behind))) for guard, one in named.value.branches))
        return text_of([*arn, *behind])


def _joined(arn: Value, behind: scalars.Parts) -> Value:
    parts = arn.parts if isinstance(arn, Text) else (arn,) if isinstance(arn, (str, Reference, Unknown)) else ()
    return text_of([*parts, *behind])
