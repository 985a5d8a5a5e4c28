"""Toy policies for tests of the engines."""

from __future__ import annotations

from typing import Any

import orjson

from srmcheck.engine.base import Package, Task
from srmcheck.engine.bundle import Bundle

FINDING = """package toys.lib.finding

at(path, message) := {"place": path, "message": message, "paths": [path]}
"""

VERSIONING = """package toys.s3.versioning

import data.toys.lib.finding

deny contains finding.at(["Status"], "bucket keeps no versions") if not versioned

deny contains finding.at(["Extra", i], concat("", ["extra ", extra])) if some i, extra in input.resource.properties.Extra

settled contains ["Extra", i] if some i, _ in input.resource.properties.Extra

not_applicable if input.resource.properties.Log == true

versioned if input.resource.properties.Status == "Enabled"
"""

RAISING = """package toys.s3.raising

deny contains {"place": [], "message": "is not lower case", "paths": []} if {
	lower(input.resource.properties.Name) != input.resource.properties.Name
}
"""

DATED = """package toys.s3.dated

deny contains {"place": ["Runtime"], "message": "runtime is old", "paths": [["Runtime"]]} if {
	input.resource.properties.Runtime in data.toys.data.old
}

deny_stack contains {"address": null, "place": [], "message": "no trail", "paths": []} if {
	count(object.get(input, ["template", "Trail"], [])) == 0
}
"""

MODULES = {
    "lib/finding.rego": FINDING,
    "s3/versioning.rego": VERSIONING,
    "s3/raising.rego": RAISING,
    "s3/dated.rego": DATED,
}
DATA = {"toys": {"data": {"old": ["nodejs4", "python2"]}}}
RULES = {
    "toys.s3.versioning": ("not_applicable", "deny", "settled"),
    "toys.s3.raising": ("deny",),
    "toys.s3.dated": ("deny", "deny_stack"),
}
BUNDLE = Bundle(MODULES, DATA, RULES)

VERSIONED = Package("toys.s3.versioning", RULES["toys.s3.versioning"])
RAISES = Package("toys.s3.raising", ("deny",))
IS_DATED = Package("toys.s3.dated", ("deny",))


def task(properties: dict[str, Any], *packages: Package, label: str = "aws_s3_bucket.main") -> Task:
    """A task about one resource with these properties."""
    document = {"schema": "srmcheck.input/v1", "resource": {"properties": properties}}
    return Task(orjson.dumps(document), packages or (VERSIONED,), label)
