"""Changes of customers and of acquisition links (客户联系, 获客助手).

Source: developer.work.weixin.qq.com/document/path/92130 and 97398, as compiled in the reference, section 3.1.
What is done through the API causes no callback (path/96361): only clicks in a client or the console do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from bot.wecom.events.base import Event, customer_line


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerEvent(Event):
    """Something between a member (`userid`) and a customer (`external_userid`)."""

    event: ClassVar[str] = "change_external_contact"

    userid: str
    external_userid: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAdded(CustomerEvent):
    """A member and a customer added each other.

    state: the contact way's `state` or the acquisition link's `customer_channel`; None if they met without one.
    welcome_code: good once and for 20 s; None when the chat has begun, another welcome is configured, the code came
    with the half-add and was used, or the contact is a WeCom user.
    """

    change_type: ClassVar[str] = "add_external_contact"

    state: str | None = None
    welcome_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerHalfAdded(CustomerEvent):
    """A customer passed a code that needs no approval; the member has yet to accept (免验证)."""

    change_type: ClassVar[str] = "add_half_external_contact"

    state: str | None = None
    welcome_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerEdited(CustomerEvent):
    """A member changed the remark or the tags of a customer."""

    change_type: ClassVar[str] = "edit_external_contact"

    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDeleted(CustomerEvent):
    """A member deleted a customer. by_transfer: not by hand, but because an on-job transfer took the customer away."""

    change_type: ClassVar[str] = "del_external_contact"

    by_transfer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUserDeleted(CustomerEvent):
    """A customer deleted a member (流失)."""

    change_type: ClassVar[str] = "del_follow_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFailed(CustomerEvent):
    """A customer could not be handed over. fail_reason: `customer_refused` or `customer_limit_exceed`.

    That `userid` is the member who was to take over is unconfirmed.
    """

    change_type: ClassVar[str] = "transfer_fail"

    fail_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MsgAuditApproved(CustomerEvent):
    """A customer agreed that the chat is archived."""

    change_type: ClassVar[str] = "msg_audit_approved"

    welcome_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquisitionChatStarted(CustomerEvent):
    """A customer who came by an acquisition link wrote for the first time."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "customer_start_chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquisitionFriendRequested(Event):
    """Somebody asked to be added through an acquisition link."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "friend_request"

    link_id: str
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquisitionLinkUnavailable(Event):
    """An acquisition link stopped working."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "link_unavailable"

    link_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquisitionLinkDeleted(Event):
    """An acquisition link was deleted in the console."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "delete_link"

    link_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquisitionBalanceLow(Event):
    """Fewer than 20 acquisitions are left."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "balance_low"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquisitionBalanceExhausted(Event):
    """No acquisition is left: links stop working."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "balance_exhausted"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquisitionBalanceIncreased(Event):
    """More acquisitions were bought."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "balance_increased"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquisitionQuotaExpiring(Event):
    """Bought acquisitions will soon lapse."""

    event: ClassVar[str] = "customer_acquisition"
    change_type: ClassVar[str] = "quota_expire_soon"
