"""The policies as one thing: with a digest, and as an OPA bundle with a dispatcher rule.

The digest says whether two places hold the same policies. It is taken over the texts as they run, without comments, so that
a checkout, a wheel and a bundle on a server agree.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from srmcheck.diagnostics import Diagnostic, PolicyError

ENTRY_PACKAGE = "srmcheck.entry"
"""The dispatcher's package: no policy may have it."""

ENTRY_FILE = "srmcheck_entry.rego"

_PACKAGE = re.compile(r"^package[ \t]+([A-Za-z_][\w.]*)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that an engine needs. `modules` maps a file name, relative to the policies directory, to its Rego text
    without comments; `data` is the `data` document; `packages` maps each policy's package to the rules that it has."""

    modules: Mapping[str, str]
    data: Mapping[str, Any]
    packages: Mapping[str, tuple[str, ...]]
    digest: str = field(default="")

    def __post_init__(self) -> None:
        if not self.digest:
            object.__setattr__(self, "digest", digest(self.modules, self.data))

    def files(self) -> dict[str, bytes]:
        """The bundle's files by name, in order: manifest, data, dispatcher, modules."""
        files = {name: text.encode() for name, text in sorted(self.modules.items())}
        for name in files:
            _check_file_name(name)
        entry = generate_dispatcher(self.packages, self.digest)
        return {
            ".manifest": _json(
                {"revision": self.digest, "roots": _roots(self.modules.values(), self.data), "rego_version": 1}
            ),
            "data.json": _json(self.data),
            ENTRY_FILE: entry.encode(),
            **files,
        }

    def write(self, directory: Path) -> None:
        """Writes the bundle's files below `directory`, which exists."""
        for name, content in self.files().items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def archive(self) -> bytes:
        """The bundle as OPA pulls it: a .tar.gz, the same bytes for the same policies."""
        return pack(self.files())


def pack(files: Mapping[str, bytes]) -> bytes:
    """Files as a .tar.gz without dates and owners, the same bytes for the same files."""
    import tarfile

    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mode = 0o644
            tar.addfile(entry, io.BytesIO(content))
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0) as stream:
        stream.write(raw.getvalue())
    return packed.getvalue()


def digest(modules: Mapping[str, str], data: Mapping[str, Any]) -> str:
    """The digest of the policies: "sha256:" and hex, over the names and texts of all modules and the data. The index of
    the policies holds the same."""
    total = hashlib.sha256()
    for name, text in sorted(modules.items()):
        total.update(f"{name}\0{text}\0".encode())
    total.update(_json(data))
    return "sha256:" + total.hexdigest()


def generate_dispatcher(packages: Mapping[str, tuple[str, ...]], policies_digest: str) -> str:
    """The Rego module that an OPA server is asked through, formatted as `opa fmt` does.

    Its rule `batch` takes `{"plans": [{package: [rule, ...]}, ...], "documents": [{"plan": i, "input": ...}, ...]}` and
    gives `{"digest": ..., "opa": [version], "packages": {package: [rule, ...]}, "answers": [{package: {rule: value}}]}`:
    one answer for each document, `packages` those of the plans that it holds. A rule that is undefined is absent.

    Raises PolicyError for a package or rule name that is none.
    """
    for package, rules in packages.items():
        for name in (package, *rules):
            if not _NAME.fullmatch(name):
                raise PolicyError(
                    Diagnostic(summary="Policy has an unusable package name", detail=f"Package {package!r}.")
                )
    parts = [_DISPATCHER.format(package=ENTRY_PACKAGE, digest=json.dumps(policies_digest))]
    for package, rules in sorted(packages.items()):
        listed = ", ".join(f'"{rule}"' for rule in rules)
        parts.append(f'rules["{package}"] := [{listed}]\n')
        parts.extend(f'result["{package}"].{rule} := data.{package}.{rule}\n' for rule in rules)
    return "\n".join(parts)


_DISPATCHER = """package {package}

digest := {digest}

batch := {{
	"digest": digest,
	"opa": [version | version := data.system.version.version],
	"packages": {{name: rules[name] | some plan in input.plans; some name, _ in plan}},
	"answers": [answer | some one in input.documents; answer := answers(input.plans[one.plan], one.input)],
}}

answers(plan, document) := {{name: values |
	some name, wanted in plan
	values := {{rule: value | some rule in wanted; value := result[name][rule]}} with input as document
}}
"""


def package_of(text: str) -> str | None:
    """The package that a module declares."""
    match = _PACKAGE.search(text)
    return match[1] if match else None


def _roots(texts: Iterable[str], data: Mapping[str, Any]) -> list[str]:
    roots = {ENTRY_PACKAGE.split(".")[0], *data}
    for text in texts:
        package = package_of(text)
        if package:
            roots.add(package.split(".")[0])
    return sorted(roots)


def _check_file_name(name: str) -> None:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or "\\" in name or ".." in parts or not name.endswith(".rego") or name == ENTRY_FILE:
        raise PolicyError(Diagnostic(summary="Policy has an unusable file name", file=name))


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
