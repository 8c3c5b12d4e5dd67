"""Sequences that begin for somebody or go on: looked for over all people at once, told in chunks."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from bot.scrm.events.plans import SequenceStartDue, SequenceStepDue
from bot.scrm.facts import Plans
from bot.scrm.sequence import SequenceRun
from bot.scrm.sequence import sequences as taking_in
from bot.store import inbox, sequences
from bot.store.database import Database

START_AGAIN_SECONDS = 3600
"""Who could not begin because another sequence was quicker is asked again after this."""


async def due_sequences(database: Database, content: Plans, now: int) -> bool:
    """Tell what is due; whether there was anything. Of beginnings one chunk a sequence: the next look tells more."""
    told = False
    for calendar, sequence in taking_in(content.calendars, now):
        customers = await database.read(partial(sequences.may_begin, calendar=calendar.id, sequence=sequence))
        events = [_start(calendar.id, sequence.id, customer, now) for customer in customers]
        arrivals = [
            inbox.own_arrival(event, cause=f"start/{now // START_AGAIN_SECONDS}/{calendar.id}/{sequence.id}")
            for event in events
        ]
        await database.write(partial(inbox.put, arrivals=arrivals))
        told |= bool(events)
    while count := await database.write(partial(_tell_steps, now=now)):
        told = True
        if count < sequences.CHUNK:
            break
    return told


def _tell_steps(conn: Connection, now: int) -> int:
    """Event and note in one transaction; how many were due."""
    due = sequences.due(conn, now)
    events = [_step(run, now) for run in sequences.told(conn, due)]
    inbox.put(conn, [inbox.own_arrival(e, cause=f"step/{e.calendar}/{e.sequence}/{e.step}/{e.at}") for e in events])
    return len(due)


def _start(calendar: str, sequence: str, external_userid: str, now: int) -> SequenceStartDue:
    return SequenceStartDue(created_at=now, calendar=calendar, sequence=sequence, external_userid=external_userid)


def _step(run: SequenceRun, now: int) -> SequenceStepDue:
    return SequenceStepDue(
        created_at=now,
        calendar=run.calendar,
        sequence=run.sequence,
        external_userid=run.external_userid,
        step=run.step or "",
        at=run.waits_at or now,
    )
