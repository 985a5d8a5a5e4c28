"""What suppresses findings in one run: the ignores of the files that findings lie in, and the baseline."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from srmcheck.config import Config
from srmcheck.diagnostics import ConfigError, Diagnostic, InputError
from srmcheck.policy.load import PolicySet
from srmcheck.suppress.ledger import Ledger, no_ignores

if TYPE_CHECKING:
    from srmcheck.suppress.baseline import Baseline, Entry
    from srmcheck.suppress.marks import Ignores

_TERRAFORM = (".tf", ".tofu")
_TERRAFORM_JSON = (".tf.json", ".tofu.json")
_MOST_NAMED = 5
_WORD = "srmcheck"
"""What a file without ignores does not hold."""


def ledger_for(
    config: Config,
    policies: PolicySet,
    baseline: Baseline | None,
    templates: Collection[str],
    text: Callable[[str], str | None],
) -> Ledger:
    """The ledger of a run. `templates` are the names of the CloudFormation templates, `text` gives the text of a source
    file by its name in findings."""
    return Ledger(
        read=_reader(templates, text) if config.inline_ignores else no_ignores,
        known=policies.known_ids,
        ran=policies.running_ids(stack=config.scope == "account"),
        today=config.today,
        baseline=baseline,
    )


def _reader(templates: Collection[str], text: Callable[[str], str | None]) -> Callable[[str], Ignores | None]:
    def read(file: str) -> Ignores | None:
        is_template = file in templates
        if not is_template and not file.endswith((*_TERRAFORM, *_TERRAFORM_JSON)):
            return None
        found = text(file)
        if found is None or _WORD not in found:
            return None
        if is_template:
            from srmcheck.loaders.cloudformation.ignores import cloudformation_ignores

            return cloudformation_ignores(found, file)
        if file.endswith(_TERRAFORM_JSON):
            from srmcheck.loaders.terraform.ignores_json import terraform_json_ignores

            return terraform_json_ignores(found, file)
        from srmcheck.loaders.terraform.ignores import terraform_ignores

        return terraform_ignores(found, file)

    return read


def baseline_of(config: Config) -> Baseline | None:
    """The baseline that the settings name, if any. Raises ConfigError for one that is not there or cannot be used."""
    file = config.baseline
    if file is None:
        return None
    from shlex import quote

    from srmcheck.loaders.text import read_bytes
    from srmcheck.suppress.baseline import parse_baseline

    name = file.as_posix()
    try:
        return parse_baseline(read_bytes(file, name), name)
    except InputError as error:
        raise ConfigError(
            Diagnostic(
                "Baseline cannot be read",
                name,
                detail=f"{error.diagnostic.summary}.",
                hint=f"write it with srmcheck baseline write PATHS -o {quote(name)}",
            )
        ) from None


def told(
    ledger: Ledger, config: Config, policies: PolicySet, templates: Sequence[str], whole: bool
) -> Iterator[Diagnostic]:
    """What there is to say about suppressions after a run over `templates`; with `whole` off, when something could not be
    checked, nothing about what was of no use or is gone."""
    yield from ledger.diagnostics()
    if not whole:
        return
    yield from ledger.notes()
    baseline = ledger.baseline
    if baseline is None:
        return
    if baseline.is_of_others(templates):
        yield Diagnostic(
            "Baseline of other templates",
            baseline.name,
            detail="It has findings, but none of a template of this run. Templates go by their names as they were given.",
            hint="start srmcheck where the baseline was written, with the same paths",
            level="note",
        )
    gone = baseline.gone(templates, ledger.ran, policies.known_ids)
    if gone:
        yield Diagnostic(
            "Findings of the baseline are gone",
            baseline.name,
            detail=f"{len(gone):,} of {len(baseline.entries):,} no longer stand: {_named(gone)}.",
            hint=f"write it anew: {write_command(config, baseline.name)}",
            level="note",
        )


def write_command(config: Config, name: str) -> str:
    """The command that writes the baseline of a run anew."""
    from shlex import quote

    words = ["srmcheck", "baseline", "write"]
    if config.scope != "template":
        words += ["--scope", config.scope]
    if config.profile != "default":
        words += ["--profile", config.profile]
    for option, paths in (("--policy-dir", config.policy_dirs), ("--data", config.data_files)):
        for path in paths:
            words += [option, path.as_posix()]
    for option, terms in (("--select", config.select), ("--ignore", config.ignore)):
        for term in terms:
            words += [option, term]
    if config.gate.fail_on_unknown:
        words.append("--fail-on-unknown")
    if not config.inline_ignores:
        words.append("--no-inline-ignores")
    for option, folder in (("--source", config.source), ("--root", config.root)):
        if folder is not None:
            words += [option, folder.as_posix()]
    words += [*config.paths, "-o", name]
    return " ".join(map(quote, words))


def _named(entries: Sequence[Entry]) -> str:
    ordered = sorted(entries, key=lambda entry: (entry.template, entry.resource or "", entry.policy_id))
    names = [f"{entry.policy_id} on {entry.resource or 'the template as a whole'}" for entry in ordered]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def selection_note(config: Config, policies: PolicySet) -> Iterator[Diagnostic]:
    """That only a part of the policies ran, and by which terms."""
    if policies.chosen is None:
        return
    chosen = len(policies.chosen)
    terms = [*(f"--select {term}" for term in config.select), *(f"--ignore {term}" for term in config.ignore)]
    yield Diagnostic(
        "Policies selected",
        detail=f"{chosen:,} of {len(policies.known_ids):,} policies {'is' if chosen == 1 else 'are'} chosen by "
        f"{', '.join(terms)}.",
        level="note",
    )
