"""Planning an audience of any size, in chunks that let others write in between."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from functools import partial

from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError

from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action
from bot.scrm.actions.planning import PlanAudience
from bot.scrm.events.planning import AudiencePlanned
from bot.scrm.gates.audience import audience_of
from bot.store import audience
from bot.store.database import UNHURRIED, Database
from bot.store.outbox import Claimed
from bot.wecom.errors import NotReached

CHUNK_SECONDS = 0.01
"""What keeping a chunk should take: with its commit well below the 50 ms for which a write may hold the gate."""

FIRST, LEAST, MOST = 2_000, 100, 10_000
"""People in a chunk: at first, and the bounds."""

TOLD_AT_ONCE = 100
"""Mass sends that are decided on together."""

AHEAD = UNHURRIED + 1
"""Chunks judged, or about to be, before the one that is kept."""


class DatabaseAway(NotReached):
    """Nothing of ours was kept for want of a database; repeated, it goes on from what was."""

    def __str__(self) -> str:
        return f"数据库没有应答（{self.api}），稍后接着做"


async def _plan(post: Post, action: PlanAudience, claimed: Claimed) -> Events:
    try:
        return await _planned(post, action, claimed)
    except (ProgrammingError, DataError):  # as wrong the next time
        raise
    except (DBAPIError, OSError) as error:
        raise DatabaseAway(type(error).__name__) from error


async def _planned(post: Post, action: PlanAudience, claimed: Claimed) -> Events:
    whom, key = audience_of(action), f"{claimed.cause}/{action.target}"
    run = await post.database.read(partial(audience.prepare, key=key, audience=whom))
    await go_through(post.database, run)
    done = await post.database.write(partial(audience.finish, run=run, now=post.clock.now()))
    batches = await post.database.read(partial(audience.batches, run=run, done=done))
    about = AudiencePlanned(
        created_at=post.clock.now(),
        slot=action.slot,
        item=action.item,
        digest=action.digest,
        number=action.number,
        reached=done.gates.get(0, 0),
        held_out=sum(done.gates.get(number, 0) for number in whom.held_out),
        asked=sum(done.gates.values()),
        places=len({batch.userid for batch in batches}) or 1,
        batches=(),
    )
    return tuple(
        replace(about, part=part, batches=batches[first : first + TOLD_AT_ONCE])
        for part, first in enumerate(range(0, max(1, len(batches)), TOLD_AT_ONCE))
    )


async def go_through(database: Database, run: audience.Run) -> list[float]:
    """Plan everybody who is left, chunk by chunk. The seconds that keeping each took."""
    took = list[float]()
    while not (now := await database.write(partial(audience.progress, key=run.key))).done:
        with suppress(audience.OvertakenError):  # from where somebody else has come
            async with aclosing(_judged(database, run, now.after, took)) as chunks:
                async for judged in chunks:
                    took.append(await database.write(partial(_keep, run=run, judged=judged)))
            break
    return took


async def _judged(
    database: Database, run: audience.Run, after: int, took: Sequence[float]
) -> AsyncGenerator[audience.Judged, None]:
    """Everybody after somebody, chunk by chunk in order; the next are judged while one is kept."""
    ahead, size = deque[tuple[int, asyncio.Task[audience.Judged]]](), FIRST
    try:
        while True:
            while len(ahead) < AHEAD and (upto := await _last_of(database, after, size)):
                judging = partial(audience.judge, run=run, after=after, upto=upto)
                ahead.append((size, asyncio.create_task(database.read(judging, unhurried=True))))
                after = upto
            if not ahead:
                return
            of, task = ahead.popleft()
            yield await task
            size = next_size(of, took[-1])
    finally:
        for _, task in ahead:
            task.cancel()
        await asyncio.gather(*(task for _, task in ahead), return_exceptions=True)


async def _last_of(database: Database, after: int, size: int) -> int | None:
    return await database.read(partial(audience.last_of, after=after, size=size))


def next_size(size: int, took: float) -> int:
    """How many people another chunk takes, when one of `size` took so many seconds; at most twice as many."""
    return max(LEAST, min(MOST, 2 * size, int(size * CHUNK_SECONDS / took)))


def _keep(conn: Connection, run: audience.Run, judged: audience.Judged) -> float:
    """The seconds that it took."""
    began = time.monotonic()
    audience.keep(conn, run, judged)
    return max(time.monotonic() - began, 1e-6)


HOW: dict[type[Action], Performed] = {PlanAudience: _plan}
