"""ARNs of resources of the template inside texts, as references (docs: normalization, "References")."""

from __future__ import annotations

from srmcheck.normalize import scalars
from srmcheck.normalize.references import References, canonical
from srmcheck.template import Scope
from srmcheck.values import Reference, Text, Unknown, Value, text_of

_BUCKET = "AWS::S3::Bucket"


class Arns:
    """Knows the ARNs of the resources of one template."""

    def __init__(self, references: References) -> None:
        self._references = references

    def of_text(self, value: str, scope: Scope) -> Value:
        """An ARN of a resource of the template as a reference; of a bucket also with something behind it."""
        written = scalars.arn(value)
        if not written.startswith("arn:"):
            return written
        types = self._references.arn_types()
        if written.startswith("arn:aws:s3:::") and _BUCKET in types:
            return self._bucket(written, scope)
        named = self._references.named(written, types, scope)
        return named.value if named is not None and isinstance(named.value, Reference) else written

    def _bucket(self, written: str, scope: Scope) -> Value:
        name = written[len("arn:aws:s3:::") :]
        end = min((at for at in (name.find("/"), name.find("*"), name.find("?")) if at >= 0), default=len(name))
        key = f"arn:aws:s3:::{name[:end]}"
        named = self._references.named(key, (_BUCKET,), scope)
        if named is None or not isinstance(named.value, Reference):
            return written
        return text_of([named.value, written[len(key) :]])

    def of_parts(self, parts: scalars.Parts, scope: Scope) -> scalars.Parts:
        """`arn:aws:s3:::` and a bucket's name as the bucket's ARN, and the like for other types."""
        first = parts[0]
        if not isinstance(first, str) or not first.startswith("arn:"):
            return parts
        types = self._references.arn_types()
        if "AWS::S3::Bucket" in types and first.startswith("arn:aws:s3:::") and len(first) > len("arn:aws:s3:::"):
            made = self._bucket(first, scope)
            if made != first:
                return _flat([made, *parts[1:]])
        prefix = ""
        for number, part in enumerate(parts):
            if isinstance(part, str):
                prefix += part
            elif isinstance(part, Reference) and part.address in ("AWS::AccountId", "AWS::Region"):
                prefix += "{account}" if part.address == "AWS::AccountId" else "{region}"
            elif isinstance(part, Reference) and part.attribute == "Ref":
                if any(text == prefix and self._references.is_type(part.address, name) for name, text in types.items()):
                    return _flat([Reference(part.address, "Arn"), *parts[number + 1 :]])
                return parts
            else:
                return parts
        joined = text_of(list(parts))
        key = canonical(joined)
        named = self._references.named(key, types, scope) if key is not None else None
        return (named.value,) if named is not None and isinstance(named.value, Reference) else parts


def _flat(parts: list[Value]) -> scalars.Parts:
    flat: list[str | Reference | Unknown] = []
    for part in parts:
        if isinstance(part, Text):
            flat.extend(part.parts)
        elif isinstance(part, (str, Reference, Unknown)):
            flat.append(part)
    joined = text_of(flat)
    if isinstance(joined, Text):
        return joined.parts
    assert isinstance(joined, (str, Reference, Unknown))
    return (joined,)
