"""Customer groups: the newest reading wins, whatever the order in which answers arrive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from bot.scrm.group import Group, GroupSnapshot, Seat
from bot.scrm.records import Record
from bot.scrm.records.groups import DismissGroup, NoteGroupLeft, SaveGroupWelcome
from bot.store.people import identities
from bot.store.tables.groups import GroupChats, GroupMembers, GroupWelcomes
from bot.store.tombstones import EXTERNAL_USERID, erased_among
from bot.store.upsert import columns, insert_new, save

chats, seats, welcomes = columns(GroupChats), columns(GroupMembers), columns(GroupWelcomes)

_LEAVE = (
    update(seats)
    .where(seats.c.chat_id == bindparam("chat"), seats.c.member_id == bindparam("who"), seats.c.left_at.is_(None))
    .values(left_at=bindparam("at"), left_scene=bindparam("scene"))
)
SEAT = ("kind", "joined_at", "join_scene", "invitor", "state")
_SIT = (
    update(seats)
    .where(seats.c.chat_id == bindparam("chat"), seats.c.member_id == bindparam("who"))
    .values({name: bindparam(f"new_{name}") for name in SEAT} | {"left_at": None, "left_scene": None})
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a reading changed. `first`: there was none before it."""

    first: bool
    joined: tuple[Seat, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptWelcome:
    """A group welcome as it was kept last; without a `template_id` nobody knows whether it was made."""

    template_id: str
    digest: str


_GROUP = select(*(chats.c[name] for name in Group.__slots__)).where(chats.c.chat_id == bindparam("chat"))


def group(conn: Connection, chat_id: str) -> Group | None:
    """One group."""
    row = conn.execute(_GROUP, {"chat": chat_id}).mappings().one_or_none()
    return None if row is None else Group(**row)


_JOINED = (
    select(chats.c.chat_id, chats.c.name)
    .join(seats, seats.c.chat_id == chats.c.chat_id)
    .where(seats.c.member_id == bindparam("customer"), seats.c.left_at.is_(None), chats.c.state == "active")
)


def joined_by(conn: Connection, external_userid: str) -> frozenset[str]:
    """The names and chat_ids of the groups that a customer is in."""
    return frozenset(word for row in conn.execute(_JOINED, {"customer": external_userid}) for word in row if word)


def owned(conn: Connection, owner: str) -> list[str]:
    """The groups of an owner that are still there."""
    query = select(chats.c.chat_id).where(chats.c.owner == owner, chats.c.state == "active").order_by(chats.c.chat_id)
    return list(conn.execute(query).scalars())


def unread(conn: Connection, owner: str, since_at: int, limit: int) -> list[str]:
    """The groups of an owner that are still there by what we know, and were not read since."""
    query = select(chats.c.chat_id).where(chats.c.owner == owner, chats.c.state == "active", chats.c.read_at < since_at)
    return list(conn.execute(query.order_by(chats.c.chat_id).limit(limit)).scalars())


_KNOWN = select(chats).where(chats.c.chat_id == bindparam("chat"))


def save_group(conn: Connection, snapshot: GroupSnapshot) -> Change | None:
    """Keep what was read, and say what is new; None when something newer is known."""
    row = conn.execute(_KNOWN, {"chat": snapshot.chat_id}).mappings().one_or_none()
    if row and (row["read_at"], row["read_no"]) >= (snapshot.read_at, snapshot.read_no):
        return None
    save(conn, GroupChats, ["chat_id"], _group_row(snapshot))
    erased = erased_among(conn, [seat.member_id for seat in snapshot.seats])
    inside = {seat.member_id: seat for seat in snapshot.seats if seat.member_id not in erased}
    known = _seats(conn, snapshot.chat_id)
    joined = [seat for id_, seat in inside.items() if _is_news(known.get(id_), seat, snapshot.read_at)]
    left = [id_ for id_, seat in known.items() if seat["left_at"] is None and id_ not in inside]
    _sit(conn, snapshot.chat_id, joined, known)
    _know_persons(conn, snapshot.chat_id)
    if left:
        gone = {"chat": snapshot.chat_id, "at": snapshot.read_at, "scene": None}
        conn.execute(_LEAVE, [{**gone, "who": id_} for id_ in left])
    return Change(first=row is None, joined=tuple(joined), left=tuple(left))


def note_left(conn: Connection, record: NoteGroupLeft) -> None:
    """A callback named those who left, and how."""
    gone = {"chat": record.chat_id, "at": record.at, "scene": record.scene}
    known = _seats(conn, record.chat_id)
    rows = [{**gone, "who": id_} for id_ in record.member_ids if id_ in known and known[id_]["joined_at"] <= record.at]
    if rows:
        conn.execute(_LEAVE, rows)


def dismiss(conn: Connection, record: DismissGroup) -> None:
    """The group is no more, and nobody is in it; what was read before is late."""
    here = chats.c.chat_id == record.chat_id
    conn.execute(update(chats).where(here).values(state="dismissed", read_at=record.at, read_no=2**62))
    still = update(seats).where(seats.c.chat_id == record.chat_id, seats.c.left_at.is_(None))
    conn.execute(still.values(left_at=record.at))


def kept_welcome(conn: Connection, welcome_id: str) -> KeptWelcome | None:
    """A group welcome that we made, or may have made."""
    query = select(welcomes.c.template_id, welcomes.c.digest).where(welcomes.c.welcome_id == welcome_id)
    row = conn.execute(query).one_or_none()
    return None if row is None else KeptWelcome(*row)


def save_welcome(conn: Connection, record: SaveGroupWelcome) -> None:
    """A group welcome's template_id; an empty one says that it is being made."""
    row = {"template_id": record.template_id, "digest": record.digest, "kept_at": record.at}
    save(conn, GroupWelcomes, ["welcome_id"], {"welcome_id": record.welcome_id, **row})


def forget_welcome(conn: Connection, welcome_id: str) -> None:
    """It was surely not made."""
    conn.execute(welcomes.delete().where(welcomes.c.welcome_id == welcome_id, welcomes.c.template_id == ""))


def _group_row(snapshot: GroupSnapshot) -> dict[str, object]:
    names = ("chat_id", "name", "owner", "notice", "created_at", "member_version", "read_at", "read_no")
    return {name: getattr(snapshot, name) for name in names} | {"state": "active"}


_SEATS = select(seats).where(seats.c.chat_id == bindparam("chat"))


def _seats(conn: Connection, chat_id: str) -> dict[str, RowMapping]:
    rows = conn.execute(_SEATS, {"chat": chat_id}).mappings()
    return {row["member_id"]: row for row in rows}


def _is_news(known: RowMapping | None, seat: Seat, read_at: int) -> bool:
    """Whether somebody came, or came back; who left after this was read is gone."""
    if known is None:
        return True
    if known["left_at"] is not None:
        return bool(known["left_at"] <= read_at or seat.joined_at > known["left_at"])
    return bool(known["joined_at"] != seat.joined_at)


def _sit(conn: Connection, chat_id: str, joined: list[Seat], known: dict[str, RowMapping]) -> None:
    again = [seat for seat in joined if seat.member_id in known]
    fresh = [seat for seat in joined if seat.member_id not in known]
    if again:
        conn.execute(_SIT, [_as_new(s) | {"chat": chat_id, "who": s.member_id} for s in again])
    if fresh:
        rows = [{name: getattr(s, name) for name in ("member_id", *SEAT)} | {"chat_id": chat_id} for s in fresh]
        conn.execute(insert_new(conn, GroupMembers), rows)


def _as_new(seat: Seat) -> dict[str, object]:
    return {f"new_{name}": getattr(seat, name) for name in SEAT}


_WHOSE = select(identities.c.person_id).where(
    identities.c.kind == EXTERNAL_USERID, identities.c.value == seats.c.member_id
)
_KNOW_PERSONS = (
    update(seats)
    .where(seats.c.chat_id == bindparam("chat"), seats.c.kind == "customer", seats.c.person_id.is_(None))
    .values(person_id=_WHOSE.scalar_subquery())
)


def _know_persons(conn: Connection, chat_id: str) -> None:
    """Whose seats these are; many come into a group first, and become a guide's customer later."""
    conn.execute(_KNOW_PERSONS, {"chat": chat_id})


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    NoteGroupLeft: lambda conn, _, record: note_left(conn, record),
    DismissGroup: lambda conn, _, record: dismiss(conn, record),
    SaveGroupWelcome: lambda conn, _, record: save_welcome(conn, record),
}
