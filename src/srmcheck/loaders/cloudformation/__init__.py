"""CloudFormation templates, JSON and YAML, to Template."""

from srmcheck.loaders.cloudformation.load import load_cloudformation, looks_like_template

__all__ = ["load_cloudformation", "looks_like_template"]
