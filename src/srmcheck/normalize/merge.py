"""How values from several places become one: nested objects, lists, choices and unknowns put together.

Nothing here changes a node that it was given, but for `put`, which fills a dict that its caller owns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from srmcheck.conditions import FALSE, TRUE, Condition, conjoin, negate
from srmcheck.values import ABSENT, NOTHING, Choice, Node, Spread, Unknown, lift

TWICE = Unknown("set by more than one argument")


def merge(first: Node, second: Node, *, replace: bool = False) -> Node:
    """Both at one place: objects key by key, lists one after the other, what is absent or an empty text gives way. Of two
    other values `second` wins with `replace` (over lists and with an empty text too), else the result is unknown unless they
    are equal."""
    left, right = first.value, second.value
    if left is ABSENT or left is None:
        return second
    if right is ABSENT or right is None:
        return first
    if not replace and (left == "" or right == ""):  # what a plan or state shows of an argument that nobody set
        return second if left == "" else first
    if replace and not isinstance(right, (dict, Choice)):
        return second
    if isinstance(left, list) and not replace and isinstance(right, (list, Unknown, Choice)):
        more = right if isinstance(right, list) else [Node(Spread(second), second.place)]
        return first.with_value([*left, *more])
    if isinstance(left, Choice) or isinstance(right, Choice):
        return _merge_branches(first, second, replace)
    if isinstance(left, dict) and isinstance(right, dict):
        joined = dict(left)
        for key, node in right.items():
            known = joined.get(key)
            joined[key] = node if known is None else merge(known, node, replace=replace)
        return Node(joined, first.place, first.origin, first.secret or second.secret)
    if replace:
        return second
    if left == right:
        return first
    if isinstance(left, Unknown) and isinstance(right, Unknown):
        candidates = tuple(dict.fromkeys((*left.candidates, *right.candidates)))
        return second.with_value(Unknown(right.reason, right.name, candidates, left.exact and right.exact))
    return Node(TWICE, second.place, None, first.secret or second.secret)


def _merge_branches(first: Node, second: Node, replace: bool) -> Node:
    """Two values of which one at least is a choice, in each pair of branches that can hold together."""
    pairs: list[tuple[Condition, Node]] = []
    lefts = list(branches(first))
    for when, right in branches(second):
        for guard, left in lefts:
            both = conjoin(when, guard)
            if both != FALSE:
                pairs.append((both, merge(left, right, replace=replace)))
    if len(pairs) == 1:
        return pairs[0][1]
    return Node(Choice(tuple(pairs)), second.place or first.place, None, first.secret or second.secret)


def put(target: dict[str, Node], path: Sequence[str], node: Node) -> None:
    """Merges `node` in at `path` below `target`, a dict that the caller owns, with the objects on the way."""
    if node.value is ABSENT:
        return
    for number, step in enumerate(path[:-1]):
        found = target.get(step)
        if found is not None and not isinstance(found.value, dict):
            for key in reversed(path[number + 1 :]):
                node = Node({key: node}, node.place)
            target[step] = merge(found, node)
            return
        inner = dict(found.value) if found is not None and isinstance(found.value, dict) else {}
        target[step] = Node(inner, node.place) if found is None else found.with_value(inner)
        target = inner
    last = path[-1]
    found = target.get(last)
    target[last] = node if found is None else merge(found, node)


def guarded(condition: Condition, node: Node, otherwise: Node = NOTHING) -> Node:
    """`node` where the condition holds, else `otherwise`."""
    if condition == TRUE:
        return node
    if condition == FALSE:
        return otherwise
    return Node(Choice(((condition, node), (negate(condition), otherwise))), node.place)


def branches(node: Node, condition: Condition = TRUE) -> Iterator[tuple[Condition, Node]]:
    """The node's values without choices, each with the condition under which it holds."""
    stack = [(condition, node)]
    while stack:
        when, current = stack.pop()
        if isinstance(current.value, Choice):
            for guard, branch in reversed(current.value.branches):
                both = conjoin(when, guard)
                if both != FALSE:
                    stack.append((both, marked(branch, current.secret)))
        else:
            yield when, current


def marked(node: Node, secret: bool) -> Node:
    """The node with the secret mark of what it was taken out of."""
    return Node(node.value, node.place, node.origin, True) if secret and not node.secret else node


def single(node: Node) -> Node:
    """What stands where one nested block may: an object, nothing, or an unknown. Block lists have at most one element that
    is there; where several may be, what they say is merged."""
    value = node.value
    if isinstance(value, Choice):
        return lift(node, single)
    if isinstance(value, Spread):
        return marked(single(value.of), node.secret)
    if not isinstance(value, list):
        return node
    found = NOTHING
    for element in value:
        found = merge(found, single(element), replace=True)
    return marked(found, node.secret)
