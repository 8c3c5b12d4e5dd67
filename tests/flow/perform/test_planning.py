"""An audience planned chunk by chunk: killed anywhere, it comes to the same; what it found comes back as an event."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.clock import SystemClock
from bot.flow.perform import planning
from bot.flow.perform.post import Post
from bot.scrm.events.planning import AudiencePlanned
from bot.scrm.gates.audience import audience, plan_audience
from bot.scrm.gates.people import Ahead
from bot.scrm.quota import Quota
from bot.store import audience as store
from bot.store import batches
from bot.store.audience_facts import follows, touches
from bot.store.database import Database
from bot.store.joining import join, people
from bot.store.outbox import Claimed
from bot.wecom.errors import NotReached
from tests.store.test_audience import POOLS, SLOT, drawn, follow, kept, populated, settle

T = TypeVar("T")


class Killed(BaseException):
    pass


class Dying:
    """A database whose process is killed after so many writes: half of the last one is done, none of it is kept."""

    def __init__(self, database: Database, writes: int) -> None:
        self._database, self._left = database, writes
        self.read = database.read

    async def write(self, job: Callable[[Connection], T], *, urgent: bool = False) -> T:
        self._left -= 1
        if self._left >= 0:
            return await self._database.write(job, urgent=urgent)

        def half(conn: Connection) -> T:
            job(conn)
            raise RuntimeError

        with pytest.raises(RuntimeError):
            await self._database.write(half, urgent=urgent)
        raise Killed


class Overtaken:
    """A database where somebody else keeps each chunk just before us."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.read = database.read

    async def write(self, job: Callable[[Connection], T], *, urgent: bool = False) -> T:
        if getattr(job, "func", None) is planning._keep:
            await self._database.write(job)
        return await self._database.write(job)


class Away:
    """A database that answers every write with an error."""

    def __init__(self, database: Database, error: Exception) -> None:
        self.read, self._error = database.read, error

    async def write(self, job: Callable[[Connection], T], *, urgent: bool = False) -> T:
        raise self._error


def unhindered() -> Ahead:
    """Gates that a newcomer passes."""
    ahead = drawn(random.Random(8))
    item, care = replace(ahead.item, kind="科普"), replace(ahead.care, hold_out_percent=0)
    return replace(ahead, item=item, care=care, audience=(), item_audience=(), rules=(), quota=Quota((), {}))


async def plan(database: Any, ahead: Ahead) -> AudiencePlanned:
    [event] = await parts(database, ahead)
    return event


async def parts(database: Any, ahead: Ahead) -> list[AudiencePlanned]:
    action = plan_audience(audience(SLOT, ahead, POOLS))
    post = Post(
        wecom=None,  # type: ignore[arg-type]
        database=database,
        clock=SystemClock(),
        agentid=1,
        media_folder=Path(),
        timezone="Asia/Shanghai",
        happened=lambda: None,
        taxonomy=lambda: None,  # type: ignore[arg-type,return-value]
    )
    claimed = Claimed(id=1, cause=1, action=action, attempts=0, in_doubt=False)
    events = await planning.HOW[type(action)](post, action, claimed)
    return [event for event in events if isinstance(event, AudiencePlanned)]


async def test_killed_after_every_write_it_plans_nobody_twice_and_leaves_nobody_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "FIRST", 60)
    monkeypatch.setattr(planning, "LEAST", 60)
    monkeypatch.setattr(planning, "MOST", 60)
    await database.write(populated)
    for _ in range(20):  # each life gets two chunks done and dies in the next
        try:
            event = await plan(Dying(database, 2), drawn(random.Random(8)))
        except Killed:
            continue
        break
    rows = await database.read(kept)
    await database.write(lambda conn: conn.execute(store.runs.delete()))
    await database.write(lambda conn: conn.execute(touches.delete().where(touches.c.at == SLOT.by_at)))
    await database.write(lambda conn: conn.execute(store.gate_counts.delete()))
    monkeypatch.setattr(planning, "FIRST", 10_000)
    once = await plan(database, drawn(random.Random(8)))
    assert (event.asked, event.reached, event.held_out, event.batches) == (
        once.asked, once.reached, once.held_out, once.batches,
    )  # fmt: skip
    assert rows == await database.read(kept)
    assert event.reached == sum(batch.people for batch in event.batches) > 0


async def test_where_somebody_else_has_gone_on_it_goes_on_from_there(database: Database) -> None:
    """Nobody is counted twice, and it ends as if we had been alone."""
    await database.write(populated)
    event = await plan(Overtaken(database), drawn(random.Random(8)))
    rows = await database.read(kept)
    assert event.reached + event.held_out == len(rows) > 0
    assert event.reached == sum(batch.people for batch in event.batches)


@pytest.mark.parametrize("error", [OperationalError("", {}, Exception()), ConnectionRefusedError()])
async def test_a_database_that_is_away_is_waited_for(database: Database, error: Exception) -> None:
    """It surely comes to nothing twice, so it is tried until it works; for staff it says what it waits for."""
    await database.write(populated)
    with pytest.raises(NotReached, match="数据库"):
        await plan(Away(database, error), drawn(random.Random(8)))


async def test_a_statement_that_is_wrong_is_not_repeated(database: Database) -> None:
    """It would be as wrong the next time, and whoever waits behind it would wait for ever."""
    await database.write(populated)
    with pytest.raises(ProgrammingError):
        await plan(Away(database, ProgrammingError("", {}, Exception())), drawn(random.Random(8)))


async def test_a_guide_with_many_customers_writes_in_batches(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every customer in exactly one; who is forgotten meanwhile is in none."""
    monkeypatch.setattr(store, "BATCH", 10)

    def many(conn: Connection) -> None:
        settle(conn)
        conn.execute(insert(follows), [follow(POOLS[0], n) for n in range(1, 36)])

    await database.write(many)
    event = await plan(database, unhindered())
    reached = await database.read(
        lambda conn: batches.recipients(conn, event.batches[0].planned_id, 0, 2**40) if event.batches else []
    )
    assert len(reached) > 10
    assert [batch.people for batch in event.batches] == [
        min(10, len(reached) - first) for first in range(0, len(reached), 10)
    ]

    def listed(conn: Connection) -> list[str]:
        return [who for b in event.batches for who in batches.recipients(conn, b.planned_id, b.after, b.upto)]

    assert await database.read(listed) == reached

    def forget(conn: Connection) -> None:
        conn.execute(
            update(follows).where(follows.c.external_userid == reached[0]).values(external_userid="erased-0123")
        )

    await database.write(forget)
    assert await database.read(listed) == reached[1:]


async def test_many_guides_are_told_of_in_parts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """No decision is as large as they are many; each part is an event of its own, and each guide has one place."""
    monkeypatch.setattr(planning, "TOLD_AT_ONCE", 2)
    await database.write(populated)
    told = await parts(database, unhindered())
    batches = [batch for event in told for batch in event.batches]
    assert [len(event.batches) for event in told] == [2, 2] and len({event.line for event in told}) == 2
    assert {event.reached for event in told} == {sum(batch.people for batch in batches)}
    assert [(batch.userid, batch.place) for batch in batches] == [(userid, n) for n, userid in enumerate(POOLS)]
    assert {event.places for event in told} == {len(POOLS)}


async def test_two_who_turn_out_to_be_one_stay_in_the_mass_send_they_were_planned_in(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one may be at WeCom already, so nobody changes over into the second: they would get both, or none."""
    monkeypatch.setattr(store, "BATCH", 10)

    def many(conn: Connection) -> None:
        settle(conn)
        conn.execute(insert(follows), [follow(POOLS[0], n) for n in range(101, 121)])
        conn.execute(insert(people), [{"person_id": n, "created_at": 1} for n in (5, *range(101, 121))])

    def listed(conn: Connection) -> list[list[str]]:
        return [batches.recipients(conn, b.planned_id, b.after, b.upto) for b in event.batches]

    await database.write(many)
    event = await plan(database, unhindered())
    before = await database.read(listed)
    assert len(before) == 2 and all(before)
    last = int(before[1][-1].removeprefix("wm-"))
    await database.write(lambda conn: join(conn, 5, last))  # longer known, by 微信客服 say
    assert await database.read(listed) == before


def test_chunks_grow_to_what_they_may_take_and_shrink_at_once() -> None:
    assert planning.next_size(500, 0.001) == 1_000
    assert planning.next_size(8_000, 5 * planning.CHUNK_SECONDS) == 1_600
    assert planning.next_size(100, 5) == planning.LEAST
    assert planning.next_size(planning.MOST, 0.001) == planning.MOST
