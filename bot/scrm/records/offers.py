"""What is remembered of offers."""

from __future__ import annotations

from bot.scrm.records.base import Record


class GiveCode(Record, frozen=True, kw_only=True):
    """A one-use code is somebody's. Guarded: it is nobody else's, and they have no other of this offer.

    `because`: what for, e.g. survey/newcomer.
    """

    offer: str
    code: str
    external_userid: str
    because: str
    at: int
