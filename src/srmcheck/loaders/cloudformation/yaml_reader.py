"""YAML text to a tree: libyaml's events, composed here, because what CloudFormation reads is not what PyYAML builds.

Keys stay text, short-form tags become functions (`!Ref x` is `{"Ref": "x"}`), duplicate keys are faults with a place.
CloudFormation itself refuses aliases and merge keys; `aws cloudformation package` and SAM resolve them before
deployment, and so does this reader, within a bound on what they expand to.
Source: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from srmcheck.loaders.cloudformation import scalars
from srmcheck.loaders.cloudformation.tree import (
    MOST_DEPTH,
    WRITTEN_TWICE,
    Array,
    Broken,
    Fault,
    Leaf,
    Object,
    Problem,
    TooDeep,
    Tree,
    duplicate_key,
)
from srmcheck.values import Scalar

MOST_ALIASED_NODES = 250_000
"""Nodes of a text with aliases, each alias counted as what it stands for."""

SHORT_FORMS = frozenset(
    [
        "And",
        "Base64",
        "Cidr",
        "Contains",
        "EachMemberEquals",
        "EachMemberIn",
        "Equals",
        "FindInMap",
        "GetAZs",
        "GetAtt",
        "GetStackOutput",
        "If",
        "ImportValue",
        "Join",
        "Length",
        "Not",
        "Or",
        "RefAll",
        "Select",
        "Split",
        "Sub",
        "ToJsonString",
        "Transform",
        "ValueOf",
        "ValueOfAll",
    ]
)
"""Functions that a tag can call. `!Ref` and `!Condition` are the two whose long form has no `Fn::`."""

_STANDARD = "tag:yaml.org,2002:"
_NOT_PRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # the reader of YAML 1.1 takes nothing else
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = (
    ("could not find expected ':'", "A key is not followed by a colon.", "check the lines above for a missing colon"),
    ("mapping values are not allowed", "A second colon stands in a value.", "put the value in quotes"),
    ("expected <block end>", "The indentation does not fit the lines above, or a quote or bracket is not closed.", ""),
    ("expected ',' or", "A comma or a closing bracket is missing.", ""),
    ("expected the node content", "A value is missing.", ""),
    ("found unexpected end of stream", "The text ends inside a quoted string.", "close the quote"),
    ("unexpected document", "A document separator stands inside a quoted string.", "close the quote"),
    (
        "unknown escape character",
        "A double-quoted string has a backslash that YAML does not know.",
        "use single quotes",
    ),
    ("undefined tag handle", "A tag uses a handle that is not defined.", "write functions as !Ref, !Sub, !GetAtt ..."),
    ("cannot start any token", "A character stands where YAML allows none.", "put the value in quotes"),
    (
        "alphabetic or numeric character",
        "An anchor or alias has no name.",
        "put text that starts with & or * in quotes",
    ),
)


class _Frame:
    """A mapping or list that is being read."""

    __slots__ = ("anchor", "close", "height", "is_flow", "key", "levels", "merged", "size", "tag", "tree", "wanted")

    def __init__(self, tree: Object | Array, tag: str | None, anchor: str | None, is_flow: bool) -> None:
        self.tree = tree
        self.tag = tag
        self.anchor = anchor
        self.is_flow = is_flow
        self.key: tuple[str, int, int, bool] | None = None
        self.wanted = isinstance(tree, Object)  # a key comes next
        self.merged: list[Tree] = []
        self.levels = 2 if tag is not None and _is_call(tag) else 1  # a function is a mapping around its argument
        self.size = self.levels
        self.height = self.levels
        self.close = tree.start


def _is_call(tag: str) -> bool:
    return len(tag) > 1 and tag.startswith("!")


def read_yaml(text: str, problems: list[Problem]) -> tuple[Tree, bool]:
    """The one document of `text`, and whether aliases were resolved. Adds to `problems` what is wrong beside what can be
    read. Raises Fault for text that is no YAML, holds no or several documents, or is nested too deeply."""
    return _Composer(text, problems).compose()


class _Composer:
    def __init__(self, text: str, problems: list[Problem]) -> None:
        self.text = text
        self.problems = problems
        self.stack: list[_Frame] = []
        self.depth = 0
        self.anchors: dict[str, tuple[Tree | None, int, int]] = {}
        self.root: Tree | None = None
        self.aliased = False
        self.resolved: dict[str, Scalar] = {}

    def compose(self) -> tuple[Tree, bool]:
        from yaml.events import (
            AliasEvent,
            DocumentStartEvent,
            MappingEndEvent,
            MappingStartEvent,
            ScalarEvent,
            SequenceEndEvent,
            SequenceStartEvent,
        )

        documents = 0
        for event in self._events():
            kind = type(event)
            if kind is ScalarEvent:
                self._scalar(event)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self._open(event, kind is MappingStartEvent)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._end(event)
            elif kind is AliasEvent:
                self._alias(event)
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise Fault(
                        event.start_mark.index,
                        "A second YAML document starts here; a template is one document.",
                        "give each template a file of its own",
                    )
        if self.root is None:
            raise Fault(0, "The file is empty.")
        return self.root, self.aliased

    def _events(self) -> Iterator[Any]:
        import yaml

        unprintable = _NOT_PRINTABLE.search(self.text)
        if unprintable:
            raise Fault(unprintable.start(), "A control character stands in the text; YAML takes none.")
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            yield from yaml.parse(self.text, Loader=loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            offset = mark.index if mark else 0
            problem = error.problem or ""
            if "max depth" in problem or "nesting depth" in problem:
                raise TooDeep(offset) from None
            if self.text[offset : offset + 1] == "\t":
                raise Fault(offset, "A tab stands where YAML wants spaces.", "indent with spaces") from None
            said = [(expected, hint) for words, expected, hint in _WORDS if words in problem]
            expected, hint = said[0] if said else ("The text is no well-formed YAML.", "")
            raise Fault(offset, expected, hint) from None
        except (yaml.YAMLError, RecursionError, ValueError):
            raise Fault(0, "The text is no well-formed YAML.") from None

    # --- scalars ---------------------------------------------------------------------------------------------------

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        value: str = event.value
        if self.stack and self.stack[-1].wanted:
            plain = event.tag is None and event.implicit[0]
            self._key(value, start, end, plain and value == "<<")
            if event.anchor:
                self.anchors[event.anchor] = (Leaf(value, start, end), 1, 0)
            return
        if event.style in ("|", ">"):
            end = start + len(self.text[start:end].rstrip())
        elif event.style == '"' and not value.isascii():
            value = _SURROGATE.sub("\ufffd", value)
        tree: Tree
        if event.tag is None or event.tag == "!":
            if event.implicit[0]:
                if value in self.resolved:
                    tree = Leaf(self.resolved[value], start, end)
                else:
                    tree = Leaf(self.resolved.setdefault(value, scalars.resolve(value)), start, end)
            else:
                tree = Leaf(value, start, end)
        else:
            tree = self._tagged_scalar(event.tag, value, start, end)
        self._add(tree, event.anchor, 1, 0 if isinstance(tree, Leaf) else 2)

    def _tagged_scalar(self, tag: str, value: str, start: int, end: int) -> Tree:
        if tag == _STANDARD + "str":
            return Leaf(value, start, end)
        if tag.startswith(_STANDARD):
            return self._standard_scalar(tag.removeprefix(_STANDARD), value, start, end)
        if tag == "!GetAtt":
            parts: list[Tree] = [Leaf(part, start, end) for part in value.split(".", 1)]
            return self._call(tag, Array(parts, start, end), start, end)
        return self._call(tag, Leaf(value, start, end), start, end)

    def _standard_scalar(self, kind: str, value: str, start: int, end: int) -> Tree:
        found: Scalar = None
        if kind == "int":
            found = scalars.integer(value)
        elif kind == "float":
            found = scalars.decimal(value)
            if found is None and (number := scalars.integer(value)) is not None:
                found = float(number)
        elif kind == "bool":
            found = scalars.boolean(value)
        elif kind == "null":
            if scalars.is_null(value):
                return Leaf(None, start, end)
        else:
            return self._bad_tag(start, end)
        if found is None:
            return self._broken(
                "Value does not fit its tag",
                "The tag says another type than the text has.",
                "",
                "misread value",
                start,
                end,
            )
        return Leaf(found, start, end)

    # --- collections -----------------------------------------------------------------------------------------------

    def _open(self, event: Any, is_object: bool) -> None:
        start = event.start_mark.index
        if self.depth >= MOST_DEPTH:
            raise TooDeep(start)
        tree: Object | Array = Object({}, {}, start, start) if is_object else Array([], start, start)
        if self.stack and self.stack[-1].wanted:
            raise Fault(start, "A key is a list or a mapping; a template's keys are text.", "put the key in quotes")
        if event.anchor:
            self.anchors[event.anchor] = (None, 0, 0)
        frame = _Frame(tree, event.tag, event.anchor, bool(event.flow_style))
        self.depth += frame.levels
        self.stack.append(frame)

    def _end(self, event: Any) -> None:
        frame = self.stack.pop()
        self.depth -= frame.levels
        tree = frame.tree
        tree.end = event.end_mark.index if frame.is_flow else max(frame.close, tree.start)
        if frame.merged and isinstance(tree, Object):
            self._merge(tree, frame.merged)
        done: Tree = tree
        tag = frame.tag
        if tag is not None and tag != "!":
            standard = _STANDARD + ("map" if isinstance(tree, Object) else "seq")
            if tag != standard:
                done = self._call(tag, tree, tree.start, tree.end)
        self._add(done, frame.anchor, frame.size, frame.height)

    def _add(self, tree: Tree, anchor: str | None, size: int, height: int, end: int | None = None) -> None:
        """A finished node to where it belongs; `end` is where an alias ends, `height` the levels below."""
        if anchor:
            self.anchors[anchor] = (tree, size, height)
        if not self.stack:
            self.root = tree
            return
        frame = self.stack[-1]
        frame.close = tree.end if end is None else end
        frame.size += size
        frame.height = max(frame.height, height + frame.levels)
        into = frame.tree
        if isinstance(into, Array):
            into.items.append(tree)
            return
        assert frame.key is not None
        key, key_start, key_end, is_merge = frame.key
        frame.key, frame.wanted = None, True
        if is_merge:
            frame.merged.append(tree)
            return
        if key in into.items:
            self.problems.append(duplicate_key(key_start, into.keys[key][0]))
            tree = Broken(WRITTEN_TWICE, key_start, key_end)
        into.items[key] = tree
        into.keys[key] = (key_start, key_end)

    def _key(self, key: str, start: int, end: int, is_merge: bool) -> None:
        frame = self.stack[-1]
        frame.key = (key, start, end, is_merge)
        frame.wanted = False
        frame.close = end
        if not key and start == end:
            self.problems.append(Problem("Empty key", start, "A value stands here without a key."))

    def _merge(self, tree: Object, merged: list[Tree]) -> None:
        """Keys of `<<` come where the mapping has none of its own; of several mappings the first wins."""
        sources: list[Tree] = []
        for source in merged:
            sources.extend(source.items if isinstance(source, Array) else [source])
        for source in sources:
            if not isinstance(source, Object):
                self.problems.append(Problem("Merge of no mapping", source.start, "A merge key wants mappings."))
                continue
            for key, value in source.items.items():
                if key not in tree.items:
                    tree.items[key] = value
                    tree.keys[key] = source.keys[key]

    # --- aliases and tags ------------------------------------------------------------------------------------------

    def _alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor not in self.anchors:
            raise Fault(
                start, "An alias names an anchor that is not defined above.", "put text that starts with * in quotes"
            )
        tree, size, height = self.anchors[event.anchor]
        if tree is None:
            raise Fault(start, "An alias stands inside what it names.")
        self.aliased = True
        if self.stack and self.stack[-1].wanted:
            if not isinstance(tree, Leaf):
                raise Fault(start, "A key is a list or a mapping; a template's keys are text.")
            self._key(scalars.text_of(tree.value), start, end, False)
            return
        if self.depth + height > MOST_DEPTH:
            raise TooDeep(start)
        if size + sum(frame.size for frame in self.stack) > MOST_ALIASED_NODES:
            raise Fault(
                start,
                f"The aliases expand to more than {MOST_ALIASED_NODES} values.",
                "write the template without aliases, as CloudFormation itself wants it",
            )
        self._add(tree, None, size, height, end)

    def _call(self, tag: str, argument: Tree, start: int, end: int) -> Tree:
        name = tag[1:]
        if not _is_call(tag) or (name not in SHORT_FORMS and name not in ("Ref", "Condition")):
            return self._bad_tag(start, end)
        key = name if name in ("Ref", "Condition") else f"Fn::{name}"
        return Object({key: argument}, {key: (start, start)}, start, end)

    def _bad_tag(self, start: int, end: int) -> Tree:
        return self._broken(
            "Unknown tag",
            "CloudFormation has no function of this name, and takes no other tags.",
            "the short forms are !Ref, !GetAtt, !Sub, !Join, !Select, !Split, !FindInMap, !If and so on",
            "unknown tag",
            start,
            end,
        )

    def _broken(self, summary: str, detail: str, hint: str, reason: str, start: int, end: int) -> Broken:
        self.problems.append(Problem(summary, start, detail, hint))
        return Broken(reason, start, end)
