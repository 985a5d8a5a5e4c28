"""Values in the shape that the schema asks for, whatever language they come from (docs: normalization, "Coercion").

"true" becomes true, "443" becomes 443, a scalar where a list belongs a list of one, one nested block an object, a map of
tags a list, JSON text a document; references become canonical on the way. A node that is already right is given back as it
is, so nothing is copied that does not change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from srmcheck.normalize import scalars
from srmcheck.normalize.arns import Arns
from srmcheck.normalize.documents import UNREADABLE, policy
from srmcheck.normalize.jsontext import looks_like_json, parse_json
from srmcheck.normalize.merge import marked, single
from srmcheck.normalize.references import References, canonical
from srmcheck.schema import Shape
from srmcheck.schema.model import ANY
from srmcheck.template import NO_SCOPE, Scope
from srmcheck.values import ABSENT, Choice, Json, Node, Origin, Reference, Spread, Text, Unknown, Value, lift, text_of

MOST_LEVELS: Final = 60
MOST_COPIED: Final = 200_000
TOO_DEEP = Unknown("nested too deeply")
TOO_MUCH = Unknown("too much is copied by references")

_TEXTS = frozenset({"string", "cidr", "any", "document"})
_TAGS = (("Key", "Value"), ("TagKey", "TagValue"), ("Name", "Value"))


class Coercer:
    """Coerces the values of one template. `scope` is that of the resource at hand, for names that several resources have.
    `rendered` gives the policy document of a data source, None for any other reference."""

    def __init__(self, references: References, rendered: Callable[[Reference], Node | None]) -> None:
        self.references = references
        self.rendered = rendered
        self._arns = Arns(references)
        self.scope: Scope = NO_SCOPE
        self._level = 0
        self._substituted = 0
        self._copied = 0

    def coerce(self, node: Node, shape: Shape) -> Node:
        """`node` in the given shape."""
        value = node.value
        kind = type(value)
        if kind is str:
            return self._str(node, value, shape)  # type: ignore[arg-type]
        if value is None or value is ABSENT:
            return node
        if self._level > MOST_LEVELS:
            return Node(TOO_DEEP, node.place, None, node.secret)
        if self._substituted:
            self._copied += 1
            if self._copied > MOST_COPIED:
                return Node(TOO_MUCH, node.place, None, node.secret)
        self._level += 1
        try:
            made: Node = _BY_VALUE[kind](self, node, value, shape)
            return made
        finally:
            self._level -= 1

    def plain(self, node: Node) -> Node:
        """A leaf of a policy document (documents.Reader): texts and numbers as text, references resolved, ARNs of resources
        of the template as references."""
        value = node.value
        if isinstance(value, str):
            changed = self._arns.of_text(value, self.scope)
            return node if changed == value else self._named(node, changed)
        if isinstance(value, (bool, int, float)):
            return node.with_value(scalars.text(value))
        return self.coerce(node, _PLAIN)

    def opened(self, node: Node) -> Node:
        """An element of a policy document with its reference resolved (documents.Reader)."""
        value = node.value
        if isinstance(value, Reference):
            return self._substitute(node, value) or node
        if isinstance(value, Choice):
            return lift(node, self.opened)
        return marked(self.opened(value.of), node.secret) if isinstance(value, Json) else node

    def opened_text(self, node: Node) -> Node:
        """A JSON text with its reference resolved, and the references in it."""
        value = node.value
        if isinstance(value, Choice):
            return lift(node, self.opened_text)
        if isinstance(value, Reference):
            made = self._substitute(node, value)
            return node if made is None else made
        return node

    # By kind of value

    def _str(self, node: Node, value: str, shape: Shape) -> Node:
        kind = shape.kind
        if kind == "string":
            if shape.refers:
                named = self.references.named(value, shape.refers, self.scope)
                if named is not None:
                    return self._named_node(node, named)
                return self._text_node(node, value, self._arns.of_text(value, self.scope))
            if shape.options:
                return self._text_node(node, value, shape.options.get(value.lower(), value))
            return self._text_node(node, value, scalars.arn(value))
        if kind == "cidr":
            return self._text_node(node, value, scalars.cidr(value))
        if kind == "policy":
            return self._policy(node)
        if kind == "document":
            parsed = parse_json(node) if looks_like_json(value) else None
            return node if parsed is None else self.coerce(parsed, ANY)
        if kind == "any":
            return self._text_node(node, value, scalars.arn(value))
        if kind in ("object", "map", "list") and looks_like_json(value):
            parsed = parse_json(node)
            if parsed is not None:
                return self.coerce(parsed, shape)
        if kind == "list":
            return Node([self.coerce(node, shape.item)], node.place, None, node.secret)
        return self._scalar(node, value, shape)

    def _scalar(self, node: Node, value: Value, shape: Shape) -> Node:
        kind = shape.kind
        assert isinstance(value, (bool, int, float, str))
        changed: Value = value
        if kind == "boolean":
            changed = scalars.boolean(value)
        elif kind == "integer":
            changed = scalars.integer(value)
        elif kind == "number":
            changed = scalars.number(value)
        elif kind in ("string", "cidr"):
            return self._str(node.with_value(scalars.text(value)), str(scalars.text(value)), shape)
        elif kind == "list":
            return Node([self.coerce(node, shape.item)], node.place, None, node.secret)
        elif kind == "any" and isinstance(value, float):
            changed = scalars.integer(value)
        elif kind == "policy":
            return Node(UNREADABLE, node.place, None, node.secret)
        return node if changed is value else node.with_value(changed)

    def _choice(self, node: Node, value: Choice, shape: Shape) -> Node:
        made = tuple((guard, self.coerce(branch, shape)) for guard, branch in value.branches)
        if all(new is old for (_, new), (_, old) in zip(made, value.branches, strict=True)):
            return node
        return node.with_value(Choice(made))

    def _dict(self, node: Node, value: dict[str, Node], shape: Shape) -> Node:
        kind = shape.kind
        if kind == "object":
            return self._fields(node, value, shape.properties, ANY)
        if kind == "policy":
            return self._policy(node)
        if kind == "list":
            item = shape.item
            if item.kind == "object" and not any(key in item.properties for key in value):
                tags = _tag_names(item)
                if tags is not None:
                    return self._tags(node, value, item, tags)
            return Node(self._keyed([self.coerce(node, item)], shape), node.place, None, node.secret)
        if kind == "map":
            return self._fields(node, value, {}, shape.item)
        if kind in ("string", "boolean", "integer", "number", "cidr"):
            return node
        return self._fields(node, value, {}, ANY)

    def _fields(self, node: Node, value: dict[str, Node], properties: dict[str, Shape], rest: Shape) -> Node:
        changed: dict[str, Node] | None = None
        for key, inner in value.items():
            made = self.coerce(inner, properties.get(key, rest))
            if made is not inner:
                if changed is None:
                    changed = dict(value)
                changed[key] = made
        return node if changed is None else node.with_value(changed)

    def _tags(self, node: Node, value: dict[str, Node], item: Shape, names: tuple[str, str]) -> Node:
        key_name, value_name = names
        shape = item.properties[value_name]
        made: list[Node] = []
        for key, inner in value.items():
            if key == "*":
                made.append(Node(Spread(inner), inner.place))
            else:
                pair = {key_name: Node(key, inner.place), value_name: self.coerce(inner, shape)}
                made.append(Node(pair, inner.place, None, inner.secret))
        return Node(made, node.place, None, node.secret)

    def _list(self, node: Node, value: list[Node], shape: Shape) -> Node:
        kind = shape.kind
        if kind == "list":
            made = self._items(value, shape)
            return node if made is value else node.with_value(made)
        if kind in ("object", "map"):
            one = single(node)
            return node if one.value is ABSENT else self.coerce(one, shape)
        if kind == "policy":
            return Node(UNREADABLE, node.place, None, node.secret)
        if kind in ("document", "any"):
            made = self._items(value, _ANY_LIST)
            return node if made is value else node.with_value(made)
        return node

    def _items(self, value: list[Node], shape: Shape) -> list[Node]:
        item = shape.item
        made: list[Node] = []
        same = True
        for element in value:
            inner = element.value
            if inner is ABSENT:
                same = False
                continue
            if isinstance(inner, Spread):
                spread = self.coerce(inner.of, shape)
                new = element if spread is inner.of else element.with_value(Spread(spread))
            else:
                new = self.coerce(element, item)
            same = same and new is element
            made.append(new)
        if shape.keyed is not None:
            made = self._keyed(made, shape)
            same = same and all(new is old for new, old in zip(made, value, strict=True))
        return value if same else made

    def _keyed(self, elements: list[Node], shape: Shape) -> list[Node]:
        """Elements of a list of keys and values, with the values of some keys taken as names of resources."""
        if shape.keyed is None:
            return elements
        key_name, value_name, shapes = shape.keyed

        def name(node: Node) -> Node:
            body = node.value
            if not isinstance(body, dict) or key_name not in body or value_name not in body:
                return node
            key = body[key_name].value
            refers = shapes.get(key) if isinstance(key, str) else None
            if refers is None:
                return node
            return node.with_value({**body, value_name: self.coerce(body[value_name], refers)})

        return [lift(element, name) for element in elements]

    def _spread(self, node: Node, value: Spread, shape: Shape) -> Node:
        return node.with_value(Spread(self.coerce(value.of, shape)))

    def _json(self, node: Node, value: Json, shape: Shape) -> Node:
        if shape.kind == "string":
            made = self.coerce(value.of, ANY)
            return node if made is value.of else node.with_value(Json(made))
        return self.coerce(marked(value.of, node.secret), shape)

    def _text(self, node: Node, value: Text, shape: Shape) -> Node:
        kind = shape.kind
        if kind in ("policy", "document", "object", "map", "list") and looks_like_json(value):
            parsed = parse_json(node)
            if parsed is not None:
                return self.coerce(parsed, shape)
        if kind == "policy":
            return self._policy(node)
        if kind == "list":
            return Node([self.coerce(node, shape.item)], node.place, None, node.secret)
        resolved = self.references.text(node, value)
        if not isinstance(resolved.value, Text):
            return self.coerce(resolved, shape)
        if kind not in _TEXTS:
            return Node(_pending(resolved.value), node.place, node.origin, resolved.secret)
        if shape.refers:
            key = canonical(resolved.value)
            named = self.references.named(key, shape.refers, self.scope) if key is not None else None
            if named is not None:
                return self._named_node(resolved, named)
        parts = scalars.arn_parts(resolved.value.parts)
        changed = text_of(list(parts))
        if shape.refers or shape is _PLAIN:
            changed = self._arns.of_parts(parts, self.scope)
        return resolved if changed == resolved.value else resolved.with_value(changed)

    def _reference(self, node: Node, value: Reference, shape: Shape) -> Node:
        kind = shape.kind
        if kind in ("policy", "document", "any", "string"):
            rendered = self.rendered(value)
            if rendered is not None:
                if kind == "string":
                    return node.with_value(Json(rendered))
                return marked(rendered, node.secret)
        made = self._substitute(node, value)
        if made is not None:
            self._substituted += 1
            try:
                return self.coerce(made, shape)
            finally:
                self._substituted -= 1
        found = self.references.resolve(value)
        identity = found.value
        assert isinstance(identity, Reference)
        if kind == "list":
            return Node([self.coerce(node, shape.item)], node.place, None, node.secret)
        if kind in _TEXTS:
            return Node(identity, node.place, node.origin or Origin("reference", value.address), node.secret)
        unknown = Unknown("known after apply", f"{value.address}.{value.attribute}", (value.address,), True)
        return Node(unknown, node.place, node.origin, node.secret)

    def _substitute(self, node: Node, value: Reference) -> Node | None:
        """The node with what its reference stands for in its place; None if that is an identity."""
        found = self.references.resolve(value)
        if isinstance(found.value, Reference):
            return None
        origin = node.origin if isinstance(found.value, Unknown) else found.origin
        return Node(found.value, node.place or found.place, origin, node.secret or found.secret)

    def _unknown(self, node: Node, value: Unknown, shape: Shape) -> Node:
        if value.reference is not None and shape.kind in ("policy", "document"):
            rendered = self.rendered(value.reference)
            if rendered is not None:
                return rendered
        names = shape.item if shape.kind == "list" else shape  # a plan shows `[x.id]` as one unknown list
        if not names.refers:
            return node
        if value.reference is not None:
            target = self._identity(value.reference)
            if target is not None:
                origin = node.origin or Origin("reference", target.address)
                made = Node(target, node.place, origin, node.secret)
                return made if names is shape else Node([made], node.place, None, node.secret)
        if names is not shape:
            return node
        key = canonical(value)
        named = self.references.named(key, shape.refers, self.scope) if key is not None else None
        return node if named is None else self._named_node(node, named)

    def _identity(self, reference: Reference) -> Reference | None:
        """The identity that a plan's lone reference leads to, through arguments of other resources."""
        for _ in range(8):
            found = self.references.resolve(reference).value
            if isinstance(found, Reference):
                return found
            if not isinstance(found, Unknown) or found.reference is None or found.reference == reference:
                return None
            reference = found.reference
        return None

    # Policy documents

    def _policy(self, node: Node) -> Node:
        value = node.value
        if isinstance(value, (str, Text)):
            if value == "":
                return node
            parsed = parse_json(node)
            if parsed is None and isinstance(value, Text):
                resolved = self.references.text(node, value)
                if not isinstance(resolved.value, Text):
                    return self.coerce(resolved, POLICY)
                parsed = parse_json(resolved)
            if parsed is None:
                return Node(UNREADABLE, node.place, None, node.secret)
            return policy(parsed, self)
        if isinstance(value, (Json, Reference, Unknown, Choice)):
            return self.coerce(node, POLICY)
        return policy(node, self)

    # Names in texts

    def _text_node(self, node: Node, value: str, changed: Value) -> Node:
        return node if changed == value else node.with_value(changed)

    def _named(self, node: Node, changed: Value) -> Node:
        origin = node.origin
        if origin is None and isinstance(changed, Reference):
            origin = Origin("reference", changed.address)
        return Node(changed, node.place, origin, node.secret)

    def _named_node(self, node: Node, named: Node) -> Node:
        return lift(Node(named.value, node.place, node.origin, node.secret), lambda one: self._named(node, one.value))


def _pending(text: Text) -> Unknown:
    """A text with open parts where no text belongs."""
    for part in text.parts:
        if isinstance(part, Unknown):
            return part
    addresses = tuple(part.address for part in text.parts if isinstance(part, Reference))
    return Unknown("known after apply", None, addresses, bool(addresses))


def _tag_names(item: Shape) -> tuple[str, str] | None:
    return next((names for names in _TAGS if all(name in item.properties for name in names)), None)


POLICY: Final = Shape("policy")
_PLAIN: Final = Shape("string")
_ANY_LIST: Final = Shape("list")

_BY_VALUE: Final[dict[type, Any]] = {
    bool: Coercer._scalar,
    int: Coercer._scalar,
    float: Coercer._scalar,
    dict: Coercer._dict,
    list: Coercer._list,
    Choice: Coercer._choice,
    Spread: Coercer._spread,
    Json: Coercer._json,
    Text: Coercer._text,
    Reference: Coercer._reference,
    Unknown: Coercer._unknown,
}
