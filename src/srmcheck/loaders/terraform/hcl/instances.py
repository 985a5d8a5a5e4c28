"""Resource and data source instances: what a reference to one of their attributes gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from srmcheck.conditions import Condition
from srmcheck.loaders.terraform.hcl.access import Handle
from srmcheck.loaders.terraform.hcl.blocks import block_list, nested_types
from srmcheck.loaders.terraform.hcl.config import Declaration, Mode
from srmcheck.loaders.terraform.hcl.expansion import Member
from srmcheck.loaders.terraform.hcl.partial import AFTER_APPLY, AT_PLAN, Derived
from srmcheck.loaders.terraform.hcl.scope import Scope
from srmcheck.values import ABSENT, Node, Origin, Reference

if TYPE_CHECKING:
    from srmcheck.loaders.terraform.hcl.modules import ModuleInstance

META_ARGUMENTS = frozenset(
    {"count", "for_each", "provider", "depends_on", "lifecycle", "providers", "source", "version"}
)
META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection", "locals"})

# What data sources of the provider give that only says where it is deployed.
_PSEUDO: Mapping[str, Mapping[str, str]] = {
    "aws_caller_identity": {"account_id": "AWS::AccountId", "id": "AWS::AccountId"},
    "aws_region": {"name": "AWS::Region", "id": "AWS::Region", "region": "AWS::Region"},
    "aws_partition": {"partition": "AWS::Partition", "id": "AWS::Partition", "dns_suffix": "AWS::URLSuffix"},
}
_DOCUMENT = ("json", "minified_json")


class ResourceInstance:
    """One instance. `exists` is the condition of its own count or for_each; its module's is not in it."""

    __slots__ = ("address", "declaration", "exists", "handle", "kind", "member", "mode", "module", "scope")

    def __init__(
        self, module: ModuleInstance, mode: Mode, kind: str, name: str, declaration: Declaration, member: Member
    ) -> None:
        prefix = f"{module.address}." if module.address else ""
        data = "data." if mode == "data" else ""
        self.module = module
        self.mode = mode
        self.kind = kind
        self.declaration = declaration
        self.member = member
        self.address = f"{prefix}{data}{kind}.{name}{member.suffix}"
        self.exists: Condition = member.exists
        self.scope = Scope(module, declaration.source, member.each, member.count)
        self.handle = Handle(self.address, self.attribute)

    def attribute(self, name: str) -> Node:
        """What `address.name` gives: a reference, or a value where that tells more."""
        if self.mode == "data":
            return self._data(name)
        path = f"{self.address}.{name}"
        origin = Origin("reference", path)
        if self.kind == "terraform_data" and name != "id":
            return Node(Derived(AFTER_APPLY, path, text=path), None, origin)  # it may hold anything
        return Node(Reference(self.address, name), None, origin)

    def _data(self, name: str) -> Node:
        origin = Origin("data", f"{self.address}.{name}")
        pseudo = _PSEUDO.get(self.kind, {}).get(name)
        given = self.argument(name) if name in self.declaration.arguments else None
        if given is not None and given.value is not None and given.value is not ABSENT:
            return given
        if pseudo == "AWS::Region":
            return self._region(origin)
        if pseudo is not None:
            return Node(Reference(pseudo, "Ref"), None, origin)
        if self.kind == "aws_iam_policy_document" and name in _DOCUMENT:
            return Node(Reference(self.address, name), None, origin)
        path = f"{self.address}.{name}"
        return Node(Derived(AT_PLAN, path, text=path), None, origin)

    def _region(self, origin: Origin) -> Node:
        """The region of the default provider configuration is the template's; another one's is its own."""
        provider = self.module.provider_of(self)
        if provider.name == self.module.root.default_provider:
            return Node(Reference("AWS::Region", "Ref"), None, origin)
        if provider.region is not None:
            return Node(provider.region, None, origin)
        return Node(Derived(AT_PLAN, origin.name, text=f"region of {provider.name}"), None, origin)

    def argument(self, name: str) -> Node | None:
        """The evaluated argument, or the blocks of that type as a list; None if it is not set. Raises EvalError."""
        declaration = self.declaration
        given = declaration.arguments.get(name)
        if given is not None and name not in META_ARGUMENTS:
            node = self.module.once(
                (self.address, name),
                lambda: self.module.evaluator.evaluate(given.attribute.expr, self.scope.at(given.source)),
            )
            return None if node.value is None else node
        if name in nested_types(declaration.blocks):
            return self.module.once(
                (self.address, name),
                lambda: block_list(self.module.evaluator, declaration.blocks, name, self.scope),
            )
        return None
