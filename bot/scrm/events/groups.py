"""Own events about customer groups."""

from __future__ import annotations

from bot.scrm.events.base import OwnEvent
from bot.wecom.events.base import customer_line


class GroupJoined(OwnEvent, frozen=True, kw_only=True):
    """A customer came into a group by a join way, as WeCom tells by its `state`; on the customer's line.

    Who was there when the group was first read is history, and not told.
    """

    chat_id: str
    external_userid: str
    state: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


class GroupGone(OwnEvent, frozen=True, kw_only=True):
    """WeCom knows the group no more: it was dismissed."""

    chat_id: str

    @property
    def line(self) -> str:
        return f"chat/{self.chat_id}"


class GroupWelcomeKept(OwnEvent, frozen=True, kw_only=True):
    """A group welcome is in WeCom's library, in this edition."""

    welcome_id: str
    template_id: str
    digest: str

    @property
    def line(self) -> str:
        return f"group_welcome/{self.welcome_id}"


EVENTS = (GroupJoined, GroupGone, GroupWelcomeKept)
