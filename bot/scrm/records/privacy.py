"""What is remembered of consent and opt-out."""

from __future__ import annotations

from bot.scrm.records.base import Record


class SaveConsent(Record, frozen=True, kw_only=True):
    """A question for permission and its answer, once per event."""

    external_userid: str
    purpose: str
    shown: str
    place: str
    granted: bool
    at: int


class SavePreference(Record, frozen=True, kw_only=True):
    """What a person wants to hear of; an older word never undoes a newer one."""

    external_userid: str
    topic: str
    wanted: bool
    by: str
    at: int
