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
    """The text of the checked files, by line for code frames: `texts` are those at hand, others are read when first asked
    for. Lines of plans, states and other JSON are never shown."""

    texts: dict[str, str] = field(default_factory=dict)
    _read: dict[str, str | None] = field(default_factory=dict)
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def __call__(self, file: str, line: int) -> str | None:
        lines = self._lines.get(file)
        if lines is None:
            shown = file in self.texts or file.endswith(_FRAMED)
            text = self.text(file) if shown else None
            lines = self._lines[file] = [] if text is None else text.replace("\r\n", "\n").split("\n")
        return lines[line - 1] if 0 < line <= len(lines) else None

    def text(self, file: str) -> str | None:
        """The text of a file by its name in findings; None if it cannot be read."""
        if file in self.texts:
            return self.texts[file]
        if file not in self._read:
            from srmcheck.diagnostics import InputError
            from srmcheck.loaders.text import decode, read_bytes

            try:
                self._read[file] = decode(read_bytes(Path(file), file), file)
            except InputError:
                self._read[file] = None
        return self._read[file]


def check(config: Config, read_stdin: Callable[[], bytes]) -> tuple[Report, SourceLines]:
    """Checks `config.paths`; gives the report, and the source lines that its code frames need.

    What cannot be read or evaluated is a diagnostic of the report. Raises ConfigError for settings that cannot be used, a
    baseline or a term of --select among them, PolicyError and EngineError where nothing can be evaluated at all.
    """
    from srmcheck.commands.suppressions import baseline_of, ledger_for, selection_note, told
    from srmcheck.policy.load import load_policies

    policies = load_policies(profile=config.profile).selected(config.select, config.ignore)
    baseline = baseline_of(config)
    loaded = load(config, read_stdin)
    lines = SourceLines(loaded.texts)
    ledger = ledger_for(config, policies, baseline, loaded.texts.keys(), lines.text)
    types = sorted({resource.type for graph in loaded.graphs for resource in graph.resources})
    account = config.scope == "account"
    wanted = policies.for_types(types, stack=account)
    asked = wanted if account else policies.for_types(types, stack=True)
    assembly = Assembly(
        load_model(),
        {policy.id: policy for policy in wanted},
        diagnostics=[*loaded.diagnostics, *selection_note(config, policies)],
        left_out=policies.left_out if policies.chosen is not None else {},
    )
    version = ""
    if loaded.graphs:
        from srmcheck.commands.engines import engine_for
        from srmcheck.evaluate import Evaluation, run

        engine = engine_for(config, policies, wanted)
        try:
            version = engine.version
            for graph in loaded.graphs:
                try:
                    evaluation = run(
                        graph,
                        asked,
                        engine,
                        scope=config.scope,
                        show_passed=config.show_passed,
                        suppressor=ledger,
                    )
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
    whole = all(diagnostic.level != "error" for diagnostic in assembly.diagnostics)
    names = [graph.template.name for graph in loaded.graphs]
    assembly.diagnostics.extend(told(ledger, config, policies, names, whole))
    return assembly.report(tool), lines
