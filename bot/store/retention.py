"""Forgetting: closed rows are kept for a time, then dropped, a chunk at a time so that nobody waits."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from bot.store.tables import Inbox, Outbox
from bot.store.upsert import columns

CHUNK = 200

inbox, outbox = columns(Inbox), columns(Outbox)


@dataclass(frozen=True, slots=True)
class Keep:
    """How long closed rows are kept, in seconds."""

    inbox_seconds: int
    outbox_seconds: int


def forget(conn: Connection, now: int, keep: Keep) -> int:
    """Drop at most CHUNK events and CHUNK actions that were closed long enough ago. Returns how many."""
    # The oldest come first by id, so neither table needs an index that every callback would have to write. The very
    # newest stays: SQLite numbers on from it, and a number must never name two events.
    events = select(inbox.c.id).where(inbox.c.state == "done").order_by(inbox.c.id).limit(CHUNK)
    actions = select(outbox.c.id).where(outbox.c.settled_at.is_not(None)).order_by(outbox.c.id).limit(CHUNK)
    newest = select(func.max(inbox.c.id)).scalar_subquery()
    old_events = delete(inbox).where(
        inbox.c.id.in_(events), inbox.c.done_at < now - keep.inbox_seconds, inbox.c.id < newest
    )
    old_actions = delete(outbox).where(outbox.c.id.in_(actions), outbox.c.settled_at < now - keep.outbox_seconds)
    return conn.execute(old_events).rowcount + conn.execute(old_actions).rowcount
