"""Reading customer groups, and keeping the welcomes in their library."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.actions.base import Action
from bot.scrm.actions.customers import Attached


class SyncGroup(Action, frozen=True, kw_only=True):
    """Read one group with everybody in it (groupchat/get, official page 92122).

    `member_version`: the one that a callback told of; when we have read that far already, there is nothing to do.
    """

    priority: ClassVar[int] = 45
    chat_id: str
    member_version: str | None = None

    @property
    def target(self) -> str:
        return self.chat_id

    @property
    def line(self) -> str:
        return f"chat/{self.chat_id}"


class KeepGroupWelcome(Action, frozen=True, kw_only=True):
    """See that the library of group welcomes has this one, in this edition (official page 92366).

    Not repeatable: a welcome that may have been made is not made again, since no list would show it.
    """

    priority: ClassVar[int] = 55
    welcome_id: str
    text: str
    attached: Attached | None
    digest: str

    @property
    def target(self) -> str:
        return self.welcome_id

    @property
    def line(self) -> str:
        return f"group_welcome/{self.welcome_id}"


ACTIONS = (SyncGroup, KeepGroupWelcome)
