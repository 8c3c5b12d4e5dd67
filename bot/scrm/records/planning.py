"""What is remembered of decisions about slots, and of people's word on content."""

from __future__ import annotations

from bot.scrm.calendar import Slot
from bot.scrm.gates.decide import SlotDecision
from bot.scrm.gates.situation import TargetPool
from bot.scrm.kind import Touchpoint
from bot.scrm.mix import MixState
from bot.scrm.pool_facts import MeasuredPool
from bot.scrm.records.base import Record
from bot.scrm.switch import Switch
from bot.value import Value


class Decided(Value, frozen=True, kw_only=True):
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


class KeepDecisions(Record, frozen=True, kw_only=True):
    """What became of a slot, pool by pool. A later decision replaces one that held it back. `version`: of the content.

    Guarded: nothing went to any of the pools meanwhile, and each is owed what it was decided on. `shadow`: it is only
    tried, so that what was tried counts, too.
    """

    slot: Slot
    touchpoint: Touchpoint
    pools: tuple[Decided, ...]
    version: str
    shadow: bool = False
    at: int


class KeepStages(Record, frozen=True, kw_only=True):
    """The stages of pools of a touchpoint, and the facts that were measured for them."""

    touchpoint: Touchpoint
    pools: tuple[MeasuredPool, ...]


class Approval(Record, frozen=True, kw_only=True):
    """A person lets an item go as it is worded (`digest`). `role`: as whom a rule wanted it; empty: as reviewer."""

    item: str
    digest: str
    role: str
    by: str
    at: int


class SetSwitch(Record, frozen=True, kw_only=True):
    """Something is stopped by a person, or goes on."""

    switch: Switch
    on: bool
    by: str
    because: str
    at: int


class SeeItems(Record, frozen=True, kw_only=True):
    """These items are live; what was live before keeps its beginning."""

    items: tuple[str, ...]
    at: int
