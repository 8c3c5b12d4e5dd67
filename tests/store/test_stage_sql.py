"""The stage of a customer, asked of all in one statement and of one by one: the same, on both databases."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from sqlalchemy import Connection, func, insert, select

from bot.scrm.customer_stage import CUSTOMER_STAGES, HALF_LIFE_SECONDS, customer_stage
from bot.store.database import Database
from bot.store.evidence import answers, evidence, kf, log, members, orders
from bot.store.people import people
from bot.store.stage_sql import stage_of
from tests.store.planting import plain_value
from tests.store.test_uplift import order

PEOPLE, DAY = 300, 86_400
NOW = 1_000 * DAY


def filled(table: Any, n: int, **values: Any) -> dict[str, Any]:
    """A row with anything in the columns that do not matter here."""
    rest = {c.name: plain_value(c, n, f"x{n}") for c in table.columns if not c.nullable and c.name not in values}
    return rest | values


def past(dice: random.Random) -> int:
    """Mostly lately, now and then long ago, or not yet; also exactly when a half-life is over."""
    days = dice.choice((dice.uniform(-2, 40), dice.uniform(0, 400), dice.uniform(0, 900)))
    return NOW - dice.choice((int(days * DAY), dice.randrange(5) * HALF_LIFE_SECONDS))


def populate(conn: Connection) -> None:
    dice, n = random.Random(5), 0
    conn.execute(insert(people), [filled(people, who, person_id=who) for who in range(1, PEOPLE + 1)])
    for who in range(1, PEOPLE + 1):
        for table in (orders, kf, answers, members, log):
            for _ in range(dice.choice((0, 0, 0, 1, 1, 2))):
                n += 1
                conn.execute(insert(table), [_row(dice, table, who, n)])


def _row(dice: random.Random, table: Any, who: int, n: int) -> dict[str, Any]:
    at = past(dice)
    if table is orders:
        return order(n, who, at, dice.choice(("paid", "paid", "refunded")))
    more: dict[str, Any] = {"person_id": who}
    if table is kf:
        more |= {"said_at": at, "origin": dice.choice(("customer", "customer", "bot")), "msgid": f"m{n}"}
    elif table is answers:
        more |= {"answered_at": at, "run_id": f"r{who % 7}", "question_id": f"q{n}"}
    elif table is members:
        more |= {"joined_at": at, "join_scene": dice.choice((1, 2, 3)), "member_id": f"wm-{n}"}
    else:
        more |= {"at": at, "what": dice.choice(("lost", "added", "removed"))}
    return filled(table, n, **more)


def compare(conn: Connection) -> Counter[str]:
    """How many of each stage there were; each the same in both ways, whenever it is asked."""
    populate(conn)
    found = Counter[str]()
    whom = select(people.c.person_id).subquery("whom")
    known = {who: evidence(conn, who) for who in range(1, PEOPLE + 1)}
    for now in (NOW, NOW - 3 * DAY, NOW - 200 * DAY, NOW + 2 * HALF_LIFE_SECONDS):
        rows = conn.execute(select(whom.c.person_id, stage_of(whom, now)))
        in_sql = {who: stage for who, stage in rows}
        one_by_one = {who: customer_stage(known[who], now).stage for who in in_sql}
        assert in_sql == one_by_one and len(in_sql) == conn.scalar(select(func.count()).select_from(people))
        found.update(in_sql.values())
    return found


async def test_in_sql_and_one_by_one_the_stage_is_the_same(database: Database) -> None:
    """Over all five sources, at four moments; every stage is there."""
    found = await database.write(compare)
    assert set(found) == set(CUSTOMER_STAGES) and min(found.values()) > 20, found
