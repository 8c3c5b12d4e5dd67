"""The smallest set of changes: applying it turns the decision, leaving any one out does not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import reduce
from random import Random

import pytest

from bot.scrm.gates import explain, person
from bot.scrm.gates.changes import Change, WaitUntil
from bot.scrm.gates.decide import decide, item_stops, slot_stops
from bot.scrm.gates.reach import Reach
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.smallest import smallest
from bot.scrm.kind import KINDS
from tests.scrm.gates import turning
from tests.scrm.gates.worlds import reach, situation, slot_rule

DECISIONS = (250, pytest.param(1_000, marks=pytest.mark.slow))


def person_changes(one: Reach) -> tuple[Change, ...] | None:
    """Of a person's own gates, whatever the slot; with those of the slot: test_for_person.py."""
    return smallest(lambda at: [person.person_stops(one, at)], one.ahead.at)


def without(changes: tuple[Change, ...], n: int) -> tuple[Change, ...]:
    return changes[:n] + changes[n + 1 :]


def turns_by_no_fewer(s: Situation, changes: tuple[Change, ...]) -> None:
    assert decide(reduce(turning.changed, changes, s)).goes, (changes, s)
    for n in range(len(changes)):
        assert not decide(reduce(turning.changed, without(changes, n), s)).goes, (n, changes, s)


def swapping(dice: Random) -> Situation:
    """Rules that want other kinds, and hold of many things: without one of them another may speak."""
    s = situation(dice)
    rules = (slot_rule(dice, f"r{n}") for n in range(4))
    return replace(s, rules=tuple(replace(r, then="换类", to=(dice.choice(KINDS),), by=None) for r in rules))


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))])
def test_it_is_no_fewer_where_without_one_rule_another_speaks(seed: int) -> None:
    """What another kind would be sent by is weighed against what would let the wanted one go."""
    dice, turned, freed = Random(seed), 0, 0
    while turned < 80:
        s = swapping(dice)
        changes = None if decide(s).goes else explain.slot_changes(s)
        if changes is None or any(getattr(c, "key", "") == "item" for c in changes):
            continue
        turned += 1
        turns_by_no_fewer(s, changes)
        freed += sum(getattr(c, "part", "") == "rule" for c in changes) > 0
    assert freed > 5


@pytest.mark.parametrize("decisions", DECISIONS)
def test_a_slot_turns_by_its_changes_and_by_no_fewer(decisions: int) -> None:
    """Slots that were held or skipped, and a few that nothing could have turned."""
    dice, turned, gates = Random(4), 0, Counter[str]()
    while turned < decisions:
        s = situation(dice)
        decision = decide(s)
        if decision.goes:
            continue
        gates.update(stop.gate for stop in decision.stops)
        changes = explain.slot_changes(s)
        if changes is None or any(getattr(c, "key", "") == "item" for c in changes):
            continue
        turned += 1
        turns_by_no_fewer(s, changes)
    assert set(gates) >= {
        "有效期",
        "审批",
        "审查",
        "开关",
        "平台额度",
        "免打扰",
        "规则",
        "冲突",
        "频次",
        "导购负担",
        "重复",
    }


@pytest.mark.parametrize("decisions", DECISIONS)
def test_a_person_gets_it_by_the_changes_and_by_no_fewer(decisions: int) -> None:
    """People who do not get it; only who refused it cannot be reached by any change."""
    dice, turned, gates = Random(5), 0, Counter[str]()
    while turned < decisions:
        one = reach(dice)
        stop = one.stop()
        if stop is None:
            continue
        gates.update(gate.name for gate in one.stops())
        changes = person_changes(one)
        if changes is None:
            assert any(not s.changes for s in person.person_stops(one))
            continue
        turned += 1
        assert reduce(person.changed, changes, one).stop() is None, (changes, one)
        for n in range(len(changes)):
            assert reduce(person.changed, without(changes, n), one).stop() is not None, (n, changes, one)
    assert set(gates) >= {"人群", "退订", "平台额度", "冷静期", "疲劳", "先信任", "重复", "对照组", "个人规则"}


@pytest.mark.parametrize("seed", range(20))
def test_what_a_customer_refused_has_no_change(seed: int) -> None:
    """No wait, no budget and no approval goes past an opt-out."""
    dice = Random(seed)
    one = reach(dice)
    while not one.person.refused & {one.ahead.item.topic, "全部"}:
        one = reach(dice)
    assert person_changes(one) is None


def test_every_gate_is_named_not_only_the_first() -> None:
    """Whoever asks why hears all of it."""
    dice = Random(6)
    many = [d for d in (decide(situation(dice)) for _ in range(500)) if len({stop.gate for stop in d.stops}) > 1]
    assert len(many) > 100


@pytest.mark.parametrize("slots", [15, pytest.param(50, marks=pytest.mark.slow)])
def test_a_held_slot_goes_when_it_is_asked_again_if_time_was_all_it_lacked(slots: int) -> None:
    """`retry_at` is when every shut gate has opened."""
    dice, seen = Random(7), 0
    while seen < slots:
        s = situation(dice)
        decision = decide(s)
        if decision.outcome != "held" or any(stop.until_at is None for stop in decision.stops):
            continue
        seen += 1
        assert decision.retry_at is not None and s.now < decision.retry_at <= s.slot.by_at
        later = turning.changed(s, WaitUntil(decision.retry_at))
        assert decision.item
        still = [(stop.gate, stop.because) for stop in (*slot_stops(later), *item_stops(later, decision.item))]
        assert not [stop for stop in decision.stops if (stop.gate, stop.because) in still]
