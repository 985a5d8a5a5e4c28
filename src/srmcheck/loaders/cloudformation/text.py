"""Functions that make and cut text: Fn::Sub, Fn::Join, Fn::Split, Fn::Base64, Fn::ToJsonString.

What is known of a text is kept: its parts may be references and unknown values. Over choices they are applied branch by
branch. Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from srmcheck.loaders.cloudformation import scalars
from srmcheck.loaders.cloudformation.choices import choose, holds_secret, list_branches, placed
from srmcheck.loaders.cloudformation.evaluate import MALFORMED, PER_NODE, TOO_LARGE, Call
from srmcheck.loaders.cloudformation.parameters import NO_VALUE
from srmcheck.loaders.cloudformation.references import named_value
from srmcheck.loaders.cloudformation.tree import Leaf, Object, text_at
from srmcheck.values import ABSENT, Json, Node, Reference, Spread, Text, Unknown, Value, strongest, text_of

Part = str | Reference | Unknown

MOST_CHARACTERS = 1_000_000
"""Of one text; AWS takes none that long."""
MOST_PIECES = 10_000
"""Of one text that is split."""

_NAME = re.compile(r"[A-Za-z0-9:._]+")
# No attribute or identifier that AWS gives out holds one of these, so that a text can be cut at them beside references.
_CLEAR_DELIMITERS = frozenset({",", ";", "|", " ", ", ", "\n"})


# --- putting together --------------------------------------------------------------------------------------------------


def parts_of(node: Node) -> Sequence[Part] | None:
    """The parts of a value in a text; None for what has no text (lists, mappings)."""
    value = node.value
    if value is ABSENT or value is None:
        return ()
    if isinstance(value, (bool, int, float, str)):
        return (scalars.text_of(value),)
    if isinstance(value, (Reference, Unknown)):
        return (value,)
    if isinstance(value, Text):
        return value.parts
    if isinstance(value, Json):
        return (Unknown("JSON text with unknown parts"),)
    return None


def concatenate(call: Call, nodes: Sequence[Node]) -> Node | None:
    """The text of all nodes in a row, which hold no choices; None if one has no text. A text that is one of them alone
    is that value, with its origin."""
    parts: list[Part] = []
    holding: list[Node] = []
    length = 0
    for node in nodes:
        own = parts_of(node)
        if own is None:
            return None
        if any(part != "" for part in own):
            parts.extend(own)
            holding.append(node)
            length += sum(len(part) for part in own if isinstance(part, str))
    secret = any(node.secret for node in nodes)
    if length > MOST_CHARACTERS:
        return call.node(Unknown("text too long"), secret=secret)
    if not call.evaluator.context.spend(length):
        return call.node(Unknown(TOO_LARGE), secret=secret)
    value = text_of(parts)
    if len(holding) == 1:
        alone = holding[0]
        return call.node(value, alone.origin, secret)
    return call.node(value, strongest(node.origin for node in holding or nodes), secret)


def sub(call: Call) -> Node:
    """Fn::Sub: a text, or a text and a mapping, with `${Name}`, `${Id.Attribute}` and `${!Literal}`."""
    variables: dict[str, Node] = {}
    template = call.argument
    if isinstance(call.argument, Leaf):
        text = scalars.text_of(call.argument.value)
    else:
        arguments = call.arguments(1, 2)
        if arguments is None or text_at(arguments[0]) is None:
            return call.malformed("a text, or a list of a text and a mapping")
        template = arguments[0]
        text = text_at(template) or ""
        if len(arguments) == 2:
            if not isinstance(arguments[1], Object):
                return call.malformed("a text, or a list of a text and a mapping")
            variables = call.evaluator.entries(arguments[1], call.path)
            for key in arguments[1].items:
                variables.setdefault(key, Node(ABSENT))
    pieces: list[Node] = []
    position = 0
    while (start := text.find("${", position)) >= 0 and (end := text.find("}", start)) >= 0:
        pieces.append(Node(text[position:start]))
        position = end + 1
        name = text[start + 2 : end]
        if name.startswith("!"):
            pieces.append(Node(f"${{{name[1:]}}}"))
            continue
        name = name.strip()
        if name in variables:
            pieces.append(variables[name])
        elif _NAME.fullmatch(name):
            pieces.append(named_value(call, name, template))
        else:
            call.evaluator.context.notes.add(
                "Malformed variable in Fn::Sub",
                template,
                "What stands between ${ and } is no name.",
                "write ${!Literal} for text that is to stay",
            )
            pieces.append(Node(Unknown(MALFORMED)))
    pieces.append(Node(text[position:]))
    return _joined(call, pieces)


def join(call: Call) -> Node:
    """Fn::Join: the texts of a list, with a delimiter between them."""
    arguments = call.arguments(2)
    if arguments is None:
        return call.malformed("a delimiter and a list")
    delimiter = call.evaluator.node(arguments[0], call.path)
    elements = call.evaluator.node(arguments[1], call.path)

    def join_list(nodes: Sequence[Node]) -> Node:
        separator, whole = nodes
        if not isinstance(whole.value, list):
            return _derived(call, whole, "a delimiter and a list")
        if not isinstance(separator.value, str):
            return _derived(call, separator, "a delimiter and a list")
        found = list_branches(whole, call.evaluator.context.spend)
        if found is None:
            return call.node(Unknown("too many branches"), secret=holds_secret(whole))
        return choose([(guard, _joined(call, _between(items, separator))) for guard, items in found], call.place)

    return call.distribute([delimiter, elements], join_list)


def _between(items: Sequence[Node], separator: Node) -> list[Node]:
    found: list[Node] = []
    for item in items:
        if found:
            found.append(separator)
        found.append(Node(Unknown("elements that are not known")) if isinstance(item.value, Spread) else item)
    return found


def _joined(call: Call, pieces: Sequence[Node]) -> Node:
    def together(nodes: Sequence[Node]) -> Node:
        text = concatenate(call, nodes)
        return call.malformed("only texts, numbers and booleans as parts") if text is None else text

    return call.distribute(pieces, together)


def _derived(call: Call, node: Node, expected: str) -> Node:
    """What a function gives for an argument that is not known; malformed if it is known and of the wrong kind."""
    unknown = part_of(node)
    if unknown is None:
        return call.malformed(expected)
    return call.node(unknown, node.origin, node.secret)


def part_of(node: Node) -> Unknown | None:
    """Unknown for a part of a value, or something made of it, that is not known; None if the value is known."""
    value = node.value
    if isinstance(value, Unknown):
        if value.reason == NO_VALUE:
            return Unknown("made from a parameter without a value", value.name)
        return value
    if isinstance(value, (Reference, Text)):
        parts = value.parts if isinstance(value, Text) else (value,)
        for part in parts:
            if isinstance(part, Unknown):
                return part_of(Node(part))
        addresses = tuple(
            dict.fromkeys(
                part.address for part in parts if isinstance(part, Reference) and not part.address.startswith("AWS::")
            )
        )
        names = [part.address for part in parts if isinstance(part, Reference)]
        return Unknown("part of a reference", names[0], addresses, exact=len(addresses) == 1)
    if isinstance(value, Json):
        return Unknown("JSON text with unknown parts")
    return None


# --- taking apart ------------------------------------------------------------------------------------------------------


def split(call: Call) -> Node:
    """Fn::Split: a text at each delimiter."""
    arguments = call.arguments(2)
    if arguments is None:
        return call.malformed("a delimiter and a text")

    def split_text(nodes: Sequence[Node]) -> Node:
        delimiter, text = nodes
        separator = delimiter.value
        if not isinstance(separator, str) or not separator:
            return _derived(call, delimiter, "a delimiter and a text")
        value = text.value
        if isinstance(value, (bool, int, float)):
            value = scalars.text_of(value)
        if isinstance(value, str):
            pieces: list[Value] = list(value.split(separator))
        elif isinstance(value, Text):
            pieces = _split_parts(value, separator)
        else:
            return _derived(call, text, "a delimiter and a text")
        if len(pieces) > MOST_PIECES or not call.evaluator.context.spend(PER_NODE * len(pieces)):
            return call.node(Unknown("too many pieces"), secret=text.secret)
        items = [Node(piece, call.place, text.origin, text.secret) for piece in pieces]
        return placed(call.node(items, text.origin, text.secret), call.place)

    nodes = [call.evaluator.node(argument, call.path) for argument in arguments]
    return call.distribute(nodes, split_text)


def _split_parts(text: Text, separator: str) -> list[Value]:
    """The pieces of a text with parts. Where an unknown part may hold the delimiter, the pieces from there on are a tail
    of unknown length."""
    pieces: list[Value] = []
    current: list[Part] = []
    for part in text.parts:
        if isinstance(part, str):
            first, *more = part.split(separator)
            current.append(first)
            for piece in more:
                pieces.append(text_of(current))
                current = [piece]
        elif isinstance(part, Reference) and separator in _CLEAR_DELIMITERS:
            current.append(part)
        else:
            pieces.append(Spread(Node(part_of(Node(text)) or Unknown("part of a text"))))
            return pieces
    pieces.append(text_of(current))
    return pieces


# --- encoding ----------------------------------------------------------------------------------------------------------


def base64(call: Call) -> Node:
    """Fn::Base64 of a text. A text with references stays as it is written, as it has no encoding before deployment:
    what is looked for in it is found in either form."""

    def encode(nodes: Sequence[Node]) -> Node:
        (node,) = nodes
        own = parts_of(node)
        if own is None:
            return call.malformed("a text")
        value: Value = text_of(list(own))
        if isinstance(value, str):
            from base64 import b64encode

            value = b64encode(value.encode()).decode("ascii")
        return call.node(value, node.origin, node.secret)

    return call.distribute([call.argument_node()], encode)


def to_json_string(call: Call) -> Node:
    """Fn::ToJsonString: the JSON of a list or mapping; text where all of it is known."""

    def encode(nodes: Sequence[Node]) -> Node:
        (node,) = nodes
        if isinstance(node.value, Unknown):
            return call.node(node.value, node.origin, node.secret)
        if not isinstance(node.value, (list, dict)):
            return call.malformed("a list or a mapping")
        plain = _plain(node)
        if plain is _OPEN:
            return call.node(Json(node), secret=holds_secret(node))
        import json

        return call.node(json.dumps(plain, separators=(",", ":"), ensure_ascii=False), secret=holds_secret(node))

    return call.distribute([call.argument_node()], encode)


_OPEN = object()


def _plain(node: Node) -> object:
    value = node.value
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, list):
        items = [_plain(item) for item in value]
        return _OPEN if any(item is _OPEN for item in items) else items
    if isinstance(value, dict):
        entries = {key: _plain(item) for key, item in value.items()}
        return _OPEN if any(item is _OPEN for item in entries.values()) else entries
    return _OPEN


TEXT_FUNCTIONS: dict[str, Callable[[Call], Node]] = {
    "Fn::Base64": base64,
    "Fn::Join": join,
    "Fn::Split": split,
    "Fn::Sub": sub,
    "Fn::ToJsonString": to_json_string,
}
