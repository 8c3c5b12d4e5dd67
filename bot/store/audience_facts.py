"""Where the facts of a person stand, for many people at once: what `bot.scrm.rules.facts` says of one.

Only what some gate asks is there. What each was sent is counted in one walk in the order of `person_id`; the rest is
asked person by person, in the CASE itself, so only of those whom no gate before it stopped.
Joins are outer ones even where there is always a partner: SQLite keeps their order, and reorders inner ones.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from bot.scrm.consent import EVERYTHING
from bot.scrm.gates.audience import Audience
from bot.scrm.gates.outcome import GOES
from bot.scrm.holdout import draw
from bot.scrm.rules.condition import Fact
from bot.scrm.rules.facts import DAY, HOUR, TRUST
from bot.store.stage_sql import stage_of
from bot.store.tables import (
    FollowLog,
    Follows,
    GroupMembers,
    Orders,
    PersonOwner,
    Planned,
    Preferences,
    SequenceRuns,
    Touches,
)
from bot.store.tombstones import PSEUDONYM
from bot.store.upsert import columns

follows, owners, log, members = columns(Follows), columns(PersonOwner), columns(FollowLog), columns(GroupMembers)
touches, planned, orders, preferences = columns(Touches), columns(Planned), columns(Orders), columns(Preferences)
runs = columns(SequenceRuns)

_TEMPORARY: Final = MetaData()
POOLS = Table(
    "audience_pools",
    _TEMPORARY,
    Column("userid", Text, primary_key=True),
    Column("planned_id", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
"""Whose customers are meant."""

EXPOSURES = Table(
    "audience_exposures",
    _TEMPORARY,
    Column("pool", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("points", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
"""What everybody in a group, or who sees a guide's Moments, was exposed to; `number`: of the fact that counts it."""

FILLED = Table("audience_filled", _TEMPORARY, Column("run", BigInteger, nullable=False), prefixes=["TEMPORARY"])
"""Whose lists the two are."""

AFTER, UPTO = bindparam("after", 0, type_=BigInteger), bindparam("upto", 0, type_=BigInteger)
"""The range of people; every chunk gives its own."""

Asked = dict[Fact, ColumnElement[Any]]

_MORE: Final = 2**20
"""More units than any span has, an hour being the shortest."""

CERTAIN: Final = ("sent", "points", "trust_items", "quota_used", "orders", "opted_out", "held_out", "customer_stage")
"""Costly facts that are known of everybody, so that none is computed twice to see it; any other is guarded."""


def candidates(stand_ins: Sequence[tuple[str, str]] = ()) -> Select[Any]:
    """Each customer of the pools: of the guide who owns them, or who had them first as long as nobody does; of a guide
    who is away, of who stands in for them, where the customer has that one too."""
    owned = func.coalesce(owners.c.userid, follows.c.userid) == follows.c.userid
    return (
        select(
            follows.c.person_id,
            follows.c.userid,
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
            _written_to(stand_ins) if stand_ins else owned,
            ~erased(follows),
            _first(whoever_owns=not stand_ins),
        )
    )


_AGE = ("added_at", "userid", "external_userid")
"""By which a relation is older than another."""


def _first(*, whoever_owns: bool) -> ColumnElement[bool]:
    """There is no older relation: to whoever may own them, or to this guide, who may have them twice."""
    earlier = follows.alias("earlier")
    them = earlier.c.userid == follows.c.userid
    return ~exists().where(
        earlier.c.person_id == follows.c.person_id,
        earlier.c.status != "ended",
        or_(owners.c.userid.is_(None), earlier.c.userid == owners.c.userid) if whoever_owns else them,
        tuple_(*(earlier.c[name] for name in _AGE)) < tuple_(*(follows.c[name] for name in _AGE)),
    )


def _written_to(stand_ins: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    """The guide of this relation is whose customer they are, or stands in for that one."""
    theirs = follows.alias("theirs")
    guide = case((theirs.c.status == "active", theirs.c.userid))
    mine = (theirs.c.person_id == follows.c.person_id, theirs.c.status != "ended")
    of = select(guide).where(*mine, or_(owners.c.userid.is_(None), theirs.c.userid == owners.c.userid))
    whose = of.order_by(*(theirs.c[name] for name in _AGE)).limit(1).scalar_subquery()
    return follows.c.userid == case(dict(stand_ins), value=whose, else_=whose)


def erased(table: Any) -> ColumnElement[bool]:
    """Whether a row is of somebody who was forgotten: what is left of it is kept for counting only."""
    found: ColumnElement[bool] = table.c.external_userid.startswith(PSEUDONYM)
    return found


def joined(audience: Audience) -> tuple[FromClause, FromClause, Asked]:
    """(candidates, them with all that their facts stand in, fact → its column). A fact without a column is unknown."""
    whom = candidates(audience.stand_ins).subquery("whom")
    source, sent = _with_touches(audience, whom)
    asked = {fact: column for fact in audience.facts if (column := _column(audience, fact, whom)) is not None}
    numbers = {fact: number for number, fact in enumerate(audience.point_facts)}
    points = {fact: sent[fact] + _exposed(number, whom) for fact, number in numbers.items()}
    return whom, source, asked | sent | points


def exposure_rows(audience: Audience) -> Executable:
    """(pool, number, points) of every group and of everybody's Moments, an upper bound of what one person saw."""
    parts = []
    for number, fact in enumerate(audience.point_facts):
        counted = [
            planned.c.touchpoint.in_([t for t in ("群", "朋友圈") if fact.touchpoint in (None, t)]),
            planned.c.outcome.in_(GOES),
            planned.c.by_at > audience.at - fact.seconds,
            *([planned.c.kind == fact.kind] if fact.kind else ()),
        ]
        points = func.sum(planned.c.weight)
        parts.append(
            select(planned.c.pool, literal(number).label("number"), points).where(*counted).group_by(planned.c.pool)
        )
    return union_all(*parts)


def _with_touches(audience: Audience, whom: FromClause) -> tuple[FromClause, Asked]:
    """One walk over what each was sent, whatever is counted of it."""
    sums = {fact: column for fact in audience.facts if (column := _counted(audience, fact)) is not None}
    if not sums:
        return whom, {}
    named = [column.label(f"n{n}") for n, column in enumerate(sums.values())]
    seen = (
        select(touches.c.person_id, *named)
        .where(_in_range(touches.c.person_id), touches.c.state != "held_out")
        .group_by(touches.c.person_id)
        .subquery("seen")
    )
    asked: Asked = {}
    for n, fact in enumerate(sums):
        column = seen.c[f"n{n}"]
        asked[fact] = audience.at - column if fact.name == "seconds_since_item" else func.coalesce(column, 0)
    return whom.outerjoin(seen, seen.c.person_id == whom.c.person_id), asked


def _counted(audience: Audience, fact: Fact) -> ColumnElement[Any] | None:
    """What a fact counts of one-to-one touches; None: it counts none of them."""
    recent = touches.c.at > audience.at - fact.seconds
    of_kind = [touches.c.kind == fact.kind] if fact.kind else []
    if fact.touchpoint not in (None, "私聊"):
        recent = false()
    match fact.name:
        case "sent":
            return _count(recent, *of_kind)
        case "points":
            return func.sum(touches.c.weight).filter(recent, *of_kind)
        case "trust_items":
            return _count(touches.c.kind.in_(TRUST))
        case "seconds_since_item":
            return func.max(touches.c.at).filter(touches.c.item == audience.item)
        case "quota_used":
            return _count(touches.c.at >= audience.quota_since_at)
    return None


def _column(audience: Audience, fact: Fact, whom: FromClause) -> ColumnElement[Any] | None:
    """Where a fact that is no count of touches stands; None: it is one, or unknown for everybody."""
    since = audience.at - whom.c.added_at
    match fact.name:
        case "channel":
            return whom.c.channel_id
        case "guide":
            return whom.c.userid
        case "hours_since_add":
            return _floored(since, HOUR)
        case "seconds_since_add":
            return since
        case "orders":
            return _of(whom, func.count(), orders, orders.c.state != "refunded")
        case "days_since_order":
            last_at = _of(whom, func.max(orders.c.paid_at), orders, orders.c.state != "refunded")
            return _floored(audience.at - last_at, DAY)
        case "seconds_since_lost":
            # Spelt out, for only so it fits the index of those who left.
            return audience.at - _of(whom, func.max(log.c.at), log, log.c.what == literal_column("'lost'"))
        case "customer_stage":
            return stage_of(whom, audience.at)
        case "opted_out":
            topics = preferences.c.topic.in_((audience.topic, EVERYTHING))
            return exists().where(preferences.c.person_id == whom.c.person_id, topics, preferences.c.wanted.is_(False))
        case "step_at":
            sequence, _, step = audience.slot.entry.partition("/")
            mine = (runs.c.calendar == audience.slot.calendar, runs.c.sequence == sequence, runs.c.went == step)
            return _of(whom, func.max(runs.c.slot_at), runs, *mine)
        case "held_out":
            drawn: ColumnElement[int] = draw(whom.c.person_id, audience.item)
            return drawn
    return None


def _of(whom: FromClause, what: ColumnElement[Any], table: Table, *where: ColumnElement[bool]) -> ColumnElement[Any]:
    """Something asked of the rows of one person."""
    mine = select(what).select_from(table).where(table.c.person_id == whom.c.person_id, *where)
    return mine.scalar_subquery()


def _exposed(number: int, whom: FromClause) -> ColumnElement[Any]:
    """The points of every group that somebody is in, and of the Moments of every guide who follows them."""
    theirs = follows.alias("theirs")
    points = []
    for pool, table, still in (
        (members.c.chat_id, members, members.c.left_at.is_(None)),
        (theirs.c.userid, theirs, theirs.c.status == "active"),
    ):
        met = table.outerjoin(EXPOSURES, and_(EXPOSURES.c.pool == pool, EXPOSURES.c.number == number))
        found = select(func.sum(EXPOSURES.c.points)).select_from(met)
        mine = found.where(table.c.person_id == whom.c.person_id, still)
        points.append(func.coalesce(mine.scalar_subquery(), 0))
    return points[0] + points[1]


def _in_range(person_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(person_id > AFTER, person_id <= UPTO)


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """FILTER and not CASE: SQLite passes over what does not count, and most of it is old."""
    return func.count().filter(*conditions)


def _floored(span: ColumnElement[Any], unit: int) -> ColumnElement[Any]:
    """Whole units, rounded down as Python does: the databases round towards 0."""
    return (span + unit * _MORE) // unit - _MORE
