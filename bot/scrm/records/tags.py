"""What is remembered of tags being taken away."""

from __future__ import annotations

from bot.scrm.records.base import Record


class UntagPerson(Record, frozen=True, kw_only=True):
    """A guide's customer does not carry a tag any more, by our own decision."""

    userid: str
    external_userid: str
    tag: str
    at: int
