"""A set asked in SQL and people asked one by one: the same answer, whatever the condition, on both databases."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, Connection, Double, MetaData, Table, Text, select

from bot.scrm.rules.condition import (
    And,
    Compare,
    Condition,
    ConditionError,
    Const,
    Fact,
    Has,
    Node,
    Not,
    Or,
    Truth,
    Value,
)
from bot.scrm.rules.rule import STRICTEST_FIRST, Rule
from bot.scrm.rules.verdict import ranked, verdict
from bot.store.condition_sql import person_tags, predicate, speaking, tag_of
from bot.store.database import Database
from tests.fake_conditions import (
    CHANNEL,
    FACTS,
    GROUP,
    HOURS,
    KIND,
    LOST,
    NAMES,
    ORDERS,
    PATHS,
    SELLS,
    TAGS,
    WORDS,
    WORKDAY,
    trees,
)

TYPES: dict[Fact, Any] = {ORDERS: BigInteger, HOURS: BigInteger, SELLS: BigInteger, LOST: Double, WORKDAY: Boolean}
SAMPLE = Table(
    "sample",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    *(Column(f"{fact.name}", TYPES.get(fact, Text)) for fact in FACTS if fact != TAGS),
    prefixes=["TEMPORARY"],
)
ASKED = {fact: SAMPLE.c[fact.name] for fact in FACTS if fact != TAGS}
HAS_TAG = tag_of(SAMPLE.c.id)
PEOPLE, CONDITIONS = 120, 90


def somebody(dice: random.Random) -> dict[Fact, Value]:
    """A row, each fact unknown one time in six."""
    drawn: dict[Fact, Value] = {fact: dice.randint(-2, 4) for fact in (ORDERS, HOURS, SELLS)}
    drawn |= {KIND: dice.choice(WORDS), CHANNEL: dice.choice(WORDS), GROUP: dice.choice(NAMES)}
    drawn |= {LOST: dice.choice((0.0, 0.5, 1.0, 2.5)), WORKDAY: dice.random() < 0.5}
    kept = {fact: value for fact, value in drawn.items() if dice.random() > 1 / 6}
    return kept | {TAGS: frozenset(path for path in PATHS if dice.random() < 0.4)}


def fill(conn: Connection, people: dict[int, dict[Fact, Value]]) -> None:
    SAMPLE.create(conn)
    rows = [{fact.name: values.get(fact) for fact in ASKED} | {"id": id_} for id_, values in people.items()]
    conn.execute(SAMPLE.insert(), rows)
    tagged = [
        {
            "userid": f"guide-{i}",
            "external_userid": f"wm-{id_}",
            "person_id": id_,
            "tag": tag,
            "source": "x",
            "set_at": 1,
        }
        for id_, values in people.items()
        for i, tag in enumerate(sorted(values[TAGS]))  # type: ignore[arg-type]
    ]
    conn.execute(person_tags.insert().values(source="survey", set_at=1), tagged)


def found(conn: Connection, condition: Condition, known: dict[Fact, Value]) -> set[int]:
    asked = {fact: column for fact, column in ASKED.items() if fact not in known}
    has_tag = None if TAGS in known else HAS_TAG
    where = predicate(condition, known=known, asked=asked, has_tag=has_tag)
    return set(conn.execute(select(SAMPLE.c.id).where(where)).scalars())


def hold_equal(conn: Connection) -> int:
    """Every condition drawn, for every person at once. Returns how many cases were compared."""
    dice = random.Random(7)
    people = {id_: somebody(dice) for id_ in range(PEOPLE)}
    fill(conn, people)
    cases = 0

    @settings(max_examples=CONDITIONS, deadline=None)
    @given(trees())
    def law(tree: Node) -> None:
        nonlocal cases
        condition = Condition(tree)
        assert found(conn, condition, {}) == {id_ for id_, values in people.items() if condition.holds(values)}
        # What is known of everybody beforehand changes nothing.
        known: dict[Fact, Value] = {KIND: "导购", ORDERS: 2, GROUP: "会员群-1"}
        same = {id_ for id_, values in people.items() if condition.holds({**values, **known})}
        assert found(conn, condition, known) == same
        cases += PEOPLE

    law()
    return cases


async def test_in_sql_and_one_by_one_the_answer_is_the_same(database: Database) -> None:
    assert await database.write(hold_equal) >= 10_000


def speak_equal(conn: Connection) -> int:
    """Rule sets drawn: the rule that speaks in SQL is the one of the verdict, for every person."""
    dice = random.Random(11)
    people = {id_: somebody(dice) for id_ in range(PEOPLE)}
    fill(conn, people)
    told = 0
    drawn = st.tuples(trees(), st.sampled_from(STRICTEST_FIRST), st.integers(0, 2), st.booleans())

    @settings(max_examples=30, deadline=None)
    @given(st.lists(drawn, max_size=4))
    def law(rows: list[Any]) -> None:
        nonlocal told
        rules = [
            Rule(id=f"r{i}", then=then, because="", condition=Condition(tree), about_people=True, priority=n, off=off)
            for i, (tree, then, n, off) in enumerate(rows)
        ]
        told_by = speaking(ranked(rules, 0), known={}, asked=ASKED, has_tag=HAS_TAG)
        in_sql = dict(conn.execute(select(SAMPLE.c.id, told_by)).all())  # type: ignore[arg-type]
        verdicts = {id_: verdict(rules, values, 0).rule for id_, values in people.items()}
        assert in_sql == {id_: rule.id if rule else None for id_, rule in verdicts.items()}
        told += sum(rule is not None for rule in verdicts.values())

    law()
    return told


async def test_in_sql_and_one_by_one_the_same_rule_speaks(database: Database) -> None:
    assert await database.write(speak_equal) > 0


def opposites(conn: Connection) -> list[set[int]]:
    fill(conn, {1: {ORDERS: 3, TAGS: frozenset()}, 2: {TAGS: frozenset(PATHS)}})
    more = Condition(Compare(">", ORDERS, Const(2)))
    none = Condition(Compare(">", Fact("no-such-fact"), Const(2)))
    tagged = Condition(Has(TAGS, PATHS[0]))
    asked = [more, Condition(Not(more.tree)), none, Condition(Not(none.tree)), tagged, Condition(Not(tagged.tree))]
    return [found(conn, condition, {}) for condition in asked]


async def test_unknown_is_neither_yes_nor_no_and_having_no_tag_is_known(database: Database) -> None:
    assert await database.write(opposites) == [{1}, set(), set(), set(), {2}, {1}]


def as_a_column(conn: Connection) -> list[Any]:
    fill(conn, {1: {ORDERS: 3, TAGS: frozenset()}, 2: {TAGS: frozenset(PATHS)}})
    answer = predicate(Condition(Compare(">", ORDERS, Const(2))), known={}, asked=ASKED)
    return list(conn.execute(select(answer).order_by(SAMPLE.c.id)).scalars())


async def test_the_answer_itself_is_never_null(database: Database) -> None:
    assert await database.read(partial(as_a_column)) == [True, False]


def test_a_known_value_of_another_kind_is_an_error() -> None:
    """As it is where one person is asked."""
    with pytest.raises(ConditionError):
        predicate(Condition(Truth(WORKDAY)), known={WORKDAY: "是"}, asked={})


def test_where_tags_cannot_be_asked_nothing_about_them_holds() -> None:
    """In a group, where everybody sees a post."""
    for tree in (Has(TAGS, PATHS[0]), Not(Has(TAGS, PATHS[0]))):
        assert str(predicate(Condition(tree), known={}, asked={})) == "false"


def test_what_is_known_of_everybody_is_decided_before_the_database_is_asked() -> None:
    tree = Compare("==", KIND, Const("导购"))
    assert str(predicate(Condition(tree), known={KIND: "导购"}, asked={})) == "true"
    assert str(predicate(Condition(tree), known={KIND: "科普"}, asked={})) == "false"


def test_a_part_that_holds_for_nobody_lets_no_other_be_asked() -> None:
    """However deep it lies: a costly column would be looked up for everybody, and for nothing."""
    never = Compare("==", KIND, Const("科普"))
    asks = Compare("<", LOST, Const(1.0))
    answer = partial(predicate, known={KIND: "导购"}, asked=ASKED)
    assert str(answer(Condition(And((And((never, asks)), asks))))) == "false"
    assert str(answer(Condition(And((asks, And((never,))))))) == "false"
    assert str(answer(Condition(Not(And((And((never,)), asks)))))) == f"{ASKED[LOST]} IS NOT NULL"
    assert " OR " not in str(answer(Condition(Or((Or((never,)), asks)))))
