"""The numbers of every channel, in one grouped query over what was written down when it happened.

New to a channel are its adds, one for each relation, and who was first seen by a 微信客服 link of it. Such a one counts
there once: the first guide whom they add later makes them no newcomer of another channel.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from bot.scrm.channel_report import LOST_SOON_SECONDS, ChannelNumbers
from bot.store.tables import Deliveries, FollowLog, Identities, Orders
from bot.store.tables.kf import KfAccounts, KfMessages, KfSessions
from bot.store.tables.surveys import SurveyRuns
from bot.store.tombstones import EXTERNAL_USERID
from bot.store.upsert import columns

log, deliveries, orders, runs = columns(FollowLog), columns(Deliveries), columns(Orders), columns(SurveyRuns)
sessions, accounts, messages, identities = map(columns, (KfSessions, KfAccounts, KfMessages, Identities))

GREETED_WITHIN_SECONDS = 24 * 3600
NUMBERS = tuple(name for name in ChannelNumbers.__slots__ if name != "channel_id")


def channel_numbers(conn: Connection, since_at: int, until_at: int) -> list[ChannelNumbers]:
    """Every channel of which something happened from `since_at` to before `until_at`, the one with most adds first."""
    parts = (_added, _came_by_kf, _parted, _ordered)
    rows = union_all(*(part(since_at, until_at) for part in parts)).subquery()
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
        surveyed=_surveyed(added),
        lost_soon=_one_if(later, lost),
    )
    here = and_(added.c.what == "added", added.c.at >= since_at, added.c.at < until_at)
    return row.where(here, not_(_counted_by_kf(added)))


def _came_by_kf(since_at: int, until_at: int) -> Select[Any]:
    came = _first_by_kf()
    greeted = and_(
        messages.c.person_id == came.c.person_id,
        messages.c.origin == "bot",
        messages.c.state == "sent",
        messages.c.said_at.between(came.c.at, came.c.at + GREETED_WITHIN_SECONDS),
    )
    lost = and_(
        log.c.person_id == came.c.person_id,
        log.c.what == "lost",
        log.c.at.between(came.c.at, came.c.at + LOST_SOON_SECONDS),
    )
    row = _row(
        came.c.channel_id,
        added=literal(1),
        greeted=_one_if(messages, greeted),
        surveyed=_surveyed(came),
        lost_soon=_one_if(log, lost),
    )
    return row.where(came.c.at >= since_at, came.c.at < until_at)


def _first_by_kf() -> Subquery:
    """(person_id, channel_id, at) of whom we came to know by a link; who was there before the account is history."""
    known, other = identities.alias("known"), identities.alias("other")
    before = and_(
        other.c.person_id == known.c.person_id,
        other.c.kind == EXTERNAL_USERID,
        or_(other.c.known_at < known.c.known_at, and_(other.c.known_at == known.c.known_at, other.c.how != "kf")),
    )
    nth = func.row_number().over(partition_by=sessions.c.person_id, order_by=(sessions.c.entered_at, known.c.value))
    query = (
        select(sessions.c.person_id, sessions.c.channel_id, known.c.known_at.label("at"), nth.label("nth"))
        .join(known, known.c.person_id == sessions.c.person_id)
        .join(accounts, accounts.c.open_kfid == sessions.c.open_kfid)
        .where(known.c.kind == EXTERNAL_USERID, known.c.how == "kf", known.c.known_at >= accounts.c.since_at)
        .where(sessions.c.channel_id.is_not(None), not_(exists(select(1).select_from(other).where(before))))
    ).subquery()
    return select(query.c.person_id, query.c.channel_id, query.c.at).where(query.c.nth == 1).subquery()


def _counted_by_kf(added: Any) -> ColumnElement[bool]:
    """Whether this is the first guide of somebody who is a newcomer of a 微信客服 link already."""
    came, earlier = _first_by_kf(), log.alias("earlier")
    first = and_(earlier.c.person_id == added.c.person_id, earlier.c.what == "added", earlier.c.at < added.c.at)
    by_kf = select(came.c.person_id).where(came.c.at <= added.c.at)
    return and_(added.c.person_id.in_(by_kf), not_(exists(select(1).select_from(earlier).where(first))))


def _surveyed(came: Any) -> ColumnElement[int]:
    done = and_(runs.c.person_id == came.c.person_id, runs.c.state == "done", runs.c.ended_at >= came.c.at)
    return _one_if(runs, done)


def _parted(since_at: int, until_at: int) -> Select[Any]:
    """A customer handed to another guide is still with us."""
    row = _row(log.c.channel_id, parted=literal(1))
    return row.where(log.c.what.in_(("lost", "removed")), log.c.at >= since_at, log.c.at < until_at)


def _ordered(since_at: int, until_at: int) -> Select[Any]:
    row = _row(orders.c.channel_id, first_orders=literal(1), first_order_fen=orders.c.total_fen - orders.c.refunded_fen)
    return row.where(orders.c.is_first, orders.c.paid_at >= since_at, orders.c.paid_at < until_at)


def _one_if(table: Any, holds: ColumnElement[bool]) -> ColumnElement[int]:
    return case((exists(select(1).select_from(table).where(holds)), 1), else_=0)
