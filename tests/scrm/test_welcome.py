"""The first welcome whose conditions all hold is chosen; the last fits always."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scrm.week import Hours, Window
from bot.scrm.welcome import Situation, Welcome, choose

NIGHT = Window(hours=Hours(21 * 60, 9 * 60))
WEEKEND = Window(frozenset((5, 6)))


def a_welcome(name: str, **conditions: object) -> Welcome:
    return replace(Welcome(id=name, text="你好", missed="你好"), **conditions)


WELCOMES = (
    a_welcome("back", customer="回头客"),
    a_welcome("parcel-night", channels=("parcel",), window=NIGHT),
    a_welcome("parcel", channels=("parcel", "friend")),
    a_welcome("wu-weekend", guides=("guide-wu",), window=WEEKEND),
    a_welcome("new", channels=("store",), customer="新客"),
    a_welcome("default"),
)
MONDAY_NOON = Situation(channel_id=None, userid="guide-lin", returning=False, weekday=0, minute=720)


@pytest.mark.parametrize(
    ("change", "chosen"),
    [
        ({}, "default"),
        ({"returning": True}, "back"),
        ({"returning": True, "channel_id": "parcel"}, "back"),
        ({"channel_id": "parcel"}, "parcel"),
        ({"channel_id": "friend"}, "parcel"),
        ({"channel_id": "parcel", "minute": 21 * 60}, "parcel-night"),
        ({"channel_id": "parcel", "minute": 0}, "parcel-night"),
        ({"channel_id": "parcel", "minute": 9 * 60}, "parcel"),
        ({"userid": "guide-wu"}, "default"),
        ({"userid": "guide-wu", "weekday": 6}, "wu-weekend"),
        ({"channel_id": "store"}, "new"),
        ({"channel_id": "gone"}, "default"),
    ],
)
def test_the_first_that_fits_is_chosen(change: dict[str, object], chosen: str) -> None:
    """Channel, guide, time of day, weekday, new or returning."""
    assert choose(WELCOMES, replace(MONDAY_NOON, **change)).id == chosen


def test_somebody_is_always_greeted() -> None:
    """Even a list whose last welcome has conditions falls back on it."""
    assert choose(WELCOMES[:1], MONDAY_NOON).id == "back"


ids = st.sampled_from(("a", "b"))
welcomes = st.builds(
    lambda channels, guides, customer, days, start, end: a_welcome(
        "w", channels=channels, guides=guides, customer=customer, window=Window(days, Hours(start, end))
    ),
    st.lists(ids, unique=True, max_size=2).map(tuple),
    st.lists(ids, unique=True, max_size=2).map(tuple),
    st.sampled_from((None, "新客", "回头客")),
    st.sampled_from((frozenset(range(7)), frozenset((5, 6)), frozenset((0,)))),
    st.sampled_from((0, 540, 1260)),
    st.sampled_from((540, 1260, 1440)),
)
SITUATIONS = [
    Situation(channel_id=c, userid=u, returning=r, weekday=d, minute=m)
    for c in (None, "a", "b", "x")
    for u in ("a", "b", "x")
    for r in (True, False)
    for d in (0, 1, 5, 6)
    for m in (0, 540, 1260)
]


@settings(deadline=None)
@given(welcomes, welcomes)
def test_a_covered_welcome_never_has_a_turn(above: Welcome, below: Welcome) -> None:
    """If `above` covers `below`, then nobody ever gets `below`."""
    if above.covers(below):
        assert all(above.fits(s) for s in SITUATIONS if below.fits(s))


def test_what_is_not_covered_is_not_called_so() -> None:
    """A narrower one above leaves room below."""
    assert not WELCOMES[1].covers(WELCOMES[2])
    assert not WELCOMES[4].covers(a_welcome("x", channels=("store",)))
    assert WELCOMES[2].covers(a_welcome("x", channels=("parcel",), guides=("guide-wu",)))
    assert not WELCOMES[0].covers(WELCOMES[5])
