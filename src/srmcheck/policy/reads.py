"""What a policy's rules read, held against its METADATA: a path that is not named there never reaches a document, and a
rule that reads it says nothing, for ever (docs: own-policies).

Looked at are references (`input.resource.properties.A.B`, also through local names), and paths written as lists for functions
that take one (`resource.text(input.resource, ["A", "B"])`) and in `settled`. What is computed otherwise cannot be told, and
is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from srmcheck.engine.lint.program import Program
from srmcheck.engine.lint.tree import Branch, Module, Node, Rule, Statement, inner_expressions, root_of, steps_of
from srmcheck.policy.model import Policy, ReadPath

Steps = tuple[str | None, ...]
"""A written path: names, and None for an index or a variable, which may be anything."""
Fault = tuple[int, str]
"""A byte offset in the module, and what is wrong there."""

Items = tuple[Any, ...]
"""A list as far as its text tells: texts, None, and lists."""
Names = dict[str, "Node | Steps | None"]
"""Local names: an expression that they stand for, where below `input` they lead, or None."""

LIBRARY = "srmcheck.lib."
MOST_VALUES, MOST_DEPTH = 32, 8
_PATHS = frozenset({"path", "paths", "place"})
_LIBRARY_PATHS = _PATHS | {"rule", "statement", "document", "standalone"}
"""Names of parameters that take a path: in any function, and in those of the library."""
_OF_ELEMENTS = frozenset({f"{LIBRARY}resource.list", f"{LIBRARY}resource.map"})
_DOCUMENT = frozenset({"schema", "source", "resource", "related", "template", "open", "outside"})
_RESOURCE = frozenset({"address", "type", "scope", "properties", "unknown", "carries"})


def unread(program: Program, module: Module, policy: Policy) -> list[Fault]:
    """What the rules of a module read that the METADATA of `policy` does not name, once for each line, in the order of
    places. The module is the policy's own or one of its library."""
    reader = _Reader(program, module, policy)
    for rule in module.rules:
        reader.rule(rule)
    told: dict[tuple[int, str], Fault] = {}
    for start, detail in sorted(set(reader.found)):
        told.setdefault((module.text.count(b"\n", 0, start), detail), (start, detail))
    return list(told.values())


def leads(path: Steps, read: ReadPath) -> bool:
    """Whether a written path is a read path, or on the way to one."""
    for step, other in zip(path, read, strict=False):
        if other == "**":
            return True
        if step is None or step == other:
            continue
        return False
    return len(path) <= len(read)


@dataclass
class _Reader:
    program: Program
    module: Module
    policy: Policy
    found: list[Fault] = field(default_factory=list)

    def rule(self, rule: Rule) -> None:
        hidden = {str(node.value) for argument in rule.args for node in argument.walk() if node.kind == "Var"}
        for branch in rule.branches:
            self.branch(rule, branch, dict.fromkeys(hidden))

    def branch(self, rule: Rule, branch: Branch, names: Names) -> None:
        self.body(branch.body, names)
        for part in (rule.key, branch.value):
            if part is not None:
                self.expression(part, names)
        if rule.key is not None and rule.name in ("settled", "settled_stack"):
            for path in self.paths(rule.key, names):
                self.listed(path, ("resource",) if rule.name == "settled" else None, rule.key.start)

    def body(self, statements: Iterable[Statement], names: Names) -> None:
        """Goes through a body; `names` are the local names with what they stand for, as far as it is known."""
        for statement in statements:
            node = statement.node
            if node is None:
                names.update(dict.fromkeys(statement.names))
                continue
            if statement.kind == "Expr" and node.kind == "AssignExpr":
                left, right = node.parts
                self.expression(right, names)
                if left.kind == "Var":
                    at = self.steps(right, names)
                    names[str(left.value)] = right if at is None and right.kind in ("Array", "Call") else at
                continue
            self.expression(node, names)
            if statement.kind in ("SomeIn", "Every"):
                self.elements(node, names)
                at = self.steps(node, names)
                element = None if at is None else (*at, None)
                if statement.kind == "Every":
                    inner = {**names, **dict.fromkeys(statement.names)}
                    inner[statement.names[-1]] = element
                    self.body(statement.body, inner)
                else:
                    for pattern in statement.patterns:
                        names.update({str(one.value): None for one in pattern.walk() if one.kind == "Var"})
                    last = statement.patterns[-1]
                    if last.kind == "Var":
                        names[str(last.value)] = element

    def expression(self, node: Node, names: Names) -> None:
        if node.kind in ("RefDot", "RefBrack", "Var"):
            at = self.steps(node, names)
            if at is not None:
                self.reference(at, node.start)
        elif node.kind == "Call":
            self.call(node, names)
        elif node.kind == "Array" and node.parts and str(node.parts[0].value).startswith("@"):
            for path in self.paths(node, names):
                are_names = all(step is not None and step.startswith("@") for step in path)
                for one in [(step,) for step in path] if are_names else [path]:
                    self.listed(one, None, node.start)
        elif node.kind == "Membership":
            self.elements(node.parts[-1], names)
        elif node.kind in ("ArrayCompr", "SetCompr", "ObjectCompr"):
            names = dict(names)
            self.body(node.body, names)
            for part in node.parts:
                self.expression(part, names)
            return
        for part in inner_expressions(node):
            self.expression(part, names)

    def steps(self, node: Node, names: Names) -> Steps | None:
        """Where below `input` a reference leads, None where that cannot be told."""
        if node.kind not in ("RefDot", "RefBrack", "Var"):
            return None
        root = root_of(node)
        if root.kind != "Var":
            return None
        name = str(root.value)
        below: Steps = tuple(step if isinstance(step, str) else None for step in steps_of(node))
        if name in names:
            known = names[name]
            return (*known, *below) if isinstance(known, tuple) else None
        if name == "input":
            return below
        alias = self.alias(name)
        return None if alias is None else (*alias, *below)

    def alias(self, name: str) -> Steps | None:
        """Where a rule of the module leads that only gives a part of the input another name."""
        rules = self.program.rules.get(f"{self.module.package}.{name}", ())
        if len(rules) != 1:
            return None
        rule = rules[0][1]
        value = rule.branches[0].value
        if rule.kind != "complete" or len(rule.branches) != 1 or value is None:
            return None
        is_input = value.kind in ("RefDot", "RefBrack") and root_of(value).value == "input"
        return self.steps(value, {}) if is_input else None

    def elements(self, node: Node, names: Names) -> None:
        """A collection whose elements are looked at."""
        at = self.steps(node, names)
        if at is not None:
            self.reference((*at, None), node.start)

    def call(self, call: Node, names: Names) -> None:
        name = self.program.function_of(self.module, call)
        if name is None or name not in self.program.rules:
            return
        takes = _LIBRARY_PATHS if name.startswith(LIBRARY) else _PATHS
        arguments = call.parts[1:]
        parameters = self.program.rules[name][0][1].args
        for parameter, argument in zip(parameters, arguments, strict=False):
            if parameter.kind == "Var" and parameter.value in takes:
                for path in self.paths(argument, names):
                    if name in _OF_ELEMENTS:
                        path = (*path, None)
                    self.listed(path, self.steps(arguments[0], names), argument.start)

    def listed(self, path: Steps, judged: Steps | None, start: int) -> None:
        """A path written as a list, of the resource that the first argument names, if it does."""
        if path[0] is not None and path[0].startswith("@"):
            name, rest = path[0][1:], path[2:]
            if not name:
                return  # the name is put together: concat("", ["@", name])
            if name not in self.groups(None):
                self.add(start, f"@{name} is neither a relation nor a judged type of {self.policy.id}.")
            elif rest:
                self.properties(rest, (name,), start)
            return
        owner = None
        if judged == ("resource",):
            owner = ("",)
        elif judged is not None and len(judged) == 3 and judged[0] in ("related", "template") and judged[1] is not None:
            owner = (judged[1],)
        self.properties(path, owner, start)

    def paths(self, node: Node, names: Names) -> list[Steps]:
        """The paths that an expression may give, one or a list of them, as far as its text tells."""
        return [path for items in self.lists(node, names) for path in _flat(items)]

    def lists(self, node: Node, names: Names, depth: int = 0) -> list[Items]:
        """The lists that an expression may give."""
        if depth > MOST_DEPTH:
            return []
        if node.kind == "Array":
            found: list[Items] = [()]
            for part in node.parts:
                inner: list[Any] = [None]
                if part.kind in ("String", "RawString"):
                    inner = [str(part.value)]
                elif part.kind in ("Array", "Call", "Var"):
                    inner = [*self.lists(part, names, depth + 1)] or [None]
                found = [(*items, item) for items in found for item in inner][:MOST_VALUES]
            return found
        if node.kind == "Call" and len(node.parts) == 3:
            if self.program.function_of(self.module, node) != "array.concat":
                return []
            first, second = (self.lists(part, names, depth + 1) for part in node.parts[1:])
            return [(*one, *other) for one in first for other in second or [()]][:MOST_VALUES]
        if node.kind != "Var":
            return []
        name = str(node.value)
        if name in names:
            known = names[name]
            return self.lists(known, names, depth + 1) if isinstance(known, Node) else []
        rules = [rule for _, rule in self.program.rules.get(f"{self.module.package}.{name}", ())]
        values = [branch.value for rule in rules if rule.kind == "complete" for branch in rule.branches]
        return [items for value in values if value is not None for items in self.lists(value, {}, depth + 1)][
            :MOST_VALUES
        ]

    def reference(self, at: Steps, start: int) -> None:
        if not at or at[0] is None:
            return
        head, rest = at[0], at[1:]
        if head not in _DOCUMENT:
            self.add(start, f"The input document has no {head}.")
        elif head == "resource":
            self.row(rest, ("",), start)
        elif head in ("related", "template") and rest and rest[0] is not None:
            if rest[0] not in self.groups(head):
                what = "relation" if head == "related" else "type"
                self.add(start, f"{rest[0]} is no {what} in the METADATA of {self.policy.id}.")
            else:
                self.row(rest[2:], (rest[0],), start)

    def row(self, at: Steps, owner: tuple[str], start: int) -> None:
        """A place in a resource of the document."""
        if not at or at[0] is None:
            return
        known = set(_RESOURCE)
        known.update(["origins"] if self.policy.origins else [], ["facts"] if self.policy.facts else [])
        if at[0] in ("origins", "facts") and at[0] not in known:
            self.add(start, f"{at[0]} are in the document only if the METADATA of {self.policy.id} asks for them.")
        elif at[0] not in known:
            self.add(start, f"A resource of the document has no {at[0]}; its properties are under `properties`.")
        elif at[0] == "properties" and len(at) > 1:
            self.properties(at[1:], owner, start)

    def groups(self, head: str | None) -> dict[str, tuple[ReadPath, ...]]:
        """The read paths by relation and by judged type, "" standing for the judged resource."""
        related = {relation.name: relation.reads for relation in self.policy.related}
        if head == "related":
            return related
        return dict(self.policy.types) if head == "template" else {**self.policy.types, **related}

    def properties(self, path: Steps, owner: tuple[str] | None, start: int) -> None:
        if owner == ("",):
            groups = list(self.policy.types.values())
        elif owner is not None:
            groups = [self.groups(None)[owner[0]]]
        else:
            groups = list(self.groups(None).values())
        if any(leads(path, read) for group in groups for read in group):
            return
        whose = f"of {owner[0]}" if owner is not None and owner[0] else "of the judged types"
        what = "" if owner is None else f", {whose},"
        text = written(path)
        self.add(start, f"{text}{what} is not among the paths that the METADATA of {self.policy.id} names.")

    def add(self, start: int, detail: str) -> None:
        self.found.append((start, detail))


def written(path: Steps) -> str:
    """A path as METADATA writes it: `A.B[].C`."""
    text = ""
    for step in path:
        if step is None or step == "[]":
            text += "[]"
        else:
            text += f".{step}" if text else step
    return text


def _flat(items: Items) -> Iterator[Steps]:
    """A path, or the paths in a list of paths."""
    if items and isinstance(items[0], str):
        yield tuple(item if isinstance(item, str) else None for item in items)
    else:
        for item in items:
            if isinstance(item, tuple):
                yield from _flat(item)
