"""What is remembered of slots."""

from __future__ import annotations

from bot.scrm.calendar import Slot
from bot.scrm.records.base import Record


class DecideSlot(Record, frozen=True, kw_only=True):
    """A slot went its way, and why. Guarded: it is due, and nobody decided it yet."""

    slot: Slot
    because: str
    at: int
