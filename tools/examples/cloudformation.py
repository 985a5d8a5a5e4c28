"""CloudFormation fixtures in pieces: resources, and the parameters, conditions and mappings that they refer to.

The fixtures are written densely; an example is set in block style, as people write templates. Every scalar stays as it is
written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import yaml

from tools.examples.parts import Parts, Piece, comment_above

_SECTIONS = ("Parameters", "Mappings", "Conditions", "Resources")
_WIDTH = 88
_VARIABLE = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}")
_BY_TAG = {"!Ref": "Ref", "!GetAtt": "Fn::GetAtt", "!Sub": "Fn::Sub", "!If": "Fn::If", "!FindInMap": "Fn::FindInMap"}
_BY_KEY = ("Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If", "Fn::FindInMap", "Condition", "DependsOn")


def pieces_of(text: str) -> Parts:
    """The entries of a template's sections."""
    lines = text.split("\n")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    sections = {key.value: value for key, value in root.value}
    found: dict[str, Piece] = {}
    for section in _SECTIONS:
        entries = sections.get(section)
        for key, value in entries.value if isinstance(entries, yaml.MappingNode) else ():
            about = _about(key.value) if section == "Resources" else ""
            above, marked = comment_above(lines, key.start_mark.line)
            written = "\n".join([*(f"  {line}" for line in above), *_entry(key, value, text, 2)])
            refers = frozenset(_references(value)) - {key.value}
            found[key.value] = Piece((key.value,), about, written, refers, marked)
    places = {key: section for section in _SECTIONS for key, _ in _entries(sections.get(section))}

    def join(pieces: Iterable[Piece]) -> str:
        chosen = list(pieces)
        blocks = []
        for section in _SECTIONS:
            texts = [piece.text for piece in chosen if places[piece.key] == section]
            if texts:
                blocks.append(f"{section}:\n" + "\n\n".join(texts))
        return "\n\n".join(blocks) + "\n"

    return Parts(found, join)


def _entries(section: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(section, yaml.MappingNode):
        for key, value in section.value:
            yield key.value, value


def _about(logical_id: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", logical_id).lower()


def _references(node: yaml.Node) -> Iterator[str]:
    """What may be names of other entries; the caller looks up which are."""
    if node.tag in _BY_TAG:
        yield from _names(node)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value in _BY_KEY:
                yield from _names(value)
            yield from _references(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _references(item)


def _names(node: yaml.Node) -> Iterator[str]:
    if isinstance(node, yaml.ScalarNode):
        yield node.value.split(".", 1)[0]
        yield from _VARIABLE.findall(node.value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            if isinstance(item, yaml.ScalarNode):
                yield from _names(item)


def _entry(key: yaml.Node, value: yaml.Node, text: str, indent: int) -> list[str]:
    """`key: value` in lines."""
    start = " " * indent + _source(key, text) + ":"
    inline = _inline(value, text)
    forced = key.value == "Properties" and isinstance(value, yaml.MappingNode) and len(value.value) > 1
    if inline is not None and not forced and len(start) + 1 + len(inline) <= _WIDTH:
        return [f"{start} {inline}"]
    if isinstance(value, yaml.ScalarNode):
        return [f"{start} {line}" if number == 0 else line for number, line in enumerate(_scalar(value, text, indent))]
    tag = "" if value.tag.startswith("tag:yaml.org") else f" {value.tag}"
    return [start + tag, *_block(value, text, indent + 2)]


def _block(node: yaml.Node, text: str, indent: int) -> list[str]:
    """A mapping or a list in lines."""
    lines: list[str] = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines += _entry(key, value, text, indent)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            inline = _inline(item, text)
            if inline is not None and indent + 2 + len(inline) <= _WIDTH:
                lines.append(" " * indent + "- " + inline)
            elif isinstance(item, yaml.ScalarNode):
                first, *more = _scalar(item, text, indent)
                lines += [" " * indent + "- " + first, *more]
            else:
                tag = "" if item.tag.startswith("tag:yaml.org") else f"{item.tag}\n"
                inner = _block(item, text, indent + 2)
                if tag:
                    lines += [" " * indent + "- " + tag.strip(), *inner]
                else:
                    lines += [" " * indent + "- " + inner[0].lstrip(), *inner[1:]]
    return lines


def _inline(node: yaml.Node, text: str) -> str | None:
    """The node as it is written, if that is one line of flow style."""
    if isinstance(node, yaml.ScalarNode):
        return None if node.style in ("|", ">") else _one_line(_source(node, text))
    if isinstance(node, yaml.CollectionNode) and node.flow_style:
        return _one_line(_source(node, text))
    return None


def _one_line(written: str) -> str | None:
    return None if "\n" in written else written


def _scalar(node: yaml.ScalarNode, text: str, indent: int) -> list[str]:
    """A text of several lines, or one that is too long for a line, moved to its new place."""
    first, *more = _source(node, text).rstrip().split("\n")
    old = min((len(line) - len(line.lstrip()) for line in more if line.strip()), default=0)
    return [first, *(" " * (indent + 2) + line[old:] if line.strip() else "" for line in more)]


def _source(node: yaml.Node, text: str) -> str:
    return text[node.start_mark.index : node.end_mark.index]
