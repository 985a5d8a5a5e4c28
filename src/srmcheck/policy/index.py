"""The index of the policies: all that a run needs, without YAML and with only the texts that it uses.

    python -m srmcheck.policy.index --write     after a change of policies or their data
    python -m srmcheck.policy.index --check     says whether the index is current (exit code 1 if not)

`index.json` holds the METADATA of every policy, which policies judge which type, the data, and for each module where its
text (without comments) lies in `index.rego`. A wheel ships both. In a checkout they are made anew in memory whenever a
source differs from what they were made of.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from srmcheck.diagnostics import Diagnostic, InternalError, PolicyError
from srmcheck.policy.locate import is_shipped, policies_dir
from srmcheck.policy.model import Policy, ReadPath, Relation

FORMAT = 1
INDEX = "index.json"
TEXTS = "index.rego"
_NO_POLICIES = ("lib", "data", "schemas")


@dataclass(frozen=True)
class PolicySet:
    """The loaded policies. `data` is the tree that engines hold as `data`; `digest` (`sha256:...`) is over every module and
    the data; `data_date` is the latest date of dated data, "" where there is none."""

    index: Mapping[str, Any]
    texts: bytes | Path
    profile: str

    @property
    def digest(self) -> str:
        return str(self.index["digest"])

    @property
    def data_date(self) -> str:
        return str(self.index["data_date"])

    @property
    def data(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.index["data"]
        return found

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """All policies of the profile, by service and id."""
        return tuple(self._policy(number) for number in range(len(self.index["policies"])) if self._runs(number))

    def for_types(self, types: Sequence[str], *, stack: bool = False) -> tuple[Policy, ...]:
        """The policies that judge one of the types; with `stack`, those with stack rules too, whatever they judge. In the
        order of `policies`."""
        wanted = {number for name in types for number in self.index["types"].get(name, ())}
        if stack:
            wanted.update(self.index["stack"])
        return tuple(self._policy(number) for number in sorted(wanted) if self._runs(number))

    def modules_for(self, policies: Sequence[Policy]) -> Mapping[str, str]:
        """File name to Rego text for the policies and the library modules that they need."""
        names: dict[str, None] = {}
        for policy in policies:
            for name in self.index["needs"][policy.file]:
                names.setdefault(name)
            names.setdefault(policy.file)
        return {name: self._text(name) for name in names}

    def _text(self, name: str) -> str:
        start, length = self.index["modules"][name]
        return self._blob[start : start + length].decode()

    @cached_property
    def _blob(self) -> bytes:
        return self.texts if isinstance(self.texts, bytes) else self.texts.read_bytes()

    def _runs(self, number: int) -> bool:
        return self.profile == "all" or self.index["policies"][number].get("profile", "default") == "default"

    def _policy(self, number: int) -> Policy:
        return _policy(self.index["policies"][number])


def load_policies(*, profile: str = "default") -> PolicySet:
    """The policies that srmcheck ships, of the default profile or, with "all", every one.

    Raises PolicyError for a policy of a checkout that cannot be read, InternalError for an installation without them.
    """
    directory = policies_dir()
    index_file, texts_file = directory / INDEX, directory / TEXTS
    if is_shipped(directory):
        try:
            return PolicySet(orjson.loads(index_file.read_bytes()), texts_file, profile)
        except (OSError, ValueError) as error:
            raise InternalError(
                Diagnostic(
                    "Index of the policies not readable",
                    detail=f"{type(error).__name__}.",
                    hint="install srmcheck again",
                )
            ) from None
    sources = _sources(directory)
    try:
        index = orjson.loads(index_file.read_bytes())
        if index.get("format") == FORMAT and index.get("sources") == _checksum(sources):
            return PolicySet(index, texts_file, profile)
    except (OSError, ValueError):
        pass
    index, texts = build(directory)
    return PolicySet(index, texts, profile)


def build(directory: Path) -> tuple[dict[str, Any], bytes]:
    """The index of a policies directory and the texts of its modules, from the sources.

    Raises PolicyError, with file and line, for what is wrong in them.
    """
    from srmcheck.policy.metadata import imports_of, read_policy, without_comments

    sources = _sources(directory)
    texts: dict[str, str] = {}
    policies: list[Policy] = []
    data: dict[str, Any] = {}
    for name, content in sources.items():
        if name.startswith("data/"):
            data.update(_data(name, content))
            continue
        text = _utf8(name, content)
        texts[name] = without_comments(text)
        if not name.startswith("lib/"):
            policies.append(read_policy(text, name))
    policies.sort(key=lambda policy: (policy.service, policy.id))
    _check_together(policies)
    modules, blob = _pack(texts)
    tree = {"srmcheck": {"data": data, "parameters": _parameters(policies)}}
    index = {
        "format": FORMAT,
        "sources": _checksum(sources),
        "digest": _digest(texts, tree),
        "data_date": max((str(part.get("date", "")) for part in data.values()), default=""),
        "policies": [as_json(policy) for policy in policies],
        "types": _by_type(policies),
        "stack": [number for number, policy in enumerate(policies) if any("_stack" in rule for rule in policy.rules)],
        "needs": {policy.file: _needs(policy.file, texts, imports_of) for policy in policies},
        "modules": modules,
        "data": tree,
    }
    return index, blob


def _sources(directory: Path) -> dict[str, bytes]:
    """Every policy, library module and data file, by its name relative to the directory, in order of names."""
    found: dict[str, bytes] = {}
    for folder in sorted(directory.iterdir()):
        if not folder.is_dir() or folder.name == "schemas" or folder.name.startswith("."):
            continue
        for file in sorted(folder.iterdir()):
            if folder.name == "data":
                wanted = file.suffix in (".yaml", ".json")
            else:
                wanted = file.suffix == ".rego" and not file.name.endswith("_test.rego")
            if wanted:
                found[f"{folder.name}/{file.name}"] = file.read_bytes()
    return found


def _checksum(sources: Mapping[str, bytes]) -> int:
    total = 0
    for name, content in sources.items():
        total = zlib.crc32(content, zlib.crc32(name.encode(), total))
    return total


def _utf8(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PolicyError(Diagnostic("Policy is no UTF-8", file=name, line=line)) from None


def _data(name: str, content: bytes) -> dict[str, Any]:
    """A data file: an object with one key, the file's own name."""
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
        result: dict[str, Any] = orjson.loads(orjson.dumps(value))
    except TypeError:
        raise PolicyError(
            Diagnostic("Bad policy data", file=name, line=1, detail="A value is no JSON.", hint="write dates in quotes")
        ) from None
    return result


def _check_together(policies: Sequence[Policy]) -> None:
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
                            hint="give it another name, or the same type, by, via, declared and where",
                        )
                    )


def _meaning(relation: Relation) -> tuple[Any, ...]:
    return (relation.types, relation.by, relation.via, relation.declared, tuple(sorted(relation.where.items())))


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
    if policy.reports != "template":
        whole["reports"] = policy.reports
    if policy.facts:
        whole["facts"] = [[path, facts] for path, facts in policy.facts.items()]
    if policy.related:
        whole["related"] = [_relation_as_json(relation) for relation in policy.related]
    for key in ("subject", "origins", "parameters", "yields_to", "frameworks", "equivalents", "links"):
        if getattr(policy, key):
            whole[key] = getattr(policy, key)
    return whole


def _relation_as_json(relation: Relation) -> dict[str, Any]:
    whole: dict[str, Any] = {"name": relation.name, "types": relation.types, "reads": relation.reads}
    for key in ("by", "via", "declared", "where", "of"):
        if getattr(relation, key):
            whole[key] = getattr(relation, key)
    return whole


def _policy(value: Mapping[str, Any]) -> Policy:
    return Policy(
        id=value["id"],
        title=value["title"],
        description=value["description"],
        severity=value["severity"],
        responsibility=value["responsibility"],
        service=value["service"],
        since=value["since"],
        profile=value.get("profile", "default"),
        package=value["package"],
        rules=tuple(value["rules"]),
        types={name: _paths(paths) for name, paths in value["types"].items()},
        subject=_paths(value.get("subject", ())),
        related=tuple(_relation(relation) for relation in value.get("related", ())),
        facts={tuple(path): tuple(facts) for path, facts in value.get("facts", ())},
        origins=value.get("origins", False),
        reports=value.get("reports", "template"),
        parameters=value.get("parameters", {}),
        yields_to=tuple(value.get("yields_to", ())),
        remediation=value["remediation"],
        frameworks={name: tuple(ids) for name, ids in value.get("frameworks", {}).items()},
        equivalents={name: tuple(ids) for name, ids in value.get("equivalents", {}).items()},
        links=tuple(value.get("links", ())),
        file=value["file"],
        line=value["line"],
    )


def _paths(paths: Sequence[Sequence[str]]) -> tuple[ReadPath, ...]:
    return tuple(tuple(path) for path in paths)


def _relation(value: Mapping[str, Any]) -> Relation:
    return Relation(
        name=value["name"],
        types=tuple(value["types"]),
        by=tuple(_paths(hops) for hops in value.get("by", ())),
        via=tuple(_paths(hops) for hops in value.get("via", ())),
        declared=value.get("declared"),
        where=value.get("where", {}),
        of=tuple(value.get("of", ())),
        reads=_paths(value["reads"]),
    )


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
