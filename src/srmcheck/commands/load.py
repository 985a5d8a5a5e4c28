"""From paths to templates and graphs: discovery, the loader of each kind, normalization."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from srmcheck.commands.faults import internal_error
from srmcheck.config import Config
from srmcheck.diagnostics import ConfigError, Diagnostic, InputError
from srmcheck.loaders.discover import Found, boundary_of, discover, display
from srmcheck.template import Template

if TYPE_CHECKING:
    from srmcheck.graph import ResourceGraph


@dataclass
class Loaded:
    """The graphs of all templates that could be read, in order of their names, and what was said on the way. `texts` holds
    the CloudFormation templates' text by name, for code frames."""

    graphs: list[ResourceGraph] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


def load(config: Config, read_stdin: Callable[[], bytes]) -> Loaded:
    """Everything that `config.paths` names. Raises ConfigError for a `--source` or `--root` that is no folder."""
    for option, folder in (("--source", config.source), ("--root", config.root)):
        if folder is not None and not folder.is_dir():
            raise ConfigError(
                Diagnostic(f"{option} is not a folder", display(folder), hint="name a folder that is there")
            )
    from srmcheck.normalize import normalize

    discovery = discover(config.paths, read_stdin=read_stdin, root=config.root)
    loaded = Loaded(diagnostics=discovery.diagnostics)
    pending = discovery.found[::-1]
    del discovery
    while pending:  # each parsed plan is let go of once its graph is made
        found = pending.pop()
        try:
            template = load_template(found, config.source, config.root)
            graph = normalize(template)
        except InputError as error:
            loaded.diagnostics.append(error.diagnostic)
            continue
        except Exception as error:
            if config.debug:
                raise
            loaded.diagnostics.append(internal_error(error, found.name))
            continue
        finally:
            if found.text:
                loaded.texts[found.name] = found.text
        loaded.diagnostics.extend(template.diagnostics)
        loaded.graphs.append(graph)
    return loaded


def load_template(found: Found, source: Path | None = None, root: Path | None = None) -> Template:
    """The template of one found file or folder; `source` says where a plan's `.tf` files are, if not beside it, and `root`
    what may be read of them. Raises InputError for one that cannot be checked at all."""
    if found.kind == "plan":
        from srmcheck.loaders.terraform.plan import load_plan

        folder = source if source is not None else _beside(found)
        files = None
        if folder is not None:
            from srmcheck.loaders.terraform.lines import SourceFiles

            boundary = root.resolve() if root is not None else boundary_of(folder)
            files = SourceFiles(folder.resolve(), boundary, display(folder))
        return load_plan(found.document, found.name, sha256=found.sha256, source=files)
    if found.kind == "state":
        from srmcheck.loaders.terraform.state import load_state

        return load_state(found.document, found.name, sha256=found.sha256)
    if found.kind == "cloudformation":
        from srmcheck.loaders.cloudformation import load_cloudformation

        return load_cloudformation(found.text, found.name, sha256=found.sha256)
    from srmcheck.loaders.terraform.hcl.load import load_hcl

    assert found.path is not None and found.boundary is not None
    return load_hcl(found.path, found.name, boundary=found.boundary)


def _beside(found: Found) -> Path | None:
    """The folder of a plan, if it holds `.tf` files."""
    if found.path is None:
        return None
    folder = found.path.parent
    for pattern in ("*.tf", "*.tofu"):
        if next(folder.glob(pattern), None) is not None:
            return folder
    return None
