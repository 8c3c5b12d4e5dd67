"""What members do in the app (应用事件), what they click on cards, and warnings that the app will be switched off.

Source: developer.work.weixin.qq.com/document/path/90240 (2025/11/26), reference sections 1.4 and 7.2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from bot.wecom.events.base import Event, MemberAct


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSubscribed(MemberAct):
    """A member came into the app's visible range or followed it."""

    event: ClassVar[str] = "subscribe"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentUnsubscribed(MemberAct):
    """A member left the app's visible range or unfollowed it."""

    event: ClassVar[str] = "unsubscribe"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentEntered(MemberAct):
    """A member opened the app."""

    event: ClassVar[str] = "enter_agent"

    event_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationReported(MemberAct):
    """Where a member is: degrees, and precision in metres. Sent on entering the app, where that is switched on."""

    event: ClassVar[str] = "location"

    latitude: float
    longitude: float
    precision: float | None = None
    app_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuClicked(MemberAct):
    """A member clicked the menu item `event_key`."""

    event: ClassVar[str] = "click"

    event_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuViewed(MemberAct):
    """A member opened the menu's link `event_key`."""

    event: ClassVar[str] = "view"

    event_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniprogramViewed(MemberAct):
    """A member opened the menu's mini-program page `event_key`."""

    event: ClassVar[str] = "view_miniprogram"

    event_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanAct(MemberAct):
    """A member scanned a code by the menu item `event_key`. scan_type: `qrcode` or `barcode`."""

    event_key: str
    scan_type: str | None = None
    scan_result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeScanned(ScanAct):
    """The client shows what was scanned."""

    event: ClassVar[str] = "scancode_push"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeScannedWaiting(ScanAct):
    """The client shows「消息接收中」until the app answers."""

    event: ClassVar[str] = "scancode_waitmsg"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedItem:
    """What a member chose for one question of a card."""

    question_key: str
    option_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAct(MemberAct):
    """A member clicked on a card. response_code: changes that card, once, within 72 h."""

    event_key: str
    task_id: str | None = None
    card_type: str | None = None
    response_code: str | None = field(default=None, repr=False)
    selected_items: tuple[SelectedItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCardClicked(CardAct):
    """The click was on a button."""

    event: ClassVar[str] = "template_card_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCardMenuClicked(CardAct):
    """The click was in the menu at the card's corner."""

    event: ClassVar[str] = "template_card_menu_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentInactiveAlert(Event):
    """The app is idle and will be switched off at `effect_at` (epoch seconds)."""

    event: ClassVar[str] = "inactive_alert"

    effect_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentClosed(Event):
    """The idle app was switched off."""

    event: ClassVar[str] = "close_inactive_agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReopened(Event):
    """The app was switched on again."""

    event: ClassVar[str] = "reopen_inactive_agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLowActiveAlert(Event):
    """The app is little used and will be limited at `effect_at` (epoch seconds)."""

    event: ClassVar[str] = "low_active_alert"

    effect_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLowActive(Event):
    """The app is limited, since it is little used."""

    event: ClassVar[str] = "low_active"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentActiveRestored(Event):
    """The app is no longer limited."""

    event: ClassVar[str] = "active_restored"
