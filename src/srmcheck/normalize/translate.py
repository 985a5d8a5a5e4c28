"""Runs the plans of the translation tables on Terraform bodies: source attributes in, canonical properties out.

Row kinds are described in docs/normalization.md. Everything works through choices; an unknown block gives an unknown at
each place that it can set.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from srmcheck.conditions import Condition, Opaque
from srmcheck.normalize import scalars
from srmcheck.normalize.coerce import Coercer
from srmcheck.normalize.fan import fan, flattened, spread
from srmcheck.normalize.jsontext import parse_json
from srmcheck.normalize.merge import branches, guarded, marked, put, single
from srmcheck.normalize.tables import Plan, Step
from srmcheck.normalize.versions import in_range
from srmcheck.schema import Shape
from srmcheck.template import SourceResource, Template
from srmcheck.values import ABSENT, NOTHING, Choice, Json, Node, Place, Reference, Spread, Text, Unknown, known, lift

HIDDEN = Unknown("the provider stores only a hash of it")
_HASH = re.compile(r"[0-9a-f]{40}")

Body = Mapping[str, Node]


class Translator:
    """Translates the resources of one template."""

    def __init__(self, template: Template, coercer: Coercer) -> None:
        self._coercer = coercer
        self._is_hcl = template.format == "hcl"
        self._version = template.provider_version
        self._constraints = template.provider_constraints
        self._source: SourceResource | None = None
        self._steps = {
            "value": self._value,
            "block": self._block,
            "blocks": self._blocks,
            "values": self._values,
            "document": self._document,
            "each": self._each,
            "keyed": self._keyed,
            "const": self._const,
            "refer": self._refer,
        }

    def properties(self, plan: Plan, source: SourceResource, body: Body) -> Node:
        """The canonical properties of a resource with this body."""
        self._source = source
        self._coercer.scope = source.scope
        properties: dict[str, Node] = {}
        default_tags = body.get("tags_all", source.default_tags)
        if default_tags is not None and "tags" in plan.steps:
            body = {**body, "tags": with_default_tags(body.get("tags", NOTHING), default_tags)}
        self._fill(plan, body, properties, source.body.place or source.place or Place(source.address))
        return Node(properties, source.body.place or source.place, None, source.body.secret)

    def fanned(self, plan: Plan, node: Node) -> list[tuple[Condition, Body]]:
        """The bodies that a resource's body stands for, each with the condition under which it does."""
        if not plan.fan or not isinstance(node.value, dict):
            return [(guard, one.value) for guard, one in branches(node) if isinstance(one.value, dict)]
        found: list[tuple[Condition, Body]] = []
        for element in fan(node, plan.fan, self._coercer.opened):
            for guard, one in flattened(element):
                if isinstance(one.value, dict):
                    found.append((guard, one.value))
        return found

    # Blocks

    def _fill(self, plan: Plan, body: Body, out: dict[str, Node], place: Place) -> None:
        """Puts what the attributes of `body` become into `out`, a dict of our own."""
        steps = plan.steps
        for name, node in body.items():
            found = steps.get(name)
            if found is None or node.value is ABSENT or node.value is None:
                if name == "*":
                    out["*"] = node
                continue
            if name in plan.opaque and not self._is_hcl:
                node = lift(node, _hidden)
            for step in found:
                self._steps[step.operation](step, node, body, out)
        if self._is_hcl:
            for name, value, versions in plan.defaults:
                self._default(plan, name, value, versions, body, out, place)
        for path, value in plan.always:
            put(out, path, known(value, place))

    def _default(
        self, plan: Plan, name: str, value: Any, versions: str | None, body: Body, out: dict[str, Node], place: Place
    ) -> None:
        written = body.get(name)
        if written is not None and not isinstance(written.value, Choice) and written.value not in (ABSENT, None):
            return
        node = known(value, place)
        applies = True if versions is None else in_range(self._version, self._constraints, versions)
        if applies is False:
            return
        if applies is None:
            node = guarded(Opaque(f"provider version {versions}"), node)
        if written is not None and isinstance(written.value, Choice):
            node = lift(written, lambda one: node if one.value is ABSENT or one.value is None else NOTHING)
            if all(one.value is ABSENT for _, one in branches(node)):
                return
        for step in plan.steps.get(name, ()):
            self._steps[step.operation](step, node, body, out)

    def _object(self, plan: Plan, node: Node) -> Node:
        """What one nested block becomes."""
        value = node.value
        if isinstance(value, Choice):
            return lift(node, lambda one: self._object(plan, one))
        if isinstance(value, dict):
            out: dict[str, Node] = {}
            place = node.place or Place("")
            self._fill(plan, value, out, place)
            return Node(out, node.place, None, node.secret)
        if isinstance(value, Unknown) or value is ABSENT or value is None:
            return node if value is not None else NOTHING
        return Node(Unknown("not an object"), node.place)

    def _block(self, step: Step, node: Node, _: Body, out: dict[str, Node]) -> None:
        assert step.plan is not None
        node = single(self._coercer.opened(node))
        made = self._object(step.plan, node)
        if step.path:
            put(out, step.path, made)
        else:
            self._unwrapped(step.plan, made, out)

    def _unwrapped(self, plan: Plan, made: Node, out: dict[str, Node]) -> None:
        """A block whose attributes go where the enclosing block's go."""
        value = made.value
        if isinstance(value, dict):
            for key, inner in value.items():
                put(out, (key,), marked(inner, made.secret))
        elif isinstance(value, Unknown):
            for path in plan.targets():
                put(out, path, made)
        elif isinstance(value, Choice):
            keys: dict[str, None] = {}
            for _, one in branches(made):
                if isinstance(one.value, dict):
                    keys.update(dict.fromkeys(one.value))
                elif isinstance(one.value, Unknown):
                    keys.update(dict.fromkeys(path[0] for path in plan.targets()))
            for key in keys:
                put(out, (key,), lift(made, lambda one: _at(one, key)))  # noqa: B023

    def _blocks(self, step: Step, node: Node, _: Body, out: dict[str, Node]) -> None:
        assert step.plan is not None
        made = self._elements(step.plan, self._coercer.opened(node))
        if made.value != []:
            put(out, step.path, made)

    def _elements(self, plan: Plan, node: Node) -> Node:
        """What a list of nested blocks becomes."""
        value = node.value
        if isinstance(value, Choice):
            return lift(node, lambda one: self._elements(plan, one))
        if isinstance(value, dict):
            value = [node]
        if not isinstance(value, list):
            return node if isinstance(value, Unknown) or value is ABSENT else NOTHING
        made: list[Node] = []
        for element in value:
            element = self._coercer.opened(element)
            inner = element.value
            if isinstance(inner, Spread):
                made.append(element.with_value(Spread(self._elements(plan, self._coercer.opened(inner.of)))))
            elif plan.fan and isinstance(inner, dict):
                made.extend(
                    spread(one, lambda body: self._object(plan, body))
                    for one in fan(element, plan.fan, self._coercer.opened)
                )
            elif plan.fan and isinstance(inner, Choice):
                lists = lift(element, lambda one: self._elements(plan, Node([one], one.place)))
                made.append(Node(Spread(lists), element.place))
            elif inner is not ABSENT and inner is not None:
                made.append(self._object(plan, element) if plan.fan else _there(self._object(plan, element)))
        return Node(made, node.place, None, node.secret)

    # Single values

    def _value(self, step: Step, node: Node, _: Body, out: dict[str, Node]) -> None:
        made = self._coercer.coerce(node, step.shape)
        if len(step.path) == 1 and step.path[0] not in out:
            if made.value is not ABSENT:
                out[step.path[0]] = made
        else:
            put(out, step.path, made)

    def _values(self, step: Step, node: Node, _: Body, out: dict[str, Node]) -> None:
        table: Mapping[str, Any] = step.data

        def mapped(one: Node) -> Node:
            value = one.value
            if isinstance(value, (str, bool, int, float)):
                written = str(scalars.text(value))
                found = table.get(written, table.get(written.lower()))
                return self._coercer.coerce(one if found is None else one.with_value(found), step.shape)
            return one if isinstance(value, Unknown) or value is ABSENT else self._coercer.coerce(one, step.shape)

        put(out, step.path, lift(self._coercer.opened(node), mapped))

    def _document(self, step: Step, node: Node, _: Body, out: dict[str, Node]) -> None:
        def read(one: Node) -> Node:
            value = one.value
            if isinstance(value, (str, Text)):
                parsed = parse_json(one)
                if parsed is None:
                    return Node(Unknown("text that is no JSON"), one.place, None, one.secret)
                one = parsed
            elif isinstance(value, Json):
                one = Node(value.of.value, value.of.place, value.of.origin, one.secret or value.of.secret)
            return self._coercer.coerce(recased(one, step.shape), step.shape)

        put(out, step.path, lift(self._coercer.opened_text(node), read))

    def _each(self, step: Step, node: Node, _: Body, out: dict[str, Node]) -> None:
        key: str = step.data
        shape = step.shape.item.properties[key]

        def one_of(element: Node) -> Node:
            if isinstance(element.value, Spread):
                return element.with_value(Spread(wrapped(element.value.of)))
            return lift(
                element,
                lambda one: one if one.value is ABSENT else Node({key: self._coercer.coerce(one, shape)}, one.place),
            )

        def wrapped(values: Node) -> Node:
            values = self._coercer.opened(values)
            if isinstance(values.value, Choice):
                return lift(values, wrapped)
            if isinstance(values.value, list):
                return values.with_value([one_of(element) for element in values.value])
            return (
                values
                if isinstance(values.value, Unknown) or values.value is ABSENT
                else Node([one_of(values)], values.place)
            )

        put(out, step.path, wrapped(node))

    def _keyed(self, step: Step, node: Node, _: Body, out: dict[str, Node]) -> None:
        key, key_name, value_name = step.data
        written = self._coercer.opened(node)

        def pair(value: Node) -> Node:
            if value.value is ABSENT or value.value is None:
                return NOTHING
            return Node({key_name: Node(key, value.place), value_name: value}, value.place, None, value.secret)

        element = lift(written, pair)
        put(out, step.path, self._coercer.coerce(Node([element], node.place), step.shape))

    def _const(self, step: Step, node: Node, _: Body, out: dict[str, Node]) -> None:
        value, equals = step.data
        put(out, step.path, lift(self._coercer.opened(node), lambda one: _when(one, equals, known(value, one.place))))

    def _refer(self, step: Step, node: Node, body: Body, out: dict[str, Node]) -> None:
        attribute, equals = step.data
        assert self._source is not None
        if attribute is None:
            target = Node(Reference(self._source.address, "id"), node.place)
        else:
            body = self._source.body.value if isinstance(self._source.body.value, dict) else body
            target = body.get(attribute, NOTHING)
        made = self._coercer.coerce(target, step.shape)
        put(
            out,
            step.path,
            lift(self._coercer.opened(node), lambda one: _when(one, equals, Node(made.value, one.place, made.origin))),
        )


def _there(block: Node) -> Node:
    """A block of which nothing is known but that it is there."""
    return block.with_value({"*": Node(block.value, block.place)}) if isinstance(block.value, Unknown) else block


def with_default_tags(tags: Node, default: Node) -> Node:
    """The tags of a resource with those that its provider configuration adds, which give way. A plan shows both together."""
    own, more = tags.value, default.value
    if isinstance(own, Choice):
        return lift(tags, lambda one: with_default_tags(one, default))
    if isinstance(more, Choice):
        return lift(default, lambda one: with_default_tags(tags, one))
    if isinstance(own, Unknown) or more is ABSENT or more is None:
        return tags
    written = own if isinstance(own, dict) else {}
    if isinstance(more, dict):
        if more.keys() <= written.keys():
            return tags
        return Node({**more, **written}, tags.place or default.place, None, tags.secret or default.secret)
    return Node({**written, "*": default}, tags.place or default.place, None, tags.secret or default.secret)


def _when(node: Node, equals: Any, then: Node) -> Node:
    """`then` if the value is given (an empty text is not), or is `equals`; unknown if that can't be told."""
    value = node.value
    if value is ABSENT or value is None or value == "":
        return NOTHING
    if equals is None:
        return then
    if isinstance(value, Unknown):
        return node
    if isinstance(equals, bool):
        return then if scalars.boolean(value if isinstance(value, (str, bool)) else None) is equals else NOTHING
    return then if value == equals else NOTHING


def _hidden(node: Node) -> Node:
    value = node.value
    if isinstance(value, str) and _HASH.fullmatch(value):
        return Node(HIDDEN, node.place, None, node.secret)
    return node


def _at(node: Node, key: str) -> Node:
    value = node.value
    if isinstance(value, dict):
        return marked(value.get(key, NOTHING), node.secret)
    return node if isinstance(value, Unknown) else NOTHING


def recased(node: Node, shape: Shape) -> Node:
    """A document's keys as the schema spells them; keys that it does not have stay."""
    value = node.value
    if isinstance(value, Choice):
        return lift(node, lambda one: recased(one, shape))
    if isinstance(value, Spread):
        return node.with_value(Spread(recased(value.of, shape)))
    if isinstance(value, list):
        item = shape.item if shape.kind == "list" else shape
        return node.with_value([recased(element, item) for element in value])
    if isinstance(value, dict):
        if shape.kind == "list":
            shape = shape.item
        if shape.kind != "object":
            return node
        names = {name.lower(): name for name in shape.properties}
        fields: dict[str, Node] = {}
        for key, inner in value.items():
            name = names.get(key.lower(), key)
            known_shape = shape.properties.get(name)
            fields[name] = inner if known_shape is None else recased(inner, known_shape)
        return node.with_value(fields)
    return node
