"""What a calendar brings about in a whole house: a slot, and a newcomer's sequence from add to refusal."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from bot.scrm.calendar import Calendar, Entry, Every, Sequence, Step
from bot.scrm.consent import EVERYTHING
from bot.scrm.events import ContentWentLive
from bot.scrm.events.privacy import PreferenceSet
from bot.scrm.sequence import SequenceRun
from bot.scrm.week import local_time
from bot.store import inbox, sequences
from tests.house import GUIDE, House

WHO, HOUR = "wm-1", 3600
STEPS = tuple(Step(id=f"d{day}", day=day, touchpoint="私聊", minute=605, pick=("科普",)) for day in (1, 2, 5))
WEEK = Sequence(id="week", start="加好友", steps=STEPS)


async def plan(home: House) -> None:
    """An entry an hour from now, and a sequence for newcomers; live from now on."""
    local = local_time(home.clock.now(), "Asia/Shanghai")
    minute = local.hour * 60 + local.minute + 60
    entry = Entry(id="e", touchpoint="群", when=Every(("每天",)), minute=minute, pick=("科普",))
    calendar = Calendar(id="dec", title="历", entries=(entry,), sequences=(WEEK,))
    home.app.content.current = replace(home.app.content.current, calendars=(calendar,))
    event = ContentWentLive(created_at=home.clock.now(), version="planned")
    await home.put(inbox.own_arrival(event, cause="test/planned"))
    await home.settled()


async def pass_time(home: House, seconds: int) -> None:
    await home.clock.advance(seconds)
    await home.app.schedule.tick()
    await asyncio.sleep(0.01)
    await home.settled()


async def run(home: House) -> SequenceRun | None:
    found = await home.app.database.read(partial(sequences.runs_of, external_userid=WHO))
    return found[0] if found else None


async def test_a_slot_comes_by_the_tick(home: House) -> None:
    """Its event is on its line, once, and closed."""
    await plan(home)
    await pass_time(home, HOUR - 120)
    told = "SELECT count(*) FROM inbox WHERE name = 'SlotDue'"
    assert await home.scalar(told) == 0
    for _ in range(3):
        await pass_time(home, 120)
    assert await home.scalar(told) == 1
    assert await home.scalar("SELECT line FROM inbox WHERE name = 'SlotDue'") == "calendar/dec/e"
    assert await home.scalar("SELECT state FROM slots") == "decided"


async def test_a_newcomer_is_greeted_and_goes_through_a_sequence_until_they_refuse(home: House) -> None:
    """The welcome first; a step a day; a refusal ends it at once."""
    await plan(home)
    await home.sandbox.customer_adds(userid=GUIDE, external_userid=WHO, state="parcel")
    await home.until("欢迎语", home.welcomes)
    await home.settled()
    began = await run(home)
    assert began and (began.state, began.step) == ("running", "d1")
    await pass_time(home, (began.waits_at or 0) - home.clock.now())
    after = await run(home)
    assert after and (after.step, after.done) == ("d2", ("d1",))
    refusal = PreferenceSet(created_at=home.clock.now(), external_userid=WHO, topic=EVERYTHING, wanted=False, by="客户")
    await home.put(inbox.own_arrival(refusal, cause="test/refusal"))
    await home.settled()
    over = await run(home)
    assert over and (over.state, over.because, over.done) == ("stopped", "客户说不再接收", ("d1",))
    await pass_time(home, 3 * 86_400)
    assert await home.scalar("SELECT count(*) FROM inbox WHERE name = 'SequenceStepDue'") == 1
