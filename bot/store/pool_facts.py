"""Pools measured over all their people at once, and the stage that each is in. Measuring only reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, case, func, literal_column, select

from bot.scrm.kind import Touchpoint
from bot.scrm.pool_facts import LOST_SECONDS, MeasuredPool, PoolCounts, facts_of
from bot.scrm.records import Record
from bot.scrm.records.planning import KeepStages
from bot.store.planning import pool_stages, staged_of
from bot.store.relations import ENDED
from bot.store.tables import Follows, GroupChats, GroupMembers, MemberPools, Orders, PoolStages, SyncJobs
from bot.store.upsert import columns, insert

chats, seats, follows = columns(GroupChats), columns(GroupMembers), columns(Follows)
orders, read, jobs = columns(Orders), columns(MemberPools), columns(SyncJobs)

_KEY = ("pool", "touchpoint")
_LOST = tuple(by for by, what in ENDED.items() if what == "lost")


def measured(conn: Connection, touchpoint: Touchpoint, now: int) -> tuple[MeasuredPool, ...]:
    """Every pool of a touchpoint with its facts at `now` (epoch seconds), and the stage that it had.

    A guide whose customers were never read as a whole is not among them.
    """
    since_at = now - LOST_SECONDS
    query = _groups(since_at) if touchpoint == "群" else _guides(since_at)
    any_order = conn.execute(select(orders.c.order_id).where(orders.c.person_id.is_not(None)).limit(1)).first()
    stages = {row["pool"]: staged_of(row) for row in _stages(conn, touchpoint)}
    found = []
    for row in conn.execute(query).mappings():
        counts = PoolCounts(
            began_at=row["began_at"],
            watched_at=row["watched_at"],
            members=row["members"],
            known=row["known"],
            buyers=row["buyers"] if any_order else None,
            lost=row["lost"],
        )
        found.append(MeasuredPool(row["id"], row["name"], facts_of(counts, now), now, stages.get(row["id"])))
    return tuple(found)


def kept(conn: Connection, touchpoint: Touchpoint) -> tuple[MeasuredPool, ...]:
    """The pools of a touchpoint as they were kept last. A group that is no more is left out."""
    here = select(chats.c.chat_id, chats.c.name).where(chats.c.state == "active")
    names: dict[str, str] = {chat_id: name for chat_id, name in conn.execute(here)}
    rows = (row for row in _stages(conn, touchpoint) if touchpoint != "群" or row["pool"] in names)
    return tuple(
        MeasuredPool(row["pool"], names.get(row["pool"], ""), row["facts"], row["measured_at"], staged_of(row))
        for row in rows
    )


def keep(conn: Connection, record: KeepStages) -> None:
    """The stage of each pool, since when and why, and the facts that it was decided on."""
    rows = [_row(record.touchpoint, pool) for pool in record.pools if pool.staged]
    if rows:
        statement = insert(conn, PoolStages)
        changes = {name: statement.excluded[name] for name in rows[0] if name not in _KEY}
        conn.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=changes), rows)


def _row(touchpoint: Touchpoint, pool: MeasuredPool) -> dict[str, Any]:
    assert pool.staged
    return {
        "pool": pool.id,
        "touchpoint": touchpoint,
        "stage": pool.staged.stage,
        "since_at": pool.staged.since_at,
        "because": pool.staged.because,
        "pinned": pool.staged.pinned,
        "facts": dict(pool.facts),
        "measured_at": pool.measured_at,
    }


def _stages(conn: Connection, touchpoint: Touchpoint) -> Iterable[Any]:
    query = select(pool_stages).where(pool_stages.c.touchpoint == touchpoint).order_by(pool_stages.c.pool)
    return conn.execute(query).mappings().all()


def _groups(since_at: int) -> Select[Any]:
    """Every group that is there. Somebody removed by us and somebody who left are told apart by nothing sure."""
    bought, inside = _bought(), seats.c.member_id.is_not(None) & seats.c.left_at.is_(None)
    counts = _counts(inside, seats.c.left_at > since_at, seats.c.person_id, bought.c.person_id)
    since = select(func.min(jobs.c.started_at)).where(jobs.c.kind == "groups", jobs.c.state == "done")
    here: tuple[Any, ...] = (chats.c.chat_id.label("id"), chats.c.name, chats.c.created_at.label("began_at"))
    sitting = (seats.c.chat_id == chats.c.chat_id) & (seats.c.kind == "customer")
    whole = chats.outerjoin(seats, sitting).outerjoin(bought, bought.c.person_id == seats.c.person_id)
    query = select(*here, since.scalar_subquery().label("watched_at"), *counts).select_from(whole)
    return query.where(chats.c.state == "active").group_by(chats.c.chat_id, chats.c.name, chats.c.created_at)


def _guides(since_at: int) -> Select[Any]:
    """Every guide with customers, all of whom were read once."""
    bought, connected = _bought(), follows.c.status == "active"
    left = follows.c.ended_by.in_(_LOST) & (follows.c.status == "ended") & (follows.c.ended_at > since_at)
    counts = _counts(connected, left, follows.c.person_id, bought.c.person_id)
    here: tuple[Any, ...] = (
        follows.c.userid.label("id"),
        literal_column("''").label("name"),
        func.min(follows.c.added_at).label("began_at"),
    )
    whole = follows.join(read, read.c.userid == follows.c.userid)
    whole = whole.outerjoin(bought, bought.c.person_id == follows.c.person_id)
    query = select(*here, read.c.first_read_at.label("watched_at"), *counts).select_from(whole)
    return query.group_by(follows.c.userid, read.c.first_read_at).having(_number(connected) > 0)


def _counts(inside: Any, left: Any, person_id: Any, buyer: Any) -> tuple[Any, ...]:
    return (
        _number(inside).label("members"),
        _number(inside & person_id.is_not(None)).label("known"),
        _number(inside & buyer.is_not(None)).label("buyers"),
        _number(left).label("lost"),
    )


def _number(which: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows; an outer row without a partner is none."""
    return func.count(case((which, 1)))


def _bought() -> FromClause:
    """The people of whom an order is known that they did not give back."""
    mine = (orders.c.person_id.is_not(None), orders.c.state != "refunded")
    return select(orders.c.person_id).where(*mine).distinct().subquery("bought")


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    KeepStages: lambda conn, _, record: keep(conn, record),
}
