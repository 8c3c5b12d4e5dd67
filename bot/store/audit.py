"""What people changed, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.store.tables import AuditTrail
from bot.store.upsert import columns

trail = columns(AuditTrail)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something, where (控制台, 命令行) and when (epoch seconds)."""

    who: str
    via: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`what` was done to `target`; what it was `before` and is `after`; `because`: in the words of who did it."""

    by: Doer
    what: str
    target: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    because: str = ""


def note(conn: Connection, *changes: Change) -> None:
    """Keep them: in the transaction that makes the changes, so that there is never one without the other."""
    rows = [
        {
            "at": each.by.at,
            "who": each.by.who,
            "via": each.by.via,
            "what": each.what,
            "target": each.target,
            "before": dict(each.before),
            "after": dict(each.after),
            "because": each.because,
        }
        for each in changes
    ]
    if rows:
        conn.execute(insert(trail), rows)


def changes(conn: Connection, offset: int, limit: int) -> list[Change]:
    """What people changed, the newest first."""
    rows = conn.execute(select(trail).order_by(trail.c.id.desc()).offset(offset).limit(limit))
    return [
        Change(
            by=Doer(row.who, row.via, row.at),
            what=row.what,
            target=row.target,
            before=row.before,
            after=row.after,
            because=row.because,
        )
        for row in rows
    ]
