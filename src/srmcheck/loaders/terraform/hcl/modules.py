"""Module instances: what var, local, module and resource names mean in them, worked out when asked for.

Sources: developer.hashicorp.com/terraform/language/modules, .../language/values
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from srmcheck.conditions import TRUE, Condition
from srmcheck.diagnostics import Diagnostic
from srmcheck.loaders.terraform.hcl import syntax as s
from srmcheck.loaders.terraform.hcl.access import Handle
from srmcheck.loaders.terraform.hcl.config import Configuration, Declaration, Mode, ResourceKey
from srmcheck.loaders.terraform.hcl.evaluate import Evaluator
from srmcheck.loaders.terraform.hcl.expansion import SINGLE, Expansion, Member, expand_count, expand_for_each
from srmcheck.loaders.terraform.hcl.instances import META_ARGUMENTS, ResourceInstance
from srmcheck.loaders.terraform.hcl.partial import NO_VALUE, Derived, EvalError
from srmcheck.loaders.terraform.hcl.providers import Provider, configured, handed_down, local_name
from srmcheck.loaders.terraform.hcl.reading import Reader, shown_path
from srmcheck.loaders.terraform.hcl.scope import Scope
from srmcheck.loaders.terraform.hcl.types import convert
from srmcheck.loaders.terraform.hcl.variables import Variable, domains_of
from srmcheck.source import Call
from srmcheck.values import ABSENT, Node, Origin, Reference, Unknown

MOST_MODULES = 2000
MOST_MODULE_DEPTH = 40


@dataclass
class Root:
    """What all modules of one configuration share. `open_module` gives the configuration of a call's source, or None
    with the reason if it is not there."""

    evaluator: Evaluator
    directory: Path
    given: Mapping[str, Node]
    open_module: Callable[[ModuleInstance, Declaration], tuple[Configuration, Path] | str]
    report: Callable[[EvalError], None]
    reader: Reader
    shown: str = ""
    incomplete: dict[str, None] = field(default_factory=dict)
    instances: dict[str, ResourceInstance] = field(default_factory=dict)
    default_provider: str = "aws"
    modules: int = 0

    def inside(self, path: Path) -> bool:
        """Whether a path may be read."""
        return self.reader.inside(path)

    def read(self, path: Path, name: str) -> bytes | None:
        """The content of a file that a function names; None (and a diagnostic) if it cannot be read."""
        return self.reader.bytes(path, shown_path(self.shown, name))

    def argument(self, reference: Reference) -> Node | None:
        """What the target of a reference sets there; None if it sets nothing or is not known."""
        instance = self.instances.get(reference.address)
        if instance is None:
            return None
        head, *rest = reference.attribute.split(".")
        node = instance.argument(head)
        for step in rest:
            if node is None:
                return None
            value = node.value
            if isinstance(value, list) and step.isdigit() and int(step) < len(value):
                node = value[int(step)]
            elif isinstance(value, dict):
                node = value.get(step)
            else:
                return None
        if node is not None and isinstance(node.value, Reference) and node.value != reference:
            return self.argument(node.value) or node
        return node


class _Busy:
    """Stands in the cache while a value is worked out: meeting it is a cycle."""


_BUSY = _Busy()


class ModuleInstance:
    """One instance of a module: the root module, or what one member of a module call makes."""

    def __init__(
        self,
        root: Root,
        configuration: Configuration,
        directory: Path,
        address: str = "",
        parent: ModuleInstance | None = None,
        call: Declaration | None = None,
        member: Member | None = None,
    ) -> None:
        self.root = root
        self.evaluator = root.evaluator
        self.configuration = configuration
        self.directory = directory
        self.address = address
        self.parent = parent
        self._declaration = call
        self.scope_of_call: Scope | None = None
        self.exists: Condition = TRUE
        self.via: tuple[Call, ...] = ()
        self.names: tuple[str, ...] = ()
        if parent is not None and call is not None and member is not None:
            self.scope_of_call = Scope(parent, call.source, member.each, member.count)
            line, _ = call.source.position(call.block.start)
            self.via = (*parent.via, Call(call.source.name, line, address))
            self.names = (*parent.names, call.block.labels[0])
        self._cache: dict[object, Node | EvalError | _Busy] = {}
        self._groups: dict[ResourceKey, Expansion | EvalError] = {}
        self._members: dict[tuple[ResourceKey, str], ResourceInstance] = {}
        self._children: dict[str, tuple[Expansion, dict[str, ModuleInstance]] | str] = {}
        self._providers: dict[str, Provider] = {}
        self._variables: dict[str, Variable] = {}

    def once(self, key: object, compute: Callable[[], Node]) -> Node:
        """The value of `compute`, worked out once. Raises EvalError, also if it asks for itself."""
        known = self._cache.get(key)
        if known is None:
            self._cache[key] = _BUSY
            try:
                node = compute()
            except EvalError as error:
                self._cache[key] = error
                raise
            self._cache[key] = node
            return node
        if isinstance(known, _Busy):
            raise EvalError("Cycle", "The value depends on itself.", "Break the cycle.")
        if isinstance(known, EvalError):
            raise known
        return known

    def variable(self, name: str) -> Node:
        """`var.name`"""
        declaration = self.configuration.variables.get(name)
        if declaration is None:
            raise EvalError("Undeclared variable", f"This module declares no variable {name[:60]}.")
        variable = self._variables.get(name)
        if variable is None:
            variable = self._variables[name] = Variable.of(name, declaration, self)
        return self.once(("var", name), lambda: self._variable(variable))

    def _variable(self, variable: Variable) -> Node:
        node = self._given(variable)
        if node is not None and node.value is None and not variable.nullable:
            node = None
        if node is None:
            node = variable.default(self)
        if node is None:
            return self._without_value(variable)
        node = convert(node, variable.type)
        if variable.sensitive and not node.secret:
            node = Node(node.value, node.place, node.origin, True)
        if self.parent is None:
            origin = Origin("parameter", f"var.{variable.name}", node.secret, self._has_default(variable))
            node = Node(node.value, None, origin, node.secret)
        return node

    def _has_default(self, variable: Variable) -> bool:
        """Whether the template itself holds a value for a variable; an empty one is none."""
        default = variable.default(self)
        return default is not None and default.value is not ABSENT and default.value not in (None, "")

    def _given(self, variable: Variable) -> Node | None:
        """The value that is handed in: by tfvars files for the root, by the call for any other module."""
        if self.parent is None:
            return self.root.given.get(variable.name)
        assert self._declaration is not None and self.scope_of_call is not None
        argument = self._declaration.arguments.get(variable.name)
        if argument is None or variable.name in META_ARGUMENTS:
            return None
        node = self.evaluator.evaluate(argument.attribute.expr, self.scope_of_call.at(argument.source))
        return Node(None) if node.value is ABSENT else node

    def _without_value(self, variable: Variable) -> Node:
        prefix = f"{self.address}." if self.address else ""
        name = f"{prefix}var.{variable.name}"
        self.evaluator.domains.update(domains_of(name, variable))
        origin = Origin("parameter", name, variable.sensitive, False)
        return Node(Unknown(NO_VALUE, name), None, origin, variable.sensitive)

    def existence(self) -> tuple[Condition, ...]:
        """The conditions under which the module is there, outermost first."""
        return (*self.parent.existence(), self.exists) if self.parent is not None else ()

    def local(self, name: str) -> Node:
        """`local.name`"""
        argument = self.configuration.locals.get(name)
        if argument is None:
            raise EvalError("Undeclared local", f"This module defines no local {name[:60]}.")
        return self.once(
            ("local", name), lambda: self.evaluator.evaluate(argument.attribute.expr, Scope(self, argument.source))
        )

    def path(self, which: str) -> Node:
        """`path.module`, `path.root`, `path.cwd`"""
        if which == "root":
            return Node(".")
        if which == "module":
            relative = os.path.relpath(self.directory, self.root.directory).replace(os.sep, "/")
            return Node(relative)
        if which == "cwd":
            return Node(Unknown("differs from machine to machine", "path.cwd"))
        raise EvalError("Invalid reference", "path has the attributes module, root and cwd.")

    def resource(self, mode: Mode, kind: str, name: str) -> Node:
        """`type.name` or `data.type.name`: an object, a list or map of them, or an unknown number."""
        key: ResourceKey = (mode, kind, name)
        if key not in self.configuration.resources:
            what = "data source" if mode == "data" else "resource"
            raise EvalError(
                f"Undeclared {what}",
                f"This module declares no {what} {kind[:60]}.{name[:60]}.",
                "Check the spelling, and whether it is declared in another module.",
            )
        expansion = self.group(key)
        prefix = f"{self.address}." if self.address else ""
        address = f"{prefix}{'data.' if mode == 'data' else ''}{kind}.{name}"
        return self.once(key, lambda: expansion.value(address, lambda member: self.instance(key, member).handle))

    def group(self, key: ResourceKey) -> Expansion:
        """How many instances a resource has. Raises EvalError."""
        known = self._groups.get(key)
        if known is None:
            self._groups[key] = EvalError("Cycle", "The number of instances depends on itself.", "Break the cycle.")
            try:
                known = self._expansion(self.configuration.resources[key])
            except EvalError as error:
                self._groups[key] = error
                raise
            self._groups[key] = known
        if isinstance(known, EvalError):
            raise known
        return known

    def _expansion(self, declaration: Declaration) -> Expansion:
        count = declaration.arguments.get("count")
        for_each = declaration.arguments.get("for_each")
        if count is not None:
            return expand_count(self.evaluator, count.attribute.expr, Scope(self, count.source))
        if for_each is not None:
            return expand_for_each(self.evaluator, for_each.attribute.expr, Scope(self, for_each.source))
        return SINGLE

    def instance(self, key: ResourceKey, member: Member) -> ResourceInstance:
        """The instance of a resource that a member stands for."""
        known = self._members.get((key, member.suffix))
        if known is None:
            known = ResourceInstance(self, *key, self.configuration.resources[key], member)
            self._members[key, member.suffix] = known
            self.root.instances[known.address] = known
        return known

    def call(self, name: str) -> Node:
        """`module.name`"""
        if name not in self.configuration.calls:
            raise EvalError("Undeclared module", f"This module calls no module {name[:60]}.")
        return self.once(("module", name), lambda: self._call_value(name))

    def _call_value(self, name: str) -> Node:
        address = self.child_address(name)
        found = self.children(name)
        if isinstance(found, str):
            return Node(Derived(found, address, text=address))
        expansion, members = found
        return expansion.value(address, lambda member: Handle(address + member.suffix, members[member.suffix].output))

    def child_address(self, name: str) -> str:
        """The address of a call without its key."""
        return f"{self.address}.module.{name}" if self.address else f"module.{name}"

    def children(self, name: str) -> tuple[Expansion, dict[str, ModuleInstance]] | str:
        """The instances of a module call by suffix, or why there are none to see. Raises EvalError."""
        known = self._children.get(name)
        if known is None:
            known = self._children[name] = self._open(name)
        return known

    def _open(self, name: str) -> tuple[Expansion, dict[str, ModuleInstance]] | str:
        declaration = self.configuration.calls[name]
        opened = self.root.open_module(self, declaration)
        address = self.child_address(name)
        if isinstance(opened, str):
            self.root.incomplete.setdefault(f"{address}: {opened}")
            return opened
        configuration, directory = opened
        try:
            expansion = self._expansion(declaration)
        except EvalError as error:
            self.root.report(error)
            self.root.incomplete.setdefault(f"{address}: its instances cannot be evaluated")
            return "its instances cannot be evaluated"
        members: dict[str, ModuleInstance] = {}
        for member in expansion.members:
            self.root.modules += 1
            if self.root.modules > MOST_MODULES or len(self.names) >= MOST_MODULE_DEPTH:
                self.root.report(
                    EvalError("Too many modules", "Module calls are too many, or too deep inside each other.")
                )
                self.root.incomplete.setdefault(f"{address}: too many modules")
                return "too many modules"
            child = ModuleInstance(
                self.root, configuration, directory, address + member.suffix, self, declaration, member
            )
            child.exists = member.exists
            members[member.suffix] = child
        return expansion, members

    def output(self, name: str) -> Node:
        """`module.x.name`, asked for from outside."""
        declaration = self.configuration.outputs.get(name)
        if declaration is None:
            raise EvalError("Unsupported attribute", f"The module has no output {name[:60]}.")
        return self.once(("output", name), lambda: self._output(declaration))

    def _output(self, declaration: Declaration) -> Node:
        value = declaration.arguments.get("value")
        if value is None:
            raise EvalError("Missing value", "An output needs a value argument.")
        node = self.evaluator.evaluate(value.attribute.expr, Scope(self, value.source))
        sensitive = declaration.arguments.get("sensitive")
        expr = sensitive.attribute.expr if sensitive is not None else None
        if isinstance(expr, s.Literal) and expr.value is True and not node.secret:
            node = Node(node.value, node.place, node.origin, True)
        return node

    def provider_of(self, instance: ResourceInstance) -> Provider:
        """The provider configuration of a resource."""
        argument = instance.declaration.arguments.get("provider")
        return self.provider(local_name(instance.kind, argument.attribute.expr if argument is not None else None))

    def provider(self, name: str) -> Provider:
        """The provider configuration that a name (`aws`, `aws.eu`) means in this module."""
        known = self._providers.get(name)
        if known is None:
            known = self._providers[name] = self._provider(name)
        return known

    def _provider(self, name: str) -> Provider:
        declaration = self.configuration.providers.get(name)
        proxy = declaration is not None and not declaration.blocks and not set(declaration.arguments) - {"alias"}
        if declaration is not None and not (proxy and self.parent):
            return configured(self, name, declaration)
        if self.parent is None or self._declaration is None:
            return Provider(name)
        argument = self._declaration.arguments.get("providers")
        names = handed_down(argument.attribute.expr if argument is not None else None)
        if names is not None and name in names:
            return self.parent.provider(names[name])
        return self.parent.provider(name)


def report_place(error: EvalError) -> tuple[str | None, int | None, int | None]:
    """File, line and column of an error."""
    if error.place is None:
        return None, None, None
    scope, expr = error.place
    line, column = scope.source.position(expr.start)
    return scope.source.name, line, column


def as_diagnostic(error: EvalError) -> Diagnostic:
    """The error as the user is shown it."""
    return Diagnostic(error.summary, *report_place(error), detail=error.detail, hint=error.hint)
