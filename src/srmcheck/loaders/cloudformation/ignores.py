"""Ignores in a CloudFormation template: comments of its YAML, and Metadata of a resource or of the template.

A comment on lines of its own stands at the key or list item that begins on the line below it, a comment behind
something at what begins (or else ends) on its line. At the Type of a resource it stands at the resource
(docs: suppressions).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.loaders.cloudformation.foreach import PREFIX
from srmcheck.loaders.cloudformation.reading import read
from srmcheck.loaders.cloudformation.tree import Array, Leaf, Lines, Object, Problem, Tree, entry, text_at
from srmcheck.suppress.directive import (
    EXAMPLE,
    MARK,
    Directive,
    Fault,
    directive_text,
    make_directive,
    parse_directive,
)
from srmcheck.suppress.marks import NO_IGNORES, Ignores, Mark, Position, fault_at, ignores

Span = tuple[int, int]

_METADATA = "srmcheck"
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#", re.MULTILINE)
_LINE = re.compile(r"[^\r\n]*")
_BLOCK_HEADER = re.compile(r"(?:[!&]\S*[ \t]+)*[|>][^\r\n#]*")
_FIELDS = ("id", "reason", "until")
_HINT = 'write it as {srmcheck: {ignore: [{id: SRM-S3-003, reason: "public web site", until: 2027-01-31}]}}'
_MOST_LOOPS = 8


def cloudformation_ignores(text: str, file: str) -> Ignores:
    """The ignores of a template, which is called `file` in findings; none of a text that cannot be read at all."""
    if _METADATA not in text:
        return NO_IGNORES
    try:
        root = read(text, file).root
    except InputError:  # the loader has told
        return NO_IGNORES
    scan = _Scan(root, text, file)
    found = list(scan.metadata())
    if MARK in text and not _is_json(text):
        found.extend(scan.comments())
    return ignores(sorted(found, key=lambda item: (item.line or 0, item.column or 0)))


def _is_json(text: str) -> bool:
    """Whether the text was read as JSON, in which a number sign is no comment."""
    from srmcheck.loaders.cloudformation.json_reader import read_json
    from srmcheck.loaders.cloudformation.tree import Fault as SyntaxFault

    if text.lstrip()[:1] not in ("{", "["):
        return False
    problems: list[Problem] = []
    try:
        read_json(text, problems)
    except SyntaxFault:
        return False
    return True


class _Scan:
    def __init__(self, root: Tree, text: str, file: str) -> None:
        self.root = root
        self.text = text
        self.file = file
        self.lines = Lines(file, text)
        self.resources = list(_resources(entry(root, "Resources")))
        self.types = {tree.keys["Type"][0]: (start, tree.end) for start, tree in self.resources if "Type" in tree.items}

    # --- comments --------------------------------------------------------------------------------------------------

    def comments(self) -> Iterator[Mark | Diagnostic]:
        """The ignores of the comments."""
        scalars = _scalars(self.text)
        starts = [start for start, _ in scalars]
        found: list[Span] = []
        for match in _COMMENT.finditer(self.text):
            start = match.start()
            index = bisect_right(starts, start) - 1
            in_scalar = index >= 0 and start < scalars[index][1]
            rest = _LINE.match(self.text, start)
            if not in_scalar and rest is not None and not (found and start < found[-1][1]):
                found.append(rest.span())
        if not any(MARK in self.text[start:end] for start, end in found):
            return
        begins, ends = self._items()
        alone = {self.lines.at(start)[0] for start, _ in found if not self._before(start).strip()}
        for start, end in found:
            said = directive_text(self.text[start + 1 : end])
            if said is None:
                continue
            line, column = self.lines.at(start)
            directive = parse_directive(said) if isinstance(said, str) else said
            if isinstance(directive, Fault):
                yield fault_at(directive, self.file, line, column)
                continue
            if line in alone:
                below = line + 1
                while below in alone:
                    below += 1
                span = begins.get(below)
            else:
                span = begins.get(line) or ends.get(line)
            yield self._mark(directive, line, column, span)

    def _before(self, offset: int) -> str:
        return self.text[max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1 : offset]

    def _items(self) -> tuple[dict[int, Span], dict[int, Span]]:
        """The widest entry or list item that begins on each line (at a Type the resource), and the widest that is seen to
        end on it."""
        begins: dict[int, Span] = {}
        ends: dict[int, Span] = {}
        for start, value in _entries(self.root):
            end = value.end
            first, last = self.lines.at(start)[0], self.lines.at(end)[0]
            known = begins.get(first)
            if known is None or (start, -end) < (known[0], -known[1]):
                begins[first] = (start, end)
            # A block collection ends where its last child does, which is not where a reader sees it end.
            closes = isinstance(value, Leaf) or self.text[value.start : value.start + 1] in ("[", "{")
            if closes and (last not in ends or end - start > ends[last][1] - ends[last][0]):
                ends[last] = (start, end)
        for begin, whole in self.types.items():
            begins[self.lines.at(begin)[0]] = whole
        return begins, ends

    def _mark(self, directive: Directive, line: int, column: int, span: Span | None, whole: bool = False) -> Mark:
        if span is None:
            return Mark(self.file, line, column, directive)
        start, end = self._at(span[0]), self._at(span[1])
        return Mark(self.file, line, column, directive, start, end, None, whole)

    def _at(self, offset: int) -> Position:
        return self.lines.at(offset)

    # --- metadata --------------------------------------------------------------------------------------------------

    def metadata(self) -> Iterator[Mark | Diagnostic]:
        """The ignores of the Metadata of the template and of each resource."""
        yield from self._section(self.root, (self.root.start, len(self.text)), whole=True)
        for start, tree in self.resources:
            yield from self._section(tree, (start, tree.end))

    def _section(self, owner: Tree, span: Span, whole: bool = False) -> Iterator[Mark | Diagnostic]:
        section = entry(entry(owner, "Metadata"), _METADATA)
        if section is None:
            return
        if not isinstance(section, Object):
            yield self._fault(section, Fault("Metadata of srmcheck not readable", "A mapping is expected here.", _HINT))
            return
        for key in section.items:
            if key != "ignore":
                yield Diagnostic(
                    "Unknown key in the metadata of srmcheck",
                    self.file,
                    *self.lines.at(section.keys[key][0]),
                    detail="The only key that srmcheck knows here is ignore.",
                    hint=_HINT,
                )
        listed = section.items.get("ignore")
        if listed is None:
            return
        if not isinstance(listed, Array):
            yield self._fault(listed, Fault("Metadata of srmcheck not readable", "A list is expected here.", _HINT))
            return
        for item in listed.items:
            line, column = self.lines.at(item.start)
            found = _directive(item)
            yield self._fault(item, found) if isinstance(found, Fault) else self._mark(found, line, column, span, whole)

    def _fault(self, tree: Tree, fault: Fault) -> Diagnostic:
        hint = _HINT if EXAMPLE in fault.hint else fault.hint
        return fault_at(Fault(fault.summary, fault.detail, hint), self.file, *self.lines.at(tree.start))


def _directive(item: Tree) -> Directive | Fault:
    """One item of the list in Metadata."""
    if not isinstance(item, Object):
        return Fault("Metadata of srmcheck not readable", "A mapping with id and reason is expected here.", _HINT)
    for key in item.items:
        if key not in _FIELDS:
            return Fault("Unknown word in an ignore", "An ignore has id, reason and until.", _HINT)
    names: list[str] = []
    given = item.items.get("id")
    for one in given.items if isinstance(given, Array) else [given] if given is not None else []:
        name = text_at(one)
        if name is None:
            return Fault("Ignore not readable", "The id is the text of a policy's id, or a list of them.", _HINT)
        names.append(name)
    texts: dict[str, str | None] = {}
    for key in ("reason", "until"):
        value = item.items.get(key)
        texts[key] = text_at(value)
        if value is not None and texts[key] is None and not (isinstance(value, Leaf) and value.value is None):
            return Fault("Ignore not readable", f"{key} is a text.", _HINT)
    return make_directive(names, texts["reason"], texts["until"])


def _resources(section: Tree | None, depth: int = 0) -> Iterator[tuple[int, Object]]:
    """The resources of a section with where their keys begin, those in loops too."""
    if not isinstance(section, Object) or depth > _MOST_LOOPS:
        return
    for key, tree in section.items.items():
        if key.startswith(PREFIX):
            if isinstance(tree, Array) and len(tree.items) == 3:
                yield from _resources(tree.items[2], depth + 1)
        elif isinstance(tree, Object):
            yield section.keys[key][0], tree


def _entries(root: Tree) -> Iterator[tuple[int, Tree]]:
    """All entries of mappings, where the key begins and with the value, and all list items; each node once."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        tree = stack.pop()
        if id(tree) in seen:  # an alias
            continue
        seen.add(id(tree))
        if isinstance(tree, Object):
            for key, item in tree.items.items():
                start = tree.keys[key][0]
                if item.end >= start:
                    yield start, item
                stack.append(item)
        elif isinstance(tree, Array):
            for item in tree.items:
                yield item.start, item
                stack.append(item)


def _scalars(text: str) -> list[Span]:
    """The spans of all scalars of a YAML text; of a block scalar from the line below its header."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    spans: list[Span] = []
    try:
        events: Iterator[Any] = yaml.parse(text, Loader=loader)
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                start, end = event.start_mark.index, event.end_mark.index
                if event.style in ("|", ">"):
                    header = _BLOCK_HEADER.match(text, start)
                    newline = text.find("\n", header.end() if header else start)
                    end = start + len(text[start:end].rstrip())
                    start = newline if 0 <= newline < end else end
                spans.append((start, end))
    except (yaml.YAMLError, RecursionError, ValueError):
        return spans
    return [max(group, key=lambda span: span[1]) for _, group in groupby(sorted(spans), key=lambda span: span[0])]
