"""Sending one-to-one what was decided for many: first whom it reaches (then sends.py, a task for each guide)."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.actions.base import Action
from bot.scrm.calendar import Slot
from bot.value import Value


class WrittenGate(Value, frozen=True, kw_only=True):
    """A gate about people as it was when the slot was decided. `condition`: its tree as JSON; `text`: as people read
    it."""

    name: str
    condition: str
    text: str
    because: str
    source: str
    unless: bool
    passes: bool


class PlanAudience(Action, frozen=True, kw_only=True):
    """Go over the customers of these guides and find out who gets an item. Repeating it goes on where it stopped.

    The gates travel with it: content that goes live meanwhile changes nothing about what was decided. `digest`: of the
    item as it was decided on. `number`: of the pools that share an item and `known` (facts by name, as JSON). `at`:
    the instant the gates are asked for.
    """

    priority: ClassVar[int] = 60
    slot: Slot
    item: str
    digest: str
    kind: str
    topic: str
    weight: int
    number: int
    userids: tuple[str, ...]
    stand_ins: tuple[tuple[str, str], ...] = ()
    at: int
    quota_since_at: int
    known: str
    gates: tuple[WrittenGate, ...]

    @property
    def target(self) -> str:
        return f"{self.slot.calendar}/{self.slot.entry}/{self.slot.at}/{self.item}/{self.number}"

    @property
    def line(self) -> str:
        """One at a time: what one reserves the next has to see."""
        return "audience"


ACTIONS = (PlanAudience,)
