"""Of several rules that hold one speaks, and everybody can see which and why."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.period import Period
from bot.scrm.rules.condition import ALWAYS, Compare, Condition, Const, Fact, Truth
from bot.scrm.rules.rule import STRICTEST_FIRST, Rule
from bot.scrm.rules.verdict import Verdict, erred, verdict
from bot.scrm.rules.vocabulary import VOCABULARY, WRITTEN, is_about_people, scope_of

KIND = Fact("kind")
SELLING = Condition(Compare("==", KIND, Const("导购")), "kind == '导购'")


def rule(id_: str, then: Any = "跳过", condition: Condition = SELLING, **more: Any) -> Rule:
    return Rule(id=id_, then=then, because=f"因为 {id_}", condition=condition, about_people=False, **more)


def test_nothing_in_the_way_means_go() -> None:
    assert verdict([rule("no-selling")], {KIND: "科普"}, now=0) == Verdict()
    assert verdict([], {}, now=0) == Verdict()


def test_priority_comes_first_then_the_strictest_then_the_order_of_the_files() -> None:
    rules = [rule("swap", "换类"), rule("first", "审批"), rule("second", "审批"), rule("loud", "放行", priority=60)]
    found = verdict(rules, {KIND: "导购"}, now=0)
    assert (found.then, found.rule) == ("放行", rules[3])
    assert [r.id for r in found.held] == ["loud", "first", "second", "swap"]


@given(st.lists(st.tuples(st.sampled_from(STRICTEST_FIRST), st.integers(0, 2)), max_size=6), st.randoms())
def test_the_order_of_the_files_never_changes_what_happens(rows: list[Any], dice: random.Random) -> None:
    rules = [rule(f"r{i}", then, priority=priority) for i, (then, priority) in enumerate(rows)]
    shuffled = dice.sample(rules, len(rules))
    assert verdict(rules, {KIND: "导购"}, now=0).then == verdict(shuffled, {KIND: "导购"}, now=0).then


def test_rules_have_their_time_and_can_be_off() -> None:
    rules = [rule("past", valid=Period(None, 100)), rule("off", off=True), rule("now", "推迟", valid=Period(100, 200))]
    assert verdict(rules, {KIND: "导购"}, now=99).held == (rules[0],)
    assert verdict(rules, {KIND: "导购"}, now=100).held == (rules[2],)
    assert verdict(rules, {KIND: "导购"}, now=200) == Verdict()


@pytest.mark.parametrize("then", STRICTEST_FIRST)
def test_a_rule_that_cannot_be_asked_holds_the_message_back_and_is_named(then: Any) -> None:
    broken = rule("broken", then, Condition(Truth(KIND)), source="r.yaml:8")
    found = verdict([broken, rule("swap", "换类")], {KIND: "导购"}, now=0)
    assert (found.then, found.rule, found.failed) == ("推迟", broken, (broken,))
    assert erred(broken) == "规则 broken 出错，先不发：它要的数据类型不对，请检查 r.yaml:8"
    assert [r.id for r in found.held] == ["broken", "swap"]


def test_what_is_louder_than_a_broken_rule_is_heard() -> None:
    """Whatever the broken one would have said, it would not have spoken."""
    broken = rule("broken", condition=Condition(Truth(KIND)))
    found = verdict([broken, rule("loud", "换类", priority=60)], {KIND: "导购"}, now=0)
    assert (found.then, found.failed) == ("换类", (broken,))


def test_every_fact_has_one_name_a_scope_and_a_meaning_in_chinese() -> None:
    facts = [word.fact for word in VOCABULARY.values()]
    assert len(set(facts)) == len(facts)
    assert all(any("一" <= letter <= "鿿" for letter in word.means) for word in VOCABULARY.values())
    assert set(VOCABULARY) - set(WRITTEN) == {"item", "guide", "group"}


def test_counts_are_about_people_whatever_they_count() -> None:
    """Also those that gates make, which have no name in files."""
    assert scope_of(Fact("sent", 3 * 86_400, "私聊")) == scope_of(Fact("something-new")) == "个人"
    assert not is_about_people(SELLING)
    assert not is_about_people(ALWAYS)
    assert is_about_people(Condition(Compare(">", Fact("points", 86_400), Const(3))))
