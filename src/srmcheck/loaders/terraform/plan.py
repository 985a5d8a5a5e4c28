"""Terraform and OpenTofu plans: the JSON of `terraform show -json <plan file>`, to a Template.

Documentation page: docs/terraform-plan.md. Format: developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import gc
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.loaders.terraform.bodies import BodyBuilder
from srmcheck.loaders.terraform.configuration import Configuration
from srmcheck.loaders.terraform.inventory import Inventory, Record
from srmcheck.loaders.terraform.origins import Origins, sensitive_texts
from srmcheck.loaders.terraform.references import Resolver
from srmcheck.loaders.terraform.scopes import Scopes
from srmcheck.source import Location
from srmcheck.template import SourceResource, Template
from srmcheck.values import Place

if TYPE_CHECKING:
    from srmcheck.loaders.terraform.lines import SourceFiles

_MAKE_AGAIN = "make it from a whole plan: terraform plan -out=tfplan; terraform show -json tfplan > plan.json"
_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})(?:\.\d+)*")
_AWS_PROVIDER = re.compile(r"(?:[^/]+/)?(?:hashicorp|opentofu|-)/aws|aws|")


def looks_like_plan(document: object) -> bool:
    """Whether a parsed JSON file is a plan, whole or cut."""
    if not isinstance(document, Mapping) or "format_version" not in document:
        return False
    return any(key in document for key in ("planned_values", "resource_changes", "configuration", "prior_state"))


def load_plan(
    document: Mapping[str, Any], name: str, *, sha256: str = "", source: SourceFiles | None = None
) -> Template:
    """A plan as a Template.

    `document` is the parsed JSON, `name` the file as the user named it, `sha256` its digest, `source` the `.tf` files
    that the plan was made of, where they are at hand. Raises InputError for a plan that failed (`errored`), is of an
    unknown format, or lacks what is needed; single entries that cannot be read become diagnostics.
    """
    collecting = gc.isenabled()
    gc.disable()  # a large plan is a million objects that all stay: to look for garbage among them takes half the time
    try:
        return _load(document, name, sha256, source)
    except RecursionError:
        raise InputError(
            Diagnostic("Values nested too deeply", name, detail="The plan is nested too deeply to be read.")
        ) from None
    finally:
        if collecting:
            gc.enable()


def _load(document: Mapping[str, Any], name: str, sha256: str, source: SourceFiles | None) -> Template:
    diagnostics = _check(document, name)
    configuration = Configuration(document.get("configuration"))
    inventory = Inventory(document, configuration, name)
    variables = _mapping(document.get("variables"))
    complete = document.get("complete") is not False
    resolver = Resolver(inventory, variables, complete)
    scopes = Scopes(inventory, resolver)
    bodies = BodyBuilder(
        name,
        resolver,
        Origins(inventory, resolver, variables),
        sensitive_texts(variables, configuration.root.variables),
        source,
    )
    resources = tuple(_resource(record, bodies, scopes, configuration.present) for record in inventory.kept)
    before = tuple(
        _before(record, bodies, scopes)
        for record in (*inventory.gone, *inventory.kept)
        if record.before is not None and record.changes != "no-op" and record.mode == "managed"
    )
    diagnostics.extend(inventory.faults)
    incomplete: list[str] = []
    if not complete:
        incomplete.append("the plan is not complete")
    if document.get("deferred_changes"):
        incomplete.append("the plan defers changes to a later one")
    if _only_refreshes(document, inventory):
        incomplete.append("the plan only refreshes the state, and does not show its resources")
    return Template(
        name,
        "terraform",
        "plan",
        resources,
        files={name: sha256} if sha256 else {},
        diagnostics=tuple(diagnostics),
        incomplete=tuple(incomplete),
        locate=_nowhere if source is None else _Locator(source, inventory),
        unread=inventory.passed_over,
        before=before,
        account=scopes.account,
        region=scopes.region,
        partition=scopes.partition,
    )


def _only_refreshes(document: Mapping[str, Any], inventory: Inventory) -> bool:
    """Whether a plan has no changes and no planned values, although the state has resources: `terraform plan -refresh-only`."""
    root = _mapping(_mapping(_mapping(document.get("prior_state")).get("values")).get("root_module"))
    is_empty = not document.get("resource_changes") and all(record.mode != "managed" for record in inventory.kept)
    return is_empty and bool(root.get("resources") or root.get("child_modules"))


def check_version(document: Mapping[str, Any], name: str, what: str) -> None:
    """Raises InputError unless the file's format_version is one that srmcheck reads (0.1 to 1.x)."""
    version = document.get("format_version")
    found = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if found is None or int(found[1]) > 1:
        said = f"format_version {found[0]}" if found else "no format_version that can be read"
        raise InputError(
            Diagnostic(
                f"Unsupported {what} format",
                name,
                detail=f"The file has {said}; srmcheck reads 0.1 to 1.x, which Terraform from 0.12 and OpenTofu write.",
                hint="look for a newer srmcheck, or make the file with another version of Terraform",
            )
        )


def _check(document: object, name: str) -> list[Diagnostic]:
    """What is wrong with the plan as a whole. Raises InputError where nothing can be checked."""
    if not isinstance(document, Mapping):
        raise InputError(Diagnostic("Not a plan", name, detail="The file holds no JSON object.", hint=_MAKE_AGAIN))
    check_version(document, name, "plan")
    if document.get("errored") is True:
        raise InputError(
            Diagnostic(
                "Plan failed",
                name,
                detail="Terraform stopped with an error while it made this plan, so it does not hold all changes.",
                hint="mend the configuration until terraform plan succeeds, then make the file again",
            )
        )
    changes, planned = document.get("resource_changes"), document.get("planned_values")
    if not isinstance(changes, list) and not isinstance(planned, dict):
        raise InputError(
            Diagnostic(
                "Incomplete plan file",
                name,
                detail="The file has neither resource_changes nor planned_values, so it does not say what will be.",
                hint=_MAKE_AGAIN,
            )
        )
    return [*_shapes(document, name), *_gaps(document, name)]


def _shapes(document: Mapping[str, Any], name: str) -> list[Diagnostic]:
    expected = {
        "resource_changes": list,
        "planned_values": dict,
        "configuration": dict,
        "variables": dict,
        "prior_state": dict,
    }
    return [
        Diagnostic(
            "Malformed plan",
            name,
            detail=f"{key} is not {'a list' if kind is list else 'an object'}, so it was not read.",
            hint=_MAKE_AGAIN,
        )
        for key, kind in expected.items()
        if document.get(key) is not None and not isinstance(document[key], kind)
    ]


def _gaps(document: Mapping[str, Any], name: str) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    if document.get("complete") is False:
        found.append(
            Diagnostic(
                "Plan is not complete",
                name,
                detail="Terraform says that another plan has to follow (a plan with -target, or with deferred changes). "
                "What it leaves out is not checked, and may change the verdicts on the rest.",
                hint="check a plan of the whole configuration",
                level="outside",
            )
        )
    deferred = document.get("deferred_changes")
    if deferred:
        number = len(deferred) if isinstance(deferred, list) else 1
        found.append(
            Diagnostic(
                "Deferred changes",
                name,
                detail=f"Terraform put off {number} change(s) until more is known; they are not checked.",
                hint="check the plan that follows the apply",
                level="outside",
            )
        )
    if document.get("configuration") is None:
        found.append(
            Diagnostic(
                "Plan without configuration",
                name,
                detail="The file lacks configuration, so what the author left out cannot be told from what is not known "
                "yet, and resources are related by literal names only.",
                hint=_MAKE_AGAIN,
                level="outside",
            )
        )
    return found


def _resource(record: Record, bodies: BodyBuilder, scopes: Scopes, configured: bool) -> SourceResource:
    body = bodies.body(record)
    stale = frozenset[str]()
    if configured and record.mode == "managed" and isinstance(body.value, dict):
        stale = frozenset(body.value.keys() - (record.config.expressions.keys() if record.config is not None else ()))
    return SourceResource(
        record.address,
        source_type(record.type, record.provider),
        body,
        scopes.of(record),
        mode="data" if record.mode == "data" else "managed",
        place=body.place,
        stale=stale,
        changes="" if record.changes == "read" else record.changes,
    )


def _before(record: Record, bodies: BodyBuilder, scopes: Scopes) -> SourceResource:
    body = bodies.before(record)
    return SourceResource(
        record.address, source_type(record.type, record.provider), body, scopes.of(record), place=body.place
    )


def source_type(type_: str, provider: str) -> str:
    """The resource type; one that is called like AWS's but is of another provider bears that provider's name."""
    if not type_.startswith("aws_") or _AWS_PROVIDER.fullmatch(provider):
        return type_
    return f"{type_} ({'/'.join(provider.split('/')[-2:])})"


def _nowhere(place: Place) -> Location | None:
    return place.location


class _Locator:
    """Finds places in the source files, with the planned values at hand to tell blocks of one type apart."""

    def __init__(self, source: SourceFiles, inventory: Inventory) -> None:
        self._source = source
        self._inventory = inventory
        self._values: dict[str, Mapping[str, Any]] | None = None

    def __call__(self, place: Place) -> Location | None:
        if place.location is not None:
            return place.location
        if self._values is None:
            self._values = {record.address: record.values for record in self._inventory.kept}
        return self._source.locate(place, self._values.get(place.address))


def _mapping(item: object) -> Mapping[str, Any]:
    return item if isinstance(item, dict) else {}
