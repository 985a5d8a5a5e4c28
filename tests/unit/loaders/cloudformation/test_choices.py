"""What is told of conditions without trying all values."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from srmcheck.conditions import FALSE, TRUE, All, AnyOf, Condition, Equals, Named, Not, Opaque, Variable, World
from srmcheck.loaders.cloudformation.choices import is_impossible

FREE = Variable("F")
BOUND = Variable("B", ("a", "b"))


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        (TRUE, False),
        (FALSE, True),
        (All((Equals(FREE, "a"), Equals(FREE, "b"))), True),
        (All((Equals(FREE, "a"), Not(Equals(FREE, "b")))), False),
        (All((Equals(FREE, "a"), Not(Named("N", Equals(FREE, "a"))))), True),
        (All((Not(Equals(BOUND, "a")), Not(Equals(BOUND, "b")))), True),
        (Not(AnyOf((Equals(BOUND, "a"), Equals(BOUND, "b")))), True),
        (All((Not(Equals(FREE, "a")), Not(Equals(FREE, "b")))), False),
        (All((Equals(FREE, "c"), AnyOf((Equals(FREE, "a"), Equals(FREE, "b"))))), True),
        (All((Not(Equals(BOUND, "a")), Not(Equals(BOUND, "b")))), True),
        (All((Not(Equals(BOUND, "a")), Not(All((Equals(BOUND, "b"), Opaque("x")))), Opaque("x"))), True),
        (All((Opaque("x"), Named("N", Not(Opaque("x"))))), True),
        (Equals(FREE, BOUND), False),
    ],
)
def test_a_contradiction(condition: Condition, meant: bool) -> None:
    assert is_impossible(condition) is meant


ATOMS = st.sampled_from(
    [Equals(FREE, "a"), Equals(FREE, "b"), Equals(BOUND, "a"), Equals(BOUND, "b"), Opaque("x"), TRUE, FALSE]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(Not),
        inner.map(lambda made: Named("N", made)),
        st.lists(inner, min_size=1, max_size=3).map(lambda made: All(tuple(made))),
        st.lists(inner, min_size=1, max_size=3).map(lambda made: AnyOf(tuple(made))),
    ),
    max_leaves=8,
)


@given(CONDITIONS)
def test_what_is_impossible_holds_in_no_world(condition: Condition) -> None:
    worlds = [World({"F": f, "B": b, "x": x}) for f, b, x in itertools.product("abc", "ab", (True, False))]
    if is_impossible(condition):
        assert not any(world.truth(condition) for world in worlds)
