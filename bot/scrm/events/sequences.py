"""Own events about sequences: one may begin for somebody, is over, or goes on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.events.base import OwnEvent
from bot.wecom.events.base import customer_line


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceEvent(OwnEvent):
    """Something about one customer and one sequence."""

    calendar: str
    sequence: str
    external_userid: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceStartDue(SequenceEvent):
    """What starts a sequence has happened to a customer: a first order, a tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceStopDue(SequenceEvent):
    """What stops a sequence has happened to somebody in it: an order, a tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceStepDue(SequenceEvent):
    """The next step of a run is due since `at`."""

    step: str
    at: int


EVENTS = (SequenceStartDue, SequenceStopDue, SequenceStepDue)
