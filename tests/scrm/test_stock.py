"""What the library will lack, told on the first day, is what is lacking when the days come."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from bot.scrm.item import Item, Variant
from bot.scrm.kind import KINDS, Kind
from bot.scrm.mix import MixPlan, PoolRef, charged, choose, fixed, state_under
from bot.scrm.mix_report import Charge, charge, report
from bot.scrm.period import Period
from bot.scrm.pick_item import fitting, pick_item, rested
from bot.scrm.stock import ComingSlot, Gap, Shelf, decide, forecast

DAY = 86_400
MONDAY = 1_764_518_400
"""2025-12-01 00:00 in Shanghai."""
SHANGHAI = "Asia/Shanghai"
GROUP = PoolRef("群", "wr1", "会员群")
EVEN = dict(zip(KINDS, (40, 20, 30, 10), strict=True))


def item(id_: str, kind: Kind, **how: Any) -> Item:
    words = (Variant(outlets=("群",), text="…"),)
    return Item(id=id_, title=id_, kind=kind, topic="护肤知识", variants=words, digest="", **how)


def plenty(kinds: tuple[Kind, ...] = KINDS, each: int = 30) -> tuple[Item, ...]:
    return tuple(item(f"{kind}{n:02}", kind) for kind in kinds for n in range(each))


def evenings(days: int) -> list[ComingSlot]:
    return [ComingSlot(at=MONDAY + day * DAY + 70_500, outlet="群", pick=KINDS) for day in range(days)]


def test_a_full_library_lacks_nothing() -> None:
    """Four weeks."""
    assert forecast(GROUP, state_under(EVEN, MONDAY), Shelf(plenty(), {}), evenings(28), MONDAY, SHANGHAI) == ()


def test_what_is_lacking_is_said_by_week_group_kind_and_number() -> None:
    """Six 科普 last for two weeks; then they rest for sixty days."""
    items = (*plenty(("活动", "互动", "导购")), *plenty(("科普",), 6))
    gaps = forecast(GROUP, state_under(EVEN, MONDAY), Shelf(items, {}), evenings(28), MONDAY, SHANGHAI)
    assert [str(gap) for gap in gaps] == ["第 3 周 会员群 缺 3 条 科普", "第 4 周 会员群 缺 3 条 科普"]
    assert gaps[0].week_at == MONDAY + 14 * DAY


def test_an_item_that_ends_is_lacking_from_then_on() -> None:
    """A campaign's items end with it."""
    ends = tuple(item(f"d{n}", "导购", valid=Period(None, MONDAY + 7 * DAY)) for n in range(9))
    items = (*plenty(("科普", "活动", "互动")), *ends)
    gaps = forecast(GROUP, state_under(EVEN, MONDAY), Shelf(items, {}), evenings(28), MONDAY, SHANGHAI)
    assert {gap.kind for gap in gaps} == {"导购"} and min(gap.week for gap in gaps) > 1


def test_a_fixed_item_is_used_up_and_charged() -> None:
    """It rests afterwards; one that does not exist changes nothing."""
    shelf, state = Shelf(plenty(("科普",), 1), {}), state_under(EVEN, MONDAY)
    named = ComingSlot(at=MONDAY, outlet="群", item="科普00")
    _, kind, after = decide(state, shelf, named)
    assert (kind, after.sent_at) == ("科普", {"科普00": MONDAY})
    gaps = forecast(GROUP, state, shelf, [named, ComingSlot(at=MONDAY + 9, outlet="群", pick=("科普",))], 0, SHANGHAI)
    assert [(gap.kind, gap.count) for gap in gaps] == [("科普", 1)]
    choice, kind, after = decide(state, shelf, ComingSlot(at=MONDAY, outlet="群", item="gone"))
    assert (kind, charged(state, choice, kind), choice.missing) == (None, state, None)


@pytest.mark.parametrize("seed", range(4))
def test_the_forecast_is_what_the_run_then_shows(seed: int) -> None:
    """Day by day with items that begin, end and rest; counted from what the report names as missing."""
    dice = random.Random(seed)
    for _ in range(60):
        items = _library(dice)
        slots = _calendar(dice, items)
        state = state_under(_ratio(dice), MONDAY)
        said = forecast(GROUP, state, Shelf(items, {}), slots, MONDAY + 5, SHANGHAI)
        assert Counter({(g.week_at, g.kind): g.count for g in said}) == _missing_day_by_day(state, items, slots)


def test_who_writes_what_was_forecast_has_filled_the_gap() -> None:
    """All but a few in a hundred: what comes in time is sent in place of something else, and turns shift."""
    dice = random.Random(7)
    lacking = left = 0
    for _ in range(100):
        slots = [ComingSlot(at=MONDAY + n * DAY, outlet="群", pick=KINDS) for n in range(dice.randint(5, 56))]
        items, state = _library(dice), state_under(_ratio(dice), MONDAY)
        gaps = forecast(GROUP, state, Shelf(items, {}), slots, MONDAY, SHANGHAI)
        written = tuple(item(f"new-{g.week}-{g.kind}-{n}", g.kind) for g in gaps for n in range(g.count))
        lacking += len(written)
        more = Shelf((*items, *written), {})
        left += sum(gap.count for gap in forecast(GROUP, state, more, slots, MONDAY, SHANGHAI))
    assert left <= 0.05 * lacking


def _missing_day_by_day(state: Any, items: tuple[Item, ...], slots: list[ComingSlot]) -> Counter[tuple[int, Kind]]:
    """The pool as it goes: one slot after the other, and the report of it at the end."""
    sent_at: dict[str, int] = {}
    kept: list[Charge] = []
    by_id = {one.id: one for one in items}
    for slot in slots:
        deck = fitting(items, slot.outlet, slot.at)
        stock = {one.kind for one in deck if rested(one, sent_at, slot.at)}
        choice = fixed(state, by_id[slot.item].kind) if slot.item else choose(state, slot.pick, stock)
        taken = None
        if slot.item:
            taken = by_id[slot.item]
        elif choice.order:
            taken = pick_item([one for one in deck if one.kind == choice.order[0]], sent_at, slot.at)
        if taken:
            sent_at[taken.id] = slot.at
        kind = taken.kind if taken else None
        kept.append(charge(choice, kind, slot.at, "evening"))
        state = charged(state, choice, kind)
    plan = MixPlan(ratios={}, stages=(), window_seconds=400 * DAY)
    return Counter(report(GROUP, plan, state, kept, slots[-1].at, SHANGHAI).missing)


def _ratio(dice: random.Random) -> dict[Kind, int]:
    a, b, c = sorted(dice.randrange(101) for _ in range(3))
    return dict(zip(KINDS, (a, b - a, c - b, 100 - c), strict=True))


def _library(dice: random.Random) -> tuple[Item, ...]:
    return tuple(
        item(
            f"{kind}{n}",
            kind,
            valid=Period(
                MONDAY + dice.randint(-9, 30) * DAY if dice.random() < 0.3 else None,
                MONDAY + dice.randint(1, 60) * DAY if dice.random() < 0.3 else None,
            ),
            repeat_after_seconds=dice.choice((14, 30, 60)) * DAY,
        )
        for kind in KINDS
        for n in range(dice.choice((0, 1, 3, 12)))
    )


def _calendar(dice: random.Random, items: tuple[Item, ...]) -> list[ComingSlot]:
    """Open slots, narrow ones and fixed entries."""

    def slot(at: int) -> ComingSlot:
        kinds = dice.choice((KINDS, KINDS, tuple(dice.sample(KINDS, dice.randint(1, 3)))))
        if items and dice.random() < 0.1:
            return ComingSlot(at=at, outlet="群", item=dice.choice(items).id)
        return ComingSlot(at=at, outlet="群", pick=kinds)

    return [slot(MONDAY + n * DAY + 36_000) for n in range(dice.randint(5, 56))]


def test_a_gap_reads_as_staff_say_it() -> None:
    """With the group's name, or the guide's id."""
    assert str(Gap(PoolRef("私聊", "guide-lin"), 1, MONDAY, "互动", 2)) == "第 1 周 guide-lin 缺 2 条 互动"
