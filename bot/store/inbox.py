"""The inbox: every event, from its commit to its close.

Key = CreateTime, sha256(app, plaintext without its welcome code): the same push sent again is the same row, and the
newest code wins; the time goes first so that new keys lie beside each other, and a commit touches few pages.
(WeCom's advice, FromUserName + CreateTime, merges distinct customers: FromUserName is always `sys` here.)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, bindparam, func, or_, select, update

from bot.scrm.events import OwnEvent
from bot.store.codec import event_body
from bot.store.tables import Inbox
from bot.store.tables.boxes import HURRIES, PARKED, WAITING
from bot.store.upsert import columns, dialect_insert

OWN = "zhiyu"
"""The `app` of our own events."""

ERASED = "客户已要求删除"
"""Why an event of somebody who asked to be forgotten was closed."""

ROWS_AT_ONCE = 64
"""Rows of one INSERT; each number of rows is a statement of its own, compiled once and kept."""

_CREATED = re.compile(r"<CreateTime>(?:<!\[CDATA\[)?([0-9]{1,12})[]<]")

inbox = columns(Inbox)

_WELCOME_CODE = select(inbox.c.welcome_code).where(inbox.c.id == bindparam("inbox_id"))
_CLOSE = (
    update(inbox)
    .where(inbox.c.id == bindparam("inbox_id"), inbox.c.state == "waiting")
    .values(state="done", done_at=bindparam("at"), reason=bindparam("why"))
)


class AlreadyClosedError(Exception):
    """The event is not waiting any more."""


class Arrival(NamedTuple):
    """An event to be kept. `body`: plaintext XML without its welcome code, or the JSON of an own event."""

    key: bytes
    app: str
    name: str
    line: str
    body: str
    welcome_code: str | None
    received_at: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event whose turn has not come."""

    id: int
    app: str
    name: str
    line: str
    body: str
    welcome_code: str | None
    received_at: int
    run: int
    attempts: int
    failed_at: int | None
    retry_at: int


_ALL = select(*(inbox.c[name] for name in Waiting.__slots__)).limit(bindparam("most"))
_ITS_TIME = or_(inbox.c.failed_at.is_not(None), inbox.c.retry_at <= bindparam("now"))
"""What failed is read before, too: it keeps its line."""

_WAITING = _ALL.where(WAITING, _ITS_TIME, inbox.c.id > bindparam("after")).order_by(inbox.c.id)
_WAITING_BUT = _WAITING.where(inbox.c.line.not_in(bindparam("lines", expanding=True)))
_HURRYING = _ALL.where(HURRIES, inbox.c.received_at > bindparam("since")).order_by(inbox.c.received_at, inbox.c.id)


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that failed for its whole time, as operations see it."""

    id: int
    name: str
    received_at: int
    attempts: int
    reason: str


def arrival(app: str, name: str, line: str, body: str, welcome_code: str | None, received_at: int) -> Arrival:
    """An arrival with its key. `app` is length-prefixed, so no two (app, body) pairs share one."""
    created = _CREATED.search(body)
    key = _key(int(created[1]) if created else 0, f"{len(app)}:{app}{body}")
    return Arrival(key, app, name, line, body, welcome_code, received_at)


def own_arrival(event: OwnEvent, cause: str) -> Arrival:
    """An own event as an arrival; what one `cause` brings about on one line is kept once."""
    name = type(event).__name__
    return Arrival(own_key(cause, name, event.line), OWN, name, event.line, event_body(event), None, event.created_at)


def own_key(cause: str, name: str, line: str) -> bytes:
    """The key of an own event."""
    return _key(0, f"{cause}\n{name}\n{line}")


def _key(created_at: int, content: str) -> bytes:
    return created_at.to_bytes(5, "big") + hashlib.sha256(content.encode()).digest()[:16]


def put(conn: Connection, arrivals: Sequence[Arrival]) -> None:
    """Keep events; one that is there already counts another delivery and takes the newer welcome code."""
    kept: dict[bytes, tuple[Arrival, int]] = {}
    for a in arrivals:
        known, deliveries = kept.get(a.key, (a, 0))
        newest = a if a.welcome_code else a._replace(welcome_code=known.welcome_code)
        kept[a.key] = (newest, deliveries + 1)
    rows = [_row(a, deliveries) for a, deliveries in kept.values()]
    for first in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[first : first + ROWS_AT_ONCE]
        # By the driver: this is the one statement that every callback waits for, and SQLAlchemy would prepare each
        # row. All rows in one: a driver lets go of the interpreter for each statement, and has to wait to get it back.
        conn.exec_driver_sql(_keep_or_count(conn.dialect, len(some)), tuple(chain.from_iterable(some)))


@cache
def _keep_or_count(dialect: Dialect, rows: int) -> str:
    """The INSERT of so many rows in the driver's own words; its parameters are those of `_row`, row by row."""
    values: list[dict[str, Any]] = [{name: bindparam(f"{name}_{row}") for name in _COLUMNS} for row in range(rows)]
    kept = dialect_insert(dialect.name, inbox).values(values)
    changes = {
        "deliveries": inbox.c.deliveries + kept.excluded.deliveries,
        "welcome_code": func.coalesce(kept.excluded.welcome_code, inbox.c.welcome_code),
    }
    compiled = kept.on_conflict_do_update(index_elements=["key"], set_=changes).compile(dialect=dialect)
    assert compiled.positiontup == [f"{name}_{row}" for row in range(rows) for name in _COLUMNS]
    return str(compiled)


def waiting(conn: Connection, now: int, after: int, limit: int, but: Sequence[str] = ()) -> list[Waiting]:
    """Waiting events with an id above `after`, oldest first, of all lines but those; none that is held till later."""
    query, lines = (_WAITING_BUT, {"lines": but}) if but else (_WAITING, {})
    return [Waiting(*row) for row in conn.execute(query, {"now": now, "after": after, "most": limit} | lines)]


def hurrying(conn: Connection, since: int, limit: int) -> list[Waiting]:
    """Waiting events with a welcome code, received after `since` and not tried yet; oldest first."""
    return [Waiting(*row) for row in conn.execute(_HURRYING, {"since": since, "most": limit})]


class Known(NamedTuple):
    """An event that is kept, whatever became of it."""

    id: int
    run: int
    state: str


def find(conn: Connection, key: bytes) -> Known | None:
    """The event of this key."""
    row = conn.execute(select(inbox.c.id, inbox.c.run, inbox.c.state).where(inbox.c.key == key)).first()
    return Known(*row) if row else None


def hold(conn: Connection, key: bytes, until_at: int) -> None:
    """An event that was never tried is nobody's business before `until_at` (epoch seconds)."""
    conn.execute(update(inbox).where(inbox.c.key == key).values(retry_at=until_at))


def last_received_at(conn: Connection) -> int | None:
    """When the newest event came, by the clock of the bot that heard it; None when nothing is kept."""
    return conn.scalar(select(inbox.c.received_at).order_by(inbox.c.id.desc()).limit(1))


def welcome_code(conn: Connection, inbox_id: int) -> str | None:
    """The newest welcome code that came with an event."""
    code: str | None = conn.execute(_WELCOME_CODE, {"inbox_id": inbox_id}).scalar_one()
    return code


def close(conn: Connection, inbox_id: int, because: Sequence[str], at: int) -> None:
    """An event has been handled; `because` is what a person will read when asking why.

    Raises:
        AlreadyClosedError: it was handled before; nothing of this handling may be kept.
    """
    if conn.execute(_CLOSE, {"inbox_id": inbox_id, "at": at, "why": "；".join(because)}).rowcount != 1:
        raise AlreadyClosedError


def scrub(conn: Connection, inbox_id: int, line: str, at: int) -> None:
    """Close an event of somebody who asked to be forgotten, and keep nothing of it. `line`: what to call it now."""
    blank = {"body": "", "welcome_code": None, "line": line}
    closed = {"state": "done", "done_at": at, "reason": ERASED}
    conn.execute(update(inbox).where(inbox.c.id == inbox_id).values(**blank, **closed))


def postpone(conn: Connection, inbox_id: int, *, failed_at: int, retry_at: int, reason: str) -> None:
    """A handler failed; the event keeps its line until `retry_at`."""
    conn.execute(
        update(inbox)
        .where(inbox.c.id == inbox_id)
        .values(attempts=inbox.c.attempts + 1, failed_at=failed_at, retry_at=retry_at, reason=reason)
    )


def park(conn: Connection, inbox_id: int, reason: str) -> None:
    """Put an event aside and mark what waits behind it in its line: it goes on without it."""
    conn.execute(update(inbox).where(inbox.c.id == inbox_id).values(state="parked", reason=reason))
    line = select(inbox.c.line).where(inbox.c.id == inbox_id).scalar_subquery()
    conn.execute(
        update(inbox).where(inbox.c.line == line, inbox.c.id > inbox_id, inbox.c.state == "waiting").values(marked=True)
    )


def parked(conn: Connection, limit: int = 100, offset: int = 0) -> list[Parked]:
    """Parked events, newest first."""
    query = select(inbox.c.id, inbox.c.name, inbox.c.received_at, inbox.c.attempts, inbox.c.reason)
    query = query.where(PARKED).order_by(inbox.c.id.desc()).offset(offset).limit(limit)
    return [Parked(*row) for row in conn.execute(query)]


def parked_count(conn: Connection) -> int:
    """How many events are put aside."""
    return conn.scalar(select(func.count()).select_from(inbox).where(PARKED)) or 0


def replay(conn: Connection, inbox_id: int, *, again: bool = False) -> bool:
    """Let a parked event wait once more; `again`: any closed one, as a new run whose actions are done anew.

    Returns whether there was such an event.
    """
    states = ("parked", "done") if again else ("parked",)
    changes = {"state": "waiting", "attempts": 0, "failed_at": None, "retry_at": 0, "reason": ""}
    told = inbox.c.body != ""  # of somebody erased there is nothing to tell again
    statement = update(inbox).where(inbox.c.id == inbox_id, inbox.c.state.in_(states), told).values(**changes)
    if again:
        statement = statement.values(run=inbox.c.run + 1)
    return conn.execute(statement).rowcount == 1


def state_of(conn: Connection, inbox_id: int) -> str | None:
    """How an event stands; None: there is none of this number."""
    state: str | None = conn.scalar(select(inbox.c.state).where(inbox.c.id == inbox_id))
    return state


def counts(conn: Connection) -> dict[str, int]:
    """How many events are in each state."""
    rows = conn.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state))
    return {state: count for state, count in rows}


_COLUMNS = ("key", "app", "name", "line", "body", "welcome_code", "received_at", "deliveries")
"""What an arrival brings; the rest begins with the table's defaults."""


def _row(a: Arrival, deliveries: int) -> tuple[object, ...]:
    return (a.key, a.app, a.name, a.line, a.body, a.welcome_code, a.received_at, deliveries)
