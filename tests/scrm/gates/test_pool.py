"""Gates of a slot and a pool."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bot.scrm.calendar import Live, Slot
from bot.scrm.gates.changes import Edit, MakeWay
from bot.scrm.gates.decide import decide, item_stops, slot_stops
from bot.scrm.gates.said import said
from bot.scrm.gates.situation import Rival, Situation
from bot.scrm.who import EVERYONE, Who
from tests.scrm.gates.plain import entry
from tests.scrm.gates.plain import situation as plain
from tests.scrm.gates.worlds import HOUR, NOON, item, situation


@pytest.mark.parametrize(
    ("who", "fits"),
    [
        (EVERYONE, True),
        (Who(groups=("会员群*",)), True),
        (Who(groups=("静安*",)), False),
        (Who(guides=("guide-lin",)), True),
        (Who(guides=("guide-wu",)), False),
        (Who(tags_any=("会员/付费会员",)), False),
        (Who(tags_none=("服务/售后中",)), False),
        (Who(channels=("parcel",)), False),
    ],
)
def test_what_is_for_some_is_not_shown_to_all(who: Who, fits: bool) -> None:
    """A group sees everything that is said in it, so what is for members only is not for it."""
    dice = Random(1)
    some = replace(item(dice, "i1", "群"), who=who)
    s = situation(dice)
    s = replace(s, entry=replace(s.entry, touchpoint="群", item="i1", pick=()), library={"i1": some})
    assert ("人群" in {stop.gate for stop in item_stops(s, some)}) != fits
    assert fits or not decide(s).goes


def test_nobody_is_told_to_write_a_key_that_the_line_has_not() -> None:
    """What announces a live room has neither a priority nor an end, a step of a sequence no priority."""
    rival = Rival(Slot(NOON, "c", "other", NOON + HOUR), 90)
    s = plain(entry=entry(), rivals=(rival,), now=NOON + 3 * HOUR)
    live = replace(s, entry=replace(s.entry, live=Live("护肤夜", "预告")))
    step = replace(s, slot=replace(s.slot, entry="week/d1"))

    def keys(each: Situation) -> set[str]:
        return {way.key for stop in slot_stops(each) for way in stop.changes if isinstance(way, Edit)}

    assert [keys(each) for each in (s, live, step)] == [{"by", "priority"}, set(), {"by"}]


def test_what_has_no_priority_of_its_own_goes_once_what_goes_first_makes_way() -> None:
    """What it yields to is named, with what to do about it; not what has gone already: nothing takes that back."""
    rivals = (Rival(Slot(NOON, "c", "other", NOON + HOUR), 90), Rival(Slot(NOON, "c", "big", NOON + HOUR), 80))
    s = plain(item(Random(1), "i1", "群"), entry=entry(item="i1"), rivals=rivals)
    s = replace(s, library={"i1": replace(s.library["i1"], draft=False)}, approved=frozenset(("di1",)))
    live = replace(s, entry=replace(s.entry, live=Live("护肤夜", "预告")))
    step = replace(s, slot=replace(s.slot, entry="week/d1"))
    for each in (live, step):
        stops = [stop for stop in slot_stops(each) if stop.gate == "冲突"]
        assert [stop.changes for stop in stops] == [(MakeWay("c/other"),), (MakeWay("c/big"),)]
        assert decide(each).outcome == "skipped", "it does not come later"
        gone = replace(each, rivals=(replace(rivals[0], gone=True),))
        [stop] = [stop for stop in slot_stops(gone) if stop.gate == "冲突"]
        assert stop.changes == () and "“other”已经发了" in stop.because
    assert said(MakeWay("c/other"), live) == (
        "停掉 c/other，或者和它隔开 30 分钟以上：现在是它先发，这一条让给它，过后不补"
    )
