"""Worlds are consistent, complete and few."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from srmcheck.conditions import (
    FALSE,
    TRUE,
    AnyOf,
    Condition,
    Named,
    Not,
    Opaque,
    TooManyWorlds,
    Variable,
    World,
    conjoin,
    disjoin,
    equals,
    negate,
    some_worlds,
    worlds,
)

ENV = Variable("var.env")
STAGE = Variable("Stage", ("dev", "prod"))
OTHER = Variable("Other", ("prod", "test"))


def truths(*conditions: Condition) -> set[tuple[bool, ...]]:
    return {tuple(world.truth(condition) for condition in conditions) for world in worlds(conditions)}


def test_no_condition_is_one_world() -> None:
    assert len(worlds([])) == 1
    assert len(worlds([TRUE, FALSE])) == 1


def test_equalities_on_one_variable_exclude_each_other() -> None:
    assert truths(equals(ENV, "dev"), equals(ENV, "prod")) == {(True, False), (False, True), (False, False)}


def test_a_domain_that_is_used_up_leaves_no_other() -> None:
    assert truths(equals(STAGE, "dev"), equals(STAGE, "prod")) == {(True, False), (False, True)}


def test_a_literal_outside_the_domain_is_false() -> None:
    assert equals(STAGE, "lab") == FALSE
    assert equals(Variable("One", ("x",)), "x") == TRUE


def test_negation_of_a_named_condition_goes_with_it() -> None:
    public = Named("IsPublic", equals(ENV, "public"))
    private = Named("IsPrivate", Not(public))
    assert truths(public, private) == {(True, False), (False, True)}


def test_variables_compared_with_each_other() -> None:
    x, y = Variable("x"), Variable("y")
    assert truths(equals(x, y)) == {(True,), (False,)}
    assert truths(equals(x, "a"), equals(y, "a"), equals(x, y)) == {
        (True, True, True),
        (True, False, False),
        (False, True, False),
        (False, False, True),
        (False, False, False),
    }
    assert truths(equals(STAGE, OTHER)) == {(True,), (False,)}


def test_disjoint_domains_are_never_equal() -> None:
    assert equals(Variable("a", ("1",)), Variable("b", ("2",))) == FALSE


def test_more_worlds_than_allowed() -> None:
    many = [Opaque(f"c{number}") for number in range(5)]
    with pytest.raises(TooManyWorlds):
        worlds(many, most=16)
    assert len(worlds(many[:4], most=16)) == 16
    with pytest.raises(TooManyWorlds):
        worlds([Opaque(f"c{number}") for number in range(60)])


def test_some_of_too_many_worlds() -> None:
    many = [*(Opaque(f"c{number}") for number in range(30)), equals(Variable("stage", ("a", "b", "c")), "b")]
    found = [tuple(world.truth(one) for one in many) for world in some_worlds(many, 100)]
    assert len(set(found)) == len(found)
    for number in range(len(many)):
        assert {truths[number] for truths in found} == {True, False}
        assert any(truths[number] and sum(truths) == 1 for truths in found)
        assert any(not truths[number] and sum(truths) == len(many) - 1 for truths in found)
    assert [tuple(world.truth(one) for one in many) for world in some_worlds(many, 5)] == found[:5]
    assert len(some_worlds([])) == 1


def test_folding() -> None:
    a = Opaque("a")
    assert conjoin(a, TRUE, a) == a
    assert conjoin(a, FALSE) == FALSE
    assert conjoin(a, negate(a)) == FALSE
    assert disjoin(a, TRUE) == TRUE
    assert negate(negate(a)) == a


ATOMS = [equals(ENV, "a"), equals(ENV, "b"), equals(STAGE, "dev"), equals(STAGE, "prod"), Opaque("o")]
FORMULAS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: conjoin(*parts)),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=6,
)


@given(st.lists(FORMULAS, min_size=1, max_size=4))
def test_worlds_are_exactly_the_reachable_truths(conditions: list[Condition]) -> None:
    reachable = set()
    for env, stage, opaque in itertools.product(["a", "b", "z"], ["dev", "prod"], [True, False]):
        world = World({"var.env": env, "Stage": stage, "o": opaque})
        reachable.add(tuple(world.truth(condition) for condition in conditions))
    assert truths(*conditions) == reachable
