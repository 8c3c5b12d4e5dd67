"""Pools are looked at once a day: how big, how old, who buys, who leaves; and in which stage that makes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.router import Router
from bot.scrm.decision import Decision
from bot.scrm.events import ContentWentLive
from bot.scrm.events.planning import PoolsDue
from bot.scrm.facts import Facts
from bot.scrm.kind import TOUCHPOINTS, Touchpoint
from bot.scrm.pool_facts import MeasuredPool, staged_anew, with_mode
from bot.scrm.records.planning import KeepStages

router = Router()


@router.on(PoolsDue)
async def due(event: PoolsDue, facts: Facts) -> Decision:
    """Measure every pool of a touchpoint, and the whole of which it is a part."""
    whole = await facts.pool.now()
    pools = (with_mode(pool, whole) for pool in await facts.planning.measured(event.touchpoint))
    return _staged(event.touchpoint, pools, facts)


@router.on(ContentWentLive)
async def went_live(event: ContentWentLive, facts: Facts) -> Decision:
    """Stages and pins as they are written now, over what was measured last: a pin does not wait for the next day."""
    decision = Decision()
    for touchpoint in TOUCHPOINTS:
        decision += _staged(touchpoint, await facts.planning.measured_before(touchpoint), facts)
    return decision


def _staged(touchpoint: Touchpoint, pools: Iterable[MeasuredPool], facts: Facts) -> Decision:
    kept = tuple(staged_anew(facts.content.mix, touchpoint, pool, facts.now) for pool in pools)
    if not kept:
        return Decision()
    counts = Counter(pool.staged.stage for pool in kept if pool.staged)
    because = f"{touchpoint}：{'、'.join(f'{stage} {count} 个' for stage, count in counts.most_common())}"
    return Decision(records=(KeepStages(touchpoint=touchpoint, pools=kept),), because=(because,))
