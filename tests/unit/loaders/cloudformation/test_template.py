"""Templates as a whole: parameters, conditions, loops, transforms, what is broken in them."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from srmcheck.conditions import FALSE, TRUE, Opaque
from srmcheck.diagnostics import InputError
from srmcheck.loaders.cloudformation import load_cloudformation, looks_like_template
from srmcheck.loaders.cloudformation.evaluate import Context
from srmcheck.loaders.cloudformation.reading import read
from srmcheck.values import Node, Unknown
from tests.unit.loaders.cloudformation.samples import FILE, body, load, node, said, shown, summaries, value

# --- parameters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "given", "meant"),
    [
        ("{Type: String, Default: a}", None, "a"),
        ("{Type: String, Default: a}", "b", "b"),
        ("{Type: String, Default: yes}", None, "true"),
        ("{Type: String, Default: 012}", None, "10"),
        ("{Type: String, Default: ''}", None, ""),
        ("{Type: Number, Default: 443}", None, "443"),
        ("{Type: Number, Default: 1.50}", None, "1.5"),
        ("{Type: List<Number>, Default: '1, 2'}", None, ["1", "2"]),
        ("{Type: CommaDelimitedList, Default: 'a , b,c'}", None, ["a", "b", "c"]),
        ("{Type: CommaDelimitedList, Default: ''}", None, [""]),
        ("{Type: CommaDelimitedList, Default: [a, b]}", None, ["a", "b"]),
        ("{Type: CommaDelimitedList}", "x, y", ["x", "y"]),
        ("{Type: 'List<AWS::EC2::Subnet::Id>', Default: 'a,b'}", None, ["a", "b"]),
        ("{Type: 'AWS::EC2::VPC::Id', Default: a}", None, "a"),
        ("{Type: 'AWS::SSM::Parameter::Name', Default: /a}", None, "/a"),
        (
            "{Type: 'AWS::SSM::Parameter::Value<String>', Default: /a}",
            None,
            "?SSM parameter, its value is in the account",
        ),
        ("{Type: 'AWS::SSM::Parameter::Value<String>'}", "/b", "?SSM parameter, its value is in the account"),
        (
            "{Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/a,b'}",
            None,
            "?SSM parameter, its value is in the account",
        ),
        ("{Type: String}", None, "?parameter without a value"),
        ("{Type: String, AllowedValues: [a]}", None, "a"),
        (
            "{Type: String, AllowedValues: [a, a, 1, yes]}",
            None,
            {"P == 'a'": "a", "P == '1'": "1", "P == 'true'": "true"},
        ),
        ("{Type: String, AllowedValues: [a, b], Default: b}", None, "b"),
        ("{Type: String, AllowedValues: [a, b]}", "a", "a"),
        ("{Type: String, AllowedValues: []}", None, "?parameter without a value"),
        ("{Type: CommaDelimitedList, AllowedValues: [a, b]}", None, "?parameter without a value"),
        ("{Type: String, NoEcho: true, AllowedValues: [a, b]}", None, "?parameter without a value"),
        ("{Type: String, Default: {a: b}}", None, "?parameter that cannot be read"),
        ("{Default: a}", None, "?parameter that cannot be read"),
        ("text", None, "?parameter that cannot be read"),
    ],
)
def test_a_parameter(declared: str, given: str | None, meant: Any) -> None:
    parameters = None if given is None else {"P": given}
    assert value("!Ref P", f"Parameters: {{P: {declared}}}\n", parameters) == meant


def test_an_ssm_parameter_holds_no_value_of_its_own() -> None:
    found = node("!Ref P", "Parameters: {P: {Type: AWS::SSM::Parameter::Value<String>, Default: /a, NoEcho: true}}\n")
    assert found.origin is not None
    assert (found.origin.name, found.origin.secret, found.origin.has_default) == ("P", True, False)
    assert found.secret


def test_many_allowed_values_are_unknown_and_still_one_variable() -> None:
    head = "Parameters: {P: {Type: String, AllowedValues: [" + ", ".join(f"v{n}" for n in range(65)) + "]}}\n"
    assert value("!Ref P", head) == "?parameter without a value"
    head += "Conditions: {A: !Equals [!Ref P, v1], B: !Not [!Condition A]}\n"
    assert value("!If [A, 1, !If [B, 2, 3]]", head) == {"A": 1, "not A": 2}


@pytest.mark.parametrize(("declared", "given"), [("String", "c"), ("CommaDelimitedList", "a,c")])
def test_a_given_value_that_is_not_allowed_is_an_error(declared: str, given: str) -> None:
    template = load(
        f"Parameters: {{P: {{Type: {declared}, AllowedValues: [a, b]}}}}\nResources: {{X: {{Type: A::B}}}}",
        {"P": given},
    )
    assert summaries(template) == [("error", "Value not allowed", 1)]


def test_a_value_for_no_parameter_is_noted() -> None:
    template = load("Resources: {X: {Type: A::B}}", {"P": "secret", "AWS::Region": "eu-west-1", "not a name": "x"})
    assert [found.detail for found in template.diagnostics] == [
        "The template has no parameter P.",
        "The template has no parameter of that name.",
    ]
    assert {found.level for found in template.diagnostics} == {"note"}


def test_pseudo_parameters_may_be_given() -> None:
    given = {"AWS::Region": "eu-west-1", "AWS::AccountId": "111122223333", "AWS::Partition": "aws"}
    assert value("!Sub 'arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}'", "", given) == (
        "arn:aws:x:eu-west-1:111122223333"
    )
    template = load("Resources: {X: {Type: A::B}}", given)
    assert (template.account, template.region, template.partition) == ("111122223333", "eu-west-1", "aws")
    assert load("Resources: {X: {Type: A::B}}").region is None


# --- conditions --------------------------------------------------------------------------------------------------------

CONDITIONS = """\
Parameters:
  Open: {Type: String}
  Other: {Type: String}
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Two: {Type: Number, Default: 2}
  Flag: {Type: String, Default: yes}
  Key: {Type: String, NoEcho: true}
  Set: {Type: String, NoEcho: true, Default: hunter2}
  List: {Type: CommaDelimitedList, Default: "a,b"}
  Names: {Type: CommaDelimitedList}
Mappings: {M: {dev: {use: "yes"}, prod: {use: "no"}}}
Conditions:
  C: %s
Resources:
  X: {Type: A::B, Condition: C}
"""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!Equals [a, a]", "True"),
        ("!Equals [a, A]", "False"),
        ("!Equals [!Ref Two, 2]", "True"),
        ("!Equals [2, '2']", "True"),
        ("!Equals [yes, 'true']", "True"),
        ("!Equals [yes, 'yes']", "False"),
        ("!Equals [!Ref Flag, true]", "True"),
        ("!Equals [!Ref Set, hunter2]", "True"),
        ("!Equals [!Join [',', !Ref List], 'a,b']", "True"),
        ("!Equals [!Ref List, [a, b]]", "True"),
        ("!Equals [!Ref AWS::NoValue, '']", "True"),
        ("!Equals [!Ref Open, x]", "C"),
        ("!Equals [x, !Ref Open]", "C"),
        ("!Equals [!Ref Open, !Ref Open]", "True"),
        ("!Equals [!Ref Stage, test]", "False"),
        ("!Equals [!Ref Stage, !Ref Stage]", "True"),
        ("!Not [!Equals [!Ref Stage, test]]", "True"),
        ("!And [!Equals [a, a], !Equals [!Ref Stage, test]]", "False"),
        ("!And [!Equals [a, a], !Equals [b, b]]", "True"),
        ("!Or [!Equals [a, b], !Equals [b, b]]", "True"),
        ("!Or [!Equals [!Ref Stage, dev], !Not [!Equals [!Ref Stage, dev]]]", "True"),
        ("!Equals [!FindInMap [M, !Ref Stage, use], maybe]", "False"),
        ("!Equals [!Sub 'a-${Open}', 'b-x']", "False"),
        ("!Equals [!Sub '${Open}-a', 'x-b']", "False"),
        ("!Equals [!Ref AWS::Region, !Ref AWS::Region]", "True"),
        ("!Condition C", "condition C"),
        ("true", "True"),
        ("'false'", "False"),
    ],
)
def test_a_condition(written: str, meant: str) -> None:
    (resource,) = load(CONDITIONS % written).resources
    exists = "condition C" if said(resource.exists) == "C" and meant == "condition C" else said(resource.exists)
    assert exists == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!Equals [!Ref Open, x]", "Open == 'x'"),
        ("!Equals [!Ref Open, !Ref Other]", "Open == Other"),
        ("!Equals [!Ref AWS::Region, us-east-1]", "AWS::Region == 'us-east-1'"),
        ("!Not [!Equals [!Ref Stage, prod]]", "not Stage == 'prod'"),
        ("!And [!Equals [!Ref Open, x], !Equals [!Ref Other, y]]", "Open == 'x' and Other == 'y'"),
        ("!Equals [!FindInMap [M, !Ref Stage, use], yes]", "False"),
        ("!Equals [!FindInMap [M, !Ref Stage, use], 'yes']", "Stage == 'dev'"),
        ("!Equals [!If [D, a, b], a]", "D"),
        ("!Equals [!Sub '${Open}-x', 'a-x']", "${Open}-x == 'a-x'"),
        ("!Equals [!Ref Key, x]", "a comparison with Key"),
        ("!Equals [!Sub 'hunter2${Key}', hunter22]", "a comparison with …${Key}"),
        ("!Equals [!Select [0, !Ref Names], x]", "Names #1 == 'x'"),
        ("!Equals [!Select [0, !Ref Names], !Select [0, !Ref Names]]", "Names #1 == Names #2"),
        ("!Equals [!ImportValue a, x]", "a #1 == 'x'"),
        ("!Equals [!Ref List, [a, !Ref Open]]", "a comparison of lists #1"),
    ],
)
def test_an_open_condition_is_a_formula(written: str, meant: str) -> None:
    text = CONDITIONS.replace("Conditions:\n", "Conditions:\n  D: !Equals [!Ref Other, d]\n") % written
    (resource,) = load(text).resources
    exists = resource.exists
    assert said(getattr(exists, "of", exists)) == meant


def test_one_formula_for_one_text() -> None:
    text = """\
        Parameters: {A: {Type: String}}
        Conditions:
          One: !Equals [!Sub "${A}-x", p-x]
          Two: !Equals [!Join ["-", [!Ref A, x]], q-x]
        Resources: {X: {Type: A::B, Condition: One, Properties: {V: !If [Two, 1, 2]}}}
        """
    assert body(text) == {"V": 2}


def test_conditions_that_exclude_each_other() -> None:
    head = """\
Parameters: {S: {Type: String}}
Conditions: {P: !Equals [!Ref S, p], Q: !Equals [!Ref S, q]}
"""
    assert value("!If [P, !If [Q, 1, 2], 3]", head) == {"P": 2, "not P": 3}


@pytest.mark.parametrize(
    ("conditions", "level", "summary"),
    [
        ("{C: !Condition D, D: !Condition C}", "error", "Condition hangs on itself"),
        ("{C: !Not [!Condition C]}", "error", "Condition hangs on itself"),
        ("{C: !Condition Nowhere}", "error", "Undefined condition"),
        ("{C: !Equals [a]}", "error", "Malformed condition"),
        ("{C: !Not [a, b]}", "error", "Malformed condition"),
        ("{C: maybe}", "error", "Malformed condition"),
        ("{C: [a]}", "error", "Malformed condition"),
        ("{C: {a: b}}", "error", "Malformed condition"),
        ("{C: !And []}", "error", "Malformed condition"),
        ("[]", "error", "Conditions is no mapping"),
    ],
)
def test_a_broken_condition_is_open(conditions: str, level: str, summary: str) -> None:
    template = load(f"Conditions: {conditions}\nResources: {{X: {{Type: A::B, Condition: C}}}}")
    assert (level, summary) in [found[:2] for found in summaries(template)]
    assert template.resources[0].exists not in (TRUE, FALSE)


def test_an_undefined_condition_of_a_resource_is_an_error() -> None:
    template = load("Resources: {X: {Type: A::B, Condition: C}}")
    assert summaries(template) == [("error", "Undefined condition", 1)]
    assert template.resources[0].exists == Opaque("condition C")


def test_a_condition_beside_a_parameter_of_the_same_name_is_another_truth() -> None:
    text = "Parameters: {C: {Type: String}}\nResources: {X: {Type: A::B, Condition: C}}"
    assert load(text).resources[0].exists == Opaque("condition C")


def test_conditions_without_bound_are_refused() -> None:
    chain = "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(200)) + "  C200: !Equals [!Ref P, x]\n"
    template = load(
        "Parameters: {P: {Type: String}}\nConditions:\n" + chain + "Resources: {X: {Type: A::B, Condition: C0}}"
    )
    assert "Condition too large" in {found.summary for found in template.diagnostics}
    growing = "  C0: !Equals [!Ref P, x]\n" + "".join(
        f"  C{n + 1}: !And [!Or [!Condition C{n}, !Equals [!Ref P, a{n}]], !Or [!Condition C{n}, !Equals [!Ref P, b{n}]]]\n"
        for n in range(60)
    )
    template = load(
        "Parameters: {P: {Type: String}}\nConditions:\n" + growing + "Resources: {X: {Type: A::B, Condition: C60}}"
    )
    assert "Condition too large" in {found.summary for found in template.diagnostics}
    deep = "!Equals [a, b]"
    for _ in range(61):
        deep = f"!Not [{deep}]"
    template = load(f"Conditions: {{C: {deep}}}\nResources: {{X: {{Type: A::B, Condition: C}}}}")
    assert summaries(template)[0][:2] == ("error", "Malformed condition")


def test_a_resource_behind_a_false_condition_is_there_and_never_exists() -> None:
    (resource,) = load(
        "Conditions: {C: !Equals [a, b]}\nResources: {X: {Type: A::B, Condition: C, Properties: {V: 1}}}"
    ).resources
    assert resource.exists == FALSE


def test_what_a_resource_hangs_on_holds_in_it() -> None:
    text = """\
        Parameters: {S: {Type: String}}
        Conditions: {P: !Equals [!Ref S, p], Q: !Not [!Condition P]}
        Resources: {X: {Type: A::B, Condition: P, Properties: {V: !If [P, 1, 2], W: !If [Q, 1, 2]}}}
        """
    assert body(text) == {"V": 1, "W": 2}


# --- loops -------------------------------------------------------------------------------------------------------------


def test_a_loop_in_resources() -> None:
    text = """\
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::ForEach::All:
            - Name
            - [a-b, c]
            - "R&{Name}":
                Type: AWS::S3::Bucket
                Properties:
                  BucketName: !Ref Name
                  Text: "x-${Name}"
                  Sub: !Sub "${Name}-${AWS::Region}"
                  Arn: !GetAtt "R&{Name}.Arn"
                  ${Name}Key: 1
        """
    template = load(text)
    assert [resource.address for resource in template.resources] == ["Rab", "Rc"]
    assert shown(template.resources[0].body) == {
        "BucketName": "a-b",
        "Text": "x-a-b",
        "Sub": "a-b-<AWS::Region.Ref>",
        "Arn": "<Rab.Arn>",
        "a-bKey": 1,
    }
    place = template.resources[1].place
    assert place is not None and place.location is not None
    assert (place.location.line, place.location.column) == (6, 7)
    assert (template.diagnostics, template.incomplete, dict(template.unread)) == ((), (), {})


def test_loops_in_loops_conditions_and_properties() -> None:
    text = """\
        Parameters:
          Zones: {Type: CommaDelimitedList, Default: "a,b"}
          S: {Type: String}
        Conditions:
          Fn::ForEach::C:
            - Z
            - !Ref Zones
            - In${Z}: !Equals [!Ref S, !Ref Z]
        Resources:
          Fn::ForEach::Outer:
            - X
            - !Ref Zones
            - Fn::ForEach::Inner:
                - Y
                - ["1", "2"]
                - R${X}${Y}:
                    Type: A::B
                    Condition: In${X}
                    Properties:
                      Fn::ForEach::Props:
                        - P
                        - [p, q]
                        - ${P}${X}: !Ref Y
                      Other: 1
        """
    template = load(text)
    assert [(resource.address, said(resource.exists)) for resource in template.resources] == [
        ("Ra1", "Ina"),
        ("Ra2", "Ina"),
        ("Rb1", "Inb"),
        ("Rb2", "Inb"),
    ]
    assert shown(template.resources[3].body) == {"pb": "2", "qb": "2", "Other": 1}


@pytest.mark.parametrize("collection", ["!Ref Open", "!Ref One", "!GetAZs ''", "x", "[!Ref Open]", "[!GetAtt A.B]"])
def test_a_loop_over_what_is_not_known_is_named_and_leaves_the_template_open(collection: str) -> None:
    text = f"""\
        Parameters: {{Open: {{Type: CommaDelimitedList}}, One: {{Type: String}}}}
        Resources:
          A: {{Type: A::B, Properties: {{"Fn::ForEach::P": [X, {collection}, {{"${{X}}": 1}}], Q: 2}}}}
          Fn::ForEach::All: [X, {collection}, {{"R${{X}}": {{Type: A::B}}}}]
        """
    template = load(text)
    assert [resource.address for resource in template.resources] == ["A"]
    assert shown(template.resources[0].body) == {"*": "?made by a loop that is not evaluated", "Q": 2}
    assert template.incomplete == ("a loop in Resources that is not evaluated",)
    assert template.unread["Fn::ForEach"] == 2
    assert [found[:2] for found in summaries(template)] == [("outside", "Loop not evaluated")] * 2


def test_a_malformed_loop_is_an_error() -> None:
    template = load("Resources: {A: {Type: A::B}, 'Fn::ForEach::X': [a]}")
    assert ("error", "Malformed function", 1) in summaries(template)
    assert template.incomplete


def test_loops_without_bound_are_refused() -> None:
    ten = "[a, b, c, d, e, f, g, h, i, j]"
    inner = "'R${A}${B}${C}${D}${E}${F}': {Type: A::B}"
    for name in "FEDCBA":
        inner = f"'Fn::ForEach::{name}': [{name}, {ten}, {{{inner}}}]"
    template = load("Resources: {" + inner + "}")
    assert ("error", "Loops too large") in [found[:2] for found in summaries(template)]
    assert template.incomplete


def test_a_loop_that_makes_a_name_twice_is_an_error() -> None:
    template = load("Resources: {Ra: {Type: A::B}, 'Fn::ForEach::L': [X, [a], {'R${X}': {Type: A::C}}]}")
    assert ("error", "Duplicate key", 1) in summaries(template)


# --- transforms --------------------------------------------------------------------------------------------------------


def test_a_macro_is_named_and_the_template_judged_as_written() -> None:
    template = load(
        "Transform: [Mine, AWS::LanguageExtensions, {Name: Other}]\nResources: {X: {Type: A::B, Properties: {V: !Ref N}}}"
    )
    assert [(found.level, found.detail.split(" may")[0]) for found in template.diagnostics] == [
        ("note", "The macro Mine"),
        ("note", "The macro Other"),
    ]
    assert dict(template.unread) == {"macro Mine": 1, "macro Other": 1}
    assert shown(template.resources[0].body) == {"V": "?reference to something that a macro may declare"}
    assert template.incomplete == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Resources: {X: {Type: A::B}, 'Fn::Transform': {Name: AWS::Include}}", "a transform in Resources"),
        ("Transform: {Name: AWS::Include}\nResources: {X: {Type: A::B}}", "AWS::Include at the top level"),
        ("'Fn::Transform': {Name: AWS::Include}\nResources: {X: {Type: A::B}}", "AWS::Include at the top level"),
        ("Resources: {X: {Type: A::B}, Y: {'Fn::Transform': {Name: M}}}", "a resource that cannot be read"),
        ("Resources: {X: {Type: A::B}, Y: {Type: Shop::Net::Vpc::MODULE}}", "module is not evaluated"),
        ("Resources: {X: {Type: A::B}, Y: {Type: AWS::CloudFormation::Stack}}", "nested stack is not evaluated"),
        ("Resources: {X: {Type: A::B}, Y: {Type: AWS::Serverless::Api}}", "AWS::Serverless::Api is not evaluated"),
    ],
)
def test_what_may_bring_resources_leaves_the_template_open(text: str, reason: str) -> None:
    template = load(text)
    assert template.incomplete == (reason,)
    assert [found.level for found in template.diagnostics] == ["outside"]
    assert sum(template.unread.values()) == 1
    assert template.resources[0].address == "X"
    assert bool(template.hidden) == ("Serverless" in text)


@pytest.mark.parametrize(
    "more", ["AWS::Serverless::Application", "AWS::CloudFormation::Stack", "Shop::Net::Vpc::MODULE"]
)
def test_what_may_bring_anything_hides_more_than_sam(more: str) -> None:
    template = load(f"Resources: {{F: {{Type: AWS::Serverless::Function}}, Y: {{Type: {more}}}}}")
    assert (len(template.incomplete), template.hidden) == (2, ())


def test_a_transform_beside_properties_leaves_the_rest_unknown() -> None:
    text = """\
        Resources:
          X:
            Type: AWS::S3::Bucket
            Properties:
              Name: a
              Fn::Transform: {Name: AWS::Include}
          Y: {Type: AWS::S3::Bucket, Properties: !Transform {Name: AWS::Include}}
          Z: {Type: AWS::S3::Bucket, Fn::Transform: {Name: AWS::Include}, Properties: {Name: a}}
        """
    assert [shown(resource.body) for resource in load(text).resources] == [
        {"Name": "a", "*": "?added by a transform"},
        {"*": "?added by a transform"},
        {"Name": "a", "*": "?added by a transform"},
    ]


def test_a_map_that_a_transform_adds_to_lacks_nothing_for_sure() -> None:
    head = "Mappings: {M: {a: {b: 1}, 'Fn::Transform': {Name: AWS::Include}}}\n"
    assert value("!FindInMap [M, a, b]", head) == 1
    assert value("!FindInMap [M, c, b]", head) == "?added by a transform"
    assert value("!FindInMap [M, !Ref AWS::Region, b]", head) == "?added by a transform"


def test_what_sam_may_make_is_no_dead_reference() -> None:
    template = load("Resources: {F: {Type: AWS::Serverless::Function}, X: {Type: A::B, Properties: {V: !Ref FRole}}}")
    assert shown(template.resources[1].body) == {"V": "?reference to something that SAM may make"}
    assert [found.summary for found in template.diagnostics] == ["Resources not read"]


def test_resources_not_read_are_counted_by_kind() -> None:
    text = "Resources: {" + ", ".join(f"F{n}: {{Type: AWS::Serverless::Function}}" for n in range(12)) + "}"
    template = load(text)
    assert dict(template.unread) == {"AWS::Serverless::Function": 12}
    assert template.diagnostics[0].detail.endswith("F8, F9 and 2 more.")
    assert len(template.resources) == 12


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Resources: {X: {Type: A::B}}", "template"),
        ("Transform: AWS::LanguageExtensions\nResources: {X: {Type: A::B}}", "template"),
        ("Transform: AWS::Serverless-2016-10-31\nResources: {X: {Type: A::B}}", "sam"),
        ("Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\nResources: {X: {Type: A::B}}", "sam"),
        ("Resources: {X: {Type: AWS::Serverless::Function}}", "sam"),
        ("Resources: {X: {Type: A::B, Metadata: {'aws:cdk:path': a/b}}}", "cdk"),
        ("Resources: {CDKMetadata: {Type: AWS::CDK::Metadata}}", "cdk"),
    ],
)
def test_the_kind_of_a_template(text: str, meant: str) -> None:
    assert load(text).format == meant


# --- what is broken ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["[]", "text", "42", "null", "- a: b"])
def test_what_is_no_mapping_is_no_template(text: str) -> None:
    with pytest.raises(InputError) as caught:
        load(text)
    assert caught.value.diagnostic.summary == "Not a CloudFormation template"
    assert (caught.value.diagnostic.file, caught.value.diagnostic.line) == (FILE, 1)


@pytest.mark.parametrize("text", ["a: b", "Resources: {}", "Resources:", "Resources: []", "Resources: text"])
def test_without_resources_nothing_is_judged(text: str) -> None:
    template = load(text)
    assert template.resources == ()
    assert [found[:2] for found in summaries(template)] == [("error", "Template without resources")]


@pytest.mark.parametrize(
    "resource", ["text", "[]", "", "{}", "{Properties: {}}", "{Type: [A]}", "{Type: 1}", "{Type: !Ref X}"]
)
def test_a_resource_without_a_type_is_an_error_beside_the_others(resource: str) -> None:
    template = load(f"Resources:\n  X: {{Type: A::B}}\n  Y: {resource}\n")
    assert [found.address for found in template.resources] == ["X"]
    assert summaries(template) == [("error", "Resource without a type", 3)]
    assert template.incomplete == ("a resource that cannot be read",)


def test_a_logical_id_written_twice_is_no_resource() -> None:
    template = load("Resources:\n  X: {Type: A::B}\n  X: {Type: A::C}\n  Y: {Type: A::D}\n")
    assert [found.address for found in template.resources] == ["Y"]
    assert summaries(template) == [("error", "Duplicate key", 3)]
    assert template.incomplete


@pytest.mark.parametrize("properties", ["text", "[]", "!If [A, {}, {}]", "!Ref X", "{'Fn::Foo': 1, a: b}"])
def test_properties_that_are_no_mapping_are_unknown(properties: str) -> None:
    template = load(f"Resources:\n  X: {{Type: A::B, Properties: {properties}}}\n")
    assert shown(template.resources[0].body) == {"*": "?properties that cannot be read"}
    assert ("error", "Properties is no mapping", 2) in summaries(template)


def test_a_property_written_twice_is_unknown() -> None:
    template = load("Resources:\n  X:\n    Type: A::B\n    Properties:\n      V: 1\n      V: 2\n      W: 3\n")
    assert shown(template.resources[0].body) == {"V": "?key written twice", "W": 3}
    assert summaries(template) == [("error", "Duplicate key", 6)]


def test_an_unknown_tag_leaves_one_value_unknown() -> None:
    template = load("Resources:\n  X: {Type: A::B, Properties: {V: !Foo a, W: 1}}\n")
    assert shown(template.resources[0].body) == {"V": "?unknown tag", "W": 1}
    assert summaries(template) == [("error", "Unknown tag", 2)]


@pytest.mark.parametrize("section", ["Parameters: []", "Parameters: text"])
def test_a_section_of_the_wrong_kind_is_an_error(section: str) -> None:
    template = load(f"{section}\nResources: {{X: {{Type: A::B}}}}")
    assert summaries(template) == [("error", "Parameters is no mapping", 1)]


def test_absent_properties_and_logical_ids_like_words() -> None:
    template = load("Resources:\n  Off: {Type: A::B}\n  On: {Type: A::B, Properties: }\n  012: {Type: A::B}\n")
    assert [(found.address, shown(found.body)) for found in template.resources] == [
        ("Off", {}),
        ("On", {}),
        ("012", {}),
    ]
    assert template.diagnostics == ()


def test_resources_of_every_kind_go_through() -> None:
    template = load("Resources: {A: {Type: Custom::Thing, Properties: {V: !Ref B}}, B: {Type: Shop::A::B}}")
    assert [(found.address, found.type, found.mode) for found in template.resources] == [
        ("A", "Custom::Thing", "managed"),
        ("B", "Shop::A::B", "managed"),
    ]


def test_what_the_template_says_of_itself() -> None:
    template = load("Rules: {R: {}}\nResources: {X: {Type: A::B}}")
    assert (template.name, template.language, dict(template.files)) == (FILE, "cloudformation", {FILE: "abc"})
    assert dict(template.unread) == {"Rules section": 1}


def test_many_diagnostics_of_a_kind_are_counted() -> None:
    text = "Resources:\n" + "".join(f"  X{n}: {{Type: A::B, Properties: {{V: !Ref N}}}}\n" for n in range(120))
    template = load(text)
    assert len(template.diagnostics) == 101
    assert template.diagnostics[-1].detail == "and 20 more in this file"


def test_functions_in_each_other_as_deep_as_the_reader_allows() -> None:
    for function in (
        "!Sub ['${A}', {A: %s}]",
        "!Join ['', [%s]]",
        "!If [C, %s, b]",
        "!Select [0, [%s]]",
        "!Base64 [%s]",
    ):
        text = "x"
        while True:
            deeper = function.replace("%s", text)
            document = f"Conditions: {{C: !Equals [!Ref AWS::Region, x]}}\nResources: {{X: {{Type: A::B, Properties: {{V: {deeper}}}}}}}"
            try:
                load_cloudformation(document, FILE)
            except InputError as error:
                assert "levels deep" in error.diagnostic.detail
                break
            text = deeper


def test_functions_that_lead_too_deep_into_each_other_are_an_error() -> None:
    # Each condition compares a value nested deep that hangs on the next one.
    deep = "C{n}: !Equals [" + "[" * 100 + "!If [C{m}, a, b]" + "]" * 100 + ", x]"
    conditions = ", ".join(deep.replace("{n}", str(n)).replace("{m}", str(n + 1)) for n in range(40))
    template = load(
        f"Conditions: {{{conditions}}}\nResources: {{X: {{Type: A::B, Properties: {{V: !If [C0, 1, 2]}}}}}}"
    )
    assert "error" in {found.level for found in template.diagnostics}
    assert len(template.resources) == 1


# --- recognition -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "meant"),
    [
        ({"Resources": {"X": {"Type": "AWS::S3::Bucket"}}}, True),
        ({"Resources": {"X": {"Type": "Custom::Y"}, "Z": None}}, True),
        ({"Resources": {"Fn::ForEach::X": []}}, True),
        ({"Resources": {"Fn::Transform": {}}}, True),
        ({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"X": {}}}, True),
        ({"AWSTemplateFormatVersion": "2010-09-09"}, False),
        ({"Resources": {"X": {"Type": "thing"}}}, False),
        ({"Resources": {"X": {"type": "AWS::S3::Bucket"}}}, False),
        ({"Resources": {"X": {"Type": 1}}}, False),
        ({"Resources": {}}, False),
        ({"Resources": []}, False),
        ({"resources": {"X": {"Type": "AWS::S3::Bucket"}}}, False),
        ({}, False),
        ([], False),
        (None, False),
        ("Resources", False),
    ],
)
def test_what_looks_like_a_template(top: object, meant: bool) -> None:
    import json

    assert looks_like_template(top) is meant
    if top:
        assert looks_like_template(read(json.dumps(top), "t").root) is meant


def test_unknown_values_name_what_to_look_at() -> None:
    found = node("!Ref P", "Parameters: {P: {Type: String}}\n")
    assert found == Node(Unknown("parameter without a value", "P"))


# --- bounds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "meant"),
    [
        ("!Sub '${Long}${Long}'", "?template too large when evaluated"),
        ("!Ref Many", "?template too large when evaluated"),
        ("!Split [',', !Join [',', [a, b, c, d, e]]]", "?too many pieces"),
        ("!FindInMap [M, a, b]", "?template too large when evaluated"),
        ("!FindInMap [M, !Ref AWS::Region, b]", "?template too large when evaluated"),
        ("!Sub '${A}${B}'", "?too many branches"),
        ("!Sub 'x'", "x"),
    ],
)
def test_what_functions_make_is_bounded(expression: str, meant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("srmcheck.loaders.cloudformation.load.Context", partial(Context, left=1000))
    head = """\
Parameters:
  Long: {Type: String, Default: "%s"}
  Many: {Type: CommaDelimitedList, Default: "a,b,c,d"}
  A: {Type: String, AllowedValues: [a, b, c]}
  B: {Type: String, AllowedValues: [a, b, c]}
Mappings: {M: {a: {b: [1, 2, 3, 4]}}}
""" % ("x" * 600)
    assert value(expression, head) == meant


def test_long_lists_and_texts_are_bounded() -> None:
    head = f"Parameters: {{P: {{Type: CommaDelimitedList, Default: '{',' * 10_001}'}}, S: {{Type: String, Default: '{',' * 10_001}'}}}}\n"
    assert value("!Ref P", head) == "?list too long"
    assert value("!Split [',', !Ref S]", head) == "?too many pieces"


def test_evaluation_that_recurses_too_deep_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def recurse(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("srmcheck.loaders.cloudformation.evaluate.Evaluator.entries", recurse)
    template = load("Resources: {X: {Type: A::B, Properties: {V: 1}}}")
    assert shown(template.resources[0].body) == {"*": "?nested too deeply"}
    assert summaries(template) == [("error", "Resource too complex", 1)]
