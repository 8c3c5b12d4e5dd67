"""Own events about tags: one that has ended, and what a person asks for in the library."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.events.base import OwnEvent
from bot.wecom.events.base import customer_line


@dataclass(frozen=True, slots=True, kw_only=True)
class TagExpired(OwnEvent):
    """A tag has been carried as long as its group lets it hold."""

    external_userid: str
    tag: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagSyncAsked(OwnEvent):
    """A person wants WeCom's tag library in line with tags.yaml."""

    @property
    def line(self) -> str:
        return "tag/"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagDeletionAsked(OwnEvent):
    """A person wants one tag deleted at WeCom, and knows how many customers lose it."""

    tag: str

    @property
    def line(self) -> str:
        return "tag/"


EVENTS = (TagExpired, TagSyncAsked, TagDeletionAsked)
