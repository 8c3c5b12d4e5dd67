"""Sending one-to-one what was decided for many: first whom it reaches, then a task for each guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.scrm.actions.base import Action, Text
from bot.scrm.actions.customers import Attached
from bot.scrm.calendar import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenGate:
    """A gate about people as it was when the slot was decided. `condition`: its tree as JSON; `text`: as people read
    it."""

    name: str
    condition: str
    text: str
    because: str
    source: str
    unless: bool
    passes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAudience(Action):
    """Go over the customers of these guides and find out who gets an item. Repeating it goes on where it stopped.

    The gates travel with it: content that goes live meanwhile changes nothing about what was decided. `number`: of
    the pools that share an item and `known` (facts by name, as JSON). `at`: the instant the gates are asked for.
    """

    priority: ClassVar[int] = 60
    slot: Slot
    item: str
    topic: str
    number: int
    userids: tuple[str, ...]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateMassSend(Action):
    """A mass send that a guide has to confirm (add_msg_template, official page 92135), to 10,000 people at most.

    Whom: the reserved touches of `planned_id` with person_id above `after`, up to `upto` (`store.audience.recipients`).
    """

    priority: ClassVar[int] = 60
    slot: Slot
    userid: str
    planned_id: int
    number: int
    after: int
    upto: int
    text: Text
    attached: tuple[Attached, ...] = ()

    @property
    def target(self) -> str:
        return f"{self.planned_id}/{self.number}"

    @property
    def line(self) -> str:
        return f"mass_send/{self.userid}"


ACTIONS = (PlanAudience, CreateMassSend)
