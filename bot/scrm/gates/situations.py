"""From what is known of all pools to the situation of each that a slot is meant for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.scrm.board import Board, PoolSeen
from bot.scrm.calendar import Calendar, Entry, Slot
from bot.scrm.facts import Plans
from bot.scrm.gates.situation import Rival, Situation, TargetPool
from bot.scrm.item import Item
from bot.scrm.kind import Touchpoint
from bot.scrm.mix import PoolRef, PoolStage, state_under
from bot.scrm.pool_stage import stage_of
from bot.scrm.week import local_time


@dataclass(frozen=True, slots=True)
class Moment:
    """When, by whose clock. `now`: epoch seconds; `timezone`: IANA name."""

    now: int
    timezone: str


def find_entry(plans: Plans, slot: Slot) -> tuple[Calendar, Entry] | None:
    """The line of a calendar that a slot is a moment of; None: it was taken out."""
    for calendar in plans.calendars:
        if calendar.id == slot.calendar:
            return next(((calendar, entry) for entry in calendar.entries if entry.id == slot.entry), None)
    return None


def meant(entry: Entry, pool: PoolSeen) -> bool:
    """Whether a line of a calendar is for this pool at all."""
    return entry.who.holds_pool(pool.userid, pool.name if entry.touchpoint == "群" else None)


def situations(
    board: Board, slot: Slot, calendar: Calendar, entry: Entry, plans: Plans, moment: Moment
) -> Iterator[Situation]:
    """The situation of every pool that the slot is meant for and that nothing was let go to yet."""
    library = {i.id: replace(i, first_seen_at=board.first_seen_at.get(i.id)) for i in plans.library.values()}
    for seen in board.pools:
        if seen.decided not in (None, "held") or not meant(entry, seen):
            continue
        yield _situation(board, slot, calendar, entry, plans, moment, seen, library)


def _situation(
    board: Board,
    slot: Slot,
    calendar: Calendar,
    entry: Entry,
    plans: Plans,
    moment: Moment,
    seen: PoolSeen,
    library: Mapping[str, Item],
) -> Situation:
    stage = _stage(plans, entry.touchpoint, seen, moment.now)
    local = local_time(moment.now, moment.timezone)
    return Situation(
        now=moment.now,
        timezone=moment.timezone,
        slot=slot,
        calendar=calendar,
        entry=entry,
        pool=TargetPool(
            id=seen.id,
            name=seen.name,
            userid=seen.userid,
            persona=plans.persona_of(seen.userid).id,
            stage=stage,
            facts=seen.facts,
        ),
        library=library,
        offers=plans.offers,
        approved=board.approved,
        refused=plans.refused,
        switches=board.switches,
        care=plans.care,
        quota=plans.quota,
        rules=plans.rules,
        mix=state_under(plans.mix.ratios[entry.touchpoint, stage], moment.now, seen.mix),
        met=seen.met,
        own_sends=seen.own_sends,
        cards=seen.cards,
        rivals=tuple(_rivals(board, slot, entry, plans, seen)),
        quiet_day_ends_at=_quiet_day_ends_at(plans, moment),
        is_workday=plans.days.is_workday(local.date()),
    )


def _stage(plans: Plans, touchpoint: Touchpoint, seen: PoolSeen, now: int) -> PoolStage:
    """The stage as it was measured last; of a pool that is new, as it is."""
    if seen.staged is not None:
        return seen.staged.stage
    return stage_of(plans.mix, seen.facts, PoolRef(touchpoint, seen.id, seen.name), None, now).stage


def _rivals(board: Board, slot: Slot, entry: Entry, plans: Plans, seen: PoolSeen) -> Iterator[Rival]:
    for other in board.near:
        found = find_entry(plans, other)
        if found and found[1].touchpoint == entry.touchpoint and meant(found[1], seen):
            yield Rival(other, found[1].priority)


def _quiet_day_ends_at(plans: Plans, moment: Moment) -> int | None:
    local = local_time(moment.now, moment.timezone)
    if not any(plans.days.matches(day, local.date()) for day in plans.care.quiet_days):
        return None
    tomorrow = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return int(tomorrow.timestamp())
