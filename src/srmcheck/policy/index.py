"""Makes the index of the policies: all that a run needs, without YAML and with only the texts that it uses.

    python -m srmcheck.policy.index --write     after a change of policies or their data
    python -m srmcheck.policy.index --check     says whether the index is current (exit code 1 if not)

`index.json` holds the METADATA of every policy, which policies judge which type, the data, and for each module where its
text (without comments) lies in `index.txt`. A wheel ships both. In a checkout they are made anew in memory whenever a
source differs from what they were made of.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from srmcheck.diagnostics import Diagnostic, PolicyError
from srmcheck.policy.load import FORMAT, INDEX, TEXTS, checksum, sources
from srmcheck.policy.locate import policies_dir
from srmcheck.policy.model import Policy, Relation


def build(directory: Path) -> tuple[dict[str, Any], bytes]:
    """The index of a policies directory and the texts of its modules, from the sources.

    Raises PolicyError, with file and line, for what is wrong in them.
    """
    from srmcheck.policy.metadata import imports_of, read_policy, without_comments

    found = sources(directory)
    texts: dict[str, str] = {}
    policies: list[Policy] = []
    data: dict[str, Any] = {}
    for name, content in found.items():
        if name.startswith("data/"):
            data.update(data_of(name, content))
            continue
        text = _utf8(name, content)
        texts[name] = without_comments(text)
        if not name.startswith("lib/"):
            policies.append(read_policy(text, name))
    policies.sort(key=lambda policy: (policy.service, policy.id))
    check_together(policies)
    modules, blob = _pack(texts)
    tree = {"srmcheck": {"data": data, "parameters": _parameters(policies)}}
    index = {
        "format": FORMAT,
        "sources": checksum(found),
        "digest": _digest(texts, tree),
        "data_date": max((str(part.get("date", "")) for part in data.values()), default=""),
        "policies": [as_json(policy) for policy in policies],
        "types": _by_type(policies),
        "stack": [number for number, policy in enumerate(policies) if policy.asks_account],
        "needs": {policy.file: _needs(policy.file, texts, imports_of) for policy in policies},
        "modules": modules,
        "data": tree,
    }
    return index, blob


def _utf8(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PolicyError(Diagnostic("Policy is no UTF-8", file=name, line=line)) from None


def data_of(name: str, content: bytes) -> dict[str, Any]:
    """A data file: an object with one key, the file's own name. Raises PolicyError."""
    import yaml

    stem = Path(name).stem
    try:
        value = yaml.load(content, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PolicyError(Diagnostic("Data is no YAML", file=name, line=mark.line + 1 if mark else None)) from None
    if not isinstance(value, dict) or list(value) != [stem] or not isinstance(value[stem], dict):
        raise PolicyError(
            Diagnostic("Bad policy data", file=name, line=1, detail=f"Expected one key, {stem}, that holds a mapping.")
        )
    try:
        result: dict[str, Any] = orjson.loads(orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATETIME))
    except TypeError:
        raise PolicyError(
            Diagnostic("Bad policy data", file=name, line=1, detail="A value is no JSON.", hint="write dates in quotes")
        ) from None
    return result


def check_together(policies: Sequence[Policy]) -> None:
    """What single files cannot show: ids are unique, and a relation means one thing for each type."""
    ids: dict[str, Policy] = {}
    relations: dict[tuple[str, str], tuple[Policy, Relation]] = {}
    for policy in policies:
        other = ids.setdefault(policy.id, policy)
        if other is not policy:
            raise PolicyError(
                Diagnostic(
                    "Policy id is taken",
                    file=policy.file,
                    line=policy.line,
                    detail=f"{other.file} has {policy.id} too.",
                )
            )
        for relation in policy.related:
            for name in relation.of or policy.types:
                first, same = relations.setdefault((name, relation.name), (policy, relation))
                if _meaning(same) != _meaning(relation):
                    raise PolicyError(
                        Diagnostic(
                            "Relation differs",
                            file=policy.file,
                            line=policy.line,
                            detail=f"{relation.name} of {name} is defined otherwise in {first.file}.",
                            hint="give it another name, or the same type, by, via, shares, declared, where and orphans",
                        )
                    )


def _meaning(relation: Relation) -> tuple[Any, ...]:
    where = tuple(sorted(relation.where.items()))
    return (relation.types, relation.by, relation.via, relation.shares, relation.declared, where, relation.orphans)


def _pack(texts: Mapping[str, str]) -> tuple[dict[str, list[int]], bytes]:
    modules: dict[str, list[int]] = {}
    blob = bytearray()
    for name, text in texts.items():
        content = text.encode()
        modules[name] = [len(blob), len(content)]
        blob += content
    return modules, bytes(blob)


def _digest(texts: Mapping[str, str], tree: Mapping[str, Any]) -> str:
    import hashlib

    total = hashlib.sha256()
    for name in sorted(texts):
        total.update(f"{name}\0{texts[name]}\0".encode())
    total.update(orjson.dumps(tree, option=orjson.OPT_SORT_KEYS))
    return f"sha256:{total.hexdigest()}"


def _by_type(policies: Sequence[Policy]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, policy in enumerate(policies):
        for name in policy.types:
            found.setdefault(name, []).append(number)
    return dict(sorted(found.items()))


def _parameters(policies: Sequence[Policy]) -> dict[str, Any]:
    return {
        policy.id: {name: parameter["default"] for name, parameter in policy.parameters.items()}
        for policy in policies
        if policy.parameters
    }


def _needs(file: str, texts: Mapping[str, str], imports_of: Any) -> list[str]:
    """The library modules that a module imports, and those that they import."""
    found: dict[str, None] = {}
    waiting = [file]
    while waiting:
        for package in imports_of(texts[waiting.pop()]):
            parts = package.split(".")
            name = "/".join(parts[1:]) + ".rego"
            if parts[1] == "data" or parts[1] == "parameters" or name in found:
                continue
            if name not in texts or parts[1] != "lib":
                raise PolicyError(
                    Diagnostic("Import not found", file=file, line=1, detail=f"{package} is no library module.")
                )
            found[name] = None
            waiting.append(name)
    return sorted(found)


def as_json(policy: Policy) -> dict[str, Any]:
    """A policy as the index holds it: paths as lists of steps, defaults left out."""
    whole: dict[str, Any] = {
        "id": policy.id,
        "title": policy.title,
        "description": policy.description,
        "severity": policy.severity,
        "responsibility": policy.responsibility,
        "service": policy.service,
        "since": policy.since,
        "package": policy.package,
        "rules": policy.rules,
        "types": policy.types,
        "remediation": policy.remediation,
        "file": policy.file,
        "line": policy.line,
    }
    if policy.profile != "default":
        whole["profile"] = policy.profile
    if policy.scope != "template":
        whole["scope"] = policy.scope
    if policy.reports != "template":
        whole["reports"] = policy.reports
    if policy.facts:
        whole["facts"] = [[path, facts] for path, facts in policy.facts.items()]
    if policy.related:
        whole["related"] = [_relation_as_json(relation) for relation in policy.related]
    for key in ("subject", "origins", "apart", "parameters", "yields_to", "frameworks", "equivalents", "links"):
        if getattr(policy, key):
            whole[key] = getattr(policy, key)
    return whole


def _relation_as_json(relation: Relation) -> dict[str, Any]:
    whole: dict[str, Any] = {"name": relation.name, "types": relation.types, "reads": relation.reads}
    for key in ("by", "via", "shares", "declared", "where", "orphans", "of"):
        if getattr(relation, key):
            whole[key] = getattr(relation, key)
    return whole


def _is_current(directory: Path, index: bytes, texts: bytes) -> bool:
    try:
        return (directory / INDEX).read_bytes() == index and (directory / TEXTS).read_bytes() == texts
    except OSError:
        return False


def main(arguments: Sequence[str]) -> int:
    """`--write` or `--check`; see the module."""
    directory = policies_dir()
    if list(arguments) not in (["--write"], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        built, texts = build(directory)
    except PolicyError as error:
        diagnostic = error.diagnostic
        print(f"{diagnostic.file}:{diagnostic.line}: {diagnostic.summary}: {diagnostic.detail}", file=sys.stderr)
        return 1
    index = orjson.dumps(built)
    if arguments[0] == "--write":
        (directory / INDEX).write_bytes(index)
        (directory / TEXTS).write_bytes(texts)
        return 0
    if _is_current(directory, index, texts):
        return 0
    print("The index of the policies is not current: python -m srmcheck.policy.index --write", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
