"""Own events about customers and members: results that came back from WeCom."""

from __future__ import annotations

from typing import Literal

from bot.scrm.events.base import OwnEvent
from bot.scrm.person import FollowInfo, Profile
from bot.wecom.events.base import customer_line


class WelcomeSettled(OwnEvent, frozen=True, kw_only=True):
    """What became of a welcome: sent, or why not, with the words a guide can send by hand instead."""

    userid: str
    external_userid: str
    state: Literal["sent", "expired", "refused", "failed", "unknown"]
    reason: str = ""
    errcode: int | None = None
    ready_text: str = ""

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


class CustomerSynced(OwnEvent, frozen=True, kw_only=True):
    """externalcontact/get answered: the truth about one customer at `created_at`."""

    external_userid: str
    profile: Profile
    follows: tuple[FollowInfo, ...]

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


class MemberSynced(OwnEvent, frozen=True, kw_only=True):
    """user/get answered."""

    userid: str
    name: str

    @property
    def line(self) -> str:
        return f"member/{self.userid}"


class LineBroken(OwnEvent, frozen=True, kw_only=True):
    """An event of this line was parked; what it would have told us must be read back from WeCom."""

    broken_line: str
    inbox_id: int

    @property
    def line(self) -> str:
        return self.broken_line


class SyncAsked(OwnEvent, frozen=True, kw_only=True):
    """A person wants one customer read back from WeCom."""

    external_userid: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


class StaffEntered(OwnEvent, frozen=True, kw_only=True):
    """Somebody came into the console."""

    userid: str

    @property
    def line(self) -> str:
        return f"member/{self.userid}"


EVENTS = (WelcomeSettled, CustomerSynced, MemberSynced, StaffEntered, LineBroken, SyncAsked)
