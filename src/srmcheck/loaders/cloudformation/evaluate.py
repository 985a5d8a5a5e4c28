"""Trees to values: functions are called, everything else stands as it is written.

What CloudFormation would refuse is no reason to stop: the value is unknown, and a diagnostic names the place. It is an
"error" where the text itself is malformed, and a "note" where only a name leads nowhere, since the template may be a
part of what is deployed (a macro or an include can declare it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from srmcheck.conditions import TRUE, Condition, Const, Equals, Named, conjoin, negate
from srmcheck.loaders.cloudformation.choices import distribute, is_impossible
from srmcheck.loaders.cloudformation.notes import Notes, safe_name
from srmcheck.loaders.cloudformation.tree import Array, Leaf, Object, Tree
from srmcheck.loaders.cloudformation.when import Conditions
from srmcheck.values import ABSENT, Node, Origin, Path, Place, Unknown, Value

BY_TRANSFORM = "added by a transform"
MALFORMED = "malformed function"
TOO_LARGE = "template too large when evaluated"

MOST_MADE = 200_000_000
"""What the functions of a template may make together, in characters. A template of the size that CloudFormation takes
makes a few millions, unless it is written to fill the memory."""
PER_NODE = 300
"""What a value counts as beside its characters."""
UNDECLARED = "reference to something undeclared"


@dataclass(slots=True)
class Context:
    """What holds in the whole template. `loose` is why names may be declared elsewhere, None if they may not."""

    notes: Notes
    names: Mapping[str, Node]
    mappings: Tree | None = None
    resources: frozenset[str] = frozenset()
    loose: str | None = None
    conditions: Conditions = field(default_factory=lambda: Conditions({}))
    left: int = MOST_MADE

    def spend(self, amount: int) -> bool:
        """Takes from what functions may make, in characters; False, with an error, once it is used up."""
        if self.left < amount:
            self.notes.add(
                "Template too large when evaluated",
                None,
                f"Its functions make more than {MOST_MADE} characters; what is beyond is unknown.",
                level="error",
            )
            return False
        self.left -= amount
        return True


class Evaluator:
    """Evaluates what is written in one resource, under the conditions that are taken to hold there."""

    __slots__ = ("address", "assumed", "context")

    def __init__(self, context: Context, address: str = "", assumed: Condition = TRUE) -> None:
        self.context = context
        self.address = address
        self.assumed = assumed

    def assuming(self, condition: Condition) -> Evaluator:
        """The same where `condition` holds too."""
        return Evaluator(self.context, self.address, conjoin(self.assumed, condition))

    def anywhere(self) -> Evaluator:
        """The same outside of any resource, where nothing is assumed."""
        return Evaluator(self.context)

    def truth(self, condition: Condition) -> bool | None:
        """Whether a condition is decided here: by itself or by what is assumed. None where it is open."""
        if isinstance(condition, Const):
            return condition.value
        if self.assumed == TRUE and isinstance(condition, (Named, Equals)):
            return None  # these are folded when they are made
        if is_impossible(conjoin(self.assumed, condition)):
            return False
        if is_impossible(conjoin(self.assumed, negate(condition))):
            return True
        return None

    def place(self, tree: Tree, path: Path) -> Place:
        """The place of a tree at a path of the resource."""
        return Place(self.address, path, self.context.notes.lines.span(tree.start, tree.end))

    def node(self, tree: Tree, path: Path) -> Node:
        """The value of a tree. Never raises; what cannot be known is Unknown."""
        place = self.place(tree, path)
        if isinstance(tree, Leaf):
            value = tree.value
            if value is None:
                return Node(ABSENT, place)
            return Node(value, place)
        if isinstance(tree, Array):
            return Node(self.items(tree, path), place)
        if isinstance(tree, Object):
            return self._object(tree, path, place)
        return Node(Unknown(tree.reason), place)

    def items(self, tree: Array, path: Path) -> list[Node]:
        """The elements of a list, without those that are known to be absent."""
        found: list[Node] = []
        for index, item in enumerate(tree.items):
            node = self.node(item, (*path, index))
            if node.value is not ABSENT:
                found.append(node)
        return found

    def entries(self, tree: Object, path: Path) -> dict[str, Node]:
        """The entries of a mapping, without those that are known to be absent. What a transform adds is unknown, under
        the key "*"."""
        found: dict[str, Node] = {}
        for key, item in tree.items.items():
            if key == "Fn::Transform":
                self.context.notes.unread["Fn::Transform"] += 1
                found["*"] = Node(Unknown(BY_TRANSFORM), self.place(item, (*path, "*")))
                continue
            node = self.node(item, (*path, key))
            if node.value is not ABSENT:
                found[key] = node
        return found

    def _object(self, tree: Object, path: Path, place: Place) -> Node:
        functions = [key for key in tree.items if key.startswith("Fn::")]
        if len(tree.items) == 1 and (functions or "Ref" in tree.items):
            ((name, argument),) = tree.items.items()
            return Call(self, name, argument, tree, path, place).value()
        if functions and functions != ["Fn::Transform"]:
            self.context.notes.add(
                "Malformed function",
                tree,
                "Other keys stand beside a function.",
                "write the function in a mapping of its own",
                level="error",
            )
            return Node(Unknown(MALFORMED), place)
        return Node(self.entries(tree, path), place)


@dataclass(frozen=True, slots=True)
class Call:
    """A function call: `argument` in `tree`, where the value belongs to `path` of the resource."""

    evaluator: Evaluator
    name: str
    argument: Tree
    tree: Object
    path: Path
    place: Place

    def value(self) -> Node:
        """What the function gives."""
        from srmcheck.loaders.cloudformation.functions import FUNCTIONS

        function: Callable[[Call], Node] | None = FUNCTIONS.get(self.name)
        if function is not None:
            return function(self)
        name = safe_name(self.name)
        self.evaluator.context.notes.add(
            "Unknown function",
            self.tree,
            f"CloudFormation has no function {name} here." if name else "CloudFormation has no such function here.",
            level="error",
        )
        return self.node(Unknown("unknown function"))

    def node(self, value: Value, origin: Origin | None = None, secret: bool = False) -> Node:
        """A value at the place of the call."""
        return Node(value, self.place, origin, secret)

    def distribute(self, nodes: Sequence[Node], apply: Callable[[Sequence[Node]], Node]) -> Node:
        """`apply` to the nodes, in each combination of their branches."""
        return distribute(nodes, self.place, apply, self.evaluator.context.spend)

    def argument_node(self) -> Node:
        """The whole argument as a value."""
        return self.evaluator.node(self.argument, self.path)

    def arguments(self, least: int, most: int | None = None) -> list[Tree] | None:
        """The argument list, None if it is none of the right length."""
        if not isinstance(self.argument, Array):
            return None
        items = self.argument.items
        return items if least <= len(items) <= (most or least) else None

    def malformed(self, expected: str) -> Node:
        """Unknown, with an error that says what the function takes."""
        self.evaluator.context.notes.add(
            "Malformed function", self.tree, f"{self.name} takes {expected}.", level="error"
        )
        return self.node(Unknown(MALFORMED))
