"""Own events of what was decided about slots."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.calendar import Slot
from bot.scrm.events.base import OwnEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotHeld(OwnEvent):
    """It is time to ask again for pools that a slot was held back from."""

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


EVENTS = (SlotHeld,)
