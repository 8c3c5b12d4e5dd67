"""Own events about customer groups."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.events.base import OwnEvent
from bot.scrm.group import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSynced(OwnEvent):
    """A group was read, and people had come or gone. `first`: we had never read it, so nobody in it is new."""

    chat_id: str
    owner: str
    first: bool
    joined: tuple[Seat, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        return f"chat/{self.chat_id}"


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


EVENTS = (GroupSynced, GroupGone, GroupWelcomeKept)
