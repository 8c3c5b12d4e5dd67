"""What is known of all pools of a touchpoint when a slot comes round, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.scrm.calendar import Slot
from bot.scrm.gates.situation import Met, Switch
from bot.scrm.mix import MixState
from bot.scrm.pool_stage import Staged
from bot.scrm.rules.condition import Fact, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSeen:
    """A pool as the database has it. `decided`: what became of this slot so far; None: nothing yet.

    `met`: what it met at this touchpoint in 90 days. `cards`: tasks its sender has on the slot's day.
    """

    id: str
    name: str
    userid: str
    staged: Staged | None = None
    mix: MixState | None = None
    facts: Mapping[Fact, Value] = field(default_factory=dict)
    met: tuple[Met, ...] = ()
    own_sends: tuple[int, ...] = ()
    cards: int = 0
    decided: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every pool of a touchpoint, and what holds for all of them. `near`: slots within half an hour of this one."""

    pools: tuple[PoolSeen, ...]
    approved: frozenset[str]
    switches: frozenset[Switch]
    first_seen_at: Mapping[str, int]
    near: tuple[Slot, ...] = ()
