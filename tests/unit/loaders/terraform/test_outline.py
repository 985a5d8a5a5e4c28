"""The outline of `.tf` files: comments, strings and heredocs do not fool it."""

from __future__ import annotations

import pytest

from srmcheck.loaders.terraform.outline import Block, outline


def block(text: str, *path: int) -> Block:
    found = outline(text)
    for number in path:
        found = found.blocks[number]
    return found


def attributes(text: str, *path: int) -> dict[str, str]:
    return {name: text[item.start : item.end] for name, item in block(text, *path).attributes.items()}


def test_blocks_labels_and_attributes() -> None:
    text = (
        'resource "aws_x" "a" {\n  size = 1\n  inner {\n    on = true\n  }\n  other one "two" { a = 1 }\n}\nlocals {}\n'
    )
    root = outline(text)
    assert [(item.type, item.labels) for item in root.blocks] == [("resource", ("aws_x", "a")), ("locals", ())]
    assert [(item.type, item.labels) for item in root.blocks[0].blocks] == [("inner", ()), ("other", ("one", "two"))]
    assert attributes(text, 0) == {"size": "size = 1"}
    assert attributes(text, 0, 0) == {"on": "on = true"}
    assert attributes(text, 0, 1) == {"a": "a = 1"}
    first = root.blocks[0]
    assert text[first.start : first.header] == 'resource "aws_x" "a"'
    assert text[first.start : first.end].endswith("a = 1 }\n}")


@pytest.mark.parametrize(
    "value",
    [
        '"a } b"',
        '"a \\" } b"',
        '"${"}"} x"',
        '"${upper("${"}"}")}"',
        '"%{ if true }}%{ endif }"',
        '"$${ not open"',
        '"%%{ not open"',
        "[\n    1, # }\n    2, // }\n    /* } */ 3,\n  ]",
        '{\n    a = "}"\n    "b" : 2\n  }',
        '<<EOT\n}\n resource "x" "y" {\n  EOT',
        '<<-E_O-T\n  ${ jsonencode({ a = "}" }) }\n  E_O-T',
        "cond ? 1 : (\n    2\n  )",
        "a /* } */ + b",
        '"multi" == "x" ? "{" : "}"',
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_expression_ends_where_it_ends(value: str, newline: str) -> None:
    text = f'resource "x" "y" {{\n  a = {value}\n  b = 2\n}}\nlast {{}}\n'.replace("\n", newline)
    assert attributes(text, 0) == {"a": f"a = {value}".replace("\n", newline), "b": "b = 2"}
    assert [item.type for item in outline(text).blocks] == ["resource", "last"]


def test_trailing_comments_are_not_part_of_it() -> None:
    assert attributes("x {\n  a = 1 # note }\n  b = 2 // note\n}\n", 0) == {"a": "a = 1", "b": "b = 2"}


def test_comments_hide_blocks() -> None:
    text = '# resource "x" "a" {\n// resource "x" "b" {\n/* resource "x" "c" {\n} */\nresource "x" "d" {\n}\n'
    assert [item.labels for item in outline(text).blocks] == [("x", "d")]


def test_heredocs_hide_blocks() -> None:
    text = 'locals {\n  a = <<EOT\nresource "x" "a" {\n}\nEOT\n}\nresource "x" "b" {\n}\n'
    assert [(item.type, item.labels) for item in outline(text).blocks] == [("locals", ()), ("resource", ("x", "b"))]


def test_names_with_dashes_and_letters_of_any_script() -> None:
    assert attributes("é-1 {\n  naïve_2 = 1\n}\n", 0) == {"naïve_2": "naïve_2 = 1"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "}",
        '"',
        "a =",
        "a = [",
        'a = "${',
        "a = <<EOT",
        "a = <<EOT\nx",
        "/*",
        "x {",
        "{" * 5000,
        "x {" * 5000,
        "a = " + "[" * 5000,
        'a = "${' * 5000,
        "= = =",
        "\x00\n\x00",
    ],
)
def test_nothing_makes_it_fail(text: str) -> None:
    assert outline(text).end == len(text)


def test_what_it_cannot_read_ends_with_the_line() -> None:
    text = 'x "unclosed {\nresource "x" "a" {\n}\n'
    assert ("resource", ("x", "a")) in [(item.type, item.labels) for item in outline(text).blocks]
