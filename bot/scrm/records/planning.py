"""What is remembered of decisions about slots, and of people's word on content."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.calendar import Slot
from bot.scrm.gates.decide import SlotDecision
from bot.scrm.gates.situation import TargetPool
from bot.scrm.kind import Touchpoint
from bot.scrm.mix import MixState
from bot.scrm.pool_facts import MeasuredPool
from bot.scrm.records.base import Record
from bot.scrm.switch import Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of a slot for one pool, and what the pool is owed after it.

    `mix`: what the pool is owed for what has left; `waits`: this is charged when the guide has sent it.
    `before`, `posts`: what it was decided on: what the pool was owed, its posts of late. `weight`: hundredths
    of a fatigue point for each who sees it. `by_hand`: 导购手发.
    """

    pool: TargetPool
    decision: SlotDecision
    weight: int
    mix: MixState
    before: MixState | None
    posts: int
    by_hand: bool
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepDecisions(Record):
    """What became of a slot, pool by pool. A later decision replaces one that held it back. `version`: of the content.

    Guarded: nothing went to any of the pools meanwhile, and each is owed what it was decided on.
    """

    slot: Slot
    touchpoint: Touchpoint
    pools: tuple[Decided, ...]
    version: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepStages(Record):
    """The stages of pools of a touchpoint, and the facts that were measured for them."""

    touchpoint: Touchpoint
    pools: tuple[MeasuredPool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval(Record):
    """A person lets an item go as it is worded (`digest`). `role`: as whom a rule wanted it; empty: as reviewer."""

    item: str
    digest: str
    role: str
    by: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSwitch(Record):
    """Something is stopped by a person, or goes on."""

    switch: Switch
    on: bool
    by: str
    because: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeItems(Record):
    """These items are live; what was live before keeps its beginning."""

    items: tuple[str, ...]
    at: int
