"""report uplift: whether sending sold more than not sending, and no more certainty than there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from bot.clock import SystemClock
from bot.store.audience_facts import orders, planned, touches
from tests.cli.typed import command
from tests.house import House, reopened
from tests.scrm.gates.worlds import DAY
from tests.store.test_audience import plan_of
from tests.store.test_uplift import order

SENT, KEPT = 190, 40


async def told(home: House) -> dict[str, Any]:
    code, said, slip = await command(home, "report", "uplift", "--json")
    assert code == 0, slip
    return dict(json.loads(said))


async def sold(home: House, at: int, people: range) -> None:
    """These people bought on the day of the slot."""
    bought = [order(n, n, at + 60) for n in people]
    await home.app.database.write(lambda conn: conn.execute(insert(orders), bought))


async def test_nothing_is_said_before_it_can_be_known(tmp_path: Path) -> None:
    """Without a control, without orders, with too few; then it is said, with its interval."""
    async with reopened(tmp_path) as home:
        assert "还没有满 7 天" in (await command(home, "report", "uplift"))[1]
        at = SystemClock().now() - 8 * DAY

        def send(conn: Connection) -> None:
            conn.execute(insert(planned), [plan_of(id=1, pool="guide-lin", item="dg-cream-set", at=at)])
            states = ["sent"] * SENT + ["held_out"] * KEPT
            of = {"planned_id": 1, "at": at, "kind": "导购", "item": "dg-cream-set", "weight": 300}
            rows = [{**of, "person_id": n, "state": s} for n, s in enumerate(states)]
            conn.execute(insert(touches), rows)

        await home.app.database.write(send)
        (row,) = (await told(home))["items"]
        assert (row["reached"], row["held_out"], row["uplift"]) == (SENT, KEPT, None)
        assert "还没有一笔对上人的订单" in (await command(home, "report", "uplift"))[1]
        await sold(home, at, range(3))
        (row,) = (await told(home))["items"]
        assert (row["buyers"], row["said"]) == (3, "还看不出") and row["uplift"]["low"] < 0 < row["uplift"]["high"]
        await sold(home, at, range(3, 60))
        (row,) = (await told(home))["items"]
        assert (row["said"], row["title"]) == ("多买了", "修护霜双支组") and row["uplift"]["low"] > 0
        said = (await command(home, "report", "uplift"))[1]
        assert "修护霜双支组" in said and "多买了" in said
