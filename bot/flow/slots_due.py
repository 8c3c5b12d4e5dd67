"""Slots of calendars that have come: found, kept and told in one transaction, so that none is lost or told twice."""

from __future__ import annotations

from functools import partial

import structlog
from sqlalchemy import Connection

from bot.scrm.calendar import Slot
from bot.scrm.events.slots import SlotDue
from bot.scrm.plans import Plans
from bot.scrm.slots import look, look_from
from bot.scrm.slots import slots as planned_slots
from bot.store import inbox, slots
from bot.store.database import Database

log = structlog.get_logger()


CHUNK = 200
"""Slots kept in one transaction; more than a few come together only after a long absence."""

DAY_SECONDS = 86_400
"""An entry that was moved shows by its other slot of the same day."""


async def look_for_slots(database: Database, content: Plans, now: int, timezone: str) -> bool:
    """Look once; whether anything is due. The very first look sees what may still leave, and nothing before it.

    That we looked is noted last: a look that is cut short is made again as a whole.
    """
    looked_at = await database.read(slots.looked_at)
    looked_at = now if looked_at is None else looked_at
    since_at = look_from(content.calendars, looked_at, now)
    planned = planned_slots(content.calendars, content.days, since_at, now + 1, timezone)
    keep = partial(_keep, looked_at=looked_at, version=content.version, now=now, timezone=timezone)
    any_due = False
    for first in range(0, len(planned), CHUNK):
        any_due |= await database.write(partial(keep, planned=planned[first : first + CHUNK]))
    await database.write(partial(slots.note_look, now=now))
    return any_due


def _keep(conn: Connection, planned: list[Slot], looked_at: int, version: str, now: int, timezone: str) -> bool:
    slots.lock(conn)
    known = slots.known(conn, planned[0].at - DAY_SECONDS, planned[-1].at + DAY_SECONDS)
    found = look(planned, known, looked_at, now, timezone)
    due = slots.keep(conn, found, version, now)
    tell(conn, due, now)
    for each in (each for each in found if each.state == "lapsed"):
        log.warning("slot_lapsed", calendar=each.slot.calendar, entry=each.slot.entry, at=each.slot.at)
    return bool(due)


def tell(conn: Connection, due: list[Slot], now: int) -> None:
    """That these slots have come."""
    events = [SlotDue(created_at=now, calendar=s.calendar, entry=s.entry, at=s.at, by_at=s.by_at) for s in due]
    inbox.put(conn, [inbox.own_arrival(e, cause="slot/" + "/".join(map(str, e.slot.key))) for e in events])
