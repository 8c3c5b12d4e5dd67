"""Changes of customers and of acquisition links (客户联系, 获客助手).

Source: developer.work.weixin.qq.com/document/path/92130 and 97398, as compiled in the reference, section 3.1.
What is done through the API causes no callback (path/96361): only clicks in a client or the console do.
"""

from __future__ import annotations

from typing import ClassVar

from bot.wecom.events.base import Event, customer_line


class CustomerEvent(Event, frozen=True, kw_only=True):
    """Something between a member (`userid`) and a customer (`external_userid`)."""

    event: ClassVar[str] = "change_external_contact"

    userid: str
    external_userid: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


class CustomerAdded(CustomerEvent, frozen=True, kw_only=True):
    """A member and a customer added each other.

    state: the contact way's `state` or the acquisition link's `customer_channel`; None if they met without one.
    welcome_code: good once and for 20 s; None when the chat has begun, another welcome is configured, the code came
    with the half-add and was used, or the contact is a WeCom user.
    """

    hidden: ClassVar[tuple[str, ...]] = ("welcome_code",)
    change_type: ClassVar[str] = "add_external_contact"

    state: str | None = None
    welcome_code: str | None = None


class CustomerHalfAdded(CustomerEvent, frozen=True, kw_only=True):
    """A customer passed a code that needs no approval; the member has yet to accept (免验证)."""

    hidden: ClassVar[tuple[str, ...]] = ("welcome_code",)
    change_type: ClassVar[str] = "add_half_external_contact"

    state: str | None = None
    welcome_code: str | None = None


class CustomerEdited(CustomerEvent, frozen=True, kw_only=True):
    """A member changed the remark or the tags of a customer."""

    change_type: ClassVar[str] = "edit_external_contact"

    state: str | None = None


class CustomerDeleted(CustomerEvent, frozen=True, kw_only=True):
    """A member deleted a customer. by_transfer: not by hand, but because an on-job transfer took the customer away."""

    change_type: ClassVar[str] = "del_external_contact"

    by_transfer: bool = False


class FollowUserDeleted(CustomerEvent, frozen=True, kw_only=True):
    """A customer deleted a member (流失)."""

    change_type: ClassVar[str] = "del_follow_user"


class TransferFailed(CustomerEvent, frozen=True, kw_only=True):
    """A customer could not be handed over. fail_reason: `customer_refused` or `customer_limit_exceed`.

    That `userid` is the member who was to take over is unconfirmed.
    """

    change_type: ClassVar[str] = "transfer_fail"

    fail_reason: str = ""


class MsgAuditApproved(CustomerEvent, frozen=True, kw_only=True):
    """A customer agreed that the chat is archived."""

    hidden: ClassVar[tuple[str, ...]] = ("welcome_code",)
    change_type: ClassVar[str] = "msg_audit_approved"

    welcome_code: str | None = None


class AcquisitionChatStarted(CustomerEvent, frozen=True, kw_only=True):
    """A customer who came by an acquisition link wrote for the first time."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "customer_start_chat"


class AcquisitionFriendRequested(Event, frozen=True, kw_only=True):
    """Somebody asked to be added through an acquisition link."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "friend_request"

    link_id: str
    state: str | None = None


class AcquisitionLinkUnavailable(Event, frozen=True, kw_only=True):
    """An acquisition link stopped working."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "link_unavailable"

    link_id: str


class AcquisitionLinkDeleted(Event, frozen=True, kw_only=True):
    """An acquisition link was deleted in the console."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "delete_link"

    link_id: str


class AcquisitionBalanceLow(Event, frozen=True, kw_only=True):
    """Fewer than 20 acquisitions are left."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "balance_low"


class AcquisitionBalanceExhausted(Event, frozen=True, kw_only=True):
    """No acquisition is left: links stop working."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "balance_exhausted"


class AcquisitionBalanceIncreased(Event, frozen=True, kw_only=True):
    """More acquisitions were bought."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "balance_increased"


class AcquisitionQuotaExpiring(Event, frozen=True, kw_only=True):
    """Bought acquisitions will soon lapse."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "quota_expire_soon"
