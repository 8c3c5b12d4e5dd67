"""What members do in the app (应用事件), what they click on cards, and warnings that the app will be switched off.

Source: developer.work.weixin.qq.com/document/path/90240 (2025/11/26), reference sections 1.4 and 7.2.
"""

from __future__ import annotations

from typing import ClassVar

from bot.value import Value
from bot.wecom.events.base import Event, MemberAct


class AgentSubscribed(MemberAct, frozen=True, kw_only=True):
    """A member came into the app's visible range or followed it."""

    event: ClassVar[str] = "subscribe"


class AgentUnsubscribed(MemberAct, frozen=True, kw_only=True):
    """A member left the app's visible range or unfollowed it."""

    event: ClassVar[str] = "unsubscribe"


class AgentEntered(MemberAct, frozen=True, kw_only=True):
    """A member opened the app."""

    event: ClassVar[str] = "enter_agent"

    event_key: str | None = None


class LocationReported(MemberAct, frozen=True, kw_only=True):
    """Where a member is: degrees, and precision in metres. Sent on entering the app, where that is switched on."""

    event: ClassVar[str] = "location"

    latitude: float
    longitude: float
    precision: float | None = None
    app_type: str | None = None


class MenuClicked(MemberAct, frozen=True, kw_only=True):
    """A member clicked the menu item `event_key`."""

    event: ClassVar[str] = "click"

    event_key: str


class MenuViewed(MemberAct, frozen=True, kw_only=True):
    """A member opened the menu's link `event_key`."""

    event: ClassVar[str] = "view"

    event_key: str


class MiniprogramViewed(MemberAct, frozen=True, kw_only=True):
    """A member opened the menu's mini-program page `event_key`."""

    event: ClassVar[str] = "view_miniprogram"

    event_key: str


class ScanAct(MemberAct, frozen=True, kw_only=True):
    """A member scanned a code by the menu item `event_key`. scan_type: `qrcode` or `barcode`."""

    event_key: str
    scan_type: str | None = None
    scan_result: str = ""


class CodeScanned(ScanAct, frozen=True, kw_only=True):
    """The client shows what was scanned."""

    event: ClassVar[str] = "scancode_push"


class CodeScannedWaiting(ScanAct, frozen=True, kw_only=True):
    """The client shows「消息接收中」until the app answers."""

    event: ClassVar[str] = "scancode_waitmsg"


class SelectedItem(Value, frozen=True, kw_only=True):
    """What a member chose for one question of a card."""

    question_key: str
    option_ids: tuple[str, ...] = ()


class CardAct(MemberAct, frozen=True, kw_only=True):
    """A member clicked on a card. response_code: changes that card, once, within 72 h."""

    hidden: ClassVar[tuple[str, ...]] = ("response_code",)
    event_key: str
    task_id: str | None = None
    card_type: str | None = None
    response_code: str | None = None
    selected_items: tuple[SelectedItem, ...] = ()


class TemplateCardClicked(CardAct, frozen=True, kw_only=True):
    """The click was on a button."""

    event: ClassVar[str] = "template_card_event"


class TemplateCardMenuClicked(CardAct, frozen=True, kw_only=True):
    """The click was in the menu at the card's corner."""

    event: ClassVar[str] = "template_card_menu_event"


class AgentInactiveAlert(Event, frozen=True, kw_only=True):
    """The app is idle and will be switched off at `effect_at` (epoch seconds)."""

    event: ClassVar[str] = "inactive_alert"

    effect_at: int | None = None


class AgentClosed(Event, frozen=True, kw_only=True):
    """The idle app was switched off."""

    event: ClassVar[str] = "close_inactive_agent"


class AgentReopened(Event, frozen=True, kw_only=True):
    """The app was switched on again."""

    event: ClassVar[str] = "reopen_inactive_agent"


class AgentLowActiveAlert(Event, frozen=True, kw_only=True):
    """The app is little used and will be limited at `effect_at` (epoch seconds)."""

    event: ClassVar[str] = "low_active_alert"

    effect_at: int | None = None


class AgentLowActive(Event, frozen=True, kw_only=True):
    """The app is limited, since it is little used."""

    event: ClassVar[str] = "low_active"


class AgentActiveRestored(Event, frozen=True, kw_only=True):
    """The app is no longer limited."""

    event: ClassVar[str] = "active_restored"
