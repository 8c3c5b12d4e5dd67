"""Who came first to a link, and what pages were told that nobody has handled yet."""

from __future__ import annotations

import asyncio
from functools import partial

from sqlalchemy import Connection

from bot.scrm.events.survey import SurveyAnswered
from bot.store import inbox, seats
from bot.store.database import Database

NOW = 1_795_658_400
LINK, CUSTOMER = "a" * 64, "wm-1"


async def test_one_of_many_is_the_first_and_stays_it(database: Database) -> None:
    """However many begin at once; who begins again keeps their seat."""
    take = partial(seats.take, link=LINK, external_userid=CUSTOMER, now=NOW)
    browsers = [f"browser-{n}" for n in range(8)]
    taken = await asyncio.gather(*(database.write(partial(take, browser=name)) for name in browsers))
    assert sum(seat.first for seat in taken) == 1
    again = [await database.write(partial(take, browser=name, now=NOW + 60)) for name in browsers]
    assert again == taken
    other = await database.write(partial(take, link="b" * 64, browser="browser-0"))
    assert other.first
    assert await database.read(partial(seats.seat, link=LINK, browser="nobody")) is None


async def test_a_seat_is_forgotten_long_after_its_link(database: Database) -> None:
    """The next one who sits down anywhere clears them away."""
    await database.write(partial(seats.take, link=LINK, browser="old", external_userid=CUSTOMER, now=NOW))
    later = NOW + seats.SEAT_SECONDS + 1
    await database.write(partial(seats.take, link="b" * 64, browser="new", external_userid="wm-2", now=later))
    assert await database.read(partial(seats.seat, link=LINK, browser="old")) is None


def said(question_id: str, external_userid: str) -> SurveyAnswered:
    return SurveyAnswered(
        created_at=NOW,
        run_id="r1",
        survey_id="newcomer",
        external_userid=external_userid,
        question_id=question_id,
        values=("换季",),
        surface="H5",
    )


async def test_what_waits_is_found_by_its_line_until_it_is_handled(database: Database) -> None:
    """In the order in which it was kept; nobody else's."""
    events = [said("skin", CUSTOMER), said("wish", CUSTOMER), said("skin", "wm-2")]
    arrivals = [inbox.own_arrival(event, cause=f"page/{n}") for n, event in enumerate(events)]
    await database.write(partial(inbox.put, arrivals=arrivals))

    def mine(conn: Connection) -> list[SurveyAnswered]:
        return seats.unhandled(conn, f"customer/{CUSTOMER}", SurveyAnswered)

    assert await database.read(mine) == events[:2]
    first, *_ = await database.read(partial(inbox.waiting, now=9**10, after=0, limit=1))
    await database.write(partial(inbox.close, inbox_id=first.id, because=(), at=NOW))
    assert await database.read(mine) == events[1:2]
