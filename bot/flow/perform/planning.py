"""Planning an audience of any size, in chunks that let others write in between."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Coroutine
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action
from bot.scrm.actions.planning import PlanAudience
from bot.scrm.audience import audience_of
from bot.scrm.events.planning import AudiencePlanned
from bot.store import audience
from bot.store.database import Database
from bot.store.outbox import Claimed

CHUNK_SECONDS = 0.02
"""What keeping a chunk should take: with its commit well below the 50 ms for which a write may hold the gate."""

FIRST, LEAST, MOST = 2_000, 100, 10_000
"""People in a chunk: at first, and the bounds."""

AT_ONCE = max(1, min(2, (os.cpu_count() or 1) - 1))
"""Chunks that are judged at the same time, beside the one that is kept: a core stays for greetings, and half of the
threads that read."""


async def _plan(post: Post, action: PlanAudience, claimed: Claimed) -> Events:
    whom, key = audience_of(action), f"{claimed.cause}/{action.target}"
    run = await post.database.read(partial(audience.prepare, key=key, audience=whom))
    await go_through(post.database, run)
    done = await post.database.write(partial(audience.finish, run=run, now=post.clock.now()))
    batches = await post.database.read(partial(audience.batches, run=run, done=done))
    return (
        AudiencePlanned(
            created_at=post.clock.now(),
            slot=action.slot,
            item=action.item,
            number=action.number,
            reached=done.gates.get(0, 0),
            held_out=sum(done.gates.get(number, 0) for number in whom.held_out),
            asked=sum(done.gates.values()),
            batches=batches,
        ),
    )


async def go_through(database: Database, run: audience.Run) -> list[float]:
    """Plan everybody who is left. Chunks are judged ahead, and kept in their order. The seconds that keeping took."""
    known = await database.write(partial(audience.progress, key=run.key))
    judging: deque[asyncio.Task[audience.Judged]] = deque()
    last: int | None = None if known.done else known.after
    size, took = FIRST, list[float]()
    try:
        while True:
            while last is not None and len(judging) < AT_ONCE:
                after, last = last, await database.read(partial(audience.last_of, after=last, size=size))
                if last is not None:
                    judging.append(_begun(database.read(partial(audience.judge, run=run, after=after, upto=last))))
            if not judging:
                return took
            judged = await judging.popleft()
            took.append(await database.write(partial(_keep, run=run, judged=judged)))
            size = next_size(size, took[-1])
    finally:
        for task in judging:
            task.cancel()


def next_size(size: int, took: float) -> int:
    """How many people the next chunk takes, when the last took so many seconds; at most twice as many."""
    return max(LEAST, min(MOST, 2 * size, int(size * CHUNK_SECONDS / took)))


def _begun(judging: Coroutine[Any, Any, audience.Judged]) -> asyncio.Task[audience.Judged]:
    return asyncio.create_task(judging)


def _keep(conn: Connection, run: audience.Run, judged: audience.Judged) -> float:
    """The seconds that it took."""
    began = time.monotonic()
    audience.keep(conn, run, judged)
    return max(time.monotonic() - began, 1e-6)


HOW: dict[type[Action], Performed] = {PlanAudience: _plan}
