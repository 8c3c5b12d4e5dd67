"""Own events about sequences: one may begin for somebody, is over, or goes on."""

from __future__ import annotations

from bot.scrm.events.base import OwnEvent
from bot.wecom.events.base import customer_line


class SequenceEvent(OwnEvent, frozen=True, kw_only=True):
    """Something about one customer and one sequence."""

    calendar: str
    sequence: str
    external_userid: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


class SequenceStartDue(SequenceEvent, frozen=True, kw_only=True):
    """What starts a sequence has happened to a customer: a first order, a tag."""


class SequenceStopDue(SequenceEvent, frozen=True, kw_only=True):
    """What stops a sequence has happened to somebody in it: an order, a tag."""


class SequenceStepDue(SequenceEvent, frozen=True, kw_only=True):
    """The next step of a run is due since `at`."""

    step: str
    at: int


EVENTS = (SequenceStartDue, SequenceStopDue, SequenceStepDue)
