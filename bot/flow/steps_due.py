"""Steps of sequences that customers have come to: those who come together go with one slot, so that no guide gets a
task for each of them."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from bot.flow.slots_due import tell
from bot.scrm.calendar import Calendar, Slot
from bot.scrm.plans import Plans
from bot.scrm.sequence import entry_name, step_entry
from bot.scrm.slots import Found
from bot.scrm.steps_ahead import GATHER_SECONDS
from bot.store import sequences, slots
from bot.store.database import Database


async def gather_steps(database: Database, content: Plans, now: int) -> bool:
    """Look once; whether a slot has come."""
    if not await database.read(sequences.went):
        return False
    return await database.write(partial(_gather, content=content, now=now))


def _gather(conn: Connection, content: Plans, now: int) -> bool:
    slots.lock(conn)
    calendars, due = {calendar.id: calendar for calendar in content.calendars}, list[Slot]()
    for calendar, sequence, step in sequences.went(conn):
        name = entry_name(sequence, step)
        last_at = slots.last_at(conn, calendar, name)
        if last_at is None or now - last_at >= GATHER_SECONDS:
            sequences.join_slot(conn, calendar, sequence, step, now)
            due += _slot(calendars.get(calendar), name, now)
    kept = slots.keep(conn, [Found(slot, "due") for slot in due], content.version, now)
    tell(conn, kept, now)
    return bool(kept)


def _slot(calendar: Calendar | None, name: str, now: int) -> list[Slot]:
    """None where staff took the step out: nobody goes with it."""
    entry = step_entry(calendar, name) if calendar else None
    return [Slot(now, calendar.id, name, now + entry.by_seconds)] if calendar and entry else []
