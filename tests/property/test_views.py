"""Any tree of values can be viewed, in every world that its read paths hang on, and nothing known is invented."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from srmcheck.conditions import Const, Opaque, Variable, equals, negate, worlds
from srmcheck.graph.leaves import conditions_on
from srmcheck.graph.reads import reads_of
from srmcheck.graph.view import View
from srmcheck.policy.model import parse_path
from srmcheck.values import ABSENT, Choice, Json, Node, Place, Reference, Spread, Text, Unknown

KEYS = ["A", "B", "C", "Statement"]
PATHS = [
    "A",
    "A.B",
    "A[]",
    "A[].B",
    "B.C",
    "B[].C[]",
    "C.**",
    "Statement[].A",
    "A.B[].C",
    "B.**",
    "A[][]",
]
ATOMS = [Opaque("x"), Opaque("y"), equals(Variable("v", ("1", "2")), "1")]

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "a", "⟦", "*"]),
    st.just(ABSENT),
    st.just(Unknown("later", "var.x")),
    st.just(Reference("r#1", "Arn")),
    st.just(Text(("a", Reference("r", "Arn")))),
    st.just(Text(("a", Unknown("later")))),
)


def node(value: Any) -> Node:
    return Node(value, Place("r"))


def trees() -> st.SearchStrategy[Node]:
    def grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        guarded = st.tuples(st.sampled_from(ATOMS), inner, inner)
        lists = st.lists(st.one_of(inner, inner.map(lambda one: node(Spread(one)))), max_size=3)
        return st.one_of(
            st.dictionaries(st.sampled_from([*KEYS, "*"]), inner, max_size=3).map(node),
            lists.map(node),
            guarded.map(lambda parts: node(Choice(((parts[0], parts[1]), (negate(parts[0]), parts[2]))))),
            inner.map(lambda one: node(Json(one))),
        )

    return st.recursive(SCALARS.map(node), grow, max_leaves=14)


@settings(max_examples=400)
@given(st.dictionaries(st.sampled_from(KEYS), trees(), max_size=4), st.sets(st.sampled_from(PATHS), min_size=1))
def test_views_of_anything(properties: dict[str, Node], paths: set[str]) -> None:
    root = node(properties)
    reads = [parse_path(path) for path in sorted(paths)]
    conditions = {
        condition: None for path in reads for condition in conditions_on(root, path) if not isinstance(condition, Const)
    }
    for world in worlds(list(conditions)):
        view = View(root, reads_of(reads), world, trace=True)
        orjson.loads(orjson.dumps(view.properties))
        assert view.nodes is not None
        for path, unknown in view.unknown.items():
            assert isinstance(unknown, Unknown)
            assert path
        assert not any(
            _at(view.properties, path) is None for path in view.nodes if path not in view.unknown and _known(path, view)
        )


def _known(path: tuple[Any, ...], view: View) -> bool:
    return not any(path[: len(above)] == above for above in view.unknown) and isinstance(
        view.nodes[path].value if view.nodes else None, (bool, int, str)
    )


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def test_unknown_elements_leave_their_list_and_objects_stay() -> None:
    scalars = node({"A": node([node("x"), node(Unknown("later")), node("y")])})
    view = View(scalars, reads_of([parse_path("A[]")]), worlds([])[0])
    assert view.properties == {"A": ["x", "y"]}
    assert list(view.unknown) == [("A", 2)]
    objects = node({"A": node([node(Unknown("later")), node({"B": node(1)})])})
    view = View(objects, reads_of([parse_path("A[].B")]), worlds([])[0])
    assert view.properties == {"A": [{}, {"B": 1}]}
    assert list(view.unknown) == [("A", 0, "B")]


def test_a_read_path_that_ends_at_a_container_says_that_it_is_there() -> None:
    root = node({"A": node({"B": node(1)}), "B": node([node({"C": node(2)})])})
    view = View(root, reads_of([("A",), ("B",)]), worlds([])[0])
    assert view.properties == {"A": {}, "B": []}


def test_what_is_not_written_beside_a_transform_is_unknown() -> None:
    root = node({"A": node(1), "*": node(Unknown("added by a transform"))})
    view = View(root, reads_of([("A",), ("B",)]), worlds([])[0])
    assert view.properties == {"A": 1}
    assert list(view.unknown) == [("*",)]


def test_integral_numbers_are_integers() -> None:
    root = node({"A": node(443.0), "B": node(1.5)})
    view = View(root, reads_of([("A",), ("B",)]), worlds([])[0])
    assert orjson.dumps(view.properties) == b'{"A":443,"B":1.5}'
