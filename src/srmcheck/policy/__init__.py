"""Policies: their metadata, where they are found, and the Shared Responsibility Model."""
