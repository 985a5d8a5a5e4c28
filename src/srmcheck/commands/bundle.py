"""`srmcheck bundle`: the policies as an OPA bundle, for a server or a fleet (docs: engines)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from srmcheck.diagnostics import ConfigError, Diagnostic

if TYPE_CHECKING:
    from srmcheck.policy.load import PolicySet


def write_bundle(policies: PolicySet, output: Path) -> str:
    """Writes all of `policies` (loaded with the profile "all") to a .tar.gz file; returns their digest.

    Raises ConfigError where the file cannot be written.
    """
    from srmcheck.engine.bundle import Bundle

    packages = {policy.package: policy.rules for policy in policies.policies}
    bundle = Bundle(policies.modules_for(policies.policies), policies.data, packages, policies.digest)
    try:
        output.write_bytes(bundle.archive())
    except OSError as error:
        raise ConfigError(
            Diagnostic(
                summary="Output file cannot be written",
                file=str(output),
                detail=f"{error.strerror or type(error).__name__}.",
                hint="Give a file in a directory that exists and that you may write to.",
            )
        ) from None
    return bundle.digest
