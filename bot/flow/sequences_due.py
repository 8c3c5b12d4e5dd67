"""Sequences that begin for somebody or go on: looked for over all people at once, told in chunks."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from bot.scrm.calendar import Sequence
from bot.scrm.events import OwnEvent
from bot.scrm.events.sequences import SequenceStartDue, SequenceStepDue, SequenceStopDue
from bot.scrm.plans import Plans
from bot.scrm.records.sequences import NoteSequences
from bot.scrm.sequence import SequenceRun
from bot.scrm.sequence import sequences as taking_in
from bot.store import inbox, sequences
from bot.store.database import Database

AGAIN_SECONDS = 3600
"""What was told and changed nothing (another sequence was quicker, say) is told again after this."""


async def due_sequences(database: Database, content: Plans, now: int) -> bool:
    """Tell what is due; whether there was anything. Of beginnings and ends one chunk a sequence, a look.

    Who is let go of a sequence is free for the next one: the look after finds them.
    """
    told, open_ = False, list(taking_in(content.calendars, now))
    await _announce(database, tuple((calendar.id, sequence.id) for calendar, sequence in open_), now)
    for calendar, sequence in open_:
        for find in (_stops, _starts):
            due = await database.read(partial(find, calendar=calendar.id, sequence=sequence, now=now))
            arrivals = [inbox.own_arrival(event, cause=cause) for event, cause in due]
            if arrivals:
                await database.write(partial(inbox.put, arrivals=arrivals))
                told = True
    while count := await database.write(partial(_tell_steps, now=now)):
        told = True
        if count < sequences.CHUNK:
            break
    return told


async def _announce(database: Database, open_: tuple[tuple[str, str], ...], now: int) -> None:
    """What began to hold by itself, since its first day has come, is live from now on."""
    new = await database.read(partial(sequences.unannounced, of=open_))
    if new:
        await database.write(partial(sequences.note_sequences, record=NoteSequences(of=new, at=now)))


def _starts(conn: Connection, calendar: str, sequence: Sequence, now: int) -> list[tuple[OwnEvent, str]]:
    cause = f"start/{now // AGAIN_SECONDS}/{calendar}/{sequence.id}"
    found = sequences.may_begin(conn, calendar, sequence)
    return [
        (SequenceStartDue(created_at=now, calendar=calendar, sequence=sequence.id, external_userid=who), cause)
        for who in found
    ]


def _stops(conn: Connection, calendar: str, sequence: Sequence, now: int) -> list[tuple[OwnEvent, str]]:
    cause = f"stop/{now // AGAIN_SECONDS}/{calendar}/{sequence.id}"
    found = (run.external_userid for run in sequences.may_stop(conn, calendar, sequence))
    return [
        (SequenceStopDue(created_at=now, calendar=calendar, sequence=sequence.id, external_userid=who), cause)
        for who in found
    ]


def _tell_steps(conn: Connection, now: int) -> int:
    """Event and note in one transaction; how many were due."""
    due = sequences.due(conn, now)
    events = [_step(run, now) for run in sequences.told(conn, due)]
    inbox.put(conn, [inbox.own_arrival(e, cause=f"step/{e.calendar}/{e.sequence}/{e.step}/{e.at}") for e in events])
    return len(due)


def _step(run: SequenceRun, now: int) -> SequenceStepDue:
    return SequenceStepDue(
        created_at=now,
        calendar=run.calendar,
        sequence=run.sequence,
        external_userid=run.external_userid,
        step=run.step or "",
        at=run.waits_at or now,
    )
