"""Our reading of templates against cfn-lint's decoder and PyYAML, and our loops against cfn-lint's.

Known differences, all meant: keys are text here and typed there; dates and `=` are text here; numbers that JSON cannot
hold are text here; JSON is read as JSON here and as YAML there (1e3, a slash behind a backslash, pairs of surrogates);
a key written twice is a fault with a place in both, but here the rest is read.
"""

from __future__ import annotations

import datetime
import json
import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from srmcheck.loaders.cloudformation import load_cloudformation
from srmcheck.loaders.cloudformation.reading import read
from srmcheck.loaders.cloudformation.scalars import resolve
from srmcheck.loaders.cloudformation.tree import plain

ROOT = Path(__file__).parents[2]


def _texts() -> list[tuple[str, str]]:
    """The templates among the cases (which come from the shared cases behind bug reports) and the fixtures."""
    found = []
    for folder in (ROOT / "tests" / "cases", ROOT / "fixtures" / "cloudformation"):
        for path in sorted(folder.rglob("*")):
            if path.suffix not in (".yaml", ".yml", ".json") or path.name == "case.yaml":
                continue
            text = path.read_bytes().decode("utf-8-sig", errors="replace")
            if "Resources" in text and "Type" in text and '"format_version"' not in text:
                found.append((str(path.relative_to(ROOT)), text))
    return found


TEXTS = _texts()

WRITTEN = {
    "words": "a: [yes, No, ON, off, true, 'yes', \"no\", y, n, ~, null, '', NULL]\n",
    "numbers": "a: [1, -1, +1, 012, 0o12, 0x1f, 0b11, 1_000, 1.5, 1., .5, 1.0e+3, 1e3, 22:30, 1:30.5, 012345678901, 012345670123]\n",
    "big numbers": f"a: {'9' * 60}\nb: 123456789012\n",
    "short forms": "a: [!Ref x, !GetAtt A.B.C, !GetAtt [A, B], !Sub '${x}', !Sub ['${x}', {x: yes}], !Condition C, !If [C, 1, no]]\n",
    "functions in functions": "a: !Join ['', [!Select [0, !GetAZs ''], !ImportValue {'Fn::Sub': x}]]\nb: !Base64 012\n",
    "tags": "a: [!!str 012, !!int '7', !!float 7, !!bool yes, ! yes, !!map {a: 1}, !!seq [1]]\n",
    "aliases": "a: &x {p: 1, q: [yes]}\nb: *x\nc: {<<: *x, q: 3, r: 4}\nd: {<<: [{q: 5}, *x]}\n",
    "block scalars": "a: |\n  one\n  two\n\nb: >-\n  one\n  two\nc: |2\n   x\nd: |+\n  x\n\n\ne: 1\n",
    "quoted": "a: 'it''s'\nb: \"a\\tb\\u00e9\\\n  c\"\nc: \"one\n  two\"\n",
    "flow": "{a: [1, {b: c,}, ], 'd': \"e\", f: }\n",
    "comments": "# x\na: 1 # y\n#z\nb:\n  # q\n  - 2\n",
    "empty": "a:\nb: {}\nc: []\nd: ''\n",
    "json": '{"a": [1, 2.5, true, null, "x\\n\\u00e9"], "b": {"c": {}}}\n',
    "json with tabs": '{\n\t"a":\t[1,\n\t\t2]\n}\n',
    "json with trailing commas": '{"a": [1, 2,], "b": {"c": 1,},}\n',
    "unicode": "é: 'ü 😀'\nb: [日本]\n",
    "windows": "a:\r\n  - b: 1\r\n    c: |\r\n      x\r\n      y\r\n",
}


def theirs(text: str) -> Any:
    from cfnlint.decode import decode_str

    template, matches = decode_str(text)
    assert matches == []
    return comparable(template)


def comparable(value: Any) -> Any:
    """cfn-lint's values without what differs on purpose."""
    if isinstance(value, dict):
        return {str(key): comparable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def typed(value: Any) -> Any:
    """With types told apart: 1, 1.0 and true are three values."""
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    return type(value).__name__, value


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_is_read_alike(name: str) -> None:
    text = WRITTEN[name]
    assert typed(plain(read(text, "t").root)) == typed(theirs(text))


@pytest.mark.parametrize("text", [text for _, text in TEXTS], ids=[name for name, _ in TEXTS])
def test_templates_are_read_alike(text: str) -> None:
    document = read(text, "t")
    assert document.notes.diagnostics() == ()
    assert typed(plain(document.root)) == typed(theirs(text))


def test_there_are_templates_to_compare() -> None:
    assert len(TEXTS) >= 38


@given(
    st.text("0123456789.:_eE+-xobaf", min_size=1, max_size=9)
    | st.sampled_from(["yes", "Null", "~", "oN", "0x_", "1__0"])
)
def test_plain_scalars_are_read_as_pyyaml_reads_them(text: str) -> None:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        expected = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):  # no plain scalar, or one that PyYAML chokes on (a date of month 13)
        return
    if not isinstance(node, yaml.ScalarNode) or node.style is not None or node.value != text:
        return
    if isinstance(expected, datetime.date) or (isinstance(expected, float) and not math.isfinite(expected)):
        expected = text
    assert typed(resolve(text)) == typed(expected)


LOOPS = {
    "ids": """
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: "a,b-c"}}
Resources:
  Fn::ForEach::One:
    - Name
    - !Ref Names
    - "R&{Name}":
        Type: AWS::SNS::Topic
        Properties: {TopicName: !Ref Name}
""",
    "in each other": """
Transform: AWS::LanguageExtensions
Conditions: {'Fn::ForEach::C': [X, [a, b], {'Is${X}': !Equals [!Ref AWS::Region, !Sub '${X}']}]}
Resources:
  Fn::ForEach::Outer:
    - X
    - [a, b]
    - Fn::ForEach::Inner:
        - Y
        - ["1", "2"]
        - R${X}${Y}:
            Type: AWS::SNS::Topic
            Properties: {TopicName: !Sub "${X}-${Y}", 'Fn::ForEach::P': [Z, [D, N], {'${Z}isplay': !Ref Z}]}
""",
}


@pytest.mark.parametrize("name", LOOPS)
def test_loops_make_the_same_resources(name: str) -> None:
    from cfnlint.decode import decode_str
    from cfnlint.template import Template
    from cfnlint.template.transforms._language_extensions import language_extension

    template, _ = decode_str(LOOPS[name])
    matches, expanded = language_extension(Template("t", template, regions=["us-east-1"]))
    assert matches == []
    ours = load_cloudformation(LOOPS[name], "t")
    assert {resource.address: resource.type for resource in ours.resources} == {
        key: item["Type"] for key, item in expanded["Resources"].items()
    }
    for resource in ours.resources:
        assert isinstance(resource.body.value, dict)
        found = {key: node.value for key, node in resource.body.value.items()}
        assert json.dumps(found, sort_keys=True) == json.dumps(
            expanded["Resources"][resource.address]["Properties"], sort_keys=True
        )
