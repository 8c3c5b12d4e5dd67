"""A condition holds for somebody or not, and never by ignorance."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import pytest
from hypothesis import given

from bot.scrm.rules.condition import (
    ALWAYS,
    Among,
    And,
    Compare,
    Condition,
    ConditionError,
    Const,
    Fact,
    Has,
    Matches,
    Node,
    Not,
    Or,
    Truth,
    Value,
    all_of,
)
from tests.fake_conditions import NAMES, PATTERNS, rows, trees

OPS = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def plainly(node: Node, values: Mapping[Fact, Value]) -> Any:
    """What a tree means, read off naively: the compiled check must say the same."""
    match node:
        case And(parts):
            return all(plainly(part, values) for part in parts)
        case Or(parts):
            return any(plainly(part, values) for part in parts)
        case Not(part):
            return not plainly(part, values)
        case Compare(op, left, right):
            return OPS[op](plainly(left, values), plainly(right, values))  # type: ignore[arg-type]
        case Among(left, allowed):
            return plainly(left, values) in allowed  # type: ignore[arg-type]
        case Has(fact, value):
            return value in values[fact]  # type: ignore[operator]
        case Matches(fact, pattern):
            literal = pattern.replace("[", "[[]").replace("?", "[?]")
            return fnmatchcase(str(values[fact]), literal)
        case Truth(fact) | (Fact() as fact):
            return values[fact]
        case Const(value):
            return value
    raise AssertionError(node)


@given(trees(), rows())
def test_it_means_what_it_says_where_everything_is_known_and_never_holds_where_not(
    tree: Node, values: dict[Fact, Value]
) -> None:
    condition = Condition(tree)
    expected = not condition.unknown(values) and plainly(tree, values)
    assert condition.holds(values) is expected


@given(trees(), rows())
def test_it_and_its_negation_never_hold_both_and_neither_holds_of_the_unknown(
    tree: Node, values: dict[Fact, Value]
) -> None:
    condition, opposite = Condition(tree), Condition(Not(tree))
    known = not condition.unknown(values)
    assert condition.holds(values) + opposite.holds(values) == known


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        (Compare(">=", Fact("orders"), Const(3)), "3"),
        (Compare("==", Fact("kind"), Const("导购")), 3),
        (Compare("==", Fact("orders"), Const(1)), True),
        (Among(Fact("kind"), ("导购",)), 1),
        (Has(Fact("tags"), "肤质/干性"), "肤质/干性"),
        (Matches(Fact("group"), "会员群*"), 3),
        (Truth(Fact("is_workday")), 1),
    ],
)
def test_a_value_of_another_kind_is_an_error_and_no_silent_no(tree: Node, value: Value) -> None:
    condition = Condition(tree)
    (fact,) = condition.facts
    with pytest.raises(ConditionError):
        condition.holds({fact: value})


def test_two_facts_of_different_kinds_cannot_be_compared() -> None:
    one, other = Fact("a"), Fact("b")
    with pytest.raises(ConditionError):
        Condition(Compare("==", one, other)).holds({one: 1, other: "1"})


def test_all_of_joins_trees_and_words() -> None:
    one = Condition(Truth(Fact("is_workday")), "is_workday")
    other = Condition(Compare("<", Fact("hour"), Const(9)), "hour < 9")
    both = all_of(one, other)
    assert both.text == "(is_workday) && (hour < 9)"
    assert both.holds({Fact("is_workday"): True, Fact("hour"): 8})
    assert not both.holds({Fact("is_workday"): True, Fact("hour"): 9})
    assert all_of(one) == one
    assert ALWAYS.holds({})


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_star_stands_for_anything_and_nothing_else_does(pattern: str) -> None:
    fact = Fact("group")
    fits = {name for name in NAMES if Condition(Matches(fact, pattern)).holds({fact: name})}
    assert fits == {name for name in NAMES if plainly(Matches(fact, pattern), {fact: name})}
