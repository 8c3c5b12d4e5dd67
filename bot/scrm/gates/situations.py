"""From what is known of all pools to the situation of each that a slot is meant for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.scrm.calendar import Calendar, Entry, Slot
from bot.scrm.gates.board import Board, PoolSeen
from bot.scrm.gates.outcome import GOES
from bot.scrm.gates.situation import Rival, Situation, TargetPool
from bot.scrm.item import Item
from bot.scrm.kind import Touchpoint
from bot.scrm.mix import MixState, PoolRef, PoolStage, Ratio, charged, state_under
from bot.scrm.pick_item import place_of
from bot.scrm.plans import Plans
from bot.scrm.pool_stage import stage_of
from bot.scrm.sequence import step_entry
from bot.scrm.slots import slots
from bot.scrm.switch import switches_of
from bot.scrm.week import day_of, local_time

NEAR_SECONDS = 1_800
"""Two posts to one pool less than half an hour apart are one too many. Our own default."""

AROUND_SECONDS = 4 * NEAR_SECONDS
"""How far around a slot is looked at: whether its rival yields hangs on the rival's own rivals, and so on."""


class Listed(NamedTuple):
    """A line of a calendar, or a step of its sequences, with the calendar that it stands in."""

    calendar: Calendar
    entry: Entry


@dataclass(frozen=True, slots=True)
class Occasion:
    """A slot that comes round, the line that it is a moment of, and the plans around it. `now`: epoch seconds;
    `timezone`: IANA name."""

    slot: Slot
    calendar: Calendar
    entry: Entry
    plans: Plans
    now: int
    timezone: str

    @property
    def touchpoint(self) -> Touchpoint:
        return self.entry.touchpoint

    @property
    def day(self) -> tuple[int, int]:
        """When the slot's local day begins and ends."""
        return day_of(self.slot.at, self.timezone)

    @property
    def tried(self) -> tuple[str, ...]:
        """The calendars of which it is to be seen what was only tried."""
        return tried_in(self.plans) if self.calendar.shadow else ()


def find_entry(plans: Plans, slot: Slot) -> Listed | None:
    """The line of a calendar, or the step, that a slot is a moment of; None: it was taken out."""
    for calendar in plans.calendars:
        if calendar.id == slot.calendar:
            found = next((entry for entry in calendar.entries if entry.id == slot.entry), None)
            found = step_entry(calendar, slot.entry) if slot.is_step else found
            return Listed(calendar, found) if found else None
    return None


def meant(entry: Entry, pool: PoolSeen) -> bool:
    """Whether a line of a calendar is for this pool at all."""
    group = _group(entry, pool)
    return entry.who.holds_pool(pool.userid, group) and entry.pilot.holds(pool.userid, group)


def situations(occasion: Occasion, board: Board, only: Collection[str] | None = None) -> Iterator[Situation]:
    """The situation of every pool that the slot is meant for and that nothing was let go to yet; those of some guides
    `only`, as they are among all."""
    slot, entry, in_shadow = occasion.slot, occasion.entry, occasion.calendar.shadow
    library = {i.id: replace(i, first_seen_at=board.first_seen_at.get(i.id)) for i in occasion.plans.library.values()}
    there = [seen.in_shadow if in_shadow else seen for seen in board.pools if meant(entry, seen)]
    guides, near = [seen.userid for seen in there], _near(occasion, board)
    for seen in there:
        if seen.outcomes.get(slot.key) in (None, "held") and (only is None or seen.userid in only):
            mine = [each for each in near if meant(each[1], seen)]
            yield replace(
                _situation(occasion, board, seen, guides, library),
                rivals=tuple(rivals(slot, mine, seen, in_shadow=in_shadow)),
            )


def tried_in(plans: Plans) -> tuple[str, ...]:
    """The calendars that are only tried: among themselves, what they decide counts as if it had gone out."""
    return tuple(calendar.id for calendar in plans.calendars if calendar.shadow)


def _group(entry: Entry, pool: PoolSeen) -> str | None:
    return pool.name if entry.touchpoint == "群" else None


def _pool(occasion: Occasion, seen: PoolSeen, guides: Sequence[str]) -> TargetPool:
    return TargetPool(
        id=seen.id,
        name=seen.name,
        userid=seen.userid,
        persona=occasion.plans.persona_of(seen.userid).id,
        stage=_stage(occasion, seen),
        facts=seen.facts,
        place=place_of(seen.userid, guides),
        has_left=seen.has_left,
    )


def _situation(
    occasion: Occasion, board: Board, seen: PoolSeen, guides: Sequence[str], library: Mapping[str, Item]
) -> Situation:
    entry, plans, now = occasion.entry, occasion.plans, occasion.now
    pool, local = _pool(occasion, seen, guides), local_time(now, occasion.timezone)
    return Situation(
        now=now,
        timezone=occasion.timezone,
        slot=occasion.slot,
        calendar=occasion.calendar,
        entry=entry,
        pool=pool,
        library=library,
        offers=plans.offers,
        approved=board.approved,
        refused=plans.refused,
        switches=board.switches,
        care=plans.care,
        quota=plans.quota,
        rules=tuple(rule for rule in plans.rules if rule.pilot.holds(seen.userid, _group(entry, seen))),
        mix=_owed(plans.mix.ratios[entry.touchpoint, pool.stage], now, seen, in_shadow=occasion.calendar.shadow),
        met=seen.met,
        own_sends=seen.own_sends,
        cards=seen.cards,
        quiet_day_ends_at=_quiet_day_ends_at(plans, local),
        is_workday=plans.days.is_workday(local.date()),
    )


def _owed(ratio: Ratio, now: int, seen: PoolSeen, *, in_shadow: bool) -> MixState:
    """What the pool is owed: what waits for a guide is as good as sent until it lapses; so is in a shadow what was only
    tried under this ratio."""
    state = state_under(ratio, now, seen.mix)
    tried = [each for each in seen.tried if in_shadow and each.of_mix and each.decided_at >= state.since_at]
    for choice, kind in (*seen.waiting, *((each.choice, each.met.kind if each.met else None) for each in tried)):
        state = charged(state, choice, kind)
    return state


def _stage(occasion: Occasion, seen: PoolSeen) -> PoolStage:
    """The stage as it was measured last; of a pool that is new, as it is."""
    if seen.staged is not None:
        return seen.staged.stage
    pool = PoolRef(occasion.touchpoint, seen.id, seen.name)
    return stage_of(occasion.plans.mix, seen.facts, pool, None, occasion.now).stage


def _near(occasion: Occasion, board: Board) -> list[tuple[Slot, Entry]]:
    """The slots of a touchpoint around one, itself included, with their lines; what is stopped is not among them, nor
    what is only tried, but for another that is."""
    slot, plans = occasion.slot, occasion.plans
    from_at, until_at = slot.at - AROUND_SECONDS, slot.at + AROUND_SECONDS + 1
    around = slots(plans.calendars, plans.days, from_at, until_at, occasion.timezone)
    found = [(each, line) for each in around if (line := find_entry(plans, each))]
    return [
        (each, line.entry)
        for each, line in found
        if line.entry.touchpoint == occasion.touchpoint
        and (each.key == slot.key or _comes(board, line, in_shadow=occasion.calendar.shadow))
    ]


def _comes(board: Board, line: Listed, *, in_shadow: bool) -> bool:
    stopped = board.switches.intersection(switches_of(*line))
    return not stopped and (in_shadow or not line.calendar.shadow)


def rivals(
    slot: Slot, near: Iterable[tuple[Slot, Entry]], seen: PoolSeen, *, in_shadow: bool = False
) -> Iterator[Rival]:
    """The slots that this one yields to: of two that are less than half an hour apart the stronger goes. What was
    skipped, and what yields itself, stands in nobody's way."""
    going: list[Rival] = []
    for each, entry in sorted(near, key=lambda pair: (-pair[1].priority, pair[0])):
        if each.key == slot.key:
            yield from (rival for rival in going if abs(rival.slot.at - slot.at) < NEAR_SECONDS)
            return
        free = all(abs(rival.slot.at - each.at) >= NEAR_SECONDS for rival in going)
        if free and seen.outcomes.get(each.key) not in (("skipped",) if in_shadow else ("skipped", "tried")):
            going.append(Rival(each, entry.priority, gone=seen.outcomes.get(each.key) in GOES))


def _quiet_day_ends_at(plans: Plans, local: datetime) -> int | None:
    if not any(plans.days.matches(day, local.date()) for day in plans.care.quiet_days):
        return None
    tomorrow = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return int(tomorrow.timestamp())
