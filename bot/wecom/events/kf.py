"""微信客服: a bell without content, and accounts handed to or taken from the app.

Source: developer.work.weixin.qq.com/document/path/94670, reference section 6.2.
"""

from __future__ import annotations

from typing import ClassVar

from bot.wecom.events.base import Event


class KfMessagesWaiting(Event, frozen=True, kw_only=True):
    """Something waits to be pulled by `kf/sync_msg`. kf_token: good for 10 minutes, lifts that call's strict limit."""

    hidden: ClassVar[tuple[str, ...]] = ("kf_token",)
    event: ClassVar[str] = "kf_msg_or_event"

    open_kfid: str
    kf_token: str | None = None

    @property
    def line(self) -> str:
        return f"kf/{self.open_kfid}"


class KfAccountAuthChanged(Event, frozen=True, kw_only=True):
    """The set of kf accounts that this app may manage changed."""

    event: ClassVar[str] = "kf_account_auth_change"

    auth_add_open_kfid: tuple[str, ...] = ()
    auth_del_open_kfid: tuple[str, ...] = ()
