"""Customers on their way from one guide to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, case, or_, select, update

from bot.scrm.records import Record
from bot.scrm.records.transfers import MoveGroups, NoteTransfers, SettleTransfer
from bot.store.people import follows
from bot.store.tables.groups import GroupChats
from bot.store.tables.transfers import Transfers
from bot.store.upsert import columns, insert

transfers, chats = columns(Transfers), columns(GroupChats)


class Waiting(NamedTuple):
    """Two members between whom somebody is still on the way."""

    handover: str
    takeover: str
    resigned: bool


_PAIRS = (
    select(transfers.c.handover, transfers.c.takeover, transfers.c.resigned)
    .where(transfers.c.state == "waiting")
    .distinct()
)


def waiting(conn: Connection) -> list[Waiting]:
    """Between whom results are still to come."""
    return [Waiting(*row) for row in conn.execute(_PAIRS)]


def waiting_customers(conn: Connection, handover: str, takeover: str) -> set[str]:
    """Who is on the way between two members."""
    query = select(transfers.c.external_userid).where(
        transfers.c.state == "waiting", transfers.c.handover == handover, transfers.c.takeover == takeover
    )
    return set(conn.execute(query).scalars())


def overdue(conn: Connection, handover: str, takeover: str, asked_before: int) -> list[str]:
    """Who is on the way between two members since before an instant."""
    pair = (transfers.c.handover == handover, transfers.c.takeover == takeover, transfers.c.state == "waiting")
    query = select(transfers.c.external_userid).where(*pair, transfers.c.asked_at < asked_before)
    return list(conn.execute(query.order_by(transfers.c.external_userid)).scalars())


_WAITING = (
    select(transfers.c.state)
    .where(transfers.c.external_userid == bindparam("customer"), transfers.c.takeover == bindparam("to"))
    .where(transfers.c.state == "waiting")
    .limit(1)
)


def is_waiting(conn: Connection, takeover: str, external_userid: str) -> bool:
    """Whether a customer is on the way to a member."""
    return conn.scalar(_WAITING, {"customer": external_userid, "to": takeover}) is not None


def next_customers(conn: Connection, userid: str, after: str, limit: int) -> list[str]:
    """A member's customers, as we know them, behind `after`."""
    query = select(follows.c.external_userid).where(
        follows.c.userid == userid, follows.c.status == "active", follows.c.external_userid > after
    )
    return list(conn.execute(query.order_by(follows.c.external_userid).limit(limit)).scalars())


def note(conn: Connection, record: NoteTransfers) -> None:
    """Where transfers stand now."""
    pair = {"handover": record.handover, "takeover": record.takeover, "resigned": record.resigned}
    rows = [
        {
            **pair,
            "external_userid": external_userid,
            "state": state,
            "errcode": errcode,
            "asked_at": record.at,
            "settled_at": None if state == "waiting" else record.at,
        }
        for external_userid, state, errcode in record.stands
    ]
    if not rows:
        return
    statement = insert(conn, Transfers)
    fresh = {name: statement.excluded[name] for name in ("resigned", "state", "errcode", "settled_at")}
    begins = statement.excluded.state == "waiting"
    fresh["asked_at"] = case((begins, statement.excluded.asked_at), else_=transfers.c.asked_at)
    conn.execute(
        statement.on_conflict_do_update(index_elements=["handover", "takeover", "external_userid"], set_=fresh), rows
    )


def settle(conn: Connection, record: SettleTransfer) -> None:
    """A callback said how it ended."""
    either = or_(transfers.c.takeover == record.userid, transfers.c.handover == record.userid)
    here = (transfers.c.external_userid == record.external_userid, either)
    over = update(transfers).where(*here, transfers.c.state == "waiting")
    conn.execute(over.values(state=record.state, settled_at=record.at))


def move_groups(conn: Connection, record: MoveGroups) -> None:
    """Groups have a new owner."""
    conn.execute(update(chats).where(chats.c.chat_id.in_(record.chat_ids)).values(owner=record.owner))


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    NoteTransfers: lambda conn, _, record: note(conn, record),
    SettleTransfer: lambda conn, _, record: settle(conn, record),
    MoveGroups: lambda conn, _, record: move_groups(conn, record),
}
