"""The decisions that a send carries out: what became of them when it left, when it did not, when it is held."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update

from bot.scrm.gates.outcome import GOES
from bot.scrm.mix import charged
from bot.scrm.records.sends import SettleSend
from bot.store.planning import beside_mix, choice_of, keep_mixes, mixes, planned


def posts_of(row: Any) -> ColumnElement[bool]:
    """The decisions that a send to groups, or a Moment, carries out."""
    slot = ((planned.c[name] == row[name]) for name in ("calendar", "entry", "at"))
    return and_(*slot, planned.c.pool.in_(row["pools"]))


def lapse(conn: Connection, which: ColumnElement[bool], because: str, at: int) -> None:
    """What was let go and did not leave: it counts for nothing."""
    waiting = (which, planned.c.settled_at.is_(None), planned.c.outcome.in_(GOES))
    conn.execute(update(planned).where(*waiting).values(outcome="lapsed", because=because, settled_at=at))


def hold(conn: Connection, which: ColumnElement[bool], record: SettleSend) -> None:
    """What was let go and did not leave is as if it had been held: it is of no kind, and it is asked again."""
    waiting = (which, planned.c.settled_at.is_(None), planned.c.outcome.in_(GOES))
    held = {"outcome": "held", "because": record.reason, "kind": None, "retry_at": record.at}
    conn.execute(update(planned).where(*waiting).values(**held))


def open_posts(conn: Connection, which: ColumnElement[bool]) -> list[int]:
    """The ids of decisions that wait for a member."""
    open_ = (which, planned.c.settled_at.is_(None), planned.c.outcome.in_(GOES))
    return list(conn.scalars(select(planned.c.id).where(*open_)))


def charge(conn: Connection, which: ColumnElement[bool]) -> None:
    """What left is charged to the mix of its pool. `which`: some hundred decisions at most, of one touchpoint."""
    columns_ = (planned.c.touchpoint, planned.c.pool, planned.c.said, planned.c.kind)
    rows = conn.execute(select(*columns_).where(which, ~beside_mix()).order_by(planned.c.at)).all()
    if not rows:
        return
    owed = mixes(conn, rows[0].touchpoint, [row.pool for row in rows], lock=True)
    for row in rows:
        if row.pool in owed:
            owed[row.pool] = charged(owed[row.pool], choice_of(row.said), row.kind)
    if owed:
        keep_mixes(conn, rows[0].touchpoint, owed)
