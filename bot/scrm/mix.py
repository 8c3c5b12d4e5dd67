"""The mix: how much of each kind, by touchpoint and stage of the pool, and which kind an open slot gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from bot.scrm.kind import Kind, Touchpoint
from bot.scrm.rules.condition import Condition

PoolStage = Literal["冷启动", "成长", "成熟", "衰退"]
POOL_STAGES: Final[tuple[PoolStage, ...]] = get_args(PoolStage)

Ratio = Mapping[Kind, int]
"""Percent of each kind; 100 in all."""


@dataclass(frozen=True, slots=True)
class StageRow:
    """A pool is in the first stage whose condition holds; the last row has none."""

    stage: PoolStage
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """People overrule the measure: these pools (group-name patterns, guides) are in this stage until then."""

    stage: PoolStage
    groups: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    until_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MixPlan:
    """content/mix.yaml. `tolerance`: percentage points beyond which the report is red."""

    ratios: Mapping[tuple[Touchpoint, PoolStage], Ratio]
    stages: tuple[StageRow, ...]
    window_seconds: int = 28 * 86_400
    min_stay_seconds: int = 14 * 86_400
    tolerance: int = 5
    pins: tuple[Pin, ...] = ()
