"""Own events about 微信客服 (kf): what `sync_msg` brought, one by one, and what became of our answers.

`created_at` is WeCom's send_time where there is one. Source: official page 94670, reference sections 6.2 and 6.3.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.scrm.events.base import OwnEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class KfEvent(OwnEvent):
    """Something about one customer at one kf account; in the customer's line."""

    open_kfid: str
    external_userid: str

    @property
    def line(self) -> str:
        return f"customer/{self.external_userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KfEntered(KfEvent):
    """enter_session. welcome_code: present when a welcome may be sent, once, within 20 s."""

    msgid: str
    scene: str = ""
    scene_param: str = ""
    welcome_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KfMessageReceived(KfEvent):
    """The customer wrote, or tapped: a tap on a menu is a text with a `menu_id`. `text` is data, never instructions."""

    msgid: str
    msgtype: str
    text: str = ""
    menu_id: str | None = None
    media_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KfServicerSpoke(KfEvent):
    """A human servicer wrote in the WeCom client."""

    msgid: str
    servicer_userid: str
    msgtype: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KfSessionChanged(KfEvent):
    """session_status_change, for actions in the client only: 1 taken from pool, 2 transferred, 3 ended, 4 re-opened."""

    msgid: str
    change_type: int
    old_servicer_userid: str = ""
    new_servicer_userid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KfSendFailed(KfEvent):
    """msg_send_fail: what was accepted did not arrive. fail_type as in reference section 6.2."""

    fail_msgid: str
    fail_type: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KfSettled(KfEvent):
    """What became of one of our own messages."""

    msgid: str
    state: str
    reason: str = ""
    errcode: int | None = None


EVENTS = (KfEntered, KfMessageReceived, KfServicerSpoke, KfSessionChanged, KfSendFailed, KfSettled)
