"""Pools that a slot was held back from: asked again when something may have changed, let go when it is too late."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from bot.scrm.events.planning import SlotHeld
from bot.store import inbox, planning
from bot.store.database import Database


async def ask_again(database: Database, now: int) -> bool:
    """Look once; whether anything is to be asked again."""
    if not await database.read(partial(planning.held, now=now, limit=1)):
        return False
    return await database.write(partial(_ask, now=now))


def _ask(conn: Connection, now: int) -> bool:
    planning.lapse(conn, now)
    due = planning.held(conn, now)
    arrivals = [
        inbox.own_arrival(
            SlotHeld(created_at=now, calendar=calendar, entry=entry, at=at, by_at=by_at),
            cause=f"held/{calendar}/{entry}/{at}/{retry_at}",
        )
        for calendar, entry, at, by_at, retry_at in due
    ]
    inbox.put(conn, arrivals)
    return bool(due)
