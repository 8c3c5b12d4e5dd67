"""Where events and actions wait."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, Text, text

from bot.store.tables.columns import ROWID, Table, partial_index, personal, plain

WAITING, CLAIMABLE = text("state = 'waiting'"), text("not_before_at IS NOT NULL")
PARKED = text("state = 'parked'")
HURRIES = text("state = 'waiting' AND attempts = 0 AND welcome_code IS NOT NULL")


class Inbox(Table, table=True):
    """A row that an event waits in."""

    __tablename__ = "inbox"
    __table_args__ = (
        partial_index("inbox_waiting", "id", where=WAITING),
        partial_index("inbox_parked", "id", where=PARKED),
        partial_index("inbox_hurries", "received_at", "id", where=HURRIES),
    )
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


class Outbox(Table, table=True):
    """A row that an action waits in. Claimable while `not_before_at` is set; a settled row has none."""

    __tablename__ = "outbox"
    __table_args__ = (
        partial_index(
            "outbox_due",
            "due_at",
            "priority",
            "id",
            where=CLAIMABLE,
        ),
        Index("outbox_state", "state", "id"),
        partial_index("outbox_line", "line", "id", where=CLAIMABLE),
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
