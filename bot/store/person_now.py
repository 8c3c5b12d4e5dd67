"""All that is known of one customer when a one-to-one item is about to go out: the row beside `audience_facts`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, or_, select

from bot.scrm.gates.for_person import Relation, Whom
from bot.scrm.gates.outcome import GOES
from bot.scrm.holdout import draw
from bot.scrm.rules.facts import DAY, PersonNow
from bot.scrm.touch import Touch
from bot.store.audience_facts import erased, follows, log, members, orders, owners, planned, preferences, touches
from bot.store.condition_sql import person_tags
from bot.store.evidence import evidence

_OF = (planned.c.touchpoint, planned.c.kind, planned.c.topic, planned.c.item, planned.c.weight)

SAID: Final = {"sent": "发过", "reserved": "排上了", "held_out": "对照组，没发", "seen": "可能看到"}


@dataclass(frozen=True, slots=True)
class Reached:
    """Something that reached one person, or was kept from them to measure by. `how`: a word of SAID."""

    at: int
    touchpoint: str
    kind: str
    item: str
    how: str


def whom(conn: Connection, person_id: int, exposed_since_at: int) -> Whom | None:
    """Somebody as they are to be looked ahead for; None: they are no guide's customer."""
    person = person_now(conn, person_id, "", exposed_since_at)
    if person is None:
        return None
    groups, guides = (frozenset(conn.scalars(query)) for query in (_groups(person_id), _guides(person_id)))
    relations = {row["userid"]: Relation(row["added_at"], row["channel_id"]) for row in _relations(conn, person_id)}
    return Whom(person_id=person_id, person=person, groups=groups, guides=guides, relations=relations)


def external_userids(conn: Connection, person_id: int) -> frozenset[str]:
    """The customer ids of somebody with whom a guide is connected."""
    mine = (follows.c.person_id == person_id, follows.c.status == "active")
    return frozenset(conn.scalars(select(follows.c.external_userid).where(*mine)))


def refused(conn: Connection, person_id: int) -> frozenset[str]:
    """The topics that somebody wants no more of, or 全部."""
    query = select(preferences.c.topic).where(preferences.c.person_id == person_id, preferences.c.wanted.is_(False))
    return frozenset(conn.scalars(query))


def lately(conn: Connection, person_id: int, since_at: int) -> list[Reached]:
    """What reached somebody since then, the oldest first; of what was posted to all, what left while they were there to
    see it."""
    query = select(touches.c.at, *_OF[:2], planned.c.item, touches.c.state)
    query = query.join_from(touches, planned, planned.c.id == touches.c.planned_id)
    rows = conn.execute(query.where(touches.c.person_id == person_id, touches.c.at > since_at))
    return sorted(
        [*(Reached(*row) for row in rows), *_may_have_seen(conn, person_id, since_at)], key=lambda each: each.at
    )


def person_now(conn: Connection, person_id: int, item: str, exposed_since_at: int) -> PersonNow | None:
    """Somebody as the customer of the guide who owns them, before an item; None: they are no guide's customer.

    `exposed_since_at`: since when exposures in groups and Moments are looked for (epoch seconds); what was addressed
    to them counts from the beginning.
    """
    relation = _relation(conn, person_id)
    if relation is None:
        return None

    def of(column: Any, *where: Any) -> list[Any]:
        return list(conn.scalars(select(column).where(column.table.c.person_id == person_id, *where)))

    return PersonNow(
        userid=relation["userid"],
        added_at=relation["added_at"],
        tags=frozenset(of(person_tags.c.tag)),
        channel=relation["channel_id"],
        orders=tuple(of(orders.c.paid_at, orders.c.state != "refunded")),
        refused=refused(conn, person_id),
        touches=(*_addressed(conn, person_id), *_exposed(conn, person_id, exposed_since_at)),
        lost_at=max(of(log.c.at, log.c.what == "lost"), default=None),
        draw=draw(person_id, item),
        evidence=tuple(evidence(conn, person_id)),
    )


def _relation(conn: Connection, person_id: int) -> Any:
    """With the guide who owns them, or, as long as nobody does, who had them first."""
    ours = _first_of_each(conn, person_id)
    owner = conn.scalar(select(owners.c.userid).where(owners.c.person_id == person_id))
    found = next((row for row in ours if owner in (None, row["userid"])), None)
    return found if found and found["status"] == "active" else None


def _relations(conn: Connection, person_id: int) -> Iterator[Any]:
    """With every guide who can write to them."""
    return (row for row in _first_of_each(conn, person_id) if row["status"] == "active")


def _first_of_each(conn: Connection, person_id: int) -> list[Any]:
    """The relation to each guide, the oldest first; where a guide has somebody twice, the older one."""
    query = select(follows).where(follows.c.person_id == person_id, follows.c.status != "ended", ~erased(follows))
    found: dict[str, Any] = {}
    for row in conn.execute(query.order_by(follows.c.added_at, follows.c.userid, follows.c.external_userid)).mappings():
        found.setdefault(row["userid"], row)
    return list(found.values())


def _addressed(conn: Connection, person_id: int) -> Iterator[Touch]:
    of = (touches.c.at, planned.c.touchpoint, touches.c.kind, planned.c.topic, touches.c.item, touches.c.weight)
    query = select(*of).join_from(touches, planned, planned.c.id == touches.c.planned_id)
    for row in conn.execute(query.where(touches.c.person_id == person_id, touches.c.state != "held_out")):
        yield _touch(*row, addressed=True)


def _exposed(conn: Connection, person_id: int, since_at: int) -> Iterator[Touch]:
    """An upper bound: every post in the groups they are in, and in the Moments of their guides."""
    for touchpoint, pools in (("群", _groups(person_id)), ("朋友圈", _guides(person_id))):
        query = select(planned.c.by_at, *_OF).where(
            planned.c.touchpoint == touchpoint,
            planned.c.pool.in_(pools),
            planned.c.by_at > since_at,
            planned.c.outcome.in_(GOES),
        )
        for row in conn.execute(query):
            yield _touch(*row, addressed=False)


def _may_have_seen(conn: Connection, person_id: int, since_at: int) -> Iterator[Reached]:
    """Every post that left to a group while they were in it, or to a guide's Moments while they knew that guide."""
    stays = (
        ("群", members.c.chat_id, members, members.c.joined_at, members.c.left_at),
        ("朋友圈", follows.c.userid, follows, follows.c.added_at, follows.c.ended_at),
    )
    for touchpoint, pool, table, from_at, until_at in stays:
        theirs = (table.c.person_id == person_id, planned.c.pool == pool, planned.c.touchpoint == touchpoint)
        left = (planned.c.outcome.in_(GOES), planned.c.settled_at > since_at, planned.c.at > since_at - DAY)
        there = (planned.c.settled_at >= from_at, or_(until_at.is_(None), planned.c.settled_at < until_at))
        query = select(planned.c.settled_at, *_OF[:2], planned.c.item).join_from(table, planned, and_(*theirs))
        for row in conn.execute(query.where(*left, *there).distinct()):
            yield Reached(*row, "seen")


def _groups(person_id: int) -> Select[Any]:
    return select(members.c.chat_id).where(members.c.person_id == person_id, members.c.left_at.is_(None))


def _guides(person_id: int) -> Select[Any]:
    return select(follows.c.userid).where(follows.c.person_id == person_id, follows.c.status == "active")


def _touch(at: int, touchpoint: Any, kind: Any, topic: str, item: str, weight: int, *, addressed: bool) -> Touch:
    return Touch(at=at, touchpoint=touchpoint, kind=kind, topic=topic, item=item, weight=weight, addressed=addressed)
