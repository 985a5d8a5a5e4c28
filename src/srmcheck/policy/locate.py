"""Finds the policies directory: in a wheel, an editable install and a checkout."""

from __future__ import annotations

from pathlib import Path

from srmcheck.diagnostics import Diagnostic, InternalError

_SHIPPED = "_policies"


def policies_dir() -> Path:
    """The directory that holds the Rego, the data, the responsibility model and (in a wheel) the index.

    A wheel ships it as `_policies` in the package; in a checkout, and so in an editable install, it is `policies/` at
    the top. Raises InternalError where neither is there.
    """
    package = Path(__file__).resolve().parents[1]
    shipped = package / _SHIPPED
    if shipped.is_dir():
        return shipped
    checkout = package.parents[1] / "policies"
    if checkout.is_dir():
        return checkout
    raise InternalError(
        Diagnostic(
            "Policies not found",
            detail="The installation of srmcheck lacks its policies.",
            hint="install srmcheck again",
        )
    )


def is_shipped(directory: Path) -> bool:
    """Whether the directory came with a wheel, where nobody changes it and its index is current."""
    return directory.name == _SHIPPED


def catalogue_file() -> Path | None:
    """The catalogue of all policies, which only a checkout has."""
    path = policies_dir() / "catalogue.yaml"
    return path if path.is_file() else None
