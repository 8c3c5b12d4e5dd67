"""What people allowed, what they no longer want, and who asked to be forgotten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Text

from bot.store.tables.columns import ROWID, Table, personal, plain


class Consents(Table, table=True):
    """A question for permission: what was asked, the words shown, where, and the answer."""

    __tablename__ = "consents"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int | None = plain(ROWID, default=None, primary_key=True)
    person_id: int = plain(BigInteger, index=True)
    purpose: str = plain()
    shown: str = personal(Text)
    place: str = plain()
    granted: bool = plain()
    cause: int = plain(BigInteger, unique=True)
    asked_at: int = plain(BigInteger)


class Preferences(Table, table=True):
    """Whether a person wants to hear of a topic. No row: they never said."""

    __tablename__ = "preferences"
    person_id: int = plain(BigInteger, primary_key=True)
    topic: str = plain(primary_key=True)
    wanted: bool = plain()
    set_by: str = personal()
    set_at: int = plain(BigInteger)


class Tombstones(Table, table=True):
    """A keyed hash of an id whose person asked to be forgotten: it names nobody, and knows them when they turn up."""

    __tablename__ = "tombstones"
    hash: str = plain(primary_key=True)
    erased_at: int = plain(BigInteger)


class PeopleKeys(Table, table=True):
    """By what the key of tombstones and phone hashes knows itself again: one row, made at the first start."""

    __tablename__ = "people_keys"
    fingerprint: str = plain(primary_key=True)


class Erasures(Table, table=True):
    """The receipt of an erasure, without anything personal. Not yet compacted: the file holds gaps until the night."""

    __tablename__ = "erasures"
    person_id: int = plain(BigInteger, primary_key=True)
    asked_at: int = plain(BigInteger)
    erased_at: int = plain(BigInteger)
    rows: dict[str, Any] = plain(JSON)
    files: dict[str, Any] = plain(JSON)
    compacted_at: int | None = plain(BigInteger, default=None)
    compact_after_at: int | None = plain(BigInteger, default=None)
    compaction: str = plain(default="")
    sha256: str = plain()
