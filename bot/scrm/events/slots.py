"""Own events about slots: a moment of a calendar's entry has come."""

from __future__ import annotations

from bot.scrm.calendar import Slot
from bot.scrm.events.base import OwnEvent


class SlotDue(OwnEvent, frozen=True, kw_only=True):
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
