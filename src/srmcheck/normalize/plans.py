"""Compiles the rows of one table to a plan: what is written, what is derived by name, checked against both schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from srmcheck.normalize.provider import Attribute, fits, only_boolean
from srmcheck.normalize.rows import Row, TableError
from srmcheck.schema import ResourceType, Shape

NEVER = frozenset({"id", "tags_all", "timeouts"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where the attributes of one block go: `shape` at the absolute `path`; what is derived goes to `derive`, at `into`
    relative to it, or nowhere."""

    shape: Shape
    path: tuple[str, ...]
    derive: Shape | None
    into: tuple[str, ...] = ()


@dataclass
class PlanCompiler:
    name: str
    rows: Mapping[tuple[str, ...], list[Row]]
    kind: ResourceType
    fans: Mapping[tuple[str, ...], tuple[str, ...]]
    used: set[int] = field(default_factory=set)
    mapped: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    touched: set[tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.touched = {path[:length] for path in self.rows for length in range(1, len(path))}

    def fail(self, row: Row, why: str) -> TableError:
        return TableError(f"{self.name}: {row.kind} {'.'.join(row.source)}: {why}")

    def plan(self, path: tuple[str, ...], body: Mapping[str, Attribute], target: Target) -> dict[str, Any]:
        """The plan of one block (of the resource itself for the empty path)."""
        steps: dict[str, list[Any]] = {}
        for name, attribute in body.items():
            found = self._steps((*path, name), attribute, target)
            if found:
                steps[name] = found
        plan: dict[str, Any] = {"steps": steps}
        for row in self.rows.get((*path, "*"), ()):
            self.used.add(id(row))
        defaults = [
            [row.source[-1], row.value, row.provider]
            for at, rows in self.rows.items()
            if at[:-1] == path
            for row in rows
            if row.kind == "default"
        ]
        opaque = [at[-1] for at, rows in self.rows.items() if at[:-1] == path for row in rows if row.kind == "opaque"]
        always = [
            [list(self._relative(row, target)), row.value]
            for row in self.rows.get(path, ())
            if row.kind == "const" and path and self._is_inside(row, target)
        ]
        plan.update(
            {key: rows for key, rows in (("defaults", defaults), ("opaque", opaque), ("always", always)) if rows}
        )
        if path in self.fans:
            plan["fan"] = list(self.fans[path])
        return plan

    def _is_inside(self, row: Row, target: Target) -> bool:
        return len(row.target) > len(target.path) and row.target[: len(target.path)] == target.path

    def _steps(self, path: tuple[str, ...], attribute: Attribute, target: Target) -> list[Any]:
        rows = self.rows.get(path, ())
        for row in rows:
            self.used.add(id(row))
            if not attribute.configurable:
                raise self.fail(row, "only the provider sets this attribute")
        steps: list[Any] = []
        main = False
        for row in rows:
            match row.kind:
                case "move" | "collect" | "document":
                    main = True
                    if row.target:  # a row without a target: the attribute goes nowhere
                        steps.extend(self._move(path, attribute, target, row))
                case "values":
                    main = True
                    goal = row.target or self._derived(path, attribute, target)
                    if goal is None:
                        raise self.fail(row, "no property of that name; say where it goes")
                    relative = self._relative(row, target, goal)
                    self._mapped(path, (*target.path, *relative))
                    steps.append(["values", list(relative), row.value])
                case "each":
                    main = True
                    steps.append(self._each(path, target, row))
                case "keyed":
                    main = True
                    steps.append(self._keyed(path, target, row))
                case "const":
                    if not self._is_own(row, path, target):
                        steps.append(self._const(target, row))
                case _:
                    pass
        if main or not attribute.configurable or (len(path) == 1 and path[0] in NEVER):
            return steps
        goal = self._derived(path, attribute, target)
        if goal is not None:
            row = Row("derived", path, goal)
            steps.extend(self._move(path, attribute, target, row))
        elif attribute.body is not None and path in self.touched:
            inner = Target(target.shape, target.path, None)
            steps.append(["block", [], self.plan(path, attribute.body, inner)])
        return steps

    def _is_own(self, row: Row, path: tuple[str, ...], target: Target) -> bool:
        """Whether a const row on a block speaks about the object that the block becomes."""
        goals = [other.target for other in self.rows.get(path, ()) if other.kind in ("move", "collect")]
        goal = goals[0] if goals else self._derived(path, None, target)
        return bool(goal) and len(row.target) > len(goal or ()) and row.target[: len(goal or ())] == goal

    def _relative(self, row: Row, target: Target, goal: tuple[str, ...] | None = None) -> tuple[str, ...]:
        goal = goal if goal is not None else row.target
        if goal[: len(target.path)] != target.path:
            raise self.fail(row, f"{dotted(goal)} does not lie below {dotted(target.path)}, where the block goes")
        return goal[len(target.path) :]

    def _shape(self, row: Row, target: Target, relative: tuple[str, ...]) -> Shape:
        shape = target.shape.at(relative)
        if shape is None:
            raise self.fail(row, f"{self.kind.name} has no {dotted((*target.path, *relative))}")
        if plain((*target.path, *relative)) in self.kind.read_only:
            raise self.fail(row, f"only AWS sets {dotted((*target.path, *relative))}")
        return shape

    def _derived(self, path: tuple[str, ...], attribute: Attribute | None, target: Target) -> tuple[str, ...] | None:
        """The absolute path of the property that an attribute matches by its name, if its shape fits."""
        if target.derive is None:
            return None
        wanted = path[-1].replace("_", "").lower()
        for name, shape in target.derive.properties.items():
            if name.lower() == wanted:
                goal = (*target.path, *target.into, name)
                if plain(goal) in self.kind.read_only or (attribute is not None and not fits(attribute, shape)):
                    return None
                return goal
        return None

    def _mapped(self, source: tuple[str, ...], goal: tuple[str, ...]) -> None:
        self.mapped.append((source, goal))

    def _move(self, path: tuple[str, ...], attribute: Attribute, target: Target, row: Row) -> list[Any]:
        relative = self._relative(row, target)
        elements = relative[-1:] == ("[]",)
        if elements:
            relative = relative[:-1]
        if "[]" in relative or (elements and attribute.body is None):
            raise self.fail(row, "a list of objects on the way; use each, collect or a row for the block")
        shape = self._shape(row, target, relative)
        goal = (*target.path, *relative)
        if attribute.body is not None:
            if row.kind != "derived" and elements != (shape.kind == "list"):
                raise self.fail(row, f"write {dotted(goal)}{'' if elements else '[]'}, it is {shape.kind}")
            return [self._block(path, attribute.body, shape, goal, relative, row)]
        if shape.kind == "object" and attribute.type == "bool":
            inner = only_boolean(shape)
            if inner is None:
                raise self.fail(row, f"{dotted(goal)} is an object")
            relative, goal = (*relative, inner), (*goal, inner)
        self._mapped(path, goal)
        structured = shape.kind == "object" or (shape.kind == "list" and shape.item.kind == "object")
        if attribute.type == "string" and structured:
            return [["document", list(relative)]]
        return [["value", list(relative)]]

    def _block(
        self,
        path: tuple[str, ...],
        body: Mapping[str, Attribute],
        shape: Shape,
        goal: tuple[str, ...],
        relative: tuple[str, ...],
        row: Row,
    ) -> list[Any]:
        if shape.kind == "list" and shape.item.kind == "object":
            operation, shape, goal = "blocks", shape.item, (*goal, "[]")
        elif shape.kind == "object":
            operation = "block"
        else:
            raise self.fail(row, f"a block cannot become {dotted(goal)}, a {shape.kind}")
        self._mapped(path, goal)
        return [operation, list(relative), self.plan(path, body, self.inner(path, shape, goal, row))]

    def inner(self, path: tuple[str, ...], shape: Shape, goal: tuple[str, ...], row: Row) -> Target:
        for rest in self.rows.get((*path, "*"), ()):
            into = rest.target[len(goal) :]
            if rest.target[: len(goal)] != goal or "[]" in into:
                raise self.fail(rest, f"does not lie below {dotted(goal)}")
            return Target(shape, goal, shape.at(into), into)
        return Target(shape, goal, shape)

    def _each(self, path: tuple[str, ...], target: Target, row: Row) -> list[Any]:
        relative = self._relative(row, target)
        if relative.count("[]") != 1 or relative[-2] != "[]":
            raise self.fail(row, "the target must look like List[].Key")
        self._shape(row, target, relative)
        self._mapped(path, (*target.path, *relative))
        return ["each", list(relative[:-2]), relative[-1]]

    def _keyed(self, path: tuple[str, ...], target: Target, row: Row) -> list[Any]:
        relative = self._relative(row, target)
        shape = self._shape(row, target, relative)
        self._mapped(path, (*target.path, *relative))
        if shape.kind == "map":
            return ["value", [*relative, row.value]]
        names = [name for name in ("Key", "Name") if name in shape.item.properties] if shape.kind == "list" else []
        if not names:
            raise self.fail(row, f"{dotted(relative)} is neither a map nor a list of keys and values")
        return ["keyed", list(relative), row.value, [names[0], "Value"]]

    def _const(self, target: Target, row: Row) -> list[Any]:
        relative = self._relative(row, target)
        self._shape(row, target, relative)
        if isinstance(row.value, str) and row.value.startswith("$"):
            origin = row.value[1:]
            return ["refer", list(relative), None if origin == "self" else origin, row.equals]
        return ["const", list(relative), row.value, row.equals]


def dotted(path: Iterable[str]) -> str:
    return ".".join(path).replace(".[]", "[]")


def plain(path: Iterable[str]) -> str:
    return ".".join(step for step in path if step != "[]")
