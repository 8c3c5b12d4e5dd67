"""What is held back, asked now: why it waits, until when, and what would turn it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Final

from bot.content.snapshot import Content
from bot.scrm.calendar import Slot
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.answer import Explained, of_pool
from bot.scrm.gates.decide import PATIENCE_SECONDS, decide
from bot.scrm.gates.situation import TargetPool
from bot.scrm.gates.situations import Occasion, find_entry, situations
from bot.scrm.span import spelled
from bot.scrm.week import spoken
from bot.store import standing
from bot.store.board import board
from bot.store.database import Database
from bot.store.standing import Held

MOST: Final = 10_000
"""Pools that are asked at once."""


@dataclass(frozen=True, slots=True)
class Waits:
    """A pool that waits. `until`: until when, in words."""

    pool: TargetPool
    explained: Explained
    until: str


async def waiting(
    database: Database, content: Content, timezone: str, entry: str, now: int, offset: int = 0, limit: int = MOST
) -> list[Waits]:
    """What a calendar/entry is held back from, the newest slot first, as it would be decided now."""
    calendar, _, line = entry.partition("/")
    read = partial(standing.held, now=now, offset=offset, limit=limit, of=(calendar, line))
    rows = await database.read(read)
    found = await _asked(database, content, timezone, now, rows)
    return await asyncio.to_thread(lambda: [_waits(one, row.retry_at) for one, row in found])


async def held(database: Database, content: Content, timezone: str, now: int) -> list[Foreseen]:
    """Everything that is held back, as it would be decided now."""
    rows = await database.read(partial(standing.held, now=now, offset=0, limit=MOST))
    return [one for one, _ in await _asked(database, content, timezone, now, rows)]


async def _asked(
    database: Database, content: Content, timezone: str, now: int, rows: Iterable[Held]
) -> list[tuple[Foreseen, Held]]:
    """Slot by slot; nothing for a line that was taken out."""
    found: list[tuple[Foreseen, Held]] = []
    for slot, of_slot in groupby(rows, lambda row: Slot(row.at, row.calendar, row.entry, row.by_at)):
        if line := find_entry(content, slot):
            occasion = Occasion(slot, *line, content, now, timezone)
            found += await _decided(database, occasion, {row.pool: row for row in of_slot})
    return found


async def _decided(database: Database, on: Occasion, pools: Mapping[str, Held]) -> list[tuple[Foreseen, Held]]:
    read = partial(board, touchpoint=on.touchpoint, slot=on.slot, day=on.day, tried=on.tried, only=list(pools))
    seen, senders = await database.read(read), {row.userid for row in pools.values()}

    def asked() -> list[tuple[Foreseen, Held]]:
        there = (s for s in situations(on, seen, senders) if s.pool.id in pools)
        return [(Foreseen(s, decide(s)), pools[s.pool.id]) for s in there]

    return await asyncio.to_thread(asked)


def _waits(one: Foreseen, retry_at: int) -> Waits:
    return Waits(one.situation.pool, of_pool(one), _until(one, retry_at))


def _until(one: Foreseen, retry_at: int) -> str:
    s, decision = one.situation, one.decision
    again, last = spoken(retry_at, s.timezone), spoken(s.slot.by_at, s.timezone)
    if decision.outcome == "tried":
        return f"都放行了，{again} 再看一次就记下；试跑，不发"
    if decision.goes:
        return f"都放行了，{again} 再看一次就发"
    if decision.outcome != "held":
        return f"照现在，{again} 再看时就跳过"
    if decision.retry_at and all(stop.until_at is not None for stop in decision.stops):
        return f"等到 {spoken(decision.retry_at, s.timezone)}，到时再看；最晚 {last}"
    return f"等人：改好以后 {spelled(PATIENCE_SECONDS)}内再看，最晚 {last}"
