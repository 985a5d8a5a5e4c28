"""Terraform fixtures in pieces: the blocks of `main.tf`, as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from srmcheck.loaders.terraform.hcl.parse import parse_body
from srmcheck.loaders.terraform.hcl.syntax import Block, GetAttr, Name, Source, Syntax, Traversal, walk
from tools.examples.parts import Parts, Piece, comment_above

_KINDS = {"data": 3, "var": 2, "local": 2, "module": 2}
"""How many names of a traversal make a key; other roots are types of resources, and take two."""


def pieces_of(text: str) -> Parts:
    """The blocks of a configuration, less providers and settings."""
    source = Source("", text)
    lines = text.split("\n")
    found: dict[str, Piece] = {}
    for block in parse_body(text).blocks:
        keys = _keys(block)
        if not keys:
            continue
        first = source.position(block.start)[0] - 1
        above, marked = comment_above(lines, first)
        written = "\n".join([*above, text[block.start : block.end].rstrip()])
        about = block.labels[1] if block.type == "resource" else ""
        piece = Piece(keys, about, written, frozenset(_references(block)) - set(keys), marked)
        found.update(dict.fromkeys(keys, piece))
    return Parts(found, _join)


def _join(pieces: Iterable[Piece]) -> str:
    return "\n\n".join(piece.text for piece in pieces) + "\n"


def _keys(block: Block) -> tuple[str, ...]:
    if block.type == "resource":
        return (".".join(block.labels),)
    if block.type == "data":
        return (".".join(["data", *block.labels]),)
    if block.type in ("variable", "module"):
        return (f"{'var' if block.type == 'variable' else 'module'}.{block.labels[0]}",)
    if block.type == "locals":
        return tuple(f"local.{name}" for name in block.body.attributes)
    return ()


def _references(node: Syntax) -> Iterator[str]:
    for below in walk(node):
        if isinstance(below, Traversal) and isinstance(below.root, Name):
            names = [below.root.name]
            for step in below.steps:
                if not isinstance(step, GetAttr):
                    break
                names.append(step.name)
            length = _KINDS.get(names[0], 2)
            if len(names) >= length:
                yield ".".join(names[:length])
