"""Every position of an ignore in a template, and what it covers: the text between the marks « and »."""

from __future__ import annotations

import json

import pytest

from srmcheck.loaders.cloudformation.ignores import cloudformation_ignores
from srmcheck.suppress.marks import Mark

SAY = 'srmcheck:ignore SRM-S3-003 reason="why"'


def covered(text: str, mark: Mark) -> str | None:
    """What a mark covers of the text."""
    if mark.start is None:
        return None
    lines = text.split("\n")

    def offset(position: tuple[int, int]) -> int:
        return sum(len(line) + 1 for line in lines[: position[0] - 1]) + position[1] - 1

    return text[offset(mark.start) : offset(mark.end)]


RESOURCE = "  «B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: x»\n"
CASES = {
    "above a resource": f"Resources:\n  # {SAY}\n{RESOURCE}",
    "among other comments": f"Resources:\n  # one\n  # {SAY}\n# two\n{RESOURCE}",
    "behind the name of a resource": f"Resources:\n{RESOURCE}".replace("«B:", f"«B: # {SAY}"),
    "above the type": f"Resources:\n{RESOURCE}".replace("    Type", f"    # {SAY}\n    Type"),
    "behind the type": f"Resources:\n{RESOURCE}".replace("Bucket\n", f"Bucket # {SAY}\n", 1),
    "behind a resource on one line": f"Resources:\n  «B: {{Type: AWS::S3::Bucket, Properties: {{}}}}» # {SAY}\n",
    "above a property": f"Resources:\n  B:\n    Type: T\n    Properties:\n      # {SAY}\n      «A:\n        C: 1»\n      D: 2\n",
    "behind a property": f"Resources:\n  B:\n    Type: T\n    Properties:\n      «A: x» # {SAY}\n      D: 2\n",
    "behind a property with an open value": f"Resources:\n  B:\n    Type: T\n    Properties:\n      «A: # {SAY}\n        C: 1»\n",
    "above a list item": f"Resources:\n  B:\n    Type: T\n    Properties:\n      L:\n        - A: 1\n        # {SAY}\n        - «A: 2\n          B: 3»\n",
    "behind the first key of a list item": f"Resources:\n  B:\n    Type: T\n    Properties:\n      L:\n        - «A: 2 # {SAY}\n          B: 3»\n        - A: 3\n",
    "behind a scalar item": f"Resources:\n  B:\n    Type: T\n    Properties:\n      L:\n        - a\n        - «b» # {SAY}\n",
    "behind the end of a flow list": f"Resources:\n  B:\n    Type: T\n    Properties:\n      «L: [a,\n        b\n      ]» # {SAY}\n",
    "behind the header of a block scalar": f"Resources:\n  B:\n    Type: T\n    Properties:\n      «L: | # {SAY}\n        text»\n      M: 1\n",
    "behind a quoted scalar": f'Resources:\n  B:\n    Type: T\n    Properties:\n      «L: "a # b"» # {SAY}\n',
    "behind a function": f"Resources:\n  B:\n    Type: T\n    Properties:\n      «L: !Sub 'a#b'» # {SAY}\n",
    "windows lines": f"Resources:\r\n  # {SAY}\r\n  «B:\r\n    Type: AWS::S3::Bucket»\r\n",
    "in braces, as YAML": f"{{Resources: {{\n  # {SAY}\n  «B: {{Type: AWS::S3::Bucket}}»\n}}}}\n",
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_comment_covers(name: str) -> None:
    marked = CASES[name]
    text = marked.replace("«", "").replace("»", "")
    (mark,) = cloudformation_ignores(text, "t.yaml").marks
    assert covered(text, mark) == marked.partition("«")[2].partition("»")[0]
    assert (mark.directive.ids, mark.directive.reason, mark.whole) == (("SRM-S3-003",), "why", False)


@pytest.mark.parametrize(
    "text",
    [
        f"# {SAY}\n\nResources:\n  B: {{Type: T}}\n",
        f"Resources:\n  B: {{Type: T}}\n# {SAY}\n",
    ],
)
def test_an_ignore_that_stands_at_nothing(text: str) -> None:
    (mark,) = cloudformation_ignores(text, "t.yaml").marks
    assert mark.start is None


PROPERTIES = "Resources:\n  B:\n    Type: T\n    Properties:\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{PROPERTIES}      L: |\n        # {SAY}\n        text\n",
        f"{PROPERTIES}      L: |\n        text\n        # {SAY}\n",
        f"{PROPERTIES}      L: >-\n        a\n\n        # {SAY}\n\n      M: 1\n",
        f"{PROPERTIES}      L: !Sub |\n        # {SAY}\n",
        f"{PROPERTIES}      L: '# {SAY}'\n",
        f'{PROPERTIES}      L: "x\n        # {SAY.replace(chr(34), chr(39))}"\n',
        f"{PROPERTIES}      L: text#{SAY.replace(' reason', '')}\n",
        f"{PROPERTIES}      '# {SAY}': 1\n",
        f"{PROPERTIES}      # note: {SAY}\n      L: 1\n",
        json.dumps({"Resources": {"B": {"Type": "T", "Properties": {"A": f"x # {SAY}"}}}}),
        json.dumps({"Resources": {"B": {"Type": "T", "Properties": {"A": "x\n", "B": 1}}}}).replace(
            "\\n", f"\\n# {SAY[:15]}"
        ),
    ],
)
def test_what_only_looks_like_one(text: str) -> None:
    found = cloudformation_ignores(text, "t.yaml")
    assert found.marks == () and found.diagnostics == ()


def metadata(ignores: object) -> dict[str, object]:
    return {"Metadata": {"srmcheck": {"ignore": ignores}}}


def test_metadata_of_a_resource_and_of_the_template() -> None:
    one = {"id": "SRM-S3-003", "reason": "why", "until": "2027-01-31"}
    several = {"id": ["SRM-S3-002", "srm-kms-002"], "reason": "both"}
    template = {
        **metadata([one]),
        "Resources": {"A": {"Type": "T", **metadata([several])}, "B": {"Type": "T"}},
    }
    for text in (json.dumps(template), json.dumps(template, indent=2)):
        whole, own = cloudformation_ignores(text, "t.json").marks
        assert whole.whole and whole.directive.until == "2027-01-31"
        assert own.directive.ids == ("SRM-S3-002", "SRM-KMS-002") and not own.whole
        assert json.loads("{" + (covered(text, own) or "") + "}") == {"A": template["Resources"]["A"]}  # type: ignore[index]


def test_metadata_in_yaml_and_in_a_loop() -> None:
    text = (
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Each:\n    - Name\n    - [a, b]\n"
        "    - Bucket${Name}:\n        Type: AWS::S3::Bucket\n        Metadata:\n          srmcheck:\n            ignore:\n"
        "              - id: SRM-S3-003\n                reason: why\n                until: 2027-01-31\n"
    )
    (mark,) = cloudformation_ignores(text, "t.yaml").marks
    assert mark.start == (6, 7) and mark.directive.until == "2027-01-31"


@pytest.mark.parametrize(
    ("value", "summary"),
    [
        ([{"id": "SRM-S3-003"}], "Ignore without a reason"),
        ([{"id": "SRM-S3-003", "reason": None}], "Ignore without a reason"),
        ([{"reason": "why"}], "Ignore without a policy"),
        ([{"id": [], "reason": "why"}], "Ignore without a policy"),
        ([{"id": "SRM-*", "reason": "why"}], "Pattern in an ignore"),
        ([{"id": 7, "reason": "why"}], "Ignore not readable"),
        ([{"id": "SRM-S3-003", "reason": ["a"]}], "Ignore not readable"),
        ([{"id": "SRM-S3-003", "reason": "why", "until": 20270131}], "Ignore not readable"),
        ([{"id": "SRM-S3-003", "reason": "why", "until": "2027"}], "Date of an ignore not readable"),
        ([{"id": "SRM-S3-003", "resaon": "why"}], "Unknown word in an ignore"),
        (["SRM-S3-003"], "Metadata of srmcheck not readable"),
        ({"id": "SRM-S3-003", "reason": "why"}, "Metadata of srmcheck not readable"),
    ],
)
def test_faults_of_metadata(value: object, summary: str) -> None:
    text = json.dumps({"Resources": {"A": {"Type": "T", **metadata(value)}}})
    found = cloudformation_ignores(text, "t.json")
    assert found.marks == ()
    assert [(item.summary, item.line, item.level) for item in found.diagnostics] == [(summary, 1, "error")]


def test_another_key_in_the_metadata() -> None:
    text = json.dumps({"Resources": {"A": {"Type": "T", "Metadata": {"srmcheck": {"ignroe": []}}}}})
    (item,) = cloudformation_ignores(text, "t.json").diagnostics
    assert item.summary == "Unknown key in the metadata of srmcheck"
    text = json.dumps({"Resources": {"A": {"Type": "T", "Metadata": {"srmcheck": "off"}}}})
    (item,) = cloudformation_ignores(text, "t.json").diagnostics
    assert item.summary == "Metadata of srmcheck not readable"


def test_text_that_is_no_template() -> None:
    for text in ("srmcheck:ignore: [", "", "srmcheck", "{" * 500 + "srmcheck:", "- srmcheck:ignore\n- x\n"):
        found = cloudformation_ignores(text, "t.yaml")
        assert found.marks == () and found.diagnostics == ()
