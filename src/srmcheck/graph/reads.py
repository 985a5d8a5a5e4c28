"""Which parts of a resource policies read: read paths as one tree."""

from __future__ import annotations

from collections.abc import Iterable

ReadPath = tuple[str, ...]


class Reads:
    """One step of the tree. `keys` are the properties read below an object, `items` what is read of a list's elements,
    `deep` everything below. A step with none of them is a leaf: a scalar is read, of a container only that it is there.
    `facts` are to be computed about a value here."""

    __slots__ = ("deep", "facts", "items", "keys")

    def __init__(self, deep: bool = False) -> None:
        self.deep = deep
        self.keys: dict[str, Reads] = {}
        self.items: Reads | None = None
        self.facts: tuple[str, ...] = ()

    def add(self, path: ReadPath, facts: Iterable[str] = ()) -> None:
        """Reads `path` too, and asks for `facts` about the values there."""
        step = self
        for part in path:
            if part == "**":
                step._deepen()
                break
            if part == "[]":
                if step.items is None:
                    step.items = Reads(step.deep)
                step = step.items
            else:
                step = step.keys.setdefault(part, Reads(step.deep))
        if facts:
            step.facts = tuple(sorted({*step.facts, *facts}))

    def _deepen(self) -> None:
        """Everything below is read: below the steps that other paths read more narrowly too."""
        self.deep = True
        for step in (*self.keys.values(), *((self.items,) if self.items is not None else ())):
            step._deepen()

    def below(self, key: str) -> Reads:
        """What is read under `key`; a step that reads nothing if it is not read."""
        return self.keys.get(key, DEEP if self.deep else NONE)

    def element(self) -> Reads:
        """What is read of an element of a list here."""
        if self.items is not None:
            return self.items
        return DEEP if self.deep else NONE


DEEP = Reads(deep=True)
NONE = Reads()


def reads_of(paths: Iterable[ReadPath]) -> Reads:
    """The tree of some read paths."""
    tree = Reads()
    for path in paths:
        tree.add(path)
    return tree
