"""The inbox, on both databases."""

from __future__ import annotations

from functools import partial

import pytest

from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import Arrival, arrival


def add(n: int = 1, code: str | None = None) -> Arrival:
    return arrival("main", "CustomerAdded", f"customer/wm{n}", f"<xml>{n}</xml>", code, 1000)


async def put(database: Database, *arrivals: Arrival) -> None:
    await database.write(partial(inbox.put, arrivals=arrivals), urgent=True)


async def waiting(database: Database) -> list[inbox.Waiting]:
    return await database.read(partial(inbox.waiting, now=9**10, after=0, limit=100))


async def test_the_same_push_again_is_one_row_with_the_newest_code(database: Database) -> None:
    """In one batch or in several, a redelivery is no second event."""
    await put(database, add(code="old"), add(code="newer"), add(2))
    await put(database, add(code="newest"), add(code=None))
    rows = await waiting(database)
    assert [(r.line, r.welcome_code) for r in rows] == [("customer/wm1", "newest"), ("customer/wm2", None)]


async def test_two_customers_in_one_second_are_two_events(database: Database) -> None:
    """WeCom's own advice for a key would merge them."""
    await put(database, add(1), add(2))
    assert len(await waiting(database)) == 2


async def test_two_apps_keep_their_own_copy(database: Database) -> None:
    """A key belongs to an app; (app, body) pairs cannot be confused."""
    await put(database, arrival("a", "X", "l", "b<xml/>", None, 1), arrival("ab", "X", "l", "<xml/>", None, 1))
    assert len(await waiting(database)) == 2


async def test_a_parked_event_marks_its_line_and_can_be_replayed(database: Database) -> None:
    """Parked: no longer waiting; replayed: waiting again, in the same run; again: a new run."""
    await put(database, add(1))
    first = (await waiting(database))[0]
    await database.write(partial(inbox.park, inbox_id=first.id, reason="broken"))
    assert await waiting(database) == []
    assert [p.reason for p in await database.read(inbox.parked)] == ["broken"]
    assert await database.write(partial(inbox.replay, inbox_id=first.id))
    assert [(r.id, r.run) for r in await waiting(database)] == [(first.id, 0)]
    await database.write(partial(inbox.close, inbox_id=first.id, because=["ok"], at=5))
    assert not await database.write(partial(inbox.replay, inbox_id=first.id))
    assert await database.write(partial(inbox.replay, inbox_id=first.id, again=True))
    assert [r.run for r in await waiting(database)] == [1]


async def test_an_event_is_closed_once(database: Database) -> None:
    """A row that was read twice is refused the second time, and with it all that the second handling would keep."""
    await put(database, add(1))
    first = (await waiting(database))[0]
    close = partial(inbox.close, inbox_id=first.id, because=[], at=5)
    await database.write(close)
    with pytest.raises(inbox.AlreadyClosedError):
        await database.write(close)
