"""When entries come round, and what a look at the clock finds: laws over every calendar and every course of looks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.holidays import book
from bot.scrm.calendar import Calendar, Entry, Every, OnDay, OnHolidays, Slot
from bot.scrm.period import Period
from bot.scrm.slots import SlotState, falls_on, instant, look, look_from, slots
from bot.scrm.week import local_time

DAYS = book((2026, 2027))
SHANGHAI, NEW_YORK, HOWE = "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"
DAY, HOUR, MINUTE = 86_400, 3600, 60
BEGIN = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp())

WORDS = st.sampled_from(["每天", "工作日", "休息日", "周一", "周二", "周六", "每月1日", "每月31日", "每月末日"])
WHEN = st.lists(WORDS, min_size=1, max_size=3).map(lambda words: Every(tuple(words))) | st.builds(
    OnDay, st.sampled_from(["国庆", "中秋", "冬至", "春节", "2026-10-05", "没有这天"]), st.integers(-3, 3)
)
ENTRIES = st.builds(
    partial(Entry, touchpoint="群", pick=("科普",)),
    id=st.just(""),
    when=WHEN,
    minute=st.integers(0, 1439),
    by_seconds=st.integers(1, 18 * 60).map(lambda minutes: minutes * MINUTE),
    holidays=st.sampled_from(["照常", "跳过", "顺延"]),
    draft=st.sampled_from([False, False, False, True]),
)
AT = st.integers(0, 180 * DAY).map(lambda seconds: BEGIN + seconds)


@st.composite
def calendars(draw: st.DrawFn) -> list[Calendar]:
    made = []
    for name in draw(st.sampled_from([["a"], ["a", "b"]])):
        rows = draw(st.lists(ENTRIES, min_size=1, max_size=4))
        begin = draw(st.none() | AT)
        period = Period(begin, draw(st.none() | st.just((begin or BEGIN) + 90 * DAY)))
        entries = tuple(replace(row, id=f"e{i}") for i, row in enumerate(rows))
        made.append(Calendar(id=name, title="历", valid=period, entries=entries))
    return made


@given(calendars(), st.lists(AT, min_size=2, max_size=5, unique=True), st.sampled_from([SHANGHAI, NEW_YORK, HOWE]))
@settings(max_examples=60, deadline=None)
def test_cutting_the_time_anywhere_changes_nothing(plans: list[Calendar], cuts: list[int], zone: str) -> None:
    """Each slot once, none between the pieces, in the order of time; an entry once a day at most."""
    cuts = sorted(cuts)
    whole = slots(plans, DAYS, cuts[0], cuts[-1], zone)
    pieces = [slots(plans, DAYS, begin, end, zone) for begin, end in pairwise(cuts)]
    assert [slot for piece in pieces for slot in piece] == whole
    assert whole == sorted(whole) and len({slot.key for slot in whole}) == len(whole)
    daily = Counter((slot.calendar, slot.entry, local_time(slot.at, zone).date()) for slot in whole)
    assert all(count == 1 for count in daily.values())
    for slot in whole:
        [calendar] = [plan for plan in plans if plan.id == slot.calendar]
        [entry] = [entry for entry in calendar.entries if entry.id == slot.entry]
        assert cuts[0] <= slot.at < cuts[-1] and calendar.valid.holds(slot.at)
        assert slot.by_at - slot.at == entry.by_seconds and not entry.draft


def days_of(when: Every | OnDay, holidays: OnHolidays, first: str, last: str) -> list[str]:
    """The days between two on which an entry comes round."""
    entry = Entry(id="e", touchpoint="群", when=when, minute=600, pick=("科普",), holidays=holidays)
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (date.fromordinal(n) for n in range(begin.toordinal(), end.toordinal() + 1))
    return [f"{day:%m-%d}" for day in days if falls_on(entry, DAYS, day)]


@pytest.mark.parametrize(
    ("words", "holidays", "expected"),
    [
        ("每天", "跳过", ["09-28", "09-29", "09-30", "10-08", "10-09", "10-10", "10-11"]),
        ("工作日", "照常", ["09-28", "09-29", "09-30", "10-08", "10-09", "10-10"]),
        ("周四", "照常", ["10-01", "10-08"]),
        ("周四", "跳过", ["10-08"]),
        ("周五", "顺延", ["09-28", "10-08", "10-09"]),
        ("周六 周日", "顺延", ["09-28", "10-08", "10-10", "10-11"]),
        ("每月末日", "照常", ["09-30"]),
        ("每月1日", "顺延", ["10-08"]),
        ("休息日", "照常", ["10-01", "10-02", "10-03", "10-04", "10-05", "10-06", "10-07", "10-11"]),
    ],
)
def test_holidays_are_kept_as_staff_wrote(words: str, holidays: OnHolidays, expected: list[str]) -> None:
    """Around 国庆 2026, 10-10 being a worked Saturday. Put off means to the first workday, as 中秋 to 09-28."""
    assert days_of(Every(tuple(words.split())), holidays, "2026-09-28", "2026-10-11") == expected


def test_named_days() -> None:
    """A festival, days before it, and a date."""
    assert days_of(OnDay("冬至"), "照常", "2026-12-01", "2026-12-31") == ["12-22"]
    assert days_of(OnDay("春节", -3), "照常", "2027-01-20", "2027-02-20") == ["02-03"]
    assert days_of(OnDay("2026-10-01"), "顺延", "2026-09-20", "2026-10-20") == ["10-08"]
    assert days_of(OnDay("没有这天"), "照常", "2026-01-01", "2027-12-31") == []


def test_a_minute_that_the_clocks_skip_or_repeat_comes_once() -> None:
    """New York, 2026: 2:30 on March 8th does not exist, 1:30 on November 1st is there twice."""
    skipped, twice = date(2026, 3, 8), date(2026, 11, 1)
    assert f"{local_time(instant(skipped, 150, NEW_YORK), NEW_YORK):%d %H:%M}" == "08 03:30"
    assert instant(twice, 90, NEW_YORK) == int(datetime(2026, 11, 1, 5, 30, tzinfo=UTC).timestamp())
    entry = Entry(id="e", touchpoint="群", when=Every(("每天",)), minute=90, pick=("科普",))
    plan = Calendar(id="a", title="历", entries=(entry,))
    noon = int(datetime(2026, 10, 31, 16, tzinfo=UTC).timestamp())
    assert len(slots([plan], DAYS, noon, noon + 2 * DAY, NEW_YORK)) == 2


class Memory:
    """What the database would remember, and what was told."""

    def __init__(self) -> None:
        self.known: dict[Slot, SlotState] = {}
        self.looked_at: int | None = None
        self.told: list[Slot] = []

    def looks(self, plans: list[Calendar], now: int, since: int | None = None) -> None:
        """One look. `since`: what a second scheduler believes the last look to have been."""
        looked_at = since if since is not None else now if self.looked_at is None else self.looked_at
        planned = slots(plans, DAYS, look_from(plans, looked_at, now), now + 1, SHANGHAI)
        for found in look(planned, self.known, looked_at, now, SHANGHAI):
            self.known = {slot: state for slot, state in self.known.items() if slot.key != found.slot.key}
            self.known[found.slot] = found.state
            if found.state == "due":
                self.told.append(found.slot)
            else:
                assert found.because
        self.looked_at = now


STEPS = st.lists(
    st.tuples(st.integers(-6 * HOUR, 40 * HOUR), st.booleans(), st.integers(0, 2)), min_size=2, max_size=12
)


@given(calendars(), AT, STEPS, st.lists(calendars(), min_size=2, max_size=2))
@settings(max_examples=60, deadline=None)
def test_however_we_look_each_slot_is_told_once_and_in_time(
    plans: list[Calendar], start: int, steps: list[tuple[int, bool, int]], editions: list[list[Calendar]]
) -> None:
    """Late, after jumps of the clock forth and back, from two schedulers, under changing editions."""
    memory, now = Memory(), start
    memory.looks(plans, now)
    for wait, twice, edition in steps:
        stale, now = memory.looked_at, now + wait
        current = [plans, *editions][edition]
        before = len(memory.told)
        memory.looks(current, now)
        if twice:
            memory.looks(current, now, since=stale)
        assert all(slot.at <= now <= slot.by_at for slot in memory.told[before:])
    assert len({slot.key for slot in memory.told}) == len(memory.told)
    daily = Counter((s.calendar, s.entry, local_time(s.at, SHANGHAI).date()) for s in memory.told)
    assert all(count == 1 for count in daily.values())


@given(calendars(), AT, st.lists(st.integers(1, 40 * HOUR), min_size=1, max_size=10))
@settings(max_examples=60, deadline=None)
def test_none_is_lost(plans: list[Calendar], start: int, waits: list[int]) -> None:
    """Under one edition every slot since the first look is told, or has lapsed, which is when we looked too late."""
    memory, now = Memory(), start
    memory.looks(plans, now)
    looks = [now]
    for wait in waits:
        now += wait
        looks.append(now)
        memory.looks(plans, now)
    states = {slot.key: state for slot, state in memory.known.items()}
    for slot in slots(plans, DAYS, start + 1, now + 1, SHANGHAI):
        seen_at = min(at for at in looks if at >= slot.at)
        assert states[slot.key] == ("due" if seen_at <= slot.by_at else "lapsed")


def daily(minute: int, by_seconds: int = 2 * HOUR) -> list[Calendar]:
    entry = Entry(id="e", touchpoint="群", when=Every(("每天",)), minute=minute, by_seconds=by_seconds, pick=("科普",))
    return [Calendar(id="a", title="历", entries=(entry,))]


TEN = instant(date(2026, 12, 1), 600, SHANGHAI)


def test_an_entry_that_is_moved_is_not_due_twice_a_day() -> None:
    """It went at ten; moved to three it goes tomorrow, and says why not today."""
    memory = Memory()
    for at in (TEN - HOUR, TEN + MINUTE):
        memory.looks(daily(600), at)
    memory.looks(daily(900), TEN + 5 * HOUR)
    assert [slot.at for slot in memory.told] == [TEN]
    assert [state for state in memory.known.values()] == ["due", "lapsed"]
    memory.looks(daily(900), TEN + 29 * HOUR)
    assert [slot.at for slot in memory.told] == [TEN, TEN + 29 * HOUR]


def test_an_entry_that_was_missed_goes_once_it_is_moved_or_given_more_time() -> None:
    """Nothing went out, so nothing goes twice."""
    for plan in (daily(840), daily(600, 6 * HOUR)):
        memory = Memory()
        memory.looks(daily(600), TEN - HOUR)
        memory.looks(daily(600), TEN + 3 * HOUR)
        assert (memory.told, list(memory.known.values())) == ([], ["lapsed"])
        memory.looks(plan, TEN + 5 * HOUR)
        assert len(memory.told) == 1


def test_what_is_written_in_afterwards_goes_while_it_can_and_is_no_loss_when_it_cannot() -> None:
    """Ten o'clock, written at eleven and at one."""
    memory = Memory()
    memory.looks([], TEN + HOUR - 1)
    memory.looks(daily(600), TEN + HOUR)
    assert [slot.at for slot in memory.told] == [TEN]
    memory = Memory()
    memory.looks([], TEN + 3 * HOUR - 1)
    memory.looks(daily(600), TEN + 3 * HOUR)
    assert memory.known == {}


def test_a_clock_that_was_wrong_costs_nothing_once_it_is_right() -> None:
    """It ran a day ahead: what lapsed by that comes in its time."""
    memory = Memory()
    memory.looks(daily(600), TEN - HOUR)
    memory.looks(daily(600), TEN + 20 * HOUR)
    assert memory.told == []
    memory.looks(daily(600), TEN - HOUR)
    memory.looks(daily(600), TEN)
    assert [slot.at for slot in memory.told] == [TEN]
