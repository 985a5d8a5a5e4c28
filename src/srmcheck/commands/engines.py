"""The engine that the settings ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from srmcheck.config import Config

if TYPE_CHECKING:
    from srmcheck.engine.base import Engine
    from srmcheck.policy.load import PolicySet
    from srmcheck.policy.model import Policy


def engine_for(config: Config, policies: PolicySet, wanted: Sequence[Policy]) -> Engine:
    """An engine that holds at least the `wanted` policies. The caller closes it. Raises EngineError where it is not to be
    had, ConfigError for an unusable address."""
    if config.opa_url is not None:
        from srmcheck.engine.opa_server import OpaServerEngine, OpaSettings

        settings = OpaSettings(
            config.opa_url,
            token=config.opa_token,
            ca_file=str(config.opa_ca_cert) if config.opa_ca_cert is not None else None,
            cert_file=str(config.opa_client_cert) if config.opa_client_cert is not None else None,
            key_file=str(config.opa_client_key) if config.opa_client_key is not None else None,
            timeout=config.opa_timeout,
        )
        return OpaServerEngine(settings, policies.digest, bundle_command(config))
    if config.engine == "opa":
        from srmcheck.engine.bundle import Bundle
        from srmcheck.engine.opa_binary import OpaBinaryEngine

        packages = {policy.package: policy.rules for policy in wanted}
        bundle = Bundle(policies.modules_for(wanted), policies.data, packages, policies.digest)
        return OpaBinaryEngine(bundle, timeout=config.opa_timeout)
    from srmcheck.engine.embedded import EmbeddedEngine

    return EmbeddedEngine(policies.modules_for(wanted), policies.data)


def bundle_command(config: Config) -> str:
    """The command that writes the bundle which a server must hold for a run with these settings."""
    from shlex import quote

    words = ["srmcheck", "bundle", "--output", "bundle.tar.gz"]
    for option, paths in (("--policy-dir", config.policy_dirs), ("--data", config.data_files)):
        for path in paths:
            words += [option, path.as_posix()]
    return " ".join(map(quote, words))
