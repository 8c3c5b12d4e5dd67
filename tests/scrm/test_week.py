"""Hours and days hold when people expect them to."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scrm.week import ALWAYS, DAY_MINUTES, Hours, Window, clock_text, gaps

FRIDAY, SATURDAY, SUNDAY, MONDAY = 4, 5, 6, 0
minutes = st.integers(0, DAY_MINUTES // 30 - 1).map(lambda n: n * 30)
windows = st.builds(
    Window,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.builds(Hours, minutes, minutes.map(lambda m: m + 30)),
)
MOMENTS = [(day, minute) for day in range(7) for minute in range(0, DAY_MINUTES, 15)]


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    """周五 21:00 ~ 9:00 reaches into Saturday morning, and not into Friday's."""
    night = Window(frozenset((FRIDAY,)), Hours(21 * 60, 9 * 60))
    held = [(FRIDAY, 8 * 60), (FRIDAY, 21 * 60), (SATURDAY, 8 * 60 + 59), (SATURDAY, 9 * 60), (SATURDAY, 22 * 60)]
    assert [night.holds(*moment) for moment in held] == [False, True, True, False, False]


def test_sunday_night_reaches_into_monday() -> None:
    """The week is a ring."""
    assert Window(frozenset((SUNDAY,)), Hours(22 * 60, 60)).holds(MONDAY, 30)


@pytest.mark.parametrize(("minute", "held"), [(539, False), (540, True), (1079, True), (1080, False)])
def test_hours_hold_from_their_start_to_before_their_end(minute: int, held: bool) -> None:
    """9:00 ~ 18:00 includes 9:00 and excludes 18:00."""
    assert Window(hours=Hours(540, 1080)).holds(MONDAY, minute) is held


def test_equal_hours_are_the_whole_day_round() -> None:
    """9:00 ~ 9:00 leaves no gap."""
    assert list(gaps([Window(hours=Hours(540, 540))])) == []


def test_gaps_are_named_day_by_day() -> None:
    """Nobody receives on Sunday evening."""
    rows = [Window(frozenset(range(6))), Window(frozenset((SUNDAY,)), Hours(0, 18 * 60))]
    assert list(gaps(rows)) == [(SUNDAY, Hours(1080, 1440))]
    assert (clock_text(1080), clock_text(1440), clock_text(545)) == ("18:00", "24:00", "9:05")


@settings(deadline=None)
@given(st.lists(windows, max_size=4))
def test_gaps_are_exactly_what_nothing_covers(rows: list[Window]) -> None:
    """A moment lies in a gap if and only if no window holds."""
    found = list(gaps(rows))
    for day, minute in MOMENTS:
        in_gap = any(d == day and h.start <= minute < h.end for d, h in found)
        assert in_gap is not any(window.holds(day, minute) for window in rows)


@settings(deadline=None)
@given(windows, windows)
def test_includes_means_every_moment(outer: Window, inner: Window) -> None:
    """By brute force over the week."""
    assert outer.includes(inner) is all(outer.holds(*m) for m in MOMENTS if inner.holds(*m))
    assert ALWAYS.includes(inner)
