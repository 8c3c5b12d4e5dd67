"""When the entries of calendars come round: every moment between two instants, and what a look at the clock finds.

A look may come late, twice, from two processes, or after the clock jumped: each slot is found once, and none is
passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.scrm.calendar import Calendar, Entry, Slot
from bot.scrm.daybook import ONE_DAY, DayBook
from bot.scrm.week import local_time

SlotState = Literal["due", "lapsed", "decided"]
"""due: found in time, its event waits to be decided; lapsed: cannot leave any more; decided: it went its way."""

ALREADY: Final = "这一条当天已经在 {at} 排过了，改时间不会再发一次"
LATE: Final = "过了最晚时间 {by} 才看到：程序没有在运行，或者时钟跳过了这一段"


@dataclass(frozen=True, slots=True)
class Found:
    """A slot that a look found, and why it lapsed if it did."""

    slot: Slot
    state: SlotState
    because: str = ""


def slots(calendars: Iterable[Calendar], days: DayBook, since_at: int, until_at: int, timezone: str) -> list[Slot]:
    """Every slot from `since_at` (included) to `until_at` (excluded), in the order of time.

    An entry comes round at most once a day. Drafts have no slots. `timezone`: IANA name.
    """
    found = (
        slot
        for calendar in calendars
        if not calendar.draft
        for entry in calendar.entries
        if not entry.draft
        for slot in _of_entry(calendar, entry, days, since_at, until_at, timezone)
    )
    return sorted(found)


def _of_entry(
    calendar: Calendar, entry: Entry, days: DayBook, since_at: int, until_at: int, timezone: str
) -> Iterator[Slot]:
    """Days out of bounds are not looked at: an entry may be valid for ever."""
    begin = max(since_at, calendar.valid.start_at or since_at)
    end = min(until_at, calendar.valid.end_at or until_at)
    if begin >= end:
        return
    day, last = local_time(begin, timezone).date() - ONE_DAY, local_time(end, timezone).date()
    while day <= last:
        at = instant(day, entry.minute, timezone)
        if begin <= at < end and falls_on(entry, days, day):
            yield Slot(at, calendar.id, entry.id, at + entry.by_seconds)
        day += ONE_DAY


def falls_on(entry: Entry, days: DayBook, day: date) -> bool:
    """Whether an entry comes round on this day, what holidays put off to it included."""
    if entry.holidays == "照常" or not days.is_holiday(day):
        return days.matches(entry.when, day) or (entry.holidays == "顺延" and _put_off(entry, days, day))
    return False


def _put_off(entry: Entry, days: DayBook, day: date) -> bool:
    """Whether a holiday put the entry off to this day: the first workday after."""
    if not days.is_workday(day):
        return False
    before = day - ONE_DAY
    while not days.is_workday(before):
        if days.is_holiday(before) and days.matches(entry.when, before):
            return True
        before -= ONE_DAY
    return False


def instant(day: date, minute: int, timezone: str) -> int:
    """A minute of a day in a time zone. One that the clocks skip is as much later; of two, it is the first."""
    local = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(timezone))
    return int(local.timestamp())


def look_from(calendars: Iterable[Calendar], looked_at: int, now: int) -> int:
    """How far back a look has to go: to the last one, and to everything that may still leave."""
    longest = max((entry.by_seconds for calendar in calendars for entry in calendar.entries), default=0)
    return min(looked_at, now - longest)


def look(
    planned: Sequence[Slot], known: Mapping[Slot, SlotState], looked_at: int, now: int, timezone: str
) -> list[Found]:
    """What is new at `now`, the last look having been at `looked_at`.

    planned: the slots since `look_from`, by the edition of now. known: what earlier looks found around there.
    Due is what may still leave; also what had lapsed, when its end was moved or the clock went back. An entry that
    was moved is not due twice a day. Lapsed is what came and went unseen; what was written in afterwards, with an end
    that is over, was never planned and is nothing.
    """
    states = {slot.key: state for slot, state in known.items()}
    taken = {_day(slot, timezone): slot for slot, state in known.items() if state != "lapsed"}
    found: list[Found] = []
    for slot in planned:
        state = states.get(slot.key)
        if slot.at > now or state in ("due", "decided"):
            continue
        other = taken.get(_day(slot, timezone))
        if other is None and now <= slot.by_at:
            found.append(Found(slot, "due"))
            taken[_day(slot, timezone)] = slot
        elif state is None and (slot.at > looked_at or other):
            found.append(Found(slot, "lapsed", _why(slot, other, timezone)))
    return found


def _day(slot: Slot, timezone: str) -> tuple[str, str, date]:
    return slot.calendar, slot.entry, local_time(slot.at, timezone).date()


def _why(slot: Slot, other: Slot | None, timezone: str) -> str:
    if other:
        return ALREADY.format(at=f"{local_time(other.at, timezone):%H:%M}")
    return LATE.format(by=f"{local_time(slot.by_at, timezone):%m-%d %H:%M}")
