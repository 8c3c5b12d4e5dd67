"""A mass send from its slot to what became of it: pressed, not pressed, over the quota, its answer lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.flow.perform.test_tags import library
from tests.handlers.test_calendar import all_press, at
from tests.handlers.test_calendar import home as home
from tests.house import GUIDE, House

NOON = "group-cream-set"


async def planned(home: House, entry: str) -> list[Any]:
    query = "SELECT outcome, because, settled_at, kind FROM planned WHERE entry = :entry"
    return await home.rows(query, entry=entry)


async def balances(home: House) -> list[Any]:
    return [row.balance for row in await home.rows("SELECT balance FROM mix_states WHERE touchpoint = '群'")]


async def test_what_a_guide_sends_is_charged_when_it_is_sent(home: House) -> None:
    """Until then it only waits; the group sees it, and we know when it was sent."""
    await home.look_at(at(10, 12, 6))
    assert all(row.outcome == "sent" and row.settled_at is None for row in await planned(home, NOON))
    before = await balances(home)
    await all_press(home)
    assert all(row.settled_at == at(10, 12, 6) + 5 for row in await planned(home, NOON))
    assert await balances(home) != before
    assert {row.state for row in await home.rows("SELECT state FROM mass_sends")} == {"sent"}


async def test_what_nobody_sends_in_time_is_taken_back(home: House) -> None:
    """It counts for nothing: not for the mix, not for the rest of the item."""
    await home.look_at(at(10, 12, 6))
    before = await balances(home)
    await home.look_at(at(10, 14, 6))
    await home.look_at(at(10, 14, 7))
    rows = await planned(home, NOON)
    assert {(row.outcome, row.because) for row in rows} == {("lapsed", "导购到截止时间还没有点发送")}
    assert await home.sandbox.mass.tasks(GUIDE) == [] and await balances(home) == before
    assert {row.state for row in await home.rows("SELECT state FROM mass_sends")} == {"lapsed"}


async def test_a_group_that_has_had_enough_this_month_is_not_counted(home: House) -> None:
    """WeCom lets the guide press and gives the group nothing: the guide's own sends have used the quota up."""
    await home.sandbox.mass.admin_limits("day")
    await home.look_at(at(10, 12, 6))
    await home.clock.advance(5)
    [task] = await home.sandbox.mass.tasks(GUIDE)
    await home.sandbox.mass.member_sends(GUIDE, "自己发的", to=task["recipients"], chat_type="group")
    await all_press(home)
    found = {row.because if row.outcome == "lapsed" else row.outcome for row in await planned(home, NOON)}
    assert found == {"企业微信说这里收到的群发已到上限", "sent"}


@pytest.fixture
async def dry(home: House) -> AsyncIterator[House]:
    """Three customers of one guide with dry skin, two with oily skin; one of the dry ones left."""
    for n in range(5):
        await home.sandbox.customer_adds(userid=GUIDE, external_userid=f"wm-{n}")
    await home.sandbox.callbacks_settled()
    await home.settled()
    tags = library(home)
    for n in range(5):
        await home.sandbox.member_edits(GUIDE, f"wm-{n}", add_tags=[tags["肤质/干性" if n < 3 else "肤质/油性"]])
    await home.sandbox.callbacks_settled()
    await home.settled()
    yield home


async def touches(home: House) -> dict[str, str]:
    query = """SELECT follows.external_userid AS who, touches.state FROM touches
               JOIN follows ON follows.person_id = touches.person_id"""
    return {row.who: row.state for row in await home.rows(query)}


async def test_one_to_one_reaches_whom_it_is_for(dry: House) -> None:
    """A task for their guide with exactly these customers; sent is kept for whom it reached."""
    await dry.look_at(at(28, 10, 6))
    await dry.clock.advance(5)
    [task] = [t for t in await dry.sandbox.mass.tasks(GUIDE) if t["chat_type"] == "single"]
    assert sorted(task["recipients"]) == ["wm-0", "wm-1", "wm-2"]
    assert await touches(dry) == dict.fromkeys(("wm-0", "wm-1", "wm-2"), "reserved")
    await dry.sandbox.customer_deletes("wm-1", GUIDE)
    await dry.sandbox.mass.member_confirms(GUIDE, task["msgid"])
    await dry.look_at(at(28, 10, 20))
    assert task["text"] in [m["text"] for m in await dry.sandbox.customer_reads("wm-0", GUIDE)]
    assert await touches(dry) == {"wm-0": "sent", "wm-2": "sent"}
    [send] = await dry.rows("SELECT state, sent, not_friends FROM mass_sends WHERE planned_id IS NOT NULL")
    assert tuple(send) == ("sent", 2, 1)


async def test_a_touch_says_of_the_item_what_its_plan_says(dry: House) -> None:
    """Gates are asked of the touch alone."""
    await dry.look_at(at(28, 10, 6))
    await dry.clock.advance(5)
    said = {tuple(row) for row in await dry.rows("SELECT planned_id, kind, item, weight FROM touches")}
    plans = {tuple(row) for row in await dry.rows("SELECT id, kind, item, weight FROM planned WHERE reached > 0")}
    assert said == plans != set()


async def test_one_to_one_that_nobody_sends_costs_nobody_anything(dry: House) -> None:
    """What was reserved is free again."""
    await dry.look_at(at(28, 10, 6))
    await dry.clock.advance(5)
    assert len(await touches(dry)) == 3
    await dry.look_at(at(28, 18, 6))
    await dry.look_at(at(28, 18, 7))
    assert await touches(dry) == {}
    assert {row.outcome for row in await planned(dry, "note-care") if row.kind} == {"lapsed"}


async def test_a_lost_answer_makes_no_second_task(home: House) -> None:
    """It is looked for by its words, its guide and its receivers, and found."""
    home.sandbox.faults.add("reset_after", where="externalcontact/add_msg_template", count=2)
    await home.look_at(at(10, 12, 6))
    await home.look_at(at(10, 12, 8))
    assert len(home.sandbox.log.calls("externalcontact/add_msg_template")) == 2
    assert len(await home.sandbox.mass.tasks(GUIDE)) == 1
    assert {row.state for row in await home.rows("SELECT state FROM mass_sends")} == {"waiting"}
