"""The policies as a run needs them: from the index, without YAML, and only those whose types are there (docs: metadata)."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from srmcheck.diagnostics import Diagnostic, InternalError
from srmcheck.policy.locate import is_shipped, policies_dir
from srmcheck.policy.model import Policy, ReadPath, Relation

FORMAT = 1
INDEX = "index.json"
TEXTS = "index.txt"


@dataclass(frozen=True)
class PolicySet:
    """The loaded policies. `data` is the tree that engines hold as `data`; `digest` (`sha256:...`) is over every module and
    the data; `data_date` is the latest date of dated data, "" where there is none. `chosen` are the ids of those that were
    selected, None for all of the profile. `own` has the texts of users' own modules by name, and `shown` where they lie."""

    index: Mapping[str, Any]
    texts: bytes | Path
    profile: str
    chosen: frozenset[str] | None = None
    own: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)

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

    @property
    def known_ids(self) -> frozenset[str]:
        """The ids of all policies, of every profile, selected or not."""
        return frozenset(entry["id"] for entry in self.index["policies"])

    def running_ids(self, *, stack: bool) -> frozenset[str]:
        """The ids of the policies that run wherever their types stand; without `stack` less those that judge an account
        baseline, all or in part."""
        idle = set() if stack else set(self.index["stack"])
        entries = self.index["policies"]
        return frozenset(
            entry["id"] for number, entry in enumerate(entries) if number not in idle and self._runs(number)
        )

    @cached_property
    def left_out(self) -> Mapping[str, frozenset[str]]:
        """The responsibilities that policies of the profile judge which were not selected, by judged type."""
        found: dict[str, set[str]] = {}
        for number, entry in enumerate(self.index["policies"]):
            if self._in_profile(number) and not self._runs(number):
                for name in entry["types"]:
                    found.setdefault(name, set()).add(entry["responsibility"])
        return {name: frozenset(areas) for name, areas in found.items()}

    def selected(
        self, select: Sequence[str], ignore: Sequence[str], places: Mapping[str, tuple[str, int]]
    ) -> PolicySet:
        """The policies less those that these terms leave out (policy.select, which says what `places` are). Raises
        ConfigError for a term that names nothing, and where no policy is left."""
        if not select and not ignore:
            return self
        from srmcheck.policy.select import choose

        return replace(self, chosen=choose(self.index["policies"], select, ignore, self.profile, places))

    def for_types(self, types: Sequence[str], *, stack: bool = False) -> tuple[Policy, ...]:
        """The policies that judge one of the types; with `stack`, those that judge an account baseline too, whatever their
        types. In the order of `policies`."""
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
        return {name: self.text_of(name) for name in names}

    def placed(self, said: Diagnostic) -> Diagnostic:
        """A diagnostic about a module, with the module's file as the user named it."""
        return said if said.file is None else replace(said, file=self.shown.get(said.file, said.file))

    def text_of(self, name: str) -> str:
        """The text of a module, without comments."""
        if name in self.own:
            return self.own[name]
        start, length = self.index["modules"][name]
        return self._blob[start : start + length].decode()

    @cached_property
    def _blob(self) -> bytes:
        return self.texts if isinstance(self.texts, bytes) else self.texts.read_bytes()

    def _runs(self, number: int) -> bool:
        if self.chosen is not None:
            return self.index["policies"][number]["id"] in self.chosen
        return self._in_profile(number)

    def _in_profile(self, number: int) -> bool:
        return self.profile == "all" or self.index["policies"][number].get("profile", "default") == "default"

    def _policy(self, number: int) -> Policy:
        return _policy(self.index["policies"][number])


def load_policies(*, profile: str = "default", own: Sequence[Path] = (), data: Sequence[Path] = ()) -> PolicySet:
    """The policies that srmcheck ships and those of the folders `own`, of the default profile or, with "all", every one, with
    the parameters that the files `data` set.

    Raises PolicyError for a policy that cannot be used, ConfigError for a folder or data file that cannot,
    InternalError for an installation without policies.
    """
    shipped = _shipped(profile)
    if not own and not data:
        return shipped
    from srmcheck.policy.own import extended

    return extended(shipped, own, data)


def _shipped(profile: str) -> PolicySet:
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
    found = sources(directory)
    try:
        index = orjson.loads(index_file.read_bytes())
        if index.get("format") == FORMAT and index.get("sources") == checksum(found):
            return PolicySet(index, texts_file, profile)
    except (OSError, ValueError):
        pass
    from srmcheck.policy.index import build

    index, texts = build(directory)
    return PolicySet(index, texts, profile)


def sources(directory: Path) -> dict[str, bytes]:
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


def checksum(found: Mapping[str, bytes]) -> int:
    """Tells whether sources are those that an index was made of."""
    total = 0
    for name, content in found.items():
        total = zlib.crc32(content, zlib.crc32(name.encode(), total))
    return total


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
        scope=value.get("scope", "template"),
        related=tuple(_relation(relation) for relation in value.get("related", ())),
        facts={tuple(path): tuple(facts) for path, facts in value.get("facts", ())},
        origins=value.get("origins", False),
        apart=value.get("apart", False),
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
        shares=tuple((tuple(ours), tuple(theirs)) for ours, theirs in value.get("shares", ())),
        declared=value.get("declared"),
        where=value.get("where", {}),
        orphans=value.get("orphans", False),
        of=tuple(value.get("of", ())),
        reads=_paths(value["reads"]),
    )
