"""Who bought of those who were sent an item, and of those kept without it."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, insert

from bot.scrm.holdout import Trial
from bot.store.audience_facts import orders, planned, touches
from bot.store.database import Database
from bot.store.uplift import has_orders, too_early, trials
from tests.scrm.gates.worlds import DAY, HOUR, NOON
from tests.store.test_audience import plan_of


def order(n: int, person_id: int | None, paid_at: int, state: str = "paid") -> dict[str, object]:
    row = {"order_id": f"o{n}", "person_id": person_id, "is_first": False, "total_fen": 1, "refunded_fen": 0}
    return row | {"items": [], "saved_at": 1, "paid_at": paid_at, "state": state}


def week(conn: Connection) -> None:
    """Two guides' customers were sent a cream, person 5 and 6 were kept without; a soap went out yesterday."""
    cream = [plan_of(id=1, pool="guide-1"), plan_of(id=2, pool="guide-2")]
    conn.execute(insert(planned), [*cream, plan_of(id=3, pool="guide-1", entry="soap", at=NOON + 9 * DAY, item="i1")])
    states = {1: "sent", 2: "sent", 3: "reserved", 4: "sent", 5: "held_out", 6: "held_out"}
    at = {"at": NOON + HOUR, "kind": "导购", "item": "i1", "weight": 300}
    conn.execute(
        insert(touches), [{"person_id": n, "planned_id": 1 + n % 2, "state": s} | at for n, s in states.items()]
    )
    conn.execute(insert(touches), [{"person_id": 1, "planned_id": 3, "state": "held_out"} | at])
    bought = [
        order(1, 1, NOON + HOUR), order(2, 1, NOON + 2 * HOUR), order(3, 2, NOON + 7 * DAY - 1),
        order(4, 3, NOON + DAY, "refunded"), order(5, 4, NOON - 1), order(6, 5, NOON + DAY), order(7, None, NOON + DAY),
        order(8, 6, NOON + 7 * DAY),
    ]  # fmt: skip
    conn.execute(insert(orders), bought)


async def test_buyers_within_the_days_are_counted_once_each(database: Database) -> None:
    """Before the slot, after the days, given back or somebody unknown: none of those."""
    await database.write(week)
    now = NOON + 10 * DAY
    found = await database.read(partial(trials, within_days=7, now=now))
    assert found == {"i0": Trial(reached=4, buyers=2, held_out=2, held_out_buyers=1)}
    assert await database.read(partial(too_early, within_days=7, now=now)) == 1


async def test_an_item_is_judged_once_its_days_are_over(database: Database) -> None:
    """Not an hour before."""
    await database.write(week)
    assert await database.read(partial(trials, within_days=7, now=NOON + 7 * DAY - 1)) == {}
    assert "i0" in await database.read(partial(trials, within_days=7, now=NOON + 7 * DAY))


async def test_without_orders_nothing_is_known(database: Database) -> None:
    """An order that is nobody's tells of nobody."""
    assert not await database.read(has_orders)
    await database.write(lambda conn: conn.execute(insert(orders), [order(1, None, NOON)]))
    assert not await database.read(has_orders)
    await database.write(lambda conn: conn.execute(insert(orders), [order(2, 1, NOON)]))
    assert await database.read(has_orders)
