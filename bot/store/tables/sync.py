"""Reading the pool back: where each reading stands, and what it measured."""

from __future__ import annotations

from sqlalchemy import BigInteger

from bot.store.tables.columns import Table, personal, plain


class SyncJobs(Table, table=True):
    """One reading, and the place of its next page."""

    __tablename__ = "sync_jobs"
    id: str = plain(primary_key=True)
    kind: str = plain(index=True)
    state: str = plain()
    part: str = personal(default="")
    cursor: str = plain(default="")
    total: int = plain(begins="0")
    read: int = plain(begins="0")
    history: int = plain(begins="0")
    changed: int = plain(begins="0")
    found: int = plain(begins="0")
    gone: int = plain(begins="0")
    skipped: int = plain(begins="0")
    started_at: int = plain(BigInteger)
    touched_at: int = plain(BigInteger)
    finished_at: int | None = plain(BigInteger, default=None)


class SyncParts(Table, table=True):
    """What a reading still has to read."""

    __tablename__ = "sync_parts"
    job: str = plain(primary_key=True)
    part: str = personal(primary_key=True)


class MemberPools(Table, table=True):
    """How many customers a member has, and since when we know them all."""

    __tablename__ = "member_pools"
    userid: str = personal(primary_key=True)
    customers: int = plain()
    first_read_at: int = plain(BigInteger)
    read_at: int = plain(BigInteger)


class MemberDays(Table, table=True):
    """A member's day in numbers, as WeCom counts them (official page 92132)."""

    __tablename__ = "member_days"
    userid: str = personal(primary_key=True)
    day: str = plain(primary_key=True)
    new_apply_cnt: int = plain(begins="0")
    new_contact_cnt: int = plain(begins="0")
    chat_cnt: int = plain(begins="0")
    message_cnt: int = plain(begins="0")
    reply_percentage: float | None = plain(default=None)
    avg_reply_time: int | None = plain(default=None)
    negative_feedback_cnt: int = plain(begins="0")
