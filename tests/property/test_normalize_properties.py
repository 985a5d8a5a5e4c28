"""Normalization never raises on any tree that a loader can give, and says the same each time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from srmcheck.conditions import Opaque, conjoin, negate
from srmcheck.graph.resource import ResourceGraph
from srmcheck.normalize import normalize
from srmcheck.normalize.provider import Attribute, provider_schema
from srmcheck.normalize.tables import load_tables
from srmcheck.schema import Shape, load
from srmcheck.template import Format, SourceResource, Template
from srmcheck.values import (
    ABSENT,
    Choice,
    Json,
    Node,
    Place,
    Reference,
    Spread,
    Text,
    Unknown,
    walk,
)
from tests.unit.normalize.build import plain

PROVIDER = provider_schema()
TABLES = sorted(load_tables())
TYPES = sorted(load())
CONDITIONS = [Opaque("A"), Opaque("B"), negate(Opaque("A")), conjoin(Opaque("A"), Opaque("B"))]
ADDRESSES = [f"{name}.x" for name in TABLES] + ["data.aws_iam_policy_document.x", "aws_gone.x", "AWS::AccountId"]
ATTRIBUTES = ["id", "arn", "json", "bucket", "name", "policy", "vpc_id", "a.b.0", "", "Ref", "Arn", "x.0"]

references = st.builds(Reference, st.sampled_from(ADDRESSES), st.sampled_from(ATTRIBUTES))
unknowns = st.builds(
    Unknown,
    st.sampled_from(["known after apply", "variable without a value"]),
    st.none() | st.sampled_from(["var.x", "aws_vpc.x"]),
    st.lists(st.sampled_from(ADDRESSES), max_size=2).map(tuple),
    st.booleans(),
    st.none() | references,
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 40), 1 << 40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        [
            *("", "*", "true", "22", "x", "0.0.0.0/0", "::/0", "arn:aws:s3:::x/*", "arn:aws-cn:iam::1:role/x"),
            *('{"Statement": {"Action": "*"}}', '[{"name": "a"}]', "{", "ingress", "egress", "private"),
        ]
    )
    | st.text(max_size=4)
)
parts = st.lists(
    st.sampled_from(["a", '{"Statement": "', '"}', "arn:aws:s3:::"]) | references | unknowns, min_size=1, max_size=4
)
texts = parts.map(lambda found: Text(tuple(found)))


def choices(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def build(guard: Any, first: Any, second: Any) -> Choice:
        return Choice(((guard, Node(first)), (negate(guard), Node(second))))

    return st.builds(build, st.sampled_from(CONDITIONS), values | st.just(ABSENT), values | st.just(ABSENT))


def containers(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    nodes = values.map(Node)
    keys = st.sampled_from(
        ["Statement", "Effect", "Principal", "Condition", "a", "*", "Key", "Value", "sid", "actions"]
    )
    return (
        st.lists(nodes | values.map(lambda value: Node(Spread(Node(value)))), max_size=3)
        | st.dictionaries(keys, nodes, max_size=3)
        | choices(values)
        | nodes.map(Json)
    )


values = st.recursive(scalars | references | unknowns | texts | st.just(ABSENT), containers, max_leaves=8)


def body_of(attributes: Any, depth: int) -> st.SearchStrategy[Any]:
    """Bodies with the attributes of the provider's schema, mostly of their own shape."""
    fields = {name: value_of(attribute, depth) for name, attribute in attributes.items()}
    return st.lists(st.sampled_from(sorted(fields)), max_size=5, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: fields[name].map(Node) for name in names})
    )


def value_of(attribute: Attribute, depth: int) -> st.SearchStrategy[Any]:
    if not attribute.body or depth == 0:
        return values
    block = st.deferred(lambda: body_of(attribute.body, depth - 1))
    element = block | unknowns | choices(block)
    listed = st.lists(element.map(Node) | element.map(lambda value: Node(Spread(Node([Node(value)])))), max_size=2)
    return listed | block | choices(listed) | values


def shaped(shape: Shape, depth: int) -> st.SearchStrategy[Any]:
    """Values mostly of a shape of the schema."""
    if depth == 0:
        return values
    if shape.kind == "object" and shape.properties:
        names = sorted(shape.properties)
        return values | st.lists(st.sampled_from(names), max_size=4, unique=True).flatmap(
            lambda some: st.fixed_dictionaries(
                {name: shaped(shape.properties[name], depth - 1).map(Node) for name in some}
            )
        )
    if shape.kind == "list":
        return values | st.lists(shaped(shape.item, depth - 1).map(Node), max_size=2)
    return values


@st.composite
def terraform_templates(draw: st.DrawFn) -> Template:
    names = draw(st.lists(st.sampled_from(TABLES), min_size=1, max_size=5, unique=True))
    resources = []
    for name in names:
        body = draw(body_of(PROVIDER[name], 2) | values)
        address = f"{name}.x"
        stale = frozenset(body) if isinstance(body, dict) else frozenset()
        resources.append(
            SourceResource(
                address,
                name,
                Node(body, Place(address)),
                exists=draw(st.sampled_from([Opaque("E"), *CONDITIONS])),
                stale=stale,
                changes=draw(st.sampled_from(["", "create", "update", "no-op"])),
            )
        )
    document = draw(values)
    resources.append(
        SourceResource(
            "data.aws_iam_policy_document.x",
            "aws_iam_policy_document",
            Node({"statement": Node(document), "source_policy_documents": Node(draw(values))}),
            mode="data",
        )
    )
    format: Format = draw(st.sampled_from(["hcl", "plan", "state"]))
    return Template("t", "terraform", format, tuple(resources), before=tuple(resources[:1]))


@st.composite
def cloudformation_templates(draw: st.DrawFn) -> Template:
    names = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=4))
    resources = []
    for number, name in enumerate(names):
        kind = load().get(name)
        assert kind is not None
        resources.append(SourceResource(f"R{number}", name, Node(draw(shaped(kind.root, 3)), Place(f"R{number}"))))
    return Template("t", "cloudformation", "template", tuple(resources))


def check(template: Template) -> None:
    graph = normalize(template)
    addresses = {source.address for source in template.resources}
    for item in graph.resources:
        assert isinstance(item.properties.value, dict)
        assert item.address in addresses
        for node in walk(item.properties):
            assert not isinstance(node.value, Spread) or node.value.of is not None
    for edge in graph.edges:
        assert edge.source in addresses and edge.target in addresses
    assert summary(graph) == summary(normalize(template))


def summary(graph: ResourceGraph) -> list[Any]:
    return [(item.address, item.type, item.part, item.carries, plain(item.properties)) for item in graph.resources]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(terraform_templates())
def test_terraform_never_raises(template: Template) -> None:
    check(template)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(cloudformation_templates())
def test_cloudformation_never_raises(template: Template) -> None:
    check(template)


SECRET = "hunter2hunter2"


@st.composite
def with_secrets(draw: st.DrawFn) -> Template:
    """A template in which texts are replaced by a secret under a mark, on themselves or on what they stand in."""
    template = draw(terraform_templates() | cloudformation_templates())

    def planted(node: Node, marked: bool) -> Node:
        value = node.value
        mark = marked or draw(st.integers(0, 5)) == 0
        if isinstance(value, str) and mark:
            value = SECRET
        elif isinstance(value, dict):
            value = {key: planted(item, mark) for key, item in value.items()}
        elif isinstance(value, list):
            value = [planted(item, mark) for item in value]
        elif isinstance(value, Choice):
            value = Choice(tuple((guard, planted(branch, mark)) for guard, branch in value.branches))
        elif isinstance(value, Json):
            value = Json(planted(value.of, mark))
        elif isinstance(value, Spread):
            value = Spread(planted(value.of, mark))
        return Node(value, node.place, node.origin, mark and not marked)

    resources = tuple(replace(source, body=planted(source.body, False)) for source in template.resources)
    return replace(template, resources=resources)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(with_secrets())
def test_secret_marks_survive(template: Template) -> None:
    for item in normalize(template).resources:
        stack = [(item.properties, False)]
        while stack:
            node, marked = stack.pop()
            marked = marked or node.secret
            value = node.value
            if isinstance(value, (str, Text)):
                assert marked or SECRET not in str(value)
            elif isinstance(value, dict):
                stack.extend((inner, marked) for inner in value.values())
            elif isinstance(value, list):
                stack.extend((inner, marked) for inner in value)
            elif isinstance(value, Choice):
                stack.extend((branch, marked) for _, branch in value.branches)
            elif isinstance(value, (Json, Spread)):
                stack.append((value.of, marked))
