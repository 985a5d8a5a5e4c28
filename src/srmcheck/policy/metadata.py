"""Reads the METADATA above a policy's package into a `Policy` (docs: metadata). Never needed at run time for the policies
that srmcheck ships: the index holds what is read here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from srmcheck.diagnostics import Diagnostic, PolicyError
from srmcheck.policy import checked_yaml
from srmcheck.policy.model import Policy, ReadPath, Relation, parse_path

RULES = ("not_applicable", "deny", "settled", "unknown", "deny_stack", "settled_stack", "unknown_stack")
"""What a policy may define for srmcheck, in the order of the engines' protocol."""

_PACKAGE = re.compile(r"package[ \t]+([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)[ \t]*(?:#.*)?")
_RULE = re.compile(r"([a-z_]+)\b")
_HINT = "docs/metadata.md says which keys a policy has and what they mean"


def read_policy(text: str, file: str, expected: str | None = None) -> Policy:
    """The policy in the Rego `text` of `file` (its path relative to the policies directory). `expected` is the package that
    its place asks for, if it is none of those that srmcheck ships.

    Raises PolicyError, with file and line, for a package without METADATA, for METADATA that is no YAML, lacks a key or
    has one too many, for paths that cannot be, and for a package that its path does not name.
    """
    block, first, package, package_line = _block(text, file)
    import yaml

    try:
        values, lines = checked_yaml.read(block)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = first + mark.line if mark is not None else first
        problem = getattr(error, "problem", None) or "syntax error"
        raise _error("METADATA is no YAML", file, line, f"{problem}.") from None
    found = checked_yaml.faults(values, metadata_schema(), lines)
    if found:
        line, fault = found[0]
        raise _error("Bad METADATA", file, first + line - 1, fault + ".")

    def line_of(*path: str | int) -> int:
        return first + lines.get(path, 1) - 1

    if expected is None:
        expected = "srmcheck." + file.removesuffix(".rego").replace("/", ".")
    if package != expected:
        raise _error("Bad package", file, package_line, f"The package is {package}; its place asks for {expected}.")
    custom = values["custom"]
    for fault_line, fault in _contradictions(custom, line_of):
        raise _error("Bad METADATA", file, fault_line, fault)
    links = tuple(entry["ref"] for entry in values.get("related_resources", ()))
    try:
        return _policy(values, custom, links, package, rules_of(text), file, first - 1)
    except ValueError as error:
        raise _error("Bad METADATA", file, first - 1, f"{error}.") from None


def _contradictions(custom: Mapping[str, Any], line_of: Any) -> Iterator[tuple[int, str]]:
    """What the schema cannot say."""
    types = custom["types"]
    for name, relation in custom.get("related", {}).items():
        at = line_of("custom", "related", name)
        if sum(key in relation for key in ("by", "via", "shares", "declared")) != 1:
            yield at, f"{name}: exactly one of by, via, shares and declared is expected."
        if "where" in relation and not {"by", "via"} & relation.keys():
            yield at, f"{name}: where goes with by or via."
        if "orphans" in relation and not {"by", "declared"} & relation.keys():
            yield at, f"{name}: orphans goes with by or declared."
        for one in relation.get("of", ()):
            if one not in types:
                yield at, f"{name}: {one} in `of` is no judged type."
    paths = [path for group in types.values() for path in group]
    for path in custom.get("facts", {}):
        if path not in paths:
            yield line_of("custom", "facts", path), f"{path}: facts are about paths that the policy reads."
    for path in custom.get("subject", ()):
        if path not in paths:
            yield line_of("custom", "subject"), f"{path}: the subject is a path that the policy reads."
    kinds: Mapping[str, type] = {"string": str, "integer": int, "boolean": bool, "list": list}
    for name, parameter in custom.get("parameters", {}).items():
        if type(parameter["default"]) is not kinds[parameter["type"]]:
            yield line_of("custom", "parameters", name), f"{name}: the default is not of the type {parameter['type']}."


def _policy(
    values: Mapping[str, Any],
    custom: Mapping[str, Any],
    links: tuple[str, ...],
    package: str,
    rules: tuple[str, ...],
    file: str,
    line: int,
) -> Policy:
    return Policy(
        id=custom["id"],
        title=values["title"],
        description=values["description"],
        severity=custom["severity"],
        responsibility=custom["responsibility"],
        service=custom["service"],
        since=custom["since"],
        profile=custom.get("profile", "default"),
        package=package,
        rules=rules,
        types={name: _paths(paths) for name, paths in custom["types"].items()},
        subject=_paths(custom.get("subject", ())),
        scope=custom.get("scope", "template"),
        related=tuple(_relation(name, relation) for name, relation in custom.get("related", {}).items()),
        facts={parse_path(path): tuple(facts) for path, facts in custom.get("facts", {}).items()},
        origins=custom.get("origins", False),
        apart=custom.get("apart", False),
        reports=custom.get("reports", "template"),
        parameters=custom.get("parameters", {}),
        yields_to=tuple(custom.get("yields_to", ())),
        remediation=custom["remediation"],
        frameworks={name: tuple(ids) for name, ids in custom.get("frameworks", {}).items()},
        equivalents={name: tuple(ids) for name, ids in custom.get("equivalents", {}).items()},
        links=links,
        file=file,
        line=line,
    )


def _paths(paths: Any) -> tuple[ReadPath, ...]:
    return tuple(parse_path(path) for path in paths)


def _relation(name: str, relation: Mapping[str, Any]) -> Relation:
    def hops(key: str) -> tuple[tuple[ReadPath, ...], ...]:
        return tuple(_paths(path.split(" > ")) for path in relation.get(key, ()))

    return Relation(
        name=name,
        types=tuple(relation["type"]),
        by=hops("by"),
        via=hops("via"),
        shares=tuple((parse_path(ours), parse_path(theirs)) for ours, theirs in relation.get("shares", {}).items()),
        declared=relation.get("declared"),
        where=relation.get("where", {}),
        orphans=relation.get("orphans", False),
        of=tuple(relation.get("of", ())),
        reads=_paths(relation["reads"]),
    )


def _block(text: str, file: str) -> tuple[str, int, str, int]:
    """The YAML of the METADATA block that stands right above `package`, the line of its first line of YAML, and the
    package with its line."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        match = _PACKAGE.fullmatch(line)
        if match:
            break
        if line.strip() and not line.startswith("#"):
            raise _error("Package missing", file, number + 1, "A policy starts with METADATA and its package.")
    else:
        raise _error("Package missing", file, 1, "The file has no package.")
    start = number
    while start > 0 and lines[start - 1].startswith("#"):
        start -= 1
    block = lines[start:number]
    heads = [at for at, line in enumerate(block) if line.rstrip() == "# METADATA"]
    if not heads:
        raise _error("METADATA missing", file, number + 1, "No `# METADATA` block stands right above the package.")
    body = block[heads[0] + 1 :]
    return "\n".join(line[1:].removeprefix(" ") for line in body), start + heads[0] + 2, match.group(1), number + 1


def rules_of(text: str) -> tuple[str, ...]:
    """Which of the rules that srmcheck asks for the Rego text defines, in the order of the protocol."""
    heads = {match.group(1) for line in without_comments(text).split("\n") if (match := _RULE.match(line))}
    return tuple(rule for rule in RULES if rule in heads)


def imports_of(text: str) -> tuple[str, ...]:
    """The packages under `data.srmcheck` that the Rego text imports, without `data.`."""
    found = re.findall(r"(?m)^import[ \t]+data\.(srmcheck(?:\.[A-Za-z_][A-Za-z0-9_]*)+)", without_comments(text))
    return tuple(dict.fromkeys(found))


def without_comments(text: str) -> str:
    """Rego text without its comments; lines keep their numbers, and `#` in strings stays."""
    out: list[str] = []
    quote = ""
    at = 0
    while at < len(text):
        char = text[at]
        if quote:
            out.append(char)
            if char == "\\" and quote == '"' and at + 1 < len(text):
                at += 1
                out.append(text[at])
            elif char == quote or (char == "\n" and quote == '"'):
                quote = ""
        elif char == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
            continue
        else:
            if char in '"`':
                quote = char
            out.append(char)
        at += 1
    return "\n".join(line.rstrip() for line in "".join(out).split("\n"))


@cache
def metadata_schema() -> Mapping[str, Any]:
    """The JSON Schema of METADATA."""
    import orjson

    schema: dict[str, Any] = orjson.loads(Path(__file__).with_name("metadata_schema.json").read_bytes())
    return schema


def _error(summary: str, file: str, line: int, detail: str) -> PolicyError:
    return PolicyError(Diagnostic(summary, file=file, line=line, detail=detail, hint=_HINT))
