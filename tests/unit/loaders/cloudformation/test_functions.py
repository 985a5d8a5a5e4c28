"""Functions: what each gives for known, referenced, unknown and open arguments."""

from __future__ import annotations

from typing import Any

import pytest

from srmcheck.values import Json, Node, Text, Unknown, is_name
from tests.unit.loaders.cloudformation.samples import body, load, node, summaries, template_of, value

HEAD = """
Transform: AWS::LanguageExtensions
Parameters:
  Name: {Type: String, Default: shop}
  Empty: {Type: String, Default: ""}
  Count: {Type: Number, Default: 3}
  Open: {Type: String}
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Sizes: {Type: List<Number>, Default: "1, 2,3"}
  Zones: {Type: CommaDelimitedList}
  Key: {Type: String, NoEcho: true}
  Set: {Type: String, NoEcho: "true", Default: hunter2}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsOpen: !Equals [!Ref Open, x]
  Always: !Equals [a, a]
  Never: !Equals [a, b]
Mappings:
  Sizes:
    dev: {cpu: 1, zones: [a, b]}
    prod: {cpu: 2}
  Regions:
    eu-west-1: {image: ami-1, kind: arm}
    eu-west-2: {image: ami-1, kind: x86}
    us-east-1: {image: ami-3, kind: x86}
"""


@pytest.mark.parametrize(
    ("expression", "meant"),
    [
        # Ref
        ("!Ref Name", "shop"),
        ("!Ref Count", "3"),
        ("!Ref Sizes", ["1", "2", "3"]),
        ("!Ref Bucket", "<Bucket.Ref>"),
        ("!Ref AWS::Region", "<AWS::Region.Ref>"),
        ("!Ref AWS::NoValue", "absent"),
        ("!Ref Open", "?parameter without a value"),
        ("!Ref Stage", {"Stage == 'dev'": "dev", "Stage == 'prod'": "prod"}),
        ("!Ref Nothing", "?reference to something undeclared"),
        ("{Ref: [a]}", "?malformed function"),
        ("{Ref: x, Other: y}", {"Ref": "x", "Other": "y"}),
        # GetAtt
        ("!GetAtt Bucket.Arn", "<Bucket.Arn>"),
        ("!GetAtt Bucket.Outputs.X", "<Bucket.Outputs.X>"),
        ("{'Fn::GetAtt': Bucket.Arn}", "<Bucket.Arn>"),
        ("{'Fn::GetAtt': [Bucket, Arn]}", "<Bucket.Arn>"),
        ("{'Fn::GetAtt': [Bucket, Outputs, X]}", "<Bucket.Outputs.X>"),
        ("{'Fn::GetAtt': [Bucket, !Ref Name]}", "<Bucket.shop>"),
        (
            "{'Fn::GetAtt': [Bucket, !Ref Stage]}",
            {"Stage == 'dev'": "<Bucket.dev>", "Stage == 'prod'": "<Bucket.prod>"},
        ),
        ("{'Fn::GetAtt': [Bucket, !Ref Open]}", "?reference by a name that is not known"),
        ("!GetAtt Nothing.Arn", "?reference to something undeclared"),
        ("!GetAtt Bucket", "?malformed function"),
        ("!GetAtt {a: b}", "?malformed function"),
        # Sub
        ("!Sub plain", "plain"),
        ("!Sub 'a-${Name}-b'", "a-shop-b"),
        ("!Sub '${Name}'", "shop"),
        ("!Sub '${Count}0'", "30"),
        ("!Sub '${!Name}'", "${Name}"),
        ("!Sub '${!Literal}-${Name}'", "${Literal}-shop"),
        ("!Sub '${Bucket}'", "<Bucket.Ref>"),
        ("!Sub '${Bucket.Arn}/*'", "<Bucket.Arn>/*"),
        ("!Sub 'arn:${AWS::Partition}:x'", "arn:<AWS::Partition.Ref>:x"),
        ("!Sub '${AWS::NoValue}'", ""),
        ("!Sub '${ Name }'", "shop"),
        ("!Sub '${Open}-x'", "?parameter without a value-x"),
        ("!Sub 'x-${Stage}'", {"Stage == 'dev'": "x-dev", "Stage == 'prod'": "x-prod"}),
        ("!Sub '${Stage}-${Stage}'", {"Stage == 'dev'": "dev-dev", "Stage == 'prod'": "prod-prod"}),
        ("!Sub ['${A}-${Name}', {A: 1}]", "1-shop"),
        ("!Sub ['${A}', {A: yes}]", "true"),
        ("!Sub ['${A}', {A: !Ref AWS::NoValue}]", ""),
        ("!Sub ['${Name}', {Name: mine}]", "mine"),
        ("!Sub ['${Base}/${Count}', {Base: !Join ['.', ['0', '0']]}]", "0.0/3"),
        ("!Sub ['only']", "only"),
        ("!Sub '${Nothing}!'", "?reference to something undeclared!"),
        ("!Sub '${a:-b}!'", "?malformed function!"),
        ("!Sub '$${Name} ${'", "$shop ${"),
        ("!Sub '${Sizes}'", "?malformed function"),
        ("!Sub ['${A}']", "?reference to something undeclared"),
        ("!Sub [[a], {}]", "?malformed function"),
        ("!Sub [a, b]", "?malformed function"),
        ("!Sub {a: b}", "?malformed function"),
        # Join
        ("!Join ['', [a, b]]", "ab"),
        ("!Join ['-', [a, 1, yes, !Ref Name]]", "a-1-true-shop"),
        ("!Join [',', !Ref Sizes]", "1,2,3"),
        ("!Join ['', []]", ""),
        ("!Join ['', [!Ref Bucket]]", "<Bucket.Ref>"),
        ("!Join ['/', [!GetAtt Bucket.Arn, '*']]", "<Bucket.Arn>/*"),
        ("!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"),
        ("!Join ['-', [a, !If [IsProd, b, !Ref AWS::NoValue], c]]", {"IsProd": "a-b-c", "not IsProd": "a-c"}),
        ("!Join ['-', !If [IsProd, [a, b], [c]]]", {"IsProd": "a-b", "not IsProd": "c"}),
        ("!Join ['-', [a, !Ref Open]]", "a-?parameter without a value"),
        ("!Join ['-', !Ref Zones]", "?made from a parameter without a value"),
        ("!Join ['-', !GetAtt Bucket.List]", "?part of a reference"),
        ("!Join ['-', [[a]]]", "?malformed function"),
        ("!Join [a]", "?malformed function"),
        ("!Join ['-', x]", "?malformed function"),
        ("!Join [[], [x]]", "?malformed function"),
        # Select and Split
        ("!Select [1, [a, b]]", "b"),
        ("!Select ['1', [a, b]]", "b"),
        ("!Select [0, !Ref Sizes]", "1"),
        ("!Select [!Ref Count, [a, b, c, d]]", "d"),
        ("!Select [0, [!If [IsProd, a, !Ref AWS::NoValue], b]]", {"IsProd": "a", "not IsProd": "b"}),
        ("!Select [1, [!If [IsProd, a, b], c]]", "c"),
        ("!Select [0, !Split [',', 'a,b']]", "a"),
        ("!Select [0, !GetAZs '']", "?availability zones of the account"),
        ("!Select [0, !Ref Zones]", "?made from a parameter without a value"),
        ("!Select [5, !Split [':', !GetAtt Bucket.Arn]]", "?part of a reference"),
        ("!Select [0, !Split ['/', !Sub 'x/${Bucket}']]", "x"),
        ("!Select [1, !Split ['/', !Sub 'x/${Bucket}']]", "?part of a reference"),
        ("!Select [2, [a, b]]", "?malformed function"),
        ("!Select [-1, [a, b]]", "?malformed function"),
        ("!Select [x, [a, b]]", "?malformed function"),
        ("!Select [0, x]", "?malformed function"),
        ("!Select [!Ref Open, [a, b]]", "?made from a parameter without a value"),
        ("!Split [',', 'a,b,']", ["a", "b", ""]),
        ("!Split ['-', !Ref Stage]", {"Stage == 'dev'": ["dev"], "Stage == 'prod'": ["prod"]}),
        ("!Split [',', !Join [',', [!Ref Bucket, b]]]", ["<Bucket.Ref>", "b"]),
        ("!Split [',', !Join [',', [a, !Ref Open, b]]]", ["a", ("*", "?made from a parameter without a value")]),
        ("!Split [':', !Sub 'a:b${Bucket.Arn}:c']", ["a", ("*", "?part of a reference")]),
        ("!Split ['', x]", "?malformed function"),
        ("!Split [',', [x]]", "?malformed function"),
        # FindInMap
        ("!FindInMap [Sizes, dev, cpu]", 1),
        ("!FindInMap [Sizes, dev, zones]", ["a", "b"]),
        ("!FindInMap [Sizes, !Ref Stage, cpu]", {"Stage == 'dev'": 1, "Stage == 'prod'": 2}),
        ("!FindInMap [Sizes, !If [IsProd, prod, dev], cpu]", {"IsProd": 2, "not IsProd": 1}),
        ("!FindInMap [Sizes, test, cpu]", "?map without the key"),
        ("!FindInMap [Sizes, test, cpu, {DefaultValue: 7}]", 7),
        ("!FindInMap [Sizes, dev, gpu, {DefaultValue: !Ref Name}]", "shop"),
        ("!FindInMap [Nothing, dev, gpu]", "?map without the key"),
        ("!FindInMap [Nothing, dev, gpu, {DefaultValue: 1}]", 1),
        ("!FindInMap [!Ref Open, dev, cpu]", "?made from a parameter without a value"),
        ("!FindInMap [Sizes, dev]", "?malformed function"),
        ("!FindInMap [Sizes, [dev], cpu]", "?malformed function"),
        # The rest
        ("!Base64 text", "dGV4dA=="),
        ("!Base64 {'Fn::Sub': '${Name}'}", "c2hvcA=="),
        ("!Base64 {'Fn::Sub': 'x ${Bucket}'}", "x <Bucket.Ref>"),
        ("!Base64 [a]", "?malformed function"),
        ("!GetAZs ''", "?availability zones of the account"),
        ("!ImportValue other-id", "?import from another stack"),
        ("!ImportValue {'Fn::Sub': '${Name}-id'}", "?import from another stack"),
        ("!GetStackOutput {a: b}", "?output of another stack"),
        ("!Cidr [10.0.0.0/16, 3, 8]", ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]),
        ("!Cidr [10.0.0.0/16, '2']", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("!Cidr ['2001:db8::/56', 2, 64]", ["2001:db8::/64", "2001:db8:0:1::/64"]),
        ("!Cidr [10.0.0.0/30, 5, 8]", "?malformed function"),
        ("!Cidr [10.0.0.0/16, 999, 8]", "?malformed function"),
        ("!Cidr [x, 1, 8]", "?malformed function"),
        ("!Cidr [!GetAtt Bucket.CidrBlock, 1, 8]", "?part of a reference"),
        ("!Select [1, !Cidr [10.0.0.0/16, 2, 8]]", "10.0.1.0/24"),
        ("{'Fn::Length': [a, b]}", 2),
        ("{'Fn::Length': !Ref Sizes}", 3),
        ("{'Fn::Length': !Ref Zones}", "?made from a parameter without a value"),
        ("{'Fn::Length': [!If [IsProd, a, !Ref AWS::NoValue]]}", {"IsProd": 1, "not IsProd": 0}),
        ("{'Fn::Length': !Split [',', !Sub '${Open},b']}", "?list of unknown length"),
        ("{'Fn::Length': x}", "?malformed function"),
        ("!ToJsonString {a: [1, yes, é], b: !Ref Name}", '{"a":[1,true,"é"],"b":"shop"}'),
        ("!ToJsonString {a: !Ref Bucket}", {"json": {"a": "<Bucket.Ref>"}}),
        ("!ToJsonString {a: !Ref Stage}", {"json": {"a": {"Stage == 'dev'": "dev", "Stage == 'prod'": "prod"}}}),
        ("!ToJsonString x", "?malformed function"),
        ("!Sub ['${A}', {A: !ToJsonString {a: !Ref Bucket}}]", "?JSON text with unknown parts"),
        ("{'Fn::Transform': {Name: AWS::Include}}", "?added by a transform"),
        ("{a: 1, 'Fn::Transform': {Name: AWS::Include}}", {"a": 1, "*": "?added by a transform"}),
        ("{'Fn::Foo': 1}", "?unknown function"),
        ("{'Fn::Sub': a, b: c}", "?malformed function"),
        ("{a: null, b: 1}", {"b": 1}),
        ("[null, 1, !Ref AWS::NoValue]", [1]),
        ("{Condition: {Bool: {a: 'true'}}}", {"Condition": {"Bool": {"a": "true"}}}),
        # If and conditions as values
        ("!If [Always, a, b]", "a"),
        ("!If [Never, a, !Ref AWS::NoValue]", "absent"),
        ("!If [IsProd, a, b]", {"IsProd": "a", "not IsProd": "b"}),
        ("!If [IsProd, a, a]", "a"),
        ("!If [IsProd, a, !Ref AWS::NoValue]", {"IsProd": "a", "not IsProd": "absent"}),
        ("!If [IsProd, !If [IsProd, a, b], !If [IsProd, c, d]]", {"IsProd": "a", "not IsProd": "d"}),
        ("!If [IsProd, {a: 1}, {a: 2}]", {"IsProd": {"a": 1}, "not IsProd": {"a": 2}}),
        ("!If [Nowhere, a, b]", {"condition Nowhere": "a", "not condition Nowhere": "b"}),
        ("!If [a, b]", "?malformed function"),
        ("!Equals [!Ref Name, shop]", True),
        ("!Not [!Equals [!Ref Stage, prod]]", {"not Stage == 'prod'": True, "Stage == 'prod'": False}),
    ],
)
def test_a_function(expression: str, meant: Any) -> None:
    assert value(expression, HEAD) == meant


def test_a_map_looked_up_by_an_open_key_is_a_choice_among_its_values() -> None:
    assert value("!FindInMap [Regions, !Ref AWS::Region, kind]", HEAD) == {
        "AWS::Region == 'eu-west-1'": "arm",
        "not AWS::Region == 'eu-west-1'": "x86",
    }
    assert value("!FindInMap [Regions, eu-west-1, !Ref Open]", HEAD) == {
        "Open == 'image'": "ami-1",
        "not Open == 'image'": "arm",
    }
    assert value("!FindInMap [Regions, !Sub '${Open}-1', kind]", HEAD) == {
        "${Open}-1 == 'eu-west-1'": "arm",
        "not ${Open}-1 == 'eu-west-1'": "x86",
    }
    found = value("!FindInMap [Regions, !Ref AWS::Region, !Ref Open]", HEAD)
    assert list(found.values()) == ["ami-1", "arm", "ami-3", "x86"]


def test_an_open_key_may_lead_to_the_default() -> None:
    assert value("!FindInMap [Regions, !Ref Open, image, {DefaultValue: ami-0}]", HEAD) == {
        "Open == 'eu-west-1' or Open == 'eu-west-2'": "ami-1",
        "Open == 'us-east-1'": "ami-3",
        "not Open == 'eu-west-1' and not Open == 'eu-west-2' and not Open == 'us-east-1'": "ami-0",
    }


def test_an_allowed_value_that_the_map_lacks_is_unknown() -> None:
    assert value("!FindInMap [Sizes, !Ref Stage, zones]", HEAD) == {
        "Stage == 'dev'": ["a", "b"],
        "Stage == 'prod'": "?map without the key",
    }


def test_a_secret_is_no_key_to_look_up_by() -> None:
    found = node("!FindInMap [Regions, !Ref Key, kind]", HEAD)
    assert found.value == Unknown("made from a parameter without a value", "Key")


def test_a_map_of_many_values_is_too_many_branches() -> None:
    head = "Mappings:\n  M:\n" + "".join(f"    k{number}: {{v: w{number}}}\n" for number in range(65))
    assert value("!FindInMap [M, !Ref AWS::Region, v]", head) == "?too many branches"


def test_too_many_combinations_are_unknown() -> None:
    head = "Parameters:\n" + "".join(f"  P{n}: {{Type: String, AllowedValues: [a, b]}}\n" for n in range(7))
    found = value("!Sub '" + "".join(f"${{P{n}}}" for n in range(7)) + "'", head)
    assert found == "?too many branches"
    assert len(value("!Sub '" + "".join(f"${{P{n}}}" for n in range(6)) + "'", head)) == 64


def test_a_text_that_grows_without_bound_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("srmcheck.loaders.cloudformation.text.MOST_CHARACTERS", 10)
    assert value("!Sub '${Name}${Name}${Name}'", HEAD) == "?text too long"


def test_an_import_names_the_export() -> None:
    assert node("!ImportValue {'Fn::Sub': '${Name}-id'}", HEAD).value == Unknown("import from another stack", "shop-id")


def test_a_part_of_a_reference_names_what_it_may_refer_to() -> None:
    found = node("!Select [6, !Split [':', !Ref Bucket]]", HEAD)
    assert found.value == Unknown("part of a reference", "Bucket", ("Bucket",), exact=True)
    found = node("!Select [6, !Split [':', !Sub '${Bucket}:${X}']]", HEAD)
    assert found.value == Unknown("part of a reference", "Bucket", ("Bucket", "X"))


def test_json_of_open_values_keeps_them() -> None:
    found = node("!ToJsonString {a: !Ref Key}", HEAD)
    assert isinstance(found.value, Json)
    assert found.secret


# --- origins, secrets, places ------------------------------------------------------------------------------------------


def origin(expression: str) -> tuple[str, str, bool, bool] | None:
    found = node(expression, HEAD).origin
    return None if found is None else (found.kind, found.name, found.secret, found.has_default)


@pytest.mark.parametrize(
    ("expression", "meant"),
    [
        ("text", None),
        ("!Sub text", None),
        ("!Join ['', [a, b]]", None),
        ("!Ref Name", ("parameter", "Name", False, True)),
        ("!Ref Open", ("parameter", "Open", False, False)),
        ("!Ref Stage", ("parameter", "Stage", False, False)),
        ("!Ref Key", ("parameter", "Key", True, False)),
        ("!Ref Set", ("parameter", "Set", True, True)),
        ("!Sub '${Set}'", ("parameter", "Set", True, True)),
        ("!Join ['', [!Ref Set]]", ("parameter", "Set", True, True)),
        ("!Join ['', ['', !Ref Set]]", ("parameter", "Set", True, True)),
        ("!Select [0, [!Ref Key]]", ("parameter", "Key", True, False)),
        ("!Select [0, !Ref Sizes]", ("parameter", "Sizes", False, True)),
        ("!If [Always, !Ref Key, x]", ("parameter", "Key", True, False)),
        ("!Sub 'x-${Name}'", ("parameter", "Name", False, True)),
        ("!Sub '${Name}-${Open}'", ("parameter", "Open", False, False)),
        ("!Sub '${Name}-${Bucket}'", ("reference", "Bucket", False, False)),
        ("!Sub 'x-${AWS::Region}'", None),
        ("!Ref AWS::Region", ("reference", "AWS::Region", False, False)),
        ("!GetAtt Bucket.Arn", ("reference", "Bucket", False, False)),
        ("!ImportValue x", ("data", "x", False, False)),
        ("'{{resolve:ssm:/a/b:1}}'", ("dynamic-reference", "ssm", False, False)),
        ("'{{resolve:ssm-secure:/a/b:1}}'", ("dynamic-reference", "ssm-secure", False, False)),
        ("'{{resolve:secretsmanager:a:SecretString:p}}'", ("dynamic-reference", "secretsmanager", False, False)),
        ("!Sub '{{resolve:secretsmanager:${Bucket}::}}'", ("dynamic-reference", "secretsmanager", False, False)),
        ("!Sub '{{resolve:secretsmanager:${Name}::}}'", ("dynamic-reference", "secretsmanager", False, False)),
        ("!Join [':', ['{{resolve', ssm, '/a}}']]", ("dynamic-reference", "ssm", False, False)),
        ("'x{{resolve:ssm:/a}}'", ("dynamic-reference", "ssm", False, False)),
        ("'{{resolve:secretsmanager:a}}x'", ("dynamic-reference", "secretsmanager", False, False)),
        ("'{{resolve:secretsmanager:a}}{{resolve:ssm:/b}}'", ("dynamic-reference", "ssm", False, False)),
        ("!Sub 'x-${Key}-${Open}'", ("parameter", "Key", True, False)),
        ("'{{resolve:other:/a}}'", None),
        ("'{{resolve:ssm:/a'", None),
    ],
)
def test_where_a_value_comes_from(expression: str, meant: object) -> None:
    assert origin(expression) == meant


@pytest.mark.parametrize(
    "expression",
    [
        "!Ref Set",
        "!Sub '${Set}'",
        "!Sub 'x-${Set}'",
        "!Join ['-', [a, !Ref Set]]",
        "!Select [0, !Split ['-', !Ref Set]]",
        "!Select [0, [!Ref Set]]",
        "!Base64 {Ref: Set}",
        "!ToJsonString {a: !Ref Set}",
        "!Sub ['${A}', {A: !Sub 'b${Set}'}]",
        "!If [IsProd, !Ref Set, !Ref Set]",
    ],
)
def test_a_secret_stays_marked(expression: str) -> None:
    found = node(expression, HEAD)
    assert found.secret
    assert "hunter2" not in repr(found)


def test_only_the_secret_branch_of_a_choice_is_marked() -> None:
    found = node("!If [IsProd, !Ref Set, plain]", HEAD)
    assert repr(found).count("plain") == 1
    assert "hunter2" not in repr(found)


def test_places_are_where_the_expression_stands() -> None:
    text = """\
        Parameters: {P: {Type: String, Default: a}}
        Conditions: {C: !Equals [!Ref AWS::Region, x]}
        Resources:
          X:
            Type: AWS::S3::Bucket
            Properties:
              Name: !Ref P
              Tags:
                - Key: k
                  Value: !Sub "${P}-x"
                - !If [C, {Key: l}, !Ref AWS::NoValue]
              List: !Split [",", "a,b"]
        """
    template = load(text)
    (resource,) = template.resources
    assert resource.place is not None and resource.place.location is not None
    assert (resource.place.address, resource.place.path) == ("X", ())
    assert (resource.place.location.line, resource.place.location.column) == (4, 3)
    assert (resource.place.location.end_line, resource.place.location.end_column) == (4, 4)
    found: dict[tuple[str | int, ...], list[tuple[int, int]]] = {}

    def walk(node: Node) -> None:
        assert node.place is not None and node.place.location is not None and node.place.address == "X"
        found.setdefault(node.place.path, []).append((node.place.location.line, node.place.location.column))
        value: Any = node.value
        if isinstance(value, dict):
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)
        elif hasattr(value, "branches"):
            for _, branch in value.branches:
                walk(branch)

    walk(resource.body)
    assert found == {
        (): [(7, 7)],
        ("Name",): [(7, 13)],
        ("Tags",): [(9, 9)],
        ("Tags", 0): [(9, 11)],
        ("Tags", 0, "Key"): [(9, 16)],
        ("Tags", 0, "Value"): [(10, 18)],
        ("Tags", 1): [(11, 11), (11, 19), (11, 29)],
        ("Tags", 1, "Key"): [(11, 25)],
        ("List",): [(12, 13)],
        ("List", 0): [(12, 13)],
        ("List", 1): [(12, 13)],
    }


def test_what_is_malformed_is_an_error_and_what_leads_nowhere_a_note() -> None:
    assert summaries(template_of("!Select [9, [a]]")) == [("error", "Malformed function", 7)]
    assert summaries(template_of("{'Fn::Foo': a}")) == [("error", "Unknown function", 7)]
    assert summaries(template_of("!Ref Nothing")) == [("note", "Reference to something undeclared", 7)]
    assert summaries(template_of("!FindInMap [A, b, c]")) == [("note", "Map without the key", 7)]


def test_one_place_is_named_once() -> None:
    assert len(template_of("!Sub '${Nothing}-${Nothing}'").diagnostics) == 1


def test_what_looks_like_no_name_is_not_quoted() -> None:
    for expression in ("!Ref 'p@ss word'", "!ImportValue 'p@ss word'", "{'Fn::p@ss word': 1}", "!Sub '${p@ss word}'"):
        template = template_of(expression)
        assert "p@ss" not in repr(template.diagnostics)
        assert "p@ss" not in repr(template.resources[-1].body)


def test_text_with_references_keeps_its_parts() -> None:
    found = node("!Join ['', ['a', 'b', !Ref Bucket, 'c', 'd']]")
    assert isinstance(found.value, Text)
    assert [part if isinstance(part, str) else "•" for part in found.value.parts] == ["ab", "•", "cd"]


def test_the_body_of_an_address() -> None:
    assert body("Resources: {X: {Type: 'AWS::S3::Bucket'}}") == {}


@pytest.mark.parametrize(
    ("expression", "meant"),
    [
        ("'{{resolve:ssm:/a/b:1}}'", "?D"),
        ("'{{resolve:ssm:/a}}/32'", "?D/32"),
        ("'x{{resolve:ssm:/a}}y{{resolve:ssm:/b}}z'", "x?Dy?Dz"),
        ("!Sub '${Bucket}/{{resolve:ssm:${Bucket}/x}}/${Bucket.Arn}/'", "<Bucket.Ref>/?D/<Bucket.Arn>/"),
        ("!Join ['', ['{{resolve:', 'ssm:/a}}', '/32']]", "?D/32"),
        ("[a, '{{resolve:ssm:/a}}']", ["a", "?D"]),
        ("{a: !If [IsOpen, '{{resolve:ssm:/a}}', b]}", {"a": {"IsOpen": "?D", "not IsOpen": "b"}}),
        ("'{{resolve:other:/a}}'", "{{resolve:other:/a}}"),
        # AWS evaluates the functions first
        ("!Select [1, !Split [':', '{{resolve:ssm:/a}}']]", "ssm"),
        ("!Base64 '{{resolve:ssm:/a}}'", "e3tyZXNvbHZlOnNzbTovYX19"),
    ],
)
def test_what_a_dynamic_reference_reads_is_not_known(expression: str, meant: object) -> None:
    seen = str(value(expression, HEAD)).replace("?dynamic reference, its value is in the account", "?D")
    assert seen == str(meant)


def test_equal_dynamic_references_name_the_same() -> None:
    first, second = (node(f"'{{{{resolve:ssm:/{name}}}}}'").value for name in ("a", "b"))
    assert isinstance(first, Unknown) and is_name(first)
    assert first == node("'{{resolve:ssm:/a}}'").value != second
