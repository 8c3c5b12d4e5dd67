"""What is remembered of consent and opt-out."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveConsent(Record):
    """A question for permission and its answer, once per event."""

    external_userid: str
    purpose: str
    shown: str
    place: str
    granted: bool
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePreference(Record):
    """What a person wants to hear of; an older word never undoes a newer one."""

    external_userid: str
    topic: str
    wanted: bool
    by: str
    at: int
