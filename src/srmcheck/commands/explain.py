"""`srmcheck explain`: one resource as it was evaluated, and what each policy made of it (docs: usage)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from srmcheck.commands.conditions_text import condition_text
from srmcheck.commands.hide import is_hidden, is_value_key, names_a_secret
from srmcheck.config import Config
from srmcheck.diagnostics import ConfigError, Diagnostic
from srmcheck.policy.responsibility import load_model
from srmcheck.report.mask import MASK, mask_line
from srmcheck.report.style import Style, clean, wrap
from srmcheck.report.words import blocker_text, path_text, place_text, when_text
from srmcheck.values import Choice, Json, Node, Path, Reference, Scalar, Spread, Text, Unknown

if TYPE_CHECKING:
    from srmcheck.evaluate.outcome import Outcome
    from srmcheck.graph import Resource, ResourceGraph
    from srmcheck.policy.model import Policy

_WIDTH = 80


def explain(config: Config, address: str, read_stdin: Callable[[], bytes], colour: bool) -> tuple[str, bool]:
    """What is known of the resource at `address`, in every template that has it, as text; and whether everything could be
    read and every policy answered. Raises ConfigError if no template has it, with the addresses that are most like it."""
    from srmcheck.commands.engines import engine_for
    from srmcheck.commands.load import load
    from srmcheck.commands.policy_set import policies_of
    from srmcheck.commands.source_lines import SourceLines
    from srmcheck.commands.suppressions import baseline_of, ledger_for
    from srmcheck.evaluate import run

    policies = policies_of(config)
    baseline = baseline_of(config)
    loaded = load(config, read_stdin)
    ledger = ledger_for(config, policies, baseline, loaded.texts.keys(), SourceLines(loaded.texts).text)
    holding = [graph for graph in loaded.graphs if address in graph.by_address]
    if not holding:
        raise _not_found(address, loaded.graphs)
    types = sorted({resource.type for graph in holding for resource in graph.by_address[address]})
    wanted = policies.for_types(types)
    lines: list[str] = []
    engine = engine_for(config, policies, wanted)
    is_complete = not any(diagnostic.level == "error" for diagnostic in loaded.diagnostics)
    try:
        for graph in holding:
            evaluation = run(graph, wanted, engine, show_passed=True, suppressor=ledger)
            outcomes = {outcome.policy_id: outcome for outcome in evaluation.outcomes if outcome.address == address}
            failed = {key[0]: policies.placed(said) for key, said in evaluation.failed.items() if key[1] == address}
            is_complete = is_complete and not failed
            if lines:
                lines.append("")
            lines.extend(_Explanation(graph, wanted, outcomes, failed, Style(colour)).lines(address))
    finally:
        engine.close()
    return "\n".join(lines) + "\n", is_complete


def _not_found(address: str, graphs: Sequence[ResourceGraph]) -> ConfigError:
    import difflib

    known = sorted({name for graph in graphs for name in graph.by_address})
    close = difflib.get_close_matches(address, known, 3)
    joined = sorted(
        {
            resource.address
            for graph in graphs
            for resource in graph.resources
            if any(source.address == address for source in resource.sources)
        }
    )
    if joined:
        hint = f"it is a part of {', '.join(joined)}: explain that"
    elif close:
        hint = f"did you mean {' or '.join(close)}?"
    else:
        hint = "srmcheck --show-passed lists what was checked"
    return ConfigError(Diagnostic(f"No resource {clean(address)}", detail="No template has it.", hint=hint))


class _Explanation:
    def __init__(
        self,
        graph: ResourceGraph,
        policies: Sequence[Policy],
        outcomes: Mapping[str, Outcome],
        failed: Mapping[str, Diagnostic],
        style: Style,
    ) -> None:
        self.graph = graph
        self.policies = policies
        self.outcomes = outcomes
        self.failed = failed
        self.style = style

    def lines(self, address: str) -> Iterator[str]:
        parts = self.graph.by_address[address]
        yield self.style("bold", clean(address))
        for resource in parts:
            yield from self.resource(resource, len(parts) > 1)
        yield from self.edges(address)
        yield ""
        yield self.style("bold", "Policies")
        types = {resource.type for resource in parts}
        for policy in self.policies:
            if types & set(policy.types):
                yield from self.policy(policy)
        if not any(types & set(policy.types) for policy in self.policies):
            yield "  no policy looks at this type"

    def resource(self, resource: Resource, several: bool) -> Iterator[str]:
        part = f", part {resource.part + 1}" if several else ""
        yield f"  {resource.type} from {resource.source.type} in {clean(self.graph.template.name)}{part}"
        joined = [source.address for source in resource.sources if source.address != resource.address]
        if joined:
            yield from wrap(f"with {', '.join(joined)}", _WIDTH, "  ")
        if resource.carries is not None:
            yield from wrap(
                f"its parent is not in the template; it carries {', '.join(resource.carries)}", _WIDTH, "  "
            )
        exists = condition_text(resource.exists)
        if exists != "always":
            yield from wrap(f"exists if {exists}", _WIDTH, "  ")
        place = load_model().place(resource.type, resource.properties)
        if place is not None:
            yield from wrap(f"{place.service_title} ({place.model}): {place.reason}", _WIDTH, "  ")
            held = ", ".join(f"{area} {cell.holder}" for area, cell in place.cells.items())
            yield from wrap(f"held by: {held}", _WIDTH, "  ")
        yield ""
        yield self.style("bold", "Values")
        shown = False
        for path, node, guard in leaves(resource.properties):
            shown = True
            yield from self.value(path, node, guard)
        if not shown:
            yield "  none is written"

    def value(self, path: Path, node: Node, guard: str) -> Iterator[str]:
        text = f"{path_text(path)} = {value_text(node, path)}"
        yield from wrap(text + (f" if {guard}" if guard else ""), _WIDTH, "  ", "      ")
        source = self.origin(node)
        if source:
            yield self.style("dim", f"      {clean(source)}")

    def origin(self, node: Node) -> str:
        parts = []
        if node.place is not None:
            at = node.place.location or self.graph.template.locate(node.place)
            if at is not None:
                parts.append(f"{at.file}:{at.line}")
            elif node.place.path:
                parts.append(f"{node.place.address} {path_text(node.place.path)}")
            if not node.place.path and self.graph.template.language == "terraform":
                parts.append("not written as such: a default, or what the type implies")
        if node.origin is not None and node.origin.kind not in ("literal", "unsaid"):
            name = f" {node.origin.name}" if node.origin.name else ""
            parts.append(f"from {node.origin.kind.replace('-', ' ')}{name}")
        return ", ".join(parts)

    def edges(self, address: str) -> Iterator[str]:
        leaving = self.graph.edges_from.get(address, ())
        arriving = self.graph.edges_to.get(address, ())
        if not leaving and not arriving:
            return
        yield ""
        yield self.style("bold", "References")
        for edge in leaving:
            yield from wrap(f"{path_text(edge.path)} -> {edge.target} ({edge.attribute})", _WIDTH, "  ", "      ")
        for edge in arriving:
            yield from wrap(f"<- {edge.source} ({path_text(edge.path)})", _WIDTH, "  ", "      ")

    def policy(self, policy: Policy) -> Iterator[str]:
        outcome = self.outcomes.get(policy.id)
        failed = self.failed.get(policy.id)
        verdict = outcome.verdict if outcome is not None else "none" if failed is None else "error"
        plain = outcome is None or verdict == "suppressed"
        word = self.style("dim" if plain else verdict, f"{verdict:<7}") + " "
        first, *more = wrap(f"{policy.id} {policy.title}", _WIDTH, "  " + " " * 8)
        yield "  " + word + first[10:]
        yield from more
        if failed is not None:
            at = f" ({failed.file}:{failed.line})" if failed.file is not None and failed.line is not None else ""
            yield from wrap(f"{failed.summary}: {failed.detail}{at}", _WIDTH, " " * 10)
            if outcome is None:
                return
        if outcome is None:
            yield "          it does not apply to this resource"
            return
        for finding in outcome.findings:
            place = place_text(finding)
            said = finding.suppression
            if said is not None:
                by = f"{said['file']}:{said['line']}" if "line" in said else said["file"]
                until = f" until {said['until']}" if "until" in said else ""
                yield from wrap(f"{finding.message} ({place})" if place else finding.message, _WIDTH, " " * 10)
                yield from wrap(f"suppressed{until} by {by}: {said['reason']}", _WIDTH, " " * 10)
            elif finding.verdict == "fail":
                when = f" when {when_text(finding.when)}" if finding.when else ""
                yield from wrap(f"{finding.message}{when}" + (f" ({place})" if place else ""), _WIDTH, " " * 10)
            elif finding.verdict == "unknown":
                for blocker in finding.blocked_by:
                    yield from wrap(blocker_text(blocker, finding), _WIDTH, " " * 10)
                if not finding.blocked_by:
                    yield from wrap(finding.message, _WIDTH, " " * 10)
            elif finding.verdict == "pass":
                yield from wrap(f"judged by {path_text(finding.path) or 'the resource as a whole'}", _WIDTH, " " * 10)


def leaves(node: Node, path: Path = (), guard: str = "") -> Iterator[tuple[Path, Node, str]]:
    """Every scalar, reference and unknown below `node`, with its path and the condition of the branch it stands in."""
    stack: list[tuple[Path, Node, str]] = [(path, node, guard)]
    while stack:
        at, here, under = stack.pop()
        value = here.value
        if isinstance(value, dict) and value and not here.secret:
            hidden = names_a_secret({key: item.value for key, item in value.items()})
            for key, item in reversed(value.items()):
                is_hidden = hidden and is_value_key(key)
                stack.append(
                    ((*at, key), Node(item.value, item.place, item.origin, True) if is_hidden else item, under)
                )
        elif isinstance(value, list) and value and not here.secret:
            stack.extend(((*at, index), item, under) for index, item in reversed(list(enumerate(value))))
        elif isinstance(value, Choice) and not here.secret:
            for condition, branch in reversed(value.branches):
                both = " and ".join(part for part in (under, condition_text(condition)) if part)
                stack.append((at, branch, both))
        elif isinstance(value, Json) and not here.secret:
            stack.append((at, value.of, under))
        else:
            yield at, here, under


def value_text(node: Node, path: Path) -> str:
    """A value on one line; what is secret, or looks like it, is not shown."""
    if node.secret:
        return "(secret)"
    match node.value:
        case dict():
            return "{}"
        case list():
            return "[]"
        case Reference(address, attribute):
            return f"{address}.{attribute}"
        case Unknown(reason, name):
            return f"(unknown: {name}, {reason})" if name else f"(unknown: {reason})"
        case Text(parts):
            return _masked("".join(_part(part) for part in parts), path)
        case Json():
            return "(JSON text)"
        case Spread():
            return "(further elements)"
        case Choice():
            return "(a choice)"
        case str() | int() | float() | bool() | None as scalar:
            return _scalar(scalar, path)
        case _:
            return "(absent)"


def _part(part: str | Reference | Unknown) -> str:
    if isinstance(part, str):
        return part
    return f"${{{part.address}.{part.attribute}}}" if isinstance(part, Reference) else f"${{{part.name or 'unknown'}}}"


def _scalar(value: Scalar, path: Path) -> str:
    return _masked(value, path) if isinstance(value, str) else json.dumps(value)


def _masked(text: str, path: Path) -> str:
    """The text as JSON, cut to one screen; masked under a secret-like name, or if it holds a credential."""
    last = next((step for step in reversed(path) if isinstance(step, str)), "")
    if is_hidden(last, text) or mask_line(text, False) != text:
        return f'"{MASK}"'
    shown = json.dumps(text, ensure_ascii=False)
    return shown if len(shown) <= 200 else f"{shown[:199]}…"
