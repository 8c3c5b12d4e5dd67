"""One customer and the days to come: what reaches them, and the changes that would let the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from random import Random

import pytest

from bot.scrm.gates import person
from bot.scrm.gates.addressed import ahead_of
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.changes import Approve, Change, Edit, Raise, WaitUntil
from bot.scrm.gates.decide import decide
from bot.scrm.gates.for_person import Coming, Whom, changes_for, coming
from bot.scrm.gates.people import Ahead
from bot.scrm.gates.reach import Reach
from bot.scrm.gates.situation import Situation
from bot.scrm.item import Variant
from bot.scrm.mix import state_under
from bot.scrm.rules.facts import PersonNow
from tests.scrm.gates import turning
from tests.scrm.gates.plain import EASY, entry, item
from tests.scrm.gates.plain import situation as plain
from tests.scrm.gates.worlds import DAY, NOON, person_rule, reach, situation

WORDS = (Variant(outlets=("私聊",), text="…"),)
SOMEBODY = Whom(person_id=7, person=PersonNow(userid="guide-lin", added_at=NOON - 90 * DAY))


def ahead(s: Situation) -> Foreseen:
    return Foreseen(s, decide(s))


def only(whom: Whom, s: Situation) -> Coming:
    (one,) = coming(whom, [ahead(s)])
    return one


def fixed_slot(dice: Random) -> Situation:
    """A slot of one item for the customers of one guide."""
    s = situation(dice)
    while not s.library:
        s = situation(dice)
    one = replace(dice.choice(list(s.library.values())), variants=WORDS)
    line = replace(s.entry, touchpoint="私聊", item=one.id, pick=())
    rules = (*s.rules, *(person_rule(dice, f"p{n}") for n in range(dice.randrange(3))))
    return replace(s, entry=line, library={one.id: one}, rules=rules)


def open_slot(dice: Random) -> Situation:
    """A slot for which the mix chooses among several items."""
    s = situation(dice)
    while len(s.library) < 2 or s.entry.item is not None:
        s = situation(dice)
    line = replace(s.entry, touchpoint="私聊")
    rules = (*s.rules, *(person_rule(dice, f"p{n}") for n in range(dice.randrange(3))))
    return replace(s, entry=line, library={i: replace(o, variants=WORDS) for i, o in s.library.items()}, rules=rules)


def changed(s: Situation, change: Change) -> Situation:
    """The same slot, had this been so, for whoever it is."""
    if isinstance(change, Raise) or (isinstance(change, Edit) and change.part == "care"):
        asked = Reach(person=SOMEBODY.person, ahead=coming_ahead(s))
        then = person.changed(asked, change).ahead
        return replace(s, care=then.care, quota=then.quota)
    return turning.changed(s, change)


def coming_ahead(s: Situation) -> Ahead:
    return ahead_of(s, next(iter(s.library.values())))


def after(s: Situation, changes: Iterable[Change]) -> Situation:
    return reduce(changed, changes, s)


@pytest.mark.parametrize("slots", [250, pytest.param(1_000, marks=pytest.mark.slow)])
def test_it_reaches_them_by_the_changes_and_by_no_fewer(slots: int) -> None:
    """Fixed one-to-one slots that did not reach somebody, whatever stood in the way: slot, item or person."""
    dice, turned, gates = Random(8), 0, Counter[str]()
    while turned < slots:
        s, whom = fixed_slot(dice), Whom(person_id=dice.randrange(10_000), person=reach(dice).person)
        one = only(whom, s)
        if one.reaches:
            continue
        gates.update(stop.gate for stop in one.stops)
        changes = changes_for(one)
        if changes is None:
            assert any(all(isinstance(way, WaitUntil) for way in stop.changes) for stop in one.stops), (
                "by waiting alone, longer than the day on which it has to leave"
            )
            continue
        turned += 1
        assert only(whom, after(s, changes)).reaches, (changes, s)
        for n in range(len(changes)):
            assert not only(whom, after(s, (*changes[:n], *changes[n + 1 :]))).reaches, (n, changes, s)
    assert set(gates) >= {"审批", "开关", "冲突", "人群", "退订", "疲劳", "先信任", "重复", "对照组", "个人规则"}


@pytest.mark.parametrize("slots", [120, pytest.param(400, marks=pytest.mark.slow)])
def test_of_several_items_the_one_is_named_that_takes_the_fewest_changes(slots: int) -> None:
    """Open slots: by the changes something of the slot reaches them, be it another item than the one that was
    chosen; and by no fewer."""
    dice, turned, others = Random(9), 0, 0
    while turned < slots:
        s, whom = open_slot(dice), Whom(person_id=dice.randrange(10_000), person=reach(dice).person)
        one = only(whom, s)
        changes = None if one.reaches or one.foreseen.decision.item is None else changes_for(one)
        if changes is None:
            continue
        turned += 1
        then = only(whom, after(s, changes))
        assert then.reaches, (changes, s)
        others += then.foreseen.decision.item.id != one.foreseen.decision.item.id  # type: ignore[union-attr]
        for n in range(len(changes)):
            assert not only(whom, after(s, (*changes[:n], *changes[n + 1 :]))).reaches, (n, changes, s)
    assert others > slots // 20


def test_what_they_refused_is_not_all_that_a_slot_has() -> None:
    """The mix wants words that wait for approval, and would send others meanwhile, which this customer refused."""
    wanted = item("wanted", "互动", topic="活动", variants=WORDS)
    refused = item("refused", "科普", topic="护肤知识", variants=WORDS)
    owed = state_under({"科普": 10, "活动": 0, "互动": 90, "导购": 0}, NOON)
    s = plain(wanted, refused, entry=entry(touchpoint="私聊"), approved=frozenset({refused.digest}), mix=owed)
    whom = replace(SOMEBODY, person=replace(SOMEBODY.person, refused=frozenset({"护肤知识"})))
    one = only(whom, s)
    assert one.foreseen.decision.item == refused and not one.reaches
    assert changes_for(one) == (Approve("wanted"),)


def test_what_reaches_them_counts_in_what_comes_after() -> None:
    """The same item a day later is a repetition; on another guide's customers nothing is said."""
    note = item("note", "科普", variants=WORDS)
    s = plain(note, entry=entry(touchpoint="私聊", item="note"))
    next_day = replace(s, now=NOON + DAY, slot=replace(s.slot, at=NOON + DAY, by_at=NOON + DAY + 7_200))
    others = replace(s, pool=replace(s.pool, id="guide-wu", userid="guide-wu"))
    first, second = coming(SOMEBODY, [ahead(s), ahead(others), ahead(next_day)])
    assert first.reaches and [stop.gate for stop in second.stops] == ["重复"]


def test_what_they_may_see_elsewhere_costs_them_points() -> None:
    """A post in a group of theirs uses up the budget; one in another group does not."""
    budget = replace(EASY.budget, weights={"私聊": 300, "群": 200}, most=4)
    care = replace(EASY, budget=budget)
    note, news = item("note", "科普", variants=WORDS), item("news", "活动")
    post = plain(news, care=care)
    later = NOON + 3_600
    s = plain(note, entry=entry(touchpoint="私聊", item="note"), care=care, now=later)
    s = replace(s, slot=replace(s.slot, at=later))
    inside = replace(SOMEBODY, groups=frozenset({"wr"}))
    (reached,) = coming(SOMEBODY, [ahead(post), ahead(s)])
    (stopped,) = coming(inside, [ahead(post), ahead(s)])
    assert reached.reaches and [stop.gate for stop in stopped.stops] == ["疲劳"]
