"""What is remembered of offers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveCode(Record):
    """A one-use code is somebody's. Guarded: it is nobody else's, and they have no other of this offer.

    `because`: what for, e.g. survey/newcomer.
    """

    offer: str
    code: str
    external_userid: str
    because: str
    at: int
