"""Rego text to a small syntax tree, parsed by the embedded engine's own parser.

Offsets are in bytes of the module's UTF-8 text, lines count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from srmcheck.diagnostics import Diagnostic, PolicyError
from srmcheck.engine.embedded import add_module, regorus_module

_PARTS = {
    "Array": ("items",),
    "Set": ("items",),
    "ArrayCompr": ("term",),
    "SetCompr": ("term",),
    "ObjectCompr": ("key", "value"),
    "Call": ("fcn", "params"),
    "UnaryExpr": ("expr",),
    "RefDot": ("refr",),
    "RefBrack": ("refr", "index"),
    "BinExpr": ("lhs", "rhs"),
    "BoolExpr": ("lhs", "rhs"),
    "ArithExpr": ("lhs", "rhs"),
    "AssignExpr": ("lhs", "rhs"),
    "Membership": ("key", "value", "collection"),
}
_SCALARS = frozenset({"String", "RawString", "Number", "Bool", "Null", "Var"})


@dataclass(frozen=True, slots=True)
class Node:
    """An expression. `kind` is the parser's own name of it; `value` that of a scalar, the name of a variable, the field
    of a RefDot or the operator; `parts` are the expressions in it, in order (an object: key, value, key, value; a
    membership: key if there is one, value, collection); `body` the query of a comprehension."""

    kind: str
    start: int
    end: int
    line: int
    value: Any = None
    parts: tuple[Node, ...] = ()
    body: tuple[Statement, ...] = ()

    def walk(self) -> Iterator[Node]:
        """This expression and all in it, but not those in the bodies of comprehensions."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of a body. `kind` is Expr or NotExpr (`node`), SomeVars (`names`), SomeIn (`patterns` in `node`) or Every
    (`names` in `node`, with `body`). `mocks` is whether it has `with` modifiers."""

    kind: str
    start: int
    line: int
    node: Node | None = None
    names: tuple[str, ...] = ()
    patterns: tuple[Node, ...] = ()
    body: tuple[Statement, ...] = ()
    mocks: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """One body of a rule, with the value that it gives (None: true, or the key of a set)."""

    value: Node | None
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is written. `kind`: complete, set, object (`p[x] := v`), function, default. `head` is its reference,
    `args` a function's parameters, `key` what a set holds or an object's key, `operator` that of the head."""

    kind: str
    head: Node
    start: int
    line: int
    branches: tuple[Branch, ...]
    args: tuple[Node, ...] = ()
    key: Node | None = None
    operator: str | None = None

    @property
    def name(self) -> str:
        """The rule's own name: the first part of its head."""
        return str(root_of(self.head).value)


@dataclass(frozen=True, slots=True)
class Module:
    """A module. `imports` maps the name that it goes by here to the path."""

    file: str
    text: bytes
    package: str
    imports: Mapping[str, str]
    rules: tuple[Rule, ...]

    def source(self, node: Node) -> str:
        """The text of an expression as it is written."""
        return self.text[node.start : node.end].decode(errors="replace")

    def column(self, start: int) -> int:
        """The column, in characters from 1, of a byte offset."""
        return len(self.text[self.text.rfind(b"\n", 0, start) + 1 : start].decode(errors="replace")) + 1


def root_of(node: Node) -> Node:
    """What a reference starts with."""
    while node.kind in ("RefDot", "RefBrack"):
        node = node.parts[0]
    return node


def steps_of(node: Node) -> list[str | Node]:
    """The steps of a reference after its root: names as text (dots and literal brackets), else the index expression."""
    steps: list[str | Node] = []
    while node.kind in ("RefDot", "RefBrack"):
        if node.kind == "RefDot":
            steps.append(str(node.value))
        else:
            index = node.parts[1]
            steps.append(str(index.value) if index.kind in ("String", "RawString") else index)
        node = node.parts[0]
    return steps[::-1]


def inner_expressions(node: Node) -> Iterator[Node]:
    """The expressions directly in one: of a reference, its index expressions and a root that is no name; of a call, its
    arguments."""
    if node.kind in ("RefDot", "RefBrack"):
        for step in steps_of(node):
            if isinstance(step, Node):
                yield step
        root = root_of(node)
        if root.kind != "Var":
            yield root
    elif node.kind == "Call":
        yield from node.parts[1:]
    else:
        yield from node.parts


def parse(text: str, file: str) -> Module:
    """The tree of one module. Raises PolicyError for a syntax error, with its place."""
    engine = regorus_module().Engine()
    add_module(engine, file, text)
    try:
        tree = orjson.loads(engine.get_ast_as_json())[0]["ast"]
        package = tree["package"]["refr"]
        raw = text.encode()
        return Module(
            file,
            raw,
            _dotted(_node(package, raw)),
            dict(_import(item, raw) for item in tree["imports"]),
            tuple(_rule(rule, raw) for rule in tree["rules"]),
        )
    except (RecursionError, orjson.JSONDecodeError):
        raise _unreadable(file, "It nests too deeply.") from None
    except (LookupError, TypeError, ValueError) as error:
        raise _unreadable(file, f"The parser's tree has a form that is not known ({error}).") from None


def _unreadable(file: str, detail: str) -> PolicyError:
    return PolicyError(Diagnostic(summary="Policy cannot be examined", file=file, line=1, detail=detail))


def _dotted(node: Node) -> str:
    return ".".join([str(root_of(node).value), *map(str, steps_of(node))])


def _import(item: Mapping[str, Any], text: bytes) -> tuple[str, str]:
    path = _dotted(_node(item["refr"], text))
    named = item.get("as")
    return (_cut(named, text) if named else path.rsplit(".", 1)[-1]), path


def _cut(span: Mapping[str, int], text: bytes) -> str:
    return text[span["start"] : span["end"]].decode()


def _rule(item: Mapping[str, Any], text: bytes) -> Rule:
    ((kind, rule),) = item.items()
    if kind == "Default":
        return Rule(
            "default",
            _node(rule["refr"], text),
            rule["span"]["start"],
            rule["span"]["line"],
            (Branch(_node(rule["value"], text), ()),),
            tuple(_node(arg, text) for arg in rule["args"]),
            operator=rule["op"],
        )
    ((kind, head),) = rule["head"].items()
    reference, assign = _node(head["refr"], text), head.get("assign")
    value = _node(assign["value"], text) if assign else None
    args: tuple[Node, ...] = ()
    key = None
    if kind == "Set":
        name, key = "set", _node(head["key"], text)
    elif kind == "Func":
        name, args = "function", tuple(_node(arg, text) for arg in head["args"])
    elif kind == "Compr":
        name = "complete"
        if reference.kind == "RefBrack" and reference.parts[0].kind == "Var":
            name, key = "object", reference.parts[1]
    else:
        raise ValueError(kind)
    branches = [
        Branch(
            _node(body["assign"]["value"], text) if body["assign"] else (None if body["is_else"] else value),
            _body(body["query"], text),
        )
        for body in rule["bodies"]
    ]
    if not branches:
        branches = [Branch(value, ())]
    span = rule["span"]
    return Rule(
        name,
        reference,
        span["start"],
        span["line"],
        tuple(branches),
        args,
        key,
        assign["op"] if assign else None,
    )


def _body(query: Mapping[str, Any], text: bytes) -> tuple[Statement, ...]:
    return tuple(_statement(item, text) for item in query["stmts"])


def _statement(item: Mapping[str, Any], text: bytes) -> Statement:
    ((kind, literal),) = item["literal"].items()
    node = None
    names: tuple[str, ...] = ()
    patterns: tuple[Node, ...] = ()
    body: tuple[Statement, ...] = ()
    if kind in ("Expr", "NotExpr"):
        node = _node(literal["expr"], text)
    elif kind == "SomeVars":
        names = tuple(_cut(span, text) for span in literal["vars"])
    elif kind == "SomeIn":
        node = _node(literal["collection"], text)
        patterns = tuple(_node(literal[key], text) for key in ("key", "value") if literal[key] is not None)
    elif kind == "Every":
        node = _node(literal["domain"], text)
        names = tuple(_cut(literal[key], text) for key in ("key", "value") if literal[key] is not None)
        body = _body(literal["query"], text)
    else:
        raise ValueError(kind)
    span = item["span"]
    return Statement(kind, span["start"], span["line"], node, names, patterns, body, bool(item.get("with_mods")))


def _node(item: Mapping[str, Any], text: bytes) -> Node:
    ((kind, inner),) = item.items()
    span = inner["span"]
    place = (span["start"], span["end"], span["line"])
    if kind in _SCALARS:
        return Node(kind, *place, inner.get("value"))
    if kind == "Object":
        fields = [_node(part, text) for field in inner["fields"] for part in field[-2:]]
        return Node(kind, *place, None, tuple(fields))
    parts: list[Node] = []
    for name in _PARTS[kind]:
        part = inner[name]
        if isinstance(part, list):
            parts.extend(_node(element, text) for element in part)
        elif part is not None:
            parts.append(_node(part, text))
    value = inner["field"][1] if kind == "RefDot" else inner.get("op")
    body = _body(inner["query"], text) if "query" in inner else ()
    return Node(kind, *place, value, tuple(parts), body)
