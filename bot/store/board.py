"""What is known of the pools of a touchpoint when a slot comes round."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Connection, Select, literal_column, select

from bot.scrm.board import Board, PoolSeen
from bot.scrm.calendar import Slot
from bot.scrm.gates.decide import GOES
from bot.scrm.gates.situation import Met
from bot.scrm.kind import Touchpoint
from bot.scrm.rules.condition import Fact
from bot.store.planning import (
    approved,
    first_seen,
    mixes,
    planned,
    pool_stages,
    staged_of,
    stopped,
)
from bot.store.tables import Follows, GroupChats, Members, Slots
from bot.store.upsert import columns

chats, follows, members, slots = columns(GroupChats), columns(Follows), columns(Members), columns(Slots)

MET_SECONDS = 90 * 86_400
"""How far back a pool's past is looked at; longer than any item rests by default."""

NEAR_SECONDS = 1_800


def board(conn: Connection, touchpoint: Touchpoint, slot: Slot, day: tuple[int, int]) -> Board:
    """Every pool of a touchpoint at a slot. `day`: when the slot's local day begins and ends, epoch seconds."""
    met, decided = _met(conn, touchpoint, slot), _decided(conn, slot)
    stages, owed, cards = _stages(conn, touchpoint), mixes(conn, touchpoint), _cards(conn, slot, day)
    pools = []
    for id_, name, userid in conn.execute(_pools(touchpoint)):
        stage = stages.get(id_)
        pools.append(
            PoolSeen(
                id=id_,
                name=name or id_,
                userid=userid,
                staged=staged_of(stage) if stage else None,
                facts={Fact(fact): value for fact, value in (stage["facts"] if stage else {}).items()},
                mix=owed.get(id_),
                met=tuple(met[id_]),
                cards=cards[userid],
                decided=decided.get(id_),
            )
        )
    return Board(
        pools=tuple(pools),
        approved=approved(conn),
        switches=stopped(conn),
        first_seen_at=first_seen(conn),
        near=_near(conn, slot),
    )


def _pools(touchpoint: Touchpoint) -> Select[Any]:
    """(id, name, who sends) of every pool: the groups that are there, or the guides who have customers."""
    if touchpoint == "群":
        alive = select(chats.c.chat_id, chats.c.name, chats.c.owner).where(chats.c.state == "active")
        return alive.order_by(chats.c.chat_id)
    # Spelt out, for only so it fits the index of those who have customers.
    active = follows.c.status == literal_column("'active'")
    guides = select(follows.c.userid).where(active).distinct().subquery()
    named = select(guides.c.userid, members.c.name, guides.c.userid.label("sender"))
    return named.join_from(guides, members, members.c.userid == guides.c.userid, isouter=True).order_by(guides.c.userid)


def _met(conn: Connection, touchpoint: Touchpoint, slot: Slot) -> dict[str, list[Met]]:
    which = (planned.c.pool, planned.c.at, planned.c.item, planned.c.kind, planned.c.topic, planned.c.entry)
    query = select(*which, planned.c.fixed).where(
        planned.c.touchpoint == touchpoint, planned.c.at > slot.at - MET_SECONDS, planned.c.outcome.in_(GOES)
    )
    found: dict[str, list[Met]] = defaultdict(list)
    for pool, at, item, kind, topic, entry, fixed in conn.execute(query.order_by(planned.c.at)):
        found[pool].append(Met(at=at, item=item, kind=kind, topic=topic, entry=entry, fixed=fixed))
    return found


def _decided(conn: Connection, slot: Slot) -> dict[str, str]:
    query = select(planned.c.pool, planned.c.outcome).where(
        planned.c.calendar == slot.calendar, planned.c.entry == slot.entry, planned.c.at == slot.at
    )
    return {pool: outcome for pool, outcome in conn.execute(query)}


def _stages(conn: Connection, touchpoint: Touchpoint) -> dict[str, Any]:
    rows = conn.execute(select(pool_stages).where(pool_stages.c.touchpoint == touchpoint)).mappings()
    return {row["pool"]: row for row in rows}


def _cards(conn: Connection, slot: Slot, day: tuple[int, int]) -> Counter[str]:
    """How many tasks each member has to confirm on a day, this slot aside: one for an entry, however many pools."""
    which = (planned.c.userid, planned.c.calendar, planned.c.entry, planned.c.at)
    query = select(*which).where(planned.c.at >= day[0], planned.c.at < day[1], planned.c.outcome.in_(GOES)).distinct()
    return Counter(row[0] for row in conn.execute(query) if tuple(row[1:]) != slot.key)


def _near(conn: Connection, slot: Slot) -> tuple[Slot, ...]:
    near = slots.c.at.between(slot.at - NEAR_SECONDS, slot.at + NEAR_SECONDS)
    rows = conn.execute(select(slots.c.at, slots.c.calendar, slots.c.entry, slots.c.by_at).where(near))
    found = (Slot(*row) for row in rows)
    return tuple(sorted(each for each in found if each.key != slot.key))
