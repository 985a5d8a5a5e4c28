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
