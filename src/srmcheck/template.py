"""A template as it was written: what every loader gives, and the only thing that normalization takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from srmcheck.conditions import TRUE, Condition
from srmcheck.diagnostics import Diagnostic
from srmcheck.source import Location
from srmcheck.values import Node, Place

Language = Literal["terraform", "cloudformation"]
Format = Literal["plan", "hcl", "state", "template", "sam", "cdk"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a resource is deployed into, as far as the template tells. `provider` names the provider configuration
    (`aws`, `aws.eu`; "" in CloudFormation); account and region None where the template does not say."""

    provider: str = ""
    account: str | None = None
    region: str | None = None


NO_SCOPE = Scope()


@dataclass(frozen=True, slots=True)
class SourceResource:
    """One resource instance (or, with mode "data", one data source instance).

    `address` is unique in the template; for an unknown number of instances one stands for all, with `[*]`. `body` is a
    dict node in the source's own words; arguments that the author left out are not in it (a plan's provider defaults
    are). `stale` names top-level keys of `body` whose known value the configuration does not set (CONTRACTS, section 1,
    "Stale copies"); `changes` is "create", "update", "replace", "no-op" or "" (no plan). `default_tags` are the tags that its
    provider configuration adds, where the body does not show them.
    """

    address: str
    type: str
    body: Node
    scope: Scope = NO_SCOPE
    exists: Condition = TRUE
    mode: Literal["managed", "data"] = "managed"
    place: Place | None = None
    stale: frozenset[str] = frozenset()
    changes: str = ""
    default_tags: Node | None = None


def _no_place(place: Place) -> Location | None:
    return place.location


@dataclass(frozen=True, slots=True)
class Template:
    """One Terraform root, plan or state, or one CloudFormation template.

    `name` is how reports call it (a path as the user named it). `files` are the files that it was read from, with the
    SHA-256 of each. `incomplete` holds reasons why resources may exist that are not in `resources` (an Include that
    is not seen, a module that is not downloaded): every relation is open then, or, where `hidden` says how the types of
    such resources begin, those to these types. `locate` finds the location of a place;
    it may read the `.tf` files beside a plan, so it is asked for findings only. `unread` counts what was not evaluated,
    by its name ("dynamic block", "function templatefile"). `before` holds resources that the template deletes or no
    longer manages (for stale copies), never judged. `provider_version` is the AWS provider's in the lock file,
    `provider_constraints` what the modules require of it (`~> 5.0`).
    """

    name: str
    language: Language
    format: Format
    resources: tuple[SourceResource, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    provider_version: str | None = None
    provider_constraints: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    incomplete: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    locate: Callable[[Place], Location | None] = _no_place
    unread: Mapping[str, int] = field(default_factory=dict)
    before: tuple[SourceResource, ...] = ()
    account: str | None = None
    region: str | None = None
    partition: str | None = None
