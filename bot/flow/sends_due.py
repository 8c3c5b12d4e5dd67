"""What guides have to hear about their tasks: found and told in one transaction, so that none hears it twice."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from bot.store import inbox, sends_due
from bot.store.database import Database


async def tell_of_stops(database: Database, now: int) -> bool:
    """What was stopped under the hands of guides; whether there was anything."""
    if not await database.read(partial(sends_due.any_untold, now=now)):
        return False
    return await database.write(partial(_tell, now=now))


def _tell(conn: Connection, now: int) -> bool:
    events = sends_due.untold(conn, now)
    inbox.put(conn, [inbox.own_arrival(event, cause=f"stopped/{now}/{n}") for n, event in enumerate(events)])
    return bool(events)
