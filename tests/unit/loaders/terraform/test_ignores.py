"""Every position of an ignore in a `.tf` file, and what it covers: the text between the marks « and »."""

from __future__ import annotations

import pytest

from srmcheck.loaders.terraform.comments import comments
from srmcheck.loaders.terraform.ignores import terraform_ignores
from srmcheck.loaders.terraform.ignores_json import terraform_json_ignores
from srmcheck.source import Call, Location
from srmcheck.suppress.marks import ANY_CALL, Mark

SAY = 'srmcheck:ignore SRM-S3-003 reason="why"'


def covered(text: str, mark: Mark) -> str | None:
    """What a mark covers of the text."""
    if mark.start is None:
        return None
    lines = text.split("\n")

    def offset(position: tuple[int, int]) -> int:
        return sum(len(line) + 1 for line in lines[: position[0] - 1]) + position[1] - 1

    return text[offset(mark.start) : offset(mark.end)]


CASES = {
    "above a block": f'# {SAY}\n«resource "a" "b" {{\n  x = 1\n}}»\ny = 2\n',
    "slashes": f'// {SAY}\n«resource "a" "b" {{\n}}»\n',
    "no space": f'#{SAY}\n«resource "a" "b" {{\n}}»\n',
    "block comment": f'/* {SAY} */\n«resource "a" "b" {{\n}}»\n',
    "block comment of several lines": f'/*\n * notes\n * {SAY}\n */\n«resource "a" "b" {{\n}}»\n',
    "indented": f'  # {SAY}\n  «resource "a" "b" {{\n  }}»\n',
    "among other comments": f'# one\n# {SAY}\n// two\n/* three\n*/\n«resource "a" "b" {{\n}}»\n',
    "before a block on its line": f'/* {SAY} */ «resource "a" "b" {{\n}}»\n',
    "in a head line": f'«resource "a" "b" {{ # {SAY}\n  x = 1\n}}»\n',
    "in a head line, before the brace": f'«resource "a" /* {SAY} */ "b" {{\n  x = 1\n}}»\n',
    "behind a closing brace": f'«resource "a" "b" {{\n  x = 1\n}} # {SAY}\n»'.replace(f" # {SAY}\n»", f"» # {SAY}\n"),
    "behind a block on one line": f'«resource "a" "b" {{}}» # {SAY}\n',
    "above a nested block": f'resource "a" "b" {{\n  # {SAY}\n  «rule {{\n    x = 1\n  }}»\n  y = 2\n}}\n',
    "in the head of a nested block": f'resource "a" "b" {{\n  «rule {{ # {SAY}\n    x = 1\n  }}»\n}}\n',
    "behind the brace of a nested block": f'resource "a" "b" {{\n  «rule {{\n    x = 1\n  }}» # {SAY}\n}}\n',
    "above an argument": f'resource "a" "b" {{\n  # {SAY}\n  «x = 1»\n  y = 2\n}}\n',
    "behind an argument": f'resource "a" "b" {{\n  «x = "y"» # {SAY}\n  y = 2\n}}\n',
    "argument of several lines, above": f"# {SAY}\n«x = [\n  1,\n  2,\n]»\ny = 1\n",
    "argument of several lines, first line": f"«x = [ # {SAY}\n  1,\n]»\n",
    "argument of several lines, last line": f"«x = jsonencode({{\n  a = 1\n}})» # {SAY}\n",
    "element of a list": f'x = [\n  "a",\n  «"b",» # {SAY}\n]\n',
    "above an object in a list": f"x = [\n  # {SAY}\n  «{{\n    a = 1\n  }},»\n  {{ b = 1 }},\n]\n",
    "second object that follows a bracket": f"x = [{{\n  a = 1\n}}, «{{ # {SAY}\n  b = 1\n}}»]\n",
    "heredoc argument, above": f"# {SAY}\n«x = <<EOT\n# no\nEOT»\ny = 1\n",
    "module call": f'# {SAY}\n«module "m" {{\n  source = "./m"\n}}»\n',
    "windows lines": f'# {SAY}\r\n«resource "a" "b" {{\r\n  x = 1\r\n}}»\r\n',
    "names with dashes and no quotes": f"# {SAY}\n«resource a b-c {{\n}}»\n",
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_covered(name: str) -> None:
    marked = CASES[name]
    text = marked.replace("«", "").replace("»", "")
    (mark,) = terraform_ignores(text, "main.tf").marks
    assert covered(text, mark) == marked.partition("«")[2].partition("»")[0]
    assert (mark.directive.ids, mark.directive.reason, mark.file) == (("SRM-S3-003",), "why", "main.tf")
    assert "srmcheck:ignore" in text.split("\n")[mark.line - 1]


NOTHING = {
    "above a blank line": f'# {SAY}\n\nresource "a" "b" {{\n}}\n',
    "above a line of blanks": f'# {SAY}\n  \t\nresource "a" "b" {{\n}}\n',
    "at the end": f"x = 1\n# {SAY}",
    "above a closing brace": f'resource "a" "b" {{\n  x = 1\n  # {SAY}\n}}\n',
    "alone": f"# {SAY}\n",
}


@pytest.mark.parametrize("name", NOTHING)
def test_an_ignore_that_stands_at_nothing(name: str) -> None:
    (mark,) = terraform_ignores(NOTHING[name], "main.tf").marks
    assert mark.start is None
    assert not mark.covers(Location("main.tf", mark.line + 1))


@pytest.mark.parametrize(
    "text",
    [
        f"x = <<EOT\n# {SAY}\nEOT\n",
        f"x = <<-EOT\n  # {SAY}\n  EOT\n",
        f"x = <<EOT\n${{ # {SAY}\n 1 }}\nEOT\n",
        "x = \"# srmcheck:ignore SRM-S3-003 reason='no'\"\n",
        'x = "a ${f("/* srmcheck:ignore SRM-S3-003 reason=\'no\' */")}"\n',
        "x = \"a ${1 /* srmcheck:ignore SRM-S3-003 reason='no' */}\"\n",
        'x = "\\" # srmcheck:ignore SRM-S3-003"\n',
        f"# see also {SAY}\nx = 1\n",
        f"x = <<EOT\n# {SAY}\n",
    ],
)
def test_what_only_looks_like_one(text: str) -> None:
    found = terraform_ignores(text, "main.tf")
    assert found.marks == () and found.diagnostics == ()


def test_several_ignores_stand_at_one_block() -> None:
    text = "# srmcheck:ignore SRM-S3-003 reason='a'\n# srmcheck:ignore SRM-S3-002 reason='b' until=2027-01-31\nx {\n}\n"
    found = terraform_ignores(text, "main.tf").marks
    assert [(mark.directive.ids[0], mark.start, mark.end) for mark in found] == [
        ("SRM-S3-003", (3, 1), (4, 2)),
        ("SRM-S3-002", (3, 1), (4, 2)),
    ]


def test_faults_have_their_place() -> None:
    found = terraform_ignores("x = 1\n  # srmcheck:ignore SRM-S3-003\ny = 1\n/*\n srmcheck:skip SRM */\n", "m/a.tf")
    assert found.marks == ()
    assert [(item.summary, item.file, item.line, item.column, item.level) for item in found.diagnostics] == [
        ("Ignore without a reason", "m/a.tf", 2, 3, "error"),
        ("Unknown directive", "m/a.tf", 5, 2, "error"),
    ]


def test_a_module_call_covers_what_is_called_there() -> None:
    text = f'# {SAY}\nmodule "m" {{\n  source = "./m"\n}}\nmodule "n" {{\n  x = 1 # {SAY}\n}}\n'
    call, inside = terraform_ignores(text, "main.tf").marks
    assert call.module == "m" and inside.module is None
    assert call.covers_call(Call("main.tf", 2, "module.m"))
    assert call.covers_call(Call("main.tf", 2, 'module.a["]"].module.m["x.y"]'))
    assert not call.covers_call(Call("main.tf", 5, "module.n"))
    assert not call.covers_call(Call("other.tf", 2, "module.m"))
    assert not inside.covers_call(Call("main.tf", 5, "module.n"))


def test_comments_end_and_brackets_pair() -> None:
    found = comments('a = [1, { }] # one\n/* two */ b = "#${"]"}" // three\n')
    assert sorted(found.ends.items()) == [(13, 18), (19, 28), (43, 51)]
    assert found.openers == {10: 8, 11: 4, 40: 35}


def test_a_deep_file_is_given_up() -> None:
    text = "x = " + "[" * 5000 + "\n# " + SAY + "\ny = 1"
    assert terraform_ignores(text, "a.tf").marks == ()


# --- JSON ---------------------------------------------------------------------------------------------------------------

JSON_CASES = {
    "a resource": '{"resource": {"t": {«"b": {"//": "' + SAY.replace('"', '\\"') + '", "x": 1}»}}}',
    "of a list of one": '{"resource": {"t": {«"b": [{"//": "' + SAY.replace('"', "'") + '"}]»}}}',
    "of a list of two": '{"resource": {"t": {"b": [«{"//": "' + SAY.replace('"', "'") + '"}», {}]}}}',
    "a nested block": '{"resource": {"t": {"b": {«"rule": {"//": "' + SAY.replace('"', "'") + '"}», "y": 1}}}}',
    "one of several comments": '{"resource": {"t": {«"b": {"//": ["prose", "' + SAY.replace('"', "'") + '"]}»}}}',
    "the file": '«{"//": "' + SAY.replace('"', "'") + '", "module": {}}»',
}


@pytest.mark.parametrize("name", JSON_CASES)
def test_json(name: str) -> None:
    marked = JSON_CASES[name]
    text = marked.replace("«", "").replace("»", "")
    (mark,) = terraform_json_ignores(text, "a.tf.json").marks
    inside = marked.partition("«")[2].partition("»")[0]
    # From the key of an object to its end, so up to the bracket of a list of one.
    assert (covered(text, mark) or "").rstrip("]") == inside.rstrip("]")


def test_json_modules() -> None:
    say = SAY.replace('"', "'")
    text = f'{{"module": {{"m": {{"//": "{say}", "source": "./m"}}, "n": {{"source": "./n"}}}}}}'
    (mark,) = terraform_json_ignores(text, "a.tf.json").marks
    assert mark.module == "m"
    assert mark.covers_call(Call("a.tf.json", 1, "module.m"))
    assert not mark.covers_call(Call("a.tf.json", 1, "module.n"))
    (whole,) = terraform_json_ignores(f'{{"//": "{say}"}}', "a.tf.json").marks
    assert whole.module == ANY_CALL


def test_json_strings_and_faults() -> None:
    text = '{"locals": {"a": "srmcheck:ignore SRM-S3-003", "b": {"//": "srmcheck:ignore SRM-S3-003"}}}'
    found = terraform_json_ignores(text, "a.tf.json")
    assert found.marks == ()
    assert [item.summary for item in found.diagnostics] == ["Ignore without a reason"]
    assert terraform_json_ignores('{"//": "srmcheck:ignore', "a.tf.json").diagnostics == ()
    assert terraform_json_ignores('{"//": "srmcheck:ignore X"' + "[" * 9000, "a.tf.json").diagnostics == ()
