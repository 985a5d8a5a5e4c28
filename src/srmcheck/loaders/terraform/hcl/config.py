"""The declarations of one module: what its files say, override files merged, before anything is evaluated.

Source: developer.hashicorp.com/terraform/language (files, modules, override files)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from srmcheck.diagnostics import Diagnostic
from srmcheck.loaders.terraform.hcl.reading import ParsedFile
from srmcheck.loaders.terraform.hcl.references import static_string
from srmcheck.loaders.terraform.hcl.syntax import Attribute, Block, Body, Source

Mode = Literal["managed", "data"]


@dataclass(frozen=True, slots=True)
class Argument:
    """`name = expr` in a file."""

    attribute: Attribute
    source: Source


@dataclass(frozen=True, slots=True)
class Nested:
    """A block in a file."""

    block: Block
    source: Source


@dataclass
class Declaration:
    """One block of the module with its arguments and nested blocks, after overrides."""

    block: Block
    source: Source
    arguments: dict[str, Argument]
    blocks: list[Nested]

    @classmethod
    def of(cls, block: Block, source: Source) -> Declaration:
        """The declaration that a block makes."""
        arguments = {name: Argument(attribute, source) for name, attribute in block.body.attributes.items()}
        return cls(block, source, arguments, [Nested(inner, source) for inner in block.body.blocks])

    def override(self, block: Block, source: Source) -> None:
        """Merge a block of an override file: arguments replace, blocks replace all blocks of their type."""
        self.arguments.update({name: Argument(attribute, source) for name, attribute in block.body.attributes.items()})
        replaced = {_block_type(inner) for inner in block.body.blocks} - {"lifecycle"}
        self.blocks = [nested for nested in self.blocks if _block_type(nested.block) not in replaced]
        self.blocks.extend(Nested(inner, source) for inner in block.body.blocks)

    def text(self, name: str) -> str | None:
        """An argument that is a string written out."""
        argument = self.arguments.get(name)
        return static_string(argument.attribute.expr) if argument is not None else None


def _block_type(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


ResourceKey = tuple[Mode, str, str]

_LABELS: Mapping[str, int] = {
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "locals": 0,
    "terraform": 0,
    "moved": 0,
    "removed": 0,
    "import": 0,
    "check": 1,
}
_WORDS = ("no label", "one label", "two labels")


@dataclass(frozen=True, slots=True)
class Required:
    """A required provider: its source address, and the constraint on its version, "" without one."""

    source: str
    version: str = ""

    @property
    def is_aws(self) -> bool:
        """Whether it is hashicorp/aws."""
        return self.source.removeprefix("registry.terraform.io/") == "hashicorp/aws"


@dataclass
class Configuration:
    """The declarations of one directory. `shown` is the directory as the user names it."""

    shown: str
    files: list[ParsedFile]
    variables: dict[str, Declaration] = field(default_factory=dict)
    locals: dict[str, Argument] = field(default_factory=dict)
    outputs: dict[str, Declaration] = field(default_factory=dict)
    calls: dict[str, Declaration] = field(default_factory=dict)
    resources: dict[ResourceKey, Declaration] = field(default_factory=dict)
    providers: dict[str, Declaration] = field(default_factory=dict)
    required: dict[str, Required] = field(default_factory=dict)
    """Required providers by their local names."""
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def complain(self, source: Source, offset: int, summary: str, detail: str, hint: str = "") -> None:
        """Note what is wrong at a place."""
        line, column = source.position(offset)
        self.diagnostics.append(Diagnostic(summary, source.name, line, column, detail, hint))


def is_override(name: str) -> bool:
    """Whether a file (path) is an override file."""
    base = name.rsplit("/", 1)[-1]
    for suffix in (".json", ".tf", ".tofu"):
        base = base.removesuffix(suffix)
    return base == "override" or base.endswith("_override")


def configure(shown: str, files: Iterable[ParsedFile]) -> Configuration:
    """The declarations of a directory's files, in their order, then its override files."""
    ordinary: list[ParsedFile] = []
    overrides: list[ParsedFile] = []
    for file in files:
        (overrides if is_override(file.name) else ordinary).append(file)
    configuration = Configuration(shown, [*ordinary, *overrides])
    for file in ordinary:
        _check_arguments(configuration, file)
        for block in file.body.blocks:
            if _known_block(configuration, file.source, block):
                _declare(configuration, file.source, block)
    for file in overrides:
        _check_arguments(configuration, file)
        for block in file.body.blocks:
            if _known_block(configuration, file.source, block):
                _override(configuration, file.source, block)
    return configuration


def _check_arguments(configuration: Configuration, file: ParsedFile) -> None:
    for attribute in file.body.attributes.values():
        configuration.complain(
            file.source, attribute.start, "Unsupported argument", "An argument is not expected outside a block."
        )


def _known_block(configuration: Configuration, source: Source, block: Block) -> bool:
    wanted = _LABELS.get(block.type)
    if wanted is None:
        configuration.complain(
            source,
            block.start,
            "Unsupported block type",
            f"Blocks of type {block.type[:40]} are not expected here.",
            "Check the spelling; a nested block belongs inside its resource.",
        )
        return False
    if len(block.labels) != wanted:
        configuration.complain(
            source, block.start, "Wrong number of labels", f"A {block.type} block takes {_WORDS[wanted]}."
        )
        return False
    return True


def _table(configuration: Configuration, block: Block) -> tuple[dict[str, Declaration], str] | None:
    """Where a block with one name is kept, and the name."""
    match block.type:
        case "variable":
            return configuration.variables, block.labels[0]
        case "output":
            return configuration.outputs, block.labels[0]
        case "module":
            return configuration.calls, block.labels[0]
        case "provider":
            alias = block.body.attributes.get("alias")
            name = static_string(alias.expr) if alias is not None else None
            return configuration.providers, f"{block.labels[0]}.{name}" if name else block.labels[0]
    return None


def _resource_key(block: Block) -> ResourceKey:
    return ("data" if block.type == "data" else "managed", block.labels[0], block.labels[1])


def _declare(configuration: Configuration, source: Source, block: Block) -> None:
    table = _table(configuration, block)
    duplicate = False
    if table is not None:
        declarations, name = table
        duplicate = name in declarations
        declarations.setdefault(name, Declaration.of(block, source))
    elif block.type in ("resource", "data"):
        key = _resource_key(block)
        duplicate = key in configuration.resources
        configuration.resources.setdefault(key, Declaration.of(block, source))
    elif block.type == "locals":
        for name, attribute in block.body.attributes.items():
            if name in configuration.locals:
                configuration.complain(
                    source, attribute.start, "Duplicate local", "A local of this name is defined already."
                )
            configuration.locals.setdefault(name, Argument(attribute, source))
    elif block.type == "terraform":
        configuration.required.update(_required(block.body))
    if duplicate:
        configuration.complain(
            source,
            block.start,
            f"Duplicate {block.type}",
            f"A {block.type} with these names is declared already in this module.",
            "Rename or remove one of the two.",
        )


def _override(configuration: Configuration, source: Source, block: Block) -> None:
    if block.type == "locals":
        for name, attribute in block.body.attributes.items():
            configuration.locals[name] = Argument(attribute, source)
        return
    if block.type == "terraform":
        configuration.required.update(_required(block.body))
        return
    table = _table(configuration, block)
    base: Declaration | None = None
    if table is not None:
        base = table[0].get(table[1])
    elif block.type in ("resource", "data"):
        base = configuration.resources.get(_resource_key(block))
    else:
        return
    if base is None:
        configuration.complain(
            source,
            block.start,
            "Missing base for an override",
            f"An override file changes a {block.type} that no other file declares.",
        )
        return
    base.override(block, source)


def _required(body: Body) -> dict[str, Required]:
    """Required providers by their local names."""
    from srmcheck.loaders.terraform.hcl.syntax import Name, ObjectCons

    found: dict[str, Required] = {}
    for block in body.blocks:
        if block.type != "required_providers":
            continue
        for name, attribute in block.body.attributes.items():
            written: dict[str, str] = {}
            if isinstance(attribute.expr, ObjectCons):
                for item in attribute.expr.items:
                    key = item.key.name if isinstance(item.key, Name) else static_string(item.key)
                    written[key or ""] = static_string(item.value) or ""
            else:
                written["version"] = static_string(attribute.expr) or ""
            found[name] = Required(written.get("source") or f"hashicorp/{name}", written.get("version", ""))
    return found
