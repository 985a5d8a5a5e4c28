"""Values as templates give them: known, absent, references, unknown, choices, each with its place and origin.

A value is a `Node`. Its `value` is one of

- a scalar (None, bool, int, float, str), a dict of text to Node, or a list of Nodes: known. Nobody changes a dict or
  list after it was built;
- `ABSENT`: not written (AWS::NoValue, a Terraform null). It stands in choices and lists; a dict that holds it reads as
  if the key were not there;
- `Reference`: named after (an attribute of) another resource of the template;
- `Text`: a string with references or unknown parts in it;
- `Json`: a string that is the JSON of a node (`jsonencode` of what is not wholly known);
- `Unknown`: given, but not known before deployment;
- `Choice`: one of several values under open conditions;
- `Spread`: only as an element of a list: its elements stand in its place (a conditional that gives several).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from srmcheck.conditions import Condition
from srmcheck.source import Location

Scalar = None | bool | int | float | str
Step = str | int
Path = tuple[Step, ...]

OriginKind = Literal["literal", "parameter", "reference", "data", "dynamic-reference", "unsaid"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from at the root of all expressions. `name` is how the user writes it (`var.password`,
    `DbPassword`, `ssm-secure`); `secret`: declared so (sensitive, NoEcho); `has_default`: the template itself holds a
    value for it. "unsaid": a state shows values, never where they come from."""

    kind: OriginKind
    name: str = ""
    secret: bool = False
    has_default: bool = False


UNSAID: Final = Origin("unsaid")

_STRENGTHS: Final[tuple[Callable[[Origin], bool], ...]] = (
    # account, region and partition are no secrets: a text around them is as literal as its other parts
    lambda origin: origin.kind in ("reference", "data") and not origin.name.startswith("AWS::"),
    lambda origin: origin.kind == "parameter" and origin.secret and not origin.has_default,
    lambda origin: origin.kind == "parameter" and not origin.has_default,
    lambda origin: origin.kind == "parameter",
)


def strongest(origins: Iterable[Origin | None]) -> Origin | None:
    """The origin of what is computed from several values: what comes from outside the template counts more than what
    stands in it."""
    found = [origin for origin in origins if origin is not None]
    for wanted in _STRENGTHS:
        for origin in found:
            if wanted(origin):
                return origin
    return None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is written: the resource (source address), the path in it in the source's own words, and the
    location, None where it is looked up later (a plan's `.tf` files)."""

    address: str
    path: Path = ()
    location: Location | None = None


class Node:
    """A value with its place and origin. `origin` None means a literal. `secret` marks what must never be shown, here
    and in everything below."""

    __slots__ = ("origin", "place", "secret", "value")

    def __init__(
        self, value: Value, place: Place | None = None, origin: Origin | None = None, secret: bool = False
    ) -> None:
        self.value = value
        self.place = place
        self.origin = origin
        self.secret = secret

    def with_value(self, value: Value) -> Node:
        """The same place, origin and mark around another value."""
        return Node(value, self.place, self.origin, self.secret)

    def __repr__(self) -> str:
        return f"Node({'…' if self.secret else repr(self.value)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.value == other.value and self.secret == other.secret

    __hash__ = None  # type: ignore[assignment]


class _Absent(Enum):
    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Reference:
    """`attribute` of the resource at `address` (an instance address or a logical id). In a Template the attribute is
    the source's (`id`, `arn`, `Ref`, `Arn`, `Outputs.X`), a dotted path for nested ones; in the graph it is the canonical
    name of an identity."""

    address: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Text:
    """A string in parts. Adjacent plain parts are joined; it holds at least one part that is no plain text."""

    parts: tuple[str | Reference | Unknown, ...]


@dataclass(frozen=True, slots=True)
class Json:
    """A string that is the JSON encoding of `of`."""

    of: Node


@dataclass(frozen=True, slots=True)
class Unknown:
    """Known only later. `reason` is a short phrase in lower case ("known after apply", "variable without a value",
    "secret"); `name` is what a user must look at (`var.kms_key_arn`, `DbPassword`); `candidates` are the addresses of
    the resources that it may refer to, with `exact` True if it is known that it refers to one of them. `reference` is
    set in plans: what the value is if its expression is that one attribute and nothing else, which a plan does not
    tell; normalization takes it at paths where only a reference makes sense."""

    reason: str
    name: str | None = None
    candidates: tuple[str, ...] = ()
    exact: bool = False
    reference: Reference | None = None


DYNAMIC: Final = "dynamic reference, its value is in the account"


FROM_OUTSIDE: Final = frozenset(
    {
        DYNAMIC,
        "parameter without a value",
        "made from a parameter without a value",
        "SSM parameter, its value is in the account",
        "import from another stack",
        "output of another stack",
    }
)
"""Reasons of what a CloudFormation template is given: it is there before anything of the template is."""


def is_name(unknown: Unknown) -> bool:
    """Whether an unknown is one variable, parameter or dynamic reference, so that the same expression elsewhere has the
    same value."""
    name = unknown.name
    if name is None or unknown.candidates:
        return False
    last = name.rsplit("module.", 1)[-1]
    return "var." in last or unknown.reason in ("parameter without a value", "variable without a value", DYNAMIC)


@dataclass(frozen=True, slots=True)
class Choice:
    """Guarded values. In each world exactly one guard holds."""

    branches: tuple[tuple[Condition, Node], ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """Elements that stand in the place of one element of a list; the value of `of` is a list, a choice of lists, or
    unknown (a tail of unknown length)."""

    of: Node


Value = Scalar | dict[str, Node] | list[Node] | _Absent | Reference | Text | Json | Unknown | Choice | Spread

NOTHING: Final = Node(ABSENT)


def lift(node: Node, apply: Callable[[Node], Node]) -> Node:
    """`apply` to the node, or, if it is a choice, to each of its branches (choices in choices too)."""
    if isinstance(node.value, Choice):
        return node.with_value(Choice(tuple((guard, lift(branch, apply)) for guard, branch in node.value.branches)))
    return apply(node)


def get(node: Node, key: str) -> Node:
    """The value under `key` of a dict, through choices; NOTHING where it is not written. Below an unknown it is that
    unknown, with its place. What is read from a secret is secret."""
    if isinstance(node.value, Choice):
        return lift(node, lambda branch: get(branch, key))
    if isinstance(node.value, dict):
        found = node.value.get(key, NOTHING)
        if node.secret and not found.secret and found is not NOTHING:
            return Node(found.value, found.place, found.origin, True)
        return found
    if isinstance(node.value, Unknown):
        return node
    return NOTHING


def is_absent(node: Node) -> bool:
    """Known not to be written (a choice is not, even if all its branches are)."""
    return node.value is ABSENT


def text_of(parts: list[str | Reference | Unknown]) -> Value:
    """A string from parts: plain text, a lone reference or unknown as itself, else a Text with plain parts joined."""
    joined: list[str | Reference | Unknown] = []
    for part in parts:
        if isinstance(part, str):
            if not part:
                continue
            if joined and isinstance(joined[-1], str):
                joined[-1] += part
                continue
        joined.append(part)
    if not joined:
        return ""
    if len(joined) == 1:
        return joined[0]
    return Text(tuple(joined))


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes below it, choices' branches included, in order."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        value = current.value
        if isinstance(value, dict):
            stack.extend(reversed(value.values()))
        elif isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, Choice):
            stack.extend(branch for _, branch in reversed(value.branches))
        elif isinstance(value, (Json, Spread)):
            stack.append(value.of)


def known(value: object, place: Place | None = None) -> Node:
    """A plain JSON value as a tree of nodes that all have `place`."""
    if isinstance(value, dict):
        return Node({str(key): known(item, place) for key, item in value.items()}, place)
    if isinstance(value, list):
        return Node([known(item, place) for item in value], place)
    if value is None or isinstance(value, (bool, int, float, str)):
        return Node(value, place)
    raise TypeError(f"not a JSON value: {type(value).__name__}")
