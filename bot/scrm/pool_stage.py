"""The stage of a pool: measured by the rows of mix.yaml, steadied by a least stay, overruled by people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from bot.scrm.mix import MixPlan, Pin, PoolRef, PoolStage, StageRow
from bot.scrm.rules.condition import ConditionError, Fact, Value
from bot.scrm.span import spelled, whole

POOL_FACTS: Final = ("pool_age_days", "members", "buyers_pct", "clicks_pct_28d", "lost_pct_28d", "mode")
"""What a stage may be decided by. `buyers_pct` needs orders."""

UNMEASURED: Final = ("clicks_pct_28d",)
"""What nobody measures yet, so that no row with it holds: links are not tracked."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A pool's stage and since when. `because`: a sentence for people. `unknown`: facts that would have been needed."""

    stage: PoolStage
    since_at: int
    because: str
    unknown: tuple[str, ...] = ()
    pinned: bool = False


def stage_of(plan: MixPlan, facts: Mapping[Fact, Value], pool: PoolRef, previous: Staged | None, now: int) -> Staged:
    """The stage of a pool now (epoch seconds). `facts`: what was measured; what is unknown is left out.

    Unknown is not 0: a row with an unknown fact does not hold. A stage is kept for `min_stay_seconds`, but not against
    a pin, nor after one has ended.
    """
    if pin := next((pin for pin in plan.pins if _pins(pin, pool, now)), None):
        return Staged(pin.stage, _since(pin.stage, previous, now), f"{pin.stage}：mix.yaml 的 pins 指定", (), True)
    row, unknown = _measured(plan.stages, facts)
    because = _because(row, facts) + (f"；还不知道 {'、'.join(unknown)}，用到的行不算" if unknown else "")
    if previous and not previous.pinned and row.stage != previous.stage:
        stayed = now - previous.since_at
        if stayed < plan.min_stay_seconds:
            stays = (
                f"{previous.stage}才 {spelled(whole(max(1, stayed)))}，不到 {spelled(plan.min_stay_seconds)}，先不变"
            )
            return Staged(previous.stage, previous.since_at, f"{stays}；现在量出来是{because}", unknown)
    return Staged(row.stage, _since(row.stage, previous, now), because, unknown)


def _pins(pin: Pin, pool: PoolRef, now: int) -> bool:
    if pin.until_at is not None and now >= pin.until_at:
        return False
    if pool.touchpoint == "群":
        return any(fnmatchcase(pool.name, pattern) for pattern in pin.groups)
    return pool.id in pin.guides


def _measured(rows: tuple[StageRow, ...], facts: Mapping[Fact, Value]) -> tuple[StageRow, tuple[str, ...]]:
    """The first row that holds, and the facts that rows before it lacked."""
    unknown: set[str] = set()
    for row in rows:
        if row.when is None:
            return row, tuple(sorted(unknown))
        unknown |= {fact.name for fact in row.when.unknown(facts)}
        try:
            if row.when.holds(facts):
                return row, tuple(sorted(unknown))
        except ConditionError as error:
            unknown.add(str(error))
    raise ValueError("the last row of `stages` has no condition")


def _because(row: StageRow, facts: Mapping[Fact, Value]) -> str:
    if row.when is None:
        return f"{row.stage}：前面各行都不符合"
    values = "、".join(f"{f.name} 是 {facts[f]:g}" for f in sorted(row.when.facts, key=lambda f: f.name))
    return f"{row.stage}：{values}，符合 {row.when.text}"


def _since(stage: PoolStage, previous: Staged | None, now: int) -> int:
    return previous.since_at if previous and previous.stage == stage else now
