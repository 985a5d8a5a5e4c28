"""Terraform configurations: `.tf` and `.tf.json` files of a root directory and its local modules."""

from srmcheck.loaders.terraform.hcl.load import load_hcl
from srmcheck.loaders.terraform.hcl.roots import find_roots

__all__ = ["find_roots", "load_hcl"]
