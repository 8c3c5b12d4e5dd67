"""The control of what sells: drawn when a one-to-one item finds its customers, told apart by what they then buy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from bot.scrm.holdout import Trial
from bot.store.audience_facts import orders
from bot.store.uplift import trials
from demo.stories.calendar_day import approve
from tests.flow.edited import edit, edited
from tests.flow.test_sync import sync
from tests.handlers.test_calendar import at
from tests.house import House, reopened
from tests.store.test_uplift import order

PEOPLE, DAY = 40, 86_400
CALENDAR = """\
id: try-out
title: 试一试
valid: 2026-12-11 ~ 2026-12-11
entries:
  - {id: note, touchpoint: 私聊, on: 2026-12-11, at: 12:05, by: 15:00, item: dg-starter}
"""


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """Forty customers of each of two guides; a third of them are to be kept without what is sold."""
    folders = edited(tmp_path, {"care.yaml": ("hold_out: 5%", "hold_out: 33%")})
    edit(folders, "care.yaml", "trust_items: 2", "trust_items: 0")
    (folders.content / "calendars" / "try-out.yaml").write_text(CALENDAR, encoding="utf-8")
    async with reopened(tmp_path, folders=folders) as home:
        await home.sandbox.existing_pool(2 * PEOPLE, guides=["guide-lin", "guide-zhou"])
        await sync(home)
        await home.look_at(at(11, 9, 0))
        await approve(home, "")
        await approve(home, "店长")
        for minute in (6, 7, 8):
            await home.look_at(at(11, 12, minute))
        yield home


async def people(home: House, state: str, guide: str) -> set[int]:
    query = (
        "SELECT t.person_id FROM touches t JOIN planned p ON p.id = t.planned_id WHERE t.state = :state AND p.pool = :g"
    )
    return {row.person_id for row in await home.rows(query, state=state, g=guide)}


async def test_one_to_one_sends_fill_the_control(home: House) -> None:
    """Who is in it is no receiver of any task; the customers of a guide who never pressed say nothing, on either
    side."""
    [task] = [t for t in await home.sandbox.mass.tasks("guide-lin") if t["chat_type"] == "single"]
    kept, lost = await people(home, "held_out", "guide-lin"), await people(home, "held_out", "guide-zhou")
    assert kept and lost
    ids = {row.external_userid: row.person_id for row in await home.rows("SELECT * FROM follows")}
    reached = {ids[who] for who in task["recipients"]}
    assert not reached & kept and len(reached) + len(kept) > 30
    await home.sandbox.mass.member_confirms("guide-lin", task["msgid"])
    for hour in (13, 14, 15, 16):
        await home.look_at(at(11, hour, 10))
    assert await people(home, "sent", "guide-lin") == reached
    assert not await people(home, "reserved", "guide-zhou")
    bought = [*sorted(reached)[:3], sorted(kept)[0], sorted(lost)[0]]

    def buy(conn: Connection) -> None:
        conn.execute(insert(orders), [order(n, who, at(12, 9, 0)) for n, who in enumerate(bought)])

    await home.app.database.write(buy)
    found = await home.app.database.read(partial(trials, within_days=7, now=at(11, 12, 5) + 8 * DAY))
    assert found == {"dg-starter": Trial(reached=len(reached), buyers=3, held_out=len(kept), held_out_buyers=1)}
