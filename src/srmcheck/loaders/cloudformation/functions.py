"""All functions, and those that choose: Fn::If, Fn::FindInMap, Fn::Select, conditions as values, Fn::Cidr, Fn::Length.

Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from srmcheck.conditions import TRUE, All, Condition, conjoin, equals, negate
from srmcheck.loaders.cloudformation.choices import PER_PAIR, TOO_MANY, choose, holds_secret, list_branches, placed
from srmcheck.loaders.cloudformation.evaluate import BY_TRANSFORM, MALFORMED, PER_NODE, TOO_LARGE, Call
from srmcheck.loaders.cloudformation.references import REFERENCE_FUNCTIONS
from srmcheck.loaders.cloudformation.text import TEXT_FUNCTIONS, part_of
from srmcheck.loaders.cloudformation.tree import Array, Object, Tree, entry, text_at
from srmcheck.values import Node, Spread, Unknown


def if_(call: Call) -> Node:
    """Fn::If: the branch of a known condition, else a choice of the two."""
    arguments = call.arguments(3)
    if arguments is None:
        return call.malformed("the name of a condition and two values")
    evaluator = call.evaluator
    conditions = evaluator.context.conditions
    name = text_at(arguments[0])
    if name is not None:
        condition = conditions.named(name, evaluator, arguments[0])
    else:
        condition = conditions.formula(arguments[0], evaluator)
    return _either(call, condition, arguments[1], arguments[2])


def _either(call: Call, condition: Condition, yes: Tree, no: Tree) -> Node:
    evaluator = call.evaluator
    truth = evaluator.truth(condition)
    if truth is not None:
        return evaluator.node(yes if truth else no, call.path)
    otherwise = negate(condition)
    return choose(
        [
            (condition, evaluator.assuming(condition).node(yes, call.path)),
            (otherwise, evaluator.assuming(otherwise).node(no, call.path)),
        ],
        call.place,
    )


def truth_value(call: Call) -> Node:
    """Fn::Equals, Fn::And, Fn::Or and Fn::Not as a value: true in one branch and false in the other."""
    condition = call.evaluator.context.conditions.formula(call.tree, call.evaluator)
    truth = call.evaluator.truth(condition)
    if truth is not None:
        return call.node(truth)
    return choose([(condition, call.node(True)), (negate(condition), call.node(False))], call.place)


# --- maps --------------------------------------------------------------------------------------------------------------


def find_in_map(call: Call) -> Node:
    """Fn::FindInMap: by known keys one value, by an open key a choice among the values of the map. DefaultValue, which
    AWS::LanguageExtensions adds, holds where the map has no such key."""
    arguments = call.arguments(3, 4)
    if arguments is None:
        return call.malformed("a map, two keys, and at most a DefaultValue")
    default = entry(arguments[3], "DefaultValue") if len(arguments) == 4 else None

    def look_up(nodes: Sequence[Node]) -> Node:
        name, *keys = nodes
        if not isinstance(name.value, str):
            return call.node(part_of(name) or Unknown(MALFORMED))
        mappings = call.evaluator.context.mappings
        found = _branches(call, entry(mappings, name.value), keys, TRUE)
        if isinstance(found, Unknown):
            return call.node(found)
        if default is None:
            found = [(guard, tree) for guard, tree in found if tree is not None]
            if not found:
                return _no_such_key(call)
        branches = []
        for guard, tree in found:
            written = tree if tree is not None else default
            assert written is not None
            if not call.evaluator.context.spend(PER_NODE * (len(written.items) if isinstance(written, Array) else 1)):
                return call.node(Unknown(TOO_LARGE))
            branches.append((guard, placed(call.evaluator.node(written, call.path), call.place)))
        return choose(branches, call.place, is_open=default is None)

    nodes = [call.evaluator.node(argument, call.path) for argument in arguments[:3]]
    return call.distribute(nodes, look_up)


def _no_such_key(call: Call) -> Node:
    if call.evaluator.context.loose is None:
        call.evaluator.context.notes.add(
            "Map without the key",
            call.tree,
            "The Mappings section has no value under these keys, and no DefaultValue is written.",
        )
    return call.node(Unknown("map without the key"))


MOST_KEYS = 200
"""Keys of a map that open keys may lead to; CloudFormation allows no more."""

Found = list[tuple[Condition, Tree | None]]


def _branches(call: Call, tree: Tree | None, keys: Sequence[Node], guard: Condition) -> Found | Unknown:
    """What the map holds under the keys, each with the condition under which they lead there; None where nothing is."""
    if not keys:
        return [(guard, tree)]
    if tree is None:
        return [(guard, None)]
    if not isinstance(tree, Object):
        return Unknown(MALFORMED)
    key, *rest = keys
    term = call.evaluator.context.conditions.term(key)
    if term is None:
        return Unknown(MALFORMED)
    if isinstance(term, str):
        if term not in tree.items and "Fn::Transform" in tree.items:
            return Unknown(BY_TRANSFORM)
        return _branches(call, tree.items.get(term), rest, guard)
    if key.secret:
        return part_of(key) or Unknown(MALFORMED)
    if "Fn::Transform" in tree.items:
        return Unknown(BY_TRANSFORM)
    spend = call.evaluator.context.spend
    found: Found = []
    others: list[Condition] = list(guard.of) if isinstance(guard, All) else [] if guard == TRUE else [guard]
    if len(tree.items) > MOST_KEYS or not spend(10 * PER_PAIR * len(tree.items)):
        return TOO_MANY
    for text, below in tree.items.items():
        own = equals(term, text)
        others.append(negate(own))
        here = conjoin(guard, own)
        if call.evaluator.truth(here) is False:
            continue
        branches = _branches(call, below, rest, here)
        if isinstance(branches, Unknown):
            return branches
        found.extend(branches)
        if len(found) > MOST_KEYS:
            return TOO_MANY
    other = All(tuple(others))
    if call.evaluator.truth(other) is not False:
        found.append((other, None))
    return found


# --- lists -------------------------------------------------------------------------------------------------------------


def select(call: Call) -> Node:
    """Fn::Select: one element of a list, by its index from 0."""
    expected = "an index and a list that has it"
    arguments = call.arguments(2)
    if arguments is None:
        return call.malformed(expected)

    def pick(nodes: Sequence[Node]) -> Node:
        index_node, whole = nodes
        index = _index(index_node)
        if index is None:
            unknown = part_of(index_node)
            return call.malformed(expected) if unknown is None else call.node(unknown)
        if not isinstance(whole.value, list):
            unknown = part_of(whole)
            return call.malformed(expected) if unknown is None else call.node(unknown, whole.origin, whole.secret)
        found = list_branches(whole, call.evaluator.context.spend)
        if found is None:
            return call.node(Unknown("too many branches"), secret=holds_secret(whole))
        return choose([(guard, _element(call, items, index, expected)) for guard, items in found], call.place)

    nodes = [call.evaluator.node(argument, call.path) for argument in arguments]
    return call.distribute(nodes, pick)


def _index(node: Node) -> int | None:
    value = node.value
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _element(call: Call, items: Sequence[Node], index: int, expected: str) -> Node:
    for item in items[: index + 1]:
        if isinstance(item.value, Spread):  # from here on nobody knows how many there are
            of = item.value.of
            return call.node(part_of(of) or Unknown("elements that are not known"), item.origin, item.secret)
    if index >= len(items):
        return call.malformed(expected)
    return placed(items[index], call.place)


def length(call: Call) -> Node:
    """Fn::Length of a list."""

    def count(nodes: Sequence[Node]) -> Node:
        (whole,) = nodes
        if not isinstance(whole.value, list):
            unknown = part_of(whole)
            return call.malformed("a list") if unknown is None else call.node(unknown)
        found = list_branches(whole, call.evaluator.context.spend)
        if found is None or any(isinstance(item.value, Spread) for item in whole.value):
            return call.node(Unknown("list of unknown length"))
        return choose([(guard, call.node(len(items))) for guard, items in found], call.place)

    return call.distribute([call.argument_node()], count)


def cidr(call: Call) -> Node:
    """Fn::Cidr: the first `count` blocks with `bits` host bits of an address block."""
    expected = "an address block, a count from 1 to 256 and a number of host bits"
    arguments = call.arguments(2, 3)
    if arguments is None:
        return call.malformed(expected)

    def cut(nodes: Sequence[Node]) -> Node:
        for node in nodes:
            unknown = part_of(node)
            if unknown is not None:
                return call.node(unknown, node.origin, node.secret)
        block = nodes[0].value
        numbers = [_index(node) for node in nodes[1:]]
        if not isinstance(block, str) or None in numbers:
            return call.malformed(expected)
        blocks = _blocks(block, *(number or 0 for number in numbers))
        if blocks is None:
            return call.malformed(expected)
        items = [Node(text) for text in blocks]
        return placed(call.node(items, secret=any(node.secret for node in nodes)), call.place)

    nodes = [call.evaluator.node(argument, call.path) for argument in arguments]
    return call.distribute(nodes, cut)


def _blocks(block: str, count: int, bits: int | None = None) -> list[str] | None:
    import ipaddress

    try:
        network = ipaddress.ip_network(block.strip(), strict=False)
    except ValueError:
        return None
    width = network.max_prefixlen
    host_bits = bits if bits is not None else (8 if width == 32 else 64)
    step = 1 << min(host_bits, width)
    if not 1 <= count <= 256 or not 1 <= host_bits <= width or count * step > network.num_addresses:
        return None
    first = int(network.network_address)
    make = ipaddress.IPv4Address if width == 32 else ipaddress.IPv6Address
    return [f"{make(first + number * step)}/{width - host_bits}" for number in range(count)]


def transform(call: Call) -> Node:
    """Fn::Transform alone: a macro or an include gives the whole value."""
    call.evaluator.context.notes.unread["Fn::Transform"] += 1
    return call.node(Unknown(BY_TRANSFORM))


FUNCTIONS: dict[str, Callable[[Call], Node]] = {
    **REFERENCE_FUNCTIONS,
    **TEXT_FUNCTIONS,
    "Fn::And": truth_value,
    "Fn::Cidr": cidr,
    "Fn::Equals": truth_value,
    "Fn::FindInMap": find_in_map,
    "Fn::If": if_,
    "Fn::Length": length,
    "Fn::Not": truth_value,
    "Fn::Or": truth_value,
    "Fn::Select": select,
    "Fn::Transform": transform,
}
