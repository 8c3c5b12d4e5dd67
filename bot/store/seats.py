"""Browsers at our signed links, and answers that are on disk but not handled yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, delete, select

from bot.scrm.events.base import OwnEvent
from bot.store.codec import own_event
from bot.store.inbox import OWN, inbox
from bot.store.tables.pages import PageSeats
from bot.store.upsert import columns, insert_new

SEAT_SECONDS = 60 * 24 * 3600
"""Longer than any link to a survey lives."""

seats = columns(PageSeats)

Said = TypeVar("Said", bound=OwnEvent)


@dataclass(frozen=True, slots=True)
class Seat:
    """A browser that began at a link, and when. `first`: before any other, so it is taken for the customer's own."""

    first: bool
    sat_at: int


def take(conn: Connection, link: str, browser: str, external_userid: str, now: int) -> Seat:
    """Sit down at a link: as the first, or as one of those it was forwarded to. Who sits there already stays."""
    conn.execute(delete(seats).where(seats.c.sat_at < now - SEAT_SECONDS))
    row = {"link": link, "browser": browser, "external_userid": external_userid, "sat_at": now}
    for first in (True, False):
        conn.execute(insert_new(conn, PageSeats), {**row, "first": first})
    taken = seat(conn, link, browser)
    assert taken is not None, "a seat was just taken"
    return taken


def seat(conn: Connection, link: str, browser: str) -> Seat | None:
    """Where a browser sits; None before it began."""
    row = conn.execute(
        select(seats.c.first, seats.c.sat_at).where(seats.c.link == link, seats.c.browser == browser)
    ).one_or_none()
    return None if row is None else Seat(*row)


def alone(conn: Connection, external_userid: str, browser: str) -> bool:
    """Whether nobody else sits for this customer at any link: else who knows which of them it is."""
    theirs = (seats.c.external_userid == external_userid, seats.c.first, seats.c.browser != browser)
    return conn.execute(select(seats.c.link).where(*theirs).limit(1)).first() is None


def unhandled(conn: Connection, line: str, *kinds: type[Said]) -> list[Said]:
    """What of these kinds pages were told on this line and no handler has seen yet, oldest first."""
    query = select(inbox.c.name, inbox.c.body).where(
        inbox.c.state == "waiting",
        inbox.c.app == OWN,
        inbox.c.line == line,
        inbox.c.name.in_([kind.__name__ for kind in kinds]),
    )
    events = (own_event(name, body) for name, body in conn.execute(query.order_by(inbox.c.id)))
    return [event for event in events if isinstance(event, kinds)]
