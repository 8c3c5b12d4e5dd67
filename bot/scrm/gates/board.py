"""What is known of all pools of a touchpoint when a slot comes round, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.scrm.calendar import SlotKey
from bot.scrm.gates.outcome import Outcome
from bot.scrm.gates.situation import Met
from bot.scrm.kind import Kind
from bot.scrm.mix import Choice, MixState
from bot.scrm.pool_stage import Staged
from bot.scrm.rules.condition import Fact, Value
from bot.scrm.switch import Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a slot came to that was only tried. `met`: had it gone out; None: it was skipped. `choice`: what the mix
    said. `of_mix`: not for some of the pool."""

    met: Met | None
    choice: Choice
    decided_at: int
    of_mix: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSeen:
    """A pool as the database has it. `outcomes`: what became of slots nearby so far, by their keys; this one, too.

    `met`: what it met at this touchpoint in 90 days, and the last time of each item before. `cards`: tasks its sender
    has on the board's day. `mix`: what it is owed for what has left; `waiting`: what waits for its guide to send it.
    `posts`: how many went to it lately, for a shadow tried ones too, to tell whether one did meanwhile. `tried`,
    `cards_tried`: what was only tried, in 90 days; nothing for what is in earnest. `has_left`: of a group: its owner
    left the corp.
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
    tried: tuple[Tried, ...] = ()
    cards_tried: int = 0
    has_left: bool = False

    @property
    def in_shadow(self) -> PoolSeen:
        """The same as if what was only tried had gone out."""
        met = sorted((*self.met, *(each.met for each in self.tried if each.met)), key=lambda each: each.at)
        return replace(self, met=tuple(met), cards=self.cards + self.cards_tried)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every pool of a touchpoint, and what holds for all of them. `day`: whose cards were counted, epoch seconds from
    and to."""

    pools: tuple[PoolSeen, ...]
    approved: frozenset[str]
    switches: frozenset[Switch]
    first_seen_at: Mapping[str, int]
    day: tuple[int, int] = (0, 0)
