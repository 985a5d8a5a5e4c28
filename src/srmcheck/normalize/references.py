"""What references and names mean: identities of resources of the template, and the values of their other attributes.

An identity (`Ref`, `id`, `arn`) becomes `Reference(address, canonical identity)`; another attribute becomes its value; what
only AWS computes is named by the resource, so it is a reference too (docs: normalization, "References").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from srmcheck.conditions import FALSE, TRUE, Condition, conjoin, disjoin, negate
from srmcheck.normalize.merge import branches
from srmcheck.normalize.scalars import arn, arn_parts, text
from srmcheck.template import Scope, SourceResource, Template
from srmcheck.values import ABSENT, Choice, Json, Node, Origin, Reference, Text, Unknown, is_name, lift, text_of

MOST_DEPTH = 24
MOST_TEXT = 1 << 20
MOST_PARTS = 1024
MOST_BRANCHES = 64
MOST_SAME = 16

Key = str | Text
_PSEUDO_DATA = {
    ("aws_caller_identity", "account_id"): "AWS::AccountId",
    ("aws_caller_identity", "id"): "AWS::AccountId",
    ("aws_partition", "partition"): "AWS::Partition",
    ("aws_partition", "id"): "AWS::Partition",
    ("aws_partition", "dns_suffix"): "AWS::URLSuffix",
    ("aws_region", "id"): "AWS::Region",
    ("aws_region", "name"): "AWS::Region",
    ("aws_region", "region"): "AWS::Region",
}
_ACCOUNT = Reference("AWS::AccountId", "Ref")
_REGION = Reference("AWS::Region", "Ref")


@dataclass(frozen=True, slots=True)
class Naming:
    """How resources of one source type are meant by others: their canonical types, attribute to canonical identity, what
    only AWS sets (attribute to its canonical name), attributes that are another one's value, and the ARN's pattern."""

    types: tuple[str, ...]
    identities: Mapping[str, str]
    computed: Mapping[str, str]
    same: Mapping[str, str]
    arn: str | None = None


class References:
    """Resolves the references of one template. Results are kept."""

    def __init__(self, template: Template, naming: Callable[[SourceResource], Naming | None]) -> None:
        self._template = template
        self._naming = naming
        self.by_address: dict[str, SourceResource] = {one.address: one for one in template.resources}
        self._resolved: dict[Reference, Node] = {}
        self._active: set[Reference] = set()
        self._names: dict[str, dict[Key, list[_Entry]]] = {}
        self._chosen: dict[tuple[Key, tuple[str, ...], str], Node | None] = {}
        self._sources: dict[str, list[SourceResource]] | None = None
        self._arns: dict[str, str] | None = None
        self._by_arn: dict[Key, list[_Entry]] | None = None

    # References to values

    def resolve(self, reference: Reference) -> Node:
        """What a reference stands for: a Reference to a canonical identity, a value (whose parts may hold references
        again), or an Unknown that keeps whom it names."""
        found = self._resolved.get(reference)
        if found is None:
            if reference in self._active or len(self._active) >= MOST_DEPTH:
                return Node(Unknown("refers to itself", _shown(reference)))
            self._active.add(reference)
            try:
                found = self._resolved[reference] = self._look_up(reference)
            finally:
                self._active.discard(reference)
        return found

    def _look_up(self, reference: Reference) -> Node:
        address, attribute = reference.address, reference.attribute
        if address.startswith("AWS::"):
            return self._pseudo(address)
        source = self.by_address.get(address)
        if source is None:
            return Node(Unknown("not in the template", _shown(reference)))
        if source.mode == "data":
            return self._data(source, reference)
        naming = self._naming(source)
        if naming is None:
            naming = _OTHER
        attribute = naming.same.get(attribute, attribute)
        identity = naming.identities.get(attribute)
        if identity is not None:
            return Node(Reference(address, identity))
        found = attribute_of(source.body, attribute)
        if found.value is not ABSENT:
            return lift(found, self._finished)
        computed = naming.computed.get(attribute)
        if computed is None and (naming is _OTHER and attribute.endswith(("_arn", "_id", "Arn", "Id"))):
            computed = attribute
        if computed is not None:
            return Node(Reference(address, computed))
        reason = "known after apply" if self._template.language == "terraform" else "known after deployment"
        return Node(Unknown(reason, _shown(reference), (address,), True))

    def _finished(self, node: Node) -> Node:
        value = node.value
        if isinstance(value, Reference):
            found = self.resolve(value)
            return Node(
                found.value, node.place or found.place, found.origin or node.origin, node.secret or found.secret
            )
        if isinstance(value, Text):
            return self.text(node, value)
        return node

    def _pseudo(self, address: str) -> Node:
        template = self._template
        known = {"AWS::AccountId": template.account, "AWS::Region": template.region}.get(address)
        return Node(known) if known is not None else Node(Reference(address, "Ref"))

    def _data(self, source: SourceResource, reference: Reference) -> Node:
        found = attribute_of(source.body, reference.attribute)
        if found.value is not ABSENT:
            return lift(found, self._finished)
        pseudo = _PSEUDO_DATA.get((source.type, reference.attribute))
        if pseudo is not None:
            return self._pseudo(pseudo)
        return Node(
            Unknown("read from the account by a data source", source.address), None, Origin("data", source.address)
        )

    # References inside texts

    def text(self, node: Node, value: Text) -> Node:
        """A text with the references in it resolved: a text again, or a choice of texts."""
        secret = node.secret
        parts: list[Node] = []
        for part in value.parts:
            found = self.resolve(part) if isinstance(part, Reference) else Node(part)
            secret = secret or found.secret
            parts.append(found)
        origin = node.origin or _origin(value)
        return self._joined(parts, Node(None, node.place, origin, secret), 1)

    def _joined(self, parts: list[Node], like: Node, size: int) -> Node:
        for number, part in enumerate(parts):
            if isinstance(part.value, Choice):
                size *= len(part.value.branches)
                if size > MOST_BRANCHES:
                    return like.with_value(Unknown("too many possible values"))
                return like.with_value(
                    Choice(
                        tuple(
                            (guard, self._joined([*parts[:number], branch, *parts[number + 1 :]], like, size))
                            for guard, branch in part.value.branches
                        )
                    )
                )
        plain: list[str | Reference | Unknown] = []
        length = 0
        for part in parts:
            value = part.value
            if isinstance(value, Text):
                plain.extend(value.parts)
                length += sum(len(one) for one in value.parts if isinstance(one, str)) + len(value.parts)
            elif isinstance(value, (Reference, Unknown)):
                plain.append(value)
            elif isinstance(value, (str, bool, int, float)):
                plain.append(str(text(value)))
                length += len(value) if isinstance(value, str) else 1
            elif isinstance(value, Json):
                plain.append(Unknown("JSON that is not wholly known"))
            elif value is not ABSENT and value is not None:
                plain.append(Unknown("not a text"))
            if length > MOST_TEXT or len(plain) > MOST_PARTS:
                return like.with_value(Unknown("text too long"))
        return like.with_value(text_of(plain))

    # Names that mean a resource

    def named(self, key: Key, types: Iterable[str], here: Scope) -> Node | None:
        """The resource of one of these types that has this literal name (an equal expression counts), or that has this ARN: a
        Reference; an Unknown if it may be one of several; None if there is none."""
        wanted = canonical(key)
        if wanted is None:
            return None
        kinds = tuple(types)
        asked = (wanted, kinds, here.provider)
        if asked not in self._chosen:
            found = [entry for name in kinds for entry in self._named(name).get(wanted, ())]
            if not found and isinstance(wanted, str) and wanted.startswith("arn:"):
                found = self._known_arns().get(wanted, [])
            self._chosen[asked] = _chosen(found, wanted, here) if found else None
        return self._chosen[asked]

    def _known_arns(self) -> dict[Key, list[_Entry]]:
        """The ARNs that a plan or state shows, of resources of any type."""
        if self._by_arn is None:
            self._by_arn = {}
            for source in self._template.resources:
                body = source.body.value
                if source.mode == "managed" and isinstance(body, dict) and "arn" in body:
                    key = canonical(body["arn"].value)
                    if isinstance(key, str) and key.startswith("arn:"):
                        _add(self._by_arn, key, _Entry(source, "Arn", TRUE))
        return self._by_arn

    def arn_types(self) -> Mapping[str, str]:
        """The types of this template's resources whose ARN follows from the name, with the ARN's text before the name."""
        if self._arns is None:
            self._arns = {}
            for name, sources in self._by_type().items():
                naming = self._naming(sources[0])
                if naming is not None and naming.arn is not None:
                    self._arns[name] = naming.arn.split("{name}", 1)[0].replace("arn:*:", "arn:aws:")
        return self._arns

    def is_type(self, address: str, name: str) -> bool:
        """Whether the resource at `address` is of the canonical type `name`."""
        source = self.by_address.get(address)
        naming = self._naming(source) if source is not None and source.mode == "managed" else None
        return naming is not None and name in naming.types

    def _by_type(self) -> dict[str, list[SourceResource]]:
        if self._sources is None:
            self._sources = {}
            for source in self._template.resources:
                if source.mode == "managed":
                    naming = self._naming(source)
                    for name in naming.types if naming is not None and not naming.same else ():
                        self._sources.setdefault(name, []).append(source)
        return self._sources

    def _named(self, name: str) -> dict[Key, list[_Entry]]:
        index = self._names.get(name)
        if index is None:
            index = self._names[name] = {}
            for source in self._by_type().get(name, ()):
                self._enter(source, index)
        return index

    def _enter(self, source: SourceResource, index: dict[Key, list[_Entry]]) -> None:
        naming = self._naming(source)
        if naming is None or not isinstance(source.body.value, dict):
            return
        for attribute, identity in naming.identities.items():
            written = source.body.value.get(attribute)
            if written is None:
                continue
            for guard, node in branches(lift(written, self._finished)):
                key = canonical(node.value)
                if key is None:
                    continue
                _add(index, key, _Entry(source, identity, guard))
                if naming.arn is not None and identity == "Ref":
                    for full in self._full_arns(naming.arn, key, source):
                        _add(index, full, _Entry(source, "Arn", guard))

    def _full_arns(self, pattern: str, name: Key, source: SourceResource) -> list[Key]:
        path = attribute_of(source.body, "path" if self._template.language == "terraform" else "Path").value
        if path not in (ABSENT, None, "/"):
            return []
        account = source.scope.account or self._template.account
        region = source.scope.region or self._template.region
        found: list[Key] = []
        for values in ({"account": account, "region": region}, {"account": _ACCOUNT, "region": region or _REGION}):
            parts: list[str | Reference | Unknown] = []
            for piece in pattern.replace("arn:*:", "arn:aws:").replace("}", "{").split("{"):
                if piece == "name":
                    parts.extend(name.parts if isinstance(name, Text) else (name,))
                    continue
                filled = values.get(piece, piece)
                if filled is None:
                    break
                parts.append(filled)
            else:
                joined = text_of(parts)
                if isinstance(joined, (str, Text)) and joined not in found:
                    found.append(joined)
        return found


@dataclass(frozen=True, slots=True)
class _Entry:
    source: SourceResource
    identity: str
    guard: Condition


def _add(index: dict[Key, list[_Entry]], key: Key, entry: _Entry) -> None:
    entries = index.setdefault(key, [])
    if not (entries and entries[-1].source is entry.source and entries[-1].guard == entry.guard):
        entries.append(entry)


def _chosen(found: list[_Entry], key: Key, here: Scope) -> Node:
    """Which of the resources with one name is meant."""
    if len({one.source.address for one in found}) > 1:
        near = [one for one in found if one.source.scope.provider == here.provider]
        found = near or found
    if len(found) == 1 and found[0].guard == TRUE:
        return Node(Reference(found[0].source.address, found[0].identity))
    if len(found) > MOST_SAME:
        return Node(Unknown("too many resources have this name"))
    whens = [conjoin(one.guard, one.source.exists) for one in found]
    exclusive = all(conjoin(a, b) == FALSE for i, a in enumerate(whens) for b in whens[i + 1 :])
    if exclusive:
        named = [
            (when, Node(Reference(one.source.address, one.identity))) for when, one in zip(whens, found, strict=True)
        ]
        rest = Node(text_of(list(key.parts)) if isinstance(key, Text) else key)
        return Node(Choice((*named, (negate(disjoin(*whens)), rest))))
    addresses = tuple(dict.fromkeys(one.source.address for one in found))
    return Node(Unknown("more than one resource has this name", None, addresses, True))


def canonical(value: object) -> Key | None:
    """A name as it is compared: a text with its partition written "aws", or the parts of a text none of which is a value
    that may differ elsewhere. None for anything else."""
    if isinstance(value, str):
        return arn(value) or None
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return str(text(value))
    if isinstance(value, Text):
        if any(isinstance(part, Unknown) and not is_name(part) for part in value.parts):
            return None
        return Text(arn_parts(value.parts))
    if isinstance(value, Unknown) and is_name(value):
        return Text((value,))
    return None


def attribute_of(body: Node, path: str) -> Node:
    """What a body holds at a dotted path; one element of a list stands for the list where a name follows."""
    node = body
    rest = path
    while rest:
        value = node.value
        if isinstance(value, Choice):
            return lift(node, partial(attribute_of, path=rest))
        if isinstance(value, dict):
            if rest in value:
                return value[rest]
            step, _, rest = rest.partition(".")
            found = value.get(step)
            if found is None:
                found = value.get("*")
                return found if found is not None else Node(ABSENT)
            node = found
        elif isinstance(value, list):
            step, _, after = rest.partition(".")
            if step.isdecimal():
                if int(step) >= len(value):
                    return Node(ABSENT)
                node, rest = value[int(step)], after
            elif len(value) == 1:
                node = value[0]
            else:
                return Node(ABSENT)
        elif isinstance(value, Unknown):
            return node
        else:
            return Node(ABSENT)
    return node


def _origin(value: Text) -> Origin | None:
    """That of the resource in a text. Account, region and partition make no text less of a literal."""
    for part in value.parts:
        if isinstance(part, Reference) and not part.address.startswith("AWS::"):
            return Origin("reference", part.address)
    return None


def _shown(reference: Reference) -> str:
    return f"{reference.address}.{reference.attribute}" if reference.attribute else reference.address


_OTHER = Naming((), {"Ref": "Ref", "id": "Ref", "Arn": "Arn", "arn": "Arn"}, {}, {})
