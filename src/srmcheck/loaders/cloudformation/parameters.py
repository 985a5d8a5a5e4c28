"""Parameters and pseudo parameters as values.

The value given counts, else the default; with neither the allowed values are an open choice. The type decides how the
text is read. Source: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

from collections.abc import Mapping

from srmcheck.conditions import Variable, equals
from srmcheck.loaders.cloudformation import scalars
from srmcheck.loaders.cloudformation.choices import MOST_BRANCHES, choose
from srmcheck.loaders.cloudformation.notes import Notes, safe_name
from srmcheck.loaders.cloudformation.tree import Array, Broken, Leaf, Object, Tree, entry, text_at
from srmcheck.values import ABSENT, Node, Origin, Reference, Unknown

NO_VALUE = "parameter without a value"
MOST_ITEMS = 10_000
"""Of one list parameter. CloudFormation allows 4,096 bytes."""
IN_ACCOUNT = "SSM parameter, its value is in the account"

PSEUDO = ("AccountId", "NotificationARNs", "Partition", "Region", "StackId", "StackName", "URLSuffix")


def pseudo_parameters(given: Mapping[str, str]) -> dict[str, Node]:
    """The pseudo parameters: references, but for those that the user names a value for. AWS::NoValue is absence."""
    found = {"AWS::NoValue": Node(ABSENT)}
    for short in PSEUDO:
        name = f"AWS::{short}"
        if name in given:
            found[name] = Node(given[name], origin=Origin("parameter", name))
        else:
            found[name] = Node(Reference(name, "Ref"), origin=Origin("reference", name))
    return found


def read_parameters(section: Tree | None, given: Mapping[str, str], notes: Notes) -> dict[str, Node]:
    """Each parameter of the section as a value without a place."""
    found: dict[str, Node] = {}
    if section is not None and not isinstance(section, Object):
        notes.add("Parameters is no mapping", section, level="error")
    if isinstance(section, Object):
        for name, declared in section.items.items():
            if name != "Fn::Transform":
                found[name] = _parameter(name, declared, given.get(name), notes)
    for name in sorted(given):
        if name not in found and not name.startswith("AWS::"):
            shown = safe_name(name)
            detail = (
                f"The template has no parameter {shown}." if shown else "The template has no parameter of that name."
            )
            notes.add("Value for an undeclared parameter", None, detail)
    return found


def _parameter(name: str, declared: Tree, given: str | None, notes: Notes) -> Node:
    if not isinstance(declared, Object) or text_at(entry(declared, "Type")) is None:
        notes.add("Parameter without a type", declared, "A parameter is a mapping with a Type.", level="error")
        return Node(Unknown("parameter that cannot be read", name), origin=Origin("parameter", name))
    kind = (text_at(entry(declared, "Type")) or "").strip()
    if isinstance(entry(declared, "Default"), (Broken, Object)):
        return Node(Unknown("parameter that cannot be read", name), origin=Origin("parameter", name))
    secret = _is_true(entry(declared, "NoEcho"))
    if kind.startswith("AWS::SSM::Parameter::Value<"):
        # What is given, or stands as Default, is the name of an entry; the value comes from the account.
        return Node(Unknown(IN_ACCOUNT, name), origin=Origin("parameter", name, secret), secret=secret)
    default = _text(entry(declared, "Default"))
    allowed = _texts(entry(declared, "AllowedValues"))
    # An empty default is no value that the template holds (the catalogue, SRM-TEMPLATE-001).
    origin = Origin("parameter", name, secret, bool(default))
    is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
    text = given if given is not None else default
    if given is not None and allowed and not set(_split(given) if is_list else [given]) <= set(allowed):
        notes.add(
            "Value not allowed",
            declared,
            "The value given for this parameter is not among its AllowedValues.",
            "CloudFormation would refuse it",
            level="error",
        )
    if text is not None and is_list and text.count(",") > MOST_ITEMS:
        return Node(Unknown("list too long", name), origin=origin, secret=secret)
    if text is not None:
        if is_list:
            items = [Node(item, origin=origin, secret=secret) for item in _split(text)]
            return Node(items, origin=origin, secret=secret)
        return Node(text, origin=origin, secret=secret)
    if allowed and not is_list and not secret and len(allowed) <= MOST_BRANCHES:
        variable = Variable(name, tuple(allowed))
        chosen = choose([(equals(variable, value), Node(value, origin=origin)) for value in allowed], None)
        return Node(chosen.value, origin=origin)
    return Node(Unknown(NO_VALUE, name), origin=origin, secret=secret)


def _split(text: str) -> list[str]:
    return [item.strip() for item in text.split(",")]


def _text(tree: Tree | None) -> str | None:
    if isinstance(tree, Array):  # CloudFormation wants text; what a list means is plain all the same
        return ",".join(scalars.text_of(item.value) for item in tree.items if isinstance(item, Leaf))
    return scalars.text_of(tree.value) if isinstance(tree, Leaf) else None


def _texts(tree: Tree | None) -> list[str]:
    if not isinstance(tree, Array):
        return []
    return list(dict.fromkeys(scalars.text_of(item.value) for item in tree.items if isinstance(item, Leaf)))


def _is_true(tree: Tree | None) -> bool:
    return isinstance(tree, Leaf) and scalars.text_of(tree.value).lower() == "true"
