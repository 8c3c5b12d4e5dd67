"""What the mix was charged for, as reports need it."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, select

from bot.scrm.kind import Touchpoint
from bot.scrm.mix import MixPlan, PoolRef
from bot.scrm.mix_report import Charge, MixReport, charge, report
from bot.store.board import names
from bot.store.planning import beside_mix, choice_of, in_shadow, mixes, planned


def charges(conn: Connection, touchpoint: Touchpoint, since_at: int) -> dict[str, list[Charge]]:
    """pool → every slot that was charged to its mix after `since_at` (epoch seconds). What is held is still to come."""
    of = (planned.c.pool, planned.c.said, planned.c.kind, planned.c.at, planned.c.calendar, planned.c.entry)
    charged = (planned.c.outcome.not_in(("held", "lapsed", "tried")), ~beside_mix())
    query = select(*of, planned.c.stops).where(planned.c.touchpoint == touchpoint, planned.c.at > since_at, *charged)
    found: dict[str, list[Charge]] = defaultdict(list)
    for pool, said, kind, at, calendar, entry, stops in conn.execute(query.order_by(planned.c.at)):
        if not in_shadow(stops):
            found[pool].append(charge(choice_of(said), kind, at, f"{calendar}/{entry}"))
    return found


def reports(conn: Connection, touchpoint: Touchpoint, plan: MixPlan, now: int, timezone: str) -> list[MixReport]:
    """Of every pool that something was decided for, by name. `timezone`: IANA name of the corp's day."""
    charged, called = charges(conn, touchpoint, now - 2 * plan.window_seconds), names(conn, touchpoint)
    found = (
        report(PoolRef(touchpoint, pool, called.get(pool, pool)), plan, state, charged.get(pool, ()), now, timezone)
        for pool, state in mixes(conn, touchpoint).items()
    )
    return sorted(found, key=lambda each: each.pool.name)
