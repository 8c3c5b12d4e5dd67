"""Own events about customer groups."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.events.base import OwnEvent
from bot.wecom.events.base import customer_line


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupJoined(OwnEvent):
    """A customer came into a group by a join way, as WeCom tells by its `state`; on the customer's line.

    Who was there when the group was first read is history, and not told.
    """

    chat_id: str
    external_userid: str
    state: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupGone(OwnEvent):
    """WeCom knows the group no more: it was dismissed."""

    chat_id: str

    @property
    def line(self) -> str:
        return f"chat/{self.chat_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWelcomeKept(OwnEvent):
    """A group welcome is in WeCom's library, in this edition."""

    welcome_id: str
    template_id: str
    digest: str

    @property
    def line(self) -> str:
        return f"group_welcome/{self.welcome_id}"


EVENTS = (GroupJoined, GroupGone, GroupWelcomeKept)
