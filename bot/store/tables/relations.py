"""What became of relations and tags over time."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, text

from bot.store.tables.columns import ROWID, Table, partial_index, personal, plain

LOST = text("what = 'lost'")


class FollowLog(Table, table=True):
    """A guide and a customer came together or parted: one row each time, never changed.

    `what`: added, lost (the customer left), removed (the guide removed them), moved (handed to another guide), and
    with that one taken.
    """

    __tablename__ = "follow_log"
    __table_args__ = (
        Index("follow_log_at", "at"),
        partial_index("follow_log_lost", "person_id", "at", where=LOST),
        {"sqlite_autoincrement": True},
    )
    id: int | None = plain(ROWID, default=None, primary_key=True)
    userid: str = personal()
    external_userid: str = personal(index=True)
    person_id: int = plain(BigInteger, index=True)
    channel_id: str | None = plain(default=None)
    what: str = plain()
    at: int = plain(BigInteger)


class PersonOwner(Table, table=True):
    """The one guide whose customer somebody is."""

    __tablename__ = "person_owner"
    person_id: int = plain(BigInteger, primary_key=True)
    userid: str = personal(index=True)
    since_at: int = plain(BigInteger)
    because: str = personal()
    by_hand: bool = plain()


class RemovedTags(Table, table=True):
    """A tag that we took away and that WeCom may still show, with the source it had."""

    __tablename__ = "removed_tags"
    userid: str = personal(primary_key=True)
    external_userid: str = personal(primary_key=True, index=True)
    tag: str = personal(primary_key=True)
    source: str = plain()
    removed_at: int = plain(BigInteger)
