"""What is remembered of tags being taken away."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class UntagPerson(Record):
    """A guide's customer does not carry a tag any more, by our own decision."""

    userid: str
    external_userid: str
    tag: str
    at: int
