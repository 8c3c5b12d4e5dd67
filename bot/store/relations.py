"""What became of relations over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from bot.store.tables import FollowLog, Follows, People
from bot.store.upsert import columns

log, follows, people = columns(FollowLog), columns(Follows), columns(People)

ENDED = {"customer": "lost", "member": "removed", "transfer": "moved", "unknown": "lost"}
"""ended_by → what the log says."""


def note(conn: Connection, what: str, at: int, relations: Iterable[tuple[str, str, int, str | None]]) -> None:
    """Guides and customers came together or parted. `relations`: (userid, external_userid, person_id, channel_id)."""
    names = ("userid", "external_userid", "person_id", "channel_id")
    rows = [{**dict(zip(names, relation, strict=True)), "what": what, "at": at} for relation in relations]
    if rows:
        conn.execute(log.insert(), rows)


_ADDED = (
    select(log.c.channel_id, log.c.userid, func.count())
    .where(log.c.channel_id.is_not(None), log.c.what == "added", log.c.at >= bindparam("since"))
    .group_by(log.c.channel_id, log.c.userid)
)


def added_since(conn: Connection, since_at: int) -> dict[str, dict[str, int]]:
    """channel id → userid → how many customers were added since then."""
    counts: dict[str, dict[str, int]] = {}
    for channel_id, userid, count in conn.execute(_ADDED, {"since": since_at}):
        counts.setdefault(channel_id, {})[userid] = count
    return counts


def active(conn: Connection, external_userid: str) -> tuple[tuple[int, str], ...]:
    """(added_at, userid) of the guides who are connected with a customer, the first one first."""
    return tuple((at, userid) for at, userid in conn.execute(_ACTIVE, {"customer": external_userid}))


_ACTIVE = (
    select(follows.c.added_at, follows.c.userid)
    .where(follows.c.external_userid == bindparam("customer"), follows.c.status != "ended")
    .order_by(follows.c.added_at, follows.c.userid)
)


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A customer as one guide knows them. `name`: the guide's own word for them, else theirs; empty: unknown yet."""

    external_userid: str
    name: str
    added_at: int


_KNOWN_AS = func.coalesce(func.nullif(follows.c.remark, ""), people.c.name, "")
_ACQUAINTANCE = (
    select(follows.c.external_userid, _KNOWN_AS, follows.c.added_at)
    .join(people, people.c.person_id == follows.c.person_id)
    .where(follows.c.status != "ended")
)


_ANY_OF = select(follows.c.userid).where(follows.c.userid == bindparam("guide"), follows.c.status != "ended").limit(1)


def is_guide(conn: Connection, userid: str) -> bool:
    """Whether a member is connected with any customer."""
    return conn.execute(_ANY_OF, {"guide": userid}).first() is not None


def newest(conn: Connection, userid: str, limit: int) -> list[Acquaintance]:
    """The customers whom a guide is connected with, the one added last first."""
    query = _ACQUAINTANCE.where(follows.c.userid == userid).order_by(
        follows.c.added_at.desc(), follows.c.external_userid
    )
    return [Acquaintance(*row) for row in conn.execute(query.limit(limit))]


def acquaintance(conn: Connection, userid: str, external_userid: str) -> Acquaintance | None:
    """One customer, as this guide knows them; None when the two are not connected."""
    pair = (follows.c.userid == userid, follows.c.external_userid == external_userid)
    row = conn.execute(_ACQUAINTANCE.where(*pair)).one_or_none()
    return None if row is None else Acquaintance(*row)
