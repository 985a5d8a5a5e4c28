"""The policies that the settings ask for."""

from __future__ import annotations

from srmcheck.config import Config
from srmcheck.policy.load import PolicySet, load_policies


def policies_of(config: Config) -> PolicySet:
    """The policies that ship and the user's own, less those that are not selected. Raises PolicyError for one that cannot
    be used, ConfigError for settings that cannot."""
    loaded = load_policies(profile=config.profile, own=config.policy_dirs, data=config.data_files)
    return loaded.selected(config.select, config.ignore, config.places)
