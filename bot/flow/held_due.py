"""Pools that a slot was held back from: asked again when something may have changed, let go when it is too late."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from sqlalchemy import Connection

from bot.scrm.events.planning import SlotHeld
from bot.scrm.gates.decide import PATIENCE_SECONDS
from bot.store import inbox, planning
from bot.store.database import Database


async def ask_again(database: Database, now: int) -> bool:
    """Look once; whether anything is to be asked again."""
    if not await database.read(partial(planning.held, now=now, limit=1)):
        return False
    return await database.write(partial(_ask, now=now))


def _ask(conn: Connection, now: int) -> bool:
    """What is told is put off: told in vain, it is told again; and what is held since then is due by itself."""
    planning.lapse(conn, now)
    due = planning.held(conn, now)
    arrivals = [
        inbox.own_arrival(
            SlotHeld(created_at=now, **asdict(slot)),
            cause=f"held/{slot.calendar}/{slot.entry}/{slot.at}/{now}",
        )
        for slot in due
    ]
    inbox.put(conn, arrivals)
    planning.put_off(conn, due, now, until_at=now + PATIENCE_SECONDS)
    return bool(due)
