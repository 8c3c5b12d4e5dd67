"""The tags that customers carry, and who or what set them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, delete, func, select, tuple_, update

from bot.scrm.person import FollowInfo
from bot.scrm.records import Record, TagPerson
from bot.scrm.records.tags import UntagPerson
from bot.scrm.sync import UNSETTLED_SECONDS
from bot.scrm.tagging import NOBODY, WECOM, CarriedTag
from bot.store.tables import PersonTags, RemovedTags
from bot.store.upsert import columns, dialect_insert, insert_new, save

CHUNK = 500
"""Rows changed in one transaction: work over all customers must not hold others up."""

person_tags, removed = columns(PersonTags), columns(RemovedTags)

_CUSTOMER: BindParameter[str] = bindparam("customer")
_GUIDE: BindParameter[str] = bindparam("guide")
_CARRIED = (
    select(*(person_tags.c[name] for name in CarriedTag.__slots__))
    .where(person_tags.c.external_userid == _CUSTOMER)
    .order_by(person_tags.c.tag)
)
_WITHDRAWN = select(removed.c.userid, removed.c.tag).where(removed.c.external_userid == _CUSTOMER)
_REMOVED_OF = (removed.c.userid == _GUIDE, removed.c.external_userid == _CUSTOMER)
_REMOVED = select(removed.c.tag, removed.c.source, removed.c.removed_at).where(*_REMOVED_OF)
_CARRIED_AGAIN = delete(removed).where(*_REMOVED_OF, removed.c.tag == bindparam("carried"))
_FORGET_VANISHED = delete(person_tags).where(
    person_tags.c.userid == _GUIDE,
    person_tags.c.external_userid == _CUSTOMER,
    person_tags.c.shown,
    person_tags.c.tag.not_in(bindparam("seen", expanding=True)),
    person_tags.c.set_at < bindparam("settled"),
)


def carried(conn: Connection, external_userid: str) -> tuple[CarriedTag, ...]:
    """What a customer carries, with every guide."""
    rows = conn.execute(_CARRIED, {"customer": external_userid}).mappings()
    return tuple(CarriedTag(**row) for row in rows)


def withdrawn(conn: Connection, external_userid: str) -> tuple[tuple[str, str], ...]:
    """(userid, tag) of what we took off a customer and WeCom may still show."""
    return tuple((userid, tag) for userid, tag in conn.execute(_WITHDRAWN, {"customer": external_userid}))


def carriers(conn: Connection) -> dict[str, int]:
    """tag → how many people carry it."""
    query = select(person_tags.c.tag, func.count(person_tags.c.person_id.distinct())).group_by(person_tags.c.tag)
    return {tag: count for tag, count in conn.execute(query)}


_CARRIED_SINCE = (
    select(person_tags.c.external_userid, person_tags.c.tag, person_tags.c.set_at)
    .where(person_tags.c.tag == bindparam("carried"), person_tags.c.set_at <= bindparam("since"))
    .limit(bindparam("most"))
)


def expired(conn: Connection, tags: Mapping[str, int], now: int, limit: int) -> list[tuple[str, str, int]]:
    """(external_userid, tag, since when) of tags carried longer than allowed. `tags`: tag → seconds."""
    found: list[tuple[str, str, int]] = []
    for tag, seconds in tags.items():
        old = {"carried": tag, "since": now - seconds, "most": limit - len(found)}
        found += [(who, what, at) for who, what, at in conn.execute(_CARRIED_SINCE, old)]
        if len(found) >= limit:
            break
    return found


def tag_person(conn: Connection, person_id: int, record: TagPerson) -> None:
    """A tag, with its source; one that is there already keeps a hand's source, and is counted from now on."""
    row = _row(record.userid, record.external_userid, person_id, record.tag, record.source, record.at)
    conn.execute(_tag_person(conn.dialect.name), {**row, "shown": record.shown})
    tag = {"guide": record.userid, "customer": record.external_userid, "carried": record.tag}
    conn.execute(_CARRIED_AGAIN, tag)


@cache
def _tag_person(dialect: str) -> Any:
    statement = dialect_insert(dialect, person_tags)
    newer = statement.excluded.set_at
    return statement.on_conflict_do_update(
        index_elements=["userid", "external_userid", "tag"],
        set_={"set_at": newer},
        where=newer > person_tags.c.set_at,
    )


def untag_person(conn: Connection, cause: int, record: UntagPerson) -> None:
    """A tag goes; WeCom may still show it for a while, so its source is kept."""
    here = (*_pair(person_tags, record), person_tags.c.tag == record.tag)
    row = conn.execute(select(person_tags.c.source, person_tags.c.shown).where(*here)).one_or_none()
    conn.execute(delete(person_tags).where(*here))
    if row and row.shown and record.userid != NOBODY:
        key = {"userid": record.userid, "external_userid": record.external_userid, "tag": record.tag}
        save(conn, RemovedTags, list(key), {**key, "source": row.source, "removed_at": record.at})


def read_back(conn: Connection, person_id: int, external_userid: str, info: FollowInfo, at: int) -> None:
    """WeCom's word is final for the tags it hears of: new ones come in, vanished ones go. What we set stays ours."""
    shown = [path for _, path in info.tags]
    gone = _removed(conn, info.userid, external_userid)
    settling = {tag for tag, (_, removed_at) in gone.items() if removed_at >= at - UNSETTLED_SECONDS}
    rows = [
        _row(info.userid, external_userid, person_id, tag, gone[tag][0] if tag in gone else WECOM, at)
        for tag in shown
        if tag not in settling
    ]
    if rows:
        conn.execute(insert_new(conn, PersonTags), rows)
    if over := [tag for tag in gone if tag not in settling or tag not in shown]:
        mine = (removed.c.userid == info.userid, removed.c.external_userid == external_userid)
        conn.execute(delete(removed).where(*mine, removed.c.tag.in_(over)))
    _forget_vanished(conn, info.userid, external_userid, shown, at)


def _forget_vanished(conn: Connection, userid: str, external_userid: str, shown: list[str], at: int) -> None:
    here = {"guide": userid, "customer": external_userid}
    conn.execute(_FORGET_VANISHED, {**here, "seen": shown, "settled": at - UNSETTLED_SECONDS})


def rename(conn: Connection, was: str, now: str) -> int:
    """Change a tag's name for up to CHUNK customers; how many there were. What was set under the old name wins."""
    some = select(person_tags.c.userid, person_tags.c.external_userid).where(person_tags.c.tag == was).limit(CHUNK)
    pairs = [tuple(row) for row in conn.execute(some)]
    if not pairs:
        return 0
    among = tuple_(person_tags.c.userid, person_tags.c.external_userid).in_(pairs)
    conn.execute(delete(person_tags).where(person_tags.c.tag == now, among))
    return conn.execute(update(person_tags).where(person_tags.c.tag == was, among).values(tag=now)).rowcount


def forget(conn: Connection, tag: str) -> int:
    """Drop a tag from up to CHUNK customers; how many there were."""
    some = select(person_tags.c.userid, person_tags.c.external_userid).where(person_tags.c.tag == tag).limit(CHUNK)
    pairs = [tuple(row) for row in conn.execute(some)]
    if not pairs:
        return 0
    among = tuple_(person_tags.c.userid, person_tags.c.external_userid).in_(pairs)
    return conn.execute(delete(person_tags).where(person_tags.c.tag == tag, among)).rowcount


def _removed(conn: Connection, userid: str, external_userid: str) -> dict[str, tuple[str, int]]:
    """tag → (source, removed_at) of what we took away."""
    rows = conn.execute(_REMOVED, {"guide": userid, "customer": external_userid})
    return {tag: (source, at) for tag, source, at in rows}


def _row(userid: str, external_userid: str, person_id: int, tag: str, source: str, at: int) -> dict[str, object]:
    pair = {"userid": userid, "external_userid": external_userid, "person_id": person_id}
    return {**pair, "tag": tag, "source": source, "set_at": at}


def _pair(table: Any, record: TagPerson | UntagPerson) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.userid == record.userid, table.c.external_userid == record.external_userid


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {UntagPerson: untag_person}
