"""What a plan says will exist: resource instances by module instance, with their values, and what goes.

What exists comes from `resource_changes`; an entry of `planned_values` that has none there (users shrink plans, a
refresh-only plan has no changes) is taken from `planned_values`. Data sources that were read while planning are in
`prior_state`. Entries with `deposed` are old objects that share the live one's address, and are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from srmcheck.diagnostics import Diagnostic
from srmcheck.loaders.terraform.addresses import InstanceKey, format_address, format_key, parse_address, parse_modules
from srmcheck.loaders.terraform.configuration import CallConfig, Configuration, ModuleConfig, ResourceConfig

_MOST_FAULTS = 10
_MANAGED_OR_DATA = ("managed", "data")


class ModuleInstance:
    """One instance of a module: its resources by mode, type and name, then key; its module calls by name, then key."""

    __slots__ = ("address", "call", "children", "config", "instances", "key", "name", "parent")

    def __init__(
        self, address: str, config: ModuleConfig | None, parent: ModuleInstance | None, call: CallConfig | None
    ) -> None:
        self.address = address
        self.config = config
        self.parent = parent
        self.call = call
        self.name = ""
        self.key: InstanceKey = None
        self.children: dict[str, dict[InstanceKey, ModuleInstance]] = {}
        self.instances: dict[tuple[str, str, str], dict[InstanceKey, Record]] = {}

    def child(self, name: str, key: InstanceKey) -> ModuleInstance:
        """The instance of the module call `name` with `key`, made if it is not there yet."""
        siblings = self.children.setdefault(name, {})
        found = siblings.get(key)
        if found is None:
            call = self.config.calls.get(name) if self.config is not None else None
            step = f"module.{name}{format_key(key)}"
            address = f"{self.address}.{step}" if self.address else step
            found = ModuleInstance(address, call.module if call is not None else None, self, call)
            found.name, found.key = name, key
            siblings[key] = found
        return found


class Record:
    """One resource or data source instance. `unknown` and `sensitive` mirror `values` (True: the whole of it);
    `changes` is "create", "update", "replace", "no-op", "read" or ""; `inferred`: there is no record of what is
    unknown, so what the configuration sets and `values` lacks is."""

    __slots__ = (
        "address",
        "before",
        "before_sensitive",
        "changes",
        "config",
        "inferred",
        "key",
        "mode",
        "module",
        "name",
        "provider",
        "sensitive",
        "type",
        "unknown",
        "values",
    )

    def __init__(
        self, address: str, module: ModuleInstance, mode: str, type_: str, name: str, key: InstanceKey
    ) -> None:
        self.address = address
        self.module = module
        self.mode = mode
        self.type = type_
        self.name = name
        self.key = key
        config = module.config
        self.config: ResourceConfig | None = None if config is None else config.resources.get((mode, type_, name))
        self.provider = ""
        self.changes = ""
        self.values: Mapping[str, Any] = {}
        self.unknown: Any = False
        self.sensitive: Any = False
        self.before: Mapping[str, Any] | None = None
        self.before_sensitive: Any = False
        self.inferred = False


class Inventory:
    """The instances of a plan. `kept` will be there (in the plan's order), `gone` will not, or not under Terraform;
    `faults` are entries that could not be read; `passed_over` counts what is no resource or data source."""

    def __init__(self, document: Mapping[str, Any], configuration: Configuration, name: str) -> None:
        self.configuration = configuration
        self.root = ModuleInstance("", configuration.root, None, None)
        self.kept: list[Record] = []
        self.gone: list[Record] = []
        self.faults: list[Diagnostic] = []
        self.passed_over: dict[str, int] = {}
        self._file = name
        self._modules: dict[str, ModuleInstance] = {"": self.root}
        self._seen: set[str] = set()
        self._addresses: set[str] = set()
        self._read_changes(document.get("resource_changes"))
        planned = document.get("planned_values")
        self._read_values(planned, "planned_values", _MANAGED_OR_DATA)
        prior = document.get("prior_state")
        self._read_values(prior.get("values") if isinstance(prior, dict) else None, "prior_state", ("data",))

    def module(self, address: str) -> ModuleInstance | None:
        """The module instance at `address`, made if need be; None if it is no module address."""
        found = self._modules.get(address)
        if found is None:
            steps = parse_modules(address)
            if steps is None:
                return None
            found = self.root
            for name, key in steps:
                found = found.child(name, key)
            self._modules[address] = found
        return found

    def _fault(self, where: str, what: str) -> None:
        if len(self.faults) == _MOST_FAULTS:
            where, what = "the plan", "has more entries that cannot be read"
        if len(self.faults) <= _MOST_FAULTS:
            self.faults.append(
                Diagnostic(
                    "Malformed plan entry",
                    self._file,
                    detail=f"{where} {what}, so it was not checked.",
                    hint="make the file again: terraform show -json tfplan > plan.json",
                )
            )

    def _read_changes(self, entries: object) -> None:
        if entries is None:
            return
        if not isinstance(entries, list):
            self._fault("resource_changes", "is no list")
            return
        for position, entry in enumerate(entries):
            where = f"resource_changes[{position}]"
            if not isinstance(entry, dict):
                self._fault(where, "is no object")
            elif "deposed" not in entry:
                self._read_change(entry, where)

    def _read_change(self, entry: Mapping[str, Any], where: str) -> None:
        change = entry.get("change")
        actions = change.get("actions") if isinstance(change, dict) else None
        if not isinstance(change, dict) or not isinstance(actions, list):
            self._fault(where, "has no change with actions")
            return
        changes = _changes(actions)
        if changes is None:
            self._fault(where, "has actions that srmcheck does not know")
            return
        record = self._record(entry, where)
        if record is None:
            return
        before = change.get("before")
        if isinstance(before, dict):
            record.before = before
            record.before_sensitive = change.get("before_sensitive")
        if changes == "delete":
            self.gone.append(record)
            return
        after = change.get("after")
        if not isinstance(after, dict):
            self._fault(where, "has no values after the change")
            return
        record.changes = changes
        record.values = after
        record.unknown = change.get("after_unknown")
        record.sensitive = change.get("after_sensitive")
        self._keep(record, where)

    def _read_values(self, source: object, label: str, modes: tuple[str, ...]) -> None:
        for entry, module, where in state_entries(source, label, self._fault):
            if entry.get("mode", "managed") not in modes or "deposed_key" in entry:
                continue
            address = entry.get("address")
            if isinstance(address, str) and address in self._seen:
                continue
            record = self._record(entry, where, module)
            if record is None:
                continue
            values = entry.get("values")
            record.values = values if isinstance(values, dict) else {}
            record.sensitive = entry.get("sensitive_values")
            record.inferred = label == "planned_values"
            self._keep(record, where)

    def _keep(self, record: Record, where: str) -> None:
        siblings = record.module.instances.setdefault((record.mode, record.type, record.name), {})
        if record.key in siblings or record.address in self._addresses:
            self._fault(where, "has the address of another entry")
            return
        siblings[record.key] = record
        self._addresses.add(record.address)
        self.kept.append(record)
        _learn_repetition(record)

    def _record(self, entry: Mapping[str, Any], where: str, module_address: str | None = None) -> Record | None:
        """The record of an entry of resource_changes, planned_values or prior_state, without its values."""
        mode, type_, name = entry.get("mode", "managed"), entry.get("type"), entry.get("name")
        if not isinstance(mode, str) or not isinstance(type_, str) or not isinstance(name, str):
            self._fault(where, "does not say what it is")
            return None
        if mode not in _MANAGED_OR_DATA:
            self.passed_over[f"{mode} resource"] = self.passed_over.get(f"{mode} resource", 0) + 1
            return None
        address = entry.get("address")
        if not isinstance(address, str):
            address = None
        if module_address is None:
            module_address = entry.get("module_address", "")
        module = self.module(module_address) if isinstance(module_address, str) else None
        key = entry.get("index")
        if key is None and address is not None and address.endswith("]"):
            parsed = parse_address(address)
            key = parsed.key if parsed is not None else None
        if isinstance(key, float) and key.is_integer():
            key = int(key)
        if module is None or isinstance(key, bool) or not (key is None or isinstance(key, (int, str))):
            self._fault(where, "has an address that cannot be read")
            return None
        if address is None:
            address = format_address(module.address, mode, type_, name, key)
        self._seen.add(address)
        record = Record(address, module, mode, type_, name, key)
        provider = entry.get("provider_name")
        record.provider = provider if isinstance(provider, str) else ""
        return record


def _learn_repetition(record: Record) -> None:
    """A configuration does not show a count or for_each that is a function of constants (`toset(["a", "b"])`); the keys do."""
    if record.config is not None:
        record.config.by = record.config.by or _repetition_by(record.key)
    module: ModuleInstance | None = record.module
    while module is not None:
        if module.call is not None:
            module.call.by = module.call.by or _repetition_by(module.key)
        module = module.parent


def _repetition_by(key: InstanceKey) -> str:
    return "" if key is None else "for_each" if isinstance(key, str) else "count"


def _changes(actions: list[Any]) -> str | None:
    """The one word for a list of actions; "delete" where Terraform no longer has the resource, None if unknown."""
    match actions:
        case ["no-op" | "create" | "read" | "update" as only]:
            return str(only)
        case ["delete"] | ["forget"]:
            return "delete"
        case ["delete", "create"] | ["create", "delete"] | ["create", "forget"] | ["forget", "create"]:
            return "replace"
        case _:
            return None


def state_entries(
    source: object, label: str, fault: Callable[[str, str], None]
) -> Iterator[tuple[Mapping[str, Any], str, str]]:
    """The resource entries of `planned_values` or of a state's `values`, in order, each with the address of its module
    instance and a name for messages. `fault` is told (where, what) of the things that have the wrong shape."""
    if source is None:
        return
    if not isinstance(source, dict):
        fault(label, "is no object")
        return
    stack: list[tuple[object, str]] = [(source.get("root_module", {}), "")]
    while stack:
        module, address = stack.pop()
        where = f"{label}, {address or 'root module'}"
        if not isinstance(module, dict):
            fault(where, "is no object")
            continue
        for position, entry in enumerate(_listed(module, "resources", where, fault)):
            if isinstance(entry, dict):
                yield entry, address, f"{where}: resources[{position}]"
            else:
                fault(f"{where}: resources[{position}]", "is no object")
        for position, child in enumerate(reversed(_listed(module, "child_modules", where, fault))):
            inner = child.get("address") if isinstance(child, dict) else None
            if isinstance(inner, str):
                stack.append((child, inner))
            else:
                fault(f"{where}: child_modules[-{position + 1}]", "has no address")


def _listed(holder: Mapping[str, Any], key: str, where: str, fault: Callable[[str, str], None]) -> list[Any]:
    items = holder.get(key)
    if items is None:
        return []
    if not isinstance(items, list):
        fault(f"{where}: {key}", "is no list")
        return []
    return items
