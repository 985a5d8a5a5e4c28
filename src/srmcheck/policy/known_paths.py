"""METADATA held against the schemas: types that srmcheck knows, and paths that they have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from srmcheck.diagnostics import Diagnostic
from srmcheck.policy.model import Policy, ReadPath
from srmcheck.policy.reads import written
from srmcheck.schema import Shape, load

_HINT = "docs/metadata.md says how paths are written; the names are those of CloudFormation's resource schemas"


def unknown_paths(policy: Policy, text: str) -> Iterator[Diagnostic]:
    """What the METADATA of a policy names that its types do not have, with the line in the policy's `text`."""
    for name, paths in policy.types.items():
        yield from _of_types(policy, text, [name], paths)
    for relation in policy.related:
        owners = list(relation.of or policy.types)
        yield from _of_types(policy, text, relation.types, relation.reads)
        for types, names in (
            (relation.types, [path for path, *more in relation.by if not more]),
            (owners, [path for path, *more in relation.via if not more]),
            (owners, [ours for ours, _ in relation.shares]),
            (relation.types, [theirs for _, theirs in relation.shares]),
        ):
            wrong = list(_of_types(policy, text, types, names))
            yield from wrong or _no_names(policy, text, types, names)


def _of_types(policy: Policy, text: str, types: Sequence[str], paths: Iterable[ReadPath]) -> Iterator[Diagnostic]:
    """A path must be in one of the types at least."""
    schema = load()
    unknown = [name for name in types if name not in schema]
    for name in unknown:
        line = _line(text, policy.line, name)
        yield Diagnostic(
            "Unknown resource type",
            policy.file,
            line,
            detail=f"{name} is no type that srmcheck knows.",
            hint=near_type(name),
        )
    if unknown:
        return
    roots = [found.root for name in types if (found := schema.get(name)) is not None]
    for path in paths:
        if not any(root.at(_plain(path)) is not None for root in roots):
            shown = written(path)
            yield Diagnostic(
                "Path that the type does not have",
                policy.file,
                _line(text, policy.line, shown),
                detail=f"{' and '.join(types)} has no {shown}."
                if len(types) == 1
                else f"None of {', '.join(types)} has {shown}.",
                hint=_near_path(path, roots),
            )


def _no_names(policy: Policy, text: str, types: Sequence[str], paths: Iterable[ReadPath]) -> Iterator[Diagnostic]:
    """Paths that are to name a resource and lead to a list or an object, which never does."""
    roots = [found.root for name in types if (found := load().get(name)) is not None]
    for path in paths:
        kinds = {shape.kind for root in roots if (shape := root.at(path)) is not None}
        if kinds and kinds <= {"list", "object", "map"}:
            shown = written(path)
            yield Diagnostic(
                "Path that names no resource",
                policy.file,
                _line(text, policy.line, shown),
                detail=f"{shown} is a {'list' if 'list' in kinds else 'block'}, and a relation goes by names.",
                hint=f"write {shown}[]" if "list" in kinds else "lead it to the property that holds the name",
            )


def _plain(path: ReadPath) -> ReadPath:
    return path[:-1] if path[-1:] == ("**",) else path


def near_type(name: str) -> str:
    """What a misspelt type may have meant, as a hint."""
    import difflib

    known = list(load())
    close = difflib.get_close_matches(name, known, 1)
    if close:
        return f"did you mean {close[0]}?"
    service = name.rpartition("::")[0] + "::"
    of_service = sorted(one for one in known if one.startswith(service))
    return f"of that service there is {', '.join(of_service)}" if of_service else _HINT


def _near_path(path: ReadPath, roots: Sequence[Shape]) -> str:
    """What the first step that is not there may have meant."""
    import difflib

    for root in roots:
        for end in range(1, len(path) + 1):
            if root.at(path[:end]) is not None:
                continue
            above = root.at(path[: end - 1])
            if above is None:
                break
            if path[end - 1] == "[]":
                return f"{written(path[: end - 1])} is no list"
            if above.kind == "list":
                return (
                    f"{written(path[: end - 1])} is a list: write {written((*path[: end - 1], '[]', *path[end - 1 :]))}"
                )
            close = difflib.get_close_matches(path[end - 1], list(above.properties), 1)
            if close:
                return f"did you mean {written((*path[: end - 1], close[0], *path[end:]))}?"
            if above.properties:
                where = written(path[: end - 1]) or "the type"
                names = sorted(above.properties)
                more = f" and {len(names) - 12} more" if len(names) > 12 else ""
                return f"{where} has {', '.join(names[:12])}{more}"
    return _HINT


def _line(text: str, first: int, name: str) -> int:
    """The line of the METADATA block that holds a name, else the block's first."""
    pattern = re.compile(rf"(?<![\w.:\[\]]){re.escape(name)}(?![\w.:\[\]])")
    for number, line in enumerate(text.split("\n")[first - 1 :], first):
        if not line.startswith("#"):
            break
        if pattern.search(re.sub(r"^# *", "", line).replace(f"{name}:", f"{name} ")):
            return number
    return first
