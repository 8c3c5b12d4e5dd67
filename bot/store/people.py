"""People, the ids they are known by, and the guides who know them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, update

from bot.scrm.person import Follow, FollowInfo, Member, Person, Profile
from bot.scrm.records import (
    EndFollow,
    NoteMemberLeft,
    NoteWelcome,
    Record,
    SaveCustomer,
    SaveMember,
    StartFollow,
    TagPerson,
)
from bot.scrm.sync import UNSETTLED_SECONDS
from bot.store import relations, tags
from bot.store.joining import know_as
from bot.store.tables import Follows, Identities, Members, People, PersonTags
from bot.store.tombstones import EXTERNAL_USERID, ErasedError, erased_at
from bot.store.upsert import columns, insert_new, save

people, identities = columns(People), columns(Identities)
follows, members, person_tags = columns(Follows), columns(Members), columns(PersonTags)

_PERSON = (
    select(people.c.person_id, people.c.name)
    .join(identities, identities.c.person_id == people.c.person_id)
    .where(identities.c.kind == EXTERNAL_USERID, identities.c.value == bindparam("customer"))
)
_PAIR = (follows.c.userid == bindparam("guide"), follows.c.external_userid == bindparam("customer"))
_FOLLOW = select(*(follows.c[name] for name in Follow.__slots__)).where(*_PAIR)
_FOLLOW_COUNT = select(func.count()).select_from(follows).where(follows.c.external_userid == bindparam("customer"))
_MEMBER = select(members.c.userid, members.c.name).where(members.c.userid == bindparam("guide"))
_NOTE_WELCOME = (
    update(follows)
    .where(*_PAIR)
    .values(welcome=bindparam("new_state"), welcome_reason=bindparam("why"), welcome_at=bindparam("noted_at"))
)
_RELATION = (follows.c.userid, follows.c.external_userid, follows.c.person_id, follows.c.channel_id)
_PROFILE = ("name", "avatar", "type", "gender", "corp_name")
_SAVE_PROFILE = (
    update(people)
    .where(people.c.person_id == bindparam("whose"))
    .values({name: bindparam(name) for name in (*_PROFILE, "synced_at")})
)
_INFO = ("remark", "description", "add_way", "state")
_SAVE_INFO = update(follows).where(*_PAIR).values({name: bindparam(name) for name in _INFO})
_COME_BACK = (
    update(follows)
    .where(*_PAIR, follows.c.status == "ended", follows.c.ended_at < bindparam("again_at"))
    .values(status="active", added_at=bindparam("again_at"), ended_at=None, ended_by=None)
    .values(version=follows.c.version + 1)
)
_END_UNLISTED = (
    update(follows)
    .where(
        follows.c.external_userid == bindparam("customer"),
        follows.c.userid.not_in(bindparam("listed", expanding=True)),
        follows.c.status == "active",
        follows.c.added_at < bindparam("settled"),
    )
    .values(status="ended", ended_by="member", ended_at=bindparam("noted_at"), version=follows.c.version + 1)
    .returning(*_RELATION)
)
_NEW_PERSON = people.insert().values(created_at=bindparam("made_at")).returning(people.c.person_id)


class GuardFailedError(Exception):
    """The world moved on since the decision was made: decide again."""


def person(conn: Connection, external_userid: str) -> Person | None:
    """Who a customer id belongs to."""
    row = conn.execute(_PERSON, {"customer": external_userid}).one_or_none()
    return None if row is None else Person(*row)


def follow(conn: Connection, userid: str, external_userid: str) -> Follow | None:
    """The relation of one guide and one customer."""
    row = conn.execute(_FOLLOW, _pair_of(userid, external_userid)).mappings().one_or_none()
    return None if row is None else Follow(**row)


def follow_count(conn: Connection, external_userid: str) -> int:
    """How many guides have or had a customer."""
    return conn.execute(_FOLLOW_COUNT, {"customer": external_userid}).scalar_one()


def member(conn: Connection, userid: str) -> Member | None:
    """A member we have seen."""
    row = conn.execute(_MEMBER, {"guide": userid}).one_or_none()
    return None if row is None else Member(*row)


def start_follow(conn: Connection, record: StartFollow) -> None:
    """A relation begins, or begins again.

    Raises:
        GuardFailedError: the follow is not the one the decision was made on.
    """
    person_id = ensure_person(conn, record.external_userid, record.added_at)
    before = follow(conn, record.userid, record.external_userid)
    begins = before is None or before.status == "ended"
    begun = {
        "status": record.status,
        "state": record.state,
        "channel_id": record.channel_id,
        "source": record.source,
        "added_at": record.added_at,
        "ended_at": None,
        "ended_by": None,
    }
    if record.expected_version is None:
        fresh = {"userid": record.userid, "external_userid": record.external_userid, "person_id": person_id}
        changed = conn.execute(
            insert_new(conn, Follows), {**fresh, **begun, "welcome_reason": "", "version": 1}
        ).rowcount
    else:
        same = (*_pair(record.userid, record.external_userid), follows.c.version == record.expected_version)
        changed = conn.execute(update(follows).where(*same).values(**begun, version=follows.c.version + 1)).rowcount
    if changed != 1:
        raise GuardFailedError(record.userid)
    if begins:
        relation = (record.userid, record.external_userid, person_id, record.channel_id)
        what = "taken" if record.source == "transfer" else "added"
        relations.note(conn, what, record.added_at, [relation])


def end_follow(conn: Connection, record: EndFollow) -> None:
    """A relation ends.

    Raises:
        GuardFailedError: the follow is not the one the decision was made on.
    """
    same = (*_pair(record.userid, record.external_userid), follows.c.version == record.expected_version)
    ended = {"status": "ended", "ended_by": record.ended_by, "ended_at": record.ended_at}
    parted = conn.execute(
        update(follows).where(*same).values(**ended, version=follows.c.version + 1).returning(*_RELATION)
    )
    rows = [tuple(row) for row in parted]
    if len(rows) != 1:
        raise GuardFailedError(record.userid)
    relations.note(conn, relations.ENDED[record.ended_by], record.ended_at, rows)


def note_welcome(conn: Connection, record: NoteWelcome) -> None:
    """Where the welcome of a relation stands."""
    noted = {"new_state": record.state, "why": record.reason, "noted_at": record.at}
    conn.execute(_NOTE_WELCOME, {**_pair_of(record.userid, record.external_userid), **noted})


def tag_person(conn: Connection, record: TagPerson) -> None:
    """A tag, with its source; one that is there already keeps the source it had."""
    tags.tag_person(conn, ensure_person(conn, record.external_userid, record.at), record)


def save_member(conn: Connection, record: SaveMember) -> None:
    """A member, keeping the known name when none is given."""
    values: dict[str, object] = {"userid": record.userid, "seen_at": record.at}
    if record.name is not None:
        values["name"] = record.name
    save(conn, Members, ["userid"], values)


def note_member_left(conn: Connection, record: NoteMemberLeft) -> None:
    """A member who is gone, or back."""
    values = {"userid": record.userid, "seen_at": record.at, "left_at": record.at if record.left else None}
    save(conn, Members, ["userid"], values)


_LEFT_THE_CORP = select(members.c.userid).where(members.c.left_at.is_not(None))


def left_the_corp(conn: Connection) -> frozenset[str]:
    """Members who have left the corp."""
    return frozenset(conn.scalars(_LEFT_THE_CORP))


def save_customer(conn: Connection, record: SaveCustomer) -> None:
    """The truth about a customer: profile, ids, remarks, and the corp tags that are set."""
    person_id = ensure_person(conn, record.external_userid, record.at)
    _save_profile(conn, person_id, record.profile, record.at)
    if record.profile.unionid:
        person_id = know_as(conn, person_id, "unionid", record.profile.unionid, "externalcontact/get", record.at)
    for info in record.follows:
        _save_follow_info(conn, person_id, record.external_userid, info)
        tags.read_back(conn, person_id, record.external_userid, info, record.at)
    _end_unlisted(conn, record)


def ensure_person(conn: Connection, external_userid: str, at: int, how: str = "callback") -> int:
    """The person behind a customer id, made now when nobody knew them. `how`: we came to know.

    Raises:
        ErasedError: they asked to be forgotten.
    """
    known = person(conn, external_userid)
    if known:
        return known.person_id
    if erased_at(conn, external_userid) is not None:
        raise ErasedError
    person_id: int = conn.execute(_NEW_PERSON, {"made_at": at}).scalar_one()
    if _identify(conn, person_id, EXTERNAL_USERID, external_userid, how, at):
        return person_id
    # Another transaction made the person meanwhile (PostgreSQL): theirs it is, ours never was.
    conn.execute(delete(people).where(people.c.person_id == person_id))
    return ensure_person(conn, external_userid, at, how)


def tags_of(conn: Connection, external_userid: str) -> list[tuple[str, str, str]]:
    """A customer's tags as (userid, tag, source)."""
    query = select(person_tags.c.userid, person_tags.c.tag, person_tags.c.source)
    rows = conn.execute(query.where(person_tags.c.external_userid == external_userid).order_by(person_tags.c.tag))
    return [(userid, tag, source) for userid, tag, source in rows]


def receptions(conn: Connection) -> dict[tuple[str | None, str], int]:
    """How many relations stand where with their welcome: (state, reason) → count."""
    query = select(follows.c.welcome, follows.c.welcome_reason, func.count()).group_by(
        follows.c.welcome, follows.c.welcome_reason
    )
    return {(state, reason): count for state, reason, count in conn.execute(query)}


def _pair(userid: str, external_userid: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return follows.c.userid == userid, follows.c.external_userid == external_userid


def _pair_of(userid: str, external_userid: str) -> dict[str, str]:
    return {"guide": userid, "customer": external_userid}


def _identify(conn: Connection, person_id: int, kind: str, value: str, how: str, at: int) -> bool:
    """Note an id of a person; False when it is known already, whoever's it is."""
    row = {"kind": kind, "value": value, "person_id": person_id, "how": how, "known_at": at}
    return conn.execute(insert_new(conn, Identities), row).rowcount == 1


def _save_profile(conn: Connection, person_id: int, profile: Profile, at: int) -> None:
    known = {name: getattr(profile, name) for name in _PROFILE}
    conn.execute(_SAVE_PROFILE, {**known, "whose": person_id, "synced_at": at})


def _save_follow_info(conn: Connection, person_id: int, external_userid: str, info: FollowInfo) -> None:
    known = {name: getattr(info, name) for name in _INFO}
    fresh = {"userid": info.userid, "external_userid": external_userid, "person_id": person_id, "status": "active"}
    row = {**fresh, **known, "added_at": info.added_at, "welcome_reason": "", "version": 1}
    new = conn.execute(insert_new(conn, Follows), row).rowcount == 1
    if not new:
        conn.execute(_SAVE_INFO, {**_pair_of(info.userid, external_userid), **known})
    back = {**_pair_of(info.userid, external_userid), "again_at": info.added_at}
    back_again = conn.execute(_COME_BACK, back).rowcount
    if new or back_again:
        relations.note(conn, "added", info.added_at, [(info.userid, external_userid, person_id, None)])


def _end_unlisted(conn: Connection, record: SaveCustomer) -> None:
    """A relation that WeCom does not list has ended, though nobody told us; a very young one may not be listed yet."""
    gone = {
        "customer": record.external_userid,
        "listed": [info.userid for info in record.follows],
        "settled": record.at - UNSETTLED_SECONDS,
        "noted_at": record.at,
    }
    parted = conn.execute(_END_UNLISTED, gone)
    relations.note(conn, "removed", record.at, [tuple(row) for row in parted])


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    StartFollow: lambda conn, _, record: start_follow(conn, record),
    EndFollow: lambda conn, _, record: end_follow(conn, record),
    NoteWelcome: lambda conn, _, record: note_welcome(conn, record),
    TagPerson: lambda conn, _, record: tag_person(conn, record),
    SaveMember: lambda conn, _, record: save_member(conn, record),
    NoteMemberLeft: lambda conn, _, record: note_member_left(conn, record),
    SaveCustomer: lambda conn, _, record: save_customer(conn, record),
}
