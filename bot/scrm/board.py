"""What is known of all pools of a touchpoint when a slot comes round, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.scrm.calendar import SlotKey
from bot.scrm.gates.decide import Outcome
from bot.scrm.gates.situation import Met
from bot.scrm.kind import Kind
from bot.scrm.mix import Choice, MixState
from bot.scrm.pool_stage import Staged
from bot.scrm.rules.condition import Fact, Value
from bot.scrm.switch import Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSeen:
    """A pool as the database has it. `outcomes`: what became of slots nearby so far, by their keys; this one, too.

    `met`: what it met at this touchpoint in 90 days, and the last time of each item before. `cards`: tasks its sender
    has on the board's day. `mix`: what it is owed for what has left; `waiting`: what waits for its guide to send it.
    `posts`: how many went to it lately, to tell whether one did meanwhile.
    """

    id: str
    name: str
    userid: str
    staged: Staged | None = None
    mix: MixState | None = None
    waiting: tuple[tuple[Choice, Kind | None], ...] = ()
    facts: Mapping[Fact, Value] = field(default_factory=dict)
    met: tuple[Met, ...] = ()
    own_sends: tuple[int, ...] = ()
    cards: int = 0
    posts: int = 0
    outcomes: Mapping[SlotKey, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every pool of a touchpoint, and what holds for all of them. `day`: whose cards were counted, epoch seconds from
    and to."""

    pools: tuple[PoolSeen, ...]
    approved: frozenset[str]
    switches: frozenset[Switch]
    first_seen_at: Mapping[str, int]
    day: tuple[int, int] = (0, 0)
