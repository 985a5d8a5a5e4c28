"""Functions of files, inside the boundary only.

A file that is not there is unknown, not an error: pipelines make some on the way.
"""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import os
import posixpath
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from srmcheck.loaders.terraform.hcl.convert import NotKnown, to_string
from srmcheck.loaders.terraform.hcl.evaluate import Evaluator
from srmcheck.loaders.terraform.hcl.functions.base import Context, Lazy, OverNodes, Pure, wrong_number
from srmcheck.loaders.terraform.hcl.parse import parse_template
from srmcheck.loaders.terraform.hcl.partial import EvalError, Whole, derive, each_world
from srmcheck.loaders.terraform.hcl.scope import Scope
from srmcheck.loaders.terraform.hcl.syntax import FunctionCall, Source
from srmcheck.loaders.terraform.hcl.tokens import Fault
from srmcheck.values import Node, Unknown


def _path(context: Context, node: Node) -> str:
    """A path argument. Raises NotKnown if it is not known."""
    text = to_string(context.resolved(node).value)
    if text is None:
        raise EvalError("Null argument", "A path must not be null.")
    return text


def _missing(context: Context, name: str, path: str) -> Node:
    context.evaluator.unread[f"function {name}: the file is not there"] += 1
    return Node(Unknown("file that is not there", path[:120]))


def _bytes(context: Context, name: str, path: str) -> bytes | Node:
    """The content of a file, or an unknown node in its place."""
    root = context.scope.module.root
    target = Path(os.path.normpath(root.directory / path))
    if not target.exists():
        return _missing(context, name, path)
    data = root.read(target, path)
    return data if data is not None else Node(Unknown("file that cannot be read", path[:120]))


def _reading(name: str, decode: Callable[[bytes], str]) -> OverNodes:
    def apply(context: Context, args: list[Node]) -> Node:
        if len(args) != 1:
            raise wrong_number()
        data = _bytes(context, name, _path(context, args[0]))
        if isinstance(data, Node):
            return data
        try:
            return Node(decode(data))
        except UnicodeDecodeError:
            raise EvalError("Not UTF-8", "The file is not UTF-8 text.", "Use filebase64.") from None

    return apply


def _digest(algorithm: str, encoded: bool = False) -> Callable[[bytes], str]:
    def digest(data: bytes) -> str:
        value = hashlib.new(algorithm, data, usedforsecurity=False)
        return base64.b64encode(value.digest()).decode("ascii") if encoded else value.hexdigest()

    return digest


def fileexists(context: Context, args: list[Node]) -> Node:
    """Whether a file is there; what a pipeline makes on the way is not, so "no" is not known."""
    if len(args) != 1:
        raise wrong_number()
    path = _path(context, args[0])
    root = context.scope.module.root
    target = Path(os.path.normpath(root.directory / path))
    if root.inside(target) and target.is_file():
        return Node(True)
    return Node(Unknown("file that is not there", path[:120]))


def fileset(context: Context, args: list[Node]) -> Node:
    """The files below a folder that match a pattern."""
    from srmcheck.loaders.terraform.hcl.convert import TfSet

    if len(args) != 2:
        raise wrong_number()
    folder, pattern = _path(context, args[0]), _path(context, args[1])
    root = context.scope.module.root
    base = Path(os.path.normpath(root.directory / folder))
    if not root.inside(base) or not base.is_dir():
        return _missing(context, "fileset", folder)
    found: list[str] = []
    for current, folders, files in os.walk(base):
        folders.sort()
        for name in files:
            path = (Path(current) / name).relative_to(base).as_posix()
            if _matches(path.split("/"), pattern.split("/")):
                found.append(path)
        if len(found) > 4096:
            raise EvalError("Value too large", "fileset finds more than 4096 files.")
    return Node(TfSet(Node(path) for path in sorted(found)))


def _matches(path: list[str], pattern: list[str]) -> bool:
    """Whether a path fits a pattern in which ** stands for any number of folders."""
    reachable = {0}
    for part in pattern:
        following: set[int] = set()
        for at in reachable:
            if part == "**":
                following.update(range(at, len(path) + 1))
            elif at < len(path) and any(fnmatch.fnmatchcase(path[at], one) for one in _alternatives(part)):
                following.add(at + 1)
        reachable = following
    return len(path) in reachable


def _alternatives(pattern: str) -> list[str]:
    """`{a,b}` written out."""
    start, end = pattern.find("{"), pattern.find("}")
    if start < 0 or end < start:
        return [pattern]
    return [pattern[:start] + part + pattern[end + 1 :] for part in pattern[start + 1 : end].split(",")][:64]


def templatefile(evaluator: Evaluator, expr: FunctionCall, scope: Scope) -> Node:
    """A template file with the given names. Raises EvalError."""
    if len(expr.args) != 2:
        raise wrong_number()
    context = Context(evaluator, expr, scope)
    path_node, names = (evaluator.resolved(evaluator.evaluate(arg, scope), scope) for arg in expr.args)

    def one(picked: list[Node]) -> Node:
        try:
            path = _path(context, picked[0])
        except NotKnown:
            return derive("", *picked)
        data = _bytes(context, "templatefile", path)
        if isinstance(data, Node):
            return data
        values = picked[1].value
        if not isinstance(values, dict) or isinstance(values, Whole):
            return derive("", *picked)
        return _render(context, path, data, values)

    return each_world([path_node, names], one)


def _render(context: Context, path: str, data: bytes, values: dict[str, Node]) -> Node:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise EvalError("Not UTF-8", "The template file is not UTF-8 text.") from None
    return _rendered(context, path, text, values)


_parsed = lru_cache(maxsize=128)(parse_template)


def _rendered(context: Context, path: str, text: str, values: dict[str, Node]) -> Node:
    try:
        tree = _parsed(text)
    except Fault as fault:
        line, _ = Source(path, text).position(fault.offset)
        raise EvalError(
            "Invalid template file", f"Line {line} of the template: {fault.summary.lower()}. {fault.detail}", fault.hint
        ) from None
    return context.evaluator.evaluate(tree, context.scope.for_template(Source(path, text), values))


def templatestring(evaluator: Evaluator, expr: FunctionCall, scope: Scope) -> Node:
    """A template held by a string. Raises EvalError."""
    if len(expr.args) != 2:
        raise wrong_number()
    context = Context(evaluator, expr, scope)
    text_node, names = (evaluator.resolved(evaluator.evaluate(arg, scope), scope) for arg in expr.args)

    def one(picked: list[Node]) -> Node:
        values = picked[1].value
        if not isinstance(picked[0].value, str) or not isinstance(values, dict) or isinstance(values, Whole):
            return derive("", *picked)
        return _rendered(context, "template", picked[0].value, values)

    return each_world([text_node, names], one)


def _known(apply: Callable[[str], Any]) -> Pure:
    return Pure(apply, "string")


def _machine(context: Context, args: list[Node]) -> Node:
    return Node(Unknown("differs from machine to machine"))


LAZY: dict[str, Lazy] = {"templatefile": templatefile, "templatestring": templatestring}

FUNCTIONS: dict[str, Pure | OverNodes] = {
    "abspath": _machine,
    "basename": _known(lambda path: posixpath.basename(path.rstrip("/")) or ("/" if path else ".")),
    "dirname": _known(lambda path: posixpath.dirname(path) or ("." if not path.startswith("/") else "/")),
    "file": _reading("file", lambda data: data.decode("utf-8")),
    "filebase64": _reading("filebase64", lambda data: base64.b64encode(data).decode("ascii")),
    "filebase64sha256": _reading("filebase64sha256", _digest("sha256", True)),
    "filebase64sha512": _reading("filebase64sha512", _digest("sha512", True)),
    "fileexists": fileexists,
    "filemd5": _reading("filemd5", _digest("md5")),
    "fileset": fileset,
    "filesha1": _reading("filesha1", _digest("sha1")),
    "filesha256": _reading("filesha256", _digest("sha256")),
    "filesha512": _reading("filesha512", _digest("sha512")),
    "pathexpand": _machine,
}
