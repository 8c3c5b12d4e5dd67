"""Own events about tags: one that has ended, and what a person asks for in the library."""

from __future__ import annotations

from bot.scrm.events.base import OwnEvent
from bot.wecom.events.base import customer_line


class TagExpired(OwnEvent, frozen=True, kw_only=True):
    """A tag has been carried as long as its group lets it hold."""

    external_userid: str
    tag: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


class TagSyncAsked(OwnEvent, frozen=True, kw_only=True):
    """A person wants WeCom's tag library in line with tags.yaml."""

    @property
    def line(self) -> str:
        return "tag/"


class TagDeletionAsked(OwnEvent, frozen=True, kw_only=True):
    """A person wants one tag deleted at WeCom, and knows how many customers lose it."""

    tag: str

    @property
    def line(self) -> str:
        return "tag/"


EVENTS = (TagExpired, TagSyncAsked, TagDeletionAsked)
