"""Local variables: where they are declared, that they have a value where they are used, and that they hide nothing.

The embedded engine finds a variable without a value only when the rule runs, and takes a name declared twice wrongly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from srmcheck.engine.lint.program import Program
from srmcheck.engine.lint.tree import Module, Node, Statement, root_of, steps_of

Add = Callable[[str, int, str], None]


def names_in(node: Node) -> Iterator[str]:
    """The variables of a pattern, `_` left out."""
    for inner in node.walk():
        if inner.kind == "Var" and inner.value != "_":
            yield str(inner.value)


def iterates(statements: Iterable[Statement]) -> bool:
    """Whether a body may hold in more than one way."""
    declared = {name for statement in statements for name, _ in _declared(statement) if statement.kind != "SomeVars"}
    for statement in statements:
        node = statement.node
        if statement.kind in ("SomeIn", "SomeVars"):
            return True
        if (
            statement.kind == "Expr"
            and node is not None
            and any(index.value not in declared for index in _indexes(node))
        ):
            return True  # an index that nothing declares, a parameter or a rule
    return False


class Variables:
    """The variables of one body, and of those around it. `known` are those declared up to here, `coming` those that
    this body or one around it declares further down."""

    def __init__(self, program: Program, module: Module, add: Add, outer: Variables | None = None) -> None:
        self._program = program
        self._module = module
        self._add = add
        self._outer = outer
        self._known: set[str] = set()
        self._coming: set[str] = set()

    def nested(self) -> Variables:
        """For a body inside this one."""
        return Variables(self._program, self._module, self._add, self)

    def enter(self, statements: Sequence[Statement]) -> Variables:
        """The variables of a body before its first statement; what its statements use as an index without declaring it
        is bound by it."""
        inner = self.nested()
        for statement in statements:
            inner._coming.update(name for name, _ in _declared(statement))
        for statement in statements:
            if statement.kind in ("Expr", "SomeIn", "Every") and statement.node is not None:
                inner._bind_indexes(statement.node)
        return inner

    def all_names(self) -> set[str]:
        """Every local name of this body and those around it."""
        names = self._known | self._coming
        return names | self._outer.all_names() if self._outer else names

    def is_local(self, name: str) -> bool:
        return name in self._known or name in self._coming or (self._outer is not None and self._outer.is_local(name))

    def declare(self, names: Iterable[str], start: int, *, by_some: bool) -> None:
        """New names at a place. `some` and `every` must hide no rule; nothing may hide an import or another local."""
        for name in names:
            if name in self._known or (self._outer is not None and self._outer.is_local(name)):
                self._add("shadow", start, f"{name} is a local name already.")
            elif name in self._module.imports or name in ("input", "data"):
                self._add("shadow", start, f"{name} is an import, or a document.")
            elif by_some and f"{self._module.package}.{name}" in self._program.rules:
                self._add("shadow", start, f"{name} is a rule of this package.")
            self._known.add(name)

    def at(self, statement: Statement) -> None:
        """Goes to a statement: checks what it uses, and declares what it declares."""
        node = statement.node
        if node is not None:
            used = node.parts[1] if statement.kind == "Expr" and node.kind == "AssignExpr" else node
            self.check_uses(used, binds=statement.kind != "NotExpr")
        declared = list(_declared(statement))
        self._coming -= {name for name, _ in declared}
        self.declare((name for name, _ in declared), statement.start, by_some=statement.kind != "Expr")

    def check_uses(self, node: Node, *, binds: bool = False) -> None:
        """Complains about variables of an expression that have no value; with `binds` those that stand as an index get
        theirs here. What is in the bodies of comprehensions is checked with them."""
        for used in _used(node):
            name = str(used.value)
            if name == "_":
                if not binds or used not in _indexes(node):
                    self._add("unsafe", used.start, "`_` has no value to use here.")
            elif self._is_coming(name):
                self._add("unsafe", used.start, f"{name} is declared further down.")
            elif not self._has_value(name):
                self._add("unsafe", used.start, f"{name} is neither declared here nor a rule or an import.")

    def _is_coming(self, name: str) -> bool:
        if name in self._known:
            return False
        return name in self._coming or (self._outer is not None and self._outer._is_coming(name))

    def _has_value(self, name: str) -> bool:
        return (
            name in ("input", "data")
            or self.is_local(name)
            or name in self._module.imports
            or f"{self._module.package}.{name}" in self._program.rules
        )

    def _bind_indexes(self, node: Node) -> None:
        """Variables that only an index declares (`input.list[i]`): they have their value in the whole body."""
        for index in _indexes(node):
            name = str(index.value)
            if name != "_" and not self._has_value(name):
                self._known.add(name)


def _declared(statement: Statement) -> Iterator[tuple[str, int]]:
    """The names that a statement declares for its body."""
    node = statement.node
    if statement.kind == "SomeVars":
        for name in statement.names:
            yield name, statement.start
    elif statement.kind == "SomeIn":
        for pattern in statement.patterns:
            for name in names_in(pattern):
                yield name, pattern.start
    elif statement.kind == "Expr" and node is not None and node.kind == "AssignExpr" and node.value == "ColEq":
        for name in names_in(node.parts[0]):
            yield name, node.start


def _used(node: Node) -> Iterator[Node]:
    """The variables that an expression uses, outside the bodies and terms of comprehensions."""
    if node.kind in ("ArrayCompr", "SetCompr", "ObjectCompr"):
        return
    if node.kind == "Var":
        yield node
    elif node.kind == "Call":
        for argument in node.parts[1:]:
            yield from _used(argument)
    else:
        for part in node.parts:
            yield from _used(part)


def _indexes(node: Node) -> list[Node]:
    """The variables that stand as an index of a reference in an expression, outside comprehensions."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if at.kind in ("ArrayCompr", "SetCompr", "ObjectCompr"):
            continue
        if at.kind in ("RefDot", "RefBrack"):
            for step in steps_of(at):
                if isinstance(step, Node):
                    if step.kind == "Var":
                        found.append(step)
                    else:
                        waiting.append(step)
            root = root_of(at)
            if root.kind != "Var":
                waiting.append(root)
        elif at.kind == "Call":
            waiting.extend(at.parts[1:])
        else:
            waiting.extend(at.parts)
    return found
