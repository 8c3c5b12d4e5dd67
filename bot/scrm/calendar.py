"""Calendars: what is planned when, where and for whom. An entry is a line of a calendar, a slot one moment of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from bot.scrm.kind import Kind, Touchpoint
from bot.scrm.period import ALWAYS_VALID, Period
from bot.scrm.who import EVERYONE, EVERYWHERE, Pilot, Who

Via = Literal["群发", "导购手发"]
"""群发: a mass send that a member confirms; 导购手发: a guide sends each by hand, which costs no broadcast quota."""

OnHolidays = Literal["照常", "跳过", "顺延"]
Start = Literal["加好友", "首单"]
"""What starts a sequence; or a tag, see `Sequence.start_tag`."""

Existing = Literal["跳过", "纳入"]
Moment = Literal["预告", "开播", "回放"]
"""Of a live room: the notice before, the start, the replay."""

TAGGED: Final = "打上标签 "
ORDERED: Final = "下单"

BY_SECONDS: Final = 2 * 3600
"""How long after its time an entry may still leave, unless it says otherwise. Our own default."""

PRIORITY: Final = 50


@dataclass(frozen=True, slots=True)
class OnDay:
    """A named or dated day, once: 2026-12-11, 冬至, 春节-3天. `name` as written, `shift_days` its offset."""

    name: str
    shift_days: int = 0


@dataclass(frozen=True, slots=True)
class Every:
    """Days that come again: 每天, 工作日 (with make-up days), 休息日, 周二, 每月1日. Any of the words will do."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Live:
    """A live room that an entry announces, and what of it: notice, start or replay."""

    room: str
    moment: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a calendar.

    Fixed: `item` is set. Open: `pick` holds the kinds that the mix may choose from (all four for 自动).
    `minute`: of the day, when the task reaches the guide. `by_seconds`: how long after that it may still leave.
    """

    id: str
    touchpoint: Touchpoint
    when: OnDay | Every
    minute: int
    by_seconds: int = BY_SECONDS
    item: str | None = None
    pick: tuple[Kind, ...] = ()
    topic: str | None = None
    who: Who = EVERYONE
    via: Via = "群发"
    holidays: OnHolidays = "照常"
    priority: int = PRIORITY
    draft: bool = False
    live: Live | None = None
    pilot: Pilot = EVERYWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One message of a sequence, on the n-th day after its start (0: the same day, at least two hours later)."""

    id: str
    day: int
    touchpoint: Touchpoint
    minute: int
    by_seconds: int = BY_SECONDS
    item: str | None = None
    pick: tuple[Kind, ...] = ()
    topic: str | None = None
    via: Via = "群发"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """Day-N messages after an add, a first order or a tag. A customer is in one sequence at a time.

    `start_tag`: for 打上标签. `stop`: events and tags that end it (opt-out, delete and takeover always do).
    `existing` 跳过: who was there before the sequence (or the first sync) is not put into it.
    """

    id: str
    steps: tuple[Step, ...]
    start: Start | None = None
    start_tag: str | None = None
    who: Who = EVERYONE
    stop: tuple[str, ...] = ()
    existing: Existing = "跳过"
    draft: bool = False

    @property
    def stop_tags(self) -> tuple[str, ...]:
        """The tags among what ends it."""
        return tuple(stop.removeprefix(TAGGED) for stop in self.stop if stop.startswith(TAGGED))

    @property
    def stops_on_order(self) -> bool:
        """Whether who buys is let go."""
        return ORDERED in self.stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A file of content/calendars/. `shadow`: decided and kept, and nothing is sent. `pilot`: of all its lines."""

    id: str
    title: str
    valid: Period = ALWAYS_VALID
    entries: tuple[Entry, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    draft: bool = False
    shadow: bool = False
    pilot: Pilot = EVERYWHERE


SlotKey = tuple[str, str, int]
"""Calendar, entry, at (epoch seconds)."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One moment of an entry. `at`: epoch seconds; `by_at`: the last moment at which it may leave.

    Of a step of a sequence: `entry` is sequence/step, and it is for the customers who have come to it.
    """

    at: int
    calendar: str
    entry: str
    by_at: int

    @property
    def is_step(self) -> bool:
        """Whether it is of a step of a sequence."""
        return "/" in self.entry

    @property
    def key(self) -> SlotKey:
        """What makes it one: no slot is decided twice."""
        return self.calendar, self.entry, self.at
