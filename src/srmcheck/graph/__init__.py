"""The resource graph: canonical resources, the edges between them, and the documents that policies see."""

from srmcheck.graph.resource import Edge, Resource, ResourceGraph

__all__ = ["Edge", "Resource", "ResourceGraph"]
