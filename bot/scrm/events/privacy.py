"""Own events about consent, opt-out and being forgotten."""

from __future__ import annotations

from bot.scrm.events.base import OwnEvent
from bot.wecom.events.base import customer_line


class ConsentGiven(OwnEvent, frozen=True, kw_only=True):
    """A customer was asked for permission. purpose: for what (e.g. `phone`); shown: the words; place: where."""

    external_userid: str
    purpose: str
    shown: str
    place: str
    granted: bool

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


class PreferenceSet(OwnEvent, frozen=True, kw_only=True):
    """Somebody said whether a customer wants to hear of a topic (one of care.yaml, or EVERYTHING).

    by: `customer`, or `guide/<userid>`.
    """

    external_userid: str
    topic: str
    wanted: bool
    by: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


class EraseAsked(OwnEvent, frozen=True, kw_only=True):
    """A person is to be forgotten, from this moment on."""

    person_id: int

    @property
    def line(self) -> str:
        return f"person/{self.person_id}"


class CompactionDue(OwnEvent, frozen=True, kw_only=True):
    """It is night, and the file still holds the gaps that erased people left."""

    @property
    def line(self) -> str:
        return "erase"


EVENTS = (ConsentGiven, PreferenceSet, EraseAsked, CompactionDue)
