"""The schema. Every column says whether it holds something about a person (a test refuses one that does not).

A table's row never leaves bot.store: functions return plain values. A change here needs a migration in
`migrations/versions` (a test compares the two).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

ROWID = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only when the key is spelt INTEGER."""


WAITING, CLAIMABLE = text("state = 'waiting'"), text("not_before_at IS NOT NULL")


def plain(type_: Any = None, **options: Any) -> Any:
    """A column that says nothing about a person."""
    return _column(type_, personal=False, **options)


def personal(type_: Any = None, **options: Any) -> Any:
    """A column about a person: erased on request, never logged, bounded by `retention`."""
    return _column(type_, personal=True, **options)


def _column(type_: Any, *, personal: bool, begins: str | None = None, **options: Any) -> Any:
    """`begins`: the value, as SQL, that the database itself gives a new row."""
    if type_ is not None:
        options["sa_type"] = type_
    more = {} if begins is None else {"server_default": text(begins)}
    return Field(sa_column_kwargs={"info": {"personal": personal}, **more}, **options)


class Inbox(SQLModel, table=True):
    """A row that an event waits in."""

    __tablename__ = "inbox"
    __table_args__ = (Index("inbox_waiting", "id", sqlite_where=WAITING, postgresql_where=WAITING),)
    id: int | None = plain(ROWID, default=None, primary_key=True)
    key: bytes = plain(LargeBinary(21), unique=True)
    app: str = plain()
    name: str = plain()
    line: str = personal()
    body: str = personal(Text)
    welcome_code: str | None = personal(default=None)
    received_at: int = plain(BigInteger)
    deliveries: int = plain()
    state: str = plain(begins="'waiting'")
    run: int = plain(begins="0")
    attempts: int = plain(begins="0")
    failed_at: int | None = plain(BigInteger, default=None)
    retry_at: int = plain(BigInteger, begins="0")
    done_at: int | None = plain(BigInteger, default=None)
    marked: bool = plain(begins="false")
    reason: str = personal(Text, begins="''")


class Outbox(SQLModel, table=True):
    """A row that an action waits in. Claimable while `not_before_at` is set; a settled row has none."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "outbox_due",
            "due_at",
            "priority",
            "id",
            sqlite_where=CLAIMABLE,
            postgresql_where=CLAIMABLE,
        ),
        Index("outbox_state", "state", "id"),
    )
    id: int | None = plain(ROWID, default=None, primary_key=True)
    key: str = personal(unique=True)
    cause: int = plain(BigInteger, index=True)
    kind: str = plain()
    line: str | None = personal(default=None)
    payload: dict[str, Any] = personal(JSON)
    state: str = plain(default="pending")
    due_at: int = plain(BigInteger)
    priority: int = plain()
    not_before_at: int | None = plain(BigInteger, default=0)
    not_after_at: int | None = plain(BigInteger, default=None)
    attempts: int = plain(default=0)
    in_doubt: bool = plain(default=False)
    created_at: int = plain(BigInteger)
    settled_at: int | None = plain(BigInteger, default=None)
    errcode: int | None = plain(default=None)
    reason: str = personal(Text, default="")


class People(SQLModel, table=True):
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


class Identities(SQLModel, table=True):
    """An id that a person is known by, and how we know."""

    __tablename__ = "identities"
    kind: str = plain(primary_key=True)
    value: str = personal(primary_key=True)
    person_id: int = plain(BigInteger, index=True)
    how: str = plain()
    known_at: int = plain(BigInteger)


class Members(SQLModel, table=True):
    """A guide or another employee."""

    __tablename__ = "members"
    userid: str = personal(primary_key=True)
    name: str | None = personal(default=None)
    seen_at: int = plain(BigInteger)


class Follows(SQLModel, table=True):
    """One guide and one customer."""

    __tablename__ = "follows"
    userid: str = personal(primary_key=True)
    external_userid: str = personal(primary_key=True, index=True)
    person_id: int = plain(BigInteger, index=True)
    status: str = plain()
    state: str | None = plain(default=None)
    channel_id: str | None = plain(default=None, index=True)
    add_way: int | None = plain(default=None)
    remark: str | None = personal(default=None)
    description: str | None = personal(default=None)
    added_at: int = plain(BigInteger)
    ended_at: int | None = plain(BigInteger, default=None)
    ended_by: str | None = plain(default=None)
    welcome: str | None = plain(default=None)
    welcome_reason: str = plain(default="")
    welcome_at: int | None = plain(BigInteger, default=None)
    version: int = plain(default=1)


class PersonTags(SQLModel, table=True):
    """A tag that a guide's customer carries, and who or what set it."""

    __tablename__ = "person_tags"
    userid: str = personal(primary_key=True)
    external_userid: str = personal(primary_key=True)
    tag: str = personal(primary_key=True)
    person_id: int = plain(BigInteger, index=True)
    source: str = plain()
    set_at: int = plain(BigInteger)


class CorpTags(SQLModel, table=True):
    """The corp's tag library, mirrored."""

    __tablename__ = "corp_tags"
    __table_args__ = (UniqueConstraint("group_name", "name"),)
    tag_id: str = plain(primary_key=True)
    group_id: str = plain()
    group_name: str = plain()
    name: str = plain()


class Channels(SQLModel, table=True):
    """A channel's contact way."""

    __tablename__ = "channels"
    channel_id: str = plain(primary_key=True)
    config_id: str = plain()
    qr_code: str = plain()
    userids: list[str] = personal(JSON)
    kept_at: int = plain(BigInteger)


class Media(SQLModel, table=True):
    """A file's media_id at WeCom."""

    __tablename__ = "media"
    path: str = plain(primary_key=True)
    sha256: str = plain()
    media_id: str = plain()
    uploaded_at: int = plain(BigInteger)


class Deliveries(SQLModel, table=True):
    """One person reached by one action."""

    __tablename__ = "deliveries"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int | None = plain(ROWID, default=None, primary_key=True)
    person_id: int = plain(BigInteger, index=True)
    userid: str = personal()
    touchpoint: str = plain()
    cause: int = plain(BigInteger, unique=True)
    delivered_at: int = plain(BigInteger)


class Tasks(SQLModel, table=True):
    """Something a guide should do."""

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("cause", "kind", "userid"), {"sqlite_autoincrement": True})
    id: int | None = plain(ROWID, default=None, primary_key=True)
    cause: int = plain(BigInteger)
    kind: str = plain()
    userid: str = personal(index=True)
    external_userid: str = personal()
    reason: str = plain(default="")
    ready_text: str = personal(Text, default="")
    state: str = plain(default="open")
    created_at: int = plain(BigInteger)


metadata = SQLModel.metadata
