"""The outbox: every action, from its decision to its outcome.

    pending ──claim──▶ sending ──▶ sent | expired | refused | failed | dropped
       ▲                  │ answer lost, or killed on the way
       └── postpone ──────┴──▶ unknown ──claim──▶ sending …

Key = (cause, run, kind, target): handling an event twice writes the same rows once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Connection, RowMapping, Select, bindparam, exists, func, or_, select, update

from bot.scrm.actions import ACTIONS, Action
from bot.store.codec import action_of, action_payload
from bot.store.tables import Outbox
from bot.store.upsert import columns, insert_new

NO_DEADLINE = 2**62
"""Sorts after every deadline."""

outbox = columns(Outbox)
earlier = outbox.alias("earlier")

_HELD = exists().where(
    earlier.c.line == outbox.c.line, earlier.c.id < outbox.c.id, earlier.c.not_before_at.is_not(None)
)
_FREE = or_(outbox.c.kind.not_in([kind.__name__ for kind in ACTIONS if kind.in_order]), ~_HELD)
"""Nothing that was decided before it waits on a line that is kept in order."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An action under way. `in_doubt`: an earlier try may have arrived."""

    id: int
    cause: int
    action: Action
    attempts: int
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An outbox row as operations see it."""

    id: int
    kind: str
    state: str
    attempts: int
    created_at: int
    not_before_at: int | None
    not_after_at: int | None
    errcode: int | None
    reason: str


def put(conn: Connection, cause: int, run: int, actions: Sequence[Action], now: int) -> None:
    """Write actions, words rendered, once per key."""
    if actions:
        conn.execute(insert_new(conn, Outbox), [_row(cause, run, action, now) for action in actions])


def claim(conn: Connection, *, urgent: bool, limit: int, now: int, busy: Collection[str]) -> list[Claimed]:
    """Take due actions: deadline, then priority, then age. One at a time per line.

    `urgent`: those with a deadline, or those without. `busy`: lines with an action under way.
    """
    taken: list[Claimed] = []
    lines = set(busy)
    while room := limit - len(taken):
        asked = {"now": now, "room": room, "lines": list(lines)}
        rows = conn.execute(_due(urgent, bool(lines)), asked).mappings().all()
        taken += _take(conn, rows, lines)
        if len(rows) < room:
            break  # else a long line may hide what is due behind it
    return taken


def _take(conn: Connection, rows: Sequence[RowMapping], lines: set[str]) -> list[Claimed]:
    """Mark the first of each line as under way, and note its line."""
    taken: list[Claimed] = []
    for row in rows:
        if row["line"] is None or row["line"] not in lines:
            try:
                claimed = _claimed(row)
            except (KeyError, ValueError):  # written by another version of ours: it must not block the rest
                settle(conn, row["id"], "failed", at=row["created_at"], reason="这个版本读不懂这个动作")
                continue
            if row["line"]:
                lines.add(row["line"])
            taken.append(claimed)
    if taken:
        conn.execute(_TAKE, {"ids": [c.id for c in taken]})
    return taken


_TAKE = (
    update(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True))).values(state="sending", not_before_at=None)
)


def _claimed(row: RowMapping) -> Claimed:
    action = action_of(row["kind"], row["payload"])
    return Claimed(row["id"], row["cause"], action, row["attempts"], row["in_doubt"])


def next_due_at(conn: Connection, *, urgent: bool, busy: Collection[str]) -> int | None:
    """When the earliest waiting action of a lane may be claimed, or None when nothing waits."""
    return conn.execute(_next_due(urgent, bool(busy)), {"lines": list(busy)}).scalar()


@cache
def _due(urgent: bool, but: bool) -> Select[Any]:
    due = select(outbox).where(outbox.c.not_before_at <= bindparam("now"), *_lane(urgent, but))
    due = due.order_by(outbox.c.due_at, outbox.c.priority, outbox.c.id).limit(bindparam("room"))
    # Where transactions run side by side (PostgreSQL), a row that somebody drops meanwhile is not taken.
    return due.with_for_update(skip_locked=True)


@cache
def _next_due(urgent: bool, but: bool) -> Select[Any]:
    waits = outbox.c.not_before_at.is_not(None)
    return select(func.min(outbox.c.not_before_at)).where(waits, *_lane(urgent, but))


def _lane(urgent: bool, but: bool) -> list[Any]:
    """Rows with a deadline, or those without; none that waits for another. `but`: none of the `lines` either."""
    lane = [outbox.c.due_at < NO_DEADLINE if urgent else outbox.c.due_at == NO_DEADLINE, _FREE]
    others = outbox.c.line.not_in(bindparam("lines", expanding=True))
    return [*lane, or_(outbox.c.line.is_(None), others)] if but else lane


_POSTPONE = (
    update(outbox)
    .where(outbox.c.id == bindparam("outbox_id"))
    .values(state=bindparam("outcome"), in_doubt=or_(outbox.c.in_doubt, bindparam("doubt", type_=Boolean)))
    .values(not_before_at=bindparam("at"), attempts=outbox.c.attempts + 1)
    .values(errcode=bindparam("code"), reason=bindparam("why"))
)


def postpone(conn: Connection, outbox_id: int, *, at: int, in_doubt: bool, errcode: int | None, reason: str) -> None:
    """Try again at `at`; `in_doubt`: this try may have arrived."""
    state = {"outcome": "unknown" if in_doubt else "pending", "doubt": in_doubt}
    conn.execute(_POSTPONE, {"outbox_id": outbox_id, **state, "at": at, "code": errcode, "why": reason})


def settle(
    conn: Connection, outbox_id: int, state: str, *, at: int, errcode: int | None = None, reason: str = ""
) -> None:
    """An action has its outcome."""
    outcome = {"outcome": state, "at": at, "code": errcode, "why": reason}
    conn.execute(_SETTLE, {"outbox_id": outbox_id, **outcome})


_SETTLE = (
    update(outbox)
    .where(outbox.c.id == bindparam("outbox_id"))
    .values(state=bindparam("outcome"), settled_at=bindparam("at"), not_before_at=None)
    .values(attempts=outbox.c.attempts + 1, errcode=bindparam("code"), reason=bindparam("why"))
)


def recover(conn: Connection, now: int) -> int:
    """After a crash: what was under way may have arrived. Returns how many."""
    lost = update(outbox).where(outbox.c.state == "sending")
    return conn.execute(lost.values(state="unknown", in_doubt=True, not_before_at=now)).rowcount


def retry(conn: Connection, outbox_id: int, now: int) -> bool:
    """Let an action that did not go out be tried anew, unless its time is over. Returns whether there was one."""
    over = outbox.c.state.in_(("refused", "failed", "expired", "dropped", "unknown", "pending"))
    in_time = or_(outbox.c.not_after_at.is_(None), outbox.c.not_after_at > now)
    statement = update(outbox).where(outbox.c.id == outbox_id, over, in_time)
    return conn.execute(statement.values(state="pending", not_before_at=now, settled_at=None, attempts=0)).rowcount == 1


def drop(conn: Connection, outbox_id: int, now: int) -> Claimed | None:
    """Give up an action that waits for its next try. Returns it, or None when there was none."""
    waits = outbox.c.not_before_at.is_not(None)
    statement = update(outbox).where(outbox.c.id == outbox_id, waits)
    dropped = statement.values(state="dropped", not_before_at=None, settled_at=now)
    row = conn.execute(dropped.returning(outbox)).mappings().one_or_none()
    return _claimed(row) if row else None


def entries(conn: Connection, states: Collection[str] = (), limit: int = 100, offset: int = 0) -> list[Entry]:
    """Rows as operations see them, newest first."""
    query = select(*(outbox.c[name] for name in Entry.__slots__))
    if states:
        query = query.where(outbox.c.state.in_(states))
    return [Entry(*row) for row in conn.execute(query.order_by(outbox.c.id.desc()).offset(offset).limit(limit))]


def state_of(conn: Connection, outbox_id: int) -> str | None:
    """How an action stands; None: there is none of this number."""
    state: str | None = conn.scalar(select(outbox.c.state).where(outbox.c.id == outbox_id))
    return state


_KEPT = select(outbox.c.id).where(outbox.c.key == bindparam("known_key"))


def is_kept(conn: Connection, cause: int, run: int, kind: type[Action], target: str) -> bool:
    """Whether the handling of an event brought this action about."""
    return conn.execute(_KEPT, {"known_key": _key(cause, run, kind, target)}).first() is not None


def counts_of(conn: Connection, states: Collection[str]) -> dict[str, int]:
    """How many actions are in each of these states."""
    query = select(outbox.c.state, func.count()).where(outbox.c.state.in_(states)).group_by(outbox.c.state)
    return {state: count for state, count in conn.execute(query)}


def counts(conn: Connection) -> dict[str, int]:
    """How many actions are in each state."""
    rows = conn.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return {state: count for state, count in rows}


def _row(cause: int, run: int, action: Action, now: int) -> dict[str, object]:
    return {
        "key": _key(cause, run, type(action), action.target),
        "cause": cause,
        "kind": type(action).__name__,
        "line": action.line,
        "payload": action_payload(action),
        "state": "pending",
        "due_at": NO_DEADLINE if action.not_after_at is None else action.not_after_at,
        "priority": action.priority,
        "not_before_at": action.not_before_at,
        "not_after_at": action.not_after_at,
        "attempts": 0,
        "in_doubt": False,
        "created_at": now,
        "reason": "",
    }


def _key(cause: int, run: int, kind: type[Action], target: str) -> str:
    return f"{cause}/{run}/{kind.__name__}/{target}"
