"""Links of items that go by us: where they lead, and how often they were opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, func, select

from bot.scrm.records import Record
from bot.scrm.records.library import KeepLinks
from bot.store.tables import Clicks, TrackedLinks
from bot.store.upsert import columns, insert

links, clicks = columns(TrackedLinks), columns(Clicks)

DAY_SECONDS = 86_400


def keep(conn: Connection, record: KeepLinks) -> None:
    """Where links lead, and when they were out last."""
    rows = [{"code": each.code, "item": each.item, "url": each.url, "kept_at": record.at} for each in record.links]
    if rows:
        statement = insert(conn, TrackedLinks)
        later = {"kept_at": statement.excluded.kept_at}
        conn.execute(statement.on_conflict_do_update(index_elements=["code"], set_=later), rows)


def leads_to(conn: Connection, code: str) -> str | None:
    """Where a link leads; None: it is none of ours."""
    found: str | None = conn.scalar(select(links.c.url).where(links.c.code == code))
    return found


def opened(conn: Connection, code: str, now: int) -> None:
    """Somebody opened it."""
    statement = insert(conn, Clicks).values(code=code, day_at=now - now % DAY_SECONDS, times=1)
    more = {"times": clicks.c.times + 1}
    conn.execute(statement.on_conflict_do_update(index_elements=["code", "day_at"], set_=more))


def by_item(conn: Connection, since_at: int) -> list[tuple[str, int]]:
    """(item, how often its links were opened since then), the most opened first; 0 where nobody did."""
    times = func.coalesce(func.sum(clicks.c.times), 0)
    lately = (clicks.c.code == links.c.code) & (clicks.c.day_at >= since_at)
    query = select(links.c.item, times).join_from(links, clicks, lately, isouter=True).group_by(links.c.item)
    return [(item, int(count)) for item, count in conn.execute(query.order_by(times.desc(), links.c.item))]


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    KeepLinks: lambda conn, _, record: keep(conn, record)
}
