"""What guides have in hand at WeCom and have not pressed, for people to read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, exists, func, or_, select

from bot.scrm.gates.outcome import GOES
from bot.scrm.kind import Touchpoint
from bot.store.planning import planned
from bot.store.send_posts import posts_of
from bot.store.sends import sends

OPEN: Final = ("making", "waiting")
"""States of a send that is in a guide's hands."""


@dataclass(frozen=True, slots=True)
class InHand:
    """A send that waits for its guide; without `userid` a Moment of several, `pools`. `at`, `by_at`: of its slot;
    `look_at`: when WeCom is asked next; None: it is not there yet. `reason`: why it is being taken back."""

    key: str
    at: int
    by_at: int
    userid: str
    touchpoint: Touchpoint
    calendar: str
    entry: str
    item: str
    people: int
    state: str
    pools: list[str]
    look_at: int | None
    reason: str

    @property
    def guides(self) -> list[str]:
        """Whose hands it is in."""
        return [self.userid] if self.userid else self.pools

    @property
    def shared(self) -> bool:
        """Whether WeCom can take it back from all of them only: cancel_moment_task asks for no member (page 96350)."""
        return len(self.guides) > 1


def in_hand(conn: Connection, offset: int, limit: int, userid: str | None = None) -> list[InHand]:
    """What guides have in hand, what ends first first; of one guide, or of all."""
    query = _query().where(*_open(), *(() if userid is None else (_of(userid),)))
    rows = conn.execute(query.order_by(sends.c.by_at, sends.c.key).offset(offset).limit(limit))
    return [InHand(*row) for row in rows]


def one(conn: Connection, key: str) -> InHand | None:
    """One of them; None: it is in nobody's hands any more."""
    row = conn.execute(_query().where(*_open(), sends.c.key == key)).one_or_none()
    return InHand(*row) if row else None


def left_of(conn: Connection, task: InHand) -> dict[str, int | None]:
    """pool → when it left there; None: it has not yet. Of a one-to-one send nothing: its people are not told apart."""
    row = {name: getattr(task, name) for name in ("calendar", "entry", "at", "pools")}
    rows = conn.execute(select(planned.c.pool, planned.c.settled_at).where(posts_of(row)).order_by(planned.c.pool))
    return {pool: at for pool, at in rows}


def next_look(conn: Connection, calendar: str, entry: str) -> int | None:
    """When WeCom is asked next who has pressed of an entry; None: nothing of it waits."""
    here = (sends.c.calendar == calendar, sends.c.entry == entry, sends.c.look_at > 0, sends.c.state == "waiting")
    at: int | None = conn.scalar(select(func.min(sends.c.look_at)).where(*here))
    return at


def in_hand_count(conn: Connection, now: int) -> tuple[int, int]:
    """How many sends wait for guides, and how many of them end within two hours."""
    late = func.count().filter(sends.c.by_at < now + 7200)
    waiting, ending = conn.execute(select(func.count(), late).where(*_open())).one()
    return waiting, ending


def _query() -> Any:
    return select(*(sends.c[name] for name in InHand.__slots__))


def _open() -> tuple[ColumnElement[bool], ...]:
    return sends.c.look_at.is_not(None) | (sends.c.state == "making"), sends.c.state.in_(OPEN)


def _of(userid: str) -> ColumnElement[bool]:
    """Theirs alone, or one of several guides' in which they have not posted yet."""
    same = and_(*(planned.c[name] == sends.c[name] for name in ("calendar", "entry", "at")))
    waits = exists().where(same, planned.c.pool == userid, planned.c.outcome.in_(GOES), planned.c.settled_at.is_(None))
    among = cast(sends.c.pools, Text).contains(json.dumps(userid), autoescape=True)
    return or_(sends.c.userid == userid, and_(sends.c.userid == "", among, waits))
