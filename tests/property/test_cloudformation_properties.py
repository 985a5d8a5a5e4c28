"""What holds for every text and every template."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from srmcheck.conditions import World
from srmcheck.diagnostics import InputError
from srmcheck.loaders.cloudformation import load_cloudformation
from srmcheck.loaders.cloudformation.choices import TOO_MANY
from srmcheck.loaders.cloudformation.reading import read
from srmcheck.loaders.cloudformation.tree import Array, Object, Tree, plain
from srmcheck.template import Template
from srmcheck.values import ABSENT, Choice, Json, Node, Unknown, walk

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\x85\ufeff"), max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | TEXTS
    | st.sampled_from(["yes", "012", "a: b", "#x", "- a"])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=12
)


def trees(root: Tree) -> list[Tree]:
    found: list[Tree] = []
    stack = [root]
    while stack:
        tree = stack.pop()
        found.append(tree)
        if isinstance(tree, Object):
            stack.extend(tree.items.values())
        elif isinstance(tree, Array):
            stack.extend(tree.items)
    return found


# --- reading -----------------------------------------------------------------------------------------------------------


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for wrapped in (text, "{" + text + "}", f"Resources:\n  X:\n    Type: A::B\n    Properties:\n      {text}\n"):
        try:
            load_cloudformation(wrapped, "t")
        except InputError as error:
            diagnostic = error.diagnostic
            assert diagnostic.line is not None and diagnostic.column is not None
            assert 1 <= diagnostic.line <= wrapped.count("\n") + wrapped.count("\r") + 1


@given(st.text("{}[]:,-!&*#|>'\"%@` \t\n\\ab01<?~.", max_size=40))
def test_any_text_of_signs_is_read_or_refused(text: str) -> None:
    for wrapped in (text, "a: " + text, '{"a": ' + text):
        try:
            read(wrapped, "t")
        except InputError as error:
            assert error.diagnostic.detail


@given(VALUES, st.sampled_from([None, 0, 2, "\t"]))
def test_json_is_read_as_it_is_written_and_every_place_cuts_its_text(value: Any, indent: int | str | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    root = read(text if isinstance(value, dict | list) else f"[{text}]", "t").root
    if not isinstance(value, dict | list):
        text, value = f"[{text}]", [value]
    assert plain(root) == value
    for tree in trees(root):
        assert json.loads(text[tree.start : tree.end]) == plain(tree)
        if isinstance(tree, Object):
            for key, (start, end) in tree.keys.items():
                assert json.loads(text[start:end]) == key


@given(VALUES, st.booleans())
def test_yaml_is_read_as_it_is_written_and_every_place_cuts_its_text(value: Any, flow: bool) -> None:
    text = (
        "k: " + yaml.safe_dump(value, default_flow_style=True, allow_unicode=True)
        if flow
        else yaml.safe_dump({"k": value}, default_flow_style=False, allow_unicode=True)
    )
    if flow and text.rstrip().endswith("..."):
        text = text.rstrip()[:-3]
    document = read(text, "t")
    assert plain(document.root) == {"k": value}
    for tree in trees(document.root):
        column = document.notes.lines.at(tree.start)[1] - 1
        cut = " " * column + text[tree.start : tree.end]
        assert yaml.safe_load(cut) == plain(tree)


@given(VALUES)
def test_json_and_yaml_are_one(value: Any) -> None:
    text = json.dumps({"k": value}, ensure_ascii=False)  # YAML knows no pairs of surrogates
    assert plain(read(text, "t").root) == plain(read("#\n" + text, "t").root)


# --- evaluating --------------------------------------------------------------------------------------------------------

NAMES = ("A", "B", "Plain", "Gone", "Bucket", "AWS::Region", "AWS::NoValue", "Nothing", "List")
CONDITION_NAMES = ("C0", "C1", "C2")


def call(name: str, argument: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return argument.map(lambda made: {name: made})


def functions(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Calls as people write them, and calls that nobody should."""
    return st.one_of(
        call("Ref", st.sampled_from(NAMES)),
        call("Fn::GetAtt", st.sampled_from([["Bucket", "Arn"], "Bucket.Arn", ["Gone", "Arn"], ["Bucket"]])),
        call(
            "Fn::Sub",
            st.sampled_from(["${A}", "x${A}-${B}", "${Bucket.Arn}/*", "${!A}", "${AWS::Region}", "${", "${Gone}"]),
        ),
        call("Fn::Sub", st.tuples(st.just("${V}-${A}"), st.fixed_dictionaries({"V": inner})).map(list)),
        call("Fn::Join", st.tuples(st.sampled_from(["", "-", ","]), st.lists(inner, max_size=3)).map(list)),
        call("Fn::Join", st.tuples(st.just(","), inner).map(list)),
        call("Fn::Select", st.tuples(st.sampled_from([0, 1, "1", -1, "x"]), st.lists(inner, max_size=3)).map(list)),
        call("Fn::Select", st.tuples(st.just(0), inner).map(list)),
        call("Fn::Split", st.tuples(st.sampled_from(["-", ",", ""]), inner).map(list)),
        call("Fn::If", st.tuples(st.sampled_from(CONDITION_NAMES), inner, inner).map(list)),
        call("Fn::FindInMap", st.tuples(st.just("M"), inner, st.sampled_from(["k", "l"])).map(list)),
        call(
            "Fn::FindInMap",
            st.tuples(st.just("M"), inner, st.just("k"), inner.map(lambda made: {"DefaultValue": made})).map(list),
        ),
        call("Fn::Base64", inner),
        call("Fn::Length", inner),
        call("Fn::ToJsonString", inner),
        call("Fn::Cidr", st.tuples(st.just("10.0.0.0/16"), st.sampled_from([1, 2]), inner).map(list)),
        call("Fn::Transform", inner),
        call("Fn::Foo", inner),
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["a", "b", "Ref", "Fn::If", "Fn::Sub", "Condition"]), inner, max_size=2),
    )


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "a", "b", "a-b", "1", 1, True, None, {"Fn::FindInMap": ["M", {"Ref": "B"}, "k"]}])
    | call("Ref", st.sampled_from(NAMES)),
    functions,
    max_leaves=8,
)


def comparisons() -> st.SearchStrategy[Any]:
    sides = st.sampled_from(
        [
            "a",
            "b",
            {"Ref": "A"},
            {"Ref": "B"},
            {"Ref": "Plain"},
            {"Fn::Sub": "${A}-${B}"},
            "a-b",
            {"Fn::FindInMap": ["M", {"Ref": "A"}, "k"]},
        ]
    )
    return call("Fn::Equals", st.tuples(sides, sides).map(list))


def formulas(names: tuple[str, ...]) -> st.SearchStrategy[Any]:
    leaf = comparisons()
    if names:
        leaf = leaf | call("Condition", st.sampled_from(names))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            call("Fn::Not", inner.map(lambda made: [made])),
            call("Fn::And", st.lists(inner, min_size=2, max_size=3)),
            call("Fn::Or", st.lists(inner, min_size=2, max_size=3)),
        ),
        max_leaves=4,
    )


@st.composite
def templates(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "Parameters": {
            "A": {"Type": "String", "AllowedValues": ["a", "b"]},
            "B": {"Type": "String", "AllowedValues": ["a", "b", "c"]},
            "Plain": {"Type": "String", "Default": "a"},
            "List": {"Type": "CommaDelimitedList", "Default": "a,b"},
        },
        "Mappings": {"M": {"a": {"k": "a", "l": ["x"]}, "b": {"k": 2}, "c": {"k": "a"}}},
        "Conditions": {
            "C0": draw(formulas(())),
            "C1": draw(formulas(("C0",))),
            "C2": draw(formulas(("C0", "C1"))),
        },
        "Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "X": {
                "Type": "A::B",
                "Condition": draw(st.sampled_from(CONDITION_NAMES)),
                "Properties": {"V": draw(EXPRESSIONS), "W": draw(EXPRESSIONS)},
            },
        },
    }


@given(VALUES)
def test_any_value_in_any_section_is_evaluated(value: Any) -> None:
    for section in ("Parameters", "Conditions", "Mappings", "Transform", "Rules"):
        template = {section: value, "Resources": {"X": {"Type": "A::B", "Condition": "C", "Properties": {"V": value}}}}
        assert len(load_cloudformation(json.dumps(template), "t").resources) == 1
    for resource in (value, {"Type": "A::B", "Properties": value}, {"Type": "A::B", "Condition": value}):
        load_cloudformation(json.dumps({"Resources": {"X": resource, "Y": {"Type": "A::B"}}}), "t")
    load_cloudformation(json.dumps({"Resources": {"Fn::ForEach::X": value, "Y": {"Type": "A::B"}}}), "t")
    load_cloudformation(json.dumps({"Resources": {"Fn::ForEach::X": ["N", value, {"${N}": {"Type": "A::B"}}]}}), "t")


@given(templates())
def test_places_lie_in_the_text_and_literals_stand_there(template: dict[str, Any]) -> None:
    text = json.dumps(template, indent=1)
    lines = text.split("\n")
    for resource in load_cloudformation(text, "t").resources:
        for node in walk(resource.body):
            if node.place is None or node.place.location is None:
                continue  # parts of a JSON text need none
            at = node.place.location
            assert 1 <= at.line <= at.end_line <= len(lines)
            assert node.place.address == resource.address
            if at.line == at.end_line and node.origin is None and isinstance(node.value, int):
                cut = lines[at.line - 1][at.column - 1 : at.end_column - 1]
                assert cut == json.dumps(node.value)


def in_world(node: Node, world: World) -> Any:
    """The value in one world, as JSON would have it; unknowns by their reason."""
    value = node.value
    if isinstance(value, Choice):
        held = [branch for guard, branch in value.branches if world.truth(guard)]
        assert len(held) == 1, "exactly one guard holds in each world"
        return in_world(held[0], world)
    if isinstance(value, dict):
        items = {key: in_world(item, world) for key, item in value.items()}
        return {key: item for key, item in items.items() if item is not ABSENT}
    if isinstance(value, list):
        return [item for item in (in_world(element, world) for element in value) if item is not ABSENT]
    if isinstance(value, Unknown):
        return f"?{value.reason}"
    if isinstance(value, Json):
        held = in_world(value.of, world)
        try:
            return json.dumps(held, separators=(",", ":"), ensure_ascii=False)
        except TypeError:
            return "json", held
    return value


def holds_too_many(template: Template) -> bool:
    return any(node.value == TOO_MANY for resource in template.resources for node in walk(resource.body))


@settings(max_examples=200, deadline=None)
@given(templates())
def test_choices_are_what_each_value_of_the_parameters_gives(template: dict[str, Any]) -> None:
    text = json.dumps(template)
    opened = load_cloudformation(text, "t")
    if holds_too_many(opened):
        return
    for a, b in itertools.product("ab", "abc"):
        given_values = {"A": a, "B": b}
        world = World(defaultdict(lambda: "other", given_values))
        rest = World(defaultdict(lambda: "other"))
        closed = load_cloudformation(text, "t", parameters=given_values)
        for loose, firm in zip(opened.resources, closed.resources, strict=True):
            assert world.truth(loose.exists) == rest.truth(firm.exists)
            if not world.truth(loose.exists):
                continue
            expected = in_world(firm.body, rest)
            found = in_world(loose.body, world)
            assert repr(found) == repr(expected)
