"""The stage of a customer as a column: what `bot.scrm.customer_stage` says of one, in whole numbers and so the same."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from bot.scrm.customer_stage import (
    ACTIVE_ODDS,
    CHANCES,
    FADED,
    HALF_LIFE_SECONDS,
    LIFE,
    MICRO,
    SILENT_ODDS,
)
from bot.store.evidence import seen

_TWO: Final = 2 * HALF_LIFE_SECONDS


def stage_of(whom: FromClause, now: int) -> ColumnElement[str]:
    """Of each person of `whom` (by its person_id), at `now` (epoch seconds); never NULL."""
    traces = _traces(whom, now)
    alive, left = traces.c.at, case((traces.c.trace == "删除导购", traces.c.at))
    sums = select(
        func.count().label("seen"),
        func.coalesce(func.sum(_worth(traces, now)), 0).label("odds"),
        func.coalesce(func.max(case((traces.c.trace.in_(LIFE), alive))), -1).label("life_at"),
        func.coalesce(func.max(left), -1).label("left_at"),
    ).subquery()
    again = _traces(whom, now)
    missed = select(func.count()).select_from(again).where(again.c.trace == "没点链接", again.c.at > sums.c.life_at)
    proof = (sums.c.left_at > sums.c.life_at) | (missed.scalar_subquery() >= CHANCES)
    stage = case(
        (sums.c.seen == 0, "未知"),
        ((sums.c.odds <= SILENT_ODDS) & proof, "沉默"),
        ((sums.c.life_at == -1) & ~proof, "未知"),
        (sums.c.odds >= ACTIVE_ODDS, "活跃"),
        else_="转冷",
    )
    return select(stage).select_from(sums).scalar_subquery()


def _traces(whom: FromClause, now: int) -> FromClause:
    """(trace, at) of everything that was seen of a person up to now."""
    parts = []
    for trace, query in seen(whom.c.person_id).items():
        times = query.correlate(whom).subquery()
        parts.append(select(literal(trace, Text).label("trace"), times.c.at).where(times.c.at <= now))
    return union_all(*parts).subquery()


def _worth(traces: FromClause, now: int) -> ColumnElement[Any]:
    """What each adds to the log odds, in millionths."""
    age = literal(now, BigInteger) - traces.c.at
    halvings = cast(case((age > FADED * HALF_LIFE_SECONDS, FADED), else_=age // HALF_LIFE_SECONDS), Integer)
    left = _TWO - age % HALF_LIFE_SECONDS
    weights: dict[Any, ColumnElement[Any]] = {name: literal_column(str(abs(size))) for name, size in MICRO.items()}
    size = cast(case(weights, value=traces.c.trace), BigInteger) * left
    worth = (size // _TWO).op(">>")(halvings)
    return case((traces.c.trace.in_([name for name, weight in MICRO.items() if weight > 0]), worth), else_=-worth)
