"""Who was sent an item and who was kept without it to measure by, and how many of each bought soon after."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, distinct, exists, func, select

from bot.scrm.gates.outcome import GOES
from bot.scrm.holdout import Trial
from bot.store.audience_facts import orders, planned, touches

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Measured:
    """What the database says. `early`: slots of which it is too early to say; without `orders` nothing can be said."""

    trials: dict[str, Trial]
    early: int
    orders: bool


_ITS = planned.c.id == touches.c.planned_id


def measured(conn: Connection, within_days: int, now: int) -> Measured:
    """All that can be said of what items of 导购 brought, by the orders of so many days after each."""
    return Measured(trials(conn, within_days, now), too_early(conn, within_days, now), has_orders(conn))


def trials(conn: Connection, within_days: int, now: int) -> dict[str, Trial]:
    """item → its trial, over the slots that are so many days ago at least: of a later one it is too early to say.

    Both are watched from the moment of the slot. Each person counts once for an item, and once as a buyer.
    """
    found: dict[str, dict[bool, tuple[int, int]]] = defaultdict(dict)
    for item, kept, people, buyers in conn.execute(_by_item(within_days * DAY_SECONDS, now)):
        found[item][bool(kept)] = people, buyers
    return {item: _trial(sides) for item, sides in sorted(found.items()) if True in sides}


def too_early(conn: Connection, within_days: int, now: int) -> int:
    """How many slots kept somebody out and are not so many days ago yet."""
    slot = select(planned.c.calendar, planned.c.entry, planned.c.at).distinct().join_from(touches, planned, _ITS)
    recent = slot.where(touches.c.state == "held_out", planned.c.at > now - within_days * DAY_SECONDS)
    return conn.execute(select(func.count()).select_from(recent.subquery())).scalar_one()


def has_orders(conn: Connection) -> bool:
    """Whether any order is somebody's: without one nothing can be said of who bought."""
    return bool(conn.scalar(select(exists().where(orders.c.person_id.is_not(None)))))


def _by_item(within_seconds: int, now: int) -> Select[Any]:
    kept = (touches.c.state == "held_out").label("kept")
    bought = exists().where(
        orders.c.person_id == touches.c.person_id,
        orders.c.state != "refunded",
        orders.c.paid_at >= planned.c.at,
        orders.c.paid_at < planned.c.at + within_seconds,
    )
    people = func.count(distinct(touches.c.person_id))
    buyers = func.count(distinct(touches.c.person_id)).filter(bought)
    query = select(planned.c.item, kept, people, buyers).join_from(touches, planned, _ITS)
    over = planned.c.at <= now - within_seconds
    # Of a guide who sent nothing, the control is nobody's control; who takes over has none.
    went = and_(planned.c.outcome.in_(GOES), planned.c.outcome != "taken_over")
    return query.where(over, went, planned.c.item.is_not(None)).group_by(planned.c.item, "kept")


def _trial(sides: dict[bool, tuple[int, int]]) -> Trial:
    reached, buyers = sides.get(False, (0, 0))
    held_out, held_out_buyers = sides[True]
    return Trial(reached, buyers, held_out, held_out_buyers)
