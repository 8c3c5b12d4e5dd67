"""What guides should do, and whom a message reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from bot.scrm.records import AddTask, NoteDelivery, Record
from bot.store import people
from bot.store.tables import Deliveries, Tasks
from bot.store.upsert import insert


def _add_task(conn: Connection, cause: int, record: AddTask) -> None:
    statement = insert(conn, Tasks).values(
        cause=cause,
        kind=record.kind,
        userid=record.userid,
        external_userid=record.external_userid,
        reason=record.reason,
        ready_text=record.ready_text,
        state="open",
        created_at=record.created_at,
    )
    conn.execute(statement.on_conflict_do_nothing())


def _note_delivery(conn: Connection, cause: int, record: NoteDelivery) -> None:
    statement = insert(conn, Deliveries).values(
        person_id=people.ensure_person(conn, record.external_userid, record.at),
        userid=record.userid,
        touchpoint=record.touchpoint,
        cause=cause,
        delivered_at=record.at,
    )
    conn.execute(statement.on_conflict_do_nothing())


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    AddTask: _add_task,
    NoteDelivery: _note_delivery,
}
