"""What is remembered of slots."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.calendar import Slot
from bot.scrm.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideSlot(Record):
    """A slot went its way, and why. Guarded: it is due, and nobody decided it yet."""

    slot: Slot
    because: str
    at: int
