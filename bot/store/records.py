"""One store function for each record: how a decision is remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, delete

from bot.scrm.records import (
    AddTask,
    EndFollow,
    NoteDelivery,
    NoteWelcome,
    Record,
    SaveContactWay,
    SaveCorpTags,
    SaveCustomer,
    SaveMedia,
    SaveMember,
    StartFollow,
    TagPerson,
)
from bot.store import people
from bot.store.tables import Channels, CorpTags, Deliveries, Media, Tasks
from bot.store.upsert import columns, insert, save


def apply(conn: Connection, cause: int, record: Record) -> None:
    """Remember one record. `cause`: the inbox row it was decided on.

    Raises:
        GuardFailedError: the facts it was decided on no longer hold.
    """
    _STORE[type(record)](conn, cause, record)


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


def _save_corp_tags(conn: Connection, cause: int, record: SaveCorpTags) -> None:
    conn.execute(delete(columns(CorpTags)))
    rows = [{"tag_id": t.tag_id, "group_id": t.group_id, "group_name": t.group, "name": t.name} for t in record.tags]
    if rows:
        conn.execute(columns(CorpTags).insert(), rows)


def _save_media(conn: Connection, cause: int, record: SaveMedia) -> None:
    values = {
        "path": record.path,
        "sha256": record.sha256,
        "media_id": record.media_id,
        "uploaded_at": record.uploaded_at,
    }
    save(conn, Media, ["path"], values)


def _save_contact_way(conn: Connection, cause: int, record: SaveContactWay) -> None:
    values = {
        "channel_id": record.channel_id,
        "config_id": record.config_id,
        "qr_code": record.qr_code,
        "userids": list(record.userids),
        "kept_at": record.at,
    }
    save(conn, Channels, ["channel_id"], values)


_STORE: dict[type, Callable[[Connection, int, Any], None]] = {
    StartFollow: lambda conn, _, record: people.start_follow(conn, record),
    EndFollow: lambda conn, _, record: people.end_follow(conn, record),
    NoteWelcome: lambda conn, _, record: people.note_welcome(conn, record),
    TagPerson: lambda conn, _, record: people.tag_person(conn, record),
    SaveMember: lambda conn, _, record: people.save_member(conn, record),
    SaveCustomer: lambda conn, _, record: people.save_customer(conn, record),
    AddTask: _add_task,
    NoteDelivery: _note_delivery,
    SaveCorpTags: _save_corp_tags,
    SaveMedia: _save_media,
    SaveContactWay: _save_contact_way,
}
