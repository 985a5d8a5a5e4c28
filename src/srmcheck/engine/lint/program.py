"""What names mean in a set of modules, and which expressions always have a value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from srmcheck.engine.builtins import BUILTINS
from srmcheck.engine.lint.shapes import Fields, local_fields
from srmcheck.engine.lint.tree import Module, Node, Rule, Statement, root_of, steps_of

_RESOURCE_FIELDS = frozenset({"address", "type", "properties", "unknown"})
"""What every resource and every member of a relation has in the input document."""

_MEMBER_FIELDS = frozenset({"address", "properties", "unknown"})
"""Those of them that no other object has: a local name with one of them is taken for a resource."""

_ALWAYS = frozenset(
    {
        ("schema",),
        ("source",),
        ("source", "language"),
        ("source", "format"),
        ("source", "provider"),
        ("resource",),
        ("resource", "scope"),
        ("resource", "scope", "provider"),
        ("resource", "scope", "account"),
        ("resource", "scope", "region"),
        ("resource", "carries"),
        *(("resource", name) for name in _RESOURCE_FIELDS),
        ("related",),
        ("open",),
        ("outside",),
    }
)


class Program:
    """All modules together. `data` is the `data` document beside them; `relations` maps a module's file to the relations
    that every document has that it is asked about."""

    def __init__(
        self, modules: Iterable[Module], data: Mapping[str, Any], relations: Mapping[str, Collection[str]]
    ) -> None:
        self.modules = tuple(modules)
        self.data = data
        self.relations = relations
        self.rules: dict[str, list[tuple[Module, Rule]]] = {}
        self.packages: set[str] = set()
        for module in self.modules:
            self.packages.add(module.package)
            for rule in module.rules:
                self.rules.setdefault(f"{module.package}.{rule.name}", []).append((module, rule))
        self._total: dict[str, bool] = {}

    def path_of(self, module: Module, node: Node) -> tuple[str, tuple[str | Node, ...]] | None:
        """What a reference that starts with no local variable names: the full name of a rule or package, or a path in
        the data, without `data.`, and the steps after it. None for one that starts otherwise."""
        root = root_of(node)
        if root.kind != "Var":
            return None
        steps: list[str | Node] = list(steps_of(node))
        name = str(root.value)
        if f"{module.package}.{name}" in self.rules:
            return f"{module.package}.{name}", tuple(steps)
        if name in module.imports:
            steps[:0] = module.imports[name].split(".")
        elif name == "data":
            steps[:0] = ["data"]
        else:
            return None
        if steps[0] != "data":
            return None
        known: list[str] = []
        rest = steps[1:]
        while rest and isinstance(rest[0], str) and ".".join(known) not in self.rules:
            known.append(rest.pop(0))  # type: ignore[arg-type]
        return ".".join(known), tuple(rest)

    def function_of(self, module: Module, call: Node) -> str | None:
        """The full name of the rule that a call calls, or the name of the built-in; None if the name means neither."""
        found = self.path_of(module, call.parts[0])
        if found is not None:
            return found[0] if not found[1] and found[0] in self.rules else None
        target = call.parts[0]
        name = ".".join([str(root_of(target).value), *map(str, steps_of(target))])
        return name if name in BUILTINS else None

    def in_data(self, path: str, steps: tuple[str | Node, ...]) -> bool:
        """Whether a path is in the data document."""
        at: Any = self.data
        for step in [*filter(None, path.split(".")), *steps]:
            if not isinstance(at, dict) or not isinstance(step, str) or step not in at:
                return False
            at = at[step]
        return True

    def is_total(self, name: str) -> bool:
        """Whether a rule has a value whatever the input is, a function for all arguments that have one."""
        if name not in self._total:
            self._total[name] = False  # while it is being looked at: recursion is refused elsewhere
            self._total[name] = any(self._is_total(module, rule) for module, rule in self.rules[name])
        return self._total[name]

    def _is_total(self, module: Module, rule: Rule) -> bool:
        if rule.kind in ("default", "set", "object"):
            return True
        if steps_of(rule.head) or any(arg.kind != "Var" for arg in rule.args):
            return False
        scope = Scope(self, module).inside(str(arg.value) for arg in rule.args)
        last = rule.branches[-1]
        for statement in last.body:  # assignments of what has a value always hold
            node = statement.node
            if statement.kind != "Expr" or node is None or node.kind != "AssignExpr" or node.parts[0].kind != "Var":
                return False
            if not scope.is_defined(node.parts[1]):
                return False
            scope = scope.inside([str(node.parts[0].value)])
        return last.value is None or scope.is_defined(last.value)


@dataclass(frozen=True)
class Scope:
    """A place in a body: the local names there, and the references that the body has needed a value of already."""

    program: Program
    module: Module
    locals: frozenset[str] = frozenset()
    proven: frozenset[str] = frozenset()
    fields: Mapping[str, Fields] = field(default_factory=dict)

    def inside(self, names: Iterable[str], statements: Iterable[Statement] = ()) -> Scope:
        """The scope with more local names, in a body of these statements."""
        proven: set[str] = set()
        arrays: set[str] = set()
        for statement in statements:
            proven.update(self.module.source(node) for node in needed(statement))
            node = statement.node
            if statement.kind == "Expr" and node is not None:
                if node.kind == "AssignExpr" and self._gives_array(node.parts[1]):
                    arrays.add(self.module.source(node.parts[0]))
                proven.update(self._counted(node, arrays))
        shapes = local_fields(statements, self._rules_of)
        return Scope(
            self.program,
            self.module,
            self.locals | frozenset(names),
            self.proven | proven,
            {**self.fields, **shapes} if shapes else self.fields,
        )

    def _rules_of(self, name: str) -> Iterable[Rule]:
        return [rule for _, rule in self.program.rules.get(f"{self.module.package}.{name}", ())]

    def _gives_array(self, node: Node) -> bool:
        if node.kind == "Call":
            name = self.program.function_of(self.module, node)
            return name is not None and name in BUILTINS and BUILTINS[name].gives == "array"
        return node.kind in ("Array", "ArrayCompr")

    def _counted(self, node: Node, arrays: set[str]) -> Iterator[str]:
        """The elements that are there after `count(array) > n` or `count(array) == n`."""
        if node.kind != "BoolExpr" or node.value not in ("Gt", "Ge", "Eq"):
            return
        call, number = node.parts
        if call.kind != "Call" or number.kind != "Number" or self.program.function_of(self.module, call) != "count":
            return
        array = self.module.source(call.parts[1])
        if array in arrays and isinstance(number.value, int):
            for index in range(min(number.value + (node.value == "Gt"), 20)):
                yield f"{array}[{index}]"

    def is_defined(self, node: Node) -> bool:
        """Whether an expression always has a value here, or raises."""
        match node.kind:
            case "Var":
                return self._is_name_defined(node)
            case "RefDot" | "RefBrack":
                return self._is_reference_defined(node)
            case "ArrayCompr" | "SetCompr" | "ObjectCompr":
                return True
            case "Call":
                return self._is_call_defined(node)
            case _:
                return all(self.is_defined(part) for part in node.parts)

    def weak_parts(self, node: Node) -> Iterator[Node]:
        """The innermost expressions in one that make it one that may have no value."""
        if self.is_defined(node):
            return
        inner = node.parts[1:] if node.kind == "Call" else node.parts
        weak = [part for part in inner if not self.is_defined(part)]
        if not weak or node.kind in ("RefDot", "RefBrack"):
            yield node
        for part in () if node.kind in ("RefDot", "RefBrack") else weak:
            yield from self.weak_parts(part)

    def is_plain_reference(self, node: Node) -> bool:
        """Whether an expression is a reference of which nothing but the last step may lack a value: both engines take
        `not` of it as true then."""
        if node.kind not in ("Var", "RefDot", "RefBrack"):
            return False
        root = root_of(node)
        if root.kind != "Var" and not self.is_defined(root):
            return False
        return all(isinstance(step, str) or self.is_defined(step) for step in steps_of(node))

    def _is_relation(self, steps: list[str | Node]) -> bool:
        return (
            len(steps) == 2 and steps[0] == "related" and steps[1] in self.program.relations.get(self.module.file, ())
        )

    def _is_name_defined(self, node: Node) -> bool:
        name = str(node.value)
        if name in self.locals or name in self.proven or name == "input":
            return True
        full = f"{self.module.package}.{name}"
        return full in self.program.rules and self.program.is_total(full)

    def _is_reference_defined(self, node: Node) -> bool:
        if self.module.source(node) in self.proven:
            return True
        root, steps = root_of(node), steps_of(node)
        if root.kind == "Var" and root.value == "input" and "input" not in self.locals:
            return tuple(steps) in _ALWAYS or self._is_relation(steps)
        if root.kind == "Var" and root.value in self.locals:
            there = self.fields.get(str(root.value), _MEMBER_FIELDS)
            return len(steps) == 1 and steps[0] in there
        if node.kind == "RefBrack" and _is_first_of_split(node):
            return self.is_defined(node.parts[0])
        found = self.program.path_of(self.module, node)
        if found is None:
            return False
        if found[0] in self.program.rules:
            return not found[1] and self.program.is_total(found[0])
        return self.program.in_data(*found)

    def _is_call_defined(self, node: Node) -> bool:
        if not all(self.is_defined(argument) for argument in node.parts[1:]):
            return False
        name = self.program.function_of(self.module, node)
        if name is None:
            return False
        return self.program.is_total(name) if name in self.program.rules else name in BUILTINS


def _is_first_of_split(node: Node) -> bool:
    """`split(text, "/")[0]` is there for every text, as the separator is not empty."""
    call, index = node.parts
    if call.kind != "Call" or index.kind != "Number" or index.value != 0:
        return False
    target = call.parts[0]
    return (
        target.value == "split"
        and len(call.parts) == 3
        and bool(call.parts[2].kind == "String" and call.parts[2].value)
    )


def needed(statement: Statement) -> Iterator[Node]:
    """The references and names that must have a value for a statement to hold. What a membership test within an
    expression looks at is none of them: an engine takes such a test as false."""
    if statement.kind not in ("Expr", "SomeIn", "Every") or statement.node is None:
        return
    node = statement.node
    for part in node.parts if node.kind == "Membership" else (node,):
        yield from _needed(part)


def _needed(node: Node) -> Iterator[Node]:
    if node.kind in ("Membership", "ArrayCompr", "SetCompr", "ObjectCompr"):
        return
    if node.kind in ("RefDot", "RefBrack", "Var"):
        yield node
    for part in node.parts:
        yield from _needed(part)
