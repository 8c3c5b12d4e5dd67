"""Where the facts of a person stand, for many people at once: what `bot.scrm.rules.facts` says of one.

Only what some gate asks is joined. Every part walks its table in the order of `person_id`, one range of people: the
joins are outer ones even where there is always a partner, for SQLite keeps their order, and reorders inner ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Executable,
    FromClause,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    select,
    union_all,
)

from bot.scrm.audience import Audience
from bot.scrm.consent import EVERYTHING
from bot.scrm.holdout import draw
from bot.scrm.rules.condition import Fact
from bot.scrm.rules.facts import DAY, HOUR, TRUST
from bot.store.tables import FollowLog, Follows, GroupMembers, Orders, PersonOwner, Planned, Preferences, Touches
from bot.store.tombstones import PSEUDONYM
from bot.store.upsert import columns

follows, owners, log, members = columns(Follows), columns(PersonOwner), columns(FollowLog), columns(GroupMembers)
touches, planned, orders, preferences = columns(Touches), columns(Planned), columns(Orders), columns(Preferences)

_TEMPORARY: Final = MetaData()
POOLS = Table(
    "audience_pools",
    _TEMPORARY,
    Column("userid", Text, primary_key=True),
    Column("planned_id", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)
"""Whose customers are meant."""

EXPOSURES = Table(
    "audience_exposures",
    _TEMPORARY,
    Column("number", Integer, primary_key=True),
    Column("pool", Text, primary_key=True),
    Column("points", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)
"""What everybody in a group, or who sees a guide's Moments, was exposed to; `number`: of the fact that counts it."""

AFTER, UPTO = bindparam("after", type_=BigInteger), bindparam("upto", type_=BigInteger)
Asked = dict[Fact, ColumnElement[Any]]


def candidates() -> Select[Any]:
    """Each customer of the pools: of the guide who owns them, or who had them first as long as nobody does."""
    earlier = follows.alias("earlier")
    first = ~(
        select(earlier.c.person_id)
        .where(
            earlier.c.person_id == follows.c.person_id,
            earlier.c.status != "ended",
            (earlier.c.added_at < follows.c.added_at)
            | and_(earlier.c.added_at == follows.c.added_at, earlier.c.userid < follows.c.userid),
        )
        .exists()
    )
    whose = case((owners.c.userid.is_not(None), owners.c.userid == follows.c.userid), else_=first)
    return (
        select(
            follows.c.person_id,
            follows.c.userid,
            follows.c.external_userid,
            follows.c.added_at,
            follows.c.channel_id,
            POOLS.c.planned_id,
        )
        .outerjoin_from(follows, POOLS, POOLS.c.userid == follows.c.userid)
        .outerjoin(owners, owners.c.person_id == follows.c.person_id)
        .where(
            _in_range(follows.c.person_id),
            func.coalesce(POOLS.c.planned_id, 0) > 0,
            follows.c.status == "active",
            whose,
            ~erased(follows),
        )
    )


def erased(table: Any) -> ColumnElement[bool]:
    """Whether a row is of somebody who was forgotten: what is left of it is kept for counting only."""
    found: ColumnElement[bool] = table.c.external_userid.startswith(PSEUDONYM)
    return found


def joined(audience: Audience) -> tuple[FromClause, FromClause, Asked]:
    """(candidates, them with all that their facts stand in, fact → its column). A fact without a column is unknown."""
    whom = candidates().subquery("whom")
    asked: Asked = {}
    source: FromClause = whom
    for part in (_of_follow, _of_touches, _of_orders, _of_loss, _of_refusal, _of_draw):
        source = part(audience, whom, source, asked)
    return whom, source, asked


def exposure_rows(audience: Audience) -> Executable:
    """(number, pool, points) of every group and of everybody's Moments, an upper bound of what one person saw."""
    parts = []
    for number, fact in enumerate(audience.point_facts):
        counted = [
            planned.c.touchpoint.in_([t for t in ("群", "朋友圈") if fact.touchpoint in (None, t)]),
            planned.c.outcome.in_(("sent", "swapped")),
            planned.c.by_at > audience.at - fact.seconds,
            *([planned.c.kind == fact.kind] if fact.kind else ()),
        ]
        points = func.sum(planned.c.weight)
        parts.append(
            select(literal(number).label("number"), planned.c.pool, points).where(*counted).group_by(planned.c.pool)
        )
    return union_all(*parts)


def _of_follow(audience: Audience, whom: FromClause, source: FromClause, asked: Asked) -> FromClause:
    since = audience.at - whom.c.added_at
    here = {
        "channel": whom.c.channel_id,
        "guide": whom.c.userid,
        "hours_since_add": _floored(since, HOUR),
        "seconds_since_add": since,
    }
    asked.update({fact: here[fact.name] for fact in audience.facts if fact.name in here})
    return source


def _of_touches(audience: Audience, whom: FromClause, source: FromClause, asked: Asked) -> FromClause:
    """One walk over what each was sent, whatever is counted of it."""
    sums = {fact: column for fact in audience.facts if (column := _counted(audience, fact)) is not None}
    if not sums:
        return source
    named = [column.label(f"n{n}") for n, column in enumerate(sums.values())]
    seen = (
        select(touches.c.person_id, *named)
        .outerjoin_from(touches, planned, planned.c.id == touches.c.planned_id)
        .where(_in_range(touches.c.person_id), touches.c.state != "held_out")
        .group_by(touches.c.person_id)
        .subquery("seen")
    )
    for n, fact in enumerate(sums):
        column = seen.c[f"n{n}"]
        asked[fact] = audience.at - column if fact.name == "seconds_since_item" else func.coalesce(column, 0)
    source = source.outerjoin(seen, seen.c.person_id == whom.c.person_id)
    return _of_exposures(audience, whom, source, asked)


def _counted(audience: Audience, fact: Fact) -> ColumnElement[Any] | None:
    """What a fact counts of one-to-one touches; None: it counts none of them."""
    recent = touches.c.at > audience.at - fact.seconds
    of_kind = [planned.c.kind == fact.kind] if fact.kind else []
    if fact.touchpoint not in (None, "私聊"):
        recent = false()
    match fact.name:
        case "sent":
            return _count(recent, *of_kind)
        case "points":
            return func.sum(planned.c.weight).filter(recent, *of_kind)
        case "trust_items":
            return _count(planned.c.kind.in_(TRUST))
        case "seconds_since_item":
            return func.max(touches.c.at).filter(planned.c.item == audience.item)
        case "quota_used":
            return _count(touches.c.at >= audience.quota_since_at)
    return None


def _of_exposures(audience: Audience, whom: FromClause, source: FromClause, asked: Asked) -> FromClause:
    for number, fact in enumerate(audience.point_facts):
        met = (
            (members.c.chat_id, members.c.person_id, members.c.left_at.is_(None)),
            (follows.c.userid, follows.c.person_id, follows.c.status == "active"),
        )
        for n, (pool, person_id, still) in enumerate(met):
            exposed = (
                select(person_id.label("person_id"), func.sum(EXPOSURES.c.points).label("points"))
                .outerjoin_from(
                    person_id.table, EXPOSURES, and_(EXPOSURES.c.pool == pool, EXPOSURES.c.number == number)
                )
                .where(_in_range(person_id), still)
                .group_by(person_id)
                .subquery(f"exposed_{number}_{n}")
            )
            source = source.outerjoin(exposed, exposed.c.person_id == whom.c.person_id)
            asked[fact] = asked[fact] + func.coalesce(exposed.c.points, 0)
    return source


def _of_orders(audience: Audience, whom: FromClause, source: FromClause, asked: Asked) -> FromClause:
    facts = [fact for fact in audience.facts if fact.name in ("orders", "days_since_order")]
    if not facts:
        return source
    bought = (
        select(orders.c.person_id, func.count().label("orders"), func.max(orders.c.paid_at).label("last_at"))
        .where(_in_range(orders.c.person_id), orders.c.state != "refunded")
        .group_by(orders.c.person_id)
        .subquery("bought")
    )
    here = {
        "orders": func.coalesce(bought.c.orders, 0),
        "days_since_order": _floored(audience.at - bought.c.last_at, DAY),
    }
    asked.update({fact: here[fact.name] for fact in facts})
    return source.outerjoin(bought, bought.c.person_id == whom.c.person_id)


def _of_loss(audience: Audience, whom: FromClause, source: FromClause, asked: Asked) -> FromClause:
    facts = [fact for fact in audience.facts if fact.name == "seconds_since_lost"]
    if not facts:
        return source
    lost = (
        select(log.c.person_id, func.max(log.c.at).label("lost_at"))
        .where(_in_range(log.c.person_id), log.c.what == "lost")
        .group_by(log.c.person_id)
        .subquery("lost")
    )
    asked[facts[0]] = audience.at - lost.c.lost_at
    return source.outerjoin(lost, lost.c.person_id == whom.c.person_id)


def _of_refusal(audience: Audience, whom: FromClause, source: FromClause, asked: Asked) -> FromClause:
    facts = [fact for fact in audience.facts if fact.name == "opted_out"]
    if not facts:
        return source
    topics = (audience.topic, EVERYTHING)
    refused = (
        select(preferences.c.person_id)
        .where(_in_range(preferences.c.person_id), preferences.c.topic.in_(topics), preferences.c.wanted.is_(False))
        .distinct()
        .subquery("refused")
    )
    asked[facts[0]] = refused.c.person_id.is_not(None)
    return source.outerjoin(refused, refused.c.person_id == whom.c.person_id)


def _of_draw(audience: Audience, whom: FromClause, source: FromClause, asked: Asked) -> FromClause:
    asked.update({fact: draw(whom.c.person_id, audience.item) for fact in audience.facts if fact.name == "held_out"})
    return source


def _in_range(person_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(person_id > AFTER, person_id <= UPTO)


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """FILTER and not CASE: SQLite passes over what does not count, and most of it is old."""
    return func.count().filter(*conditions)


def _floored(span: ColumnElement[Any], unit: int) -> ColumnElement[Any]:
    """Whole units, rounded down as Python does: the databases round towards 0."""
    return (span - (span % unit + unit) % unit) // unit


def rows_of(exposures: Sequence[Any]) -> list[Mapping[str, Any]]:
    """What `exposure_rows` found, as rows of EXPOSURES."""
    return [{"number": number, "pool": pool, "points": int(points)} for number, pool, points in exposures]
