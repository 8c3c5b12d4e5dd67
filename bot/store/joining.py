"""Two persons turn out to be one human: the one known longer stays, and takes over all that the other had."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Delete,
    Table,
    UniqueConstraint,
    Update,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)

from bot.store.tables import AudienceRuns, Identities, People, Preferences, metadata
from bot.store.upsert import columns, insert_new
from bot.store.wishes import gives_way

people, identities = columns(People), columns(Identities)
preferences, runs = columns(Preferences), columns(AudienceRuns)

PERSON, PLANNED_AS = "person_id", "planned_as"


def know_as(conn: Connection, person_id: int, kind: str, value: str, how: str, at: int) -> int:
    """Note an id of a person. When it is somebody else's already, the two are one; the person_id that stays."""
    row = {"kind": kind, "value": value, "person_id": person_id, "how": how, "known_at": at}
    conn.execute(insert_new(conn, Identities), row)
    known = (identities.c.kind == kind, identities.c.value == value)
    owner: int = conn.execute(select(identities.c.person_id).where(*known)).scalar_one()
    return person_id if owner == person_id else join(conn, owner, person_id)


def join(conn: Connection, one: int, other: int) -> int:
    """Make one person of two; the person_id that stays: the older one."""
    kept, gone = min(one, other), max(one, other)
    # Whoever plans keeps touches beside us (PostgreSQL): after those that are being kept, and before any more.
    conn.execute(select(runs.c.key).where(runs.c.done_at.is_(None)).order_by(runs.c.key).with_for_update())
    for statement in _moves():
        conn.execute(statement, {"kept": kept, "gone": gone})
    _fill_gaps(conn, kept, gone)
    conn.execute(delete(people).where(people.c.person_id == gone))
    return kept


@cache
def _moves() -> tuple[Delete | Update, ...]:
    """What moves all that a person has; made once, for a page of customers may join a person each."""
    tables = (table for table in metadata.sorted_tables if PERSON in table.c and table is not people)
    return (_outspoken(), *(statement for table in tables for statement in _moves_of(table)))


def _outspoken() -> Delete:
    """What the older one said of a topic gives way as if one person had said both."""
    theirs = preferences.alias()
    said = (theirs.c[PERSON] == bindparam("gone"), theirs.c.topic == preferences.c.topic)
    stronger = exists(select(1).where(*said, gives_way(preferences.c, theirs.c)))
    return delete(preferences).where(preferences.c[PERSON] == bindparam("kept"), stronger)


def _moves_of(table: Table) -> Iterator[Delete | Update]:
    """What can be there only once for a person stays as the older one has it."""
    twin = table.alias()
    mine = table.c[PERSON] == bindparam("gone")
    for others in _unique_by_person(table):
        same = exists(select(1).where(twin.c[PERSON] == bindparam("kept"), *(twin.c[c.name] == c for c in others)))
        yield delete(table).where(mine, same)
    # A mass send that was made already, or is about to be, keeps its people.
    as_planned = {PLANNED_AS: func.coalesce(table.c[PLANNED_AS], table.c[PERSON])} if PLANNED_AS in table.c else {}
    yield update(table).where(mine).values({PERSON: bindparam("kept"), **as_planned})


def _unique_by_person(table: Table) -> Iterator[list[Column[Any]]]:
    """For each key that a person is part of: its other columns."""
    keys = [table.primary_key, *(c for c in table.constraints if isinstance(c, UniqueConstraint))]
    for key in keys:
        if PERSON in key.columns:
            yield [c for c in key.columns if c.name != PERSON]


def _fill_gaps(conn: Connection, kept: int, gone: int) -> None:
    """What the older one is not known to be, the younger one may be."""
    row = conn.execute(select(people).where(people.c.person_id == gone)).mappings().one_or_none()
    facts = ("name", "avatar", "type", "gender", "corp_name", "synced_at")
    if row:
        filled = {name: func.coalesce(people.c[name], row[name]) for name in facts}
        conn.execute(update(people).where(people.c.person_id == kept).values(filled))
