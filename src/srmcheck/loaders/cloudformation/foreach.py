"""Fn::ForEach: a fragment written once for each value of a collection. Expanded in the tree, so that places stay.

Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re

from srmcheck.loaders.cloudformation import scalars
from srmcheck.loaders.cloudformation.evaluate import Evaluator
from srmcheck.loaders.cloudformation.tree import Array, Broken, Leaf, Object, Tree, text_at

PREFIX = "Fn::ForEach::"
OPEN_LOOP = "made by a loop that is not evaluated"
MOST_NODES = 250_000
"""Nodes that all loops of a template make together."""

_NO_ALPHANUMERIC = re.compile("[^0-9A-Za-z]+")


class Loops:
    """Expands the loops of one template. `open_loops` are those that were not evaluated."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._made = 0
        self.open_loops: list[Tree] = []

    def expand(self, tree: Tree) -> Tree:
        """The tree without loops. In the place of one whose collection is not known stands the key "*"."""
        if isinstance(tree, Array):
            return Array([self.expand(item) for item in tree.items], tree.start, tree.end)
        if not isinstance(tree, Object):
            return tree
        done = Object({}, {}, tree.start, tree.end)
        for key, item in tree.items.items():
            if not key.startswith(PREFIX):
                self._put(done, key, tree.keys[key], self.expand(item))
                continue
            expanded = self._loop(item)
            if expanded is None:
                self.open_loops.append(item)
                self._put(done, "*", tree.keys[key], Broken(OPEN_LOOP, item.start, item.end))
                continue
            for made in expanded:
                for made_key, made_item in made.items.items():
                    self._put(done, made_key, made.keys[made_key], made_item)
        return done

    def _put(self, into: Object, key: str, span: tuple[int, int], tree: Tree) -> None:
        if key in into.items and key != "*":
            self._evaluator.context.notes.add(
                "Duplicate key", span[0], "A loop makes a key that is there already.", level="error"
            )
            tree = Broken("key written twice", tree.start, tree.end)
        into.items[key] = tree
        into.keys[key] = span

    def _loop(self, tree: Tree) -> list[Object] | None:
        """The fragment once for each value, loops in it expanded; None if it cannot be told."""
        notes = self._evaluator.context.notes
        if not isinstance(tree, Array) or len(tree.items) != 3 or not isinstance(tree.items[2], Object):
            notes.add(
                "Malformed function",
                tree,
                "Fn::ForEach takes an identifier, a collection and a mapping.",
                level="error",
            )
            return None
        name, fragment = text_at(tree.items[0]), tree.items[2]
        values = self._collection(tree.items[1])
        if name is None or values is None:
            return None
        found: list[Object] = []
        for value in values:
            copy = self._substituted(fragment, name, value)
            if copy is None:
                notes.add("Loops too large", tree, f"The loops make more than {MOST_NODES} values.", level="error")
                return None
            expanded = self.expand(copy)
            assert isinstance(expanded, Object)
            found.append(expanded)
        return found

    def _collection(self, tree: Tree) -> list[str] | None:
        node = self._evaluator.node(tree, ())
        if not isinstance(node.value, list):
            return None
        found: list[str] = []
        for item in node.value:
            items = item.value if isinstance(item.value, list) else [item]  # a list parameter as an element
            for inner in items:
                if not isinstance(inner.value, (bool, int, float, str)) or inner.secret:
                    return None
                found.append(scalars.text_of(inner.value))
        return found

    def _substituted(self, tree: Tree, name: str, value: str) -> Tree | None:
        self._made += 1
        if self._made > MOST_NODES:
            return None
        if isinstance(tree, Leaf):
            if isinstance(tree.value, str):
                return Leaf(_replace(tree.value, name, value), tree.start, tree.end)
            return tree
        if isinstance(tree, Array):
            items: list[Tree] = []
            for item in tree.items:
                copy = self._substituted(item, name, value)
                if copy is None:
                    return None
                items.append(copy)
            return Array(items, tree.start, tree.end)
        if isinstance(tree, Object):
            if len(tree.items) == 1 and text_at(tree.items.get("Ref")) == name:
                return Leaf(value, tree.start, tree.end)
            done = Object({}, {}, tree.start, tree.end)
            for key, item in tree.items.items():
                copy = self._substituted(item, name, value)
                if copy is None:
                    return None
                self._put(done, _replace(key, name, value), tree.keys[key], copy)
            return done
        return tree


def _replace(text: str, name: str, value: str) -> str:
    """`${Name}` is the value, `&{Name}` its letters and digits."""
    if "{" not in text:
        return text
    text = text.replace("${" + name + "}", value)
    return text.replace("&{" + name + "}", _NO_ALPHANUMERIC.sub("", value))
