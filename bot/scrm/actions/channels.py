"""Keeping the ways in that are not contact ways, acquisition links and join ways; and comparing all of them."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.actions.base import Action


class KeepAcquisitionLink(Action, frozen=True, kw_only=True):
    """See that a channel has an acquisition link (获客助手) received by `userids` (reference section 3.6).

    The link is named by the channel's id, by which it is found again.
    """

    priority: ClassVar[int] = 25
    channel_id: str
    userids: tuple[str, ...]

    @property
    def target(self) -> str:
        return self.channel_id

    @property
    def line(self) -> str:
        return "acquisition_links"


class KeepJoinWay(Action, frozen=True, kw_only=True):
    """See that a channel has a join way (加入群聊) with `state` = channel id (reference section 3.5)."""

    priority: ClassVar[int] = 25
    channel_id: str
    title: str
    chat_ids: tuple[str, ...]

    @property
    def target(self) -> str:
        return self.channel_id

    @property
    def line(self) -> str:
        return "join_ways"


class CompareWays(Action, frozen=True, kw_only=True):
    """Read every way in that we know of, and tell which are not as we know them. WeCom has no callback for it."""

    priority: ClassVar[int] = 40

    @property
    def target(self) -> str:
        return "ways"


ACTIONS = (CompareWays, KeepAcquisitionLink, KeepJoinWay)
