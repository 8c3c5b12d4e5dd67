"""微信客服 (kf): sessions and their windows, and what was said in them.

A window's `sends` never counts too few: a message of ours counts from the moment it is decided (`waiting`) until it is
known not to have left; and what is still out when the customer speaks counts into the window that this opens.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, update

from bot.scrm.events.kf import KfMessageReceived, KfServicerSpoke
from bot.scrm.kf import SENDS_AT_MOST, UNDER_WAY, KfSession
from bot.scrm.records import Record
from bot.scrm.records.kf import (
    ForgetKfText,
    HearKf,
    NoteKfEntered,
    NoteKfFailed,
    NoteKfMessage,
    NoteKfSettled,
    SaveKfCustomer,
    SaveKfState,
    SpendKfSend,
)
from bot.store import inbox, kf_accounts
from bot.store.codec import event_body, own_event
from bot.store.joining import know_as
from bot.store.people import GuardFailedError, ensure_person
from bot.store.tables import Identities, Inbox, People
from bot.store.tables.kf import KfMessages, KfSessions
from bot.store.tombstones import EXTERNAL_USERID
from bot.store.upsert import columns, insert_new
from bot.wecom.events.base import customer_line

sessions, messages = columns(KfSessions), columns(KfMessages)
people, identities, inbox_rows = columns(People), columns(Identities), columns(Inbox)

WAITING = "waiting"
"""A message of ours that is not settled."""

NOT_SENT = ("refused", "expired", "failed")
"""Outcomes of a message that surely did not leave."""


def session(conn: Connection, open_kfid: str, external_userid: str) -> KfSession:
    """A session; a fresh one when nothing was ever said."""
    query = _SESSION.where(*_at(sessions, open_kfid, external_userid))
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        return KfSession(open_kfid=open_kfid, external_userid=external_userid)
    return KfSession(**row, out=_out(conn, open_kfid, external_userid, row["customer_at"]))


_SESSION = select(*(sessions.c[name] for name in KfSession.__slots__ if name != "out"))


def _out(conn: Connection, open_kfid: str, external_userid: str, since_at: int) -> tuple[int, ...]:
    """When each of ours left that a word of the customer from `since_at` on may find counted already."""
    left = and_(messages.c.state.in_(("sent", "unknown")), messages.c.said_at >= since_at)
    query = select(case((messages.c.state == WAITING, UNDER_WAY), else_=messages.c.said_at)).where(
        *_at(messages, open_kfid, external_userid), messages.c.counted, or_(messages.c.state == WAITING, left)
    )
    return tuple(conn.execute(query).scalars())


def strangers(conn: Connection, external_userids: Collection[str]) -> list[str]:
    """Those of whom nobody has read a profile yet."""
    known = (
        select(identities.c.value)
        .join(people, people.c.person_id == identities.c.person_id)
        .where(
            identities.c.kind == EXTERNAL_USERID,
            identities.c.value.in_(external_userids),
            people.c.synced_at.is_not(None),
        )
    )
    return sorted(set(external_userids) - {value for (value,) in conn.execute(known)})


def _at(table: Any, open_kfid: str, external_userid: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.open_kfid == open_kfid, table.c.external_userid == external_userid


def _one(open_kfid: str, msgid: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return messages.c.open_kfid == open_kfid, messages.c.msgid == msgid


def _ensure_session(conn: Connection, open_kfid: str, external_userid: str, at: int) -> int:
    """The person of a session, which is made when it is new."""
    person_id = ensure_person(conn, external_userid, at, how="kf")
    fresh = {"open_kfid": open_kfid, "external_userid": external_userid, "person_id": person_id}
    begins = {"service_state": 0, "servicer_userid": "", "customer_at": 0, "sends": 0, "scene": "", "scene_param": ""}
    conn.execute(insert_new(conn, KfSessions), {**fresh, **begins})
    return person_id


def _note_message(conn: Connection, cause: int, record: NoteKfMessage) -> None:
    person_id = _ensure_session(conn, record.open_kfid, record.external_userid, record.at)
    _put_message(conn, record, person_id, WAITING if record.origin == "bot" else "")


def _put_message(conn: Connection, record: NoteKfMessage, person_id: int, state: str, *, counted: bool = False) -> bool:
    """Whether the message is new."""
    row = {
        "open_kfid": record.open_kfid,
        "msgid": record.msgid,
        "external_userid": record.external_userid,
        "person_id": person_id,
        "origin": record.origin,
        "msgtype": record.msgtype,
        "text": str(record.text),
        "menu_id": record.menu_id,
        "media_id": record.media_id,
        "said_at": record.at,
        "state": state,
        "counted": counted,
        "reason": "",
        "recalled": False,
        "history": record.history,
    }
    return conn.execute(insert_new(conn, KfMessages), row).rowcount == 1


def _hear(conn: Connection, cause: int, record: HearKf) -> None:
    """A new window; older news than what opened the present one opens none."""
    _ensure_session(conn, record.open_kfid, record.external_userid, record.at)
    after = session(conn, record.open_kfid, record.external_userid).heard(record.at)
    opened = {"customer_at": after.customer_at, "sends": after.sends, "service_state": after.service_state}
    conn.execute(update(sessions).where(*_at(sessions, record.open_kfid, record.external_userid)).values(**opened))


def _spend(conn: Connection, cause: int, record: SpendKfSend) -> None:
    """One of the five.

    Raises:
        GuardFailedError: five are out already.
    """
    person_id = _ensure_session(conn, record.open_kfid, record.external_userid, record.at)
    noted = NoteKfMessage(
        open_kfid=record.open_kfid,
        external_userid=record.external_userid,
        msgid=record.msgid,
        origin="bot",
        msgtype=record.msgtype,
        at=record.at,
        text=record.text,
    )
    if not (_put_message(conn, noted, person_id, WAITING, counted=True) or _waits_again(conn, record)):
        return
    here = (*_at(sessions, record.open_kfid, record.external_userid), sessions.c.sends < SENDS_AT_MOST)
    if conn.execute(update(sessions).where(*here).values(sends=sessions.c.sends + 1)).rowcount != 1:
        raise GuardFailedError(record.msgid)


def _waits_again(conn: Connection, record: SpendKfSend) -> bool:
    """Whether the same message was tried before, and surely did not leave."""
    again = update(messages).where(*_one(record.open_kfid, record.msgid), messages.c.state.in_(NOT_SENT))
    return conn.execute(again.values(state=WAITING, said_at=record.at, reason="")).rowcount == 1


def _settled(conn: Connection, cause: int, record: NoteKfSettled) -> None:
    mine = (*_one(record.open_kfid, record.msgid), messages.c.state == WAITING)
    noted = update(messages).where(*mine).values(state=record.state, reason=record.reason, said_at=record.at)
    counted = conn.execute(noted.returning(messages.c.counted)).scalar()
    if counted and record.state in NOT_SENT:
        here = (*_at(sessions, record.open_kfid, record.external_userid), sessions.c.sends > 0)
        conn.execute(update(sessions).where(*here).values(sends=sessions.c.sends - 1))


def _failed(conn: Connection, cause: int, record: NoteKfFailed) -> None:
    conn.execute(
        update(messages).where(*_one(record.open_kfid, record.msgid)).values(state="failed", reason=record.reason)
    )
    if record.full:
        here = _at(sessions, record.open_kfid, record.external_userid)
        conn.execute(update(sessions).where(*here).values(sends=SENDS_AT_MOST))


def _entered(conn: Connection, cause: int, record: NoteKfEntered) -> None:
    _ensure_session(conn, record.open_kfid, record.external_userid, record.at)
    entered: dict[str, object] = {"entered_at": record.at}
    if record.scene:
        entered |= {"scene": record.scene, "scene_param": record.scene_param, "channel_id": record.channel_id}
    conn.execute(update(sessions).where(*_at(sessions, record.open_kfid, record.external_userid)).values(**entered))


def _save_state(conn: Connection, cause: int, record: SaveKfState) -> None:
    _ensure_session(conn, record.open_kfid, record.external_userid, record.at)
    held = {"service_state": record.service_state, "servicer_userid": record.servicer_userid}
    conn.execute(update(sessions).where(*_at(sessions, record.open_kfid, record.external_userid)).values(**held))


def _forget_text(conn: Connection, cause: int, record: ForgetKfText) -> None:
    gone = {"text": "", "media_id": None, "recalled": True}
    conn.execute(update(messages).where(*_one(record.open_kfid, record.msgid)).values(**gone))
    for name in (KfMessageReceived.__name__, KfServicerSpoke.__name__):
        _forget_event(conn, record, name)


def _forget_event(conn: Connection, record: ForgetKfText, name: str) -> None:
    """The event that brought the message lies in the inbox with its words."""
    cause = kf_accounts.message_cause(record.open_kfid, record.msgid)
    key = inbox.own_key(cause, name, customer_line(record.external_userid))
    row = conn.execute(select(inbox_rows.c.body).where(inbox_rows.c.key == key)).one_or_none()
    event = own_event(name, row[0]) if row else None
    if isinstance(event, KfMessageReceived):
        event = replace(event, text="", media_id=None)
    elif isinstance(event, KfServicerSpoke):
        event = replace(event, text="")
    if event:
        conn.execute(update(inbox_rows).where(inbox_rows.c.key == key).values(body=event_body(event)))


def _save_customer(conn: Connection, cause: int, record: SaveKfCustomer) -> None:
    person_id, told = ensure_person(conn, record.external_userid, record.at, how="kf"), record.profile
    if told.unionid:
        person_id = know_as(conn, person_id, "unionid", told.unionid, "kf/customer/batchget", record.at)
    facts = {"name": told.name, "avatar": told.avatar, "gender": told.gender, "synced_at": record.at}
    gaps = {name: func.coalesce(people.c[name], value) for name, value in facts.items()}
    conn.execute(update(people).where(people.c.person_id == person_id).values(gaps))


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    SpendKfSend: _spend,
    NoteKfMessage: _note_message,
    HearKf: _hear,
    NoteKfEntered: _entered,
    SaveKfState: _save_state,
    NoteKfSettled: _settled,
    NoteKfFailed: _failed,
    ForgetKfText: _forget_text,
    SaveKfCustomer: _save_customer,
}
