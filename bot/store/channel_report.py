"""The numbers of every channel, in one grouped query over what was written down when it happened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, literal, select, union_all

from bot.scrm.channel_report import LOST_SOON_SECONDS, ChannelNumbers
from bot.store.tables import Deliveries, FollowLog, Orders
from bot.store.tables.surveys import SurveyRuns
from bot.store.upsert import columns

log, deliveries, orders, runs = columns(FollowLog), columns(Deliveries), columns(Orders), columns(SurveyRuns)

GREETED_WITHIN_SECONDS = 24 * 3600
NUMBERS = tuple(name for name in ChannelNumbers.__slots__ if name != "channel_id")


def channel_numbers(conn: Connection, since_at: int, until_at: int) -> list[ChannelNumbers]:
    """Every channel of which something happened from `since_at` to before `until_at`, the one with most adds first."""
    rows = union_all(_added(since_at, until_at), _parted(since_at, until_at), _ordered(since_at, until_at)).subquery()
    sums = [func.coalesce(func.sum(rows.c[name]), 0).label(name) for name in NUMBERS]
    query = select(rows.c.channel_id, *sums).group_by(rows.c.channel_id)
    found = [ChannelNumbers(**{**row, **{n: int(row[n]) for n in NUMBERS}}) for row in conn.execute(query).mappings()]
    return sorted(found, key=lambda numbers: (-numbers.added, numbers.channel_id or "~"))


def _row(channel_id: Any, **numbers: Any) -> Select[Any]:
    return select(channel_id.label("channel_id"), *(numbers.get(n, literal(0)).label(n) for n in NUMBERS))


def _added(since_at: int, until_at: int) -> Select[Any]:
    added, later = log.alias("added"), log.alias("later")
    greeted = and_(
        deliveries.c.person_id == added.c.person_id,
        deliveries.c.userid == added.c.userid,
        deliveries.c.touchpoint == "welcome",
        deliveries.c.delivered_at.between(added.c.at, added.c.at + GREETED_WITHIN_SECONDS),
    )
    surveyed = and_(runs.c.person_id == added.c.person_id, runs.c.state == "done", runs.c.ended_at >= added.c.at)
    lost = and_(
        later.c.external_userid == added.c.external_userid,
        later.c.userid == added.c.userid,
        later.c.what == "lost",
        later.c.at.between(added.c.at, added.c.at + LOST_SOON_SECONDS),
    )
    row = _row(
        added.c.channel_id,
        added=literal(1),
        greeted=_one_if(deliveries, greeted),
        surveyed=_one_if(runs, surveyed),
        lost_soon=_one_if(later, lost),
    )
    return row.where(added.c.what == "added", added.c.at >= since_at, added.c.at < until_at)


def _parted(since_at: int, until_at: int) -> Select[Any]:
    """A customer handed to another guide is still with us."""
    row = _row(log.c.channel_id, parted=literal(1))
    return row.where(log.c.what.in_(("lost", "removed")), log.c.at >= since_at, log.c.at < until_at)


def _ordered(since_at: int, until_at: int) -> Select[Any]:
    row = _row(orders.c.channel_id, first_orders=literal(1), first_order_fen=orders.c.total_fen - orders.c.refunded_fen)
    return row.where(orders.c.is_first, orders.c.paid_at >= since_at, orders.c.paid_at < until_at)


def _one_if(table: Any, holds: ColumnElement[bool]) -> ColumnElement[int]:
    return case((exists(select(1).select_from(table).where(holds)), 1), else_=0)
