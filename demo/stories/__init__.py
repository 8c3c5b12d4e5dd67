"""Every story, in the order they are told. A story is what a person does, and what they must see."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from demo.stage import Stage
from demo.stories import (
    calendar_day,
    channel_report,
    console,
    delivered_twice,
    erase,
    explain,
    fatigue,
    group_send,
    lost_customer,
    mix,
    moments,
    one_to_one,
    order_in,
    quota,
    stop,
    survey_crossing,
    survey_h5,
    survey_kf,
    takeover,
    unknown_outcome,
    welcome,
    welcome_too_late,
)

Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Story:
    """A name to call it by, and how it plays; it returns figures and raises StoryError when broken.

    `own_files`: people edit files in it.
    """

    name: str
    play: Callable[[Stage], Awaitable[Figures]]
    own_files: bool = False


STORIES = (
    Story("welcome", welcome.play),
    Story("welcome-too-late", welcome_too_late.play),
    Story("delivered-twice", delivered_twice.play),
    Story("lost-customer", lost_customer.play),
    Story("survey-kf", survey_kf.play),
    Story("survey-h5", survey_h5.play),
    Story("survey-crossing", survey_crossing.play),
    Story("takeover", takeover.play),
    Story("channel-report", channel_report.play),
    Story("order-in", order_in.play),
    Story("erase", erase.play),
    Story("calendar-day", calendar_day.play),
    Story("mix", mix.play),
    Story("fatigue", fatigue.play),
    Story("quota", quota.play, own_files=True),
    Story("explain", explain.play, own_files=True),
    Story("group-send", group_send.play),
    Story("moments", moments.play),
    Story("one-to-one", one_to_one.play),
    Story("stop", stop.play),
    Story("unknown-outcome", unknown_outcome.play),
    Story("console", console.play),
)
