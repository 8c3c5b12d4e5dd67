"""The outcome of thinking."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.actions import Action
from bot.scrm.records import Record


@dataclass(frozen=True, slots=True)
class Decision:
    """What to remember, what to do, and why: written in one transaction with the closing of the event."""

    records: tuple[Record, ...] = ()
    actions: tuple[Action, ...] = ()
    because: tuple[str, ...] = ()

    def __add__(self, other: Decision) -> Decision:
        return Decision(self.records + other.records, self.actions + other.actions, self.because + other.because)
