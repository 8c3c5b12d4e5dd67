"""Own events of what was decided about slots, and of the day's look at pools."""

from __future__ import annotations

from bot.scrm.calendar import Slot
from bot.scrm.events.base import OwnEvent
from bot.scrm.kind import Touchpoint
from bot.value import Value


class SlotHeld(OwnEvent, frozen=True, kw_only=True):
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


class Batch(Value, frozen=True):
    """Customers of one guide, 10,000 at most: the reserved touches of `planned_id` above `after`, up to `upto`."""

    planned_id: int
    userid: str
    number: int
    after: int
    upto: int
    people: int
    place: int = 0
    """The guide's, from 0, among all who send it."""


class AudiencePlanned(OwnEvent, frozen=True, kw_only=True):
    """It is known whom an item reaches; their budgets are reserved. `asked`: everybody who was looked at.

    `held_out`: kept without it, to measure by. `number`: of the pools that were planned together. Of thousands of
    guides a part at a time is told, from 0, so that no decision is as large as they are many; `places`: all of them.
    """

    slot: Slot
    item: str
    digest: str
    number: int
    asked: int
    reached: int
    held_out: int
    part: int = 0
    places: int = 1
    batches: tuple[Batch, ...]

    @property
    def line(self) -> str:
        return f"calendar/{self.slot.calendar}/{self.slot.entry}/{self.part}"


class PoolsDue(OwnEvent, frozen=True, kw_only=True):
    """A day has begun on which the pools of a touchpoint were not measured yet."""

    touchpoint: Touchpoint

    @property
    def line(self) -> str:
        return f"pools/{self.touchpoint}"


class ApprovalAsked(OwnEvent, frozen=True, kw_only=True):
    """`userid` waits for the word of `approver` on an item as it is worded now; `roles` ("": anybody): as whom."""

    userid: str
    item: str
    digest: str
    approver: str
    roles: tuple[str, ...]

    @property
    def line(self) -> str:
        return f"approval/{self.item}"


EVENTS = (SlotHeld, AudiencePlanned, PoolsDue, ApprovalAsked)
