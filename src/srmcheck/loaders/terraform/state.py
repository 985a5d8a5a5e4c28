"""Terraform and OpenTofu states: `terraform show -json` without a plan, and the raw file (version 4), to a Template.

All values are known, computed ones included, and count. There is no configuration in a state, so resources are related
by literal ids, later. Documentation page: docs/terraform-plan.md, "States".
Formats: developer.hashicorp.com/terraform/internals/json-format#state-representation, and statefile.stateV4 in
github.com/hashicorp/terraform/blob/main/internal/states/statefile/version4.go
"""

from __future__ import annotations

import gc
import re
from collections.abc import Mapping
from typing import Any

from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.loaders.terraform.addresses import InstanceKey, format_address
from srmcheck.loaders.terraform.bodies import BodyBuilder
from srmcheck.loaders.terraform.inventory import ModuleInstance, Record, state_entries
from srmcheck.loaders.terraform.plan import check_version, source_type
from srmcheck.loaders.terraform.scopes import refine
from srmcheck.template import NO_SCOPE, Scope, SourceResource, Template

_MOST_FAULTS = 10
_PROVIDER = re.compile(r'(?:.*\.)?provider\["([^"]+)"\](?:\.([\w-]+))?|provider\.([\w-]+)(?:\.([\w-]+))?')
_MAKE_AGAIN = "make it again: terraform show -json > state.json, or terraform state pull > terraform.tfstate"


def looks_like_state(document: object) -> bool:
    """Whether a parsed JSON file is a state, in either form, of any version."""
    if not isinstance(document, Mapping):
        return False
    if "format_version" in document:
        return "values" in document or document.keys() <= {"format_version", "terraform_version"}
    if "encrypted_data" in document and "encryption_version" in document:
        return True
    return isinstance(document.get("version"), int) and ("lineage" in document or "serial" in document)


def load_state(document: Mapping[str, Any], name: str, *, sha256: str = "") -> Template:
    """A state as a Template, each resource as it is now.

    `document` is the parsed JSON, `name` the file as the user named it, `sha256` its digest. Raises InputError for a
    state of an unknown or old version and for an encrypted one; entries that cannot be read become diagnostics.
    """
    collecting = gc.isenabled()
    gc.disable()  # as for plans
    try:
        return _load(document, name, sha256)
    except RecursionError:
        raise InputError(
            Diagnostic("Values nested too deeply", name, detail="The state is nested too deeply to be read.")
        ) from None
    finally:
        if collecting:
            gc.enable()


def _load(document: Mapping[str, Any], name: str, sha256: str) -> Template:
    if not isinstance(document, Mapping):
        raise InputError(Diagnostic("Not a state", name, detail="The file holds no JSON object.", hint=_MAKE_AGAIN))
    reader = _Reader(name)
    if "format_version" in document:
        check_version(document, name, "state")
        reader.read_shown(document.get("values"))
    else:
        _check_raw(document, name)
        reader.read_raw(document.get("resources"))
    bodies = BodyBuilder(name, None, None, frozenset())
    scopes, account, region = _scopes(reader.records, reader.providers)
    resources = []
    for record, scope in zip(reader.records, scopes, strict=True):
        body = bodies.body(record)
        resources.append(
            SourceResource(
                record.address,
                source_type(record.type, record.provider),
                body,
                scope,
                mode="data" if record.mode == "data" else "managed",
                place=body.place,
            )
        )
    return Template(
        name,
        "terraform",
        "state",
        tuple(resources),
        files={name: sha256} if sha256 else {},
        diagnostics=tuple(reader.faults),
        unread=reader.passed_over,
        account=account,
        region=region,
    )


def _check_raw(document: Mapping[str, Any], name: str) -> None:
    if "encrypted_data" in document:
        raise InputError(
            Diagnostic(
                "Encrypted state",
                name,
                detail="OpenTofu encrypted this file, so what it holds cannot be seen.",
                hint="let OpenTofu decrypt it: tofu show -json > state.json",
            )
        )
    version = document.get("version")
    if version != 4:
        said = f"version {version}" if isinstance(version, int) and not isinstance(version, bool) else "no version"
        raise InputError(
            Diagnostic(
                "Unsupported state format",
                name,
                detail=f"The file has {said}; srmcheck reads version 4, which Terraform from 0.12 and OpenTofu write.",
                hint=_MAKE_AGAIN,
            )
        )


class _Reader:
    """Collects the instances of a state."""

    def __init__(self, name: str) -> None:
        self.records: list[Record] = []
        self.providers: list[str] = []
        self.faults: list[Diagnostic] = []
        self.passed_over: dict[str, int] = {}
        self._file = name
        self._seen: set[str] = set()
        self._module = ModuleInstance("", None, None, None)

    def fault(self, where: str, what: str) -> None:
        """Say that an entry cannot be read."""
        if len(self.faults) == _MOST_FAULTS:
            where, what = "the state", "has more entries that cannot be read"
        if len(self.faults) <= _MOST_FAULTS:
            detail = f"{where} {what}, so it was not checked."
            self.faults.append(Diagnostic("Malformed state entry", self._file, detail=detail, hint=_MAKE_AGAIN))

    def read_shown(self, values: object) -> None:
        """The `values` of `terraform show -json`."""
        for entry, module, where in state_entries(values, "values", self.fault):
            if "deposed_key" in entry:
                continue
            attributes = entry.get("values")
            if attributes is None:
                attributes = {}
            record = self._record(entry, module, entry.get("index"), where, entry.get("address"))
            if record is None:
                continue
            if not isinstance(attributes, dict):
                self.fault(where, "has values of the wrong kind")
                continue
            provider = entry.get("provider_name")
            record.provider = provider if isinstance(provider, str) else ""
            record.values = attributes
            record.sensitive = entry.get("sensitive_values")
            self._keep(record, "", where)

    def read_raw(self, resources: object) -> None:
        """The `resources` of a version 4 state."""
        if resources is None:
            return
        if not isinstance(resources, list):
            self.fault("resources", "is no list")
            return
        for position, entry in enumerate(resources):
            where = f"resources[{position}]"
            instances = entry.get("instances") if isinstance(entry, dict) else None
            if not isinstance(entry, dict) or not isinstance(instances, list):
                self.fault(where, "has no instances")
                continue
            for number, instance in enumerate(instances):
                self._read_instance(entry, instance, f"{where}.instances[{number}]")

    def _read_instance(self, entry: Mapping[str, Any], instance: object, where: str) -> None:
        if not isinstance(instance, dict):
            self.fault(where, "is no object")
            return
        if "deposed" in instance:
            return
        module = entry.get("module", "")
        record = self._record(entry, module if isinstance(module, str) else "", instance.get("index_key"), where, None)
        if record is None:
            return
        attributes = instance.get("attributes")
        if not isinstance(attributes, dict):
            self.fault(where, "has no attributes")
            return
        provider = entry.get("provider")
        found = _PROVIDER.fullmatch(provider) if isinstance(provider, str) else None
        local, alias = "", ""
        if found is not None:
            record.provider = found[1] or found[3]
            local, alias = record.provider.rpartition("/")[2], found[2] or found[4] or ""
        record.values = attributes
        record.sensitive = _marks(instance.get("sensitive_attributes"))
        self._keep(record, f"{local}.{alias}" if alias else local, where)

    def _record(self, entry: Mapping[str, Any], module: str, key: object, where: str, address: object) -> Record | None:
        mode, type_, name = entry.get("mode", "managed"), entry.get("type"), entry.get("name")
        if not isinstance(mode, str) or not isinstance(type_, str) or not isinstance(name, str):
            self.fault(where, "does not say what it is")
            return None
        if mode not in ("managed", "data"):
            self.passed_over[f"{mode} resource"] = self.passed_over.get(f"{mode} resource", 0) + 1
            return None
        index = _key(key)
        if index is None and key is not None:
            self.fault(where, "has a key that is neither a number nor a text")
            return None
        if not isinstance(address, str):
            address = format_address(module, mode, type_, name, index)
        return Record(address, self._module, mode, type_, name, index)

    def _keep(self, record: Record, provider: str, where: str) -> None:
        if record.address in self._seen:
            self.fault(where, "has the address of another entry")
            return
        self._seen.add(record.address)
        self.records.append(record)
        self.providers.append(provider)


def _key(key: object) -> InstanceKey:
    if isinstance(key, bool):
        return None
    if isinstance(key, float) and key.is_integer():
        return int(key)
    return key if isinstance(key, (int, str)) else None


def _marks(paths: object) -> Any:
    """The `sensitive_attributes` of a raw state as marks that mirror the attributes; what cannot be followed into a set
    marks the whole set, and what cannot be read marks everything."""
    marks: dict[int | str, Any] = {}
    if paths is None:
        return marks
    if not isinstance(paths, list):
        return True
    for path in paths:
        steps = [_step(step) for step in path] if isinstance(path, list) else []
        if not steps or steps[0] is None:
            return True
        holder = marks
        for number, step in enumerate(steps):
            following = steps[number + 1] if number + 1 < len(steps) else None
            if step is None or holder.get(step) is True:
                break
            if following is None:
                holder[step] = True
            else:
                holder = holder.setdefault(step, {})
    return marks


def _step(step: object) -> int | str | None:
    if not isinstance(step, dict):
        return None
    value = step.get("value")
    if step.get("type") == "index" and isinstance(value, dict):
        value = value.get("value")
    return _key(value)


def _scopes(records: list[Record], providers: list[str]) -> tuple[list[Scope], str | None, str | None]:
    """The scope of each resource by its provider configuration and ARN, and the account and region that all tell.

    `terraform show` does not say which provider configuration a resource belongs to: resources are taken to have the
    same only where all tell the same account and region.
    """
    found: list[Scope] = []
    for record, provider in zip(records, providers, strict=True):
        scope = NO_SCOPE
        if record.mode == "managed" and record.type.startswith("aws_"):
            scope = refine(NO_SCOPE, record.values)
        found.append(Scope(provider, scope.account, scope.region))
    callers = [record for record in records if record.mode == "data" and record.type == "aws_caller_identity"]
    accounts = {account for caller in callers if isinstance(account := caller.values.get("account_id"), str)}
    accounts = accounts or {scope.account for scope in found if scope.account is not None}
    regions = {scope.region for scope in found if scope.region is not None}
    account = next(iter(accounts)) if len(accounts) == 1 else None
    region = next(iter(regions)) if len(regions) == 1 else None
    one = len(accounts) < 2 and len(regions) < 2
    scopes = [
        Scope(scope.provider or _unsaid_provider(record, scope, one), scope.account or account, scope.region)
        for record, scope in zip(records, found, strict=True)
    ]
    return scopes, account, region


def _unsaid_provider(record: Record, scope: Scope, one: bool) -> str:
    if not record.type.startswith("aws_"):
        return record.provider.rpartition("/")[2]
    if one:
        return "aws"
    return f"aws ({scope.region or record.address})"
