"""The use case: paths to a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import srmcheck
from srmcheck.commands.assemble import Assembly
from srmcheck.commands.faults import internal_error
from srmcheck.commands.load import load
from srmcheck.config import Config
from srmcheck.diagnostics import EngineError
from srmcheck.policy.responsibility import load_model
from srmcheck.results import Report, Tool

_FRAMED = (".tf", ".tofu", ".yaml", ".yml", ".template")


@dataclass
class SourceLines:
    """Lines of the checked files, for code frames: `texts` are those at hand, others are read when first asked for. Plans,
    states and other JSON are never shown."""

    texts: dict[str, str] = field(default_factory=dict)
    _lines: dict[str, list[str] | None] = field(default_factory=dict)

    def __call__(self, file: str, line: int) -> str | None:
        lines = self._lines.get(file)
        if lines is None and file not in self._lines:
            lines = self._lines[file] = self._read(file)
        return lines[line - 1] if lines is not None and 0 < line <= len(lines) else None

    def _read(self, file: str) -> list[str] | None:
        text = self.texts.get(file)
        if text is None:
            if not file.endswith(_FRAMED):
                return None
            from srmcheck.diagnostics import InputError
            from srmcheck.loaders.text import decode, read_bytes

            try:
                text = decode(read_bytes(Path(file), file), file)
            except InputError:
                return None
        return text.replace("\r\n", "\n").split("\n")


def check(config: Config, read_stdin: Callable[[], bytes]) -> tuple[Report, SourceLines]:
    """Checks `config.paths`; gives the report, and the source lines that its code frames need.

    What cannot be read or evaluated is a diagnostic of the report. Raises ConfigError for settings that cannot be used,
    PolicyError and EngineError where nothing can be evaluated at all.
    """
    loaded = load(config, read_stdin)
    from srmcheck.policy.load import load_policies

    policies = load_policies(profile=config.profile)
    types = sorted({resource.type for graph in loaded.graphs for resource in graph.resources})
    account = config.scope == "account"
    wanted = policies.for_types(types, stack=account)
    asked = wanted if account else policies.for_types(types, stack=True)
    assembly = Assembly(load_model(), {policy.id: policy for policy in wanted}, diagnostics=list(loaded.diagnostics))
    version = ""
    if loaded.graphs:
        from srmcheck.commands.engines import engine_for
        from srmcheck.evaluate import Evaluation, run

        engine = engine_for(config, policies, wanted)
        try:
            version = engine.version
            for graph in loaded.graphs:
                try:
                    evaluation = run(graph, asked, engine, scope=config.scope, show_passed=config.show_passed)
                except EngineError as error:
                    evaluation = Evaluation((), diagnostics=(error.diagnostic,))
                except Exception as error:
                    if config.debug:
                        raise
                    fault = internal_error(error, graph.template.name)
                    evaluation = Evaluation((), diagnostics=(fault,))
                assembly.add(graph, evaluation)
        finally:
            engine.close()
    tool = Tool(srmcheck.__version__, version, policies.digest, policies.data_date)
    return assembly.report(tool), SourceLines(loaded.texts)
