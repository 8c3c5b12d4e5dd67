"""Planning an audience of any size, in chunks that let others write in between."""

from __future__ import annotations

import time
from functools import partial

from sqlalchemy import Connection

from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action
from bot.scrm.actions.planning import PlanAudience
from bot.scrm.audience import audience_of
from bot.scrm.events.planning import AudiencePlanned
from bot.store import audience
from bot.store.outbox import Claimed

CHUNK_SECONDS = 0.025
"""What a chunk should take: with its commit well below the 50 ms for which a write may hold the gate."""

FIRST, LEAST, MOST = 500, 100, 20_000
"""People in a chunk: at first, and the bounds."""


async def _plan(post: Post, action: PlanAudience, claimed: Claimed) -> Events:
    whom, size = audience_of(action), FIRST
    run = await post.database.read(partial(audience.prepare, key=f"{claimed.cause}/{action.target}", audience=whom))
    while took := await post.database.write(partial(_chunk, run=run, size=size)):
        size = next_size(size, took)
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


def next_size(size: int, took: float) -> int:
    """How many people the next chunk takes, when the last took so many seconds; at most twice as many."""
    return max(LEAST, min(MOST, 2 * size, int(size * CHUNK_SECONDS / took)))


def _chunk(conn: Connection, run: audience.Run, size: int) -> float:
    """The seconds that a chunk took; 0: nobody is left."""
    began = time.monotonic()
    return max(time.monotonic() - began, 1e-6) if audience.advance(conn, run, size) is not None else 0.0


HOW: dict[type[Action], Performed] = {PlanAudience: _plan}
