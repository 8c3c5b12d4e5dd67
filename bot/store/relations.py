"""What became of relations over time."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from bot.store.tables import FollowLog, Follows
from bot.store.upsert import columns

log, follows = columns(FollowLog), columns(Follows)

ENDED = {"customer": "lost", "member": "removed", "transfer": "moved", "unknown": "lost"}
"""ended_by → what the log says."""


def note(conn: Connection, what: str, at: int, relations: Iterable[tuple[str, str, int, str | None]]) -> None:
    """Guides and customers came together or parted. `relations`: (userid, external_userid, person_id, channel_id)."""
    names = ("userid", "external_userid", "person_id", "channel_id")
    rows = [{**dict(zip(names, relation, strict=True)), "what": what, "at": at} for relation in relations]
    if rows:
        conn.execute(log.insert(), rows)


def added_since(conn: Connection, since_at: int) -> dict[str, dict[str, int]]:
    """channel id → userid → how many customers were added since then."""
    query = select(log.c.channel_id, log.c.userid, func.count()).where(
        log.c.channel_id.is_not(None), log.c.what == "added", log.c.at >= since_at
    )
    counts: dict[str, dict[str, int]] = {}
    for channel_id, userid, count in conn.execute(query.group_by(log.c.channel_id, log.c.userid)):
        counts.setdefault(channel_id, {})[userid] = count
    return counts


def active(conn: Connection, external_userid: str) -> tuple[tuple[int, str], ...]:
    """(added_at, userid) of the guides who are connected with a customer, the first one first."""
    query = select(follows.c.added_at, follows.c.userid).where(
        follows.c.external_userid == external_userid, follows.c.status != "ended"
    )
    return tuple((at, userid) for at, userid in conn.execute(query.order_by(follows.c.added_at, follows.c.userid)))
