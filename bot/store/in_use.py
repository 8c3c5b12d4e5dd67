"""What the corp lives with, as far as files are held against it: groups, shared customers, rules that were followed."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from bot.content.in_use import IDLE_DAYS, InUse
from bot.store.library import active_groups
from bot.store.tables import Follows, GateCounts, Planned
from bot.store.upsert import columns

planned, gates, follows = columns(Planned), columns(GateCounts), columns(Follows)

RULE = "rule."
"""How a gate about people names its rule (`bot.scrm.gates.people`)."""


def in_use(conn: Connection, now: int) -> InUse:
    """All of it, at `now` (epoch seconds)."""
    since_at = now - IDLE_DAYS * 86_400
    names = {name for _, name in active_groups(conn) if name}
    return InUse(group_names=names, spoken=_spoken(conn, since_at), shared=_shared(conn))


def _spoken(conn: Connection, since_at: int) -> frozenset[str] | None:
    """The rules that kept something back, or changed it, since then; None where decisions do not go back so far."""
    first_at = conn.scalar(select(func.min(planned.c.at)))
    if first_at is None or first_at > since_at:
        return None
    stops = conn.scalars(select(planned.c.stops).where(planned.c.at > since_at))
    found = {stop["rule"] for each in stops for stop in each if stop["rule"]}
    people = select(gates.c.source).where(gates.c.at > since_at, gates.c.people > 0, gates.c.source.startswith(RULE))
    return frozenset(found) | {source.removeprefix(RULE) for source in conn.scalars(people.distinct())}


def _shared(conn: Connection) -> tuple[int, int]:
    """(people with several guides, how many guides those are)."""
    connected = follows.c.status == "active"
    several = select(follows.c.person_id).where(connected).group_by(follows.c.person_id).having(func.count() > 1)
    people = conn.scalar(select(func.count()).select_from(several.subquery())) or 0
    of_them = select(func.count(follows.c.userid.distinct())).where(connected, follows.c.person_id.in_(several))
    return people, conn.scalar(of_them) or 0
