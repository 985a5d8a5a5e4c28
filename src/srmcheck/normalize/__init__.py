"""From templates to the resource graph (docs: normalization)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from srmcheck.graph.resource import ResourceGraph
    from srmcheck.template import Template


def normalize(template: Template) -> ResourceGraph:
    """The canonical resources of a template, in its order, with the edges between them. Never raises on any tree that a
    loader can give: what can't be read is unknown."""
    from srmcheck.normalize.graph import normalize as run

    return run(template)


def terraform_type(type_name: str) -> str | None:
    """The Terraform type that becomes a canonical type, the shortest name of several; None where no table makes it."""
    from srmcheck.normalize.tables import load_tables

    tables = load_tables()
    found = [
        name
        for name in tables
        if (table := tables.get(name)) is not None and table.join is None and table.types == (type_name,)
    ]
    return min(found, key=lambda name: (name.startswith("aws_default_"), len(name), name), default=None)
