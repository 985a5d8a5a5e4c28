"""JSON and YAML text to trees: values, places, faults."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.diagnostics import InputError
from srmcheck.loaders.cloudformation.reading import read
from srmcheck.loaders.cloudformation.tree import Array, Leaf, Object, Tree, plain


def value(text: str) -> Any:
    document = read(text, "t")
    assert [found for found in document.notes.diagnostics() if found.level == "error"] == []
    return plain(document.root)


def fault(text: str) -> tuple[int | None, int | None, str]:
    with pytest.raises(InputError) as caught:
        read(text, "t")
    found = caught.value.diagnostic
    assert found.file == "t"
    assert found.level == "error"
    assert found.summary == "Template cannot be read"
    return found.line, found.column, found.detail


def spans(text: str) -> list[tuple[str, object]]:
    """The text of every key and leaf, beside its value."""
    found: list[tuple[str, object]] = []
    stack: list[Tree] = [read(text, "t").root]
    while stack:
        tree = stack.pop(0)
        if isinstance(tree, Object):
            for key, (start, end) in tree.keys.items():
                found.append((text[start:end], key))
            stack[:0] = tree.items.values()
        elif isinstance(tree, Array):
            stack[:0] = tree.items
        elif isinstance(tree, Leaf):
            found.append((text[tree.start : tree.end], tree.value))
    return found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yes", True),
        ("Yes", True),
        ("YES", True),
        ("on", True),
        ("On", True),
        ("true", True),
        ("no", False),
        ("NO", False),
        ("off", False),
        ("False", False),
        ("y", "y"),
        ("yEs", "yEs"),
        ("'yes'", "yes"),
        ('"off"', "off"),
        ("!!str yes", "yes"),
        ("! yes", True),
        ("!!bool yes", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("+12", 12),
        ("-1", -1),
        ("0", 0),
        ("012", 10),
        ("012345670123", 1402433619),
        ("012345678901", "012345678901"),
        ("123456789012", 123456789012),
        ("1_000", 1000),
        ("0x1F", 31),
        ("0b101", 5),
        ("22:30", 1350),
        ("22:75", "22:75"),
        ("0o12", "0o12"),
        ("9" * 60, int("9" * 60)),
        ("9" * 200, "9" * 200),
        ("1.10", 1.1),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", "1e3"),
        ("1.0e+3", 1000.0),
        ("1:30.5", 90.5),
        ("1.5e+400", "1.5e+400"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("2010-09-09", "2010-09-09"),
        ("2010-09-09T10:00:00Z", "2010-09-09T10:00:00Z"),
        ("=", "="),
        ("<<", "<<"),
        ("!!int '7'", 7),
        ("!!float 7", 7.0),
    ],
)
def test_plain_scalars_are_read_as_yaml_1_1(written: str, meant: object) -> None:
    found = value(f"k: {written}")["k"]
    assert found == meant
    assert type(found) is type(meant)


def test_keys_stay_text() -> None:
    assert list(value("Off: 1\nOn: 1\nyes: 1\n012: 1\n2010-09-09: 1\nNull: 1\n~: 1\n1.10: 1")) == [
        "Off",
        "On",
        "yes",
        "012",
        "2010-09-09",
        "Null",
        "~",
        "1.10",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!Ref Off", {"Ref": "Off"}),
        ("!Condition Yes", {"Condition": "Yes"}),
        ("!GetAtt A.B", {"Fn::GetAtt": ["A", "B"]}),
        ("!GetAtt A.Outputs.B", {"Fn::GetAtt": ["A", "Outputs.B"]}),
        ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
        ("!Sub '${A}'", {"Fn::Sub": "${A}"}),
        ("!Sub ['${A}', {A: 1}]", {"Fn::Sub": ["${A}", {"A": 1}]}),
        ("!Select [1, !GetAZs '']", {"Fn::Select": [1, {"Fn::GetAZs": ""}]}),
        ("!Base64 012", {"Fn::Base64": "012"}),
        ("!Transform {Name: x}", {"Fn::Transform": {"Name": "x"}}),
        ("!If [A, !Ref B, yes]", {"Fn::If": ["A", {"Ref": "B"}, True]}),
    ],
)
def test_short_forms_are_functions(written: str, meant: object) -> None:
    assert value(f"k: {written}") == {"k": meant}


@pytest.mark.parametrize(
    "tag", ["!Foo x", "!Fn::Sub x", "!ref x", "!!binary aa", "!!timestamp 2010-09-09", "!!set {a, b}"]
)
def test_an_unknown_tag_is_an_error_beside_the_rest(tag: str) -> None:
    document = read(f"a: 1\nb: {tag}\n", "t")
    assert [(found.summary, found.line, found.column, found.level) for found in document.notes.diagnostics()] == [
        ("Unknown tag", 2, 4, "error")
    ]
    assert plain(document.root) == {"a": 1, "b": None}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a: 1\nb:\n  c: 1\n  c: 2\n", 4, 3), ('{"a": 1,\n "a": 2}', 2, 2), ("Off: 1\nOff: 2\n", 2, 1)],
)
def test_a_duplicate_key_is_an_error_with_its_place(text: str, line: int, column: int) -> None:
    document = read(text, "t")
    (found,) = document.notes.diagnostics()
    assert (found.summary, found.level, found.line, found.column) == ("Duplicate key", "error", line, column)


def test_of_a_key_written_twice_no_value_counts() -> None:
    assert plain(read("a: 1\na: 2\n", "t").root) == {"a": None}


def test_json_is_read_as_json() -> None:
    assert value('{"a": [1, -2.5, 1e3, true, false, null, "x"], "b": {}, "c": []}') == {
        "a": [1, -2.5, 1000.0, True, False, None, "x"],
        "b": {},
        "c": [],
    }


def test_json_as_people_have_it() -> None:
    text = '\n\t{\r\n\t"a" :\t[1, 2,],\n\t"b": "tab\there", "c": {"d": 1,},\n}\n'
    assert value(text) == {"a": [1, 2], "b": "tab\there", "c": {"d": 1}}


def test_escapes_of_json() -> None:
    assert value(r'{"k\u00e9y": "a\/b\"\\\n\u00e9\ud83d\ude00", "half": "\ud83d"}') == {
        "kéy": 'a/b"\\\né😀',
        "half": "\ufffd",
    }


def test_numbers_that_json_cannot_hold_stay_text() -> None:
    assert value('{"a": 1e400, "b": ' + "9" * 300 + "}") == {"a": "1e400", "b": "9" * 300}


def test_flow_yaml_in_braces_is_read_as_yaml() -> None:
    assert value("{a: 1, b: [yes, !Ref c]}") == {"a": 1, "b": [True, {"Ref": "c"}]}
    assert value('{"a": 1, # a comment\n"b": \'x\'}') == {"a": 1, "b": "x"}


def test_line_ends_of_all_kinds() -> None:
    text = "a: 1\r\nb:\r\n  - x\r\n  - !Bad y\r\n"
    (found,) = read(text, "t").notes.diagnostics()
    assert (found.line, found.column) == (4, 5)


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ('{"a": 1 "b": 2}', 1, 9, "A comma or } is expected here."),
        ('{"a": [1 2]}', 1, 10, "A comma or ] is expected here."),
        ('{"a" 1}', 1, 6, "A colon is expected here."),
        ('{"a": }', 1, 7, "A value is expected here."),
        ('{"a": 1}}', 1, 9, "The end of the file is expected here."),
        ('{"a": {"b": 1}', 1, 15, "The file ends where a comma or } is expected."),
        ('{"a": "b', 1, 7, "A string is not closed."),
        ('{"a": "\\x"}', 1, 8, "A string has a backslash that JSON does not know."),
        ('{"a": [1, 2}}', 1, 12, "A comma or ] is expected here."),
        ('{"a": 1, "b"}', 1, 13, "A colon is expected here."),
        ('{"a": nope"}', 1, 7, "A value is expected here."),
        ("a: b: c", 1, 5, "A second colon stands in a value."),
        ("a:\n\t- b", 2, 1, "A tab stands where YAML wants spaces."),
        ("a: [1, 2\nb: 3", 2, 2, "A comma or a closing bracket is missing."),
        ("a: 'x\n", 2, 1, "The text ends inside a quoted string."),
        ("a: %x", 1, 4, "A character stands where YAML allows none."),
        ("a: *b", 1, 4, "An alias names an anchor that is not defined above."),
        ("a: &a [*a]", 1, 8, "An alias stands inside what it names."),
        ("a: 1\n---\nb: 1\n", 2, 1, "A second YAML document starts here; a template is one document."),
        ("? [a]\n: b", 1, 3, "A key is a list or a mapping; a template's keys are text."),
        ("a: \x01", 1, 4, "A control character stands in the text; YAML takes none."),
        ("", 1, 1, "The file is empty."),
        ("# nothing\n", 1, 1, "The file is empty."),
        ("a: \ud800", 1, 4, "A half surrogate stands in the text, which is no character."),
    ],
)
def test_what_cannot_be_read_says_where_and_what_was_expected(text: str, line: int, column: int, says: str) -> None:
    assert fault(text) == (line, column, says)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        '{"a":' * 10_000,
        '[{"a":' * 5_000,
        "".join(" " * level + "a:\n" for level in range(1_000)),
        "- " * 10_000 + "x",
        "a: " + "!Not [" * 70 + "x" + "]" * 70,
        "[" * 10_000 + "]" * 10_000,
    ],
)
def test_deep_nesting_is_refused_with_a_place(text: str) -> None:
    line, column, says = fault(text)
    assert line is not None and column is not None
    assert says == "Lists and mappings stand in each other more than 128 levels deep."


def test_aliases_and_merge_keys_are_resolved_with_a_note() -> None:
    text = "a: &x {p: 1, q: 2}\nb: *x\nc: {<<: *x, q: 3, r: 4}\nd: {<<: [{q: 5}, *x]}\n*s : 1\n".replace("*s : 1\n", "")
    document = read(text, "t")
    assert plain(document.root) == {
        "a": {"p": 1, "q": 2},
        "b": {"p": 1, "q": 2},
        "c": {"q": 3, "r": 4, "p": 1},
        "d": {"q": 5, "p": 1},
    }
    assert [(found.level, found.summary) for found in document.notes.diagnostics()] == [("note", "YAML aliases")]


def test_an_alias_may_be_a_key() -> None:
    assert value("a: &x key\n*x : 1\n") == {"a": "key", "key": 1}


def test_an_anchor_alone_changes_nothing() -> None:
    document = read("a: &x 1\nb: 2\n", "t")
    assert document.notes.diagnostics() == ()
    assert plain(document.root) == {"a": 1, "b": 2}


def test_aliases_that_expand_without_bound_are_refused() -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, 12):
        text += f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * 10) + "]\n"
    line, _, says = fault(text)
    assert line == 6
    assert says == "The aliases expand to more than 250000 values."


def test_aliases_that_nest_without_bound_are_refused() -> None:
    text = "a0: &a0 [x]\n"
    for level in range(1, 200):
        text += f"a{level}: &a{level} [*a{level - 1}]\n"
    line, _, says = fault(text)
    assert line == 128
    assert "levels deep" in says


def test_a_merge_of_no_mapping_is_an_error() -> None:
    (found, _) = read("a: &x 1\nb: {<<: *x}\n", "t").notes.diagnostics()
    assert (found.summary, found.level) == ("Merge of no mapping", "error")


def test_spans_cut_the_right_text_in_yaml() -> None:
    text = "é: 'q 😀'\nb:\n  - plain text\n  - \"dq\"\n  - !Ref x\n  - [1, yes]\nc: |\n  two\n  lines\n\n# end\nd: >-\n  folded\n"
    assert spans(text) == [
        ("é", "é"),
        ("b", "b"),
        ("c", "c"),
        ("d", "d"),
        ("'q 😀'", "q 😀"),
        ("plain text", "plain text"),
        ('"dq"', "dq"),
        ("", "Ref"),
        ("!Ref x", "x"),
        ("1", 1),
        ("yes", True),
        ("|\n  two\n  lines", "two\nlines\n"),
        (">-\n  folded", "folded"),
    ]


def test_blocks_end_where_their_last_value_ends() -> None:
    text = "a:\n  b:\n    - 1\n    - x: 2\n\n# comment\nc: 3\n"
    root = read(text, "t").root
    assert isinstance(root, Object)
    a = root.items["a"]
    assert text[a.start : a.end] == "b:\n    - 1\n    - x: 2"


def test_spans_cut_the_right_text_in_json() -> None:
    assert spans('{ "é" : "\\u00e9😀", "b": [1, {"c": null}] }') == [
        ('"é"', "é"),
        ('"b"', "b"),
        ('"\\u00e9😀"', "é😀"),
        ("1", 1),
        ('"c"', "c"),
        ("null", None),
    ]


def test_messages_never_quote_the_text() -> None:
    for text in (
        '{"password": "hunter2" "x"}',
        "password: hunter2: x",
        "password: 'hunter2",
        "k: !hunter2 x",
        "a: *hunter2",
    ):
        try:
            found = list(read(text, "t").notes.diagnostics())
        except InputError as error:
            found = [error.diagnostic]
        assert found
        assert "hunter2" not in repr(found)


def test_a_text_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("srmcheck.loaders.cloudformation.reading.MOST_CHARACTERS", 10)
    with pytest.raises(InputError) as caught:
        read("a: 1234567890", "t")
    assert caught.value.diagnostic.summary == "Template too large"


@pytest.mark.parametrize(
    "text", ["a: &x {p: yes}\nb: [*x, 'é']\nc: !Sub |\n  t\nd: 012\n", "a: b: c", "a:\n\t- b", "a: 'x"]
)
def test_without_libyaml_it_reads_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    def outcome() -> object:
        try:
            document = read(text, "t")
        except InputError as error:
            return error.diagnostic.line
        return plain(document.root), document.notes.diagnostics(), spans(text)

    with_libyaml = outcome()
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert outcome() == with_libyaml
