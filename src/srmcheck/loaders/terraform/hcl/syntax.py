"""The syntax tree of HCL: small nodes with exact spans.

`start` and `end` are offsets in the text of the file (`Source` turns them into lines and columns). Trees are not
changed after parsing. Strings hold what their escapes mean; a heredoc is a `Template` or a `Literal` like any string.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from srmcheck.source import Call, Location


class Source:
    """One file's text, under the name that the user knows it by. Lines and columns count from 1, in characters."""

    __slots__ = ("_lines", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._lines: list[int] | None = None

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        lines = self._lines
        if lines is None:
            lines = self._lines = [0]
            at = self.text.find("\n")
            while at >= 0:
                lines.append(at + 1)
                at = self.text.find("\n", at + 1)
        line = bisect_right(lines, offset)
        return line, offset - lines[line - 1] + 1

    def location(self, start: int, end: int, via: tuple[Call, ...] = ()) -> Location:
        """The span as a Location."""
        line, column = self.position(start)
        end_line, end_column = self.position(end)
        return Location(self.name, line, column, end_line, end_column, via)


class Syntax:
    """Any node: a span in its file."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    def children(self) -> Iterator[Syntax]:
        """The nodes below, in the order of the text."""
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, Syntax):
                yield value
            elif isinstance(value, (list, tuple)):
                for item in value:
                    if isinstance(item, Syntax):
                        yield item


class Expr(Syntax):
    """Any expression."""

    __slots__ = ()


class Literal(Expr):
    """A number, string, boolean or null."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, value: str | int | float | bool | None) -> None:
        super().__init__(start, end)
        self.value = value


class Name(Expr):
    """A name by itself: the root of a traversal, or a loop's variable."""

    __slots__ = ("name",)

    def __init__(self, start: int, end: int, name: str) -> None:
        super().__init__(start, end)
        self.name = name


class Wrapped(Expr):
    """`(x)` or `"${x}"`: the value of x, but no bare name where one would be read as text."""

    __slots__ = ("of",)

    def __init__(self, start: int, end: int, of: Expr) -> None:
        super().__init__(start, end)
        self.of = of


class Step(Syntax):
    """One step of a traversal."""

    __slots__ = ()


class GetAttr(Step):
    """`.name`"""

    __slots__ = ("name",)

    def __init__(self, start: int, end: int, name: str) -> None:
        super().__init__(start, end)
        self.name = name


class GetIndex(Step):
    """`[key]`"""

    __slots__ = ("key",)

    def __init__(self, start: int, end: int, key: Expr) -> None:
        super().__init__(start, end)
        self.key = key


class Splat(Step):
    """`[*]` or `.*`: the steps that follow are taken from each element."""

    __slots__ = ()


class Traversal(Expr):
    """Steps from a root. An index behind `.*` starts a traversal of its own, as HCL reads it."""

    __slots__ = ("legacy", "root", "steps")

    def __init__(self, start: int, end: int, root: Expr, steps: list[Step]) -> None:
        super().__init__(start, end)
        self.root = root
        self.steps = steps
        self.legacy = False


class FunctionCall(Expr):
    """A function call; `expand` if the last argument ends with `...`."""

    __slots__ = ("args", "expand", "name")

    def __init__(self, start: int, end: int, name: str, args: list[Expr], expand: bool) -> None:
        super().__init__(start, end)
        self.name = name
        self.args = args
        self.expand = expand


class Unary(Expr):
    """`-x` or `!x`"""

    __slots__ = ("of", "operator")

    def __init__(self, start: int, end: int, operator: str, of: Expr) -> None:
        super().__init__(start, end)
        self.operator = operator
        self.of = of


class Binary(Expr):
    """`left operator right`"""

    __slots__ = ("left", "operator", "right")

    def __init__(self, start: int, end: int, operator: str, left: Expr, right: Expr) -> None:
        super().__init__(start, end)
        self.operator = operator
        self.left = left
        self.right = right


class Conditional(Expr):
    """`condition ? true : false`"""

    __slots__ = ("condition", "false", "true")

    def __init__(self, start: int, end: int, condition: Expr, true: Expr, false: Expr) -> None:
        super().__init__(start, end)
        self.condition = condition
        self.true = true
        self.false = false


class TupleCons(Expr):
    """`[a, b]`"""

    __slots__ = ("items",)

    def __init__(self, start: int, end: int, items: list[Expr]) -> None:
        super().__init__(start, end)
        self.items = items


class Item(Syntax):
    """One `key = value` of an object. A key that is a bare `Name` is text."""

    __slots__ = ("key", "value")

    def __init__(self, start: int, end: int, key: Expr, value: Expr) -> None:
        super().__init__(start, end)
        self.key = key
        self.value = value


class ObjectCons(Expr):
    """`{ key = value }`"""

    __slots__ = ("items",)

    def __init__(self, start: int, end: int, items: list[Item]) -> None:
        super().__init__(start, end)
        self.items = items


class For(Expr):
    """`[for k, v in coll : value if condition]`, or with `{ ... key => value... }` an object (`key` set)."""

    __slots__ = ("collection", "condition", "group", "key", "key_name", "value", "value_name")

    def __init__(
        self,
        start: int,
        end: int,
        names: tuple[str | None, str],
        collection: Expr,
        key: Expr | None,
        value: Expr,
        group: bool,
        condition: Expr | None,
    ) -> None:
        super().__init__(start, end)
        self.key_name, self.value_name = names
        self.collection = collection
        self.key = key
        self.value = value
        self.group = group
        self.condition = condition


class Template(Expr):
    """Text with interpolations and directives: the parts in order, literal text as `Literal`."""

    __slots__ = ("parts",)

    def __init__(self, start: int, end: int, parts: list[Expr]) -> None:
        super().__init__(start, end)
        self.parts = parts


class TemplateFor(Expr):
    """`%{ for k, v in coll }...%{ endfor }`"""

    __slots__ = ("body", "collection", "key_name", "value_name")

    def __init__(self, start: int, end: int, names: tuple[str | None, str], collection: Expr, body: Template) -> None:
        super().__init__(start, end)
        self.key_name, self.value_name = names
        self.collection = collection
        self.body = body


class Attribute(Syntax):
    """`name = expr`"""

    __slots__ = ("expr", "name")

    def __init__(self, start: int, end: int, name: str, expr: Expr) -> None:
        super().__init__(start, end)
        self.name = name
        self.expr = expr


class Body(Syntax):
    """Arguments by name, and blocks, both in the order of the text."""

    __slots__ = ("attributes", "blocks")

    def __init__(self, start: int, end: int, attributes: dict[str, Attribute], blocks: list[Block]) -> None:
        super().__init__(start, end)
        self.attributes = attributes
        self.blocks = blocks

    def children(self) -> Iterator[Syntax]:
        yield from sorted([*self.attributes.values(), *self.blocks], key=lambda item: item.start)


class Block(Syntax):
    """`type "label" { ... }`; the header runs up to the brace."""

    __slots__ = ("body", "header_end", "labels", "type")

    def __init__(self, start: int, end: int, type: str, labels: list[str], header_end: int, body: Body) -> None:
        super().__init__(start, end)
        self.type = type
        self.labels = labels
        self.header_end = header_end
        self.body = body


def walk(node: Syntax) -> Iterator[Syntax]:
    """The node and all below it, in the order of the text."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(current.children())))
