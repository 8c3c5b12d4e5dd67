"""All that the decision about one slot and one pool rests on, as one value: so it can be asked again, changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.scrm.calendar import Calendar, Entry, Slot
from bot.scrm.care import Care
from bot.scrm.item import Item
from bot.scrm.kind import Kind, Touchpoint
from bot.scrm.mix import MixState, PoolStage
from bot.scrm.offer import Offer
from bot.scrm.pick_item import ALONE, Place
from bot.scrm.quota import Quota
from bot.scrm.rules.condition import Fact, Value
from bot.scrm.rules.rule import Rule
from bot.scrm.switch import Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPool:
    """One customer group, or one guide's customers. `id`: chat_id or userid; `userid`: whose hand sends.

    `facts`: what was measured of it; what is not there is unknown. `place`: of its sender among the guides of the slot.
    `has_left`: of a group: its owner is not in the corp any more.
    """

    id: str
    name: str
    userid: str
    persona: str
    stage: PoolStage
    facts: Mapping[Fact, Value] = field(default_factory=dict)
    place: Place = ALONE
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Met:
    """A pool met an item: planned (and then counted as if sent, until it is known not to have been) or sent.

    `at`: epoch seconds, of the slot. `fixed`: a calendar named it. `by_hand`: 导购手发, which costs no quota.
    """

    at: int
    item: str
    kind: Kind
    topic: str
    entry: str
    fixed: bool = False
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Rival:
    """Another slot for the same pool at about the same time. `gone`: a task was made of it already."""

    slot: Slot
    priority: int
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything known at `now` (epoch seconds) about a slot and a pool. Decisions are functions of it.

    `refused`: item digest → what the linter refuses in it. `met`: what this pool met at this touchpoint, the
    last time of each item however long ago. `own_sends`: instants of members' own mass sends; none is read back yet.
    `cards`: tasks its sender has today.
    `quiet_day_ends_at`: when today ends, if only service messages leave today.
    """

    now: int
    timezone: str
    slot: Slot
    calendar: Calendar
    entry: Entry
    pool: TargetPool
    library: Mapping[str, Item]
    offers: Mapping[str, Offer]
    approved: frozenset[str]
    refused: Mapping[str, tuple[str, ...]]
    switches: frozenset[Switch]
    care: Care
    quota: Quota
    rules: tuple[Rule, ...]
    mix: MixState
    met: tuple[Met, ...] = ()
    own_sends: tuple[int, ...] = ()
    cards: int = 0
    rivals: tuple[Rival, ...] = ()
    quiet_day_ends_at: int | None = None
    is_workday: bool = True

    @property
    def touchpoint(self) -> Touchpoint:
        return self.entry.touchpoint
