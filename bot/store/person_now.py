"""All that is known of one customer when a one-to-one item is about to go out: the row beside `audience_facts`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from bot.scrm.gates.decide import GOES
from bot.scrm.holdout import draw
from bot.scrm.rules.facts import PersonNow
from bot.scrm.touch import Touch
from bot.store.audience_facts import erased, follows, log, members, orders, owners, planned, preferences, touches
from bot.store.condition_sql import person_tags


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
        refused=frozenset(of(preferences.c.topic, preferences.c.wanted.is_(False))),
        touches=(*_addressed(conn, person_id), *_exposed(conn, person_id, exposed_since_at)),
        lost_at=max(of(log.c.at, log.c.what == "lost"), default=None),
        draw=draw(person_id, item),
    )


def _relation(conn: Connection, person_id: int) -> Any:
    """With the guide who owns them, or, as long as nobody does, who had them first."""
    query = select(follows).where(follows.c.person_id == person_id, follows.c.status != "ended", ~erased(follows))
    ours = conn.execute(query.order_by(follows.c.added_at, follows.c.userid)).mappings().all()
    owner = conn.scalar(select(owners.c.userid).where(owners.c.person_id == person_id))
    found = next((row for row in ours if owner in (None, row["userid"])), None)
    return found if found and found["status"] == "active" else None


def _addressed(conn: Connection, person_id: int) -> Iterator[Touch]:
    of = (touches.c.at, planned.c.touchpoint, touches.c.kind, planned.c.topic, touches.c.item, touches.c.weight)
    query = select(*of).join_from(touches, planned, planned.c.id == touches.c.planned_id)
    for row in conn.execute(query.where(touches.c.person_id == person_id, touches.c.state != "held_out")):
        yield _touch(*row, addressed=True)


def _exposed(conn: Connection, person_id: int, since_at: int) -> Iterator[Touch]:
    """An upper bound: every post in the groups they are in, and in the Moments of their guides."""
    groups = select(members.c.chat_id).where(members.c.person_id == person_id, members.c.left_at.is_(None))
    guides = select(follows.c.userid).where(follows.c.person_id == person_id, follows.c.status == "active")
    of = (planned.c.by_at, planned.c.touchpoint, planned.c.kind, planned.c.topic, planned.c.item, planned.c.weight)
    for touchpoint, pools in (("群", groups), ("朋友圈", guides)):
        query = select(*of).where(
            planned.c.touchpoint == touchpoint,
            planned.c.pool.in_(pools),
            planned.c.by_at > since_at,
            planned.c.outcome.in_(GOES),
        )
        for row in conn.execute(query):
            yield _touch(*row, addressed=False)


def _touch(at: int, touchpoint: Any, kind: Any, topic: str, item: str, weight: int, *, addressed: bool) -> Touch:
    return Touch(at=at, touchpoint=touchpoint, kind=kind, topic=topic, item=item, weight=weight, addressed=addressed)
