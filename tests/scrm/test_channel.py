"""A channel knows who receives."""

from __future__ import annotations

from dataclasses import replace

from bot.scrm.channel import Channel, Shift
from bot.scrm.week import Hours, Window

DAY, NIGHT = Window(hours=Hours(540, 1080)), Window(hours=Hours(1080, 540))
PARCEL = Channel(
    id="parcel",
    title="包裹卡",
    channel_class="电商",
    way="联系我",
    rota=(Shift(("guide-lin", "guide-zhou"), DAY), Shift(("guide-wu", "guide-lin"), NIGHT)),
    spare="guide-chen",
)


def test_every_guide_of_the_rota_is_named_once_in_order() -> None:
    """The spare is none of them: they step in only at the cap."""
    assert PARCEL.userids == ("guide-lin", "guide-zhou", "guide-wu")


def test_who_has_had_enough_rests_and_the_spare_comes_last() -> None:
    """The others go on while one rests; with all at the cap the spare receives, or without one the rota."""
    capped = replace(PARCEL, daily_cap=2)
    assert capped.receivers(0, 600, {"guide-lin": 1}) == ("guide-lin", "guide-zhou")
    assert capped.receivers(0, 600, {"guide-lin": 2}) == ("guide-zhou",)
    assert capped.receivers(0, 600, {"guide-lin": 2, "guide-zhou": 3}) == ("guide-chen",)
    alone = replace(capped, spare=None)
    assert alone.receivers(0, 600, {"guide-lin": 2, "guide-zhou": 3}) == ("guide-lin", "guide-zhou")
    assert PARCEL.receivers(0, 600, {"guide-lin": 99}) == ("guide-lin", "guide-zhou")


def test_a_code_for_groups_opens_five_whose_names_fit() -> None:
    """The newest: they have room."""
    groups = [(f"wr{n}", f"会员群{n}") for n in range(7)]
    join = Channel(id="group", title="入群", channel_class="门店", way="入群", groups=("会员群*",))
    assert join.leads_into([("wrx", "闲聊群"), *groups]) == ("wr0", "wr1", "wr2", "wr3", "wr4")


def test_the_rota_says_who_is_on_duty() -> None:
    """By day and by night."""
    assert PARCEL.on_duty(0, 600) == ("guide-lin", "guide-zhou")
    assert PARCEL.on_duty(0, 60) == ("guide-wu", "guide-lin")


def test_who_has_left_the_corp_receives_nobody() -> None:
    """The others of the shift do, then the spare, who may have left as well; with nobody it is nobody."""
    capped, left = replace(PARCEL, daily_cap=2), {"guide-lin"}
    assert capped.receivers(0, 600, {}, left) == ("guide-zhou",)
    assert capped.receivers(0, 600, {"guide-zhou": 2}, left) == ("guide-chen",)
    assert replace(capped, spare=None).receivers(0, 600, {"guide-zhou": 2}, left) == ("guide-zhou",)
    assert capped.receivers(0, 600, {}, {"guide-lin", "guide-zhou"}) == ("guide-chen",)
    assert capped.receivers(0, 600, {}, {"guide-lin", "guide-zhou", "guide-chen"}) == ()
