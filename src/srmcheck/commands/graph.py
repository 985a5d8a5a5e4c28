"""`srmcheck graph`: the documents that policies see, one JSON object a line (docs: input document)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from srmcheck.config import Config
from srmcheck.diagnostics import Diagnostic


def documents(config: Config, read_stdin: Callable[[], bytes]) -> tuple[Iterator[str], list[Diagnostic]]:
    """The input documents of all templates, in order, and what could not be read. Secret values are not in them."""
    from srmcheck.commands.load import load
    from srmcheck.evaluate import documents as of_graph
    from srmcheck.policy.load import load_policies

    loaded = load(config, read_stdin)
    policies = load_policies(profile=config.profile)
    types = sorted({resource.type for graph in loaded.graphs for resource in graph.resources})
    wanted = policies.for_types(types)
    lines = (document.json().decode() for graph in loaded.graphs for document in of_graph(graph, wanted))
    return lines, loaded.diagnostics
