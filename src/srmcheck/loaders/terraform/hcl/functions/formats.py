"""format and formatlist.

Source: developer.hashicorp.com/terraform/language/functions/format
"""

from __future__ import annotations

import re

from srmcheck.loaders.terraform.hcl import texts
from srmcheck.loaders.terraform.hcl.convert import (
    NotKnown,
    check_items,
    json_text,
    number_text,
    plain,
    to_bool,
    to_number,
    to_string,
)
from srmcheck.loaders.terraform.hcl.functions.base import Context, OverNodes, elements, fixed, wrong_number
from srmcheck.loaders.terraform.hcl.partial import EvalError
from srmcheck.values import Json, Node, Reference, Text, Unknown

_VERB = re.compile(
    r"%(?P<flags>[ +\-0#]*)(?P<width>\d+)?(?:\.(?P<precision>\d+))?(?:\[(?P<index>\d+)\])?(?P<verb>[a-zA-Z%])"
)


def format_(context: Context, args: list[Node]) -> Node:
    """Text by a pattern; references and unknown strings stay as parts where they stand as they are."""
    if not args:
        raise wrong_number()
    pattern = context.resolved(args[0]).value
    if not isinstance(pattern, str):
        raise NotKnown
    parts: list[Node] = []
    at = 0
    position = 0
    used = 0
    for match in _VERB.finditer(pattern):
        literal = pattern[at : match.start()]
        if "%" in literal:
            break
        parts.append(Node(literal))
        at = match.end()
        if match["verb"] == "%":
            parts.append(Node("%"))
            continue
        position = int(match["index"]) if match["index"] else position + 1
        used = max(used, position)
        if not 1 <= position < len(args):
            raise EvalError("Missing argument", "The pattern of format names more arguments than there are.")
        parts.append(_formatted(context, match, args[position]))
    rest = pattern[at:]
    if "%" in rest:
        raise EvalError("Invalid pattern", "A % in the pattern of format begins no verb that Terraform has.")
    if used < len(args) - 1:
        raise EvalError("Too many arguments", "The pattern of format does not use all arguments.")
    parts.append(Node(rest))
    return texts.template(parts)


def _formatted(context: Context, match: re.Match[str], arg: Node) -> Node:
    bare = not match["flags"] and not match["width"] and not match["precision"]
    if match["verb"] in "sv" and bare and isinstance(arg.value, (Reference, Text, Unknown, Json)):
        return arg
    node = context.resolved(arg)
    if match["verb"] in "sv" and bare and isinstance(node.value, Unknown):
        return arg
    text = _verb(match, node)
    flags, width = match["flags"], min(int(match["width"] or 0), 1000)
    if "0" in flags and "-" not in flags and match["verb"] in "dfeEgGbxXov":
        sign = text[0] if text[:1] in "+-" and text else ""
        text = sign + text[len(sign) :].rjust(width - len(sign), "0")
    return Node(text.ljust(width) if "-" in flags else text.rjust(width), secret=arg.secret)


def _verb(match: re.Match[str], node: Node) -> str:
    verb = match["verb"]
    precision = min(int(match["precision"]), 100) if match["precision"] else None
    value = plain(node)
    if verb == "v":
        if value is None:
            return "null"
        verb = (
            "s"
            if isinstance(value, str)
            else "t"
            if isinstance(value, bool)
            else "g"
            if not _container(value)
            else "#v"
        )
    if verb == "#v" or (verb == "v" and "#" in match["flags"]):
        return json_text(value)
    if value is None:
        raise EvalError("Null argument", "An argument of format must not be null.")
    match verb:
        case "s" | "q":
            text = to_string(node.value) or ""
            text = text[:precision] if precision is not None else text
            return json_text(text) if verb == "q" else text
        case "t":
            return "true" if to_bool(node.value) else "false"
        case "g":
            return number_text(to_number(node.value) or 0)
    number = to_number(node.value) or 0
    sign = "+" if "+" in match["flags"] else ""
    if verb in "dbox" or verb == "X":
        if number != int(number):
            raise EvalError("Unsuitable value", "This verb of format needs a whole number.")
        kind = {"d": "d", "b": "b", "o": "o", "x": "x", "X": "X"}[verb]
        return format(int(number), f"{sign}{kind}")
    if verb in "feEG":
        return format(number, f"{sign}.{6 if precision is None else precision}{verb}")
    raise EvalError("Invalid pattern", "The pattern of format has a verb that Terraform does not have.")


def _container(value: object) -> bool:
    return isinstance(value, (list, dict))


def formatlist(context: Context, args: list[Node]) -> Node:
    """format for each element of the lists among the arguments."""
    if not args:
        raise wrong_number()
    lists = {
        at: fixed(elements(context.resolved(arg) if isinstance(arg.value, Reference) else arg))
        for at, arg in enumerate(args[1:], 1)
        if isinstance(arg.value, list) or (isinstance(arg.value, Unknown) and len(args) == 2)
    }
    lengths = {len(items) for items in lists.values()}
    if len(lengths) > 1:
        raise EvalError("Different lengths", "The lists of formatlist must have the same length.")
    count = lengths.pop() if lengths else 1
    check_items(count)
    return Node(
        [
            format_(context, [lists[at][row] if at in lists else arg for at, arg in enumerate(args)])
            for row in range(count)
        ]
    )


FUNCTIONS: dict[str, OverNodes] = {"format": format_, "formatlist": formatlist}
