"""A template's text, JSON or YAML, to a tree."""

from __future__ import annotations

from dataclasses import dataclass

from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.loaders.cloudformation.notes import Notes
from srmcheck.loaders.cloudformation.tree import Fault, Lines, OpenString, Problem, TooDeep, Tree

MOST_CHARACTERS = 4_000_000
"""CloudFormation takes 1 MB; before `package` a template may hold somewhat more."""

_SPACE = " \t\r\n"
_YAML = ("#", "'", "!", "&", "*")
"""Where one of these stands in what looks like JSON, the author means YAML in braces."""


@dataclass(frozen=True, slots=True)
class Document:
    """What was read: the tree, and what was wrong beside it."""

    root: Tree
    notes: Notes


def read(text: str, name: str) -> Document:
    """The document in `text`, decoded and without a byte order mark; `name` is the file as the user named it.

    Text that starts with a brace is tried as JSON first. Raises InputError for what is neither JSON nor YAML, for
    several documents in one file, and for what is too large or nested too deeply; its diagnostic names the place and
    what was expected there, and quotes nothing.
    """
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            Diagnostic(
                "Template too large",
                name,
                detail=f"The file has more than {MOST_CHARACTERS} characters.",
                hint="CloudFormation takes templates up to 1 MB; is this one?",
            )
        )
    problems: list[Problem] = []
    aliased = False
    lines = Lines(name, text)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _refuse(
            lines, Fault(error.start, "A half surrogate stands in the text, which is no character.")
        ) from None
    try:
        root, aliased = _either(text, problems)
    except Fault as fault:
        raise _refuse(lines, fault) from None
    notes = Notes(lines)
    for problem in problems:
        detail = problem.detail.replace("{line}", str(lines.at(problem.other)[0]))
        notes.add(problem.summary, problem.offset, detail, problem.hint, level="error")
    if aliased:
        notes.add(
            "YAML aliases",
            None,
            "CloudFormation itself takes no aliases; they were resolved as packaging does.",
            "deploy the template through `aws cloudformation package` or `sam`",
        )
    return Document(root, notes)


def _either(text: str, problems: list[Problem]) -> tuple[Tree, bool]:
    start = text.lstrip(_SPACE)
    if start[:1] not in ("{", "["):
        return _yaml(text, problems)
    from srmcheck.loaders.cloudformation.json_reader import read_json

    try:
        return read_json(text, problems), False
    except TooDeep:
        raise
    except Fault as fault:
        problems.clear()
        looks_like_json = start[1:].lstrip(_SPACE)[:1] in ('"', "}", "]", "{")
        if looks_like_json and not isinstance(fault, OpenString) and text[fault.offset : fault.offset + 1] not in _YAML:
            raise  # in YAML a missing comma could make one text of two values
        try:
            return _yaml(text, problems)
        except Fault:
            if looks_like_json:
                raise fault from None
            raise


def _yaml(text: str, problems: list[Problem]) -> tuple[Tree, bool]:
    from srmcheck.loaders.cloudformation.yaml_reader import read_yaml

    return read_yaml(text, problems)


def _refuse(lines: Lines, fault: Fault) -> InputError:
    line, column = lines.at(fault.offset)
    return InputError(
        Diagnostic("Template cannot be read", lines.file, line, column, fault.expected, fault.hint or _LOST)
    )


_LOST = "CloudFormation's own check: aws cloudformation validate-template"
