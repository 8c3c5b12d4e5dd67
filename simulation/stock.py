"""What the library was expected to lack on the first day, and what it did lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection

from bot.content.snapshot import Content
from bot.scrm.calendar import Slot
from bot.scrm.gates.ahead import look_ahead
from bot.scrm.gates.shortages import shortages
from bot.scrm.gates.situations import find_entry
from bot.scrm.kind import KINDS, Kind, Touchpoint
from bot.scrm.slots import slots
from bot.scrm.week import day_of, week_began_at
from bot.store.board import board
from bot.store.mix import charges

SEEN_BY_ALL: tuple[Touchpoint, ...] = ("群", "朋友圈")
Gaps = Counter[tuple[int, Touchpoint, str, Kind]]
"""(Monday, touchpoint, pool, kind) → how many items."""


def foreseen(conn: Connection, content: Content, since_at: int, until_at: int, timezone: str) -> Gaps:
    """By the forecast that `plan` prints, made now."""
    coming = slots(content.calendars, content.days, since_at, until_at, timezone)
    mine = [s for s in coming if (line := find_entry(content, s)) and line.entry.touchpoint in SEEN_BY_ALL]
    asked, today = Slot(since_at, "", "", since_at), day_of(since_at, timezone)
    boards = {touchpoint: board(conn, touchpoint, asked, today) for touchpoint in SEEN_BY_ALL}
    gaps = shortages(look_ahead(mine, boards, content, timezone))
    return Gaps({(gap.week_at, gap.pool.touchpoint, gap.pool.id, gap.kind): gap.count for gap in gaps})


def met(conn: Connection, since_at: int, timezone: str) -> Gaps:
    """By what the mix said of each slot when it came round."""
    return Gaps(_missing(conn, since_at, timezone))


def _missing(conn: Connection, since_at: int, timezone: str) -> Iterator[tuple[int, Touchpoint, str, Kind]]:
    for touchpoint in SEEN_BY_ALL:
        for pool, charged in charges(conn, touchpoint, since_at - 1).items():
            for each in charged:
                if each.missing:
                    yield week_began_at(each.at, timezone), touchpoint, pool, each.missing


def in_order(gap: tuple[int, Touchpoint, str, Kind]) -> tuple[int, str, str, int]:
    """How gaps are listed."""
    week_at, touchpoint, pool, kind = gap
    return week_at, touchpoint, pool, KINDS.index(kind)
