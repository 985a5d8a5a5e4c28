"""What a name means at one place: loop variables, each, count, and what the module declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from srmcheck.loaders.terraform.hcl import syntax as s
from srmcheck.loaders.terraform.hcl.partial import NO_WORKSPACE, EvalError, Failure
from srmcheck.values import Node, Origin, Reference, Unknown

if TYPE_CHECKING:
    from srmcheck.loaders.terraform.hcl.modules import ModuleInstance


class Scope:
    """A place in a file of a module instance: `names` are loop variables, `each` the key and value of a for_each,
    `count` the index of a count."""

    __slots__ = ("closed", "count", "each", "module", "names", "source")

    def __init__(
        self,
        module: ModuleInstance,
        source: s.Source,
        each: tuple[Node, Node] | None = None,
        count: Node | None = None,
        names: dict[str, Node] | None = None,
        closed: bool = False,
    ) -> None:
        self.module = module
        self.source = source
        self.each = each
        self.count = count
        self.names = names
        self.closed = closed

    def at(self, source: s.Source) -> Scope:
        """The same in another file."""
        return self if source is self.source else Scope(self.module, source, self.each, self.count, self.names)

    def for_template(self, source: s.Source, names: dict[str, Node]) -> Scope:
        """The scope in a template file: only the names that it is given."""
        return Scope(self.module, source, names=names, closed=True)

    def with_names(self, key_name: str | None, key: Node, value_name: str, value: Node) -> Scope:
        """The scope inside a loop."""
        names = dict(self.names) if self.names else {}
        if key_name is not None:
            names[key_name] = key
        names[value_name] = value
        return Scope(self.module, self.source, self.each, self.count, names, self.closed)

    def with_name(self, name: str, value: Node) -> Scope:
        """The scope with one more name (the iterator of a dynamic block)."""
        return self.with_names(None, value, name, value)

    def resolve(self, name: str, steps: list[s.Step]) -> tuple[Node, int]:
        """What a traversal begins with, and how many of its steps that took. Raises EvalError for unknown names."""
        if self.names is not None and name in self.names:
            return self.names[name], 0
        if self.closed:
            raise EvalError("Undeclared name in a template", f"The template is not given a value for {name[:60]}.", "")
        module = self.module
        match name:
            case "var":
                return module.variable(_label(steps, 0, "var")), 1
            case "local":
                return module.local(_label(steps, 0, "local")), 1
            case "each":
                return self._each(_label(steps, 0, "each")), 1
            case "count":
                if self.count is None or _label(steps, 0, "count") != "index":
                    raise EvalError("No count here", "count.index is only known inside a block with a count argument.")
                return self.count, 1
            case "module":
                return module.call(_label(steps, 0, "module")), 1
            case "data":
                return module.resource("data", _label(steps, 0, "data"), _label(steps, 1, "data")), 2
            case "path":
                return module.path(_label(steps, 0, "path")), 1
            case "terraform" | "tofu":
                return _terraform(_label(steps, 0, name)), 1
            case "self":
                return Node(Unknown("self is not evaluated", "self")), 0
            case "ephemeral":
                kind, label = _label(steps, 0, name), _label(steps, 1, name)
                path = f"ephemeral.{kind}.{label}"
                return Node(Unknown("ephemeral value", path), None, Origin("reference", path), True), 2
        if not steps:
            raise EvalError(
                "Invalid reference",
                "A reference to a resource needs its type and its name; a plain word is no value.",
                'Put text in quotes ("...").',
            )
        return module.resource("managed", name, _label(steps, 0, name)), 1

    def _each(self, which: str) -> Node:
        if self.each is None or which not in ("key", "value"):
            raise EvalError(
                "No for_each here", "each.key and each.value are only known inside a block with a for_each argument."
            )
        return self.each[0] if which == "key" else self.each[1]

    def dereference(self, node: Node) -> Node:
        """The value that the target of a reference sets; unknown if it sets none."""
        assert isinstance(node.value, Reference)
        found = self.module.root.argument(node.value)
        if found is None:
            from srmcheck.loaders.terraform.hcl.partial import referred

            return Node(
                node.value if node.value.address.startswith("AWS::") else referred(node.value),
                None,
                node.origin,
                node.secret,
            )
        return found if not node.secret or found.secret else Node(found.value, found.place, found.origin, True)


def _label(steps: list[s.Step], position: int, root: str) -> str:
    """The name that a step of a reference gives."""
    if position < len(steps):
        step = steps[position]
        if isinstance(step, s.GetAttr):
            return step.name
        if isinstance(step, s.GetIndex) and isinstance(step.key, s.Literal) and isinstance(step.key.value, str):
            return step.key.value
    raise EvalError("Invalid reference", f"A name with a dot must follow {root[:40]}.")


def _terraform(which: str) -> Node:
    if which == "workspace":
        return Node(
            Unknown(NO_WORKSPACE, "terraform.workspace"), None, Origin("parameter", "terraform.workspace"), False
        )
    if which == "applying":
        return Node(Failure("only known while applying", "terraform.applying"))
    raise EvalError("Invalid reference", "The terraform object has no attribute of that name.")
