"""Customers, guides, and what lies between them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text

from bot.store.tables.columns import ROWID, Table, partial_index, personal, plain

ACTIVE = text("status = 'active'")


class People(Table, table=True):
    """One human."""

    __tablename__ = "people"
    __table_args__ = ({"sqlite_autoincrement": True},)
    person_id: int | None = plain(ROWID, default=None, primary_key=True)
    name: str | None = personal(default=None)
    avatar: str | None = personal(default=None)
    type: int | None = personal(default=None)
    gender: int | None = personal(default=None)
    corp_name: str | None = personal(default=None)
    created_at: int = plain(BigInteger)
    synced_at: int | None = plain(BigInteger, default=None)


class Identities(Table, table=True):
    """An id that a person is known by, and how we know."""

    __tablename__ = "identities"
    kind: str = plain(primary_key=True)
    value: str = personal(primary_key=True)
    person_id: int = plain(BigInteger, index=True)
    how: str = plain()
    known_at: int = plain(BigInteger)


class Members(Table, table=True):
    """A guide or another employee. `left_at`: when they left the corp; None: they are there."""

    __tablename__ = "members"
    userid: str = personal(primary_key=True)
    name: str | None = personal(default=None)
    seen_at: int = plain(BigInteger)
    left_at: int | None = plain(BigInteger, default=None)


class Follows(Table, table=True):
    """One guide and one customer."""

    __tablename__ = "follows"
    __table_args__ = (partial_index("follows_active", "userid", "status", where=ACTIVE),)
    userid: str = personal(primary_key=True)
    external_userid: str = personal(primary_key=True, index=True)
    person_id: int = plain(BigInteger, index=True)
    status: str = plain()
    state: str | None = plain(default=None)
    channel_id: str | None = plain(default=None, index=True)
    add_way: int | None = plain(default=None)
    remark: str | None = personal(default=None)
    description: str | None = personal(default=None)
    source: str = plain(begins="'callback'")
    added_at: int = plain(BigInteger)
    ended_at: int | None = plain(BigInteger, default=None)
    ended_by: str | None = plain(default=None)
    welcome: str | None = plain(default=None)
    welcome_reason: str = plain(default="")
    welcome_at: int | None = plain(BigInteger, default=None)
    version: int = plain(default=1)


class PersonTags(Table, table=True):
    """A tag that a guide's customer carries, and who or what set it. Not `shown`: WeCom never hears of it."""

    __tablename__ = "person_tags"
    __table_args__ = (Index("person_tags_tag", "tag", "set_at"),)
    userid: str = personal(primary_key=True)
    external_userid: str = personal(primary_key=True, index=True)
    tag: str = personal(primary_key=True)
    person_id: int = plain(BigInteger, index=True)
    source: str = plain()
    set_at: int = plain(BigInteger)
    shown: bool = plain(begins="true")


class Deliveries(Table, table=True):
    """One person reached by one action."""

    __tablename__ = "deliveries"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int | None = plain(ROWID, default=None, primary_key=True)
    person_id: int = plain(BigInteger, index=True)
    userid: str = personal()
    touchpoint: str = plain()
    cause: int = plain(BigInteger, unique=True)
    delivered_at: int = plain(BigInteger)


class Tasks(Table, table=True):
    """Something a guide should do."""

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("cause", "kind", "userid", "external_userid"), {"sqlite_autoincrement": True})
    id: int | None = plain(ROWID, default=None, primary_key=True)
    cause: int = plain(BigInteger)
    kind: str = plain()
    userid: str = personal(index=True)
    external_userid: str = personal(index=True)
    reason: str = plain(default="")
    ready_text: str = personal(Text, default="")
    state: str = plain(default="open")
    created_at: int = plain(BigInteger)
