"""What customers did with what was posted in Moments, item by item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, distinct, func, select

from bot.store.audience_facts import follows
from bot.store.sends import sends
from bot.store.tables import Reactions
from bot.store.upsert import columns, insert_new

reactions = columns(Reactions)


def keep(conn: Connection, task_id: str, what: str, told: Sequence[tuple[str, int]]) -> None:
    """(external_userid, at) of who did something with a Moment; whom nobody knows is left out, what is known stays."""
    names = [who for who, _ in told]
    known = select(follows.c.external_userid, follows.c.person_id).where(follows.c.external_userid.in_(names))
    by = {who: person_id for who, person_id in conn.execute(known)}
    rows = [{"person_id": by[who], "task_id": task_id, "what": what, "at": at} for who, at in told if who in by]
    if rows:
        conn.execute(insert_new(conn, Reactions), rows)


def by_item(conn: Connection, since_at: int) -> list[dict[str, Any]]:
    """Of Moments whose slot came since then: how many guides posted, likes, comments, and people who did either."""
    mine = (sends.c.touchpoint == "朋友圈", sends.c.at >= since_at)
    posted = select(sends.c.item, func.sum(sends.c.sent)).where(*mine).group_by(sends.c.item).order_by(sends.c.item)
    counts = (
        func.count().filter(reactions.c.what == "like"),
        func.count().filter(reactions.c.what == "comment"),
        func.count(distinct(reactions.c.person_id)),
    )
    joined = select(sends.c.item, *counts).join_from(sends, reactions, reactions.c.task_id == sends.c.task_id)
    did = {item: numbers for item, *numbers in conn.execute(joined.where(*mine).group_by(sends.c.item))}
    return [
        {"item": item, "posted": int(guides), **dict(zip(NAMES, did.get(item, (0, 0, 0)), strict=True))}
        for item, guides in conn.execute(posted)
    ]


NAMES = ("likes", "comments", "people")
