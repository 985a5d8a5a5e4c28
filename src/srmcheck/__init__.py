"""srmcheck: a policy-as-code checker for AWS infrastructure templates along the Shared Responsibility Model."""

__version__ = "0.1.0"
