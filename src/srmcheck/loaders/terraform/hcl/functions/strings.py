"""Functions of strings."""

from __future__ import annotations

from srmcheck.loaders.terraform.hcl import texts
from srmcheck.loaders.terraform.hcl.convert import NotKnown
from srmcheck.loaders.terraform.hcl.functions.base import (
    Context,
    OverNodes,
    Pure,
    elements,
    fixed,
    open_members,
    wrong_number,
)
from srmcheck.loaders.terraform.hcl.functions.regexes import regex, regexall, replaced
from srmcheck.loaders.terraform.hcl.partial import MAX_LENGTH, EvalError, each_world
from srmcheck.values import Node, Reference, Spread

# As Go's strings.TrimSpace and unicode.IsSpace.
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def join(context: Context, args: list[Node]) -> Node:
    """Elements with a separator between them; references and unknown strings stay as parts."""
    if len(args) < 2:
        raise wrong_number()
    separator = context.resolved(args[0])
    items: list[Node] = []
    for arg in args[1:]:
        items.extend(elements(context.resolved(arg) if isinstance(arg.value, Reference) else arg))
    if any(isinstance(item.value, Spread) for item in items):
        if open_members(*args[1:]):
            return each_world(args, lambda picked: join(context, picked), deep=True)
        raise NotKnown
    if not isinstance(separator.value, str):
        raise NotKnown
    return texts.joined(separator.value, fixed(items)) if items else Node("")


def split(separator: str, text: str) -> list[str]:
    if not separator:
        return list(text)
    return text.split(separator) if text else [""]


def title(text: str) -> str:
    """Each word with a capital letter, the rest as it is; a word begins behind anything but letters, digits and `_`."""
    letters: list[str] = []
    before = " "
    for character in text:
        begins = before.isspace() if not before.isascii() else not (before.isalnum() or before == "_")
        letters.append(_upper(character) if begins else character)
        before = character
    return "".join(letters)


def _upper(text: str) -> str:
    """Upper case letter by letter, as Go does it."""
    return "".join(upper if len(upper := character.upper()) == 1 else character for character in text)


def _lower(text: str) -> str:
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)


def substr(text: str, offset: int | float, length: int | float) -> str:
    start = int(offset)
    if start < 0:
        start = max(0, start + len(text))
    rest = text[start:]
    return rest if length < 0 else rest[: int(length)]


def indent(spaces: int | float, text: str) -> str:
    if spaces < 0 or text.count("\n") * spaces > MAX_LENGTH:
        raise EvalError("Value too large", "The indentation is out of range.")
    return text.replace("\n", "\n" + " " * int(spaces))


def replace(text: str, search: str, replacement: str) -> str:
    if len(search) > 1 and search.startswith("/") and search.endswith("/"):
        return replaced(search[1:-1], text, replacement)
    if (text.count(search) or len(text)) * len(replacement) > MAX_LENGTH:
        raise EvalError("Value too large", "The text is longer than srmcheck keeps.")
    return text.replace(search, replacement)


FUNCTIONS: dict[str, Pure | OverNodes] = {
    "chomp": Pure(lambda text: text.rstrip("\r\n"), "string"),
    "endswith": Pure(lambda text, suffix: text.endswith(suffix), "string", "string"),
    "indent": Pure(indent, "number", "string"),
    "join": join,
    "lower": Pure(_lower, "string"),
    "regex": Pure(regex, "string", "string"),
    "regexall": Pure(regexall, "string", "string"),
    "replace": Pure(replace, "string", "string", "string"),
    "split": Pure(split, "string", "string"),
    "startswith": Pure(lambda text, prefix: text.startswith(prefix), "string", "string"),
    "strcontains": Pure(lambda text, part: part in text, "string", "string"),
    "strrev": Pure(lambda text: text[::-1], "string"),
    "substr": Pure(substr, "string", "number", "number"),
    "title": Pure(title, "string"),
    "trim": Pure(lambda text, characters: text.strip(characters) if characters else text, "string", "string"),
    "trimprefix": Pure(lambda text, prefix: text.removeprefix(prefix), "string", "string"),
    "trimspace": Pure(lambda text: text.strip(_SPACES), "string"),
    "trimsuffix": Pure(lambda text, suffix: text.removesuffix(suffix), "string", "string"),
    "upper": Pure(_upper, "string"),
}
