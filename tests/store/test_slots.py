"""Slots that were found: each told once, whoever looks and however often. Both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from bot.flow import slots_due
from bot.flow.slots_due import look_for_slots
from bot.scrm.calendar import Calendar, Entry, Every, Slot
from bot.scrm.daybook import PLAIN_DAYS
from bot.scrm.records.slots import DecideSlot
from bot.store import inbox, records, slots
from bot.store.database import Database, open_database
from bot.store.people import GuardFailedError
from tests.fakes import FakePlans

SHANGHAI, HOUR = "Asia/Shanghai", 3600
TEN = 1_796_090_400
"""2026-12-01 10:00 there."""


def plans(minute: int = 600, entry: str = "e", version: str = "v1") -> FakePlans:
    row = Entry(id=entry, touchpoint="群", when=Every(("每天",)), minute=minute, pick=("科普",))
    return FakePlans(version, (Calendar(id="a", title="历", entries=(row,)),), PLAIN_DAYS)


async def look(database: Database, now: int, content: FakePlans | None = None) -> bool:
    return await look_for_slots(database, content or plans(), now, SHANGHAI)


async def told(database: Database) -> list[tuple[str, str]]:
    """(class, line) of the events that wait."""
    return [
        (event.name, event.line)
        for event in await database.read(lambda c: inbox.waiting(c, now=9**10, after=0, limit=99))
    ]


async def rows(database: Database) -> list[tuple[int, str, str, str]]:
    def read(conn: Connection) -> list[tuple[int, str, str, str]]:
        table = slots.table
        query = table.select().order_by(table.c.at)
        return [(row.at - TEN, row.state, row.because, row.version) for row in conn.execute(query)]

    return await database.read(read)


async def test_a_slot_is_told_once_however_often_we_look(database: Database) -> None:
    """Before it nothing; then one event on the entry's line, also after a restart, when the inbox has forgotten it."""
    assert not await look(database, TEN - 1)
    assert await look(database, TEN)
    assert await told(database) == [("SlotDue", "calendar/a/e")]
    for now in (TEN, TEN + 15, TEN - HOUR, TEN + HOUR):
        assert not await look(database, now)
    await database.write(lambda conn: conn.execute(inbox.inbox.delete()))
    assert not await look(database, TEN + HOUR)
    assert await told(database) == []
    assert await rows(database) == [(0, "due", "", "v1")]
    where = select(slots.table.c["calendar", "entry", "by_at"])
    assert await database.read(lambda conn: conn.execute(where).all()) == [("a", "e", TEN + 2 * HOUR)]


async def test_two_schedulers_tell_a_slot_once(database: Database, database_url: str) -> None:
    """At the same moment, from two processes' connections."""
    other = open_database(database_url)
    await look(database, TEN - 1)
    found = await asyncio.gather(*(look(each, TEN + n) for n in range(4) for each in (database, other)))
    await other.close()
    assert sum(found) == 1 and len(await told(database)) == 1


async def test_after_an_absence_what_can_still_go_goes_and_the_rest_says_why_not(database: Database) -> None:
    """Three days: two slots lapsed, the third is late."""
    await look(database, TEN - HOUR)
    assert await look(database, TEN + 2 * 86_400 + HOUR)
    found = await rows(database)
    assert [(at, state) for at, state, *_ in found] == [(0, "lapsed"), (86_400, "lapsed"), (2 * 86_400, "due")]
    assert found[0][2].startswith("过了最晚时间 12-01 12:00 才看到")
    assert len(await told(database)) == 1


async def test_a_look_that_was_cut_short_is_made_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between two chunks: nothing of the rest is lost, nothing of the first is told twice."""
    monkeypatch.setattr(slots_due, "CHUNK", 1)
    both = replace(plans(), calendars=(*plans().calendars, replace(plans(1, "f").calendars[0], id="b")))
    await look(database, TEN - 11 * HOUR, both)
    write, killed = database.write, 0

    async def dies(job: object) -> object:
        nonlocal killed
        killed += 1
        if killed == 2:
            raise ConnectionError
        return await write(job)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "write", dies)
    with pytest.raises(ConnectionError):
        await look(database, TEN + HOUR, both)
    monkeypatch.undo()
    await look(database, TEN + HOUR, both)
    assert [state for _, state, *_ in await rows(database)] == ["lapsed", "due"]
    assert len(await told(database)) == 1


async def test_a_moved_entry_says_why_it_does_not_go_again(database: Database) -> None:
    """And tomorrow it goes at its new hour."""
    await look(database, TEN - 1)
    await look(database, TEN)
    await look(database, TEN + 5 * HOUR, plans(900, version="v2"))
    assert [row[1:] for row in await rows(database)] == [
        ("due", "", "v1"),
        ("lapsed", "这一条当天已经在 10:00 排过了，改时间不会再发一次", "v2"),
    ]
    assert await look(database, TEN + 29 * HOUR, plans(900, version="v2"))


async def test_what_lapsed_becomes_due_when_it_gets_more_time(database: Database) -> None:
    """Once."""
    await look(database, TEN - 1)
    await look(database, TEN + 3 * HOUR)
    [calendar] = plans().calendars
    longer = replace(
        plans(), calendars=(replace(calendar, entries=(replace(calendar.entries[0], by_seconds=9 * HOUR),)),)
    )
    assert [await look(database, TEN + 4 * HOUR, longer) for _ in range(2)] == [True, False]
    assert [row[1] for row in await rows(database)] == ["due"] and len(await told(database)) == 1


async def test_a_slot_is_decided_once(database: Database) -> None:
    """With its reason; a second decision is refused."""
    await look(database, TEN - 1)
    await look(database, TEN)
    record = DecideSlot(slot=Slot(TEN, "a", "e", TEN + 2 * HOUR), because="两个群，发 kp-1", at=TEN + 3)

    def decide(conn: Connection) -> None:
        records.apply(conn, 1, record)

    await database.write(decide)
    assert await rows(database) == [(0, "decided", "两个群，发 kp-1", "v1")]
    with pytest.raises(GuardFailedError):
        await database.write(decide)
