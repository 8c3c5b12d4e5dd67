"""What went to a pool meanwhile is seen by whoever decided without it."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, insert

from bot.store.audience_facts import planned
from bot.store.database import Database
from bot.store.planning import WAITING_SECONDS, posts_lately
from tests.scrm.gates.worlds import DAY, NOON
from tests.store.test_audience import SLOT, plan_of


def posted(conn: Connection, *ats: int) -> None:
    rows = [plan_of(entry=f"e{at}", at=at, pool="wr-1", touchpoint="群") for at in ats]
    conn.execute(insert(planned), rows)


async def test_what_went_lately_is_counted_and_the_years_before_are_not(database: Database) -> None:
    """Counting all of them would take longer with each day, in the write gate."""
    await database.write(lambda conn: posted(conn, NOON, NOON - 6 * DAY, NOON - WAITING_SECONDS, NOON - 300 * DAY))
    count = partial(posts_lately, touchpoint="群", slot=SLOT)
    assert await database.read(count) == {"wr-1": 2}
    await database.write(lambda conn: posted(conn, NOON - DAY))
    assert await database.read(count) == {"wr-1": 3}


async def test_what_is_only_tried_is_no_reason_to_decide_again_in_earnest(database: Database) -> None:
    """It matters to what is only tried, too."""
    tried = plan_of(entry="shadow", pool="wr-1", touchpoint="群", outcome="tried")
    await database.write(lambda conn: conn.execute(insert(planned), [tried]))
    count = partial(posts_lately, touchpoint="群", slot=SLOT)
    assert await database.read(count) == {}
    assert await database.read(partial(count, tried_too=True)) == {"wr-1": 1}
