"""The documentation names what is there: links, commands, options, policies, targets of make, files."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from srmcheck.cli import COMMANDS, check_command
from srmcheck.cli_options import Suggested
from srmcheck.commands.check import check
from srmcheck.config import Config
from srmcheck.report import Options, render

ROOT = Path(__file__).parents[2]
WRITTEN = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")))
PAGES = (*WRITTEN, *sorted((ROOT / "docs").glob("*/*.md")))
FOREIGN_OPTIONS = {
    "opa": {"--addr", "--bundle", "--capabilities", "--server"},
    "pip": {"--quiet"},
    "srmcheck.policy.index": {"--check", "--write"},
}
"""Options of other programs that the documentation names, and none of ours."""
OURS = ("src", "tools", "docs", "tests", "schemas", "examples", "vocabulary", "benchmarks")
"""Folders of the checkout; `policies/` and `fixtures/` are users' own too."""

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>```+|~~~+)[^\n]*\n(?P<text>.*?)^(?P=indent)(?P=fence)`*\s*$", re.M | re.S
)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
_LINK = re.compile(r"(?<!\\)\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?([^()\s<>]+)>?\s*\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.M)
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]")
_ID = re.compile(r"\bSRM-[A-Z0-9]+-\d{3}\b")
_PLACEHOLDER = re.compile(r"[A-Z][A-Z_]*|\.\.\.")
_ENDS = re.compile(r"[|&;<>()]+")

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


@cache
def blocks(page: Path) -> tuple[str, ...]:
    """The texts of the fenced blocks."""
    return tuple(match["text"] for match in _FENCE.finditer(text_of(page)))


@cache
def spans(page: Path) -> tuple[str, ...]:
    """The texts in backticks outside of the blocks."""
    return tuple(match[2].replace("\n", " ").strip() for match in _SPAN.finditer(_FENCE.sub("", text_of(page))))


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def prose(page: Path) -> str:
    """The page without code."""
    return _SPAN.sub("", _FENCE.sub("", text_of(page)))


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of the headings, as GitHub makes them."""
    found: dict[str, int] = {}
    for match in _HEADING.finditer(_FENCE.sub("", text_of(page))):
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[1]).replace("`", "").lower()
        slug = re.sub(r"[^\w\- ]", "", title).replace(" ", "-")
        found[slug] = found.get(slug, -1) + 1
        if found[slug]:
            found[f"{slug}-{found[slug]}"] = 0
    return frozenset(found)


def commands(page: Path) -> Iterator[list[str]]:
    """The words behind each `srmcheck` that is a command."""
    lines = [line for block in blocks(page) for line in block.replace("\\\n", " ").splitlines()]
    for line in (*lines, *spans(page)):
        if "srmcheck " in line:
            yield from _commands(line)


def _commands(line: str) -> Iterator[list[str]]:
    line = re.sub(r"^\s*(?:- )?(?:run: |\$ )?", "", line)
    if line.startswith("'") and line.endswith("'"):  # a text of YAML
        line = line[1:-1]
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:  # no command: a text with an apostrophe
        return
    start = True
    command: list[str] | None = None
    for word in (*words, ";"):
        if _ENDS.fullmatch(word):
            if command is not None:
                yield command
            start, command = True, None
        elif command is not None:
            command.append(word)
        elif start and re.fullmatch(r"(?:.*/)?srmcheck", word):
            command = []
        elif "=" not in word:
            start = False


def fault(words: list[str]) -> str | None:
    """What the program would refuse in these words; placeholders (FILE) stand for anything."""
    command: click.Command = check_command
    rest = list(words)
    if rest and rest[0] in COMMANDS:
        command = COMMANDS[rest.pop(0)]
        while isinstance(command, click.Group) and rest:
            name = rest.pop(0)
            if name not in command.commands:
                return f"no command {name}"
            command = command.commands[name]
    context = click.Context(command)
    try:
        values, _, _ = command.make_parser(context).parse_args(rest)
    except click.UsageError as error:
        return error.format_message()
    for param in command.params:
        given = values.get(param.name or "")
        if isinstance(param.type, Suggested):
            for value in given if isinstance(given, list) else [given]:
                if isinstance(value, str) and value not in param.type.words and not _PLACEHOLDER.fullmatch(value):
                    return f"{value} is no word of {param.opts[0]}"
    return None


def options() -> set[str]:
    """Every option of every command."""
    found: set[str] = set()
    for command in walk():
        for param in command.params:
            if isinstance(param, click.Option):
                found.update(param.opts, param.secondary_opts)
    return {"--help", *(option for option in found if option.startswith("--"))}


def walk() -> Iterator[click.Command]:
    yield check_command
    for command in COMMANDS.values():
        yield from command.commands.values() if isinstance(command, click.Group) else (command,)


@pages
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(prose(page) if page in WRITTEN else text_of(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.is_relative_to(ROOT) and file.exists(), f"{target} leads nowhere"
        if anchor:
            assert anchor in anchors(file), f"{target}: no such heading"


def test_every_page_is_linked() -> None:
    found = {
        (page.parent / target.partition("#")[0]).resolve() for page in PAGES for target in _LINK.findall(text_of(page))
    }
    assert [page.relative_to(ROOT).as_posix() for page in PAGES if page.parent.name != "adr" and page not in found] == [
        "README.md"
    ]


@pages
def test_commands_are_those_of_the_program(page: Path) -> None:
    assert {" ".join(words): fault(words) for words in commands(page) if fault(words)} == {}


def test_commands_are_found() -> None:
    found = [words for page in WRITTEN for words in commands(page)]
    assert ["plan.json"] in found
    assert any(words[:2] == ["baseline", "write"] for words in found)
    assert {words[0] for words in found if words} >= set(COMMANDS)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("terraform show -json p > q && srmcheck --frmat json q", "No such option"),
        ("srmcheck policies shwo ID", "no command shwo"),
        ("cdk synth | srmcheck - --format jsn", "jsn is no word of --format"),
        ("  - run: '\"$X/bin/srmcheck\" --fail-on hgih'", "hgih is no word of --fail-on"),
    ],
)
def test_what_is_wrong_in_a_command_is_found(line: str, message: str) -> None:
    (words,) = _commands(line)
    assert message in str(fault(words))


@pages
def test_options_are_those_of_the_program(page: Path) -> None:
    known = options().union(*FOREIGN_OPTIONS.values())
    named = {option for text in (*blocks(page), *spans(page)) for option in _OPTION.findall(text)}
    assert named - known == set()


def test_every_option_is_documented() -> None:
    named = {option for page in WRITTEN[:1] + WRITTEN[3:] for option in _OPTION.findall(text_of(page))}
    missing = []
    for command in walk():
        for param in command.params:
            if isinstance(param, click.Option):
                missing += [
                    names for names in (param.opts, param.secondary_opts) if names and not named.intersection(names)
                ]
    assert missing == []


@pages
def test_policies_are_in_the_index_or_in_the_catalogue(page: Path) -> None:
    assert set(_ID.findall(text_of(page))) - policy_ids() == set()


@cache
def policy_ids() -> frozenset[str]:
    catalogue = (ROOT / "policies" / "catalogue.yaml").read_text(encoding="utf-8")
    index = json.loads((ROOT / "policies" / "index.json").read_text(encoding="utf-8"))
    found = {*re.findall(r"^ *(?:- )?id: (SRM-\S+)$", catalogue, re.M), *(entry["id"] for entry in index["policies"])}
    assert len(found) > 100
    return frozenset(found)


def test_targets_of_make_are_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {
        target
        for page in PAGES
        for text in (*blocks(page), *spans(page))
        for target in re.findall(r"(?:^|&& |\n) *make ([a-z]+)", text)
    }
    assert {"test", "check", "generated"} <= named <= targets


@pages
def test_files_of_the_checkout_are_there(page: Path) -> None:
    named = [text for text in spans(page) if re.fullmatch(rf"(?:{'|'.join(OURS)})/[\w./-]*", text)]
    assert [name for name in named if not (ROOT / name).exists()] == []


@pages
def test_environment_variables_are_read(page: Path) -> None:
    source = "".join(
        (ROOT / "src" / "srmcheck" / name).read_text(encoding="utf-8") for name in ("cli.py", "cli_options.py")
    )
    assert [name for name in re.findall(r"\bSRMCHECK_[A-Z_]+", text_of(page)) if f'"{name}"' not in source] == []


def test_the_example_of_the_readme_is_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = (block for block in blocks(ROOT / "README.md") if block.startswith("critical"))
    report, lines = check(Config(paths=("fixtures/terraform/example/plan.json",)), lambda: b"")
    assert block in render(report, "text", Options(read_line=lines))
