"""`docs/policies/`: a page for each shipped policy, and their index; and `policies/pages.json`, from which
`srmcheck policies show` tells the same.

    python -m tools.policy_pages --write
    python -m tools.policy_pages --check     ends with 1 if a file is not current

Everything comes from the METADATA, the catalogue, the responsibility model, the translation tables and the fixtures.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from srmcheck.policy import load_policies
from srmcheck.policy.model import Policy, ReadPath
from srmcheck.policy.pages import FILE, Page
from srmcheck.policy.responsibility import Held, load_model
from srmcheck.report.words import EQUIVALENT_TITLES, FRAMEWORK_TITLES, LANGUAGE_TITLES, RESPONSIBILITY_TITLES
from srmcheck.schema import load as load_schema
from tools.generated import ROOT, check, write
from tools.markdown import block, code, codes, escaped, table
from tools.page_facts import as_json, page_of

DIRECTORY = ROOT / "docs" / "policies"
INDEX = "README.md"
NOTE = "<!-- Made by tools/policy_pages.py (make generated). Do not edit. -->"
_LANGUAGE = {"terraform": "hcl", "cloudformation": "yaml"}
_EXAMPLES = (("fail", "Fails"), ("pass", "Passes"))


def files() -> tuple[dict[Path, str], list[Path]]:
    """Every file with its text, and the pages that no policy has any more."""
    policies = load_policies(profile="all")
    pages = {policy.id: page_of(policies, policy) for policy in policies.policies}
    made = {DIRECTORY / f"{policy.id}.md": _text(page_lines(policy, pages[policy.id])) for policy in policies.policies}
    made[DIRECTORY / INDEX] = _text(index_lines(policies.policies))
    stale = sorted(set(DIRECTORY.glob("*.md")) - made.keys())
    made[ROOT / "policies" / FILE] = as_json(pages)
    return made, stale


def page_lines(policy: Policy, page: Page) -> Iterator[str]:
    """The page of a policy."""
    yield NOTE
    yield ""
    yield f"# {policy.id}: {escaped(policy.title)}"
    yield ""
    yield from _head(policy)
    yield ""
    yield escaped(policy.description)
    yield ""
    yield "## When it fails"
    yield ""
    yield escaped(page.fails_when)
    yield ""
    yield escaped(page.passes)
    yield ""
    yield (
        "Property names are CloudFormation's. What *absent*, *unknown* and other words mean in these sentences is said in "
        "[the catalogue](../catalogue.md)."
    )
    for sentence in _verdict_notes(policy):
        yield ""
        yield sentence
    yield ""
    yield "## What it looks at"
    yield ""
    yield from table(("CloudFormation", "Terraform", "properties"), _judged(policy, page))
    joined = list(_joined(policy, page))
    if joined:
        yield ""
        yield "Joined to it:"
        yield ""
        yield from table(("CloudFormation", "Terraform", "properties"), joined)
    if policy.parameters:
        yield ""
        yield "Parameters, set with `--data FILE` ([own policies](../own-policies.md)):"
        yield ""
        yield from table(("parameter", "type", "default", ""), _parameters(policy))
    yield ""
    yield "## Examples"
    yield ""
    yield (
        "From the policy's [fixtures](../fixtures.md): the name of a resource is its verdict, and `aux` and `none` are helpers."
        + (" Judged as the baseline of an account (`srmcheck --scope account`)." if page.baseline else "")
    )
    for language, title in LANGUAGE_TITLES.items():
        yield ""
        yield f"### {title}"
        yield from _examples(policy, page, language)
    yield ""
    yield "## How to fix it"
    yield ""
    for language, title in LANGUAGE_TITLES.items():
        yield f"- **{title}**: {escaped(policy.remediation[language])}"
    for heading, titles, entries in (
        ("Frameworks", FRAMEWORK_TITLES, policy.frameworks),
        ("The same in other tools", EQUIVALENT_TITLES, policy.equivalents),
    ):
        if entries:
            yield ""
            yield f"## {heading}"
            yield ""
            for name, ids in entries.items():
                yield f"- {titles.get(name, name)}: {escaped(', '.join(ids))}"
    yield ""
    yield "## Read more"
    yield ""
    for link in policy.links:
        yield f"- <{link}>"
    yield f"- The rule: [policies/{policy.file}](../../policies/{policy.file})"


def _head(policy: Policy) -> Iterator[str]:
    yield from table(("", ""), _facts(policy))


def _facts(policy: Policy) -> Iterator[tuple[str, str]]:
    title = RESPONSIBILITY_TITLES[policy.responsibility]
    yield "Severity", policy.severity
    yield "Responsibility", f"[{title}](../responsibility-model.md)"
    for name, held in holders(policy).items():
        yield name, f"{held.holder}: {escaped(held.reason)}"
    if policy.scope == "account":
        yield "Runs", "with `--scope account` only: it judges the resources of an account's baseline"
    elif _runs_for_an_account_only(policy):
        yield "Runs", "with `--scope account` only: it judges what the baseline of an account has or lacks"
    elif policy.asks_account:
        yield "Runs", "always; with `--scope account` it also judges what the baseline of the account lacks"
    if policy.profile == "all":
        yield "Runs", "with `--profile all`, or if `--select` names it"
    yield "Since", policy.since


def _runs_for_an_account_only(policy: Policy) -> bool:
    return policy.scope == "account" or all(rule.endswith("_stack") for rule in policy.rules)


def holders(policy: Policy) -> dict[str, Held]:
    """Who holds what the policy judges, by service ("Held in Amazon VPC (IaaS) by"), as the model says of each type."""
    model = load_model()
    found: dict[str, Held] = {}
    for name in policy.types:
        for place in model.placements(name)[:1]:
            if policy.responsibility in place.cells:
                found.setdefault(f"In {place.service_title} ({place.model})", place.cells[policy.responsibility])
    return found


def _verdict_notes(policy: Policy) -> Iterator[str]:
    if "unknown" in policy.rules or "unknown_stack" in policy.rules:
        yield "In some cases the template itself cannot tell, whatever its values turn out to be; the verdict is *unknown* then."
    if policy.yields_to:
        links = ", ".join(_link(name) for name in policy.yields_to)
        yield f"Where {links} fails for the same cause, that finding names this policy, and it has none of its own."


def _link(policy_id: str) -> str:
    return f"[{policy_id}]({policy_id}.md)" if policy_id in _shipped_ids() else policy_id


@cache
def _shipped_ids() -> frozenset[str]:
    return load_policies(profile="all").known_ids


def _judged(policy: Policy, page: Page) -> Iterator[Sequence[str]]:
    for name, paths in policy.types.items():
        is_joined = any(not relation.of or name in relation.of for relation in policy.related)
        nothing = "none: what is joined to it" if is_joined else "none: that it is there"
        yield _type(name), _terraform(page, name), codes(map(path_text, paths)) or nothing


def _joined(policy: Policy, page: Page) -> Iterator[Sequence[str]]:
    rows: dict[str, dict[str, None]] = {}
    for relation in policy.related:
        for name in relation.types:
            rows.setdefault(name, {}).update(dict.fromkeys(map(path_text, relation.reads)))
    for name, paths in rows.items():
        yield _type(name), _terraform(page, name), codes(paths) or "none: that it is there"


def _type(name: str) -> str:
    return f"{code(name)} (ours)" if load_schema().is_extension(name) else code(name)


def _terraform(page: Page, name: str) -> str:
    return codes(page.terraform_types.get(name, ())) or "none"


def _parameters(policy: Policy) -> Iterator[Sequence[str]]:
    for name, parameter in policy.parameters.items():
        yield code(name), parameter["type"], code(str(parameter["default"])), escaped(parameter["description"])


def _examples(policy: Policy, page: Page, language: str) -> Iterator[str]:
    examples = page.examples[language]
    for verdict, heading in _EXAMPLES:
        if verdict in examples:
            yield ""
            yield f"{heading}:"
            yield ""
            yield from block(_LANGUAGE[language], examples[verdict])
    if not examples:
        yield ""
        ours = all(load_schema().is_extension(name) for name in policy.types)
        title = LANGUAGE_TITLES[language]
        yield f"{title} has no resource type for it." if ours else f"{title} cannot say what this policy judges."
    elif len(examples) < len(_EXAMPLES):
        missing = next(heading.lower() for verdict, heading in _EXAMPLES if verdict not in examples)
        yield ""
        yield f"In {LANGUAGE_TITLES[language]} there is none that {missing} by itself."


def path_text(path: ReadPath) -> str:
    """A read path as METADATA writes it: `A.B[].C`."""
    return ".".join(path).replace(".[]", "[]")


def index_lines(policies: Sequence[Policy]) -> Iterator[str]:
    """The index: every page, by service."""
    model = load_model()
    yield NOTE
    yield ""
    yield "# The policies"
    yield ""
    yield (
        f"{len(policies)} policies, each with a page: what it judges, when it fails, examples in both languages, how to fix it. "
        "`srmcheck policies show ID` says the same in the terminal. What else the catalogue specifies is in "
        "[coverage.md](../coverage.md)."
    )
    by_service: dict[str, list[Policy]] = {}
    for policy in policies:
        by_service.setdefault(policy.service, []).append(policy)
    for service in sorted(by_service):
        yield ""
        yield f"## {model.services[service]['title']}"
        yield ""
        yield from table(
            ("policy", "severity", "responsibility", ""),
            (
                (_link(one.id), one.severity, RESPONSIBILITY_TITLES[one.responsibility], _index_title(one))
                for one in by_service[service]
            ),
        )


def _index_title(policy: Policy) -> str:
    marks = []
    if policy.profile == "all":
        marks.append("`--profile all`")
    if _runs_for_an_account_only(policy):
        marks.append("`--scope account`")
    return escaped(policy.title) + (f" ({', '.join(marks)})" if marks else "")


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """0 if all is current or was written."""
    if list(arguments) not in (["--check"], ["--write"]):
        print(__doc__, file=sys.stderr)
        return 2
    made, stale = files()
    if arguments[0] == "--write":
        write(made, stale)
        return 0
    return check(made, stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
