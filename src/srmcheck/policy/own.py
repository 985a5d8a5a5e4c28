"""Users' own policies and the parameters of all: `--policy-dir` and `--data` (docs: own-policies).

What could make the engines disagree, reach beyond the document, or silently judge nothing is refused here, before a policy
runs, with file and line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from srmcheck.diagnostics import Diagnostic, PolicyError
from srmcheck.policy.load import PolicySet
from srmcheck.policy.model import Policy
from srmcheck.policy.own_files import DATA, LIBRARY, Folder, Module, read_folder
from srmcheck.results import SHIPPED

SHIPPED_LIBRARY = "srmcheck.lib."


def extended(shipped: PolicySet, directories: Sequence[Path], data_files: Sequence[Path]) -> PolicySet:
    """The shipped policies with those of folders, and with the parameters that data files set.

    Raises PolicyError with everything that is wrong in the folders, ConfigError for a folder that is none and for data files.
    """
    from srmcheck.policy.index import as_json
    from srmcheck.policy.parameters import parameters_of, with_values

    folders = [read_folder(directory) for directory in directories]
    faults = [fault for folder in folders for fault in folder.faults]
    modules = [module for folder in folders for module in folder.modules]
    faults.extend(_taken_twice(modules))
    policies = _policies(modules, faults)
    data, date = _data(folders, faults)
    _raise(faults)
    entries = [*shipped.index["policies"], *map(as_json, policies)]
    parameters = parameters_of(entries)
    tree = {**shipped.data, **data}
    values = with_values(parameters, [entry["id"] for entry in entries], data_files)
    tree["srmcheck"] = {**tree["srmcheck"], "parameters": values}
    needs = _checked(shipped, modules, policies, tree)
    texts = _without_comments(modules)
    entries = _entries(shipped, policies)
    index = {
        **shipped.index,
        "digest": _digest(shipped.digest, texts, tree),
        "data_date": max(shipped.data_date, date),
        "policies": entries,
        "types": _by_type(entries),
        "stack": [number for number, entry in enumerate(entries) if _asks_account(entry)],
        "needs": {**shipped.index["needs"], **needs},
        "data": tree,
    }
    shown = {module.name: module.shown for module in modules}
    return replace(shipped, index=index, own=texts, shown=shown)


def _raise(faults: Sequence[Diagnostic]) -> None:
    if faults:
        ordered = sorted(dict.fromkeys(faults), key=lambda one: (one.file or "", one.line or 0, one.column or 0))
        raise PolicyError(ordered[0], tuple(ordered[1:]))


def _taken_twice(modules: Sequence[Module]) -> Iterator[Diagnostic]:
    first: dict[str, Module] = {}
    for module in modules:
        other = first.setdefault(module.name, module)
        if other is not module:
            yield Diagnostic(
                "Package name is taken",
                module.shown,
                1,
                detail=f"{other.shown} has the package {module.package} too.",
                hint="give the folders different names to start their packages with",
            )


def _policies(modules: Sequence[Module], faults: list[Diagnostic]) -> list[Policy]:
    """The policies of the modules, with `file` as it is shown."""
    from srmcheck.policy.known_paths import unknown_paths
    from srmcheck.policy.metadata import read_policy
    from srmcheck.policy.parameters import mismatch

    found: list[Policy] = []
    for module in modules:
        if module.is_library:
            continue
        try:
            policy = read_policy(module.text, module.shown, module.package)
        except PolicyError as error:
            faults.append(error.diagnostic)
            continue

        def refuse(summary: str, detail: str, hint: str = "", at: Policy = policy) -> None:
            faults.append(Diagnostic(summary, at.file, at.line, detail=detail, hint=hint))

        if policy.id.startswith(SHIPPED):
            refuse(
                "Policy id is reserved", f"{policy.id}: ids that start with {SHIPPED} are srmcheck's.", "ACME-S3-001"
            )
        if not policy.rules:
            refuse("Policy has no rules", f"{policy.id} defines none of deny, settled, unknown and the others.")
        for name, parameter in policy.parameters.items():
            expected = mismatch(parameter, parameter["default"])
            if expected:
                refuse("Bad METADATA", f"{name}: the default is to be {expected}.")
        faults.extend(unknown_paths(policy, module.text))
        found.append(policy)
    return found


def _data(folders: Sequence[Folder], faults: list[Diagnostic]) -> tuple[dict[str, Any], str]:
    """The data of the folders by root, and the latest date in it."""
    from srmcheck.policy.index import data_of

    found: dict[str, dict[str, Any]] = {}
    date = ""
    for folder in folders:
        for shown, content in folder.data:
            try:
                data = data_of(shown, content)
            except PolicyError as error:
                faults.append(error.diagnostic)
                continue
            own = found.setdefault(folder.root, {DATA: {}})[DATA]
            for name, value in data.items():
                if name in own:
                    faults.append(Diagnostic("Data is there twice", shown, 1, detail=f"Another file holds {name} too."))
                own[name] = value
                date = max(date, str(value.get("date", "")))
    return found, date


def _checked(
    shipped: PolicySet, modules: Sequence[Module], policies: Sequence[Policy], tree: Mapping[str, Any]
) -> dict[str, list[str]]:
    """The library modules that each policy needs, by module name, once everything about the policies was looked at."""
    from srmcheck.engine.lint import check_modules
    from srmcheck.engine.lint.program import Program
    from srmcheck.engine.lint.tree import parse
    from srmcheck.policy.index import check_together
    from srmcheck.policy.needs import needs_of
    from srmcheck.policy.reads import unread

    whole = replace(shipped, profile="all", chosen=None)
    check_together([*whole.policies, *policies])
    library = _library(shipped, modules)
    always = {
        policy.file: {one.name for one in policy.related if not set(policy.types) - set(one.of or policy.types)}
        for policy in policies
    }
    texts = {module.shown: module.text for module in modules}
    _raise(check_modules(texts, tree, always, library=library))
    trees = {name: parse(text, name) for name, text in {**library, **texts}.items()}
    program = Program(trees.values(), tree, {})
    names = {module.shown: module.name for module in modules}
    needs: dict[str, list[str]] = {}
    faults: list[Diagnostic] = []
    for policy in policies:
        needed, refused = needs_of(program, trees, policy.file)
        faults.extend(refused)
        needs[names[policy.file]] = sorted(names.get(file, file) for file in needed)
        for file in (policy.file, *(file for file in needed if file in names)):
            tree_of = trees[file]
            for start, detail in unread(program, tree_of, policy):
                line = tree_of.text.count(b"\n", 0, start) + 1
                faults.append(
                    Diagnostic(
                        "Path that the METADATA does not name",
                        file,
                        line,
                        tree_of.column(start),
                        detail=detail,
                        hint="name it under types or related, with [] for the elements of a list, or mend its spelling",
                    )
                )
    _raise(faults)
    return needs


def _library(shipped: PolicySet, modules: Sequence[Module]) -> dict[str, str]:
    """The shipped library modules that the modules name, and those that these import."""
    import re

    from srmcheck.policy.metadata import imports_of

    found: dict[str, str] = {}
    waiting = sorted({name for module in modules for name in re.findall(r"\bsrmcheck\.lib\.(\w+)", module.text)})
    while waiting:
        file = f"{LIBRARY}/{waiting.pop()}.rego"
        if file in found or file not in shipped.index["modules"]:
            continue
        found[file] = shipped.text_of(file)
        waiting.extend(
            package.removeprefix(SHIPPED_LIBRARY)
            for package in imports_of(found[file])
            if package.startswith(SHIPPED_LIBRARY)
        )
    return found


def _without_comments(modules: Sequence[Module]) -> dict[str, str]:
    from srmcheck.policy.metadata import without_comments

    return {module.name: without_comments(module.text) for module in sorted(modules, key=lambda one: one.name)}


def _entries(shipped: PolicySet, policies: Sequence[Policy]) -> list[Mapping[str, Any]]:
    """The entries of an index for all policies, `file` being the module's name."""
    from srmcheck.policy.index import as_json

    own = []
    for policy in policies:
        root, *place = policy.package.split(".")
        own.append(as_json(replace(policy, file="/".join([root, *place]) + ".rego")))
    everything = [*shipped.index["policies"], *orjson.loads(orjson.dumps(own))]
    return sorted(everything, key=lambda entry: (entry["service"], entry["id"]))


def _by_type(entries: Sequence[Mapping[str, Any]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        for name in entry["types"]:
            found.setdefault(name, []).append(number)
    return dict(sorted(found.items()))


def _asks_account(entry: Mapping[str, Any]) -> bool:
    return entry.get("scope") == "account" or any(rule.endswith("_stack") for rule in entry["rules"])


def _digest(shipped: str, texts: Mapping[str, str], tree: Mapping[str, Any]) -> str:
    """The same wherever the folders lie, so that a bundle made elsewhere has it too."""
    total = hashlib.sha256(f"{shipped}\0".encode())
    for name, text in sorted(texts.items()):
        total.update(f"{name}\0{text}\0".encode())
    total.update(orjson.dumps(tree, option=orjson.OPT_SORT_KEYS))
    return f"sha256:{total.hexdigest()}"
