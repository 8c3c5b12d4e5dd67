"""What is measured of a pool, from what the database counts, and the stage that follows. Unknown facts are left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.scrm.kind import Touchpoint
from bot.scrm.mix import MixPlan, PoolRef
from bot.scrm.mode import Pool
from bot.scrm.pool_stage import Staged, stage_of
from bot.scrm.rules.condition import Fact, Value

DAY: Final = 86_400
LOST_SECONDS: Final = 28 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolCounts:
    """What is counted of a pool. Instants are epoch seconds; None: unknown.

    began_at: when the group was made, or the guide's first customer came. watched_at: since when everybody who leaves
    is noted. known: members whose person we know. buyers: members of whom an order is known, None where no order is.
    lost: who left in the last 28 days.
    """

    began_at: int
    watched_at: int | None
    members: int
    known: int
    buyers: int | None
    lost: int


@dataclass(frozen=True, slots=True)
class MeasuredPool:
    """A pool with its facts by name, and the stage that it has (None: none yet). `name`: of a group, else empty."""

    id: str
    name: str
    facts: Mapping[str, int | str]
    measured_at: int
    staged: Staged | None = None


def facts_of(counts: PoolCounts, now: int) -> dict[str, int]:
    """The facts of a pool now (epoch seconds), by their names in the vocabulary. Percents are rounded down."""
    found = {
        "members": counts.members,
        "pool_age_days": max(0, now - counts.began_at) // DAY,
        "buyers_pct": _percent(counts.buyers, counts.members) if counts.known else None,
        "lost_pct_28d": _percent(counts.lost, counts.members + counts.lost) if _watched(counts, now) else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def with_mode(measured: MeasuredPool, whole: Pool) -> MeasuredPool:
    """The pool with the mode that suits all customers and guides together; not known before they were first read."""
    return replace(measured, facts={**measured.facts, "mode": whole.mode}) if whole.guides else measured


def staged_anew(plan: MixPlan, touchpoint: Touchpoint, pool: MeasuredPool, now: int) -> MeasuredPool:
    """The pool in the stage that it has from now on (epoch seconds)."""
    facts: dict[Fact, Value] = {Fact(name): value for name, value in pool.facts.items()}
    return replace(pool, staged=stage_of(plan, facts, PoolRef(touchpoint, pool.id, pool.name), pool.staged, now))


def _watched(counts: PoolCounts, now: int) -> bool:
    """Whether nobody can have left unseen in the 28 days, or in the life of a younger pool."""
    return counts.watched_at is not None and counts.watched_at <= max(now - LOST_SECONDS, counts.began_at)


def _percent(part: int | None, whole: int) -> int | None:
    return 100 * part // whole if whole and part is not None else None
