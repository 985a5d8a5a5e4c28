"""The outline of a `.tf` file: its blocks and attributes with their spans, and nothing of their expressions.

A scanner of a few regular expressions, not a parser: it knows strings with templates in them, heredocs, comments and
brackets, which is what it takes to find where an attribute begins and ends. It never fails; what it cannot read it
steps over to the next line. Source: github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re

_NAME = r"[^\W\d][\w-]*"
_SPACE = re.compile(r"(?:[\s,;]+|(?:\#|//)[^\n]*|/\*.*?(?:\*/|\Z))+", re.DOTALL)
_GAP = re.compile(r"(?:[ \t]+|/\*.*?(?:\*/|\Z))*", re.DOTALL)
_WORD = re.compile(_NAME)
_LABELS = re.compile(rf'(?:[ \t]*(?:"(?:[^"\\\n]|\\.)*"|{_NAME}))*[ \t]*')
_LABEL = re.compile(rf'"((?:[^"\\\n]|\\.)*)"|({_NAME})')
IN_EXPRESSION = re.compile(r'["{}\[\]()\n]|\#|//|/\*|<<-?([^\W\d][\w-]*)[ \t]*\r?(?=\n)')
IN_STRING = re.compile(r'["\n]|\\.|\$\$\{|%%\{|[$%]\{', re.DOTALL)
OPENERS = {"{": "}", "[": "]", "(": ")"}
MOST_DEPTH = 512


class Attribute:
    """`name = expression`, from the name's first character to the expression's last."""

    __slots__ = ("end", "name", "start", "value")

    def __init__(self, name: str, start: int, value: int, end: int) -> None:
        self.name = name
        self.start = start
        self.value = value
        self.end = end


class Block:
    """A block: its type and labels, its header (up to the brace), and what is in it."""

    __slots__ = ("attributes", "blocks", "end", "header", "labels", "start", "type")

    def __init__(self, type_: str, labels: tuple[str, ...], start: int, header: int) -> None:
        self.type = type_
        self.labels = labels
        self.start = start
        self.header = header
        self.end = header
        self.attributes: dict[str, Attribute] = {}
        self.blocks: list[Block] = []


def outline(text: str) -> Block:
    """The file as a block without a header."""
    root = Block("", (), 0, 0)
    stack = [root]
    position = 0
    length = len(text)
    while True:
        space = _SPACE.match(text, position)
        if space is not None:
            position = space.end()
        if position >= length:
            break
        word = _WORD.match(text, position)
        if word is None:
            if text[position] == "}" and len(stack) > 1:
                stack.pop().end = position + 1
                position += 1
            else:
                position = end_of_expression(text, position)
                position += position < length
            continue
        position = _item(text, word, stack)
    for block in stack:
        block.end = length
    return root


def _item(text: str, word: re.Match[str], stack: list[Block]) -> int:
    """Read the attribute or the header of the block that begins with `word`; the position after it."""
    gap = _GAP.match(text, word.end())
    after = gap.end() if gap is not None else word.end()
    if text.startswith("=", after) and not text.startswith("==", after):
        end = end_of_expression(text, after + 1)
        name = word[0]
        stack[-1].attributes.setdefault(name, Attribute(name, word.start(), after + 1, end))
        return end
    labels = _LABELS.match(text, after)
    brace = labels.end() if labels is not None else after
    if text.startswith("{", brace) and len(stack) < MOST_DEPTH:
        names = tuple(quoted or bare for quoted, bare in _LABEL.findall(text, after, brace))
        block = Block(word[0], names, word.start(), _last(text, word.end(), brace))
        stack[-1].blocks.append(block)
        stack.append(block)
        return brace + 1
    end = end_of_expression(text, after)
    return end if end > word.end() else word.end()


def end_of_expression(text: str, position: int) -> int:
    """Where the expression that begins at `position` ends: at the end of its line, or before the bracket that closes
    what it stands in. Trailing space and comments are not part of it."""
    closers: list[str] = []
    end = position
    length = len(text)
    while True:
        pattern = IN_STRING if closers and closers[-1] == '"' else IN_EXPRESSION
        match = pattern.search(text, position)
        if match is None:
            return _last(text, end, length)
        token = match[0]
        if pattern is IN_STRING:
            position = match.end()
            if token == '"':
                closers.pop()
            elif token == "\n":
                closers.pop()  # a string does not go over the end of a line
                position = match.start()
            elif token in ("${", "%{"):
                closers.append("}")
        elif token == "\n":
            if not closers:
                return _last(text, end, match.start())
            position = match.end()
        elif token in ("#", "//"):
            if not closers:
                return _last(text, end, match.start())
            newline = text.find("\n", match.end())
            position = length if newline < 0 else newline
        elif token == "/*":
            close = text.find("*/", match.end())
            position = length if close < 0 else close + 2
        elif token == '"':
            closers.append('"')
            position = match.end()
        elif token in OPENERS:
            closers.append(OPENERS[token])
            position = match.end()
        elif token in ("}", "]", ")"):
            if not closers:
                return _last(text, end, match.start())
            if closers[-1] == token:
                closers.pop()
            position = match.end()
        else:
            position = heredoc_end(text, match.end(), match[1])
        if len(closers) > MOST_DEPTH:
            return length


def heredoc_end(text: str, position: int, marker: str) -> int:
    """Where the heredoc ends whose text begins behind `position`: behind its marker, or at the end of the file."""
    close = re.compile(rf"^[ \t]*{re.escape(marker)}[ \t]*\r?$", re.MULTILINE).search(text, position + 1)
    return len(text) if close is None else close.end()


def _last(text: str, start: int, end: int) -> int:
    """`end` without trailing white space, not before `start`."""
    while end > start and text[end - 1] in " \t\r":
        end -= 1
    return end
