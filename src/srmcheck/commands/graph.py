"""`srmcheck graph`: the documents that policies see, one JSON object a line (docs: input document)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from srmcheck.commands.hide import masked
from srmcheck.config import Config
from srmcheck.diagnostics import Diagnostic

if TYPE_CHECKING:
    from srmcheck.graph import ResourceGraph
    from srmcheck.policy.model import Policy


def documents(config: Config, read_stdin: Callable[[], bytes]) -> tuple[Iterator[str], list[Diagnostic]]:
    """The input documents of all templates, in order, and what could not be read. Secret values are not in them."""
    from srmcheck.commands.load import load
    from srmcheck.commands.policy_set import policies_of

    policies = policies_of(config)
    loaded = load(config, read_stdin)
    types = sorted({resource.type for graph in loaded.graphs for resource in graph.resources})
    wanted = policies.for_types(types)
    return _lines(loaded.graphs, wanted, config), loaded.diagnostics


def _lines(graphs: Sequence[ResourceGraph], policies: Sequence[Policy], config: Config) -> Iterator[str]:
    """The documents with masks in the place of what must not be shown."""
    import orjson

    from srmcheck.evaluate import documents as of_graph

    for graph in graphs:
        for document in of_graph(graph, policies, scope=config.scope):
            body = dict(document.body)
            for part in ("resource", "related"):
                body[part] = masked(body[part])
            yield orjson.dumps(body).decode()
