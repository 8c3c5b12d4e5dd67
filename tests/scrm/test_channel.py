"""A channel knows who receives."""

from __future__ import annotations

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


def test_the_rota_says_who_is_on_duty() -> None:
    """By day and by night."""
    assert PARCEL.on_duty(0, 600) == ("guide-lin", "guide-zhou")
    assert PARCEL.on_duty(0, 60) == ("guide-wu", "guide-lin")
