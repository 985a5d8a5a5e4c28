"""The lint itself: one walk over every module (docs: engines, "What policies may not use")."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from srmcheck.diagnostics import Diagnostic, PolicyError
from srmcheck.engine.base import RULES, STACK_RULES
from srmcheck.engine.builtins import BUILTINS
from srmcheck.engine.bundle import ENTRY_PACKAGE
from srmcheck.engine.lint.calls import call_faults
from srmcheck.engine.lint.faults import fault
from srmcheck.engine.lint.program import Program, Scope
from srmcheck.engine.lint.recursion import recursive_rules
from srmcheck.engine.lint.text import unfit_text
from srmcheck.engine.lint.tree import Branch, Module, Node, Rule, Statement, inner_expressions, parse, root_of, steps_of
from srmcheck.engine.lint.variables import Variables, iterates, names_in

MAX_NUMBER = 2**53 - 1

_SET_RULES = frozenset({*RULES, *STACK_RULES} - {"not_applicable"})
_SCALAR_KINDS = frozenset({"String", "RawString", "Number", "Bool", "Null", "BoolExpr", "ArithExpr", "Membership"})
_CONSTANT_KINDS = frozenset({"String", "RawString", "Number", "Bool", "Null", "Array", "Set", "Object"})


def check_modules(
    modules: Mapping[str, str],
    data: Mapping[str, Any],
    relations: Mapping[str, Collection[str]] | None = None,
    *,
    library: Mapping[str, str] | None = None,
) -> list[Diagnostic]:
    """What the modules use that the engines read differently or that has no place in a policy, by file and line.

    `modules` maps file names to Rego texts, tests left out; `data` is the `data` document beside them; `relations` maps
    a file to the relations that its policy has for all its types (METADATA without `of`), so that `input.related.name`
    is always there. `library` holds further modules that these may call, which are taken as checked.
    """
    return _check({**(library or {}), **modules}, data, relations or {}, modules)


def check_module(
    text: str, file: str, library: Mapping[str, str] | None = None, data: Mapping[str, Any] | None = None
) -> list[Diagnostic]:
    """The same for one module by itself."""
    return check_modules({file: text}, data or {}, library=library)


def _check(
    all_of_them: Mapping[str, str],
    data: Mapping[str, Any],
    relations: Mapping[str, Collection[str]],
    wanted: Iterable[str],
) -> list[Diagnostic]:
    faults: list[Diagnostic] = []
    modules: list[Module] = []
    names = set(wanted)
    for file, text in sorted(all_of_them.items()):
        unfit = unfit_text(text, file)
        if unfit is not None:
            faults.append(unfit)
            continue
        try:
            modules.append(parse(text, file))
        except PolicyError as error:
            faults.append(error.diagnostic)
    program = Program(modules, data, relations)
    for module in modules:
        if module.file in names:
            try:
                faults.extend(_Checker(program, module).faults())
            except RecursionError:
                faults.append(Diagnostic(summary="Policy cannot be examined", file=module.file, line=1))
    faults.extend(found for found in recursive_rules(program) if found.file in names)
    faults = [found for found in faults if found.file in names]
    return sorted(set(faults), key=lambda found: (found.file or "", found.line or 0, found.column or 0, found.summary))


class _Checker:
    """Examines one module."""

    def __init__(self, program: Program, module: Module) -> None:
        self.program = program
        self.module = module
        self._found: list[Diagnostic] = []
        self._every: list[str] = []  # the names of the `every` bodies around

    def faults(self) -> list[Diagnostic]:
        if self.module.package == ENTRY_PACKAGE or self.module.package.startswith(f"{ENTRY_PACKAGE}."):
            self._add("package", 0, f"The package {self.module.package} is reserved.")
        for name, path in self.module.imports.items():
            if not path.startswith(("data.", "rego.v1", "future.keywords")):
                self._add("import", 0, f"The import {path} (as {name}) is not one of a package.")
        for rule in self.module.rules:
            self._rule(rule)
        return self._found

    def _add(self, name: str, start: int, detail: str) -> None:
        self._found.append(fault(name, self.module, start, detail))

    def _rule(self, rule: Rule) -> None:
        steps = steps_of(rule.head)
        if rule.kind == "object":
            steps = steps[1:]
        if steps:
            self._add("head", rule.start, f"The rule {self.module.source(rule.head)} has more than one name.")
        self._verdict_rule(rule)
        if rule.operator == "Eq":
            self._add("unification", rule.start, f"The value of {rule.name} is given with `=`.")
        if rule.kind == "default":
            value = rule.branches[0].value
            if value is not None and not all(node.kind in _CONSTANT_KINDS for node in value.walk()):
                self._add("default-value", rule.start, f"The default of {rule.name} is not a constant.")
        arguments: list[str] = []
        for argument in rule.args:
            if not _is_pattern(argument):
                self._add("argument-pattern", argument.start, f"A parameter of {rule.name} is an expression.")
            arguments.extend(names_in(argument))
        variables = Variables(self.program, self.module, self._add)
        variables.declare(arguments, rule.start, by_some=False)
        for number, branch in enumerate(rule.branches, 1):
            scope = self._branch(rule, branch, variables)
            self._head_values(rule, branch, scope, last=number == len(rule.branches), arguments=arguments)

    def _verdict_rule(self, rule: Rule) -> None:
        if rule.name in _SET_RULES and rule.kind != "set":
            self._add("verdict-rule", rule.start, f"{rule.name} is no set here (`{rule.name} contains ...`).")
        if rule.name == "not_applicable" and rule.kind not in ("complete", "default"):
            self._add("verdict-rule", rule.start, "not_applicable has a key or arguments.")

    def _branch(self, rule: Rule, branch: Branch, variables: Variables) -> Scope:
        tail = [part for part in (rule.key, branch.value) if part is not None]
        inner, scope = self._body(branch.body, variables, Scope(self.program, self.module))
        for node in tail:
            inner.check_uses(node)
            self._expression(node, scope, inner)
        return scope

    def _head_values(self, rule: Rule, branch: Branch, scope: Scope, *, last: bool, arguments: Collection[str]) -> None:
        """What a rule gives must have a value where its body holds: where the body iterates, one that has none takes all
        the others away, and before an `else` it hides the other branch, in one engine. With an `else`, the embedded
        engine also takes an index in the value for a variable of its own."""
        weak: list[Node] = []
        parts = [node for part in (rule.key, branch.value) if part is not None for node in scope.weak_parts(part)]
        if not last and rule.kind not in ("set", "object"):
            weak = parts
        elif iterates(branch.body):
            weak = [node for node in parts if not (scope.locals - set(arguments)).isdisjoint(names_in(node))]
        for node in weak:
            self._add(
                "head-value",
                node.start,
                f"{_quoted(self.module.source(node))} may have no value where the body of {rule.name} holds.",
            )
        if len(rule.branches) > 1 and branch.value is not None:
            for node in branch.value.walk():
                index = node.parts[1] if node.kind == "RefBrack" else None
                if index is not None and index.kind == "Var" and index.value not in arguments:
                    self._add("head-value", node.start, f"{rule.name} has an `else`, and an index in its value.")

    def _body(self, statements: Sequence[Statement], outer: Variables, scope: Scope) -> tuple[Variables, Scope]:
        """Examines the statements of a body. Returns the variables and the scope at its end."""
        variables = outer.enter(statements)
        scope = scope.inside(variables.all_names(), statements)
        for statement in statements:
            if statement.mocks:
                self._add("mock", statement.start, "A policy's rules see one input and one set of data.")
            variables.at(statement)
            self._statement(statement, variables, scope)
        return variables, scope

    def _statement(self, statement: Statement, variables: Variables, scope: Scope) -> None:
        node = statement.node
        if node is None:
            return
        if statement.kind == "NotExpr":
            self._negation(node, scope)
            self._expression(node, scope, variables, statement=True)
        elif statement.kind == "Expr" and node.kind == "AssignExpr":
            self._assignment(node, scope, variables)
        elif statement.kind == "Expr":
            self._expression(node, scope, variables, statement=True)
        else:
            if statement.kind == "SomeIn":
                self._iteration(statement, node)
            self._expression(node, scope, variables)
            if statement.kind == "Every":
                inner = variables.nested()
                inner.declare(statement.names, statement.start, by_some=True)
                self._every.extend(statement.names)
                self._body(statement.body, inner, scope)
                del self._every[len(self._every) - len(statement.names) :]

    def _assignment(self, node: Node, scope: Scope, variables: Variables) -> None:
        left, right = node.parts
        if node.value != "ColEq":
            self._add("unification", node.start, "`=` compares and assigns at once.")
            self._expression(left, scope, variables)
        elif not _is_pattern(left):
            self._add("argument-pattern", left.start, "The left side of `:=` is neither a name nor an array of names.")
        self._expression(right, scope, variables)

    def _iteration(self, statement: Statement, collection: Node) -> None:
        for pattern in statement.patterns:
            if not _is_pattern(pattern):
                self._add("argument-pattern", pattern.start, "`some` takes names, constants and arrays of them.")
        if self._is_scalar(collection):
            self._add("iteration", collection.start, "`some ... in` gets a text, a number or a boolean here.")

    def _is_scalar(self, node: Node) -> bool:
        if node.kind == "Call":
            return self._gives(node) in ("string", "number", "boolean")
        return node.kind in _SCALAR_KINDS

    def _is_unordered(self, node: Node) -> bool:
        """Whether an expression is surely a set or an object."""
        if node.kind == "Call":
            return self._gives(node) in ("set", "object")
        if node.kind == "Var":
            rules = self.program.rules.get(f"{self.module.package}.{node.value}", ())
            return any(rule.kind in ("set", "object") for _, rule in rules)
        return node.kind in ("Set", "SetCompr", "Object", "ObjectCompr", "BinExpr")

    def _gives(self, call: Node) -> str:
        name = self.program.function_of(self.module, call)
        return BUILTINS[name].gives if name is not None and name in BUILTINS else "any"

    def _negation(self, node: Node, scope: Scope) -> None:
        for inner in node.walk():
            if inner.kind == "RefBrack" and inner.parts[1].kind == "Var" and inner.parts[1].value in self._every:
                self._add(
                    "negation",
                    inner.start,
                    f"`every` gives {inner.parts[1].value}, an index here: one engine takes the negation as false.",
                )
        if node.kind == "Bool":
            self._add("negation", node.start, "The negation of a constant is a constant; one engine takes it wrongly.")
        if scope.is_plain_reference(node):
            return
        match node.kind:
            case "BoolExpr" if node.value == "Eq":
                weak = [part for part in node.parts if not (scope.is_plain_reference(part) or scope.is_defined(part))]
            case "Call":
                weak = [part for part in node.parts[1:] if not scope.is_defined(part)]
            case "BoolExpr" | "Membership":
                weak = [part for part in node.parts if not scope.is_defined(part)]
            case _:
                weak = [] if scope.is_defined(node) else [node]
        for part in weak:
            self._add(
                "negation",
                part.start,
                f"{_quoted(self.module.source(part))} may have no value: `not` is true then in one engine, and silent "
                "in the other.",
            )

    def _expression(self, node: Node, scope: Scope, variables: Variables, *, statement: bool = False) -> None:
        """Examines an expression; `statement` is whether it stands as a line of its own."""
        match node.kind:
            case "Membership" if not statement:
                for part in node.parts:
                    if not scope.is_defined(part):
                        self._add(
                            "membership",
                            node.start,
                            f"{_quoted(self.module.source(part))} may have no value: the test is false then in one "
                            "engine, and undefined in the other.",
                        )
            case "Call":
                for name, start, detail in call_faults(self.program, self.module, node):
                    self._add(name, start, detail)
            case "BoolExpr" if node.value not in ("Eq", "Ne"):
                if any(self._is_unordered(part) for part in node.parts):
                    self._add("ordering", node.start, "A set or an object is compared by order.")
            case "AssignExpr":
                self._add("unification", node.start, "An assignment inside an expression.")
            case "UnaryExpr":
                self._add("minus", node.start, "One engine takes a minus before a number only.")
            case "ArithExpr" if node.value == "Div":
                self._add("division", node.start, "The quotient may be a fraction.")
            case "Number":
                self._number(node)
            case "RefDot" | "RefBrack" | "Var":
                self._reference(node, variables)
        if node.kind in ("ArrayCompr", "SetCompr", "ObjectCompr"):
            inner, scope = self._body(node.body, variables.nested(), scope)
            for part in node.parts:
                inner.check_uses(part)
                self._expression(part, scope, inner)
            return
        for part in inner_expressions(node):
            self._expression(part, scope, variables)

    def _number(self, node: Node) -> None:
        text = self.module.source(node)
        if not text.lstrip("-").isdigit() or abs(int(text)) > MAX_NUMBER:
            self._add("number", node.start, f"The number {text} is no integer, or too large.")

    def _reference(self, node: Node, variables: Variables) -> None:
        root = root_of(node)
        if root.kind != "Var" or root.value in ("input", "_") or variables.is_local(str(root.value)):
            return
        found = self.program.path_of(self.module, node)
        if found is None:
            return  # the name means nothing: `variables` says so
        path, steps = found
        if path in self.program.rules:
            if any(rule.kind == "function" for _, rule in self.program.rules[path]):
                self._add("unknown-function", node.start, f"The function {path} is not called.")
        elif not self.program.in_data(path, ()) or not path:
            self._add("data-reference", node.start, f"There is no rule and no data at data.{path}.")
        elif any(_overlap(path, package) for package in self.program.packages) and not self.program.in_data(
            path,
            [step for step in steps if isinstance(step, str)],  # type: ignore[arg-type]
        ):
            self._add("data-reference", node.start, f"data.{path} holds rules and data.")


def _is_pattern(node: Node) -> bool:
    """A name, a constant, or an array of them."""
    if node.kind == "Array":
        return all(_is_pattern(part) for part in node.parts)
    return node.kind in ("Var", "String", "RawString", "Number", "Bool", "Null")


def _overlap(path: str, package: str) -> bool:
    return f"{package}.".startswith(f"{path}.")


def _quoted(text: str) -> str:
    """A piece of a policy's own text in one line."""
    line = " ".join(text.split())
    return f"`{line if len(line) <= 80 else line[:77] + '...'}`"
