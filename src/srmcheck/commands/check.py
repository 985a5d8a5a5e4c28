"""The use case: paths to a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import srmcheck
from srmcheck.commands.assemble import Assembly
from srmcheck.commands.faults import internal_error
from srmcheck.commands.load import load
from srmcheck.commands.source_lines import SourceLines
from srmcheck.config import Config
from srmcheck.diagnostics import Diagnostic, EngineError
from srmcheck.policy.responsibility import load_model
from srmcheck.results import Report, Tool


def check(config: Config, read_stdin: Callable[[], bytes]) -> tuple[Report, SourceLines]:
    """Checks `config.paths`; gives the report, and the source lines that its code frames need.

    What cannot be read or evaluated is a diagnostic of the report. Raises ConfigError for settings that cannot be used, a
    baseline or a term of --select among them, PolicyError and EngineError where nothing can be evaluated at all.
    """
    from srmcheck.commands.policy_set import policies_of
    from srmcheck.commands.suppressions import baseline_of, ledger_for, selection_note, told

    policies = policies_of(config)
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
            left_out = -1
            for graph in loaded.graphs:
                if left_out >= 0:  # asking again may take as long as the first time, and is of no more use
                    left_out += 1
                    assembly.add(graph, Evaluation(()))
                    continue
                try:
                    evaluation = run(
                        graph,
                        asked,
                        engine,
                        scope=config.scope,
                        show_passed=config.show_passed,
                        suppressor=ledger,
                    )
                    placed = tuple(map(policies.placed, evaluation.diagnostics))
                    evaluation = replace(evaluation, diagnostics=placed)
                except EngineError as error:
                    left_out = 0
                    evaluation = Evaluation((), diagnostics=(error.diagnostic,))
                except Exception as error:
                    if config.debug:
                        raise
                    fault = internal_error(error, graph.template.name)
                    evaluation = Evaluation((), diagnostics=(fault,))
                assembly.add(graph, evaluation)
            if left_out > 0:
                assembly.diagnostics.append(_not_evaluated(left_out))
        finally:
            engine.close()
    tool = Tool(srmcheck.__version__, version, policies.digest, policies.data_date)
    whole = all(diagnostic.level != "error" for diagnostic in assembly.diagnostics)
    names = [graph.template.name for graph in loaded.graphs]
    assembly.diagnostics.extend(told(ledger, config, policies, names, whole))
    return assembly.report(tool), lines


def _not_evaluated(number: int) -> Diagnostic:
    what = "One further template was" if number == 1 else f"{number:,} further templates were"
    return Diagnostic("Templates not evaluated", detail=f"{what} not evaluated, as the policy engine had failed.")
