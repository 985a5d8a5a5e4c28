"""Policies: their metadata, where they are found, and the Shared Responsibility Model."""

from srmcheck.policy.load import PolicySet, load_policies

__all__ = ["PolicySet", "load_policies"]
