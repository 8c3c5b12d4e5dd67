"""Own events about slots: a moment of a calendar's entry has come."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.calendar import Slot
from bot.scrm.events.base import OwnEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotDue(OwnEvent):
    """A moment of an entry has come, and it may leave until `by_at`."""

    calendar: str
    entry: str
    at: int
    by_at: int

    @property
    def slot(self) -> Slot:
        return Slot(self.at, self.calendar, self.entry, self.by_at)

    @property
    def line(self) -> str:
        return f"calendar/{self.calendar}/{self.entry}"


EVENTS = (SlotDue,)
