"""The lint of policies: what the engines read differently, and what has no place in a policy."""

from srmcheck.engine.lint.check import check_module, check_modules

__all__ = ["check_module", "check_modules"]
