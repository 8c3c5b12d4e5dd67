"""What guides have to hear about their tasks: found and told in one transaction, so that none hears it twice."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from bot.scrm.care import Care
from bot.scrm.events.sends import TasksOpen
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


async def remind(database: Database, care: Care, now: int, timezone: str) -> bool:
    """What guides have not pressed, outside their quiet hours; whether anybody is to hear of it."""
    most = care.guide_load.reminders_per_day
    if not most or care.awake_at("导购提醒", now, timezone) > now:
        return False
    find = partial(sends_due.to_remind, now=now, most=most, away=care.away_at(now))
    return bool(await database.read(find)) and await database.write(partial(_remind, find=find, now=now))


def _remind(conn: Connection, find: Callable[[Connection], list[TasksOpen]], now: int) -> bool:
    events = find(conn)
    sends_due.note_reminders(conn, [event.userid for event in events], now)
    inbox.put(conn, [inbox.own_arrival(event, cause=f"reminded/{now}") for event in events])
    return bool(events)
