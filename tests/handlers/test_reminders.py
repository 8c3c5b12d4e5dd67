"""Guides who have not pressed hear of it: of all they have in one message, seldom, and never at night."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import update

from bot.flow.sends_due import remind
from bot.scrm.send import FIRST_LOOK_SECONDS, LOOK_SECONDS, marks, next_look_at, pace
from bot.scrm.week import Hours
from bot.store.sends import sends
from tests.handlers.test_calendar import at
from tests.handlers.test_calendar import home as home
from tests.handlers.test_send import stop
from tests.house import GUIDE, House

OTHER = "guide-zhou"


@pytest.fixture
async def noon(home: House) -> House:
    """The tenth of December: a post to groups until 14:00, a Moment until 18:00, another post from 19:35 to 21:00."""
    for guide in (GUIDE, OTHER):
        await home.sandbox.customer_adds(userid=guide, external_userid=f"wm-{guide}")
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(at(10, 12, 6))
    await home.clock.advance(10)
    return home


async def reminders(home: House, guide: str = GUIDE) -> list[str]:
    said = [str(m["content"].get("content", "")) for m in await home.sandbox.member_reads(guide)]
    return [words for words in said if "等你点" in words]


async def pass_by(home: House, *moments: tuple[int, int]) -> None:
    for hour, minute in moments:
        await home.look_at(at(10, hour, minute))


async def test_halfway_they_hear_of_all_they_have_in_one_message(noon: House) -> None:
    """And not a second time before there is a reason to."""
    await pass_by(noon, (12, 30), (13, 1))
    assert await reminders(noon) == []
    await pass_by(noon, (13, 4), (13, 5), (13, 30), (13, 40))
    [words] = await reminders(noon)
    assert "还有 2 条" in words and words.index("14:00 前　群") < words.index("18:00 前　朋友圈")


async def test_who_has_pressed_is_not_reminded(noon: House) -> None:
    """It is looked just before; of what is left alone it is spoken."""
    [task], [moment] = await noon.sandbox.mass.tasks(GUIDE), await noon.sandbox.moments.tasks(GUIDE)
    await noon.sandbox.mass.member_confirms(GUIDE, task["msgid"])
    [theirs] = await noon.sandbox.mass.tasks(OTHER)
    await pass_by(noon, (12, 17), (12, 50))
    await noon.sandbox.moments.member_posts(GUIDE, moment["moment_id"])
    await noon.sandbox.mass.member_confirms(OTHER, theirs["msgid"])
    await pass_by(noon, (13, 1), (13, 2), (13, 4))
    assert await reminders(noon) == []
    await pass_by(noon, (15, 1), (15, 2), (15, 5))
    [words] = await reminders(noon, OTHER)
    assert "还有 1 条" in words and "朋友圈" in words


async def test_three_times_in_a_day_at_most(noon: House) -> None:
    """However many tasks there are; an hour apart at least."""
    await pass_by(noon, *((hour, minute) for hour in range(12, 22) for minute in (1, 4, 19, 34, 49) if hour > 12))
    told = await noon.rows("SELECT at FROM guide_reminders WHERE userid = :who ORDER BY at", who=GUIDE)
    assert len(told) == len(await reminders(noon)) == 3
    assert all(later.at - earlier.at >= 3600 for earlier, later in pairwise(told))


async def test_never_in_quiet_hours_and_never_of_what_is_stopped(noon: House) -> None:
    """In the night it waits for the morning; what was stopped is taken back instead."""
    await noon.look_at(at(10, 12, 20))
    content, now = noon.app.content.current, at(10, 13, 4)
    quiet = replace(content.care, quiet={**content.care.quiet, "导购提醒": Hours(12 * 60, 14 * 60)})
    assert not await remind(noon.app.database, quiet, now, "Asia/Shanghai")
    never = replace(content.care, guide_load=replace(content.care.guide_load, reminders_per_day=0))
    assert not await remind(noon.app.database, never, now, "Asia/Shanghai")
    for touchpoint in ("群", "朋友圈"):
        await stop(noon, touchpoint)  # type: ignore[arg-type]
    assert not await remind(noon.app.database, content.care, now, "Asia/Shanghai")
    assert await reminders(noon) == []


async def test_what_came_late_is_not_asked_about_at_once(noon: House) -> None:
    """WeCom has just told them of it; a task that was held until after its half is reminded of later, if at all."""
    await noon.app.database.write(lambda conn: conn.execute(update(sends).values(made_at=at(10, 13, 3))))
    await pass_by(noon, (13, 1), (13, 4), (13, 5))
    assert await reminders(noon) == []
    await pass_by(noon, (15, 1), (15, 2), (15, 5))
    [words] = await reminders(noon)
    assert "还有 1 条" in words and "朋友圈" in words


def test_a_press_is_seen_no_later_than_after_as_long_as_the_guide_took() -> None:
    """Soon where they press at once, and after half an hour at the longest; few times for each task."""
    made_at, now, looks = 7, 7 + FIRST_LOOK_SECONDS, []
    while now < 7 + 7_200:
        looks.append(now)
        now += pace(now - made_at)
    assert looks[0] == 127 and len(looks) < 9
    for pressed_at in range(8, 7 + 5_400):
        seen_at = min(at for at in looks if at >= pressed_at)
        assert seen_at - pressed_at <= max(FIRST_LOOK_SECONDS, min(pressed_at - made_at, LOOK_SECONDS))


def test_a_look_comes_just_before_a_reminder() -> None:
    """A short task is reminded of once, a long one twice; the last look is after the end."""
    assert marks(0, 7_200) == (3_600,) and marks(0, 14_400) == (7_200, 12_600)
    assert next_look_at(3_000, 0, 7_200) == 3_480
    assert next_look_at(3_480, 0, 7_200) == 5_280
    assert next_look_at(7_000, 0, 7_200) == 7_500
    assert next_look_at(7_500, 0, 7_200, 120) == 7_620
