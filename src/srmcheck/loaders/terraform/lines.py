"""Where the resources and arguments of a plan stand in the `.tf` files that it was made of.

Looked up after the evaluation, for what is reported only: a plan names addresses, not lines. Nothing is evaluated, and
nothing outside the boundary is read. Modules are followed by their local `source`; of any other module the call is
the place. Instance keys do not matter for a place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from srmcheck.loaders.terraform.addresses import Address, format_key, parse_address
from srmcheck.loaders.terraform.blocks import alike
from srmcheck.loaders.terraform.outline import Block, outline
from srmcheck.source import Call, Location
from srmcheck.values import Path as ValuePath
from srmcheck.values import Place

_MOST_BYTES = 8 << 20
_MOST_FILES = 2000
_MOST_CALLS = 50
_MOST_ALIKE = 512
_SCALAR = re.compile(r'"((?:[^"\\$%\n]|\\["\\])*)"|(-?\d+(?:\.\d+)?|true|false)')
_SEPARATOR = re.compile(r"[\s,]*")


class SourceFile:
    """One `.tf` file: its text, its name as shown, and its outline once somebody asks."""

    __slots__ = ("_newlines", "_outline", "shown", "text")

    def __init__(self, text: str, shown: str) -> None:
        self.text = text
        self.shown = shown
        self._outline: Block | None = None
        self._newlines: list[int] | None = None

    @property
    def outline(self) -> Block:
        """The file's blocks."""
        if self._outline is None:
            self._outline = outline(self.text)
        return self._outline

    def line(self, position: int) -> tuple[int, int]:
        """The line and column of a position, from 1."""
        if self._newlines is None:
            self._newlines = [match.start() for match in re.finditer("\n", self.text)]
        index = bisect_right(self._newlines, position - 1)
        start = self._newlines[index - 1] + 1 if index else 0
        return index + 1, position - start + 1

    def location(self, start: int, end: int, via: tuple[Call, ...]) -> Location:
        """The span as a location."""
        line, column = self.line(start)
        end_line, end_column = self.line(end)
        return Location(self.shown, line, column, end_line, end_column, via)


class _Module:
    """The files of one directory, in the order in which Terraform reads them: overrides last."""

    __slots__ = ("directory", "files", "overrides")

    def __init__(self, directory: Path, files: Sequence[SourceFile], overrides: Sequence[SourceFile]) -> None:
        self.directory = directory
        self.files = files
        self.overrides = overrides

    def find(self, *header: str) -> list[tuple[SourceFile, Block]]:
        """The blocks with this type and these labels: overrides first, the last one at the head; then the block."""
        found: list[tuple[SourceFile, Block]] = []
        for file in (*reversed(self.overrides), *self.files):
            if header[-1] not in file.text:
                continue
            found.extend(
                (file, block) for block in file.outline.blocks if block.type == header[0] and block.labels == header[1:]
            )
        return found


class SourceFiles:
    """The `.tf` files of a root module and of the local modules that it calls.

    `directory` holds the root module; nothing outside `boundary` is read; `shown` is how the directory is called in
    locations ("" or "." for the place where srmcheck was started).
    """

    def __init__(self, directory: Path, boundary: Path, shown: str) -> None:
        self._directory = directory
        self._boundary = boundary
        self._shown = PurePosixPath(shown)
        self._modules: dict[Path, _Module | None] = {}
        self._paths: dict[tuple[str, ...], tuple[_Module, tuple[Call, ...]] | Location | None] = {}
        self._dynamic: dict[tuple[tuple[str, ...], str, str, str], frozenset[str]] = {}

    def locate(self, place: Place, values: Mapping[str, Any] | None = None) -> Location | None:
        """Where `place` is written; None if the resource is not in the files.

        `values` are the resource's planned values, by which nested blocks of one type are told apart. An argument that
        is not written is at the header of the innermost block around it that is.
        """
        address = parse_address(place.address)
        if address is None:
            return None
        found = self._module(tuple(name for name, _ in address.modules))
        if found is None:
            return None
        if isinstance(found, Location):
            return replace(found, via=_named(found.via, address))
        module, calls = found
        via = _named(calls, address)
        kind = "data" if address.mode == "data" else "resource"
        blocks = module.find(kind, address.type, address.name)
        for file, block in blocks:
            location = _inside(file, block, place.path, values, via)
            if location is not None:
                return location
        if not blocks:
            return None
        file, block = blocks[-1]
        return file.location(block.start, block.header, via)

    def dynamics(self, address: str) -> frozenset[str]:
        """The types of the blocks that the resource at `address` makes by `dynamic`, at any depth."""
        parsed = parse_address(address)
        if parsed is None:
            return frozenset()
        memo = (tuple(name for name, _ in parsed.modules), parsed.mode, parsed.type, parsed.name)
        names = self._dynamic.get(memo)
        if names is None:
            found: set[str] = set()
            stack = [block for file, block in self._blocks(parsed) if "dynamic" in file.text]
            while stack:
                block = stack.pop()
                if block.type == "dynamic":
                    found.update(block.labels[:1])
                stack.extend(block.blocks)
            names = self._dynamic[memo] = frozenset(found)
        return names

    def may_set(self, address: str, path: tuple[str, ...]) -> bool | None:
        """Whether the resource at `address` can set the argument or block at `path`, the names of nested blocks down
        to its own; None where the files do not tell."""
        parsed = parse_address(address)
        blocks = [block for _, block in self._blocks(parsed)] if parsed is not None else []
        for name in path[:-1]:
            blocks = [inner for block in blocks for inner in _nested(block, name)]
        if not blocks:
            return None
        name = path[-1]
        return any(name in block.attributes or any(True for _ in _nested(block, name)) for block in blocks)

    def _blocks(self, address: Address) -> list[tuple[SourceFile, Block]]:
        """The blocks of a resource: overrides first, the last one at the head."""
        found = self._module(tuple(name for name, _ in address.modules))
        if not isinstance(found, tuple):
            return []
        return found[0].find("data" if address.mode == "data" else "resource", address.type, address.name)

    def _module(self, names: tuple[str, ...]) -> tuple[_Module, tuple[Call, ...]] | Location | None:
        """The module that the calls lead to, with the calls; the last call's place where its module is not local."""
        if names not in self._paths:
            self._paths[names] = self._follow(names)
        return self._paths[names]

    def _follow(self, names: tuple[str, ...]) -> tuple[_Module, tuple[Call, ...]] | Location | None:
        if not names:
            module = self._load(self._directory)
            return None if module is None else (module, ())
        if len(names) > _MOST_CALLS:
            return None
        outer = self._module(names[:-1])
        if not isinstance(outer, tuple):
            return outer
        module, via = outer
        calls = module.find("module", names[-1])
        if not calls:
            return None
        file, block = calls[-1]
        here = file.location(block.start, block.header, via)
        source = next((text for item in calls if (text := _source(*item)) is not None), None)
        if source is None or not source.startswith(("./", "../")):
            return here
        inner = self._load(module.directory / source)
        if inner is None:
            return here
        return inner, (*via, Call(here.file, here.line, f"module.{names[-1]}"))

    def _load(self, directory: Path) -> _Module | None:
        """The module in a directory; None if there is none, or if it lies outside the boundary."""
        try:
            real = directory.resolve()
            boundary = self._boundary.resolve()
        except (OSError, RuntimeError, ValueError):
            return None
        if real != boundary and boundary not in real.parents:
            return None
        if real not in self._modules:
            self._modules[real] = self._read(real, boundary)
        return self._modules[real]

    def _read(self, directory: Path, boundary: Path) -> _Module | None:
        try:
            names = sorted(entry.name for entry in directory.iterdir())[:_MOST_FILES]
        except OSError:
            return None
        tofu = {name[: -len(".tofu")] for name in names if name.endswith(".tofu")}
        files: list[SourceFile] = []
        overrides: list[SourceFile] = []
        for name in names:
            stem, _, kind = name.rpartition(".")
            if kind not in ("tf", "tofu") or not stem or (kind == "tf" and stem in tofu):
                continue
            text = _text(directory / name, boundary)
            if text is not None:
                kept = overrides if stem == "override" or stem.endswith("_override") else files
                kept.append(SourceFile(text, self._name(directory / name)))
        return _Module(directory, files, overrides)

    def _name(self, file: Path) -> str:
        """The file as shown: relative to the directory that the user named."""
        root = self._directory.resolve()
        steps = list(self._shown.parts)
        relative = file
        while root != relative and root not in relative.parents:
            if steps and steps[-1] != "..":
                steps.pop()
            else:
                steps.append("..")
            if root == root.parent:
                break
            root = root.parent
        return str(PurePosixPath(*steps, *relative.relative_to(root).parts))


def _text(file: Path, boundary: Path) -> str | None:
    try:
        real = file.resolve()
        if boundary not in real.parents or not real.is_file() or real.stat().st_size > _MOST_BYTES:
            return None
        data = real.read_bytes()
    except (OSError, RuntimeError, ValueError):
        return None
    return data.decode("utf-8-sig", errors="replace")


def _source(file: SourceFile, block: Block) -> str | None:
    attribute = block.attributes.get("source")
    literal = None if attribute is None else _literal(file.text[attribute.value : attribute.end])
    return literal if isinstance(literal, str) else None


def _named(calls: tuple[Call, ...], address: Address) -> tuple[Call, ...]:
    """The calls on the way to a module, each by the address of the instance that it makes."""
    named: list[Call] = []
    call = ""
    for (name, key), made in zip(address.modules, calls, strict=False):
        call = f"{call}.module.{name}{format_key(key)}".lstrip(".")
        named.append(Call(made.file, made.line, call))
    return tuple(named)


def _nested(block: Block, name: str) -> Iterator[Block]:
    """The blocks of type `name` in a block, and what `dynamic` makes of that type."""
    for nested in block.blocks:
        if nested.type == name and not nested.labels:
            yield nested
        elif nested.type == "dynamic" and nested.labels == (name,):
            yield from (content for content in nested.blocks if content.type == "content")


def _inside(
    file: SourceFile, block: Block, path: ValuePath, values: Mapping[str, Any] | None, via: tuple[Call, ...]
) -> Location | None:
    """Where `path` is written in a block, or the innermost block on the way; None if nothing of it is written here."""
    current = block
    position = 0
    inner: Any = values
    while position < len(path):
        key = path[position]
        if not isinstance(key, str):
            break
        attribute = current.attributes.get(key)
        if attribute is not None:
            return file.location(attribute.start, attribute.end, via)
        inner = inner.get(key) if isinstance(inner, Mapping) else None
        index = path[position + 1] if position + 1 < len(path) else None
        if isinstance(index, int):
            inner = inner[index] if isinstance(inner, list) and 0 <= index < len(inner) else None
        chosen, dynamic = _choose(file, current, key, inner, index is not None)
        if chosen is None:
            break
        current = chosen
        position += 2 if isinstance(index, int) else 1
        if dynamic:
            break
    if current is block:
        return None
    return file.location(current.start, current.header, via)


def _choose(file: SourceFile, block: Block, key: str, value: Any, one: bool) -> tuple[Block | None, bool]:
    """The nested block of type `key` that `value` comes from, and whether it is a dynamic one; None where the files do
    not tell."""
    statics = [nested for nested in block.blocks if nested.type == key and not nested.labels]
    dynamics = [nested for nested in block.blocks if nested.type == "dynamic" and nested.labels == (key,)]
    if statics and (not one or (len(statics) == 1 and not dynamics)):
        return statics[0], False
    if len(statics) > _MOST_ALIKE:
        return None, False
    fitting = [nested for nested in statics if _may_give(file, nested, value)]
    if len(fitting) == 1 and (not dynamics or _says_something(file, fitting[0])):
        return fitting[0], False
    if not fitting and len(dynamics) == 1:
        return dynamics[0], True
    return None, False


def _may_give(file: SourceFile, block: Block, value: Any) -> bool:
    """Whether what is literal in a block is in the planned values, and the nested blocks are the same kinds."""
    if not isinstance(value, Mapping):
        return True
    for name, attribute in block.attributes.items():
        constant = _literal(file.text[attribute.value : attribute.end])
        if constant is not None and name in value and not alike(value[name], constant):
            return False
    written = {
        nested.labels[0] if nested.type == "dynamic" and nested.labels else nested.type for nested in block.blocks
    }
    for name, item in value.items():
        if isinstance(item, list) and name not in block.attributes:
            given = bool(item) and isinstance(item[0], Mapping)
            if given != (name in written) and (given or not _only_dynamic(block, name)):
                return False
    return True


def _only_dynamic(block: Block, name: str) -> bool:
    return not any(nested.type == name for nested in block.blocks)


def _literal(text: str) -> str | list[str] | None:
    """A literal scalar as text, or a list of such; None for anything else."""
    text = text.strip()
    scalar = _SCALAR.fullmatch(text)
    if scalar is not None:
        return _plain(scalar)
    if not text.startswith("["):
        return None
    items: list[str] = []
    position = 1
    while True:
        separator = _SEPARATOR.match(text, position)
        position = position if separator is None else separator.end()
        if position == len(text) - 1 and text[position] == "]":
            return items
        item = _SCALAR.match(text, position)
        if item is None:
            return None
        items.append(_plain(item))
        position = item.end()


def _plain(match: re.Match[str]) -> str:
    return match[2] if match[1] is None else match[1].replace('\\"', '"').replace("\\\\", "\\")


def _says_something(file: SourceFile, block: Block) -> bool:
    return any(_literal(file.text[item.value : item.end]) is not None for item in block.attributes.values())
