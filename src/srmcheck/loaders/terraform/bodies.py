"""The values of a plan's resources as node trees: known, absent, unknown and secret told apart.

`after` holds what is known, `after_unknown` what is not; an unknown that no expression in `configuration` asks for was
left out by the author and is absent, and so is one whose expression holds nothing that is not known (it gave null).
Below a block that `configuration` lacks (a dynamic one) unknown is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.loaders.terraform.blocks import match
from srmcheck.loaders.terraform.configuration import Expression, Expressions, is_expression
from srmcheck.loaders.terraform.implied import implied_attribute
from srmcheck.loaders.terraform.inventory import Record
from srmcheck.loaders.terraform.origins import Origins
from srmcheck.loaders.terraform.references import Resolver
from srmcheck.loaders.terraform.resolution import Context, Resolution, holds_true
from srmcheck.values import ABSENT, UNSAID, Node, Origin, Path, Place, Reference, Spread, Unknown

REASON = "known after apply"
_DEEPEST = 200
_UNSAID = Unknown(REASON)
_NOT_KEPT = Unknown("write-only, so a plan does not keep it")
_WRITE_ONLY = "_wo"
"""How the names of the provider's write-only arguments end."""


class Source(Protocol):
    """The files beside the plan, which tell what a plan does not."""

    def dynamics(self, address: str) -> frozenset[str]:
        """The types of blocks that a resource makes by `dynamic`."""
        ...

    def may_set(self, address: str, path: tuple[str, ...]) -> bool | None:
        """Whether a resource can set an argument; None if unknown."""
        ...


class BodyBuilder:
    """Builds the node trees of one plan."""

    def __init__(
        self,
        name: str,
        resolver: Resolver | None,
        origins: Origins | None,
        secrets: frozenset[str],
        source: Source | None = None,
    ) -> None:
        self._name = name
        self._resolver = resolver
        self._origins = origins
        self._secrets = secrets
        self._source = source

    def body(self, record: Record) -> Node:
        """What the resource will be. Raises InputError where values are nested too deeply."""
        return _Body(self, record, record.address).build(record.values, record.unknown, record.sensitive)

    def before(self, record: Record) -> Node:
        """What the resource is before the plan is carried out."""
        return _Body(self, record, record.address, False).build(record.before or {}, False, record.before_sensitive)

    def too_deep(self) -> InputError:
        """The error for values nested too deeply."""
        return InputError(
            Diagnostic(
                "Values nested too deeply",
                self._name,
                detail=f"A resource holds values more than {_DEEPEST} levels deep.",
                hint="no Terraform resource does; check how the file was made",
            )
        )


class _Body:
    """Builds the tree of one resource."""

    __slots__ = ("_address", "_builder", "_configured", "_context", "_dynamic", "_inferred", "_record", "_secrets")

    def __init__(self, builder: BodyBuilder, record: Record, address: str, configured: bool = True) -> None:
        self._builder = builder
        self._record = record
        self._address = address
        self._secrets = builder._secrets
        self._configured = configured and record.config is not None and builder._resolver is not None
        self._context: Context | None = None
        self._dynamic: frozenset[str] | None = None
        self._inferred = record.inferred

    def build(self, values: Mapping[str, Any], unknown: Any, sensitive: Any) -> Node:
        config = self._record.config
        configs = (config.expressions,) if self._configured and config is not None else ()
        members = self._members(values, unknown, sensitive, configs, not configs, (), sensitive is True)
        return Node(members, Place(self._address), None, sensitive is True)

    def _members(
        self,
        values: Mapping[str, Any],
        unknown: Any,
        sensitive: Any,
        configs: tuple[Expressions, ...],
        loose: bool,
        path: Path,
        secret: bool,
    ) -> dict[str, Node]:
        """The attributes and nested blocks of a resource or block. `configs` are the blocks of the configuration that
        it may come from; `loose`: it may come from one that is not there (a dynamic block)."""
        if len(path) > _DEEPEST:
            raise self._builder.too_deep()
        nodes: dict[str, Node] = {}
        has_unknown = isinstance(unknown, dict)
        has_sensitive = isinstance(sensitive, dict)
        for key, value in values.items():
            mark = unknown.get(key, False) if has_unknown else unknown is True
            if value is None or mark is True:
                continue
            inner = sensitive.get(key, False) if has_sensitive else False
            node = self._member(key, value, mark, inner, configs, loose, (*path, key), secret or inner is True)
            if node is not None:
                nodes[key] = node
        single = configs[0] if len(configs) == 1 else None
        marks: Mapping[str, Any] = unknown if has_unknown else {}
        if self._inferred:
            marks = _inferred(values, configs)
        for key, mark in marks.items():
            if mark is True or (mark and values.get(key) is None and holds_true(mark)):
                if not loose and single is not None and key not in single and key not in self._dynamics():
                    continue
                inner = sensitive.get(key, False) if has_sensitive else False
                is_map = isinstance(inner, dict)
                node = self._unknown_member(key, configs, loose, is_map, (*path, key), secret or inner is True)
                if node is not None:
                    nodes[key] = node
        for key, item in single.items() if single is not None else ():
            if key.endswith(_WRITE_ONLY) and key not in nodes and is_expression(item):
                given = self._write_only(item, (*path, key))
                if given is not None:
                    nodes[key] = given
        return nodes

    def _write_only(self, expression: Expression, path: Path) -> Node | None:
        """A write-only argument, of which a plan keeps the expression alone; None if that gives null."""
        origins, resolver = self._builder._origins, self._builder._resolver
        if origins is None or resolver is None:
            return None
        resolution = self._resolution(expression)
        given = origins.of_write_only(expression, self._context or resolver.context(self._record), resolution)
        return None if given is None else Node(_NOT_KEPT, Place(self._address, path), given.origin, True)

    def _member(
        self,
        key: str,
        value: Any,
        unknown: Any,
        sensitive: Any,
        configs: tuple[Expressions, ...],
        loose: bool,
        path: Path,
        secret: bool,
    ) -> Node | None:
        items = [config[key] for config in configs if key in config]
        if not items:
            if value == []:
                return None
            return self._tree(value, unknown, sensitive, None, path, secret)
        first = items[0]
        if isinstance(first, list):
            if isinstance(value, list):
                statics = [static for item in items if isinstance(item, list) for static in item]
                return self._blocks(
                    value, unknown, sensitive, statics, loose or len(items) < len(configs), path, secret
                )
        elif not is_expression(first):
            if isinstance(value, dict):
                blocks = tuple(item for item in items if isinstance(item, dict))
                place = Place(self._address, path)
                return Node(self._members(value, unknown, sensitive, blocks, loose, path, secret), place, None, secret)
        elif len(items) == 1 or all(item == first for item in items):
            return self._tree(value, unknown, sensitive, first, path, secret)
        return self._tree(value, unknown, sensitive, None, path, secret)

    def _blocks(
        self,
        values: list[Any],
        unknown: Any,
        sensitive: Any,
        statics: Sequence[Any],
        loose: bool,
        path: Path,
        secret: bool,
    ) -> Node | None:
        """The nested blocks of one type, of which `statics` are in the configuration."""
        if not values:
            return None
        blocks = [static for static in statics if isinstance(static, dict)]
        marks = _mirrored(unknown, len(values))
        hidden = _mirrored(sensitive, len(values))
        matches = match(values, marks, blocks)
        nodes: list[Node] = []
        for number, value in enumerate(values):
            where = (*path, number)
            mark = marks[number]
            secret_here = secret or hidden[number] is True
            place = Place(self._address, where)
            if mark is True:
                nodes.append(Node(_UNSAID, place, None, secret_here))
            elif value is None or isinstance(value, dict):
                configs, may_be_dynamic = matches[number]
                members = self._members(
                    value or {}, mark, hidden[number], configs, loose or may_be_dynamic, where, secret_here
                )
                nodes.append(Node(members, place, None, secret_here))
            else:
                nodes.append(self._tree(value, mark, hidden[number], None, where, secret_here))
        return Node(nodes, Place(self._address, path), None, secret)

    def _unknown_member(
        self, key: str, configs: tuple[Expressions, ...], loose: bool, is_map: bool, path: Path, secret: bool
    ) -> Node | None:
        """The node of an attribute or block that is wholly unknown; None if it is absent. A map is no reference."""
        items = [config[key] for config in configs if key in config]
        if not items:
            if self._may_be_dynamic(path) if loose else key in self._dynamics():
                return Node(_UNSAID, Place(self._address, path), None, secret)
            return None
        if not loose and len(items) == len(configs) == 1 and isinstance(items[0], list) and items[0]:
            return self._some_blocks(path, secret)
        results = [self._given(item, key) if is_expression(item) else _UNSAID for item in items]
        if loose or len(items) < len(configs):
            given: Unknown | None = _merged([result for result in results if result is not None], False)
        elif all(result is None for result in results):
            return None
        elif len(results) == 1:
            given = results[0]
        else:
            given = _merged([result for result in results if result is not None], None not in results)
        if is_map and given is not None and given.reference is not None:
            given = Unknown(REASON, given.name, given.candidates, given.exact)
        origin = None
        if len(items) == 1 and given is not None and is_expression(items[0]):
            origin = self._pending_origin(self._resolution(items[0]))
        return Node(given or _UNSAID, Place(self._address, path), origin, secret or self._is_sensitive(items[0]))

    def _some_blocks(self, path: Path, secret: bool) -> Node:
        """Blocks of which a plan shows none, as `dynamic` makes an unknown number of them: those that the configuration
        writes out are there all the same, so there is at least one."""
        place = Place(self._address, path)
        first = Node(_UNSAID, Place(self._address, (*path, 0)), None, secret)
        return Node([first, Node(Spread(Node(_UNSAID, place, None, secret)), place)], place, None, secret)

    def _dynamics(self) -> frozenset[str]:
        """The types of blocks that the source makes by `dynamic` in this resource; none without a source."""
        if self._dynamic is None:
            source = self._builder._source
            self._dynamic = frozenset() if source is None else source.dynamics(self._address)
        return self._dynamic

    def _may_be_dynamic(self, path: Path) -> bool:
        """Whether what the configuration lacks can have been written: in a dynamic block, unless the source shows that
        it is not there either."""
        source = self._builder._source
        if source is None or not self._configured:
            return True
        return source.may_set(self._address, tuple(step for step in path if isinstance(step, str))) is not False

    def _given(self, expression: Expression, argument: str) -> Unknown | None:
        """The unknown that an expression gives; None if it gives null or nothing, which is absence: the provider asks AWS."""
        resolution = self._resolution(expression)
        if resolution is None:
            return None if expression.get("constant_value", _UNSAID) in (None, "", []) else _UNSAID
        return _unknown(resolution, argument) if resolution.pending else None

    def _resolution(self, expression: Expression | None) -> Resolution | None:
        """What an expression leads to; None for a constant."""
        resolver = self._builder._resolver
        if expression is None or resolver is None or "constant_value" in expression:
            return None
        if self._context is None:
            self._context = resolver.context(self._record)
        return resolver.resolve(expression, self._context)

    def _is_sensitive(self, item: object) -> bool:
        if not is_expression(item) or not isinstance(item, dict):
            return False
        resolution = self._resolution(item)
        return resolution is not None and resolution.sensitive

    def _tree(
        self, value: Any, unknown: Any, sensitive: Any, expression: Expression | None, path: Path, secret: bool
    ) -> Node:
        """A value that one expression gives, or none (`expression` None): computed, a default or a dynamic block's."""
        resolution = self._resolution(expression)
        if resolution is not None and not isinstance(value, (dict, list)):
            origins = self._builder._origins
            origin = origins.of(value, resolution, False) if origins is not None else None
            hidden = secret or resolution.sensitive or (isinstance(value, str) and value in self._secrets)
            return Node(value, Place(self._address, path), origin, hidden)
        if sensitive is True and resolution is not None and self._is_hoisted(value, resolution):
            secret, sensitive = False, False
        if unknown is False or not holds_true(unknown):
            unknown = False
        if sensitive is False or secret or not holds_true(sensitive):
            sensitive = False
        return self._inner(value, unknown, sensitive, expression is not None, resolution, path, secret)

    def _is_hoisted(self, value: Any, resolution: Resolution) -> bool:
        """Whether a mark on a whole set of objects (`ingress = [...]`, or its blocks) comes from a part of it that is
        not known yet. Terraform cannot mark an element of a set, so it marks the set; what is known in it is then no
        secret."""
        resolver = self._builder._resolver
        return (
            resolver is not None
            and isinstance(value, list)
            and all(isinstance(item, dict) for item in value)
            and bool(resolution.targets)
            and not resolution.open
            and not resolution.touches_sensitive
            and all(resolver.is_pending(target) for target in resolution.targets.values())
        )

    def _inner(
        self,
        value: Any,
        unknown: Any,
        sensitive: Any,
        written: bool,
        resolution: Resolution | None,
        path: Path,
        secret: bool,
    ) -> Node:
        place = Place(self._address, path)
        if isinstance(value, str):
            origin = self._origin_within(value, written, resolution)
            return Node(value, place, origin, secret or self._is_secret(value, resolution))
        if isinstance(value, dict):
            return Node(
                self._inner_dict(value, unknown, sensitive, written, resolution, path, secret), place, None, secret
            )
        if isinstance(value, list):
            return Node(
                self._inner_list(value, unknown, sensitive, written, resolution, path, secret), place, None, secret
            )
        return Node(ABSENT if value is None else value, place, None, secret)

    def _origin_within(self, text: str, written: bool, resolution: Resolution | None) -> Origin | None:
        """The origin of a text in what an expression gives, or of one whose expression the plan does not show."""
        origins = self._builder._origins
        if origins is None or not self._configured:
            return UNSAID
        if resolution is not None:
            return origins.of(text, resolution, True)
        return None if written else origins.of_untraced(text)

    def _pending_origin(self, resolution: Resolution | None) -> Origin | None:
        origins = self._builder._origins
        return origins.of_unknown(resolution) if origins is not None and resolution is not None else None

    def _is_secret(self, text: str, resolution: Resolution | None) -> bool:
        if text in self._secrets:
            return True
        return resolution is not None and resolution.sensitive and any(secret in text for secret in self._secrets)

    def _inner_dict(
        self,
        value: dict[str, Any],
        unknown: Any,
        sensitive: Any,
        written: bool,
        resolution: Resolution | None,
        path: Path,
        secret: bool,
    ) -> dict[str, Node]:
        if len(path) > _DEEPEST:
            raise self._builder.too_deep()
        marks = unknown if isinstance(unknown, dict) else {}
        hidden = sensitive if isinstance(sensitive, dict) else {}
        nodes: dict[str, Node] = {}
        for key, item in value.items():
            mark = marks.get(key, False)
            if item is None or mark is True or (item == [] and not written):
                continue
            shade = hidden.get(key, False)
            nodes[key] = self._inner(item, mark, shade, written, resolution, (*path, key), secret or shade is True)
        for key, mark in marks.items():
            if mark is True or (mark and value.get(key) is None and holds_true(mark)):
                if not written and not self._may_be_dynamic((*path, key)):
                    continue
                given = _UNSAID if resolution is None else _unknown(resolution, key)
                shade = secret or hidden.get(key) is True
                origin = self._pending_origin(resolution)
                nodes[key] = Node(given, Place(self._address, (*path, key)), origin, shade)
        return nodes

    def _inner_list(
        self,
        value: list[Any],
        unknown: Any,
        sensitive: Any,
        written: bool,
        resolution: Resolution | None,
        path: Path,
        secret: bool,
    ) -> list[Node]:
        if len(path) > _DEEPEST:
            raise self._builder.too_deep()
        marks = _mirrored(unknown, len(value))
        hidden = _mirrored(sensitive, len(value))
        if self._inferred and written:
            marks = [mark or item is None for mark, item in zip(marks, value, strict=True)]
        pending = iter(_spread(resolution, sum(mark is True for mark in marks), _argument(path)))
        nodes: list[Node] = []
        for number, item in enumerate(value):
            where = (*path, number)
            shade = secret or hidden[number] is True
            if marks[number] is True:
                nodes.append(Node(next(pending), Place(self._address, where), self._pending_origin(resolution), shade))
            elif item is None and not written:
                nodes.append(Node({}, Place(self._address, where), None, shade))
            else:
                nodes.append(self._inner(item, marks[number], hidden[number], written, resolution, where, shade))
        return nodes


def _unknown(resolution: Resolution, argument: str) -> Unknown:
    reference = resolution.reference
    meant = resolution.meant
    if reference is None and len(meant) == 1 and not resolution.open:
        (target,) = meant
        attribute = implied_attribute(argument, target.record) if target.attribute is None else None
        reference = Reference(target.record.address, attribute) if attribute is not None else None
    return Unknown(REASON, resolution.name, resolution.candidates, not resolution.open, reference)


def _argument(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _spread(resolution: Resolution | None, count: int, argument: str) -> list[Unknown]:
    """The unknown elements of a list. Where there are as many attributes that they can be, each is one of them."""
    if resolution is None:
        return [_UNSAID] * count
    whole = _unknown(resolution, argument)
    targets = list(resolution.targets.values())
    if count < 2 or resolution.open or len(targets) != count or not all(target.attribute for target in targets):
        return [whole] * count
    return [
        Unknown(
            REASON,
            f"{target.record.address}.{target.dotted}",
            (target.record.address,),
            True,
            Reference(target.record.address, target.dotted),
        )
        for target in targets
    ]


def _merged(parts: Sequence[Unknown], sure: bool) -> Unknown:
    """What may be any of several unknowns; `sure`: it is one of them."""
    if not parts:
        return _UNSAID
    if sure and all(part == parts[0] for part in parts):
        return parts[0]
    candidates = tuple(dict.fromkeys(address for part in parts for address in part.candidates))
    return Unknown(REASON, parts[0].name, candidates, sure and all(part.exact for part in parts))


def _mirrored(marks: Any, length: int) -> list[Any]:
    """Marks for each element of a list: those that there are, all of them if there is one mark for the whole, and the
    worst for what they do not cover."""
    if isinstance(marks, list):
        if len(marks) == length:
            return marks
        rest = holds_true(marks)
        return [*marks[:length], *([rest] * (length - len(marks)))]
    if isinstance(marks, dict):
        return [marks.get(number, False) for number in range(length)]
    return [marks is True] * length


def _inferred(values: Mapping[str, Any], configs: tuple[Expressions, ...]) -> dict[str, bool]:
    """What is unknown where a plan does not say it: what the configuration sets and the values lack."""
    return {key: True for config in configs for key in config if key not in values}
